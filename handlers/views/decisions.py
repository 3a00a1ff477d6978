"""The decision log as people see it: receipt, list with search, reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.decisions import Decision
from domain.periods import day_label
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    fit,
    header,
    message,
    name,
    one_line,
    option,
    overflow,
    section,
)
from handlers.views.words import day_words

RECORD = "prodops_decision_record"
LIST = "prodops_decision_list"
DONE = "prodops_decision_done"
WITHDRAW = "prodops_decision_withdraw"
REOPEN = "prodops_decision_reopen"
EDIT = "prodops_decision_edit"
RETRY = "prodops_decision_retry"
MENU = "prodops_decision_menu"
NEWER = "prodops_decision_newer"
OLDER = "prodops_decision_older"
REMINDED_DONE = "prodops_decision_reminded_done"
MOVE = "prodops_decision_move"

PER_PAGE = 10
#: What a button carries of the words that were searched for.
LONGEST_SEARCH = 150
#: What of a decision a list shows, and what of it a receipt does.
_IN_LIST, _IN_FULL = 400, 1500

_STATES = {"open": "open", "done": "done", "withdrawn": "withdrawn"}
_MENU = (("Mark done", "done"), ("Edit", "edit"), ("Withdraw", "withdraw"))


@dataclass(frozen=True)
class DecisionPage:
    """A page of a team's log: `words` searched for, `first` the place of its first entry, from 0.

    `all_found` counts all entries, `today` is the reader's day; `owner`: only theirs.
    """

    team_id: str
    team_name: str
    decisions: Sequence[Decision]
    all_found: int
    first: int
    words: str
    today: date
    owner: str | None = None

    @property
    def searched(self) -> str:
        """What was searched for, as ready mrkdwn; empty for the whole log."""
        owner = [f"<@{self.owner}>"] if self.owner else []
        return " ".join([*owner, escape(clip(self.words, LONGEST_SEARCH))]).strip()


def receipt(decision: Decision, *, team_name: str, lead_in: str = "", today: date) -> Message:
    """The decision as it stands, with what can be done about it."""
    said = lead_in or f"Decision #{decision.number} is {_STATES[decision.state]}"
    top = f"*{said}* · {name(team_name)}\n{quoted(decision.what)}"
    facts = " · ".join(_facts(decision, today))
    spoken = f"{said}, {name(team_name)}: {fit(flat(decision.what), _IN_FULL)} {facts}"
    return message(spoken, [section(top), context(facts), actions(*_buttons(decision))])


def _buttons(decision: Decision) -> list[Block]:
    key = decision.decision_id
    log = button("All decisions", LIST, decision.team_id)
    if decision.state != "open":
        return [button("Reopen", REOPEN, key, spoken=f"Reopen #{decision.number}"), log]
    return [
        button("Mark done", DONE, key, spoken=f"Mark #{decision.number} done"),
        button("Edit", EDIT, key, spoken=f"Edit #{decision.number}"),
        button("Withdraw", WITHDRAW, key, spoken=f"Withdraw #{decision.number}"),
        log,
    ]


def quoted(what: str) -> str:
    """People's text as a quotation, every line of it."""
    return ">" + fit(escape(what), _IN_FULL).replace("\n", "\n>")


def flat(what: str) -> str:
    """The same in one escaped line."""
    return escape(" ".join(what.split()))


def _facts(decision: Decision, today: date) -> list[str]:
    facts = [f"Owner: <@{decision.owner}>" if decision.owner else "No owner"]
    facts.append(_due(decision, today))
    made = day_label(decision.made_at.date())
    facts.append(f"recorded by <@{decision.made_by}>, {made}")
    if decision.closed_at is not None:
        facts.append(f"{_STATES[decision.state]} {day_label(decision.closed_at.date())}")
    return facts


def _due(decision: Decision, today: date) -> str:
    if decision.due_on is None:
        return "no date"
    day = date_words(decision.due_on, today)
    return f"overdue since {day}" if decision.is_overdue(today) else f"due {day}"


