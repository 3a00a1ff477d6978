"""The tables. Each carries its workspace; amounts are integers, times UTC, periods text."""

from storage.schema.audience import rollups, summary_channels
from storage.schema.base import Instant, metadata
from storage.schema.checklist import checklist_items, item_events
from storage.schema.decisions import decisions
from storage.schema.deliveries import agenda, deliveries, delivery_events, received_events
from storage.schema.goals import goals, product_ops_people, roi_inputs
from storage.schema.learning import quiz_runs
from storage.schema.maturity import checkin_raters, checkins, ratings
from storage.schema.pace import pace
from storage.schema.people import absences, people, workspaces
from storage.schema.summaries import insight_showings, released_weeks
from storage.schema.teams import leads, memberships, teams
from storage.schema.timesplit import category_overrides, split_history, split_shares, splits

__all__ = [
    "Instant",
    "absences",
    "agenda",
    "category_overrides",
    "checkin_raters",
    "checkins",
    "checklist_items",
    "decisions",
    "deliveries",
    "delivery_events",
    "goals",
    "insight_showings",
    "item_events",
    "leads",
    "memberships",
    "metadata",
    "pace",
    "people",
    "product_ops_people",
    "quiz_runs",
    "ratings",
    "received_events",
    "released_weeks",
    "roi_inputs",
    "rollups",
    "split_history",
    "split_shares",
    "splits",
    "summary_channels",
    "teams",
    "workspaces",
]
