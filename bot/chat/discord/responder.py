"""What one coalition answers to an interaction: a command, a button, a form or a completion. It decides nothing."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final, Generic, TypeVar

import aiohttp
import discord

from bot.chat import uploads
from bot.chat.discord import incoming, render
from bot.chat.discord.conversation import Conversation
from bot.chat.discord.tree import typed
from bot.chat.stopwatch import UNTIMED, Stopwatch
from bot.chat.typed import not_typed
from bot.commands.model import Call, File, Form, FormField, Handed, Param, Refusal, Refused, Reply
from bot.dispatch import NOT_YOURS, Dispatcher
from bot.shared import journey
from bot.shared.card import Button, Card, Mark
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

T = TypeVar("T")

_KEPT: Final = "kept"  # the path of a saved form; a command's path has two words
_ONCE: Final = "_"  # the form argument that identifies one opening of the form
_KEEP: Final = 500
_LOST: Final = "The bot was restarted and lost what you entered. Please start again."
_PATIENCE: Final = 10  # seconds
_AGAIN: Final = "Discord did not deliver the file. Please send it again."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person sent. `message`: the id of the message whose button was pressed, "" without one."""

    kind: discord.InteractionType
    data: Mapping[str, Any]
    message: str = ""


class Responder:
    """Answers for one coalition.

    `guild`: the id of its server; "" if it answers in every server of its application. `coalition`: its id if there are
    several in this process. `name`: what people call it. `cdn`: where Discord keeps files.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        clock: Callable[[], datetime],
        zone: tzinfo,
        cdn: str,
        guild: str = "",
        coalition: str = "",
        name: Callable[[], str] = lambda: "",
        acknowledging: Stopwatch = UNTIMED,
    ) -> None:
        self.guild = guild
        self.tag = incoming.tag(guild)
        self.name = name
        self._dispatcher = dispatcher
        self._commands = {command.path: command for command in dispatcher.table}
        self._clock = clock
        self._zone = zone
        self._cdn = cdn.rstrip("/")
        self._coalition = coalition
        self._acknowledging = acknowledging
        self._kept = Saved[Form]()

    def knows(self, user: str) -> bool:
        """Whether a user is linked in the coalition's server; not while its store cannot say. Blocking."""
        try:
            return self._dispatcher.actor("discord", self.guild, user).person is not None
        except Exception:
            log.exception("could not look up a user for one of several coalitions")
            return False

    async def respond(self, asked: Asked, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        """Answer an interaction. Raises what `Conversation` raises."""
        conversation.serve(self.tag, self._acknowledging)
        with journey.serve(self._coalition or journey.served()):
            await self._answer(asked, interaction, conversation)

    async def _answer(self, asked: Asked, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        data = asked.data
        match asked.kind:
            case discord.InteractionType.autocomplete:
                await self._complete(asked, interaction, conversation)
            case discord.InteractionType.application_command:
                path, args = incoming.command(data)
                await self._ask(asked, interaction, conversation, path, args)
            case discord.InteractionType.component:
                path, args = incoming.decode(data["custom_id"])
                if path != _KEPT:
                    await self._ask(asked, interaction, conversation, path, args)
                elif form := self._kept.find(interaction.user.id, args.get("id", "")):
                    await self._open(form, interaction, conversation)
                else:
                    await conversation.say(render.refusal(_LOST))
            case discord.InteractionType.modal_submit:
                await self._submit(asked, interaction, conversation)

    async def _ask(
        self,
        asked: Asked,
        interaction: discord.Interaction[Any],
        conversation: Conversation,
        path: str,
        args: Mapping[str, str],
    ) -> None:
        call = await self._to_call(asked, interaction, path, args)
        async with self._dispatcher.promised(call):
            answer = await conversation.while_waiting(self._dispatcher.answer(call))
            await self._say(asked, answer, interaction, conversation, path)

    async def _say(
        self,
        asked: Asked,
        answer: Reply | Refusal,
        interaction: discord.Interaction[Any],
        conversation: Conversation,
        path: str,
    ) -> None:
        typed_ = asked.kind is discord.InteractionType.application_command
        if isinstance(answer, Refusal) and answer.what == NOT_YOURS and typed_ and path in self._commands:
            answer = Reply(card=not_typed(self._commands[path], theirs=False))
        if isinstance(answer, Refusal):
            await conversation.say(render.refusal(answer.what))
        elif not answer.repeat:
            await self._show(answer, interaction, conversation)

    async def _submit(self, asked: Asked, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        """Handle a submitted form. If it is refused, Discord has closed it, but the input is saved for correction."""
        data = asked.data
        path, args = incoming.decode(data["custom_id"])
        filled, once = incoming.fields(data), args.pop(_ONCE, "") or args.get("id", "")
        form = self._kept.find(interaction.user.id, args.get("id", "") if path == _KEPT else _opened_by(once))
        if path == _KEPT and form is None:
            await conversation.say(render.refusal(_LOST))
            return
        form = form or self._guessed(path, args, filled)
        given = form.carried(render.shown(form)) | {name: text for name, text in filled.items() if text}
        files = fetching(interaction.client, self._cdn, incoming.files(data))
        call = replace(await self._to_call(asked, interaction, form.path, given), files=files)
        call = replace(call, id=f"form {once}") if once else call  # one that Discord sends twice runs once
        async with self._dispatcher.promised(call):
            answer = await conversation.while_waiting(self._dispatcher.answer(call))
            if isinstance(answer, Refusal):
                buttons = self._again(interaction, form, filled, answer)
                await conversation.say(render.refusal(answer.what, buttons))
            elif not answer.repeat:
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

    async def _complete(self, asked: Asked, interaction: discord.Interaction[Any], conversation: Conversation) -> None:
        (path, args), (param, text, number) = incoming.command(asked.data), incoming.typing(asked.data)
        call = await self._to_call(asked, interaction, path, args)
        offered = await self._dispatcher.complete(call, param, text)
        await conversation.offer([{"name": choice.label, "value": typed(number, choice.value)} for choice in offered])

    async def _to_call(
        self, asked: Asked, interaction: discord.Interaction[Any], path: str, args: Mapping[str, str]
    ) -> Call:
        guild = str(interaction.guild_id or self.guild)
        return Call(
            path=path,
            args=args,
            platform="discord",
            team=guild or await self._home(interaction),
            user=str(interaction.user.id),
            id=str(interaction.id),
            channel=str(interaction.channel_id or ""),
            message=asked.message,
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


class Saved(Generic[T]):
    """The last few hundred items that people will come back to, such as partly filled forms, in memory only."""

    def __init__(self) -> None:
        self._items: OrderedDict[tuple[int, str], T] = OrderedDict()

    def keep(self, interaction: discord.Interaction[Any], item: T) -> tuple[tuple[str, str], ...]:
        """Save the item and return the arguments with which a button or form finds it."""
        id_ = str(interaction.id)
        self._items[interaction.user.id, id_] = item
        if len(self._items) > _KEEP:
            self._items.popitem(last=False)
        return (("id", id_),)

    def find(self, user: int, id_: str) -> T | None:
        return self._items.get((user, id_))

    def take(self, user: int, id_: str) -> T | None:
        """Return the item and forget it."""
        return self._items.pop((user, id_), None)


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
