"""The command line. Each command loads what it needs only when it is called."""

import asyncio
import gc
import os
import sys
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.problems import SettingsProblem

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="Product Operations inside Slack. `prodops sandbox` tries it without a Slack account.",
    no_args_is_help=True,
    add_completion=False,
    # Plain help: rich would double the time that `prodops --help` takes.
    rich_markup_mode=None,
    # A traceback is for those who develop, and Python's own never shows what variables hold.
    pretty_exceptions_enable=False,
)


def _day(flag: str, explanation: str) -> Any:
    return typer.Option(flag, help=explanation, formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")


@app.command()
def sandbox(
    port: Annotated[int | None, typer.Option(help="Port of the browser page.")] = None,
) -> None:
    """Try everything in a local workspace, without a Slack account."""
    chosen = [] if port is None else ["--port", str(port)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *chosen])  # noqa: S606


@app.command()
def run() -> None:
    """Serve a workspace with one process.

    It answers Slack, over HTTP or Socket Mode, and sends what is due.
    """
    from bot.settings import Settings

    _serve(Settings.load(), web=True, worker=True)


@app.command()
def web() -> None:
    """Only answer Slack; any number can share one PostgreSQL."""
    from bot.settings import ReplicaSettings

    _serve(ReplicaSettings.load(), web=True, worker=False)


@app.command()
def worker() -> None:
    """Only send what is due; any number can share one PostgreSQL."""
    from bot.settings import WorkerSettings

    _serve(WorkerSettings.load(), web=False, worker=True)


@app.command()
def migrate(
    to: Annotated[str, typer.Option(help="A revision, `head` (newest) or `base` (none).")] = "head",
) -> None:
    """Bring the database to the newest schema, or to another one."""
    from bot.settings import StorageSettings
    from bot.sole_use import sole_use
    from storage.database import StorageUnavailableError
    from storage.migrate import migrate as move

    settings = StorageSettings.load()
    with sole_use(settings.sqlite_file):
        try:
            move(settings.database_url, to)
        except StorageUnavailableError:
            raise SettingsProblem("DATABASE_URL: the database cannot be reached") from None
    typer.echo("The database is at the newest schema." if to == "head" else f"Now at {to}.")


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option(help="Where Slack reaches the bot, https://…")] = None,
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode.")] = False,
) -> None:
    """Print the app manifest, to paste where Slack creates the app."""
    from bot.manifest import as_yaml
    from bot.manifest import manifest as build

    if socket is (url is not None):
        raise SettingsProblem("manifest needs either --url https://… or --socket")
    typer.echo(as_yaml(build(url)), nl=False)


@app.command()
def simulate(
    since: Annotated[datetime | None, _day("--from", "First day; today if left out.")] = None,
    until: Annotated[datetime | None, _day("--to", "Last day; two weeks on.")] = None,
) -> None:
    """Show what would go out to whom and when, without sending it."""
    from bot.clock import SystemClock
    from bot.settings import StorageSettings
    from bot.simulate import simulate as foresee

    first = (since or SystemClock().now()).date()
    last = until.date() if until else first + timedelta(days=14)
    if last < first:
        raise SettingsProblem("--to must not lie before --from")

    async def show() -> None:
        async for line in foresee(StorageSettings.load(), first, last):
            typer.echo(line)

    _run(show())


def main() -> None:
    """Run the command; what the operator has to set right is told a line each, status 2."""
    lines: list[str] = []
    try:
        app()
    # A group, since some problems are only found by one of several tasks.
    except* SettingsProblem as problems:
        lines = list(_lines(problems))
    if lines:
        for line in dict.fromkeys(lines):
            typer.echo(f"prodops: {line}", err=True)
        sys.exit(2)


def _lines(problem: BaseException) -> "list[str]":
    if isinstance(problem, BaseExceptionGroup):
        return [line for inner in problem.exceptions for line in _lines(inner)]
    return list(problem.lines) if isinstance(problem, SettingsProblem) else []


def _serve(settings: "Settings", *, web: bool, worker: bool) -> None:
    # The log's library loads rich for coloured tracebacks wherever there is one; a server shows
    # none, and starts a tenth of a second earlier without.
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
    # Looking for garbage among what is being loaded takes another tenth; `serve` turns it on.
    gc.disable()
    import structlog

    from bot.clock import SystemClock
    from bot.logs import configure_logs
    from bot.running import serve

    configure_logs(SystemClock(), settings.log_format, settings.log_level)
    try:
        _run(serve(settings, web=web, worker=worker))
    except* SettingsProblem:
        raise
    except* Exception as problems:
        # Python's own traceback would show what a query was called with.
        structlog.get_logger().critical("ended by an error", exc_info=problems)
        raise typer.Exit(1) from None


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        from uvloop import run as run_loop
    except ImportError:
        # There is none for Windows.
        asyncio.run(work)
    else:
        run_loop(work)


if __name__ == "__main__":
    main()
