"""Back-test a watch on the last 90 days and show the result before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.alerts.preview import backtest_window, report_sections
from bot.commands.model import Context, Reply
from bot.commands.replies import answer
from bot.config.feeds import WatchConfig
from bot.config.load import watch_of
from bot.overrides.drafts import changed, keep_draft
from bot.overrides.overlay import WATCH, Change, watch_body
from bot.overrides.records import Draft
from bot.shared import wording
from bot.shared.card import Button
from bot.watch.backtest import Report
from bot.watch.model import Level, Watch


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of a back-test. `compared`: with the current watch of that id."""

    id: str
    watch: WatchConfig
    report: Report
    compared: bool


def back_test(ctx: Context, id_: str, watch: WatchConfig) -> Trial:
    """Test a watch on the last 90 days, which can take seconds. Raises `Refused` if the watch is invalid."""
    changed(ctx, Change(kind=WATCH, name=id_, body=watch_body(watch)))
    current = ctx.config.feeds.watches.get(id_)
    before = watch_of(id_, current) if current else None
    return Trial(
        id_, watch, backtest_window(ctx.tx, watch_of(id_, watch), before, ctx.now), compared=current is not None
    )


def preview(ctx: Context, trial: Trial) -> Reply:
    """Save the draft and show it: the watch in words, and what it would have matched."""
    args = keep_draft(ctx, WATCH, Draft(trial.id, watch_body(trial.watch)))
    return answer(
        f"Not saved yet: “{trial.watch.name or trial.id}”",
        looks_for(watch_of(trial.id, trial.watch)),
        f"Posts: {_manner(trial.watch)}",
        sections=report_sections(trial.report, compared=trial.compared),
        buttons=(Button("Save", "watch save", args, "primary"), Button("Change", "watch change", args)),
    )


def looks_for(watch: Watch) -> str:
    limits = [*watch.kinds, *watch.sources]
    return f"Looks for: {watch.query.in_words()}{f', only in {wording.listed(limits)}' if limits else ''}"


def _manner(watch: WatchConfig) -> str:
    how = "an alert at once" if watch.level is Level.ALERT else "a line in the digest"
    return f"{how}, {wording.asks(watch.asks) or 'a policy watch'}"
