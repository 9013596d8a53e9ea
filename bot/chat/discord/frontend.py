"""The Discord frontend: passes people's commands to the dispatcher and shows the answers. It decides nothing.

It has its own client, which is replaced whenever its connection breaks. The sender's client needs no connection, so
messages go out meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.chat import uploads
from bot.chat.connection import Uptime
from bot.chat.discord import incoming, render
from bot.chat.discord.conversation import Conversation
from bot.chat.discord.gateway import Pace, PacedClient, keep_up
from bot.chat.discord.tree import tree, typed
from bot.chat.stopwatch import UNTIMED, Stopwatch
from bot.chat.typed import not_typed
from bot.commands.model import Call, Command, File, Form, FormField, Handed, Param, Refused, Reply
from bot.config.settings import Settings
from bot.dispatch import ALREADY, NOT_YOURS, Dispatcher, Refusal
from bot.shared.card import Button, Card, Mark
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

REGISTERED: Final = "discord commands"  # the digest of the registered commands is stored under this name
_KEPT: Final = "kept"  # the path of a saved form; a command's path has two words
_ONCE: Final = "_"  # the form argument that identifies one opening of the form
_KEEP: Final = 500  # saved forms
_LOST: Final = "The bot was restarted and lost what you entered. Please start again."
_OUR_FAULT: Final = "Something went wrong on our side. The log has details."
_PATIENCE: Final = 10  # seconds
_AGAIN: Final = "Discord did not deliver the file. Please send it again."


class DiscordFrontend:
    """Answers people on Discord. `recall` and `remember` load and save a text by name; `tell` tells the administrators
    what to fix; `ticks` is a monotonic clock in seconds, `dice` gives 0 to 1. Raises `ValueError` without a token.
    """

    single = True

    def __init__(
        self,
        settings: Settings,
        dispatcher: Dispatcher,
        commands: Sequence[Command],
        *,
        clock: Callable[[], datetime],
        zone: tzinfo,
        recall: Callable[[str], str | None],
        remember: Callable[[str, str], None],
        tell: Callable[[str], None],
        dice: Callable[[], float],
        acknowledging: Stopwatch = UNTIMED,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if settings.discord_bot_token is None:
            raise ValueError("no Discord bot token is set")
        self._token = settings.discord_bot_token.get_secret_value()
        self._api = settings.discord_api_url.rstrip("/")
        self._gateway = settings.discord_gateway_url
        self._cdn = settings.discord_cdn_url.rstrip("/")
        self._dispatcher = dispatcher
        self._commands = {command.path: command for command in commands}
        self._clock = clock
        self._zone = zone
        self._recall = recall
        self._remember = remember
        self._tell = tell
        self._sleep = sleep
        self._acknowledging = acknowledging
        self._pace = Pace(ticks, dice)
        self.uptime = Uptime("discord", clock=clock, ticks=ticks, remember=remember, tell=tell)
        self._kept = _SavedForms()

    def client(self) -> PacedClient:
        """A client that answers interactions, not logged in yet. Does no I/O; call it inside a running loop."""
        Route.BASE = self._api
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._gateway)
        return _Client(self, self._pace)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, and reconnect when needed."""
        await keep_up(self.client, self._token, self._pace, stop=stop, uptime=self.uptime, sleep=self._sleep)

    async def register(self, client: discord.Client) -> None:
        """Register the commands with Discord if they changed since the last time."""
        wanted = tree(tuple(self._commands.values()))
        digest = hashlib.sha256(json.dumps([client.application_id, wanted]).encode()).hexdigest()
        if await asyncio.to_thread(self._recall, REGISTERED) == digest:
            return
        route = Route("PUT", "/applications/{application_id}/commands", application_id=client.application_id)
        try:
            await client.http.request(route, json=wanted)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.exception("The commands could not be registered")  # buttons and the old commands still work
            await asyncio.to_thread(self._tell, f"Discord rejected the list of commands: {error}")
            return
        await asyncio.to_thread(self._remember, REGISTERED, digest)

    async def answer(self, interaction: discord.Interaction[Any]) -> None:
        """Answer an interaction. On any error the person gets a message, and the connection stays up."""
        if interaction.user.bot:
            return
        conversation = Conversation(interaction, self._acknowledging)
        try:
            await self._answer(interaction, conversation)
        except Exception:
            log.exception("An interaction with Discord failed")
            try:
                await conversation.say(render.refusal(_OUR_FAULT))
            except Exception as error:  # noqa: BLE001 - the first is in the log; there is nobody left to tell
                log.warning("The error message to the person could not be sent either: %s", error)

    async def _answer(self, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        data: Mapping[str, Any] = dict(interaction.data or {})
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await self._complete(interaction, conversation, data)
            case discord.InteractionType.application_command:
                path, args = incoming.command(data)
                await self._ask(interaction, conversation, path, args)
            case discord.InteractionType.component:
                path, args = incoming.decode(data["custom_id"])
                if path != _KEPT:
                    await self._ask(interaction, conversation, path, args)
                elif form := self._kept.find(interaction.user.id, args.get("id", "")):
                    await self._open(form, interaction, conversation)
                else:
                    await conversation.say(render.refusal(_LOST))
            case discord.InteractionType.modal_submit:
                await self._submit(interaction, conversation, data)

    async def _ask(
        self, interaction: discord.Interaction[Any], conversation: Conversation, path: str, args: Mapping[str, str]
    ) -> None:
        answer = await conversation.while_waiting(self._call(interaction, path, args))
        typed_ = interaction.type is discord.InteractionType.application_command
        if isinstance(answer, Refusal) and answer.what == NOT_YOURS and typed_ and path in self._commands:
            answer = Reply(card=not_typed(self._commands[path], theirs=False))
        if isinstance(answer, Refusal):
            await conversation.say(render.refusal(answer.what))
        elif answer is not ALREADY:
            await self._show(answer, interaction, conversation)

    async def _submit(
        self, interaction: discord.Interaction[Any], conversation: Conversation, data: Mapping[str, Any]
    ) -> None:
        """Handle a submitted form. If it is refused, Discord has closed it, but the input is saved for correction."""
        path, args = incoming.decode(data["custom_id"])
        filled, once = incoming.fields(data), args.pop(_ONCE, "") or args.get("id", "")
        form = self._kept.find(interaction.user.id, args.get("id", "") if path == _KEPT else _opened_by(once))
        if path == _KEPT and form is None:
            await conversation.say(render.refusal(_LOST))
            return
        form = form or self._guessed(path, args, filled)
        given = form.carried(render.shown(form)) | {name: text for name, text in filled.items() if text}
        files = fetching(interaction.client, self._cdn, incoming.files(data))
        answer = await conversation.while_waiting(self._call(interaction, form.path, given, files, once))
        if isinstance(answer, Refusal):
            buttons = self._again(interaction, form, filled, answer)
            await conversation.say(render.refusal(answer.what, buttons))
        elif answer is not ALREADY:
            await self._show(answer, interaction, conversation)

    async def _open(self, form: Form, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        self._kept.keep(interaction, form)
        await conversation.open(render.modal(form, self._id_of(form, interaction)))

    async def _show(self, answer: Reply, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        if answer.form and conversation.can_open:
            await self._open(answer.form, interaction, conversation)
            return
        if answer.form:
            button = Button("Open the form", _KEPT, self._kept.keep(interaction, answer.form), "primary")
            head = f"{answer.form.title}: some details are missing"
            answer = Reply(card=Card(mark=Mark.ANSWER, head=head, buttons=(button,)))
        payload = render.reply(answer, self._clock().astimezone(self._zone).date())
        await conversation.say(payload, file=answer.file, public=answer.public, replaces=answer.replaces)

    async def _complete(
        self, interaction: discord.Interaction[Any], conversation: Conversation, data: Mapping[str, Any]
    ) -> None:
        (path, args), (param, text, number) = incoming.command(data), incoming.typing(data)
        call = await self._to_call(interaction, path, args)
        offered = await self._dispatcher.complete(call, param, text)
        await conversation.offer([{"name": choice.label, "value": typed(number, choice.value)} for choice in offered])

    async def _call(
        self,
        interaction: discord.Interaction[Any],
        path: str,
        args: Mapping[str, str],
        files: Mapping[str, Handed] = MappingProxyType({}),
        once: str = "",
    ) -> Reply | Refusal:
        """Run a command. `once` identifies a form, so one that Discord sends twice runs once."""
        call = await self._to_call(interaction, path, args)
        return await self._dispatcher.answer(replace(call, files=files, id=f"form {once}" if once else call.id))

    async def _to_call(self, interaction: discord.Interaction[Any], path: str, args: Mapping[str, str]) -> Call:
        return Call(
            path=path,
            args=args,
            platform="discord",
            team=str(interaction.guild_id) if interaction.guild_id else await self._home(interaction),
            user=str(interaction.user.id),
            id=str(interaction.id),
            channel=str(interaction.channel_id or ""),
            message=str(interaction.message.id) if interaction.message else "",
        )

    async def _home(self, interaction: discord.Interaction[Any]) -> str:
        """The guild in which the author of a direct message is linked.

        Discord's users are the same in every guild, so a person linked in one of the bot's guilds may act in a direct
        message. An unlinked person gets the bot's only guild, or "" if there are several.
        """
        guilds = interaction.client.guilds
        for guild in guilds:
            actor = await for_people(self._dispatcher.actor, "discord", str(guild.id), str(interaction.user.id))
            if actor.person is not None:
                return actor.team
        return str(guilds[0].id) if len(guilds) == 1 else ""

    def _id_of(self, form: Form, interaction: discord.Interaction[Any]) -> str:
        """The form's `custom_id`, or the id of a saved form if Discord has no room for it."""
        form = replace(form, args=form.carried(render.shown(form)))
        try:
            return incoming.encode(form.path, {**form.args, _ONCE: f"{interaction.id:x}"})
        except ValueError:
            return incoming.encode(_KEPT, dict(self._kept.keep(interaction, form)))

    def _guessed(self, path: str, args: Mapping[str, str], filled: Mapping[str, str]) -> Form:
        """A form that was opened before a restart, rebuilt from what was sent."""
        params = {param.name: param for param in self._commands[path].params} if path in self._commands else {}
        fields = tuple(_field(params[name]) for name in filled if name in params)
        return Form(title=f"/{path}", path=path, fields=fields, args=args)

    def _again(
        self, interaction: discord.Interaction[Any], form: Form, filled: Mapping[str, str], refusal: Refusal
    ) -> tuple[Button, ...]:
        """A button that reopens the form as it was filled in, with the refused field first and marked."""
        fields = [replace(field, initial=filled.get(field.param.name, field.initial)) for field in form.fields]
        params = (
            {param.name: param for param in self._commands[form.path].params} if form.path in self._commands else {}
        )
        named = {field.param.name for field in fields}
        if refusal.param in params and refusal.param not in named:  # typed before the form was opened
            fields.insert(0, _field(params[refusal.param], form.args.get(refusal.param, "")))
        fields = [
            replace(field, shown=refusal.what) if field.param.name == refusal.param else field for field in fields
        ]
        if not fields:
            return ()
        shown = {field.param.name for field in fields}
        carried = {name: value for name, value in form.args.items() if name not in shown}
        again = replace(form, fields=tuple(fields), args=carried)
        return (Button("Correct it", _KEPT, self._kept.keep(interaction, again), "primary"),)


class _Client(PacedClient):
    def __init__(self, frontend: DiscordFrontend, pace: Pace) -> None:
        # Guilds, to find where a person who writes to the bot directly is linked. No messages are read.
        super().__init__(pace, intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self._frontend = frontend

    async def setup_hook(self) -> None:
        await self._frontend.register(self)

    async def on_connect(self) -> None:
        await self._frontend.uptime.up()

    async def on_resumed(self) -> None:
        await self._frontend.uptime.up()

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.at_work.add(task)
        task.add_done_callback(self.at_work.discard)
        await self._frontend.answer(interaction)


class _SavedForms:
    """The last few hundred partly filled forms, in memory only."""

    def __init__(self) -> None:
        self._forms: OrderedDict[tuple[int, str], Form] = OrderedDict()

    def keep(self, interaction: discord.Interaction[Any], form: Form) -> tuple[tuple[str, str], ...]:
        """Save the form and return the arguments with which a button or form finds it."""
        id_ = str(interaction.id)
        self._forms[interaction.user.id, id_] = form
        if len(self._forms) > _KEEP:
            self._forms.popitem(last=False)
        return (("id", id_),)

    def find(self, user: int, id_: str) -> Form | None:
        return self._forms.get((user, id_))


def _opened_by(once: str) -> str:
    """The interaction that opened a form, from the form's id."""
    return str(int(once, 16)) if once else ""


def _field(param: Param, initial: str = "") -> FormField:
    return FormField(param, param.label, initial)


def fetching(client: discord.Client, cdn: str, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Handed]:
    """For each uploaded file, by its parameter, a function that downloads it from `cdn`."""
    return {name: partial(_fetched, client, cdn, file) for name, file in files.items()}


async def _fetched(client: discord.Client, cdn: str, file: Mapping[str, Any]) -> File:
    uploads.check(file["filename"], file["size"])
    if not file["url"].startswith(f"{cdn}/"):
        raise Refused(_AGAIN)
    try:
        async with asyncio.timeout(_PATIENCE):
            data = await client.http.get_from_cdn(file["url"])
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(_AGAIN) from error
    return uploads.taken(file["filename"], data)
