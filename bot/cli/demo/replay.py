"""The shipped week: what each source would have answered at a given time, a server that does, what people did; and the
shipped configuration with that server's addresses, whose watches, routes and texts process the week.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import TypeAdapter

from bot.app.application import App, build, on_console
from bot.app.wiring import UNPACED
from bot.chat import typed
from bot.cli.starter.files import EXAMPLES, write_example
from bot.commands.model import Call, File, Refusal
from bot.config import load as reading
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.shared.card import Card, Mark
from bot.shared.private_files import copy_private, write_private

EASTERN = ZoneInfo("America/New_York")
ISSUE_IS_UP = time(6)  # the Register's new issue is out by 6 a.m. Eastern
WEEK = Path(__file__).parent / "week"

Record = Mapping[str, Any]
_PACKAGE: Final = Path(__file__).parents[2]
# The shipped feeds.yml, coalition.yml and templates/: in an installed package next to its code, else in the checkout.
SHIPPED: Final = example if (example := _PACKAGE / "example").is_dir() else _PACKAGE.parent
# The shipped feeds.yml has no newspaper; the demo adds two invented ones.
INVENTED: Final = {"demo-press": "Example press wire (demo)", "demo-county": "Sample County newsroom (demo)"}
_ADDRESSES: Final = {
    "federal-register": "/api/v1/documents.json",
    "public-inspection": "/api/v1/public-inspection-documents/current.json",
    "bill-status": "/bulkdata/BILLSTATUS",
}


@dataclass(frozen=True, slots=True)
class Version:
    """A bill's BILLSTATUS file from `since` on."""

    since: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Week:
    """All sources' content in the week; each method returns what is published at `now` (UTC)."""

    documents: tuple[Record, ...]
    filings: tuple[Record, ...]
    bills: Mapping[str, Sequence[Version]]  # file name → versions, oldest first
    items: tuple[Record, ...]  # of all feeds; an item with a `page` replaces its feed with that web page from then on
    look_alikes: tuple[Record, ...]  # titles that share only a word with the coalition's work

    def published(self, now: datetime) -> list[Record]:
        """The Register's documents, newest issue first."""
        return [d for d in reversed(self.documents) if _issue(d["publication_date"]) <= now]

    def on_inspection(self, now: datetime) -> list[Record]:
        """Filings that wait for their issue, and withdrawn ones (they have no publication date)."""
        return [
            f
            for f in self.filings
            if datetime.fromisoformat(f["filed_at"]) <= now
            and (f["publication_date"] is None or now < _issue(f["publication_date"]))
        ]

    def bill(self, name: str, now: datetime) -> Version | None:
        return next((v for v in reversed(self.bills.get(name, ())) if v.since <= now), None)

    def feed(self, name: str, now: datetime) -> list[Record]:
        """A feed's items, newest first."""
        out = [i for i in self.items if i["feed"] == name and datetime.fromisoformat(i["published"]) <= now]
        return sorted(out, key=lambda i: str(i["published"]), reverse=True)


def folder_of(example: str) -> Path:
    """The folder with the week of an example of `bot.cli.starter`, or with the shipped one's for ""."""
    return EXAMPLES / example / "week" if example else WEEK


def load(folder: Path) -> Week:
    """Read a week from its files; the README next to them describes the format."""
    agencies = json.loads((folder / "agencies.json").read_text("utf-8"))

    def spelled_out(row: Record) -> Record:
        return {**row, "agencies": [_agency(slug, agencies) for slug in row["agencies"]]}

    bills: dict[str, list[Version]] = {}
    for file in sorted((folder / "billstatus").glob("*.xml")):
        name, since = file.stem.split(".")
        version = Version(datetime.strptime(since, "%Y%m%dT%H%MZ").replace(tzinfo=UTC), file.read_bytes())
        bills.setdefault(name, []).append(version)
    return Week(
        documents=tuple(map(spelled_out, _lines(folder / "documents.jsonl"))),
        filings=tuple(map(spelled_out, _lines(folder / "public-inspection.jsonl"))),
        bills=bills,
        items=tuple(_lines(folder / "feeds.jsonl")),
        look_alikes=tuple(_lines(folder / "look-alikes.jsonl")),
    )


def _lines(file: Path) -> list[Record]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _issue(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), ISSUE_IS_UP, EASTERN)


def _agency(slug: str, agencies: Mapping[str, Any]) -> Record:
    """An agency in the API's format; an agency's `parent_id` is its department, which comes first."""
    agency = agencies[slug]
    parent = agencies.get(agency["parent"], {}).get("id")
    return {"raw_name": agency["name"], "name": agency["name"], "id": agency["id"], "parent_id": parent, "slug": slug}


# --- a loopback server that answers like the federal sources at the time of a clock ----------------------------------

