"""Everything at its largest and at its emptiest, looked at from outside: each command typed, each
button on its answer pressed, and Slack refuses nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.checklist import STEPS, NewItem
from sandbox.entities import Message, User, View
from sandbox.screen import Spot, spots
from storage import checklist, decisions
from tests.handlers.assessed import assess
from tests.handlers.past_team import TUESDAY, add_team
from tests.stage import Stage, team, words

#: What a member and a lead type, in an order in which each finds what the one before made.
LINES = (
    *("help", "log", "away", "why", "summary", "summary month", "summary quarter", "insights"),
    *("maturity", "checklist", "checklist mine", "checklist open", "checklist execute"),
    *("checklist E3", "goals", "roi", "benchmark", "decisions", "learn", "learn roi", "quiz"),
    *("summary rollup", "nonsense", f"log {'x' * 2000}", f"decide {'y' * 400}", "setup"),
    *("summary post", "summary month post", "summary quarter post"),
)
SCRIPTS = (
    "Ада Константиновна Преображенская-Вознесенская из Петербурга ё",
    "महालक्ष्मी वेंकटरमण सुब्रह्मण्यम चट्टोपाध्याय त्रिवेदी शर्मा",
    "عبد الرحمن بن عبد العزيز بن محمد آل إبراهيم السعيد الأنصاري",
    "山田花子・長谷川・東海林・小比類巻・勅使河原・五十嵐・武者小路・伊集院・西園寺・",
    "Maximiliane <Freifrau> *von* _Droste_ & ~Hülshoff~ `zu` Vischering",
    "👩‍💻 Zoë 👨‍👩‍👧‍👦 O'Brien-Łukaszewicz-Ødegård-Ñuñez-Şahin-Þórsdóttir 🎉",
)
SPLIT = {
    *("tools", "reporting", "coordination", "interrupts", "customer", "discovery"),
    *("strategy", "delivery", "people"),
}


def long(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length].strip()


def playbook(folder: Path) -> Path:
    """Twelve dimensions and 120 items, each text as long as it may be."""
    dimensions = [
        {
            "id": f"dimension_{n:02}_{'x' * 11}",
            "name": long(SCRIPTS[n % 6], 60),
            "levels": [long(f"{SCRIPTS[n % 6]} {level} ", 300) for level in range(1, 6)],
            "up": [long(f"{SCRIPTS[n % 6]} to {level} ", 300) for level in range(2, 6)],
        }
        for n in range(12)
    ]
    names = [long(word, 60) for word in SCRIPTS[:5]]
    model = {"level_names": names, "dimensions": dimensions}
    items = {
        step: [
            [
                f"{'AGPEI'[number]}{row}",
                long(f"{SCRIPTS[row % 6]} {row} ", 150),
                long(f"{SCRIPTS[row % 6]} ", 300),
                long(SCRIPTS[row % 6], 60),
                [dimension["id"] for dimension in dimensions],
            ]
            for row in range(24)
        ]
        for number, step in enumerate(STEPS)
    }
    for name, content in (("maturity.yaml", model), ("checklist.yaml", items)):
        (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


@asynccontextmanager
async def large(database_url: str, folder: Path, people: int = 200) -> AsyncIterator[Stage]:
    """A team of 200 with seven weeks of logs, an assessment, items in every state, decisions."""
    settings = {"PRODOPS_PLAYBOOK": str(playbook(folder))}
    async with team(
        database_url, count=people, set_up=False, now=TUESDAY, settings=settings
    ) as stage:
        for number, user in enumerate(stage.people):
            named = long(f"{SCRIPTS[number % 6]} ", 57) + f"{number:03}"
            stage.world.sandbox.workspace.change_user(user.id, name=named, real_name=named)
        stage.channel.name = long(SCRIPTS[4], 60)
        week = dict.fromkeys(sorted(SPLIT), 12) | {"tools": 4}
        logs = [[week if n % 4 else None for n in range(people)] for _ in range(3)]
        made = await add_team(stage, stage.channel, stage.people, logs)
        await fill_list(stage, made.team_id)
        model = stage.world.bot.services.playbook.maturity
        first = stage.world.clock.now() - timedelta(days=40)
        few = replace(stage, people=stage.people[:5])
        await assess(few, {d.id: 1 + n % 5 for n, d in enumerate(model)}, first)
        yield stage


async def fill_list(stage: Stage, team_id: str) -> None:
    now = stage.world.clock.now()
    text = long(f"{SCRIPTS[4]} ", 150)
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        items = list(stage.world.bot.services.playbook.checklist.items())
        for number, (step, item) in enumerate(items):
            new = NewItem(
                ref=item.id, step=step, text=item.text, done_when=item.done_when,
                owner_role=item.owner, dimensions=item.dimensions,
                owner=stage.people[number % 3].id, due_on=now.date(), link="",
            )  # fmt: skip
            await checklist.add(tx, team_id, new, stage.lead.id, now, item_id=f"item{number}")
            state = ("open", "started", "blocked", "done", "dropped")[number % 5]
            values: dict[str, Any] = {"state": state, "state_since": now - timedelta(days=30)}
            values |= {"reason": long(text, 500)} if state in ("blocked", "dropped") else {}
            values |= {"evidence": long(text, 500), "done_at": now} if state == "done" else {}
            await checklist.change(tx, f"item{number}", states=["open"], values=values)
        for number in range(60):
            await decisions.add(
                tx, team_id, f"decision{number}", what=long(text, 300),
                owner=stage.lead.id, due_on=now.date(), by=stage.lead.id, now=now,
            )  # fmt: skip


async def press_all(stage: Stage, user: User, line: str, done: set[str]) -> None:
    """Type a line and press every kind of button of its answers that is not `done` yet."""
    for message in await stage.type(user, line):
        await press_each(stage, user, message, done)
    close_all(stage, user)
    stage.assert_clean()


async def press_each(stage: Stage, user: User, place: Message | View, done: set[str]) -> None:
    while (spot := next((s for s in spots(place.blocks) if fresh(s, done)), None)) is not None:
        done.add(kind_of(spot))
        options = spot.options if spot.element["type"] == "overflow" else [{"value": None}]
        for option in options:
            if option["value"] is None:
                reply = await stage.act.click(user.id, place, spot.ids[1])
            else:
                reply = await stage.act.choose(user.id, place, spot.ids[1], option["value"])
            await stage.world.settle()
            assert reply.ok, (kind_of(spot), reply)
            close_all(stage, user)
            stage.assert_clean()


def fresh(spot: Spot, done: set[str]) -> bool:
    return spot.element["type"] in ("button", "overflow") and kind_of(spot) not in done


def kind_of(spot: Spot) -> str:
    """One of several that look alike will do."""
    words = spot.element.get("text", {}).get("text", "")
    return f"{spot.element['action_id']} {words}"


def close_all(stage: Stage, user: User) -> None:
    stage.world.sandbox.workspace.views.pop(user.id, None)


async def visit(stage: Stage, user: User) -> set[str]:
    """Every command and every kind of button there is for this person; what was pressed."""
    done: set[str] = set()
    for line in LINES:
        await press_all(stage, user, line, done)
    await stage.home(user)
    await press_each(stage, user, stage.world.sandbox.workspace.homes[user.id], done)
    return done


async def test_at_its_largest(sqlite_url: str, tmp_path: Path) -> None:
    async with large(sqlite_url, tmp_path) as stage:
        assert len(await visit(stage, stage.lead)) > 60
        for line in LINES:
            await stage.type(stage.people[1], line)
            close_all(stage, stage.people[1])
        await rate_all(stage)


async def rate_all(stage: Stage) -> None:
    """A check-in over twelve dimensions, from its form to its result in the channel."""
    [shown] = await stage.type(stage.lead, "maturity")
    await stage.click(stage.lead, shown, "Start check-in")
    raters = stage.people[:3]
    note = long(SCRIPTS[4], 300)
    assert await stage.submit(stage.lead, {"Raters": [u.id for u in raters], "Note": note}) == {}
    close_all(stage, stage.lead)
    for number, user in enumerate(raters):
        await stage.click(user, stage.last(user), "Rate now")
        form = stage.modal(user)
        groups = [s for s in spots(form.blocks) if s.element["type"] == "radio_buttons"]
        assert len(groups) == 12
        levels = {spot.ids[1]: str(1 + 2 * number) for spot in groups}
        assert await stage.submit(user, levels) == {}
        close_all(stage, user)
    assert "split" in words(stage.world.messages(stage.channel)[-1])


@pytest.mark.parametrize("role", ["lead", "member"])
async def test_at_its_emptiest(sqlite_url: str, role: str) -> None:
    async with team(sqlite_url, count=2) as stage:
        done = await visit(stage, stage.lead if role == "lead" else stage.people[1])
        assert len(done) > 20
