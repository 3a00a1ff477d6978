"""What is counted shows on the page, by kind and outcome and never by person."""

import pytest

from bot.metrics import Metrics


def value(metrics: Metrics, sample: str, /, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(sample, labels)


def test_a_request_is_counted_by_its_outcome_and_timed() -> None:
    metrics = Metrics()
    with metrics.request("command", "log"):
        pass
    with metrics.request("command", "log") as outcome:
        outcome("refused")
    with pytest.raises(ValueError, match="no"), metrics.request("command", "log"):
        raise ValueError("no")
    for outcome_name in ("ok", "refused", "failed"):
        labels = {"kind": "command", "name": "log", "outcome": outcome_name}
        assert value(metrics, "prodops_requests_total", **labels) == 1
    assert value(metrics, "prodops_answer_seconds_count", kind="command") == 3


def test_a_delivery_counts_its_state_and_how_late_it_was() -> None:
    metrics = Metrics()
    metrics.delivery("prompt", "skipped")
    metrics.sent("prompt", [-0.2, 70])
    assert value(metrics, "prodops_deliveries_total", kind="prompt", state="sent") == 2
    assert value(metrics, "prodops_deliveries_total", kind="prompt", state="skipped") == 1
    assert value(metrics, "prodops_delivery_lateness_seconds_count", kind="prompt") == 2
    assert value(metrics, "prodops_delivery_lateness_seconds_sum", kind="prompt") == 70


def test_a_tick_that_fails_is_seen() -> None:
    metrics = Metrics()
    with metrics.tick("plan"):
        pass
    with pytest.raises(ValueError, match="no"), metrics.tick("plan"):
        raise ValueError("no")
    assert value(metrics, "prodops_tick_seconds_count", job="plan", outcome="ok") == 1
    assert value(metrics, "prodops_tick_seconds_count", job="plan", outcome="failed") == 1


def test_tasks_in_flight_are_asked_for_when_the_page_is_read() -> None:
    metrics, tasks = Metrics(), ["one"]
    metrics.watch_tasks(lambda: len(tasks))
    tasks.append("two")
    assert b"prodops_tasks_in_flight 2.0" in metrics.page()


def test_two_processes_worth_of_metrics_live_side_by_side() -> None:
    one, other = Metrics(), Metrics()
    one.slack_call("chat.postMessage", "ok")
    labels = {"method": "chat.postMessage", "result": "ok"}
    assert value(one, "prodops_slack_calls_total", **labels) == 1
    assert value(other, "prodops_slack_calls_total", **labels) is None