_LISTS: Final = ("docket_ids", "regulation_id_numbers", "corrections")  # empty, not null, in a document without them
_BATCH: Final = timedelta(days=7)  # days covered by this server's list of changed GovInfo records


class ReplayServer:
    """Serves `week` on a free loopback port; `async with ReplayServer(week, clock) as base` gives its address.

    Addresses: ``/api/v1/documents.json``, ``/api/v1/public-inspection-documents/current.json``,
    ``/bulkdata/BILLSTATUS/{congress}/{type}/{file}.xml``, ``/rss/billstatus-batch.xml`` and ``/feeds/{source id}``.
    """

    def __init__(self, week: Week, clock: Callable[[], datetime]) -> None:
        self.week = week
        self.clock = clock
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/v1/documents.json", self._documents),
                web.get("/api/v1/public-inspection-documents/current.json", self._inspection),
                web.get("/bulkdata/BILLSTATUS/{congress}/{type}/{name}.xml", self._bill),
                web.get("/rss/billstatus-batch.xml", self._batch),
                web.get("/feeds/{name}", self._feed),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _documents(self, request: web.Request) -> web.Response:
        """Answer a search with all its documents on one page, with the fields that the program asks for."""
        names = request.query.getall("fields[]", [])
        results = [
            {name: document.get(name, [] if name in _LISTS else None) for name in names}
            for document in self.week.published(self.clock())
            if _meets(document, request)
        ]
        return web.json_response({"count": len(results), "total_pages": 1, "results": results})

    async def _inspection(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler's form
        filings = self.week.on_inspection(self.clock())
        newest = max((filing["filed_at"] for filing in filings), default=None)
        times = {"special_filings_updated_at": newest, "regular_filings_updated_at": newest}
        return web.json_response({"count": len(filings), **times, "results": filings})

    async def _bill(self, request: web.Request) -> web.Response:
        version = self.week.bill(request.match_info["name"], self.clock())
        if version is None:
            raise web.HTTPNotFound
        answer = web.Response(body=version.body, content_type="application/xml")
        answer.last_modified = version.since
        return answer

    async def _batch(self, request: web.Request) -> web.Response:
        now = self.clock()
        renewed = [(name, version.since) for name in self.week.bills if (version := self.week.bill(name, now))]
        base = f"{request.url.origin()}/bulkdata/BILLSTATUS"
        return _rss(
            {
                "title": name,
                "guid": name,
                "link": f"{base}/{name[11:14]}/{name[14:].rstrip('0123456789')}/{name}.xml",
                "published": since.isoformat(),
            }
            for name, since in renewed
            if now - since <= _BATCH
        )

    async def _feed(self, request: web.Request) -> web.Response:
        items = self.week.feed(request.match_info["name"], self.clock())
        page = next((item["page"] for item in items if "page" in item), None)
        return web.Response(text=page, content_type="text/html") if page else _rss(items)


def _meets(document: Record, request: web.Request) -> bool:
    """Whether a document matches the query: only the conditions that the program uses."""
    query, day, slugs = request.query, document["publication_date"], {each["slug"] for each in document["agencies"]}
    on, first, last = (query.get(f"conditions[publication_date][{edge}]", day) for edge in ("is", "gte", "lte"))
    wanted = query.getall("conditions[agencies][]", [])
    return day == on and first <= day <= last and (not wanted or not slugs.isdisjoint(wanted))


def _rss(items: Iterable[Record]) -> web.Response:
    body = "".join(map(_item, items))
    text = f"<rss version='2.0'><channel><title>The demo's week</title>{body}</channel></rss>"
    return web.Response(text=text, content_type="application/rss+xml")


def _item(item: Record) -> str:
    values = {name: escape(item[name]) for name in ("title", "link", "guid", "summary", "outlet") if name in item}
    outlet = f"<source url='https://example.org/'>{values['outlet']}</source>" if "outlet" in item else ""
    return (
        f"<item><title>{values['title']}</title><link>{values['link']}</link><guid isPermaLink='false'>{values['guid']}"
        f"</guid><pubDate>{format_datetime(datetime.fromisoformat(item['published']))}</pubDate>"
        f"<description>{values.get('summary', '')}</description>{outlet}</item>"
    )


# --- what people do in the week ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One action: a typed command, or a button of the last answer and its form."""

    who: str
    lines: int | None  # of the answer below its head, without --all; None: show nothing
    type: str = ""
    press: str = ""
    fill: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        filled = "".join(f" {name}: {value}." for name, value in self.fill.items() if value != "yes")
        return self.type or f"[{self.press}]{filled}"


@dataclass(frozen=True, slots=True)
class Moments:
    """When the demo polls: `first`, once on each weekday (`looks`), and twice on the next Monday: `digest`, `again`."""

    first: datetime
    looks: Sequence[datetime]
    digest: datetime
    again: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """The part of the week shown without --all, and people's actions."""

    moments: Moments
    letterhead: Mapping[str, str]  # placeholders of the example's coalition.yml, and what the demo prints instead
    cards: Sequence[str]
    digests: Sequence[str]
    look_alikes: Sequence[str]
    people: Sequence[str]
    letter: Sequence[Step]
    press: Sequence[Step]
    deadlines: Sequence[Step]


def load_journey(folder: Path) -> Journey:
    return TypeAdapter(Journey).validate_json((folder / "journey.json").read_bytes())


class People:
    """The people of the demo at their consoles."""

    def __init__(self, app: App, roles: Sequence[str]) -> None:
        self._app = app
        self._actors = {role: app.console_actor(role) for role in roles}
        self._last = Card(mark=Mark.ANSWER, head="")

    async def do(self, step: Step) -> tuple[Card | None, File | None]:
        """The answer to an action. Raises `RuntimeError` if it is refused, which is a bug in the demo."""
        who = self._actors[step.who]
        if step.type:
            commands = self._app.dispatcher.commands_for(who)
            asked = typed.read(step.type, commands, self._app.dispatcher.table)
            assert isinstance(asked, typed.Typed), f"{step.who} has no command {step}"
            path, args = asked.path, asked.args
        else:
            button = next(button for button in self._last.buttons if button.label == step.press)
            path, args = button.path, dict(button.args)
        given, id_ = {**args, **step.fill}, self._app.new_id()
        call = Call(path=path, args=given, platform=who.platform, team=who.team, user=who.user, id=id_)
        answer = await self._app.dispatcher.answer(call)
        if isinstance(answer, Refusal) or answer.form:
            raise RuntimeError(f"{step.who} could not do {step}: {answer}")
        self._last = answer.card or self._last
        return answer.card, answer.file


def lay_out(folder: Path, example: str, letterhead: Mapping[str, str], last_day: date) -> None:
    """Write the files of an example ("": the shipped one) without placeholders, and no check dated after the week.

    Later checks are also true of the week: the statutes were the same, and what was not found later did not exist
    earlier.
    """
    if example:
        write_example(example, folder, SHIPPED)
    else:
        copy_private(SHIPPED / "templates", folder / "templates")
        for name in ("feeds.yml", "coalition.yml"):
            write_private(folder / name, (SHIPPED / name).read_bytes())
    for file in (*folder.glob("*.yml"), *folder.glob("templates/letters/*.yml")):
        text = file.read_text(encoding="utf-8")
        for placeholder, value in letterhead.items():
            text = text.replace(placeholder, value)
        text = re.sub(r"^example: true\n", "", text, flags=re.MULTILINE)
        text = re.sub(r"checked_on: \S+", f"checked_on: {last_day}", text)
        write_private(file, text.encode())


def config(week: Week, base: str, folder: Path) -> Config:
    """The configuration in `folder`, with every source at `base` and every channel on the console."""
    shipped = on_console(reading.load(folder / "feeds.yml", folder / "coalition.yml"))
    sources = {id_: _replayed(id_, source, week, base) for id_, source in shipped.feeds.sources.items()}
    for id_, name in INVENTED.items():
        source = _feed(name)
        sources[id_] = _replayed(id_, source, week, base)
    changes = {"sources": sources, "safety": None, "allow_hosts": ("127.0.0.1",)}
    return replace(shipped, feeds=shipped.feeds.model_copy(update=changes))


def open_app(config: Config, database: Path, *, clock: Callable[[], datetime], out: TextIO | None = None) -> App:
    """The real program on this database. Reads no environment variable and no `.env`, so no real tokens."""
    settings = Settings.model_construct(database_url=f"sqlite:///{database}")
    # Loopback needs no pause between two requests or two messages.
    return build(settings, config, clock=clock, limits=UNPACED, pace=timedelta(0), out=out)


def _feed(name: str) -> SourceConfig:
    return SourceConfig.model_validate({"kind": "feed", "name": name})


def _replayed(id_: str, source: SourceConfig, week: Week, base: str) -> SourceConfig:
    """The source at `base`; disabled if the week has no items for it, unless the feed may be empty."""
    if source.kind in _ADDRESSES:
        return source.model_copy(update={"url": base + _ADDRESSES[source.kind]})
    empty = source.is_feed and source.may_be_empty
    on = source.enabled
    recorded = any(item["feed"] == id_ for item in week.items)
    if recorded and not source.is_feed:  # the week has what it brought as the items of a feed
        source = _feed(source.name).model_copy(update={"every": source.every})
    return source.model_copy(
        update={"url": f"{base}/feeds/{id_}", "enabled": on and (empty or recorded), "fallbacks": ()}
    )
