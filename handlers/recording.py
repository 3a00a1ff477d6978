"""Recording a week: the one place where a log is stored and all that hangs on it follows."""

from dataclasses import dataclass
from datetime import datetime

from domain.categories import Catalog
from domain.periods import Period
from domain.timesplit import Split, metric_bp
from handlers.services import Services
from handlers.views import prompt, receipts
from handlers.views.blocks import Message
from storage import edits, timesplit
from storage.database import Tx

#: Weeks of one's own history that a receipt compares with.
MEAN_WEEKS = 4
#: How far back a week may be logged or changed.
WEEKS_BACK = 4


@dataclass(frozen=True)
class Recorded:
    """A stored week with what its receipt tells; shares in basis points."""

    period: Period
    split: Split
    catalog: Catalog
    operational: int
    strategic: int
    mean: tuple[int, int, int] | None
    first: bool

    @property
    def receipt(self) -> Message:
        return receipts.receipt(
            period=self.period,
            split=self.split,
            catalog=self.catalog,
            own_operational=self.operational,
            own_strategic=self.strategic,
            own_mean=self.mean,
            first=self.first,
        )

    @property
    def answered_prompt(self) -> Message:
        lines = receipts.receipt_lines(
            split=self.split,
            catalog=self.catalog,
            own_operational=self.operational,
            own_strategic=self.strategic,
            own_mean=self.mean,
        )
        return prompt.answered(self.period, lines)


async def describe(
    tx: Tx, user_id: str, period: Period, split: Split, catalog: Catalog
) -> Recorded:
    """What a receipt says of a week, beside the person's own weeks before it."""
    earlier = [
        log.split
        for log in await timesplit.of_people(
            tx, [user_id], period.shift(-MEAN_WEEKS), period.shift(-1)
        )
        if log.split is not None
    ]
    mean = None
    if earlier:
        count = len(earlier)
        operational = sum(metric_bp(s.shares, "operational_share", catalog) for s in earlier)
        strategic = sum(metric_bp(s.shares, "strategic_share", catalog) for s in earlier)
        mean = (round(operational / count), round(strategic / count), count)
    return Recorded(
        period=period,
        split=split,
        catalog=catalog,
        operational=metric_bp(split.shares, "operational_share", catalog),
        strategic=metric_bp(split.shares, "strategic_share", catalog),
        mean=mean,
        first=mean is None,
    )


async def record(
    services: Services,
    tx: Tx,
    user_id: str,
    period: Period,
    split: Split | None,
    *,
    now: datetime,
    source: str,
    reason: str | None = None,
    clicked: str | None = None,
) -> None:
    """Store a week (None: not applicable) of somebody known; prompts and summaries follow.

    `clicked` is the message the person is looking at, which the caller edits itself.
    """
    await timesplit.record(tx, user_id, period, split, reason=reason, source=source, now=now)
    await touch(services, tx, user_id, period, now, clicked=clicked)


async def touch(
    services: Services,
    tx: Tx,
    user_id: str,
    period: Period,
    now: datetime,
    *,
    clicked: str | None = None,
) -> None:
    """What was sent about this person's week no longer says what is so: have it edited."""
    await edits.want_prompts_edited(tx, user_id, now, period=period, clicked=clicked)
    await edits.want_summaries_edited(tx, user_id, period, now)
    services.wake()