def date_words(day: date, today: date) -> str:
    """`Friday 27 Nov`, with the year where it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day_words(day)}{year}"


def log_page(page: DecisionPage) -> Message:
    """Open ones first, then the newest; each with owner, date and state."""
    title = f"Decisions of {one_line(page.team_name)}"
    record = button("Record a decision", RECORD, page.team_id)
    if not page.decisions:
        said = _nothing(page)
        return message(f"{escape(title)}: {said}", [header(title), section(said), actions(record)])
    blocks: list[Block] = [header(title)]
    if page.searched:
        blocks.append(context(f"Searched for: {page.searched}"))
    blocks += [_entry(decision, page.today) for decision in page.decisions]
    last = page.first + len(page.decisions)
    blocks.append(context(f"{page.first + 1} to {last} of {page.all_found}"))
    blocks.append(actions(record, *_turns(page)))
    lines = [f"#{d.number} {fit(flat(d.what), 200)} ({_STATES[d.state]})" for d in page.decisions]
    return message(f"{escape(title)}. {'. '.join(lines)}", blocks)


def _nothing(page: DecisionPage) -> str:
    if page.searched:
        return f"No decision matches {page.searched}. `/prodops decisions` shows them all."
    return (
        "No decision yet. `/prodops decide Keep one roadmap tool @ada by 30 Sep` records one: "
        "what, who sees to it, and by when. Owner and date may be left out."
    )


def _entry(decision: Decision, today: date) -> Block:
    facts = [f"<@{decision.owner}>" if decision.owner else "no owner"]
    if decision.state == "open":
        facts.append(_due(decision, today))
    else:
        closed = decision.closed_at or decision.made_at
        facts.append(f"{_STATES[decision.state]} {date_words(closed.date(), today)}")
    mark = {"open": "", "done": " ✓", "withdrawn": " ✗"}[decision.state]
    text = f"*#{decision.number}*{mark} {fit(flat(decision.what), _IN_LIST)}\n{' · '.join(facts)}"
    if decision.state != "open":
        return section(text)
    options = [option(label, f"{what}|{decision.decision_id}") for label, what in _MENU]
    return section(text, accessory=overflow(MENU, options))


def _turns(page: DecisionPage) -> list[Block]:
    found = []
    if page.first > 0:
        value = _turn(page, max(0, page.first - PER_PAGE))
        found.append(button("Previous", NEWER, value, spoken="Previous decisions"))
    if page.first + len(page.decisions) < page.all_found:
        value = _turn(page, page.first + len(page.decisions))
        found.append(button("Next", OLDER, value, spoken="Next decisions"))
    return found


def _turn(page: DecisionPage, first: int) -> str:
    owner = f"<@{page.owner}> " if page.owner else ""
    return f"{page.team_id}|{first}|{owner}{clip(page.words, LONGEST_SEARCH)}"


def read_turn(value: str) -> tuple[str, int, str]:
    """(team id, place of the first entry, words) that a button of a list carries."""
    team_id, _, rest = value.partition("|")
    first, _, words = rest.partition("|")
    return team_id, int(first or 0), words


def problem(said: str, echo: str, packed: str) -> Message:
    """What was wrong, the text as it was typed, and a way to the form with what was understood."""
    text = escape(said)
    typed = fit(escape(echo.strip()), 2500)
    blocks = [section(text)]
    if typed:
        blocks.append(typed_section(typed))
    blocks.append(actions(button("Open the form", RETRY, packed, style="primary")))
    return message(f"{text} You wrote: {typed}" if typed else text, blocks)


def typed_section(typed: str) -> Block:
    return section("You wrote:\n>" + typed.replace("\n", "\n>"))


def reminder(decision: Decision, *, team_name: str, today: date, stage: str) -> Message:
    """To the owner on the day and a week later, then once to the leads."""
    number = f"Decision #{decision.number} of {name(team_name)}"
    if decision.state != "open":
        text = f"{number} is {_STATES[decision.state]}: {fit(flat(decision.what), _IN_FULL)}"
        return message(text, [section(text)])
    due = date_words(decision.due_on or today, today)
    if decision.due_on is not None and decision.due_on > today:
        said = f"{number} is due {due}."
    elif decision.due_on == today:
        said = f"{number} is due today."
    else:
        said = f"{number} was due {due} and is still open."
    if stage == "lead":
        owner = f"<@{decision.owner}>" if decision.owner else "Nobody"
        said += f" {owner} owns it, and has been reminded twice: it is yours to settle now."
    blocks = [
        section(f"*{said}*\n{quoted(decision.what)}"),
        actions(
            button("Done", REMINDED_DONE, decision.decision_id, style="primary"),
            button("Move the date", MOVE, decision.decision_id),
        ),
    ]
    return message(f"{said} {fit(flat(decision.what), _IN_FULL)}", blocks)
