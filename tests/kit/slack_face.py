"""A small set of commands over a real store, with the Slack frontend and the strict loopback Slack."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.slack.frontend import SlackFrontend
from bot.chat.slack.web import Endpoint
from bot.chat.web.listener import DEFAULT, Limits
from bot.chat.web.site import Site, application
from bot.commands.model import Command, Context, Kind, Param, Refused, Reply, Role
from bot.config.settings import Settings
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.card import Button, Card, Line, Mark
from tests.kit import discord_face
from tests.kit.alerts import TUESDAY
from tests.kit.board import Board
from tests.peers.slack_app import APP_TOKEN, SECRET, TEAM, USER, SlackApp


def me(ctx: Context, args: Mapping[str, str]) -> Reply:
    card = Card(
        mark=Mark.ANSWER,
        head="What waits for you",
        lines=(Line(f"Nothing, {ctx.actor.name}. /alerts recent shows the latest."),),
        buttons=(Button("Recent alerts", "alerts recent"),),
    )
    return Reply(card=card)


def remind(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Refuses a word that no form can know is wrong."""
    if args["day"] == "someday":
        raise Refused("“someday” is no day. Write one like Fri or 27 Nov.", param="day")
    if args["what"] == "nothing":
        raise Refused("Nothing is not worth a reminder.")
    ctx.note("reminder", "", f"{args['what']} on {args['day']}")
    return Reply(card=Card(mark=Mark.ANSWER, head=f"I will remind you of {args['what']} on {args['day']}"))


COMMANDS = (
    *discord_face.COMMANDS,
    Command(group="campaign", verb="me", help="What waits for you", example="/campaign me", handler=me),
    Command(
        group="campaign",
        verb="remind",
        help="Be reminded of something",
        example='/campaign remind "the letter" day:Fri',
        handler=remind,
        fetch=lambda fetching, args: asyncio.sleep(float(args.get("wait", 0)) / 10),
        changes=True,
        params=(
            Param("what", "what to remind you of"),
            Param("day", "when"),
            Param("wait", "tenths of a second it takes", kind=Kind.NUMBER, required=False),
        ),
    ),
)


class House(discord_face.House):
    """The bot behind Slack's face."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, COMMANDS)

    def link(self, user: str = USER, name: str = "Ada", *roles: Role, team: str = TEAM) -> None:
        person = Person(
            id=name.casefold(),
            name=name,
            organisation="cast" if Role.REPRESENTATIVE in roles else None,
            roles=frozenset(roles or {Role.POLICY}),
            accounts=(Account("slack", team, user),),
        )
        with self.db.write() as tx:
            records.add(tx, person, by=None, now=TUESDAY)

    def face(self, url: str, **given: Any) -> SlackFrontend:
        settings: dict[str, Any] = {
            "slack_bot_token": SlackApp.TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_signing_secret": SECRET,
            "slack_api_url": url,
            "_env_file": None,
        }
        settings |= given.pop("settings", {})
        rest: dict[str, Any] = {"dice": lambda: 0.0, "tell": self.notices.append, "clock": lambda: TUESDAY}
        rest |= {"remember": self.memory.__setitem__} | given
        zone = ZoneInfo("America/New_York")
        return SlackFrontend(Settings(**settings), self.dispatcher, self.commands, zone=zone, **rest)


def endpoint(face: SlackFrontend, limits: Limits = DEFAULT) -> Endpoint:
    """Where Slack sends this face's requests over HTTP."""
    return Endpoint(face.settings, face, clock=face.clock, ticks=time.monotonic, limits=limits)


@contextlib.asynccontextmanager
async def serving(face: SlackFrontend) -> AsyncIterator[SlackFrontend]:
    """The face at work, and over HTTP the site that its route is on, until the end of the test."""
    stop = asyncio.Event()
    runs = [face.run(stop)]
    if not face.single:
        site = partial(application, endpoint(face).routes())
        runs.append(Site(site, *face.settings.site_bind, ticks=time.monotonic).run(stop))
    work = asyncio.gather(*runs)
    try:
        yield face
    finally:
        stop.set()
        await asyncio.wait_for(work, 60)


@contextlib.asynccontextmanager
async def board_in_slack(
    board: Board, url: str, token: str = SlackApp.TOKEN, app_token: str = APP_TOKEN
) -> AsyncIterator[None]:
    """Serve a board in the Slack at `url`, through Socket Mode."""
    settings = Settings(slack_bot_token=token, slack_app_token=app_token, slack_api_url=url, _env_file=None)  # type: ignore[call-arg]
    face = SlackFrontend(
        settings,
        board.dispatcher,
        board.commands,
        clock=lambda: board.now,
        zone=ZoneInfo("America/New_York"),
        remember=lambda *_: None,
        tell=print,
        dice=lambda: 0,
    )
    async with serving(face):
        yield
