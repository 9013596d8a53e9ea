"""The web frontend: people's commands as pages and forms, through the same dispatcher as in chat. It decides nothing.

A person is known by the cookie of a session that a link from chat opened. Session, person and roles are looked up at
each request.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Final, Protocol
from urllib.parse import quote

from aiohttp import web

from bot.chat.web import forms, safety
from bot.chat.web.cards import PRESS, CardView, card_view, is_read, press
from bot.chat.web.forms import Suggestions
from bot.chat.web.html import shared_templates
from bot.chat.web.listener import trust
from bot.chat.web.pages import HOME, Page, Previews, View
from bot.chat.web.transfers import Downloads, Posted, read_post
from bot.commands import arguments
from bot.commands.model import EVERYONE, LARGEST_HANDED, Actor, Call, Command, Context, Form, Kind, Reply
from bot.dispatch import ALREADY, Dispatcher, Refusal
from bot.shared.card import Button, Card
from bot.shared.threads import PRIORITY, for_people

log = logging.getLogger(__name__)

_SESSION: Final = 14 * 24 * 3600  # seconds for which the browser keeps the cookie; the stored session decides
_LARGEST: Final = 2 * LARGEST_HANDED  # bytes of a body: a file that is a little too large is refused at its field
_PER_MINUTE: Final = 240  # requests of one session
_LINKS: Final = 3  # mailed to one address in ten minutes
_KNOCKS: Final = 30  # requests a minute from one address that is not logged in
_MESSAGES: Final = {
    400: ("This request cannot be read", "Go back and try again."),
    403: ("This is not allowed", "Open the page again and try once more from there."),
    404: ("There is no such page", "It may have been removed, or it may not be yours to open."),
    405: ("There is no such page", "Go back and try again."),
    408: ("The request took too long to arrive", "Check your connection and try again."),
    410: ("This link was used already, or is more than 10 minutes old", "Ask for a new one in chat: /campaign board"),
    413: ("That is too large", f"A file may have {LARGEST_HANDED // 1_000_000} MB at most."),
    429: ("Too many requests", "Wait a minute and try again."),
    500: ("Something went wrong on our side", "Nothing was changed. The log has more."),
}
Handler = Callable[[web.Request, "Visit"], Awaitable[web.StreamResponse]]


class Sessions(Protocol):
    """The sessions of the site, by the tokens of links and cookies."""

    def redeem(self, link: str) -> str | None: ...
    def find(self, token: str) -> str | None: ...
    def end(self, id_: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a person who is logged in. `token` goes into each form."""

    session: str
    actor: Actor
    token: str


