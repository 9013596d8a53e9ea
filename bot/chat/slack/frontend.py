"""The Slack frontend: passes people's commands to the dispatcher and shows the answers. It decides nothing.

Every request is acknowledged first and processed afterwards, as Slack waits three seconds; a submitted form is
acknowledged with its errors if they are known in time.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, tzinfo
from functools import cached_property, partial
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import typed
from bot.chat.links import KEPT, LOST, KeptForms
from bot.chat.slack import files, incoming, render, socket
from bot.chat.slack.answers import TROUBLE, Answers, Patience
from bot.chat.slack.incoming import Asked, Payload, Seen
from bot.chat.slack.sender import create_slack_client, error_details
from bot.chat.wording import OUR_FAULT
from bot.commands import arguments
from bot.commands.model import Choice, Command, Form, FormField, Refusal, Refused, Reply, by_path
from bot.config.settings import Settings
from bot.outbox.connections import Uptime
from bot.people.dispatch import Dispatcher
from bot.shared.card import Button, Card, Mark
from bot.shared.errors import CoalitionBotError
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

PATIENCE: Final = 0.25  # seconds within which a form can be answered in the form
HOME: Final = "campaign me"
_KNOWING: Final = 1.0  # seconds to look up the person; a form must be open within three
_OFFERING: Final = 2.0  # seconds to find choices
_GRACE: Final = 5.0  # seconds for answers in progress at shutdown
_LONGEST: Final = 3_000  # most characters of a form field
_AT_WORK: Final = "This takes a moment. You can close this window; the answer will still come."
_DONE: Final = "Done. The answer is in the channel where you asked, or in your direct messages with the bot."


@dataclass(eq=False, repr=False)
class SlackFrontend:
    """Answers people on Slack. `remember` saves a text under a name; `tell` tells the administrators what to fix;
    `ticks` is a monotonic clock in seconds, `dice` gives 0 to 1.

    Raises `ValueError` without the tokens it needs.
    """

    settings: Settings
    dispatcher: Dispatcher
    commands: Sequence[Command]
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo
    remember: Callable[[str, str], None]
    tell: Callable[[str], None]
    dice: Callable[[], float]
    observe_ack: Callable[[float], None] = lambda _: None
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __post_init__(self) -> None:
        if self.settings.slack_bot_token is None:
            raise ValueError("no Slack bot token is set")
        self._commands = by_path(self.commands)
        self._uptime = Uptime("slack", clock=self.clock, ticks=self.ticks, remember=self.remember, tell=self.tell)
        self._seen = Seen(self.ticks)
        self._kept = KeptForms[Form | dict[str, Any]]()  # a form, or a window as someone filled it in
        self._client = create_slack_client(self.settings, Patience())
        self._answers = Answers(self._client)
        self._at_work: set[asyncio.Task[None]] = set()
        self.single = self.settings.slack_mode == "socket"
        self._line: socket.Line | None = None
        if self.single:
            if self.settings.slack_app_token is None:
                raise ValueError("no Slack app token is set, which Socket Mode needs")
            self._line = socket.Line(
                self.app,
                self.settings.slack_app_token.get_secret_value(),
                uptime=self._uptime,
                dice=self.dice,
                ticks=self.ticks,
                sleep=self.sleep,
                observe_ack=self.observe_ack,
            )

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set, and reconnect when needed."""
        try:
            if self._line:
                await self._line.keep_up(stop)
            else:
                await self._uptime.up()  # drop the socket status that an earlier run saved
                await stop.wait()
        finally:
            await self.finish()

    async def finish(self) -> None:
        """Return when the answers in progress are done, or after some seconds."""
        if self._at_work:
            await asyncio.wait(self._at_work, timeout=_GRACE)

    # --- connection --------------------------------------------------------------------------------------------------

    @cached_property
    def app(self) -> AsyncApp:
        """The Bolt app, without the parts that call Slack before they acknowledge or that log what people wrote.

        Made at the first request: a process may have hundreds of coalitions that nobody asks.
        """
        app = AsyncApp(
            name="coalition-bot",
            logger=logging.getLogger("slack_bolt"),  # one of Bolt's own takes the root's level: DEBUG logs all bodies
            client=AsyncWebClient(base_url=self.settings.slack_api_url, retry_handlers=[]),
            signing_secret="",  # web.py has already checked the signature
            authorize=_authorize,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
        )
        everything = re.compile("")
        app.command(everything)(self._on_command)
        app.action(everything)(self._on_press)
        app.view(everything)(self._on_submission)
        app.options(everything)(self._on_typing)
        app.event("app_home_opened")(self._on_home)
        return app

    # --- events from Slack -------------------------------------------------------------------------------------------

    async def _on_command(self, ack: AsyncAck, body: Payload) -> None:
        asked, text = incoming.command(body)
        group, _, rest = text.strip("/ ").partition(" ")
        path = next(
            (path for path in (f"{group} {rest.strip().partition(' ')[0]}", group) if path in self._commands), ""
        )
        await self._promise(ack, asked, body, path, lambda: self._command(asked, text))

    async def _on_press(self, ack: AsyncAck, body: Payload) -> None:
        asked, path, args = incoming.press(body)
        await self._promise(ack, asked, body, path, lambda: self._pressed(asked, path, args))

    async def _promise(
        self, ack: AsyncAck, asked: Asked, body: Payload, path: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Acknowledge a request, and do it in a task of its own."""
        if not self._takes(asked, body):
            await ack()
            return

        async def work_as_promised() -> None:
            async with self.dispatcher.promised(asked.call(path, {})):
                await ack()
                async with self._reporting_errors(asked):
                    await work()

        self._start(work_as_promised())

    async def _on_submission(self, ack: AsyncAck, body: Payload) -> None:
        response: dict[str, Any] = {}
        try:
            response = await self._submitted(body)
        except Refused as refused:
            response = _errors(body, Refusal(refused.what))
        except Exception:
            log.exception("A form could not be answered")
            response = _errors(body, Refusal(OUR_FAULT))
        await ack(**response)

    async def _on_typing(self, ack: AsyncAck, body: Payload) -> None:
        choices: Sequence[Choice] = ()
        try:
            async with asyncio.timeout(_OFFERING):
                asked, path, args, param, text = incoming.typing(body)
                choices = await self.dispatcher.complete(asked.call(path, args), param, text)
                if text.strip() and text not in {choice.value for choice in choices}:  # other text is allowed, too
                    choices = [*choices, Choice(text, text)]
        except Exception:
            log.exception("Suggestions could not be shown")
        await ack(options=render.options(choices))

    async def _on_home(self, body: Payload) -> None:
        asked = incoming.opened_home(body)
        if body["event"].get("tab") == "home" and self._takes(asked, body):
            self._start(self._at_home(asked))

    # --- handling ---------------------------------------------------------------------------------------------------

    async def _command(self, asked: Asked, text: str) -> None:
        theirs = tuple(self.commands)
        with suppress(TimeoutError, CoalitionBotError):  # the dispatcher checks again
            async with asyncio.timeout(_KNOWING):
                actor = await for_people(self.dispatcher.actor, "slack", asked.team, asked.user)
            theirs = self.dispatcher.commands_for(actor)
        if not theirs:
            await self._do(asked, text.strip("/ "), {})
            return
        parsed = typed.read(text, theirs, self.commands)
        match parsed:
            case typed.Typed(path, args):
                await self._typed(asked, path, args)
            case typed.NoVerb(group):
                of_group = [command for command in theirs if command.group == group and not command.hidden]
                if not await self._answers.open(asked, render.chooser(group, of_group, asked.back)):
                    await self._say(asked, Reply(card=typed.answer(parsed, theirs)))
            case _:
                await self._say(asked, Reply(card=typed.answer(parsed, theirs)))

    async def _typed(self, asked: Asked, path: str, args: Mapping[str, str]) -> None:
        command = self._commands[path]
        form = _form(command, args)
        if form is None:
            await self._do(asked, path, args)
        elif max(map(len, args.values()), default=0) > _LONGEST:
            raise Refused(f"This is too long for a Slack form. Type the whole command: {typed.usage(command)}")
        else:
            await self._open(asked, form)

    async def _submitted(self, body: Payload) -> dict[str, Any]:
        """The acknowledgment of a form; an empty one closes it."""
        asked, path, carried, filled = incoming.submission(body)
        if not self._takes(asked, body):
            return {}
        if path == incoming.CHOOSER:
            return self._chosen(asked, filled.get(incoming.CHOSEN, ""))
        given = self._carried(asked, carried) | {name: text for name, text in filled.items() if text}
        uploads = {name: partial(files.fetch, self._client, file) for name, file in incoming.files(body).items()}
        call = asked.call(path, given, uploads)
        promise = AsyncExitStack()
        await promise.enter_async_context(self.dispatcher.promised(call))
        work = asyncio.create_task(self.dispatcher.answer(call))
        done, _ = await asyncio.wait({work}, timeout=PATIENCE)
        if not done:
            self._start(self._late(asked, body["view"], filled, work, promise))
            return _instead(render.note(f"/{path}", _AT_WORK))
        answer = work.result()
        if isinstance(answer, Reply) and not answer.form:
            self._start(self._do_promised(asked, promise, lambda: self._show(asked, answer)))
            return {}
        self._start(promise.aclose())  # it waits for whoever writes, and Slack for three seconds alone
        if isinstance(answer, Refusal):
            # The error at its field, or the missing field added.
            missing = self._missing(body["view"], answer.param)
            again = missing and render.again(body["view"], filled, answer.what, missing)
            return _instead(again) if again else _errors(body, answer)
        assert answer.form is not None
        return _instead(self._modal(answer.form, asked))

    def _carried(self, asked: Asked, carried: dict[str, str]) -> dict[str, str]:
        """What a form carried, with what Slack had no room for. Raises `Refused`."""
        if not (id_ := carried.pop(KEPT, "")):
            return carried
        form = self._kept.find(asked.user, id_)
        if not isinstance(form, Form):
            raise Refused(LOST)
        return form.carried(render.prefilled(form))

    def _chosen(self, asked: Asked, path: str) -> dict[str, Any]:
        command = self._commands.get(path)
        form = _form(command, {}) if command else None
        if form:
            return _instead(self._modal(form, asked))
        promise = self.dispatcher.promised(asked.call(path, {}))
        self._start(self._do_promised(asked, promise, lambda: self._do(asked, path, {})))
        return {}

    def _missing(self, view: Payload, name: str) -> FormField | None:
        """The field of a refused parameter that is not in the window, because it was typed before."""
        command = self._commands.get(view["callback_id"])
        param = next((param for param in command.params if param.name == name), None) if command else None
        if param is None or name in _inputs(view):
            return None
        return FormField(param, param.label, incoming.load_form_data(view.get("private_metadata"))[0].get(name, ""))

    async def _late(
        self,
        asked: Asked,
        view: Payload,
        filled: Mapping[str, str],
        work: asyncio.Task[Reply | Refusal],
        promise: AsyncExitStack,
    ) -> None:
        """Answer a form that was acknowledged before its answer was ready."""
        async with promise, self._reporting_errors(asked):
            answer = await work
            if isinstance(answer, Refusal):
                shown = render.again(view, filled, answer.what, self._missing(view, answer.param))
            elif answer.form:
                shown = self._modal(answer.form, asked)
            else:
                shown = render.note(view["title"]["text"], _DONE)
            try:
                await self._client.views_update(view_id=asked.view, view=shown)
            except TROUBLE as error:  # the person has closed it
                log.info("A form could not be changed: %s", error)
                if not isinstance(answer, Refusal):
                    await self._show(asked, answer)
                    return
                button = Button("Correct it", KEPT, self._kept.keep(asked.user, asked.view, shown), "primary")
                await self._say(asked, Reply(card=Card(mark=Mark.ANSWER, head=answer.what, buttons=(button,))))
            else:
                if isinstance(answer, Reply) and not answer.form:
                    await self._show(asked, answer)

    async def _at_home(self, asked: Asked) -> None:
        answer = await self.dispatcher.answer(asked.call(HOME, {}))
        content = render.refusal(answer.what) if isinstance(answer, Refusal) else self._reply(answer)
        await self._client.views_publish(user_id=asked.user, view=render.home(content))

    async def _do(self, asked: Asked, path: str, args: Mapping[str, str]) -> None:
        await self._show(asked, await self.dispatcher.answer(asked.call(path, args)))

    async def _pressed(self, asked: Asked, path: str, args: Mapping[str, str]) -> None:
        if path != KEPT:
            await self._do(asked, path, args)
        elif form := self._kept.find(asked.user, args.get("id", "")):
            await self._open(asked, form)
        else:
            await self._answers.say(asked, render.refusal(LOST))

    async def _do_promised(
        self, asked: Asked, promise: AbstractAsyncContextManager[Any], work: Callable[[], Awaitable[None]]
    ) -> None:
        async with promise, self._reporting_errors(asked):
            await work()

    async def _show(self, asked: Asked, answer: Reply | Refusal) -> None:
        if isinstance(answer, Refusal):
            await self._answers.say(asked, render.refusal(answer.what))
        elif answer.form:
            await self._open(asked, answer.form)
        elif asked.once or not answer.repeat:  # a form that is sent again may have been changed
            await self._say(asked, answer)
        if asked.back.at_home:  # the page shows what has changed
            await self._at_home(replace(asked, id=f"{asked.id} home", once=""))

    async def _open(self, asked: Asked, form: Form | dict[str, Any]) -> None:
        """Open a form, or if it is too late, post a button that opens it: one with its values would send it unread."""
        view, title = (self._modal(form, asked), form.title) if isinstance(form, Form) else (form, "Your form")
        if asked.trigger and await self._answers.open(asked, view):
            return
        button = Button("Open the form", KEPT, self._kept.keep(asked.user, asked.id, form), "primary")
        head = f"{title}: some details are missing"
        with_file = any(block.get("element", {}).get("type") == "file_input" for block in view["blocks"])
        foot = "If it does not open, add the scope files:read to the Slack app and reinstall it." if with_file else ""
        await self._say(asked, Reply(card=Card(mark=Mark.ANSWER, head=head, foot=foot, buttons=(button,))))

    async def _say(self, asked: Asked, answer: Reply) -> None:
        await self._answers.say(asked, self._reply(answer), public=answer.public, replaces=answer.replaces)
        if answer.file:
            try:
                await self._answers.send(asked, answer.file, public=answer.public)
            except TROUBLE as error:
                log.warning("A file could not be sent: %s", error)
                why = "Slack rejected it"
                if isinstance(error, SlackApiError) and error_details(error)[1] == "missing_scope":
                    why = "add the scope files:write to the Slack app and reinstall it"
                await self._answers.say(asked, render.refusal(f"The file could not be sent: {why}."))

    # --- helpers -----------------------------------------------------------------------------------------------------

    def _takes(self, asked: Asked, body: Payload) -> bool:
        """Whether to handle a request: not a repeat, and not from a bot, which may repeat anyone's words."""
        is_person = asked.user and asked.user != incoming.SLACKBOT and not body.get("bot_id")
        return bool(is_person and asked.id) and self._seen.first(asked.id)

    @asynccontextmanager
    async def _reporting_errors(self, asked: Asked) -> AsyncIterator[None]:
        """Report any error to the person."""
        try:
            yield
        except Refused as refused:
            await self._answers.say(asked, render.refusal(refused.what))
        except Exception:
            log.exception("A request from Slack failed")
            with suppress(*TROUBLE):
                await self._answers.say(asked, render.refusal(OUR_FAULT))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("A request from Slack failed", exc_info=error)

    def _modal(self, form: Form, asked: Asked) -> dict[str, Any]:
        try:
            return render.modal(form, asked.back, once=asked.id)
        except ValueError:  # Slack has no room for its arguments
            ((_, id_),) = self._kept.keep(asked.user, asked.id, form)
            return render.modal(replace(form, args={KEPT: id_}, unsaved=False), asked.back, once=asked.id)

    def _reply(self, answer: Reply) -> dict[str, Any]:
        return render.reply(answer, self.clock().astimezone(self.zone).date())


async def _authorize() -> AuthorizeResult:
    """An empty result for Bolt, which asks for a token per request; the dispatcher checks permissions."""
    return AuthorizeResult(enterprise_id=None, team_id=None)


def _form(command: Command, args: Mapping[str, str]) -> Form | None:
    """A form for a command with missing arguments, prefilled with the typed ones; None if nothing is missing."""
    form = arguments.form(command, {})
    if form is None or arguments.form(command, args) is None:
        return None
    return replace(form, fields=tuple(replace(each, initial=args.get(each.param.name, "")) for each in form.fields))


def _errors(body: Payload, refusal: Refusal) -> dict[str, Any]:
    """The error at its field, or at the first field if it is about the whole form."""
    names = _inputs(body["view"])
    name = refusal.param if refusal.param in names else names[0]
    return {"response_action": "errors", "errors": {name: refusal.what}}


def _inputs(view: Payload) -> list[str]:
    """The names of a window's fields."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def _instead(view: dict[str, Any]) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
