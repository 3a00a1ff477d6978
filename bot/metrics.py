"""What the process counts and times, for `/metrics`; never anything about a single person."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot.clock import stopwatch
from domain.delivery import State

#: Slack gives up after 3 s, and a person notices from a tenth of a second on.
ANSWER_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3)
#: From "at once" through the grace of a reminder to that of a summary.
LATENESS_BUCKETS = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 72 * 3600)


class Metrics:
    """Counters of one process in a registry of its own, so that two may live side by side."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter(
            "prodops_requests",
            "Payloads from Slack, by kind, listener and outcome.",
            ("kind", "name", "outcome"),
            registry=registry,
        )
        self.answers = Histogram(
            "prodops_answer_seconds",
            "Time from a payload's arrival to its answer.",
            ("kind",),
            buckets=ANSWER_BUCKETS,
            registry=registry,
        )
        self.refused = Counter(
            "prodops_refused_requests",
            "HTTP requests turned away before anyone looked at their content.",
            ("reason",),
            registry=registry,
        )
        self.deliveries = Counter(
            "prodops_deliveries",
            "Changes of state of prompts, reminders and summaries.",
            ("kind", "state"),
            registry=registry,
        )
        self.lateness = Histogram(
            "prodops_delivery_lateness_seconds",
            "Time from the instant at which a message was due to its sending.",
            ("kind",),
            buckets=LATENESS_BUCKETS,
            registry=registry,
        )
        self.slack_calls = Counter(
            "prodops_slack_calls",
            "Calls of the Web API, by method and result (ok, or Slack's error code).",
            ("method", "result"),
            registry=registry,
        )
        self.ticks = Histogram(
            "prodops_tick_seconds",
            "Duration of the scheduler's jobs.",
            ("job", "outcome"),
            registry=registry,
        )
        # What a fan-out counts for each message: asking for it by its labels takes the longest.
        self._deliveries_of = cache(self.deliveries.labels)
        self._slack_calls_of = cache(self.slack_calls.labels)
        self._in_flight = Gauge(
            "prodops_tasks_in_flight",
            "Background tasks that a shutdown would wait for.",
            registry=registry,
        )

    @contextmanager
    def request(self, kind: str, name: str) -> Iterator[Callable[[str], None]]:
        """Times one payload; the outcome is `ok` unless the yielded function is told another."""
        outcome = "ok"

        def report(word: str) -> None:
            nonlocal outcome
            outcome = word

        begun = stopwatch()
        try:
            yield report
        except BaseException:
            outcome = "failed"
            raise
        finally:
            self.answers.labels(kind).observe(stopwatch() - begun)
            self.requests.labels(kind, name, outcome).inc()

    @contextmanager
    def tick(self, job: str) -> Iterator[None]:
        begun, outcome = stopwatch(), "failed"
        try:
            yield
            outcome = "ok"
        finally:
            self.ticks.labels(job, outcome).observe(stopwatch() - begun)

    def delivery(self, kind: str, state: str) -> None:
        """A delivery reached `state`, and was not sent."""
        self._deliveries_of(kind, state).inc()

    def sent(self, kind: str, late_seconds: Sequence[float]) -> None:
        """Deliveries were sent, each so long after its due instant."""
        self._deliveries_of(kind, State.SENT).inc(len(late_seconds))
        lateness = self.lateness.labels(kind)
        for late in late_seconds:
            lateness.observe(late if late > 0 else 0.0)

    def slack_call(self, method: str, result: str) -> None:
        self._slack_calls_of(method, result).inc()

    def watch_tasks(self, count: Callable[[], float]) -> None:
        """Ask `count` for the tasks in flight whenever the metrics are read."""
        self._in_flight.set_function(count)

    def page(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self.registry)
