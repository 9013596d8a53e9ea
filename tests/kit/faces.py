"""One person asks the same things in Slack, in Discord, on the console and in a browser, to compare what each shows.

Each platform has its own store, with the same ids, and a far end that is strict or not written by us: the loopback
Slack, simcord, a terminal, an HTML parser. What is shown is read from what really arrived.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import simcord
from simcord.backend.cdn import CDN_BASE

from bot.app.wiring import Network, check_permissions
from bot.chat.console.frontend import ConsoleFrontend
from bot.chat.discord import incoming
from bot.chat.discord.frontend import DiscordFrontend
from bot.chat.discord.render import in_form
from bot.chat.discord.responder import Responder
from bot.chat.slack.incoming import decode_button
from bot.commands import arguments
from bot.commands.model import Command, Context, Form, Kind, Param, Reply, Role
from bot.config.settings import Settings
from bot.deadlines.regulations_gov import RegulationsGov
from bot.fetch.http import Fetcher
from bot.outbox.channels import channels_of
from bot.people import records
from bot.people.model import Account, Person
from bot.shared.answer import Body
from bot.shared.card import Button, Card, Mark
from tests.kit.alerts import document
from tests.kit.board import CONFIG, Board, every_command
from tests.kit.discord_face import until
from tests.kit.payloads import check_discord, check_slack, check_slack_view
from tests.kit.shown import Field, Shown, words
from tests.kit.slack_face import board_in_slack
from tests.kit.web_face import in_web, open_session
from tests.peers.discord import SETTLE
from tests.peers.feedserver import rss
from tests.peers.slack_app import TEAM, USER, SlackApp
from tests.scenario.kit import discord_says, slack_says

GUILD, ADA = 1_100_000_000_000_000_001, 2_200_000_000_000_000_001
ZONE = ZoneInfo("America/New_York")
IN_DISCORD = 5  # fields of a form
FILE = "mine.docx"  # the name of an uploaded file
_IN_A_MESSAGE = re.compile(r"\S+ is in your direct messages with the bot\.")
_CANCELED = "Canceled. Nothing was saved."
_CHOICE = re.compile(r"\[(\d)\] ")


def _press(ctx: Context, args: Mapping[str, str]) -> Reply:
    button = Button("Press", args["path"], tuple(parse_qsl(args.get("given", ""))))
    return Reply(card=Card(mark=Mark.ANSWER, head="A button", buttons=(button,)))


# A button for whatever is reached by one alone, or by one without all that is needed.
TRY = Command(
    group="try",
    verb="press",
    help="A button",
    example="/try press path:x",
    handler=_press,
    params=(Param("path", "what it calls"), Param("given", "with what", required=False)),
)


class Face(Protocol):
    async def type(self, line: str, command: Command, args: Mapping[str, str]) -> Shown: ...
    async def press(self, path: str, args: Mapping[str, str]) -> Shown: ...
    async def fill_in(self, path: str, values: Mapping[str, str]) -> Shown:
        """Of a file, `values` has what is in it."""
        ...


class Anywhere(Fetcher):
    """Every address answers with the same feed: the network's far end."""

    async def get(self, url: str, *_: Any, **__: Any) -> Body:
        items = [{"title": "A story", "link": "https://example.org/1", "pubDate": "Mon, 23 Nov 2026 15:01:00 GMT"}]
        return Body(url, 200, "application/rss+xml", rss(*items).encode(), {})


def stage(folder: Path, *more: Command) -> Board:
    """A store in which Eve may do everything, in all three chats."""
    folder.mkdir()
    fetcher = Anywhere("test")
    network = Network(
        fetcher,
        dict,
        channels_of(CONFIG.feeds),
        check_permissions(Settings(_env_file=None)),
        RegulationsGov(fetcher, "secret-key"),
        reading=tuple,
        clock=lambda: board.now,
    )  # type: ignore[call-arg]
    board = Board(folder, (*every_command(), TRY, *more), fetching=network)
    accounts = (Account("slack", TEAM, USER), Account("discord", str(GUILD), str(ADA)), Account("console", "", "eve"))
    eve = Person(id="e" * 32, name="Eve", organisation="cast", roles=frozenset(Role), accounts=accounts)
    with board.db.write() as tx:
        records.add(tx, eve, by=None, now=board.now)
    board.bring(document("2026-00001", "Notice about forced labor"))
    open_session(board, accounts[2], "c" * 32)  # in every store, so that all list one
    return board


