"""Ask the live sources once, for `check --online` and to try watches on what they list. Nothing is stored or posted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from bot.alerts.cards import day_of
from bot.alerts.source_health import advice
from bot.app import wiring
from bot.app.application import utc_now
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.media.news.reading import Reading
from bot.outbox.channels import channels_of
from bot.outbox.model import Channel, CheckPermissions, Permissions
from bot.shared.answer import Answer, Fetched, FetchFailed, Finding, Health, Memory, NotModified, Source, State, outcome
from bot.shared.entry import Entry
from bot.shared.mail_address import domain_of
from bot.shared.private_files import write_private
from bot.shared.wording import number
from bot.sources.register.federal_register import FederalRegister
from bot.watch.backtest import Report, backtest
from bot.watch.model import Watch

_PATIENCE: Final = 60  # seconds for one channel; sources keep to the fetcher's limits
_LISTING_PATIENCE: Final = timedelta(minutes=2)  # the Federal Register's 90 days are some seven answers of a megabyte


async def check_online(
    settings: Settings, config: Config, note: Callable[[str, SourceConfig, Answer], object] = lambda *_: None
) -> list[Finding]:
    """Ask every source and check every channel, service and mail server once. Needs no database.

    Sources and channels are in the order of feeds.yml. If no source can be reached, a single finding reports that for
    all of them; otherwise `note` gets what each answered.
    """
    fetcher = wiring.fetcher(config)
    rights = wiring.check_permissions(settings)
    try:
        sources, channels = await asyncio.gather(
            _check_sources(wiring.sources(settings, config, fetcher), config.feeds.sources, note),
            asyncio.gather(*(_check_channel(each, rights) for each in channels_of(config.feeds).values())),
        )
        findings = [*sources, *channels]
        if api := wiring.regulations_gov(settings, fetcher):
            answer = await outcome(api.by_number("2025-00001", utc_now()))
            if isinstance(answer, FetchFailed):
                to_do = "Check REGULATIONS_GOV_API_KEY in .env."
                findings.append(Finding("regulations.gov", State.BAD, answer.detail, to_do))
            else:
                findings.append(Finding("regulations.gov", State.GOOD, "answers, and takes the key"))
        if settings.smtp_url is not None:
            # Their libraries only where mail is used.
            from bot.chat.mail.domain_records import check_domain  # noqa: PLC0415
            from bot.chat.mail.platform import check_mail, originator  # noqa: PLC0415

            findings += await check_mail(settings, utc_now, config.coalition.tz)
            findings += await check_domain(domain_of(originator(settings).address))
        return findings
    finally:
        await fetcher.close()


async def _check_sources(
    sources: Mapping[str, Source],
    configs: Mapping[str, SourceConfig],
    note: Callable[[str, SourceConfig, Answer], object],
) -> list[Finding]:
    answers = await asyncio.gather(*(source.poll(Memory(), utc_now()) for source in sources.values()))
    unreached = [a for a in answers if isinstance(a, FetchFailed) and a.health is Health.UNREACHABLE]
    if len(answers) > 1 and len(unreached) == len(answers):
        what = f"none of {len(answers)} sources can be reached ({unreached[0].detail})"
        advice_ = "Check that this machine is online and can open HTTPS connections to other hosts."
        return [Finding("network", State.BAD, what, advice_)]
    for id_, answer in zip(sources, answers, strict=True):
        note(id_, configs[id_], answer)
    return [
        _source(source, configs[id_], answer) for (id_, source), answer in zip(sources.items(), answers, strict=True)
    ]


def _source(source: Source, config: SourceConfig, answer: Answer) -> Finding:
    subject = f"source: {source.name}"
    if isinstance(answer, NotModified):  # cannot happen without validators, but still counts as an answer
        return Finding(subject, State.GOOD, "answers")
    if isinstance(answer, Fetched) and answer.health.good:
        seen = f"last confirmed {config.verified}" if config.verified != "no" else "never confirmed before"
        return Finding(subject, State.GOOD, f"{number(len(answer.entries), 'entry', 'entries')}; {seen}")
    detail = f"{answer.health.label}: {answer.detail}" if answer.detail else answer.health.label
    return Finding(subject, State.LOOK, detail, advice(answer.health))


async def _check_channel(channel: Channel, rights: CheckPermissions) -> Finding:
    """Ask the channel's platform what the bot may do there: post, and read the channel's history after a crash."""
    subject = f"channel: {channel.name}"
    if channel.platform == "console":
        return Finding(subject, State.GOOD, "printed here")
    try:
        async with asyncio.timeout(_PATIENCE):
            permissions = await rights(channel)
    except TimeoutError:
        permissions = Permissions(unknown=f"{channel.platform} did not answer")
    if permissions.unknown == wiring.NOT_CHECKED:
        return Finding(subject, State.GOOD, "was not asked: it can only be posted to")
    if problems := "; ".join(filter(None, (permissions.unknown, *permissions.lacking))):
        return Finding(subject, State.BAD, problems)
    return Finding(subject, State.GOOD, f"{channel.platform} answers, the bot can post and read the history")


@dataclass(frozen=True, slots=True)
class Seen:
    """One source on one day. `dated` and `worded`: how many of its entries have a date, and text besides the title."""

    source: str
    day: str
    network: str  # as the person who checked calls it: "home", "cloud"
    road: str  # "feed of dol.gov"
    health: str
    detail: str
    entries: int
    dated: int
    worded: int
    newest: str  # the day of the newest entry, "" if none has one


class Record:
    """What `check --online --save` saw of each source, one line of JSON each, in a file that a maintainer can commit.

    The catalog reads `bot/config/seen.jsonl`: a source that answered is `verified` on the day of its line. A line has
    no address and no text of the source, so nothing in it is secret.
    """

    def __init__(self, network: str, now: datetime) -> None:
        self._network = network
        self._day = now.date().isoformat()
        self._lines: list[Seen] = []

    def note(self, id_: str, config: SourceConfig, answer: Answer) -> None:
        """Add the line of what a source answered."""
        entries = answer.entries if isinstance(answer, Fetched) else ()
        days = [str(entry.publication_date or (entry.published and entry.published.date()) or "") for entry in entries]
        health, detail = (Health.UNCHANGED, "") if isinstance(answer, NotModified) else (answer.health, answer.detail)
        line = Seen(
            source=id_,
            day=self._day,
            network=self._network,
            road=config.label,
            health=health.value,
            detail=detail,
            entries=len(entries),
            dated=sum(map(bool, days)),
            worded=sum(bool(entry.summary or entry.text or entry.quotes or entry.passages) for entry in entries),
            newest=max(days, default=""),
        )
        self._lines.append(line)

    def save(self, path: Path) -> None:
        """Write the lines into the file, sorted, in place of older ones of the same sources and networks."""
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        lines = {(line["source"], line["network"]): line for line in map(json.loads, before)}
        lines |= {(line.source, line.network): asdict(line) for line in self._lines}
        text = "".join(f"{json.dumps(lines[key], ensure_ascii=False)}\n" for key in sorted(lines))
        write_private(path, text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the sources listed, with its times. `failed`: why a source gave nothing, by its name."""

    entries: Sequence[tuple[Entry, datetime]]
    asked: int
    failed: Mapping[str, str]
    since: datetime
    until: datetime

    def report(self, watch: Watch) -> Report:
        """The watch's matches among these entries."""
        return backtest(watch, None, self.entries, self.since, self.until)


