"""Pictures in chat and mail: alerts by week at the month's first digest, and a sign-on's progress at its reminder.

A picture is drawn once, outside transactions, for mail and channels that take files; elsewhere the board has it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from bot.alerts import digest, posted
from bot.alerts.plan import routed_asks
from bot.commands.model import File, Job, Work
from bot.letters import notices, records, wording
from bot.letters.lifecycle import State
from bot.outbox.messages import Place, place, post
from bot.printing.documents import DocumentProblem, rendered
from bot.shared.card import Card, Line, Mark
from bot.shared.platforms import BLIND

log = logging.getLogger(__name__)
_WIDTH: Final = 560  # pixels of a drawing, as templates have it
_LEAST: Final = 4  # weeks with an alert; fewer show no trend
_KIND: Final = "picture"  # of deliveries
Part = tuple[str, str, str]  # a drawing's title, the drawing, and its sentence
Due = tuple[Place, str, str, Card, Sequence[Part]]  # where to, its name, its thread, the message and its drawings


def compose(job: Job) -> None:
    """Post the pictures that are due."""
    with job.write() as work:
        due = [*_by_week(work), *_sign_ons(work)]
    for to, name, thread, card, parts in due:
        files = _drawn(job, name, card.head, parts)
        with job.write() as work:
            post(work, to, name, card, kind=_KIND, thread=to.thread(thread), files=files)


def by_week(job: Job) -> tuple[File, ...]:
    """The alerts of all asks by week, for mail; nothing if they show no trend or cannot be drawn."""
    with job.write() as work:
        shown = _trend(work, ())
    return _drawn(job, "alerts:mail", shown[0].head, shown[1]) if shown else ()


def _drawn(job: Job, name: str, head: str, parts: Sequence[Part]) -> tuple[File, ...]:
    from bot.site import charts  # noqa: PLC0415 - memory that an idle bot does not need

    drawn = [{"title": title, "svg": drawing and charts.as_file(drawing, _WIDTH)} for title, drawing, _ in parts]
    try:
        data = rendered("drawing.png.typ", {"head": head, "parts": drawn}, job.config.folder)
    except DocumentProblem as problem:
        log.warning("%s is posted without its picture: %s", name, problem)
        return ()
    alt = ". ".join([head, *(sentence for *_, sentence in parts if sentence)])
    return (File(f"{name.partition(':')[0]}.png", "image/png", data, alt),)


def _by_week(work: Work) -> Iterator[Due]:
    first = work.today.replace(day=1)  # a week changes little of half a year
    name, feeds, asks = f"alerts:{first}", work.config.feeds, work.config.coalition.asks
    for audience, at in posted.last_posted(work.tx, digest.KIND).items():
        day, own = work.config.coalition.day(at), routed_asks(audience, feeds, asks)
        due = own and day >= first and audience in feeds.channels and _is_due(work, to := place(audience, feeds), name)
        if due and (shown := _trend(work, own if len(own) < len(asks) else ())):
            yield to, name, f"digest:{day}", *shown


def _trend(work: Work, only: Collection[int]) -> tuple[Card, Sequence[Part]] | None:
    """The alerts of all asks, or of `only` some, by week; None if few weeks have one."""
    from bot.site.board import figures  # noqa: PLC0415

    chart = figures.alerts_by_week(work, figures.half_year(work.today), only)
    if sum(any(str(count) != "0" for count in counts) for _, *counts in chart.table.rows) < _LEAST:
        return None
    parts = [(row.label, row.picture, row.sentence) for row in chart.rows if row.total]
    lines = tuple(Line(sentence) for *_, sentence in parts)
    card = Card(mark=Mark.ANSWER, head=chart.finding, lines=lines, foot=f"{chart.measure} {chart.source}")
    return card, [*parts, ("", chart.axis, ""), (chart.measure, "", "")]


def _sign_ons(work: Work) -> Iterator[Due]:
    to = notices.sign_on_channel(work.config)
    for letter in records.letters(work.tx, (State.OPEN,)):
        name = f"sign-on:{letter.id}:{letter.version.number}"
        if to and letter.reminded_at and letter.is_open(work.now) and _is_due(work, to, name):
            from bot.site import charts  # noqa: PLC0415

            status = notices.sign_on_status(work.tx, work.config, letter, work.now)
            signed, declined = (len(set(ids) & set(status.members)) for ids in (status.signed, status.declined))
            drawing = charts.segments(signed, len(status.members) - signed - declined, declined)
            head = f"{letter.name}: {status.progress} signed, sign-on {wording.deadline_text(status)}"
            yield to, name, notices.thread_key(letter), wording.notice(letter, head), [("", drawing, "")]


def _is_due(work: Work, to: Place, name: str) -> bool:
    return to.platform not in BLIND and posted.newest_named(work.tx, to.channel, to.key(name)) is None
