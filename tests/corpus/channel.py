"""A policy channel over recorded days of the Register: the whole program, day by day, into a loopback Slack.

`python -m tests.corpus.channel FOLDER` (with CORPUS_DIR) replays a recorded week and the year 2025 for the
shipped coalition, and the year for two that `coalition-bot new` makes of their statements. It prints what
the channel got, and writes each line with its reason into FOLDER for a reader.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from bot.alerts.cards import WHY
from bot.alerts.headline import CHANGES
from bot.app.application import App
from bot.config.catalog import above
from bot.config.load import Config
from bot.outbox.model import from_json
from bot.shared.calendar import business_day
from bot.shared.card import Card, Line
from bot.shared.entry import Entry
from bot.shared.wording import slug
from bot.sources.register.documents import document_entry
from bot.store.database import Database
from bot.watch.lexicon import agency_key, shipped
from tests.kit import configs
from tests.kit.configs import FILES, ROOT
from tests.peers.register import RegisterPeer
from tests.peers.slack import SlackPeer
from tests.scenario.kit import SLACK, Clock, Program, copy_files, tokens

HEAT: Final = ROOT / "bot" / "examples" / "heat"
Document = Mapping[str, Any]
LOOKS: Final = (time(12, 50), time(14, 10))  # UTC, on business days; the Register's issue is out before both
_LISTED: Final = 14  # days of issues that the loopback Register has: it looks through all for each request
_WORD: Final = re.compile(r"[a-z0-9]{3,}")
# What many titles share says nothing about which event they are of.
_COMMON: Final = frozenset(
    _WORD.findall(
        "agency information collection activities proposed submission for omb review office management and budget "
        "comment request requests comments notice the approval extension revision renewal currently approved with "
        "without change day proposal rule final correction new privacy act 1974 system records"
    )
)
_NAMES_EARLIER: Final = ("after the earlier", *(f" {verb}" for verb in CHANGES.values()))
_ALIKE: Final = 0.75  # share of the words of two titles


@dataclass(frozen=True)
class Message:
    """What a channel got. `entries`: ids of what it reports; `reply`: in the thread of another message."""

    kind: str
    at: datetime
    card: Card
    entries: tuple[str, ...]
    reply: bool

    @property
    def told(self) -> tuple[str, ...]:
        """What it says beside its entries: duties, questions, or the card itself; without days, which change."""
        sections = [
            part for part in self.card.sections if not part.title.startswith(("Nothing new", "Alerted already"))
        ]
        lines = () if self.entries else tuple(re.sub(r"\d+", "", line.text) for part in sections for line in part.lines)
        return lines or ((re.sub(r"\d+", "", self.card.head),) if self.kind == "deadline" else ())

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.card.sections for line in section.lines if line.url]


@dataclass(frozen=True)
class Channel:
    """What a channel got in a period, and the entries that it was told of, by id."""

    messages: Sequence[Message]
    stored: Mapping[str, Entry]
    reasons: Mapping[str, str]

    @property
    def empty(self) -> list[Message]:
        """Messages that say nothing: without an entry, a date, a duty or a question."""
        return [
            each for each in self.messages if not (each.entries or each.card.dues or each.told or each.kind == "hello")
        ]

    @property
    def repeated(self) -> list[Message]:
        """Messages all of which an earlier one said, on another day."""
        seen, found = set[object](), []
        for each in self.messages:
            said = (each.entries, each.card.dues, each.told or re.sub(r"\d+", "", each.card.head))
            if said in seen and each not in self.empty:
                found.append(each)
            seen.add(said)
        return found

    @property
    def twice(self) -> list[tuple[str, str]]:
        """Titles of one event on two cards, or on two lines of which the later does not name the earlier."""
        return [(one.title, other.title) for one, other in self._alike if not _same_act(one, other)]

    @property
    def series(self) -> list[tuple[str, str]]:
        """Titles of the same act again: a council's next meeting, another company's permit, next year's form."""
        return [(one.title, other.title) for one, other in self._alike if _same_act(one, other)]

    @property
    def _alike(self) -> list[tuple[Entry, Entry]]:
        shown: list[tuple[str, Entry]] = []  # what opened a card or a line of its own
        pairs = []
        for each in self.messages:
            for id_ in each.entries:
                if each.reply or id_ not in self.stored:
                    continue
                entry = self.stored[id_]
                lines = (line.text for line in each.lines if line.url == entry.link)
                told = any(label in text for text in lines for label in _NAMES_EARLIER)
                same = [other for id2, other in shown if _one_event(entry.title, other.title) or id2 == id_]
                if same and not told:
                    pairs.append((same[-1], entry))
                shown.append((id_, entry))
        return pairs

    def read(self) -> list[str]:
        """Each headline with its reason, as a reader sees them."""
        return [text for each in self.messages for text in _texts(each, self.reasons)]


