"""`python -m sandbox`: the emulated workspace, its page, and the bot beside it, with a team."""

import argparse
import asyncio
import errno
import sys
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.compose import build
from bot.logs import configure_logs
from bot.manifest import manifest
from bot.problems import SettingsProblem
from bot.running import begin, ensure_schema, finish
from bot.sample import seed
from bot.serving import listen
from bot.serving import serve as serve_web
from bot.settings import ContentSettings, Settings
from bot.shutdown import stop_on_signals
from bot.upcoming import upcoming
from sandbox.cast import Cast, fill
from sandbox.clock import SandboxClock
from sandbox.server import Sandbox
from sandbox.timetravel import TimeTravel

PORT = 8055


async def main(port: int, start: datetime | None = None) -> None:
    """Serve until Ctrl-C. Nothing is kept: each start is a new workspace, at `start` or now.

    Of the settings only a company's own content is taken from the surroundings.
    """
    content = ContentSettings.load()
    clock = SandboxClock(start)
    configure_logs(clock, "text", "warning")
    document = manifest("https://sandbox.example.com")
    sandbox = Sandbox(clock, document, team_name="Acme", rate_limits=True)
    cast = fill(sandbox.workspace)
    with tempfile.TemporaryDirectory(prefix="prodops-") as folder, stop_on_signals() as stop:
        async with sandbox.serve(port=port):
            settings = Settings.load(
                {
                    "SLACK_BOT_TOKEN": sandbox.bot_token,
                    "SLACK_SIGNING_SECRET": sandbox.signing_secret,
                    "SLACK_API_URL": f"{sandbox.base_url}/api/",
                    "DATABASE_URL": f"sqlite:///{Path(folder) / 'sandbox.db'}",
                    "PRODOPS_TICK_SECONDS": "1",
                    "PRODOPS_CATEGORIES": str(content.categories or ""),
                    "PRODOPS_PLAYBOOK": str(content.playbook or ""),
                }
            )
            await ensure_schema(settings.database_url)
            await _run(sandbox, clock, settings, cast, stop)


async def _run(
    sandbox: Sandbox, clock: SandboxClock, settings: Settings, cast: Cast, stop: asyncio.Event
) -> None:
    async with build(settings, clock) as bot:
        listener = listen("127.0.0.1", 0)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
        sandbox.deliver_to = address
        await bot.installation.identify()
        await begin(bot)
        team_id = sandbox.workspace.team_id
        await seed(
            bot.services,
            team_id,
            channel_id=cast.channel,
            name="Product team",
            tz=cast.tz,
            lead=cast.lead,
            members=cast.members,
            newcomer=cast.newcomer,
        )
        sandbox.clock_controls = TimeTravel(
            clock, bot.schedule, cast.tz, lambda: upcoming(bot.services, team_id)
        )
        bot.schedule.start()
        first = f"{sandbox.base_url}/?as={cast.members[0]}&in={cast.channel}"
        sys.stdout.write(f"ProdOps sandbox: {first}\nCtrl-C stops it; nothing is kept.\n")
        sys.stdout.flush()
        await serve_web(bot.web, listener, stop, 2)
        await finish(bot)


def run() -> int:
    parser = argparse.ArgumentParser(prog="prodops sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="port of the browser page")
    parser.add_argument(
        "--start",
        type=datetime.fromisoformat,
        help="where its clock starts, such as 2026-06-03T09Z",
    )
    chosen = parser.parse_args()
    port: int = chosen.port
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(main(port, chosen.start))
    except SettingsProblem as problem:
        sys.stderr.writelines(f"prodops: {line}\n" for line in problem.lines)
        return 2
    except OSError as problem:
        if problem.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        sys.stderr.write(f"prodops: port {port} is taken: choose another with --port\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(run())
