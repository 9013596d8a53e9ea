"""What one coalition answers to an interaction: a command, a button, a form or a completion. It decides nothing."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final

import aiohttp
import discord

from bot.chat.discord import incoming, render
from bot.chat.discord.conversation import Conversation
from bot.chat.platform import check_size, uploaded_file
from bot.chat.typed import not_typed
from bot.commands.model import Call, File, Form, FormField, Param, Refusal, Refused, Reply, by_path
from bot.people.dispatch import NOT_YOURS, Dispatcher
from bot.shared import journey
from bot.shared.card import Button, Card, Mark
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

_KEPT: Final = "kept"  # the path of a saved form; a command's path has two words
_ONCE: Final = "_"  # the form argument that identifies one opening of the form
_KEEP: Final = 500
_LOST: Final = "The bot was restarted and lost what you entered. Please start again."
_PATIENCE: Final = 10  # seconds
_AGAIN: Final = "Discord did not deliver the file. Please send it again."


@dataclass(eq=False, repr=False)
class Responder:
    """Answers for one coalition.

    `guild`: the id of its server; "" if it answers in every server of its application. `coalition`: its id if there are
    several in this process. `cdn`: where Discord keeps files.
    """

    dispatcher: Dispatcher
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo
    cdn: str
    guild: str = ""
    coalition: str = ""
    observe_ack: Callable[[float], None] = lambda _: None

    def __post_init__(self) -> None:
        self.tag = incoming.tag(self.guild)
        self._commands = by_path(self.dispatcher.table)
        self._kept = Saved()

    def knows(self, user: str) -> bool:
        """Whether a user is linked in the coalition's server; not while its store cannot say. Blocking."""
        try:
            return self.dispatcher.actor("discord", self.guild, user).person is not None
        except Exception:
            log.exception("could not look up a user for one of several coalitions")
            return False

    async def respond(self, conversation: Conversation) -> None:
        """Answer an interaction. Raises what `Conversation` raises."""
        conversation.serve(self.tag, self.observe_ack)
        interaction = conversation.interaction
        data: Mapping[str, Any] = interaction.data or {}
        with journey.serve(self.coalition or journey.served()):
            match interaction.type:
                case discord.InteractionType.autocomplete:
                    await self._complete(data, conversation)
                case discord.InteractionType.application_command:
                    await self._ask(conversation, *incoming.command(data))
                case discord.InteractionType.component:
                    path, args = incoming.decode(data["custom_id"])
                    if path != _KEPT:
                        await self._ask(conversation, path, args)
                    elif form := self._kept.find(interaction.user.id, args.get("id", "")):
                        await self._open(form, conversation)
                    else:
                        await conversation.say(render.refusal(_LOST))
                case discord.InteractionType.modal_submit:
                    await self._submit(data, conversation)

    async def _ask(self, conversation: Conversation, path: str, args: Mapping[str, str]) -> None:
        call = await self._to_call(conversation, path, args)
        async with self.dispatcher.promised(call):
            answer = await conversation.while_waiting(self.dispatcher.answer(call))
            typed = conversation.interaction.type is discord.InteractionType.application_command
            if isinstance(answer, Refusal) and answer.what == NOT_YOURS and typed and path in self._commands:
                answer = Reply(card=not_typed(self._commands[path], theirs=False))
            await self._show(answer, conversation)

    async def _submit(self, data: Mapping[str, Any], conversation: Conversation) -> None:
        """Handle a submitted form. If it is refused, Discord has closed it, but the input is saved for correction."""
        interaction = conversation.interaction
        path, args = incoming.decode(data["custom_id"])
        filled, once = incoming.fields(data), args.pop(_ONCE, "") or args.get("id", "")
        opened_by = str(int(once, 16)) if once and path != _KEPT else args.get("id", "")
        form = self._kept.find(interaction.user.id, opened_by)
        if form is None and path == _KEPT:
            await conversation.say(render.refusal(_LOST))
            return
        params = self._params(path)
        if form is None:  # opened before a restart: rebuilt from what was sent
            fields = tuple(FormField(params[name], params[name].label) for name in filled if name in params)
            form = Form(title=f"/{path}", path=path, fields=fields, args=args)
        given = form.carried(render.shown(form)) | {name: text for name, text in filled.items() if text}
        uploads = incoming.files(data).items()
        files = {name: partial(fetch, interaction.client, self.cdn, file) for name, file in uploads}
        call = replace(await self._to_call(conversation, form.path, given), files=files)
        call = replace(call, id=f"form {once}") if once else call  # one that Discord sends twice runs once
        async with self.dispatcher.promised(call):
            answer = await conversation.while_waiting(self.dispatcher.answer(call))
            again = self._again(conversation, form, filled, answer) if isinstance(answer, Refusal) else ()
            await self._show(answer, conversation, again)

    async def _open(self, form: Form, conversation: Conversation) -> None:
        """Open a form, which is saved, in case Discord has no room for its arguments or it is refused."""
        saved = dict(self._kept.keep(conversation.interaction, form))
        try:
            args = form.carried(render.shown(form)) | {_ONCE: f"{conversation.interaction.id:x}"}
            id_ = incoming.encode(form.path, args)
        except ValueError:
            id_ = incoming.encode(_KEPT, saved)
        await conversation.open(render.modal(form, id_))

    async def _show(
        self, answer: Reply | Refusal, conversation: Conversation, buttons: tuple[Button, ...] = ()
    ) -> None:
        """Show an answer; `buttons`: under a refusal."""
        if isinstance(answer, Refusal):
            await conversation.say(render.refusal(answer.what, buttons))
            return
        if answer.repeat:
            return
        if answer.form and conversation.can_open:
            await self._open(answer.form, conversation)
            return
        if answer.form:
            saved = self._kept.keep(conversation.interaction, answer.form)
            head = f"{answer.form.title}: some details are missing"
            button = Button("Open the form", _KEPT, saved, "primary")
            answer = Reply(card=Card(mark=Mark.ANSWER, head=head, buttons=(button,)))
        payload = render.reply(answer, self.clock().astimezone(self.zone).date())
        await conversation.say(payload, file=answer.file, public=answer.public, replaces=answer.replaces)

    async def _complete(self, data: Mapping[str, Any], conversation: Conversation) -> None:
        (path, args), (param, text, number) = incoming.command(data), incoming.typing(data)
        call = await self._to_call(conversation, path, args)
        offered = await self.dispatcher.complete(call, param, text)
        await conversation.offer(
            [{"name": each.label, "value": int(each.value) if number else each.value} for each in offered]
        )

    async def _to_call(self, conversation: Conversation, path: str, args: Mapping[str, str]) -> Call:
        interaction = conversation.interaction
        return Call(
            path=path,
            args=args,
            platform="discord",
            team=str(interaction.guild_id or self.guild) or await self._home(interaction),
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
            actor = await for_people(self.dispatcher.actor, "discord", str(guild.id), str(interaction.user.id))
            if actor.person is not None:
                return actor.team
        return str(guilds[0].id) if len(guilds) == 1 else ""

    def _params(self, path: str) -> dict[str, Param]:
        return {param.name: param for param in self._commands[path].params} if path in self._commands else {}

    def _again(
        self, conversation: Conversation, form: Form, filled: Mapping[str, str], refusal: Refusal
    ) -> tuple[Button, ...]:
        """A button that reopens the form as it was filled in, with the refused field first and marked."""
        fields = [replace(field, initial=filled.get(field.param.name, field.initial)) for field in form.fields]
        param = self._params(form.path).get(refusal.param)
        if param and refusal.param not in {field.param.name for field in fields}:  # typed before the form was opened
            fields.insert(0, FormField(param, param.label, form.args.get(refusal.param, "")))
        if not fields:
            return ()
        marked = (replace(each, shown=refusal.what) if each.param.name == refusal.param else each for each in fields)
        shown = {field.param.name for field in fields}
        carried = {name: value for name, value in form.args.items() if name not in shown}
        again = replace(form, fields=tuple(marked), args=carried)
        return (Button("Correct it", _KEPT, self._kept.keep(conversation.interaction, again), "primary"),)


class Saved:
    """The last few hundred forms that people may come back to, in memory only."""

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


async def fetch(client: discord.Client, cdn: str, file: Mapping[str, Any]) -> File:
    """Download a file that was uploaded in a form, from where Discord keeps files. Raises `Refused`."""
    check_size(file["filename"], file["size"])
    if not file["url"].startswith(f"{cdn.rstrip('/')}/"):
        raise Refused(_AGAIN)
    try:
        async with asyncio.timeout(_PATIENCE):
            data = await client.http.get_from_cdn(file["url"])
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Refused(_AGAIN) from error
    return uploaded_file(file["filename"], data)
