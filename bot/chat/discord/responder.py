"""What one coalition answers to an interaction: a command, a button, a form or a completion. It decides nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final, TypeVar

import aiohttp
import discord
from discord.http import Route

from bot.chat.discord import incoming, render
from bot.chat.discord.sender import attachment, content
from bot.chat.links import KEPT, LOST, KeptForms
from bot.chat.platform import check_size, uploaded_file
from bot.chat.typed import not_typed
from bot.commands.model import Call, File, Form, FormField, Param, Refusal, Refused, Reply, by_path
from bot.people.dispatch import NOT_YOURS, Dispatcher
from bot.shared import journey
from bot.shared.card import Button, Card, Mark
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

T = TypeVar("T")
Payload = dict[str, Any]

PATIENCE: Final = 0.15  # seconds: a faster answer is the first response; a form must be, as Discord opens none later
_MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_PRIVATE: Final = {"flags": 1 << 6}
_ANSWERED: Final = 40060
_TOO_LATE: Final = (10015, 10062, 50027)  # unknown webhook, unknown interaction, token no longer valid
_TROUBLE: Final = (discord.HTTPException, aiohttp.ClientError, OSError)
_ONCE: Final = "_"  # the form argument that identifies one opening of the form
_PATIENCE: Final = 10  # seconds
_AGAIN: Final = "Discord did not deliver the file. Please send it again."


class Conversation:
    """Answers one interaction. Raises discord.py's and aiohttp's errors when Discord cannot be reached."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self.interaction = interaction
        self._http = interaction.client.http
        self._deferred = False
        self._tag = ""
        self._observe_ack: Callable[[float], None] | None = None  # until it was acknowledged
        self._arrived = asyncio.get_running_loop().time()
        # For a button, or a form that a button opened: the answer may change the message.
        self._message = interaction.message

    def serve(self, tag: str, observe_ack: Callable[[float], None]) -> None:
        """From now on it is one coalition's, which buttons and forms say by its `tag`.

        `observe_ack` gets the seconds until Discord had an acknowledgment.
        """
        self._tag = tag
        self._observe_ack = observe_ack

    @property
    def can_open(self) -> bool:
        """Whether a form may still be opened: only as the first response, and not in answer to a form."""
        return not self._deferred and self.interaction.type is not discord.InteractionType.modal_submit

    async def while_waiting(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`. If it takes longer, the response to Discord is deferred."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            self._deferred = True
            try:
                await (self._callback(_DEFER_UPDATE, {}) if self._message else self._callback(_DEFER, _PRIVATE))
            except _TROUBLE as error:  # the answer has other ways
                log.info("Could not tell Discord that an answer follows: %s", error)
        return await task

    async def say(
        self, payload: Payload, *, file: File | None = None, public: bool = False, replaces: bool = False
    ) -> None:
        """Show a message: to the person alone, to all, or instead of the message whose button was pressed."""
        replaces = replaces and self._message is not None
        payload = incoming.tagged(payload, self._tag)
        if file:
            payload = payload | {"attachments": [attachment(0, file)]}
        try:
            await self._respond(payload, file, public=public, replaces=replaces)
        except _TROUBLE as error:
            code, status = getattr(error, "code", 0), getattr(error, "status", 500)
            if code == _ANSWERED:
                return
            if status < 500 and code not in _TOO_LATE:
                raise
            # It may have arrived, and is then seen twice.
            await self._post(payload, file, public=public, replaces=replaces)

    async def open(self, form: Payload) -> None:
        await self._callback(_MODAL, incoming.tagged(form, self._tag))

    async def offer(self, choices: Sequence[Payload]) -> None:
        await self._callback(_CHOICES, {"choices": list(choices)})

    async def _respond(self, payload: Payload, file: File | None, *, public: bool, replaces: bool) -> None:
        seen = payload if public else payload | _PRIVATE
        if not self._deferred:
            await (self._callback(_UPDATE, payload, file) if replaces else self._callback(_MESSAGE, seen, file))
        elif replaces or (self._message is None and not public):
            await self._send(self._webhook("PATCH", "/messages/@original"), payload, file)
        else:
            if self._message is None:  # the deferred response is private and cannot be made public
                note = {"content": "Posted here, where everyone can see it."}
                await self._send(self._webhook("PATCH", "/messages/@original"), note, None)
            await self._send(self._webhook("POST", ""), seen, file)

    async def _post(self, payload: Payload, file: File | None, *, public: bool, replaces: bool) -> None:
        """Post the answer as an ordinary message. A private answer goes only to the person."""
        if replaces and self._message is not None and not self._message.flags.ephemeral:
            path = "/channels/{channel_id}/messages/{message_id}"
            route = Route("PATCH", path, channel_id=self._message.channel.id, message_id=self._message.id)
            await self._send(route, payload, file)
            return
        channel = self.interaction.channel_id
        if not public:
            recipient = {"recipient_id": str(self.interaction.user.id)}
            channel = (await self._http.request(Route("POST", "/users/@me/channels"), json=recipient))["id"]
        await self._send(Route("POST", "/channels/{channel_id}/messages", channel_id=channel), payload, file)

    async def _callback(self, kind: int, data: Payload, file: File | None = None) -> None:
        # The names give each interaction its own rate limit in discord.py: with one for all they would queue.
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        route = Route("POST", path, webhook_id=self.interaction.id, webhook_token=self.interaction.token)
        await self._send(route, {"type": kind, "data": data}, file)
        if self._observe_ack:
            self._observe_ack(asyncio.get_running_loop().time() - self._arrived)
            self._observe_ack = None

    def _webhook(self, method: str, path: str) -> Route:
        whole = "/webhooks/{webhook_id}/{webhook_token}" + path
        return Route(method, whole, webhook_id=self.interaction.application_id, webhook_token=self.interaction.token)

    async def _send(self, route: Route, body: Payload, file: File | None) -> None:
        await self._http.request(route, **content(body, [file] if file else []))


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
        self._kept = KeptForms[Form]()

    def knows(self, user: str) -> bool | None:
        """Whether a user is linked in the coalition's server; None while its store cannot say. Blocking."""
        try:
            return self.dispatcher.actor("discord", self.guild, user).person is not None
        except Exception:
            log.exception("could not look up a user for one of several coalitions")
            return None

    async def respond(self, conversation: Conversation) -> None:
        """Answer an interaction. Raises what `Conversation` raises."""
        conversation.serve(self.tag, self.observe_ack)
        interaction = conversation.interaction
        data: Mapping[str, Any] = interaction.data or {}
        with journey.serve(self.coalition or journey.served()):
            match interaction.type:
                case discord.InteractionType.autocomplete:
                    (path, args), (param, text, number) = incoming.command(data), incoming.typing(data)
                    call = await self._to_call(conversation, path, args)
                    offered = await self.dispatcher.complete(call, param, text)
                    await conversation.offer(
                        [{"name": each.label, "value": int(each.value) if number else each.value} for each in offered]
                    )
                case discord.InteractionType.application_command:
                    await self._ask(conversation, *incoming.command(data))
                case discord.InteractionType.component:
                    path, args = incoming.decode(data["custom_id"])
                    if path != KEPT:
                        await self._ask(conversation, path, args)
                    elif form := self._kept.find(str(interaction.user.id), args.get("id", "")):
                        await self._open(form, conversation)
                    else:
                        await conversation.say(render.refusal(LOST))
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
        form = self._kept.find(str(interaction.user.id), once)
        if form is None and path == KEPT:
            await conversation.say(render.refusal(LOST))
            return
        params = self._params(path)
        if form is None:  # opened before a restart: rebuilt from what was sent
            fields = tuple(FormField(params[name], params[name].label) for name in filled if name in params)
            form = Form(title=f"/{path}", path=path, fields=fields, args=args)
        given = form.carried(render.prefilled(form)) | {name: text for name, text in filled.items() if text}
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
        saved = dict(self._keep(conversation, form))
        try:
            args = form.carried(render.prefilled(form)) | {_ONCE: saved["id"]}
            id_ = incoming.encode(form.path, args)
        except ValueError:
            id_ = incoming.encode(KEPT, saved)
        await conversation.open(render.modal(form, id_))

    async def _show(
        self, answer: Reply | Refusal, conversation: Conversation, buttons: tuple[Button, ...] = ()
    ) -> None:
        """Show an answer; `buttons`: under a refusal."""
        if isinstance(answer, Refusal):
            await conversation.say(render.refusal(answer.what, buttons))
            return
        is_form = conversation.interaction.type is discord.InteractionType.modal_submit
        if answer.repeat and not is_form:  # a form that is sent again is open, and may have been changed
            return
        if answer.form and conversation.can_open:
            await self._open(answer.form, conversation)
            return
        if answer.form:
            saved = self._keep(conversation, answer.form)
            head = f"{answer.form.title}: some details are missing"
            button = Button("Open the form", KEPT, saved, "primary")
            answer = Reply(card=Card(mark=Mark.ANSWER, head=head, buttons=(button,)))
        payload = render.reply(answer, self.clock().astimezone(self.zone).date())
        await conversation.say(payload, file=answer.file, public=answer.public, replaces=answer.replaces)

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

    def _keep(self, conversation: Conversation, form: Form) -> tuple[tuple[str, str], ...]:
        return self._kept.keep(str(conversation.interaction.user.id), f"{conversation.interaction.id:x}", form)

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
        again = replace(form, fields=tuple(marked), args=carried, unsaved=True)
        return (Button("Correct it", KEPT, self._keep(conversation, again), "primary"),)


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
