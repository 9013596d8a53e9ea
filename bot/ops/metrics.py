"""The figures of a running bot in the text format of Prometheus.

Labels have ids and kinds only: never a title, a person or an address. The number of their values is bounded by the
configuration and by `_MOST_SOURCES`.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.config.load import Config
from bot.entries import source_records
from bot.ops import backup as backup_copies
from bot.ops.pulse import Pulse
from bot.outbox import connections, holds, queued
from bot.shared.platforms import NAMES
from bot.store import memo
from bot.store.database import Reader, StoreUnusable

_MOST_SOURCES: Final = 500  # the others count as one, "other": every label value costs the server memory
# Slack and Discord wait for three seconds.
_ACKNOWLEDGED: Final = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)
_LATE: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics(Collector):
    """Counts what happens in this process, and reads the rest from the store when it is asked."""

    def __init__(self, db: Reader, config: Callable[[], Config], pulse: Pulse, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._config = config
        self._pulse = pulse
        self._clock = clock
        disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the series, for times nobody asks for
        self.registry = CollectorRegistry()
        self._attempts = Counter(
            "coalition_bot_delivery_attempts",
            "Attempts to post a message, by platform and outcome.",
            ["platform", "outcome"],
            registry=self.registry,
        )
        self._acknowledgements = Histogram(
            "coalition_bot_acknowledgement_seconds",
            "From a request's arrival to its acknowledgment.",
            ["platform"],
            buckets=_ACKNOWLEDGED,
            registry=self.registry,
        )
        self._lateness = Histogram(
            "coalition_bot_event_loop_lateness_seconds",
            "How late the event loop woke, measured once a second.",
            buckets=_LATE,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def attempted(self, platform: str, outcome: str) -> None:
        self._attempts.labels(platform, outcome).inc()

    def acknowledged(self, platform: str, seconds: float) -> None:
        self._acknowledgements.labels(platform).observe(seconds)

    def late(self, seconds: float) -> None:
        self._lateness.observe(seconds)

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: the registry would collect to find the names, before the store is in use."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        config, now = self._config(), self._clock()
        try:
            stored = [*self._sources(config, now), *self._outbox(config, now), *self._loops(), *self._host()]
        except StoreUnusable:  # the page shows the others' figures
            stored = []
        return [_usable(bool(stored)), *stored]

    def _sources(self, config: Config, now: datetime) -> Iterable[GaugeMetricFamily]:
        lag = _gauge("source_lag_seconds", "How long a source's next check is overdue.", "source")
        success = _gauge("source_last_success_timestamp_seconds", "When a source last answered.", "source")
        healthy = _gauge("source_healthy", "1 if a source's last answer was good.", "source")
        states = source_records.source_states(self._db)
        active = [id_ for id_ in config.feeds.enabled if id_ in states]
        for id_ in active[:_MOST_SOURCES]:
            state = states[id_]
            lag.add_metric([id_], max(0.0, (now - state.due_at).total_seconds()))
            healthy.add_metric([id_], float(state.health.good))
            if state.memory.last_success_at:
                success.add_metric([id_], state.memory.last_success_at.timestamp())
        if rest := [states[id_] for id_ in active[_MOST_SOURCES:]]:
            lag.add_metric(["other"], max(0.0, *((now - state.due_at).total_seconds() for state in rest)))
            healthy.add_metric(["other"], float(all(state.health.good for state in rest)))
        return lag, success, healthy

    def _outbox(self, config: Config, now: datetime) -> Iterable[GaugeMetricFamily]:
        queue = _gauge("queue_deliveries", "Messages that wait or failed, by state.", "state")
        counts = queued.counts(self._db)
        for state in queued.UNSENT:
            queue.add_metric([state.value], counts.get(state, 0))
        oldest = _gauge("delivery_oldest_age_seconds", "How long the oldest overdue message has waited.", "platform")
        late = queued.oldest_by_platform(self._db, mail_per_hour=config.mail_per_hour, now=now)
        for platform, since in late.items():
            oldest.add_metric([platform], max(0.0, (now - since).total_seconds()))
        paused = _gauge("holds", "Holds by what they stop: all, a platform or a channel.", "kind")
        kinds = Tally(hold.scope.partition(":")[0] for hold in holds.in_effect(self._db, now=now))
        for kind in ("all", "platform", "channel"):
            paused.add_metric([kind], kinds[kind])
        return queue, oldest, paused

    def _loops(self) -> Iterable[GaugeMetricFamily]:
        step = _gauge("loop_last_step_timestamp_seconds", "When a loop last finished a step or failed.", "loop")
        failures = _gauge("loop_failures", "Failed steps of a loop in a row.", "loop")
        for loop in self._pulse.loops():
            step.add_metric([loop.name], loop.at.timestamp())
            failures.add_metric([loop.name], loop.failures)
        return step, failures

    def _host(self) -> Iterable[GaugeMetricFamily]:
        down = _gauge("connection_down", "1 while commands and buttons of a platform do not work.", "platform")
        for name in NAMES:
            down.add_metric([name], float(bool(memo.get_memo(self._db, connections.memo_name(name)))))
        backup = _gauge("backup_last_timestamp_seconds", "When the last backup or export was made.")
        if copies := backup_copies.recorded_copies(self._db):
            backup.add_metric([], copies[-1].made_at.timestamp())
        return down, backup


class _Labeled(Collector):
    """The figures of coalitions, each with the label `coalition`; see `page`."""

    def __init__(self, metrics: Mapping[str, Metrics | None]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for coalition, metrics in self._metrics.items():
            for family in metrics.registry.collect() if metrics else [_usable(False)]:
                of_process = family.name.startswith("process_")
                if of_process and family.name in families:  # the same for all
                    continue
                whole = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                label = {} if of_process else {"coalition": coalition}
                whole.samples += [sample._replace(labels={**sample.labels, **label}) for sample in family.samples]
        return families.values()


def page(metrics: Mapping[str, Metrics | None]) -> tuple[bytes, str]:
    """Return the page of figures of these coalitions and its content type. Reads their stores; raises `StoreError` if
    that fails. None: the coalition cannot be opened.
    """
    return generate_latest(_Labeled(metrics)), CONTENT_TYPE_PLAIN_0_0_4


def _usable(usable: bool) -> GaugeMetricFamily:
    family = _gauge("store_usable", "0 while the store of this coalition, one of several, cannot be used.")
    family.add_metric([], float(usable))
    return family


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"coalition_bot_{name}", text, labels=labels)
