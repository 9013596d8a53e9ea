"""The way into the site and out: a link from chat or mail opens a session, by whose cookie a person is known."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.chat.web import forms, safety
from bot.chat.web.forms import SHORT, SMALL, Posted, Shelf, read_post
from bot.chat.web.listener import trust
from bot.chat.web.pages import HOME
from bot.chat.web.shell import KEPT, Shell, Visit, see_other
from bot.commands.model import LARGEST_HANDED, Actor
from bot.config.logs import Throttle
from bot.people.sessions import Sessions
from bot.shared.errors import Outage
from bot.shared.keyring import Keyring
from bot.shared.threads import for_people

_SESSION: Final = 14 * 24 * 3600  # seconds for which the browser keeps the cookie; the stored session decides
_LARGEST: Final = 2 * LARGEST_HANDED  # bytes of a body: a file that is a little too large is refused at its field
_PER_MINUTE: Final = 240  # requests of one session
_WAITING: Final = 100  # links that are about to be mailed
_RETRIES: Final = (0, 5, 20, 60)  # seconds before each try, while the store cannot be used
_KEPT: Final = 3_600  # seconds for which a form that came too late is kept
_LARGEST_KEPT: Final = 250_000  # bytes of one: the longest letter, without a file
_ID: Final = re.compile("[0-9a-zA-Z]{1,64}")
_OWNED: Final = timedelta(days=30)  # how long a page may have been open; a session ends before
_KNOCKS: Final = 30  # requests a minute from one address that is not logged in
log = logging.getLogger(__name__)

MemberHandler = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]


class KeptForm(NamedTuple):
    """What was sent after its session had ended. `path`: of the command."""

    path: str
    fields: Mapping[str, str]


class TooLate(web.HTTPForbidden):
    """A form of an earlier session of the same person came; it is kept under `id`."""

    def __init__(self, id_: str) -> None:
        super().__init__()
        self.id = id_


@dataclass(eq=False, repr=False)
class Door:
    """Logs people in and out, and knows them at each request: session, person and roles are looked up then.

    `actor`: whose a session is. `secure`: the site is reached over https. `mail_link` mails a link to a confirmed
    address; after the log-in it leads to a path of the site. `by_link` returns the visit of a link in mail that needs
    no log-in. `keyring` signs whose a form is, so that one that was sent after its session had ended is kept for them.
    """

    sessions: Sessions
    shell: Shell
    _: KW_ONLY
    actor: Callable[[str], Actor]
    ticks: Callable[[], float]
    secure: bool
    mail_link: Callable[[str, str], None] | None
    by_link: Callable[[web.Request], Visit | None]
    keyring: Keyring
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._cookie = "__Host-session" if self.secure else "session"
        self._visits = safety.RateLimit(_PER_MINUTE, 60, self.ticks)
        self._knocks = safety.RateLimit(_KNOCKS, 60, self.ticks)
        self.kept: Shelf[KeptForm] = Shelf(self.ticks, _KEPT)
        self._mailing: set[asyncio.Task[None]] = set()
        self._lines = Throttle(log, self.ticks)  # anyone can cause them

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/out", self.for_members(self._log_out)),
            web.get("/in/{token}", self._link),
            web.post("/in", self._log_in),
            *([web.post("/link", self._ask_link)] if self.mail_link else []),
        ]

    async def _link(self, request: web.Request) -> web.Response:
        """Show the button that logs in, and whom. Scanners of mail and chat open links, so opening one does nothing."""
        _limit(self._visits, safety.visitor(request))  # scanners use up no attempt to log in
        link, to = request.match_info["token"], safety.own_path(request.query)
        owner = await for_people(self.sessions.owner, link)
        if owner is None:
            return self.shell.error(410)
        return self.shell.render("login.html", title="Log in", owner=owner, link=link, to=to)

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        posted = await self._knock(request)
        cookie = await for_people(self.sessions.redeem, posted.fields.get("link", ""))
        if cookie is None:
            return self.shell.error(410)
        to = safety.own_path(posted.fields)
        if to == HOME.path:
            to = await for_people(self._first_page, cookie)
        response = see_other(to)
        response.set_cookie(
            self._cookie, cookie, max_age=_SESSION, path="/", httponly=True, secure=self.secure, samesite="Lax"
        )
        return response

    def _first_page(self, cookie: str) -> str:
        """What a person sees after logging in: the form that they sent too late, or today."""
        visit = self._visit(cookie)
        id_ = visit and self.kept.newest(visit.actor.person or "")
        return f"{KEPT}/{id_}" if id_ else self.shell.first.path

    async def _ask_link(self, request: web.Request) -> web.Response:
        """Mail a link to someone's confirmed address. Anyone may ask, so the answer does not say whose it is."""
        posted = await self._knock(request)
        address = posted.fields.get("address", "").strip().casefold()[:254]
        if len(self._mailing) >= _WAITING:
            raise web.HTTPTooManyRequests
        if address:
            # Afterward: how long the answer takes must not tell whether someone here has that address.
            task = asyncio.create_task(self._mail(address, safety.own_path(posted.fields)))
            self._mailing.add(task)
            task.add_done_callback(self._mailing.discard)
        text = (
            "If a person here confirmed that address, a link is on its way, or the newest one of today still works. "
            "No email? Look in the spam folder, and check the address."
        )
        return self.shell.message("Check your email", text)

    async def _mail(self, address: str, to: str) -> None:
        assert self.mail_link is not None
        for wait in _RETRIES:
            try:
                await asyncio.sleep(wait)
                await for_people(self.mail_link, address, to)
            except Outage as error:
                self._lines.warning("a link to log in cannot be mailed now: %s", error)
            else:
                break

    async def _log_out(self, request: web.Request, visit: Visit) -> web.StreamResponse:
        await self.post(request, visit)
        await for_people(self.sessions.end, visit.session)
        response = self.shell.outside("You are logged out")
        response.del_cookie(self._cookie, path="/", httponly=True, secure=self.secure, samesite="Lax")
        return response

    def for_members(self, handler: MemberHandler) -> Handler:
        """Return the handler for people who are logged in; everyone else is shown how to log in."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self.visit(request)
            if visit is None:
                _limit(self._knocks, safety.visitor(request))
                if guest := await for_people(self.by_link, request):
                    return await handler(request, guest)
                id_ = await self._keep_posted(request)
                to = f"{KEPT}/{id_}" if id_ else request.path_qs
                return self.shell.outside("You are not logged in", status=401, to=to)
            _limit(self._visits, visit.session)
            trust(request)
            return await handler(request, visit)

        return handle

    async def visit(self, request: web.Request) -> Visit | None:
        """The visit of a person who is logged in; None for everyone else."""
        cookie = request.cookies.get(self._cookie, "")
        return await for_people(self._visit, cookie) if cookie else None

    async def visit_of_error(self, request: web.Request) -> Visit | None:
        """As `visit`, for the page of an error. After too many from one address, nobody is looked up."""
        return await self.visit(request) if self._visits.allows(f"error {safety.visitor(request)}") else None

    def _visit(self, cookie: str) -> Visit | None:
        session = self.sessions.find(cookie)
        actor = self.actor(session) if session else None
        return Visit(session, actor, safety.form_token(cookie)) if session and actor and actor.person else None

    async def post(self, request: web.Request, visit: Visit) -> Posted:
        """Read a form that our own page sent. Raises `web.HTTPException`; `TooLate` for one of an earlier session."""
        if safety.is_own(request):
            posted = await read_post(request, _LARGEST)
            if safety.is_token(posted.fields.get(forms.TOKEN, ""), visit.token):
                self.kept.drop(visit.actor.person or "", posted.fields.get(forms.REQUEST, ""))
                return posted
            if id_ := self._keep(request, posted):
                raise TooLate(id_)
        raise web.HTTPForbidden

    def owner(self, visit: Visit) -> str:
        """Return what proves whose a form is: nothing if a link opened it, which others may have."""
        ends_at = self.clock() + _OWNED
        return "" if visit.link else self.keyring.token(forms.OWNER, visit.actor.person or "", ends_at)

    async def _keep_posted(self, request: web.Request) -> str:
        if request.method != "POST" or not safety.is_own(request):
            return ""
        try:
            return self._keep(request, await read_post(request, _LARGEST_KEPT, SHORT))
        except web.HTTPException:
            return ""

    def _keep(self, request: web.Request, posted: Posted) -> str:
        """Keep the form of someone whose session has ended, and return its id; "" if it is nobody's.

        A preview that a script asks for is not kept.
        """
        owner = self.keyring.subject(forms.OWNER, posted.fields.get(forms.OWNER, ""), self.clock())
        id_, path = posted.fields.get(forms.REQUEST, ""), request.match_info.get("path", "").replace("/", " ")
        if (
            not (owner and path and _ID.fullmatch(id_))
            or request.headers.get("Sec-Fetch-Dest", "document") != "document"
        ):
            return ""
        size = sum(len(name) + len(text) for name, text in posted.fields.items())
        self.kept.put(owner, id_, KeptForm(path, posted.fields), 4 * size)
        return id_

    async def _knock(self, request: web.Request) -> Posted:
        """Read the form of someone who is not logged in. Raises `web.HTTPException`."""
        if not safety.is_own(request):
            raise web.HTTPForbidden
        _limit(self._knocks, safety.visitor(request))
        return await read_post(request, SMALL, SHORT)


def _limit(limit: safety.RateLimit, visitor: str) -> None:
    if not limit.allows(visitor):
        raise web.HTTPTooManyRequests
