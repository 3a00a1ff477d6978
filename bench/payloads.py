"""Requests as Slack sends them, signed and ready to be written to a connection."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

SECRET = "bench-signing-secret"
WORKSPACE = "T0BENCH"


def command(user_id: str, text: str, response_url: str) -> bytes:
    """The body of `/prodops <text>`."""
    return urlencode(
        {
            "token": "unused",
            "team_id": WORKSPACE,
            "team_domain": "bench",
            "channel_id": "C0BENCH",
            "channel_name": "product",
            "user_id": user_id,
            "user_name": "ada",
            "command": "/prodops",
            "text": text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": "1.2.abcdef",
        }
    ).encode()


def click(user_id: str, action_id: str, value: str, response_url: str) -> bytes:
    """The body of a click on a button in the person's direct messages."""
    payload: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": user_id, "username": "ada", "name": "ada", "team_id": WORKSPACE},
        "api_app_id": "A0BENCH",
        "token": "unused",
        "container": {
            "type": "message",
            "message_ts": "1700000000.000100",
            "channel_id": "D0BENCH",
            "is_ephemeral": False,
        },
        "trigger_id": "1.2.abcdef",
        "team": {"id": WORKSPACE, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "D0BENCH", "name": "directmessage"},
        "message": {
            "type": "message",
            "user": "U0BOT",
            "ts": "1700000000.000100",
            "text": "Where did your week go?",
            "blocks": [
                {
                    "type": "section",
                    "block_id": "b1",
                    "text": {"type": "mrkdwn", "text": "*Where did your week go?*"},
                }
            ],
        },
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "b2",
                "text": {"type": "plain_text", "text": "Remind me later", "emoji": True},
                "value": value,
                "action_ts": "1700000000.000200",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes, path: str) -> bytes:
    """A whole HTTP request around a body, signed now: good for five minutes."""
    timestamp = str(int(time.time()))
    base = f"v0:{timestamp}:".encode() + body
    signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body
