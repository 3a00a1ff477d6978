"""What leads are told in a direct message: who stopped, what did not arrive, what to decide."""

from domain.periods import Period
from handlers.views.blocks import Message, actions, button, escape, message, name, section

ARRIVED = "prodops_delivery_arrived"
RESEND = "prodops_delivery_resend"

#: Kind of a delivery -> what a lead would call it; of reminders no lead hears.
_KINDS = {
    "prompt": "The weekly prompt",
    "summary": "The weekly summary",
    "month": "The monthly review",
    "quarter": "The quarterly review",
    "summary_copy": "A copy of the weekly summary",
    "review_copy": "A copy of a review",
    "rollup": "The leadership roll-up",
    "checkin": "The maturity check-in",
    "assessment": "The maturity result",
}


def mention(slack_id: str) -> str:
    """A user or a channel as a mention, told apart by the letter that ids begin with."""
    return f"<@{slack_id}>" if slack_id.startswith(("U", "W")) else f"<#{slack_id}>"


def stopped_notice_for_lead(user_id: str, team_name: str) -> Message:
    """Told to leads when somebody stops the prompts: a fact, no reproach, nothing to do."""
    text = (
        f"<@{user_id}> will get no more prompts for {name(team_name)} and is not counted in it. "
        "That is a fine choice, and nothing is asked of you. "
        "If the team's list was wrong, `/prodops setup` in its channel changes it."
    )
    return message(text, [section(text)])


def delivery_trouble_notice_for_lead(recipient: str, reason: str, remedy: str) -> Message:
    """Told once per recipient (user or channel id); `reason` and `remedy` are plain sentences."""
    text = f"I can't reach {mention(recipient)}: {escape(reason)}"
    advice = f"*What helps:* {escape(remedy)}"
    return message(f"{text} What helps: {escape(remedy)}", [section(f"{text}\n{advice}")])


def ask_lead_unknown(
    kind: str, team: str, period: Period, *, recipient: str = "", delivery: str = ""
) -> Message:
    """Asks whether a message that was cut off arrived; both buttons carry `delivery`, its key."""
    what = _KINDS.get(kind, "A message")
    whom = f" to {mention(recipient)}" if recipient else ""
    text = (
        f"{what} of {name(team)} for {period.label}{whom} was cut off while it was being sent, "
        "and Slack did not say whether it arrived. Please look, so that it comes exactly once."
    )
    value = delivery or f"{kind}:{period}"
    choices = actions(
        button("It arrived", ARRIVED, value), button("Send it again", RESEND, value, style="danger")
    )
    return message(text, [section(text), choices])