# --- Slack ------------------------------------------------------------------------------------------------------------


class InSlack:
    def __init__(self, slack: SlackApp) -> None:
        self._slack = slack

    async def type(self, line: str, command: Command, args: Mapping[str, str]) -> Shown:
        return await self._after(self._slack.command(line))

    async def press(self, path: str, args: Mapping[str, str]) -> Shown:
        await self._after(self._slack.command(f'/try press path:"{path}" given:"{urlencode(args)}"'))
        (button,) = _elements(self._slack.posted[-1])
        return await self._after(self._slack.press(button))

    async def fill_in(self, path: str, values: Mapping[str, str]) -> Shown:
        await self.press(path, {})
        view = list(self._slack.views.values())[-1]
        taken = {block["block_id"] for block in _inputs(view) if block["element"]["type"] == "file_input"}
        files = {name: (FILE, values[name].encode()) for name in taken & values.keys()}
        return await self._after(self._slack.submit(view, **{**values, **files}))

    async def _after(self, payload: dict[str, Any]) -> Shown:
        """What is new after a request: a message, a window, or the errors in one."""
        slack = self._slack
        output, views, files = len(slack.posted), dict(slack.views), len(slack.files)
        ack = await slack.deliver(payload) or {}
        if errors := ack.get("errors"):
            return Shown(words=frozenset(" ".join(errors.values()).split()))
        if "response_action" in ack:  # Slack puts it in the place of the form that was sent
            view = slack.replaced(payload["view"]["id"], ack)
            if _inputs(view):
                return self._form(view)
            views = dict(slack.views)

        def window() -> dict[str, Any] | None:
            new = [view for id_, view in slack.views.items() if views.get(id_) is not view and _inputs(view)]
            return new[-1] if new else None

        await until(lambda: len(slack.posted) > output or window())
        if view := window():
            return self._form(view)
        return await self._message(slack.posted[-1], files)

    def _form(self, view: dict[str, Any]) -> Shown:
        check_slack_view({name: value for name, value in view.items() if name not in ("id", "team_id")})
        wrong = "\n".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
        return Shown(words=words(wrong), form=() if wrong else tuple(map(_slack_field, _inputs(view))))

    async def _message(self, message: dict[str, Any], files: int) -> Shown:
        check_slack(message | {"unfurl_links": False, "unfurl_media": False})
        text = slack_says({"blocks": message["blocks"]})
        file = None
        if matched := _IN_A_MESSAGE.search(text):
            await until(lambda: len(self._slack.files) > files and "title" in self._slack.files[-1])
            file = (str(self._slack.files[-1]["title"]), bytes(self._slack.files[-1]["data"]))
            text = text.replace(matched[0], "")
        return Shown(
            words=words(text),
            links=frozenset(map(unescape, re.findall(r"<(https?://[^|>]+)\|", str(message["blocks"])))),
            buttons=tuple(button["text"]["text"] for button in _elements(message)),
            calls=tuple((path, tuple(args.items())) for path, args in map(decode_button, _elements(message))),
            file=file,
        )


