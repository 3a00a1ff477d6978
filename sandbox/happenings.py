"""What happens in a workspace apart from the bot: profiles, memberships, channels, installs."""

from typing import Any

from sandbox.delivery import Ack
from sandbox.entities import Channel, User
from sandbox.events import Envelope
from sandbox.payloads import channel_object, group_object, user_object
from sandbox.slack import Slack


class Happenings(Slack):
    """Changes the workspace and tells the bot, waiting for its ack (None: it does not hear it)."""

    async def set_profile(self, user_id: str, **fields: Any) -> Ack | None:
        """Changes fields of a user (`tz`, `deleted`, `status_emoji`, …): user_change."""
        user = self.workspace.change_user(user_id, **fields)
        return await self._tell("user_change", user=self._shown(user))

    async def welcome(self, user: User) -> Ack | None:
        """Tells of a user who was just added: team_join."""
        return await self._tell("team_join", user=self._shown(user))

    def _shown(self, user: User) -> dict[str, Any]:
        return user_object(user, self.workspace.clock.now(), locale=True, email=False)

    async def join_channel(self, channel_id: str, user_id: str) -> Ack | None:
        """A person, or the bot, enters a channel: member_joined_channel."""
        channel = self.workspace.channels[channel_id]
        if user_id in channel.members:
            return None
        channel.members.append(user_id)
        self.workspace.changed()
        return await self._membership(channel, user_id, joined=True)

    async def leave_channel(self, channel_id: str, user_id: str) -> Ack | None:
        """A person, or the bot, leaves: member_left_channel; channel_left for the bot itself."""
        channel = self.workspace.channels[channel_id]
        if user_id not in channel.members:
            return None
        bot_was_in = self.workspace.bot_user_id in channel.members
        channel.members.remove(user_id)
        self.workspace.changed()
        if user_id == self.workspace.bot_user_id:
            await self._channel_event("left", channel, {"channel": channel.id})
        return await self._membership(channel, user_id, joined=False) if bot_was_in else None

    async def _membership(self, channel: Channel, user_id: str, joined: bool) -> Ack | None:
        if self.workspace.bot_user_id not in (*channel.members, user_id):
            return None
        event = self.events.membership(channel, user_id, joined)
        return await self.events.tell(event["type"], event, f"{channel.kind}:read")

    async def set_members(self, channel_id: str, members: list[str]) -> None:
        """Makes these people, bot included if named, the members; one event for each change."""
        now = list(self.workspace.channels[channel_id].members)
        for user_id in now:
            if user_id not in members:
                await self.leave_channel(channel_id, user_id)
        for user_id in members:
            await self.join_channel(channel_id, user_id)

    async def archive_channel(self, channel_id: str) -> Ack | None:
        """Archives a channel: channel_archive or group_archive."""
        return await self._set_archived(channel_id, archived=True)

    async def unarchive_channel(self, channel_id: str) -> Ack | None:
        """Brings an archived channel back."""
        return await self._set_archived(channel_id, archived=False)

    async def _set_archived(self, channel_id: str, archived: bool) -> Ack | None:
        channel = self.workspace.channels[channel_id]
        channel.is_archived = archived
        self.workspace.changed()
        event = "archive" if archived else "unarchive"
        fields = {"channel": channel.id, "user": channel.creator}
        return await self._channel_event(event, channel, fields)

    async def rename_channel(self, channel_id: str, name: str) -> Ack | None:
        """Gives a channel another name."""
        channel = self.workspace.channels[channel_id]
        channel.name = name.removeprefix("#")
        self.workspace.changed()
        shown = channel_object(channel, self.workspace)
        kept = {key: shown[key] for key in ("id", "name", "created", "is_channel")}
        return await self._channel_event("rename", channel, {"channel": kept})

    async def delete_channel(self, channel_id: str) -> Ack | None:
        """Deletes a channel with all its messages."""
        channel = self.workspace.channels.pop(channel_id)
        self.workspace.changed()
        return await self._channel_event("deleted", channel, {"channel": channel.id})

    async def change_channel_id(self, channel_id: str, new_id: str) -> Ack | None:
        """Gives a channel another id, as sharing it can: channel_id_changed."""
        channel = self.workspace.channels.pop(channel_id)
        channel.id = new_id
        self.workspace.channels[new_id] = channel
        for message in channel.by_ts.values():
            message.channel = new_id
        self.workspace.changed()
        return await self._tell(
            "channel_id_changed", old_channel_id=channel_id, new_channel_id=new_id
        )

    async def set_group_users(self, group_id: str, users: list[str]) -> Ack | None:
        """Replaces the people of a user group: subteam_members_changed."""
        group = self.workspace.user_groups[group_id]
        added = [user for user in users if user not in group.users]
        removed = [user for user in group.users if user not in users]
        group.users = list(users)
        self.workspace.changed()
        return await self._tell(
            "subteam_members_changed",
            subteam_id=group_id,
            team_id=self.workspace.team_id,
            date_update=int(self.workspace.clock.now().timestamp()),
            added_users=added,
            added_users_count=str(len(added)),
            removed_users=removed,
            removed_users_count=str(len(removed)),
        )

    async def disable_group(self, group_id: str) -> Ack | None:
        """Switches a user group off, with nobody in it any more: subteam_updated."""
        group = self.workspace.user_groups[group_id]
        group.is_disabled, group.users = True, []
        self.workspace.changed()
        shown = group_object(group, self.workspace, users=True)
        return await self._tell("subteam_updated", subteam=shown)

    async def revoke_tokens(self) -> Ack | None:
        """Takes the bot's token back: every further call answers token_revoked."""
        self.installation = "token_revoked"
        return await self._tell(
            "tokens_revoked", tokens={"oauth": [], "bot": [self.workspace.bot_user_id]}
        )

    async def uninstall(self) -> Ack | None:
        """Removes the app: tokens_revoked and app_uninstalled; calls answer account_inactive."""
        await self.revoke_tokens()
        self.installation = "account_inactive"
        return await self._tell("app_uninstalled")

    async def reinstall(self) -> None:
        """Makes the token good again."""
        self.installation = "active"

    async def verify_url(self) -> bool:
        """Sends url_verification, as saving the request URL does; whether the bot passed."""
        challenge = self.workspace.new_id("challenge")
        payload = {"type": "url_verification", "token": "verification-token"}
        ack = await self.events.deliver(payload | {"challenge": challenge})
        answer = ack.body.get("challenge") if isinstance(ack.body, dict) else ack.body
        return ack.ok and answer == challenge

    async def resend(self, envelope: Envelope) -> Ack:
        """Delivers an envelope of `events.sent` once more, with the same event_id, as Slack may."""
        return await self.events.deliver(envelope)

    async def _channel_event(
        self, what: str, channel: Channel, fields: dict[str, Any]
    ) -> Ack | None:
        in_it = self.workspace.bot_user_id in channel.members or what == "left"
        if channel.is_private and not in_it:
            return None
        return await self._tell(f"{'group' if channel.is_private else 'channel'}_{what}", **fields)

    async def _tell(self, kind: str, **fields: Any) -> Ack | None:
        event = {"type": kind, **fields, "event_ts": self.workspace.new_ts()}
        return await self.events.tell(kind, event)
