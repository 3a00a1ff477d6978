"""What a serving process loads, and above all what it does not."""

import subprocess
import sys

import pytest

#: Seconds and megabytes that serving has no use for.
HEAVY = {
    *("alembic", "mako", "matplotlib", "PIL", "plotly", "numpy", "pandas", "rich"),
    *("sandbox", "pytest", "hypothesis"),
}
SERVING = """
import sys
sys.modules.setdefault("rich", None)
import bot.cli, bot.running, bot.logs, bot.settings, bot.clock, uvloop, uvicorn
import asyncio
from bot.clock import SystemClock
from bot.compose import build
from bot.settings import Settings

async def main():
    settings = Settings.load({
        "SLACK_BOT_TOKEN": "xoxb-x", "SLACK_SIGNING_SECRET": "x", "DATABASE_URL": sys.argv[1],
    })
    async with build(settings, SystemClock()) as bot:
        from storage import revision
        assert await revision.current(bot.database) == revision.HEAD

asyncio.run(main())
print(*sorted({name.partition(".")[0] for name, module in sys.modules.items() if module}))
"""


def loaded(code: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_a_serving_process_loads_nothing_heavy(database_url: str) -> None:
    found = loaded(SERVING, database_url)
    assert {"slack_bolt", "sqlalchemy", "uvicorn", "apscheduler"} <= found
    assert found & HEAVY == set()


@pytest.mark.parametrize("module", ["bot.cli", "domain.summary", "handlers.views.summary"])
def test_what_is_pure_or_first_loads_little(module: str) -> None:
    code = f"import sys, {module}\nprint(*sorted(n.partition('.')[0] for n in sys.modules))"
    assert loaded(code) & (HEAVY | {"sqlalchemy", "slack_bolt", "slack_sdk", "aiohttp"}) == set()
