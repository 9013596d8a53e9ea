"""A small table of commands, the real dispatcher over a real store, and Discord's face over both."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.discord.frontend import DiscordFrontend
from bot.chat.discord.responder import Responder
from bot.commands.model import STAFF, Choice, Command, Context, File, Form, FormField, Kind, Param, Refused, Reply, Role
from bot.config.load import Config
from bot.config.settings import Settings
from bot.people import records
from bot.people.dispatch import Dispatcher
from bot.people.model import Account, Person
from bot.shared.card import Button, Card, Line, Mark
from bot.store import address
from bot.store.database import Database
from tests.kit import stores
from tests.kit.alerts import COALITION, TUESDAY, feeds

CONFIG = Config(feeds(), COALITION, ())
CDN = "https://cdn.discordapp.com"
LEVELS = (Choice("alert", "At once"), Choice("digest", "In the digest"))
OFFICES = tuple(Choice(f"office-{number}", f"Office {number}") for number in range(1, 41))


def says(head: str, *buttons: Button, **rest: Any) -> Reply:
    return Reply(card=Card(mark=Mark.ANSWER, head=head, buttons=buttons), **rest)


def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    ctx.note(args["query"], "", "added")
    return says("Saved: " + ", ".join(f"{name} {value}" for name, value in args.items()))


def recent(ctx: Context, args: Mapping[str, str]) -> Reply:
    button = Button("Assign to me", "alerts take", (("item", "4f2c81"),))
    return says("One alert", button, Button("Why", "alerts why"), Button("Note", "alerts note"), public=True)


def take(ctx: Context, args: Mapping[str, str]) -> Reply:
    ctx.note(args["item"], "", ctx.actor.name)
    return says(f"One alert, taken by {ctx.actor.name}", replaces=True)


def note(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Wants a text of ten letters at least, so that a form can be filled in wrong."""
    text, about = args.get("text", ""), {"about": args["about"]} if "about" in args else {}
    if not text:
        fields = (FormField(NOTE, "Your own words", "so far"),)
        return Reply(form=Form(title="Note", path="alerts note", fields=fields, args=about))
    if about == {"about": "nothing"}:
        raise Refused("There is nothing of that name.", param="about")
    if len(text) < 10:
        raise Refused("A note wants ten letters at least.", param="text")
    return says(", about ".join((f"Noted: {text}", *about.values())))


def letter(ctx: Context, args: Mapping[str, str]) -> Reply:
    ctx.note(f"letter to {args['to'][:8]}", "", "drafted")
    return says("The letter", file=File("letter.txt", "text/plain", args["text"].encode()))


def office(ctx: Context, typed: str) -> Sequence[Choice]:
    return [choice for choice in OFFICES if typed.casefold() in choice.label.casefold()]


pause = asyncio.sleep  # a test may set another


async def slow(seconds: Any, args: Mapping[str, str]) -> None:
    await pause(float(args["seconds"]))


def why(ctx: Context, args: Mapping[str, str]) -> Reply:
    return Reply(
        card=Card(mark=Mark.ANSWER, head="Why", lines=(Line(f"asked in {ctx.call.team} by {ctx.actor.name}"),))
    )


NOTE = Param("text", "what to remember", kind=Kind.LONG, required=False, longest=2_000)
ABOUT = Param("about", "which alert", required=False)
SECONDS = Param("seconds", "how long it takes", kind=Kind.NUMBER)
HOW = Param("how", "seen by", choices=(Choice("public", "All"), Choice("form", "A form")), required=False)


def late(ctx: Context, args: Mapping[str, str]) -> Reply:
    if args.get("how") == "form":
        return Reply(form=Form(title="Note", path="alerts note", fields=(FormField(NOTE, "Text"),)))
    return says("Here at last", public=args.get("how") == "public")


def late_take(ctx: Context, args: Mapping[str, str]) -> Reply:
    return says("Changed at last", replaces=True)


