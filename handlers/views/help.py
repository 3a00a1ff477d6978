"""What can be done here, by role: the answer to `/prodops`, to `help` and to words unknown."""

from collections.abc import Sequence

from domain.periods import Period
from handlers.views.blocks import Block, Message, actions, button, escape, message, section
from handlers.views.prompt import LOG
from handlers.views.shortcuts import command_button

SETUP = "prodops_setup_open"
SUMMARY = "prodops_summary_show"
WHY = "prodops_why_show"

_EVERYONE = (
    ("help", "this overview"),
    ("setup", "in a channel without a team: make it one, and lead it"),
    ("learn", "mistakes, best practices, questions, terms; `learn roi` searches"),
    ("quiz", "a short knowledge test, with what is right and why"),
)
_MEMBERS = (
    ("log", "open the form for your week"),
    ("log 40% strategy, 60% delivery", "log at once; hours work too: `3h jira`"),
    ("log same", "the same as last time; `log skip` leaves the week out"),
    ("log last 50% customer, 50% people", "log an earlier week: `last`, `W46`"),
    ("away 24 Dec to 2 Jan", "no prompts meanwhile; `away off` ends it"),
    ("summary", "your team's last week; `summary month`, `summary quarter`"),
    ("checklist", "what to do, step by step, by whom, and what is done"),
    ("maturity", "rate in the open check-in, or see the last result"),
    ("insights", "what the numbers suggest, each with its next step"),
    ("benchmark", "the team on the reference ladders"),
    ("decide Keep one tracker @ada by 30 Sep", "record a decision; `decisions` finds them"),
    ("why", "what was due to you, and what became of it"),
)
_LEADS = (
    ("setup", "in the team's channel: members, times, time zone, industry"),
    ("maturity", "start a check-in, or see who has answered"),
    ("goals", "measurable targets, and how far along they are"),
    ("roi", "what product operations returns; what it costs stays with leads"),
    ("summary post", "post the summary into the channel; `summary month post` too"),
)
_ADMINS = (("summary rollup", "all teams side by side; App Home sends it to a channel"),)
#: Subcommands that are a button besides.
_MORE = (
    ("Checklist", "checklist"),
    ("Maturity", "maturity"),
    ("Insights", "insights"),
    ("Learn", "learn"),
    ("Quiz", "quiz"),
)
_PROMISE = "Only you see your own split. The team sees averages, and only from 3 people on."


def help_message(did_you_mean: str | None = None, *, period: Period | None = None) -> Message:
    """`did_you_mean` is the known word nearest to an unknown one; `period` the week to log."""
    blocks: list[Block] = []
    lead_in = ""
    if did_you_mean:
        lead_in = f"I do not know that word. Did you mean `/prodops {escape(did_you_mean)}`?"
        blocks.append(section(lead_in))
    blocks += [
        section(
            "*ProdOps* asks once a week where your time went, shows the team the trend, and helps "
            "it win time back: assess, set goals, plan, execute, iterate."
        ),
        section(_role("Everyone", _EVERYONE)),
        section(_role("Members", _MEMBERS)),
        section(_role("Leads", _LEADS)),
        section(_role("Workspace admins", _ADMINS)),
        actions(
            button("Log my week", LOG, str(period) if period else "", style="primary"),
            button("Set up a team here", SETUP),
            button("Team summary", SUMMARY),
            *[command_button(label, name) for label, name in _MORE],
            button("What was sent to me", WHY),
        ),
        section(_PROMISE),
    ]
    known = (*_EVERYONE, *_MEMBERS, *_LEADS, *_ADMINS)
    commands = dict.fromkeys(line.split()[0] for line, _ in known)
    spoken = f"Commands: {', '.join(f'/prodops {word}' for word in commands)}. {_PROMISE}"
    return message(f"{lead_in} {spoken}".strip(), blocks)


def _role(role: str, lines: Sequence[tuple[str, str]]) -> str:
    return "\n".join([f"*{role}*", *(f"`/prodops {line}`  {what}" for line, what in lines)])