async def listing(
    settings: Settings, config: Config, since: datetime, now: datetime, note: Callable[[str, Answer], object]
) -> Listing:
    """Ask each source once for all it lists, the Register for all since then. `note` gets its name and answer."""
    fetcher = wiring.fetcher(config)
    asked = dict(config.feeds.sources)
    for id_, source in asked.items():
        if source.reader is FederalRegister:
            asked[id_] = source.model_copy(update={"lookback": now - since})
    config = replace(config, feeds=config.feeds.model_copy(update={"sources": asked}))
    sources = wiring.sources(settings, config, fetcher)
    try:
        answers = await asyncio.gather(*(_in_time(source, now, note) for source in sources.values()))
    finally:
        await fetcher.close()
    read = [answer for answer in answers if isinstance(answer, Fetched)]
    names = [config.feeds.sources[id_].name for id_ in sources]
    failed = {name: end.detail for name, end in zip(names, answers, strict=True) if isinstance(end, FetchFailed)}
    reading = Reading(config.coalition)  # as the running bot does: names of minors and people harmed are withheld
    entries = [(reading.read(entry)[0], _when(entry, now)) for answer in read for entry in answer.entries]
    return Listing(entries=entries, asked=len(sources), failed=failed, since=since, until=now + timedelta(days=1))


async def _in_time(source: Source, now: datetime, note: Callable[[str, Answer], object]) -> Answer:
    seconds, answer = _LISTING_PATIENCE.total_seconds(), None
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            answer = await source.poll(Memory(), now)
    answer = answer or FetchFailed(Health.UNREACHABLE, f"no full answer within {seconds:.0f} seconds")
    note(source.name, answer)
    return answer


def _when(entry: Entry, now: datetime) -> datetime:
    """When it was published; now if the source does not say, as with the lines of a page."""
    day = day_of(entry)
    return entry.published or (datetime.combine(day, time(12), UTC) if day else now)
