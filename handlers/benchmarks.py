"""`/prodops benchmark`: the team on the reference ladders, with what each place rests on."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta

from rapidfuzz import fuzz, process

from domain.benchmarks import (
    Benchmarks,
    ContextLine,
    LadderRow,
    Measure,
    Measured,
    ShareCuts,
    ladder_rows,
)
from domain.checklist import TeamItem
from domain.cleaning import clean
from domain.commitments import CheckinKept, commitments
from domain.figures import Figures
from domain.goals import FIXED, rounded, value_text
from domain.ladders import (
    ADOPTION,
    COMPLIANCE,
    fresh_one,
    in_use,
    of_count,
    of_maturity,
    of_return,
)
from domain.localtime import resolve_local
from domain.maturity import Assessment, MaturityModel
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.goals import figures_of
from handlers.registry import Registry
from handlers.roi import roi_of
from handlers.teamchoice import team_asked_for
from handlers.teamreading import TeamReading
from handlers.views import benchmarks as view

#: Likeness (0 to 100) from which a word is taken for an industry's name.
_ALIKE = 75


def register(registry: Registry) -> None:
    registry.commands["benchmark"] = show
    registry.actions[view.BENCHMARK] = show


async def show(call: Call) -> Answer:
    """The ladders, marked for the team's industry or the one that was named.

    A button carries the team, or `team|industry`.
    """
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    team_id, _, wanted = call.value.partition("|")
    wanted = wanted or (" ".join(clean(call.text).split()) if call.kind == "command" else "")
    benchmarks = call.services.playbook.benchmarks
    known = list(dict.fromkeys(ladder.industry for ladder in benchmarks.rows))
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=team_id or None, what="its ladders")
        industry = industry_named(wanted, known) if wanted else team.industry
        if industry is None:
            return Reply(view.unknown_industry(wanted, known, team.team_id))
        reading = TeamReading(call.services, tx, team, call.now)
        figures = await figures_of(reading)
        rows = await ladders_of(reading, industry)
    return Reply(
        view.benchmark_message(
            rows,
            compared_with(benchmarks, figures),
            label=benchmarks.label,
            team_name=team.name,
            industry=industry,
        )
    )


def industry_named(words: str, known: Sequence[str]) -> str | None:
    """The industry that these words clearly mean: its name, its beginning, or close to it."""
    said = words.casefold()
    begun = [name for name in known if len(said) > 2 and name.casefold().startswith(said)]
    if len(begun) == 1:
        return begun[0]
    near = process.extract(said, [name.casefold() for name in known], scorer=fuzz.ratio, limit=2)
    likely = [known[place] for _, score, place in near if score >= _ALIKE]
    return likely[0] if likely else None


def compared_with(benchmarks: Benchmarks, figures: Figures) -> list[view.Compared]:
    """The team's figures beside what surveys say of each, in the order of the file."""
    by_metric: dict[str, list[ContextLine]] = {}
    for line in benchmarks.context:
        by_metric.setdefault(line.metric, []).append(line)
    found = []
    for metric_id, lines in by_metric.items():
        metric = FIXED.get(metric_id)
        category = figures.catalog.get(metric_id)
        label = metric.name if metric else category.name if category else metric_id
        now = figures.now(metric) if metric else None
        figure = ""
        if metric and now and now.value is not None:
            shown = value_text(rounded(now.value, metric.unit), metric.unit)
            figure = f"{shown}, {now.basis}"
        found.append(view.Compared(label, figure, tuple(lines)))
    return found


async def ladders_of(reading: TeamReading, industry: str | None = None) -> list[LadderRow]:
    """The four ladders with the team's place on each; `industry` in place of the team's own."""
    playbook = reading.services.playbook
    benchmarks, model = playbook.benchmarks, playbook.maturity
    today, zone = reading.today, reading.zone
    assessments, items = await reading.assessments(), await reading.items()
    fresh = fresh_one(assessments, model, today)
    returned = await roi_of(reading)
    cuts = benchmarks.cuts
    adopted = in_use(items, benchmarks.practices, today, cuts.adoption.days, zone)
    kept = await _kept(reading, items, assessments, model, cuts.compliance)
    measured: Mapping[Measure, Measured] = {
        "maturity": of_maturity(assessments, model, today, cuts.maturity),
        "adoption": of_count(adopted, cuts.adoption, fresh, model, ADOPTION),
        "compliance": of_count(kept, cuts.compliance, fresh, model, COMPLIANCE),
        "roi": of_return(returned, cuts.roi),
    }
    return ladder_rows(benchmarks, measured, industry or reading.team.industry)


async def _kept(
    reading: TeamReading,
    items: Sequence[TeamItem],
    assessments: Sequence[Assessment],
    model: MaturityModel,
    cuts: ShareCuts,
) -> tuple[int, int] | str:
    """Dated commitments met before anybody was reminded, of all that fell due."""
    today, zone = reading.today, reading.zone
    since = today - timedelta(days=cuts.days)
    begin, end = (resolve_local(day, time(0), zone) for day in (since, today))
    checkins = [
        CheckinKept(checkin.deadline_at.astimezone(zone).date(), checkin.result is not None)
        for checkin in await reading.checkins()
        if begin <= checkin.deadline_at < end
    ]
    found = commitments(
        [(i, i.done_at.astimezone(zone).date() if i.done_at else None) for i in items],
        checkins,
        [assessment.closed_at.astimezone(zone).date() for assessment in assessments],
        model.due,
        since=since,
        today=today,
    )
    if not found.due:
        return f"nothing with a date fell due in the last {cuts.days} days."
    return found.met, found.due
