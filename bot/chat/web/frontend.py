"""The web frontend: people's commands as pages and forms, through the dispatcher as in chat. It decides nothing."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.chat.links import WITHOUT_LOGIN, arguments_in, signed_for
from bot.chat.web import forms, safety
from bot.chat.web.door import Door, MemberHandler, TooLate
from bot.chat.web.pages import Page, Press, Previews, View, card_view, is_read
from bot.chat.web.shell import KEPT, PRIVATE, Shell, Visit, readers_language, see_other
from bot.commands import arguments
from bot.commands.model import Call, Choice, Command, Context, File, Form, Kind, Refusal, Reply, Role, by_path
from bot.config.logs import Throttle
from bot.people.dispatch import Dispatcher
from bot.people.sessions import Sessions
from bot.shared.card import Card, Mark
from bot.shared.errors import Outage
from bot.shared.keyring import Keyring
from bot.shared.language import gettext, speaking
from bot.shared.threads import for_people

log = logging.getLogger(__name__)

_DIGEST: Final = re.compile(r"^([0-9a-f]{12})[0-9a-f]{52}$")  # of a letter's text, which its beginning names
_DONE: Final = Card(mark=Mark.ANSWER, head="That was already done.")
_DOWNLOADS: Final = 600  # seconds for which an answer's file stays in memory
_TABLES: Final = {"csv": "text/csv", "json": "application/json"}


@dataclass(eq=False, repr=False)
class WebFrontend:
    """The board's routes and its middleware. `secure`: it is reached over https. `ticks`: a monotonic clock in seconds.
    `keyring`: what signed the links in mail.

    `pages`: other rooms' pages, with their `templates`; `previews`: what forms show next to their fields. `trials`:
    commands whose answer is shown next to their form, each with the button that would only open the form again.
    `mail_link` mails a link to a confirmed address; after the log-in it leads to a path of the site. `mailbox`: as in
    `links.signed_for`.
    """

    dispatcher: Dispatcher
    sessions: Sessions
    _: KW_ONLY
    name: Callable[[], str]
    clock: Callable[[], datetime]
    zone: tzinfo
    new_id: Callable[[], str]
    keyring: Keyring
    ticks: Callable[[], float]
    secure: bool
    pages: Sequence[Page] = ()
    templates: Sequence[Path] = ()
    previews: Previews = field(default_factory=dict)
    trials: Mapping[str, str] = field(default_factory=dict)
    mail_link: Callable[[str, str], None] | None = None
    mailbox: Callable[[str], str] = lambda _: ""

    def __post_init__(self) -> None:
        self._lines = Throttle(log, self.ticks)
        self._signed_for = partial(signed_for, self.keyring, mailbox=self.mailbox)
        self._downloads: forms.Shelf[File] = forms.Shelf(self.ticks, _DOWNLOADS)
        self._shell = Shell(
            self.pages, self.templates, name=self.name, new_id=self.new_id, by_mail=self.mail_link is not None
        )
        actor = partial(self.dispatcher.actor, "web", "")
        self._door = Door(
            self.sessions,
            self._shell,
            actor=actor,
            ticks=self.ticks,
            secure=self.secure,
            mail_link=self.mail_link,
            by_link=self._by_link,
            keyring=self.keyring,
            clock=self.clock,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return the routes: the pages, a form for each command, files, and the way in and out."""
        members = self._door.for_members
        pages = []
        for page in self._shell.pages:
            # The tables first: "/asks/{ask}" matches "/asks/4.csv" too.
            tables = () if page.path == "/" else _TABLES
            pages += [web.get(f"{page.path}.{kind}", members(self._page(page, kind))) for kind in tables]
            pages.append(web.get(page.path, members(self._page(page, ""))))
        return [
            *pages,
            web.get("/do/{path:[^/]+(?:/[^/]+)?}", members(self._for_theirs(self._ask))),
            web.post("/do/{path:[^/]+(?:/[^/]+)?}", members(self._for_theirs(self._do))),
            web.get("/files/{id}", members(self._file)),
            web.get(f"{KEPT}/{{id}}", members(self._kept)),
            *self._door.routes(),
            *self._shell.static_routes(),
        ]

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Show every error as a page."""
        try:
            return await handler(request)
        except web.HTTPServiceUnavailable as error:  # says why
            with speaking(readers_language(request)):
                head, text = gettext(error.reason), gettext(error.text) if error.text else ""
                return self._shell.message(head, text, status=error.status)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            with suppress(Outage):
                if visit := await self._door.visit_of_error(request):
                    return self._shell.error(error.status, visit)
            with speaking(readers_language(request)):
                return self._shell.error(error.status)
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 - logged, at most once a minute: strangers may find a way to cause it
            self._lines.error("A page could not be shown", error)
            with speaking(readers_language(request)):
                return self._shell.error(500)

    # --- pages -------------------------------------------------------------------------------------------------------

    def _page(self, page: Page, kind: str) -> MemberHandler:
        async def show(request: web.Request, visit: Visit) -> web.StreamResponse:
            call = self._call(visit, request.path, {}, self.new_id())
            names, query = dict(request.match_info), dict(request.query)

            def shown(ctx: Context) -> View | bytes:
                view = page.show(ctx, names, query)
                if not kind:
                    return view
                table = view.export() if view.export else view.table
                return b"" if table is None else table.csv() if kind == "csv" else table.json()

            view = await self.dispatcher.view(call, page.who, shown)
            if isinstance(view, Refusal):
                return self._shell.refused(visit, view.what, status=503 if view.is_outage else 404)
            if isinstance(view, bytes):
                if not view:
                    raise web.HTTPNotFound
                return web.Response(body=view, content_type=_TABLES[kind], charset="utf-8", headers=PRIVATE)
            return self._shell.inside(
                visit, view.template, title=view.title, here=page.path, table=view.table, **view.values
            )

        return show

    # --- commands ----------------------------------------------------------------------------------------------------

    def _for_theirs(self, handler: Callable[[web.Request, Visit, Command], Awaitable[web.Response]]) -> MemberHandler:
        """Return the handler of a command's page for people who may use it; others get the reason."""

        async def handle(request: web.Request, visit: Visit) -> web.Response:
            path = request.match_info["path"].replace("/", " ")
            if command := by_path(self._theirs(visit)).get(path):
                return await handler(request, visit, command)
            who = next((each.who for each in self.dispatcher.table if each.path == path), frozenset[Role]())
            refusal = await self.dispatcher.view(self._call(visit, path, {}, ""), who, lambda _: None)
            if refusal is None:  # a moment ago they might not
                raise web.HTTPNotFound
            return self._shell.refused(visit, refusal.what, status=503 if refusal.is_outage else 404)

        return handle

    async def _ask(self, request: web.Request, visit: Visit, command: Command) -> web.Response:
        """Show a command's form, or at once its answer if it only reads and nothing is missing."""
        args = arguments_in(request.query)
        if command.changes:
            return await self._open(request, visit, command, args)
        blank = not args and (bool(command.params) or not is_read(command))
        optional = not any(param.required for param in command.params)
        if forms.SEARCH in request.query or "_form" in request.query:
            return await self._form(visit, command, forms.command_form(command, args), search=dict(request.query))
        if not is_read(command) or (blank and not optional):
            asked = arguments.form(command, args) if args else None
            return await self._form(visit, command, asked or forms.command_form(command, args))
        answer = await self.dispatcher.answer(self._call(visit, command.path, args, self.new_id()))
        if isinstance(answer, Refusal) and answer.param:
            return await self._form(visit, command, forms.command_form(command, args), refusal=answer)
        if isinstance(answer, Reply):
            # If a page answers this command, its arguments are the names in the address.
            page = next((page.path for page in self._shell.pages if page.answers == command.path), "")
            quoted = {name: quote(text, safe="", errors="replace") for name, text in args.items()}
            if {name for _, name, _, _ in Formatter().parse(page) if name} == quoted.keys() and page:
                return see_other(page.format_map(quoted))
        return await self._answer(visit, command, answer, again=bool(command.params))

    async def _open(
        self, request: web.Request, visit: Visit, command: Command, args: Mapping[str, str]
    ) -> web.Response:
        """Show a command's button if the bot wrote this link for the reader; else its form, filled in."""
        person = await for_people(self._signed_for, command.path, request.query, self.clock())
        if person is not None and person == visit.actor.person:
            return await self._press(visit, command, args)
        filled = forms.fill_by_link(command, args)
        return await self._form(visit, command, forms.command_form(command, filled), link=forms.link_digest(filled))

    async def _press(self, visit: Visit, command: Command, args: Mapping[str, str]) -> web.Response:
        """Show every argument in full, a digest by its beginning, and the button that does it."""
        params = {param.name: param for param in command.params}
        call = self._call(visit, command.path, args, self.new_id())
        values = []
        for name, text in sorted(args.items(), key=lambda arg: [*params, arg[0]].index(arg[0])):
            choices = [*params[name].offered, *await self.dispatcher.complete(call, name, "")] if name in params else []
            label = next((choice.label for choice in choices if choice.value == text), "")
            shown = _DIGEST.sub(r"\1", text)
            values.append((params[name].label if name in params else name, shown, label if label != text else ""))
        button = Press("Continue", _address(visit, command.path), tuple(args.items()), "primary")
        return self._shell.inside(
            visit,
            "press.html",
            title=command.help,
            command=command,
            values=values,
            button=button,
            preview=await self._preview(visit, command, forms.command_form(command, args), {}),
            back=self._back(visit, command),
        )

    async def _do(self, request: web.Request, visit: Visit, command: Command) -> web.Response:
        """Do what a form or a button asks."""
        try:
            posted = await self._door.post(request, visit)
        except TooLate as late:
            page = await self._show_kept(visit, late.id)
            page.set_status(late.status)
            return page
        sent, filled = forms.sent(command, {**posted.fields, **visit.bound})
        if posted.fields.get(forms.SEARCH) or posted.fields.get(forms.PREVIEW):
            link = posted.fields.get(forms.LINK, "")
            return await self._form(visit, command, sent, filled=filled, search=posted.fields, link=link)
        files = {name: file for name, file in posted.files.items() if name in filled and name not in visit.bound}
        args = forms.arguments_of(sent, filled) | {name: posted.file_names[name] for name in files}
        if posted.fields.get(forms.LINK) == forms.link_digest(forms.fill_by_link(command, args)) and not files:
            return await self._press(visit, command, {name: text for name, text in args.items() if text})
        call = self._call(visit, command.path, args, posted.fields.get(forms.REQUEST, ""), files)
        answer = await self.dispatcher.answer(call)
        if isinstance(answer, Refusal) and sent.fields:
            # As it was filled in, with the error at its field.
            form = forms.with_missing(sent, command, answer.param)
            return await self._form(visit, command, form, filled=filled, refusal=answer)
        if isinstance(answer, Reply) and answer.card and sent.fields and command.path in self.trials:
            again = self.trials[command.path]
            card = replace(answer.card, buttons=tuple(each for each in answer.card.buttons if each.path != again))
            return await self._form(visit, command, sent, filled=filled, trial=self._shown(visit, card))
        return await self._answer(visit, command, answer)

    async def _kept(self, request: web.Request, visit: Visit) -> web.Response:
        return await self._show_kept(visit, request.match_info["id"])

    async def _show_kept(self, visit: Visit, id_: str) -> web.Response:
        """Show a form that was sent too late, as it was filled in. Nothing of it was done."""
        late = self._door.kept.get(visit.actor.person or "", id_)
        command = by_path(self._theirs(visit)).get(late.path) if late else None
        if late is None or command is None:
            what = "What you filled in is no longer here: it is kept for an hour, and until the bot restarts."
            return self._shell.refused(visit, what, status=404)
        form, filled = forms.sent(command, forms.without_consent(command, late.fields))
        return await self._form(
            visit, command, form, filled=filled, link=late.fields.get(forms.LINK, ""), late_request=id_
        )

    async def _answer(
        self, visit: Visit, command: Command, answer: Reply | Refusal, *, again: bool = False
    ) -> web.Response:
        if isinstance(answer, Refusal):
            return self._shell.refused(visit, answer.what, status=503 if answer.is_outage else 422)
        if answer.form:
            asked = next((each for each in self._theirs(visit) if each.path == answer.form.path), command)
            return await self._form(visit, asked, answer.form)
        card = answer.card or (_DONE if answer.file is None else None)
        file = answer.file and (self.new_id(), answer.file)
        if file:
            self._downloads.put(visit.session, *file, len(file[1].data))
        shown = card and self._shown(visit, card)
        return self._shell.inside(
            visit,
            "reply.html",
            title=shown["head"] if shown else command.help,
            card=shown,
            file=file,
            again=f"/do/{command.path.replace(' ', '/')}?_form" if again else "",
            back=self._back(visit, command),
        )

    def _shown(self, visit: Visit, card: Card) -> dict[str, Any]:
        today = self.clock().astimezone(self.zone).date()
        if visit.link:  # it does one thing, and leads nowhere else
            return card_view(replace(card, buttons=(), line_buttons=()), today, {})
        return card_view(card, today, {each.path: each for each in self._theirs(visit)})

    async def _form(
        self,
        visit: Visit,
        command: Command,
        form: Form,
        *,
        filled: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
        search: Mapping[str, str] | None = None,
        trial: dict[str, Any] | None = None,
        link: str = "",
        late_request: str = "",
    ) -> web.Response:
        """Show a form, with suggestions for its fields, and next to it a preview or `trial`.

        `link`: the digest of what a link filled in; a form that is sent just like that asks once more.
        `late_request`: the one that came too late, which sending the form does.
        """
        plain = all(each.param.kind not in (Kind.LONG, Kind.FILE) for each in form.fields)
        suggestions, offered = await self._suggestions(visit, command, form, search or {})
        shown = forms.form_view(
            form,
            filled or {},
            refusal,
            suggestions=suggestions,
            offered=offered,
            by_get=is_read(command) and plain and not form.args,
        )
        preview = await self._preview(visit, command, form, filled or {})
        live = preview is not None and self.previews[form.path].live
        nonce = self.new_id() if live else ""
        page = self._shell.inside(
            visit,
            "form.html",
            status=200 if refusal is None else 503 if refusal.is_outage else 422,
            title=form.title,
            form=shown | {"link": link, "action": _address(visit, form.path), "is_kept": bool(late_request)},
            owner=self._door.owner(visit),
            **({"request_id": late_request} if late_request else {}),
            command=command,
            preview=preview,
            trial=trial,
            nonce=nonce,
            back=self._back(visit, command),
        )
        if live:
            page.headers["Content-Security-Policy"] = safety.policy_with_script(nonce)
        return page

    async def _suggestions(
        self, visit: Visit, command: Command, form: Form, search: Mapping[str, str]
    ) -> tuple[dict[str, list[Choice]], dict[str, list[Choice]]]:
        """The values suggested for each field, and those for the field that was searched."""
        if visit.link:  # which others may have: it lists no letters, and finds none
            return {}, {}
        call = self._call(visit, form.path, dict(form.args), self.new_id())
        completed = {param.name for param in command.params if param.complete}
        asked = [each.param.name for each in form.fields if each.param.name in completed]
        name = search.get(forms.SEARCH, "")
        offered = await self.dispatcher.complete(call, name, search.get(name, "")) if name in completed else []
        return {each: await self.dispatcher.complete(call, each, "") for each in asked}, {name: offered}

    async def _preview(
        self, visit: Visit, command: Command, form: Form, filled: Mapping[str, str]
    ) -> View | Refusal | None:
        """What the form shows of what is typed; None if it has no preview."""
        preview = self.previews.get(form.path)
        if preview is None or form.path != command.path:
            return None
        typed = forms.values(form, filled)
        call = self._call(visit, form.path, typed, self.new_id())
        return await self.dispatcher.view(
            call, command.who, lambda ctx: preview.show(ctx, {}, arguments.checked(command, typed, ctx.local_now))
        )

    async def _file(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        file = self._downloads.get(visit.session, request.match_info["id"])
        if file is None:
            return self._shell.refused(visit, "This file is no longer here. Ask for it again.", status=404)
        name = f"attachment; filename*=UTF-8''{quote(file.name, safe='', errors='replace')}"
        return web.Response(
            body=file.data, headers={**PRIVATE, "Content-Disposition": name, "Content-Type": file.media_type}
        )

    def _by_link(self, request: web.Request) -> Visit | None:
        """The visit of a link in someone's mail that opens its command without a log-in. Reads the store."""
        path = request.match_info.get("path", "").replace("/", " ")
        person = self._signed_for(path, request.query, self.clock()) if path in WITHOUT_LOGIN else None
        if person is None:
            return None
        link = request.rel_url.raw_query_string
        secret = sha256(link.encode()).hexdigest()
        actor = self.dispatcher.actor("mail", "", person)
        return Visit(secret, actor, safety.form_token(secret), link=link, bound=arguments_in(request.query))

    def _back(self, visit: Visit, command: Command) -> tuple[str, str]:
        """The name and address of the page that a command's form and answer lead back to."""
        pages = (page for page in self._shell.pages if command.group in page.commands and page.who & visit.actor.roles)
        page = next(pages, self._shell.first)
        return page.nav, page.path

    def _theirs(self, visit: Visit) -> Sequence[Command]:
        return self.dispatcher.commands_for(visit.actor)

    def _call(
        self, visit: Visit, path: str, args: Mapping[str, str], request: str, files: Mapping[str, Any] | None = None
    ) -> Call:
        # A page's buttons share its id, and after one was pressed, Back leads to the others.
        what = sha256(repr((path, sorted(args.items()))).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return Call(
            path=path,
            args=args,
            platform=visit.actor.platform,
            team=visit.actor.team,
            user=visit.actor.user,
            id=f"{visit.session} {request[:64]} {what}",
            files=files or {},
        )


def _address(visit: Visit, path: str) -> str:
    """Where a form of this command is sent: with the link that opened it, if it was one instead of a log-in."""
    return f"/do/{path.replace(' ', '/')}{'?' if visit.link else ''}{visit.link}"