def _same_act(one: Entry, other: Entry) -> bool:
    """Whether a later document does the same again; of one recorded without its action, another day's does."""
    given = one.action and other.action
    return one.action == other.action if given else one.publication_date != other.publication_date


def _telling(text: str) -> set[str]:
    return {*_WORD.findall(text.casefold())} - _COMMON


def _one_event(one: str, other: str) -> bool:
    words, others = _telling(one), _telling(other)
    return bool(words) and len(words & others) >= _ALIKE * len(words | others)


def _texts(message: Message, reasons: Mapping[str, str]) -> Iterable[str]:
    if message.kind == "alert" and not message.card.sections:
        yield f"{message.card.head}\n    {WHY}{next(iter(message.card.why), '')}"
    elif message.kind in ("alert", "digest"):
        for line in message.lines:
            yield f"{line.text}\n    {WHY}{reasons.get(line.url, '')}"


def year(corpus: Path) -> list[dict[str, Any]]:
    with gzip.open(corpus / "federal_register" / "year_2025" / "documents.jsonl.gz", "rt", encoding="utf-8") as file:
        return [_served(json.loads(line)) for line in file]


def week(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "federal_register" / "week_2023-06-12_documents.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def slug_of(name: str) -> str:
    """The API's slug of an agency by its name in the mirror: the Department of the Navy is "navy-department"."""
    known = {agency_key(each): each for each in shipped().authors}
    return known.get(agency_key(name)) or slug(name, 100)


def _served(document: dict[str, Any]) -> dict[str, Any]:
    """A document of the mirror as the Register's API gives it."""
    number, names = document["document_number"], document.get("agencies") or []
    slugs = {slug_of(name): name for name in names if not name.startswith("Part ")}
    agencies = [{"id": each, "name": name, "slug": each, "parent_id": next(filter(slugs.get, above(each)), None)}
                for each, name in slugs.items()]  # fmt: skip
    return document | {"agencies": agencies, "html_url": f"https://www.federalregister.gov/d/{number}"}


def labeled(corpus: Path) -> list[dict[str, Any]]:
    """Documents on or near the shipped coalition's asks, with others of the same days."""
    files = (corpus / "federal_register" / name for name in ("labelled.jsonl", "labelled_2.jsonl"))
    lines = (json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    numbered = {each["document_number"]: each for each in lines if each.get("publication_date")}
    return [_served(each | {"agencies": [_name(agency) for agency in each.get("agencies") or []]})
            for each in numbered.values()]  # fmt: skip


def _name(agency: str | dict[str, str]) -> str:
    """Some labeled documents give an agency with its slug, and without the department it belongs to."""
    return agency if isinstance(agency, str) else agency.get("name") or agency.get("raw_name") or ""


def coalition_of(corpus: Path, cause: str, folder: Path) -> Path:
    """The folder that `coalition-bot new` makes from the statement of a cause, without any answer."""
    said = json.loads((corpus / "federal_register" / "year_2025" / f"cause_{cause}.json").read_text(encoding="utf-8"))
    (folder / "statement.txt").write_text(said["statement"], encoding="utf-8")
    command = [sys.executable, "-m", "bot", "new", str(folder / cause), "--statement", str(folder / "statement.txt")]
    command += ["--name", f"Alliance for {cause}", "--contact", "us@example.org", "--yes"]
    subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    return folder / cause


def configured(folder: Path, root: Path, url: str) -> Config:
    """A coalition's files with the Register alone, and one channel that hears everything."""
    if root == ROOT:
        copy_files(folder)
    else:
        shutil.copytree(root, folder, dirs_exist_ok=True)
    if (root / "letters").exists():
        shutil.copytree(root / "letters", folder / "templates" / "letters")
    feeds, coalition = (YAML(typ="safe").load((root / name).read_text(encoding="utf-8")) for name in FILES)
    listed = [{each: {}} if isinstance(each, str) else each for each in feeds["sources"]]
    feeds["sources"] = {id_: {**section, "enabled": False} for each in listed for id_, section in each.items()}
    feeds["sources"]["register"] = {"kind": "federal-register", "name": "Federal Register", "url": url}
    feeds["channels"] = {"policy": {"to": f"slack:{SLACK}"}, "admin": {"to": "console:admin"}}
    feeds |= {"routes": [{"to": "policy"}], "admin": "admin", "allow_hosts": ["127.0.0.1"]}
    feeds.pop("press", None)
    for name, file in zip(FILES, (feeds, coalition), strict=True):
        (folder / name).write_text(configs.dump(file), encoding="utf-8")
    return configs.load(folder)


async def replay(folder: Path, root: Path, documents: Iterable[Document], days: Iterable[date]) -> Channel:
    """What the channel of a coalition got on these business days, after a silent baseline the day before."""
    issues: dict[date, list[Document]] = defaultdict(list)
    for document in documents:
        issues[date.fromisoformat(document["publication_date"])].append(document)
    days = sorted(day for day in days if business_day(day))
    slack = SlackPeer()
    async with RegisterPeer() as register, slack.running() as url:
        config = configured(folder, root, register.documents_url)
        clock = Clock(datetime.combine(days[0] - timedelta(days=1), LOOKS[0], UTC))
        program = Program(folder, config, clock, tokens(url))
        with program.started() as app:
            for day in (days[0] - timedelta(days=1), *days):
                recent = (issues.get(day - timedelta(days=back), ()) for back in range(_LISTED, -1, -1))
                register.documents = [*chain.from_iterable(recent)]
                for look in LOOKS:
                    clock.at = datetime.combine(day, look, UTC)
                    register.published_until = day
                    await _round(app)
            channel = _channel(app.db, app.config)
            await app.close()
    return channel


def between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def concerning(root: Path, documents: Iterable[Document]) -> list[Document]:
    """The documents that a watch of this coalition matches. The others are read and leave no trace in a channel."""
    with tempfile.TemporaryDirectory() as folder:
        matcher = configured(Path(folder), root, "http://127.0.0.1/").matcher
    return [document for document in documents if matcher.match(document_entry(document, "register"))]


async def _round(app: App) -> None:
    await app.poll_once()
    await asyncio.to_thread(app.compose_now)
    await app.deliver_once()


def _channel(db: Database, config: Config) -> Channel:
    from bot.entries import records
    from bot.watch.model import merged, why

    rows = db.read("SELECT * FROM delivery WHERE channel = 'policy' AND edits IS NULL ORDER BY seq")
    said: dict[str, list[str]] = {}
    for row in db.read("SELECT delivery_id, entry_id FROM delivery_entry ORDER BY entry_id"):
        said.setdefault(row["delivery_id"], []).append(row["entry_id"])
    opened, messages = set[str](), []
    for row in rows:
        if row["kind"] == "pinned" or row["state"] != "sent":
            continue
        reply = row["thread"] in opened
        opened.add(row["thread"])
        at = datetime.fromisoformat(row["created_at"])
        entries = tuple(said.get(row["id"], ()))
        messages.append(Message(row["kind"], at, from_json(row["card"]), entries, reply))
    stored = records.by_ids(db, {id_ for each in messages for id_ in each.entries})
    matches = records.matches_of(db, [each.id for each in stored])
    asks = {number: ask.title for number, ask in config.coalition.asks.items()}
    reasons = {}
    for each in stored:
        found = merged(*(some for (id_, _), some in matches.items() if id_ == each.id))
        reasons[each.entry.link] = next(iter(why(found, asks)), "")
    return Channel(messages, {each.id: each.entry for each in stored}, reasons)


def report(name: str, channel: Channel) -> str:
    """One paragraph of figures."""
    kinds = Counter(each.kind for each in channel.messages)
    empty, repeated, twice = channel.empty, channel.repeated, channel.twice
    share = (len(empty) + len(repeated)) / max(1, len(channel.messages))
    figures = (
        f"{name}: {len(channel.messages)} messages ({', '.join(f'{kind} {n}' for kind, n in kinds.most_common())}); "
        f"{len(channel.messages) - len(empty) - len(repeated)} about something, {len(empty)} empty, "
        f"{len(repeated)} repeated: {share:.1%}; events on two cards: {len(twice)}; "
        f"the same act again: {len(channel.series)}"
    )
    lines = [
        figures,
        *(f"  empty: {each.at:%Y-%m-%d} {each.card.head}" for each in empty),
        *(f"  repeated: {each.at:%Y-%m-%d} {each.card.head}" for each in repeated),
        *(f"  twice: {one} | {other}" for one, other in twice),
    ]
    return "\n".join(lines)


async def main(out: Path) -> None:
    corpus, texts = Path(os.environ["CORPUS_DIR"]), []
    # The mirror of the year leaves out most of what concerns the shipped coalition; the labeled documents have it.
    put_back = [each for each in labeled(corpus) if each["publication_date"].startswith("2025")]
    here = {each["document_number"] for each in put_back}
    all_year = [*put_back, *(each for each in year(corpus) if each["document_number"] not in here)]
    days = between(date(2025, 1, 2), date(2025, 12, 31))
    with tempfile.TemporaryDirectory() as made:
        roots = {cause: coalition_of(corpus, cause, Path(made)) for cause in ("loans", "whales")}
        runs: dict[str, tuple[Path, Sequence[Document], Iterable[date]]] = {
            "shipped, week of 2023": (ROOT, week(corpus), between(date(2023, 6, 12), date(2023, 6, 16))),
            **{f"{cause}, 2025": (root, concerning(root, all_year), days) for cause, root in roots.items()},
            "shipped, 2025": (ROOT, all_year, days),
        }
        for name, (root, documents, looked) in runs.items():
            with tempfile.TemporaryDirectory() as folder:
                channel = await replay(Path(folder), root, documents, looked)
            sys.stdout.write(report(name, channel) + "\n")
            sys.stdout.flush()
            texts += [f"[{name}]", *channel.read()]
            (out / "lines.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