def _inputs(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _elements(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [button for block in message["blocks"] if block["type"] == "actions" for button in block["elements"]]


def _slack_field(block: dict[str, Any]) -> Field:
    element = block["element"]
    initial = element.get("initial_value") or element.get("initial_option", {}).get("value", "")
    choices = tuple(option["value"] for option in element.get("options", ()))
    return Field(block["block_id"], block["label"]["text"], not block["optional"], initial, choices)


@asynccontextmanager
async def in_slack(board: Board) -> AsyncIterator[Face]:
    slack = SlackApp()
    async with slack.running() as url, board_in_slack(board, url):
        await slack.connected()
        yield InSlack(slack)


# --- Discord ----------------------------------------------------------------------------------------------------------


class InDiscord:
    def __init__(self, ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
        self._ada, self._channel = ada, channel

    async def type(self, line: str, command: Command, args: Mapping[str, str]) -> Shown:
        return await self._shown(await self._slash(command, args))

    async def press(self, path: str, args: Mapping[str, str]) -> Shown:
        return await self._shown(await self._pressed(path, args))

    async def fill_in(self, path: str, values: Mapping[str, str]) -> Shown:
        return await self._shown(await self._sent(await self._pressed(path, {}), values))

    async def _slash(self, command: Command, args: Mapping[str, str]) -> simcord.InteractionResult:
        """Each value as its own option; what only a form asks for, in the form that comes."""
        given = [param for param in command.params if param.name in args]
        options = {param.name: _option(param, args[param.name]) for param in given if not in_form(param)}
        later = {param.name: args[param.name] for param in given if in_form(param)}
        done = await self._ada.slash(self._channel, command.path, **options)
        return await self._sent(done, later) if later else done

    async def _pressed(self, path: str, args: Mapping[str, str]) -> simcord.InteractionResult:
        shown = await self._slash(TRY, {"path": path, "given": urlencode(args)})
        assert shown.response
        return await self._ada.click(shown.response, label="Press")

    async def _sent(self, opened: simcord.InteractionResult, values: Mapping[str, str]) -> simcord.InteractionResult:
        assert opened.modal, opened
        fields = {each["component"]["custom_id"]: each["component"] for each in opened.modal["components"]}
        given = {
            field.name: values.get(field.name, field.initial)
            for field in map(_discord_field, opened.modal["components"])
        }
        chosen = {name: _chosen(fields[name], item) for name, item in given.items() if item}
        return await self._ada.submit_modal(opened, chosen)

    async def _shown(self, done: simcord.InteractionResult) -> Shown:
        if done.modal:
            return Shown(form=tuple(map(_discord_field, done.modal["components"])))
        if done.response and "Open the form" in str(done.response.components):  # no form of Discord's opens another
            return await self._shown(await self._ada.click(done.response, label="Open the form"))
        message = done.followups[-1] if done.followups else done.response
        assert message, done
        payload = {"content": message.content, "embeds": [embed.to_dict() for embed in message.embeds]}
        buttons = [each for row in message.components for each in row["components"] if each["label"] != "Correct it"]
        if payload["embeds"]:
            plain = [
                {k: v for k, v in embed.items() if k in ("description", "color", "footer")}
                for embed in payload["embeds"]
            ]
            check_discord({"content": message.content, "embeds": plain, "allowed_mentions": {"parse": []}})
        mine, hers = str(self._ada.id).encode(), str(ADA).encode()
        files = [(file.filename, (await file.read()).replace(mine, hers)) for file in message.attachments]
        return Shown(
            words=words(_discord_text(payload).replace(str(self._ada.id), str(ADA))),
            links=frozenset(re.findall(r"(?<!\\)\]\((https?://[^)\s]+)\)", str(payload["embeds"]))),
            buttons=tuple(button["label"] for button in buttons),
            calls=tuple((path, tuple(args.items())) for path, args in map(_decoded, buttons)),
            file=files[0] if files else None,
        )


def _chosen(component: Mapping[str, Any], value: str) -> Any:
    if component["type"] == 19:
        return (FILE, value.encode())
    return [value] if "options" in component else value


def _option(param: Param, value: str) -> str | int | bool:
    if param.kind is Kind.YES_NO:
        return value == "yes"
    return int(value) if param.kind is Kind.NUMBER else value


def _decoded(button: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return incoming.decode(button["custom_id"])


def _discord_text(payload: dict[str, Any]) -> str:
    content = "" if payload["content"].endswith("…") else payload["content"]
    embeds = [{"description": "", "footer": {"text": ""}} | embed for embed in payload["embeds"]]
    return discord_says({"content": content, "embeds": embeds or [{"description": "", "footer": {"text": ""}}]})


def _discord_field(label: dict[str, Any]) -> Field:
    component = label["component"]
    offered = component.get("options", ())
    initial = next((option["value"] for option in offered if option["default"]), component.get("value", ""))
    choices = tuple(option["value"] for option in offered)
    return Field(component["custom_id"], label["label"], component["required"], initial, choices)


@asynccontextmanager
async def in_discord(board: Board) -> AsyncIterator[Face]:
    memory: dict[str, str] = {}
    responder = Responder(board.dispatcher, clock=lambda: board.now, zone=ZONE, cdn=CDN_BASE)
    face = DiscordFrontend(
        Settings(discord_bot_token="not-a-real-token", _env_file=None),  # type: ignore[call-arg]
        lambda: [responder],
        board.commands,
        clock=lambda: board.now,
        recall=memory.get,
        remember=memory.__setitem__,
        tell=print,
        dice=lambda: 0.5,
    )
    env = simcord.Env(face.client(), settle_timeout=SETTLE)
    await env.start()
    try:
        guild = env.create_guild("Coalition", id=GUILD)
        ada = guild.add_member(env.create_user("ada"))
        with board.db.write() as tx:
            tx.execute("UPDATE account SET user_id = :id WHERE platform = 'discord'", {"id": str(ada.id)})
        yield InDiscord(ada, guild.create_text_channel("policy"))
        env.raise_errors()
    finally:
        await env.shutdown()


# --- the console ------------------------------------------------------------------------------------------------------


class OnConsole:
    def __init__(self, board: Board, folder: Path) -> None:
        self._board, self._folder = board, folder
        self._ids = itertools.count()
        self._folders = itertools.count()

    async def type(self, line: str, command: Command, args: Mapping[str, str]) -> Shown:
        return (await self._typed(line))[-1]

    async def press(self, path: str, args: Mapping[str, str]) -> Shown:
        return (await self._typed(f'/try press path:"{path}" given:"{urlencode(args)}"', "1"))[-1]

    async def fill_in(self, path: str, values: Mapping[str, str]) -> Shown:
        (command,) = (each for each in self._board.commands if each.path == path)
        form = arguments.form(command, {})
        assert form, path
        asked = [field.param for field in form.fields]
        (self._folder / FILE).write_text(next((values[item.name] for item in asked if item.kind is Kind.FILE), ""))
        paths = {param.name: str(self._folder / FILE) for param in asked if param.kind is Kind.FILE}
        lines = [line for item in asked for line in _answered(item, paths.get(item.name) or values.get(item.name, ""))]
        return (await self._typed(f'/try press path:"{path}"', "1", *lines, again=_asked_again(path, form)))[-1]

    async def _typed(self, *lines: str, again: str = _CANCELED) -> list[Shown]:
        """What was shown in answer to each line; what matches `again` begins what is asked once more."""
        out, marks = io.StringIO(), [0]
        folder = self._folder / str(next(self._folders))
        folder.mkdir()

        def typed() -> Iterator[str]:
            for line in lines:
                marks.append(out.tell())
                yield line

        face = ConsoleFrontend(
            self._board.dispatcher,
            self._board.dispatcher.actor("console", "", "eve"),
            typed(),
            out,
            clock=lambda: self._board.now,
            zone=ZONE,
            new_id=lambda: f"call {next(self._ids)}",
            folder=folder,
        )
        await face.run()
        output = out.getvalue()
        marks = [output.find("\n", mark) + 1 for mark in marks]  # after the line itself, which is repeated
        parts = [output[start:end] for start, end in itertools.pairwise([*marks[1:], len(output)])]
        return [self._shown(re.split(again, part, maxsplit=1, flags=re.MULTILINE)[0], folder) for part in parts]

    def _shown(self, output: str, folder: Path) -> Shown:
        output = re.sub(r"\n> $", "\n", f"\n{output}").strip()
        output = output.partition(_CANCELED)[0]
        files = [(path.name, path.read_bytes()) for path in folder.iterdir()]
        if files:
            output = output.partition("The file is in")[0]
        output, *buttons = _CHOICE.split(output)
        return Shown(
            words=words("\n".join(line for line in output.splitlines() if not re.match(r" {5}https?://\S+$", line))),
            links=frozenset(re.findall(r"^ {5}(https?://\S+)$", output, re.MULTILINE)),
            buttons=tuple(" ".join(label.split()) for label in buttons[1::2]),
            file=files[0] if files else None,
        )


def _asked_again(path: str, form: Form) -> str:
    """Where a form starts over, or one question of it, or the offer to correct it."""
    questions = "|".join(re.escape(field.label) for field in form.fields)
    return rf"^/{path}$|^(?:{questions}) \(|^\d+\. |^\[1\] Correct it"


def _answered(param: Param, value: str) -> list[str]:
    """What a person types at a question; an empty line ends a long text."""
    if param.kind is Kind.LONG and value:
        return [*("\\" if line == "" else line for line in value.split("\n")), ""]
    return [value]


@asynccontextmanager
async def on_console(board: Board) -> AsyncIterator[Face]:
    yield OnConsole(board, board.folder)


FACES: Mapping[str, Callable[[Board], Any]] = {
    "slack": in_slack, "discord": in_discord, "console": on_console, "web": in_web,
}  # fmt: skip
Ask = Callable[[Face], Awaitable[Shown]]
