"""The way into the site and out: a link from chat or mail opens a session, by whose cookie a person is known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import KW_ONLY, dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.chat.web import forms, safety
from bot.chat.web.forms import SHORT, SMALL, Posted, read_post
from bot.chat.web.listener import trust
from bot.chat.web.pages import HOME
from bot.chat.web.shell import Shell, Visit, see_other
from bot.commands.model import LARGEST_HANDED, Actor
from bot.config.logs import Throttle
from bot.people.sessions import Sessions
from bot.shared.errors import Outage
from bot.shared.threads import for_people

_SESSION: Final = 14 * 24 * 3600  # seconds for which the browser keeps the cookie; the stored session decides
_LARGEST: Final = 2 * LARGEST_HANDED  # bytes of a body: a file that is a little too large is refused at its field
_PER_MINUTE: Final = 240  # requests of one session
_WAITING: Final = 100  # links that are about to be mailed
_RETRIES: Final = (0, 5, 20, 60)  # seconds before each try, while the store cannot be used
_KNOCKS: Final = 30  # requests a minute from one address that is not logged in
log = logging.getLogger(__name__)

MemberHandler = Callable[[web.Request, Visit], Awaitable[web.StreamResponse]]


@dataclass(eq=False, repr=False)
class Door:
    """Logs people in and out, and knows them at each request: session, person and roles are looked up then.

    `actor`: whose a session is. `secure`: the site is reached over https. `mail_link` mails a link to a confirmed
    address; after the log-in it leads to a path of the site. `by_link` returns the visit of a link in mail that needs
    no log-in.
    """

    sessions: Sessions
    shell: Shell
    _: KW_ONLY
    actor: Callable[[str], Actor]
    ticks: Callable[[], float]
    secure: bool
    mail_link: Callable[[str, str], None] | None
    by_link: Callable[[web.Request], Visit | None]

    def __post_init__(self) -> None:
        self._cookie = "__Host-session" if self.secure else "session"
        self._visits = safety.RateLimit(_PER_MINUTE, 60, self.ticks)
        self._knocks = safety.RateLimit(_KNOCKS, 60, self.ticks)
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
        response = see_other(self.shell.first.path if to == HOME.path else to)
        response.set_cookie(
            self._cookie, cookie, max_age=_SESSION, path="/", httponly=True, secure=self.secure, samesite="Lax"
        )
        return response

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
                return self.shell.outside("You are not logged in", status=401, to=request.path_qs)
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
        """Read a form that our own page sent. Raises `web.HTTPException`."""
        if safety.is_own(request):
            posted = await read_post(request, _LARGEST)
            if safety.is_token(posted.fields.get(forms.TOKEN, ""), visit.token):
                return posted
        raise web.HTTPForbidden

    async def _knock(self, request: web.Request) -> Posted:
        """Read the form of someone who is not logged in. Raises `web.HTTPException`."""
        if not safety.is_own(request):
            raise web.HTTPForbidden
        _limit(self._knocks, safety.visitor(request))
        return await read_post(request, SMALL, SHORT)


def _limit(limit: safety.RateLimit, visitor: str) -> None:
    if not limit.allows(visitor):
        raise web.HTTPTooManyRequests
