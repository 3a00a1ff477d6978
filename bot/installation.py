"""Who we are in the workspace: asked of Slack once, remembered, and told to Bolt."""

import asyncio

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.problems import SettingsProblem
from bot.slack import outcome_of
from domain.delivery import WorkspaceGone
from handlers.services import Clock
from storage import workspaces
from storage.database import Database

#: Seconds between tries while Slack or the database is away.
TRY_AGAIN = 5.0

log = structlog.get_logger()


class Installation:
    """The one workspace that `SLACK_BOT_TOKEN` belongs to."""

    def __init__(self, token: str, client: AsyncWebClient, database: Database, clock: Clock):
        self._token = token
        self._client = client
        self._database = database
        self._clock = clock
        self._known: AuthorizeResult | None = None

    @property
    def team_id(self) -> str | None:
        return self._known.team_id if self._known else None

    async def identify(self) -> None:
        """Ask Slack who we are; a token it refuses is a `SettingsProblem`."""
        try:
            answer = await self._client.auth_test()
        except SlackApiError as problem:
            if isinstance(outcome_of(problem), WorkspaceGone):
                code = problem.response["error"]
                raise SettingsProblem(
                    f"SLACK_BOT_TOKEN is refused by Slack ({code}): copy the Bot User OAuth "
                    "Token from OAuth & Permissions"
                ) from None
            raise
        async with self._database.write(str(answer["team_id"])) as tx:
            name = str(answer.get("team") or "")[:255]
            await workspaces.remember(tx, name, str(answer["user_id"]), self._clock.now())
        self._known = AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=str(answer["team_id"]),
            bot_id=answer.get("bot_id"),
            bot_user_id=str(answer["user_id"]),
            bot_token=self._token,
        )

    async def identify_when_possible(self) -> None:
        """The same, again and again while Slack or the database cannot be reached."""
        while self._known is None:
            try:
                await self.identify()
            except SettingsProblem:
                raise
            except Exception as problem:
                log.warning("not identified yet", error=type(problem).__name__)
                await asyncio.sleep(TRY_AGAIN)

    async def resume(self) -> None:
        """Ask again about a token that Slack has refused: an app can be installed anew."""
        if await self.refused() is None:
            return
        try:
            await self.identify()
        except SettingsProblem as problem:
            log.warning("still refused by Slack", reason=str(problem))

    async def refused(self) -> str | None:
        """Why nothing goes out in our workspace at present, in Slack's word; None if it does."""
        if self._known is None:
            return None
        async with self._database.read(str(self._known.team_id)) as tx:
            workspace = await workspaces.get(tx)
        return workspace.paused_reason if workspace else None

    async def whose(self) -> AuthorizeResult | None:
        """Bolt's question for each payload. Signed by our own secret, it is our workspace's,
        even where the person who clicked belongs to another one (shared channels)."""
        if self._known is None:
            await self.identify()
        return self._known