COMMANDS = (
    Command(
        group="watch",
        verb="add",
        help="Watch for words in what the government says, so that nobody has to read all of it every single morning",
        example='/watch add query:"T visa"',
        handler=add,
        changes=True,
        who=STAFF,
        params=(
            Param("query", "the words to look for", longest=60),
            Param("asks", "the number of an ask", kind=Kind.NUMBER, required=False),
            Param("level", "how soon to tell", choices=LEVELS, required=False),
            Param("quiet", "say nothing now", kind=Kind.YES_NO, required=False),
            Param("office", "whose business it is", complete=office, required=False),
        ),
    ),
    Command(group="alerts", verb="recent", help="The latest", example="/alerts recent", handler=recent),
    Command(group="alerts", verb="why", help="Why", example="/alerts why", handler=why),
    Command(
        group="alerts",
        verb="take",
        help="Take one on",
        example="/alerts take",
        handler=take,
        changes=True,
        hidden=True,
        params=(Param("item", "which"),),
    ),
    Command(group="alerts", verb="note", help="Note", example="/alerts note", handler=note, params=(NOTE, ABOUT)),
    Command(
        group="letter",
        verb="draft",
        help="Write a letter",
        example="/letter draft to:office-1",
        handler=letter,
        changes=True,
        params=(
            Param("to", "whom", complete=office),
            Param("text", "what it says", kind=Kind.LONG, longest=4_000),
            Param("level", "how soon", choices=LEVELS),
        ),
    ),
    Command(
        group="late",
        verb="answer",
        help="Slow",
        example="/late answer seconds:5",
        handler=late,
        fetch=slow,
        params=(SECONDS, HOW),
    ),
    Command(
        group="late",
        verb="take",
        help="Slow",
        example="/late take seconds:5",
        handler=late_take,
        fetch=slow,
        hidden=True,
        params=(SECONDS,),
    ),
)


class House:
    """The bot behind the frontend: its store, its dispatcher, its memory and its notices."""

    def __init__(self, folder: Path, commands: Sequence[Command] = COMMANDS, config: Config = CONFIG) -> None:
        self.db: Database = stores.create(folder / "discord.db")
        self.commands = commands
        self.memory: dict[str, str] = {}
        self.notices: list[str] = []
        ids = itertools.count(1)
        with self.db.write() as tx:
            address.take(tx, config.coalition.id, config.coalition.name, TUESDAY)
        self.dispatcher = Dispatcher(
            self.db, commands, lambda: config, clock=lambda: TUESDAY, new_id=lambda: f"{next(ids):032x}"
        )

    def link(self, guild: int, user: int, name: str = "Ada", *roles: Role) -> None:
        person = Person(
            id=name.casefold(),
            name=name,
            organisation="cast" if Role.REPRESENTATIVE in roles else None,
            roles=frozenset(roles or {Role.POLICY}),
            accounts=(Account("discord", str(guild), str(user)),),
        )
        with self.db.write() as tx:
            records.add(tx, person, by=None, now=TUESDAY)

    def audit(self) -> list[str]:
        rows = self.db.read("SELECT who, subject, after_text FROM audit ORDER BY seq")
        return [f"{row['who']}: {row['subject']}: {row['after_text']}" for row in rows]

    def responder(self, **given: Any) -> Responder:
        zone = ZoneInfo("America/New_York")
        return Responder(self.dispatcher, clock=lambda: TUESDAY, zone=zone, cdn=CDN, **given)

    def face(self, **given: Any) -> DiscordFrontend:
        settings: dict[str, Any] = {"discord_bot_token": "not-a-real-token", "_env_file": None}
        settings |= given.pop("settings", {})
        rest: dict[str, Any] = {"dice": lambda: 0.5, "tell": self.notices.append} | given
        responders = rest.pop("responders", None) or [
            self.responder(observe_ack=rest.pop("observe_ack", lambda _: None))
        ]
        return DiscordFrontend(
            Settings(**settings),
            lambda: responders,
            self.commands,
            clock=lambda: TUESDAY,
            recall=self.memory.get,
            remember=self.memory.__setitem__,
            **rest,
        )


class Clock:
    """A steady clock that moves when something sleeps. `most`: seconds after which sleepers are stopped."""

    def __init__(self, stop: asyncio.Event, most: float) -> None:
        self.now, self._stop, self._most = 0.0, stop, most

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self._most:
            self._stop.set()
        await asyncio.sleep(0)


async def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until it is true. Peers do not have an event for everything that tests check."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