class WebFrontend:
    """The board's routes and its middleware. `secure`: it is reached over https. `ticks`: a monotonic clock in seconds.

    `pages`: other rooms' pages, with their `templates`; `previews`: what forms show next to their fields. `trials`:
    commands whose answer is shown next to their form, each with the button that would only open the form again.
    `mail_link` mails a link to a confirmed address; after the log-in it leads to a path of the site.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        sessions: Sessions,
        *,
        name: Callable[[], str],
        clock: Callable[[], datetime],
        zone: tzinfo,
        new_id: Callable[[], str],
        ticks: Callable[[], float],
        secure: bool,
        pages: Sequence[Page] = (),
        templates: Sequence[Path] = (),
        previews: Previews = MappingProxyType({}),
        trials: Mapping[str, str] = MappingProxyType({}),
        mail_link: Callable[[str, str], None] | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._sessions = sessions
        self._name = name
        self._clock = clock
        self._zone = zone
        self._new_id = new_id
        self._secure = secure
        self._cookie = "__Host-session" if secure else "session"
        self._pages = (*pages, HOME)
        # What a person sees after logging in.
        self._first = next((page for page in pages if page.nav and page.who == EVERYONE), HOME)
        self._templates = shared_templates(*templates)
        self._previews = previews
        self._trials = trials
        self._downloads = Downloads(ticks, new_id)
        self._visits = safety.RateLimit(_PER_MINUTE, 60, ticks)
        self._knocks = safety.RateLimit(_KNOCKS, 60, ticks)
        self._mail_link = mail_link
        self._mailed = safety.RateLimit(_LINKS, 600, ticks)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes: the pages, a form for each command, files, and the way in and out."""
        pages = [
            route
            for page in self._pages
            for route in (
                # These first: "/asks/{ask}" matches "/asks/4.csv" too.
                *(web.get(f"{page.path}.{kind}", self._for_members(self._page(page, kind))) for kind in _tables(page)),
                web.get(page.path, self._for_members(self._page(page, ""))),
            )
        ]
        return [
            *pages,
            web.get("/do/{group}/{verb}", self._for_members(self._ask)),
            web.post("/do/{group}/{verb}", self._for_members(self._do)),
            web.get("/files/{id}", self._for_members(self._file)),
            web.post("/out", self._for_members(self._log_out)),
            web.get("/in/{token}", self._link),
            web.post("/in", self._log_in),
            *([web.post("/link", self._ask_link)] if self._mail_link else []),
            *(web.get(path, self._static) for path in self._templates.static),
        ]

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Show every error as a page."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return self._message(error.status)
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception:
            log.exception("A page could not be shown")
            return self._message(500)

    # --- in and out --------------------------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.Response:
        """Show the button that logs in. Scanners of mail and chat open links, so opening one does nothing."""
        return self._html(
            "login.html", title="Log in", link=request.match_info["token"], to=safety.own_path(request.query)
        )

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        if not safety.is_own(request):
            raise web.HTTPForbidden
        self._limit(self._knocks, safety.address(request))
        posted = await read_post(request, _LARGEST)
        cookie = await for_people(self._sessions.redeem, posted.fields.get("link", ""))
        if cookie is None:
            return self._message(410)
        to = safety.own_path(posted.fields)
        response = _seen(self._first.path if to == HOME.path else to)
        response.set_cookie(
            self._cookie, cookie, max_age=_SESSION, path="/", httponly=True, secure=self._secure, samesite="Lax"
        )
        return response

    async def _ask_link(self, request: web.Request) -> web.Response:
        """Mail a link to someone's confirmed address. Anyone may ask, so the answer does not say whose it is."""
        if not safety.is_own(request):
            raise web.HTTPForbidden
        self._limit(self._knocks, safety.address(request))
        posted = await read_post(request, _LARGEST)
        address = posted.fields.get("address", "").strip().casefold()[:254]
        if self._mail_link and address and self._mailed.allows(address):
            await for_people(self._mail_link, address, safety.own_path(posted.fields))
        text = (
            "If a person here confirmed that address, a link is on its way to it. It works once, for 10 minutes. "
            "No email? Look in the spam folder, and check the address."
        )
        return self._html("message.html", title="Check your email", head="Check your email", text=text)

    async def _log_out(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        await self._post(request, visit)
        await for_people(self._sessions.end, visit.session)
        response = self._outside("You are logged out")
        response.del_cookie(self._cookie, path="/", httponly=True, secure=self._secure, samesite="Lax")
        return response

    def _for_members(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return the handler for people who are logged in; everyone else is shown how to log in."""

        async def handle(request: web.Request) -> web.StreamResponse:
            with PRIORITY.page() if request.method == "GET" else nullcontext():
                return await visit(request)

        async def visit(request: web.Request) -> web.StreamResponse:
            cookie = request.cookies.get(self._cookie, "")
            session, actor = await for_people(self._visitor, cookie) if cookie else ("", None)
            if actor is None or actor.person is None:
                self._limit(self._knocks, safety.address(request))
                return self._outside("You are not logged in", status=401, to=request.path_qs)
            self._limit(self._visits, session)
            trust(request)
            return await handler(request, Visit(session, actor, safety.form_token(cookie)))

        return handle

    def _visitor(self, cookie: str) -> tuple[str, Actor | None]:
        """The session of a cookie, "" if there is none, and whose it is."""
        session = self._sessions.find(cookie)
        return (session, self._dispatcher.actor("web", "", session)) if session else ("", None)

    async def _post(self, request: web.Request, visit: Visit) -> Posted:
        """Read a form that our own page sent. Raises `web.HTTPException`."""
        if not safety.is_own(request):
            raise web.HTTPForbidden
        posted = await read_post(request, _LARGEST)
        if not safety.is_token(posted.fields.get(forms.TOKEN, ""), visit.token):
            raise web.HTTPForbidden
        return posted

    # --- pages -------------------------------------------------------------------------------------------------------

    def _page(self, page: Page, kind: str) -> Handler:
        async def show(request: web.Request, visit: Visit) -> web.StreamResponse:
            call = self._call(visit, request.path, {}, self._new_id())
            names, query = dict(request.match_info), dict(request.query)

            def shown(ctx: Context) -> View | bytes:
                view = page.show(ctx, names, query)
                if not kind:
                    return view
                table = view.export() if view.export else view.table
                return b"" if table is None else table.csv() if kind == "csv" else table.json()

            view = await self._dispatcher.view(call, page.who, shown)
            if isinstance(view, Refusal):
                return self._refused(visit, view.what, status=404)
            if isinstance(view, bytes):
                if not view:
                    raise web.HTTPNotFound
                return web.Response(body=view, content_type=_TABLES[kind], charset="utf-8", headers=_PRIVATE)
            return self._inside(visit, view.template, title=view.title, here=page.path, table=view.table, **view.values)

        return show

    # --- commands ----------------------------------------------------------------------------------------------------

    async def _ask(self, request: web.Request, visit: Visit) -> web.Response:
        """Show a command's form, or at once its answer if it only reads and nothing is missing."""
        command = self._command(request, visit)
        args = {name: text for name, text in request.query.items() if text and not name.startswith("_")}
        blank = not args and (bool(command.params) or not is_read(command))
        optional = not any(param.required for param in command.params)
        if forms.SEARCH in request.query or "_form" in request.query:
            return await self._form(visit, command, forms.command_form(command, args), search=dict(request.query))
        if PRESS in request.query and not is_read(command):
            button = press(Button("Continue", command.path, tuple(args.items()), "primary"), {})
            return self._inside(
                visit, "press.html", title=command.help, command=command, button=button, back=self._back(visit, command)
            )
        if not is_read(command) or (blank and not optional):
            asked = arguments.form(command, args) if args else None
            return await self._form(visit, command, asked or forms.command_form(command, args))
        answer = await self._dispatcher.answer(self._call(visit, command.path, args, self._new_id()))
        if isinstance(answer, Refusal) and answer.param:
            form = forms.command_form(command, args)
            return await self._form(visit, command, form, refusal=answer)
        if isinstance(answer, Reply) and (page := self._page_of(command, args)):
            return _seen(page)
        return await self._answer(visit, command, answer, again=bool(command.params))

    async def _do(self, request: web.Request, visit: Visit) -> web.Response:
        """Do what a form or a button asks."""
        command = self._command(request, visit)
        posted = await self._post(request, visit)
        sent = forms.sent(command, posted.fields)
        if posted.fields.get(forms.SEARCH) or posted.fields.get(forms.PREVIEW):
            return await self._form(visit, command, sent.form, filled=sent.filled, search=posted.fields)
        files = {name: file for name, file in posted.files.items() if name in sent.filled}
        args = sent.args | {name: posted.file_names[name] for name in files}
        call = self._call(visit, command.path, args, posted.fields.get(forms.REQUEST, ""), files)
        answer = await self._dispatcher.answer(call)
        if isinstance(answer, Refusal) and sent.form.fields:
            # As it was filled in, with the error at its field.
            form = forms.with_missing(sent.form, command, answer.param)
            return await self._form(visit, command, form, filled=sent.filled, refusal=answer)
        if isinstance(answer, Reply) and answer.card and sent.form.fields and command.path in self._trials:
            again = self._trials[command.path]
            card = replace(answer.card, buttons=tuple(each for each in answer.card.buttons if each.path != again))
            return await self._form(visit, command, sent.form, filled=sent.filled, trial=self._shown(visit, card))
        return await self._answer(visit, command, answer)

    async def _answer(
        self, visit: Visit, command: Command, answer: Reply | Refusal, *, again: bool = False
    ) -> web.Response:
        if isinstance(answer, Refusal):
            return self._refused(visit, answer.what)
        if answer.form:
            asked = next((each for each in self._theirs(visit) if each.path == answer.form.path), command)
            return await self._form(visit, asked, answer.form)
        card = answer.card or (ALREADY.card if answer.file is None else None)
        file = answer.file and (self._downloads.add(visit.session, answer.file), answer.file)
        shown = card and self._shown(visit, card)
        return self._inside(
            visit,
            "reply.html",
            title=shown.head if shown else command.help,
            card=shown,
            file=file,
            again=f"/do/{command.group}/{command.verb}?_form" if again else "",
            back=self._back(visit, command),
        )

    def _shown(self, visit: Visit, card: Card) -> CardView:
        today = self._clock().astimezone(self._zone).date()
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
        trial: CardView | None = None,
    ) -> web.Response:
        """Show a form, with suggestions for its fields, and next to it a preview or `trial`."""
        if form.title == f"/{command.path}":  # of a form for what is missing; a page has room for more
            form = replace(form, title=command.help)
        name = (search or {}).get(forms.SEARCH, "")
        call = self._call(visit, form.path, dict(form.args), self._new_id())
        completed = {param.name for param in command.params if param.complete}
        first = {
            each.param.name: await self._dispatcher.complete(call, each.param.name, "")
            for each in form.fields
            if each.param.name in completed
        }
        offered = await self._dispatcher.complete(call, name, (search or {}).get(name, "")) if name in completed else ()
        plain = all(each.param.kind not in (Kind.LONG, Kind.FILE) for each in form.fields)
        shown = forms.form_view(
            form,
            filled or {},
            refusal,
            Suggestions(first, name, offered),
            by_get=is_read(command) and plain and not form.args,
        )
        preview = await self._preview(visit, command, form, filled or {})
        live = preview is not None and self._previews[form.path].live
        nonce = self._new_id() if live else ""
        page = self._inside(
            visit,
            "form.html",
            status=422 if refusal else 200,
            title=form.title,
            form=shown,
            command=command,
            preview=preview,
            trial=trial,
            nonce=nonce,
            back=self._back(visit, command),
        )
        if live:
            page.headers["Content-Security-Policy"] = safety.policy_with_script(nonce)
        return page

    async def _preview(
        self, visit: Visit, command: Command, form: Form, filled: Mapping[str, str]
    ) -> View | Refusal | None:
        """What the form shows of what is typed; None if it has no preview."""
        preview = self._previews.get(form.path)
        if preview is None or form.path != command.path:
            return None
        typed = forms.values(form, filled)
        call = self._call(visit, form.path, typed, self._new_id())
        return await self._dispatcher.view(
            call, command.who, lambda ctx: preview.show(ctx, {}, arguments.checked(command, typed))
        )

    async def _file(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        file = self._downloads.get(visit.session, request.match_info["id"])
        if file is None:
            return self._refused(visit, "This file is no longer here. Ask for it again.", status=404)
        name = f"attachment; filename*=UTF-8''{quote(file.name, safe='', errors='replace')}"
        return web.Response(
            body=file.data, headers={**_PRIVATE, "Content-Disposition": name, "Content-Type": file.media_type}
        )

    def _command(self, request: web.Request, visit: Visit) -> Command:
        path = f"{request.match_info['group']} {request.match_info['verb']}"
        command = next((each for each in self._theirs(visit) if each.path == path), None)
        if command is None:
            raise web.HTTPNotFound
        return command

    def _back(self, visit: Visit, command: Command) -> tuple[str, str]:
        """The name and address of the page that a command's form and answer lead back to."""
        pages = (page for page in self._pages if command.group in page.commands and page.who & visit.actor.roles)
        page = next(pages, self._first)
        return page.nav, page.path

    def _page_of(self, command: Command, args: Mapping[str, str]) -> str:
        """The address of the page that answers this command; "" if none does."""
        path = next((page.path for page in self._pages if page.answers == command.path), "")
        names = {name for _, name, _, _ in Formatter().parse(path) if name}
        quoted = {name: quote(text, safe="", errors="replace") for name, text in args.items()}
        return path.format_map(quoted) if names == quoted.keys() else ""

    def _theirs(self, visit: Visit) -> Sequence[Command]:
        return self._dispatcher.commands_for(visit.actor)

    def _call(
        self, visit: Visit, path: str, args: Mapping[str, str], request: str, files: Mapping[str, Any] | None = None
    ) -> Call:
        # A page's buttons share its id, and after one was pressed, Back leads to the others.
        what = sha256(repr((path, sorted(args.items()))).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return Call(
            path=path,
            args=args,
            platform="web",
            team="",
            user=visit.session,
            id=f"{visit.session} {request[:64]} {what}",
            files=files or {},
        )

    # --- responses ---------------------------------------------------------------------------------------------------

    def _limit(self, limit: safety.RateLimit, visitor: str) -> None:
        if not limit.allows(visitor):
            raise web.HTTPTooManyRequests

    async def _static(self, request: web.Request) -> web.Response:
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        kind = "text/css" if request.path.endswith(".css") else "text/javascript"
        body = self._templates.static[request.path]
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=forever)

    def _refused(self, visit: Visit, what: str, *, status: int = 422) -> web.Response:
        return self._inside(visit, "message.html", status=status, title="Not done", head="Not done", text=what)

    def _message(self, status: int) -> web.Response:
        head, text = _MESSAGES.get(status, _MESSAGES[400])
        return self._html("message.html", status=status, title=head, head=head, text=text)

    def _outside(self, head: str, *, status: int = 200, to: str = "/") -> web.Response:
        """The page for who is not logged in: how to log in. `to`: the page that they wanted."""
        by_mail = self._mail_link is not None
        return self._html("outside.html", status=status, title=head, head=head, by_mail=by_mail, to=to)

    def _inside(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page for a person who is logged in, in the shell with navigation."""
        nav: dict[str, list[tuple[str, str]]] = {"": []}
        for page in self._pages:
            if page.nav and page.who & visit.actor.roles:
                nav.setdefault(page.menu, []).append((page.nav, page.path))
        values = {"here": "", "nav": nav, "actor": visit.actor, "token": visit.token} | values
        return self._html(template, status=status, request_id=self._new_id(), **values)

    def _html(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        values = {"nav": {}, "actor": None, "here": "", "site": self._name(), "home": self._first.path} | values
        text = self._templates.render(template, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=_PRIVATE)


_PRIVATE: Final = {"Cache-Control": "private, no-store"}
_TABLES: Final = {"csv": "text/csv", "json": "application/json"}


def _tables(page: Page) -> Sequence[str]:
    return () if page.path == "/" else tuple(_TABLES)


def _seen(url: str) -> web.Response:
    """A redirect after a form."""
    return web.Response(status=303, headers={"Location": url, **_PRIVATE})
