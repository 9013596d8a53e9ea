"""The site's shell: each page in it, for people who are logged in and for others, and the sentences of its errors.

Everything in a template is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.chat.web.pages import HOME, Page
from bot.chat.web.safety import RETRY_AFTER
from bot.commands.model import EVERYONE, LARGEST_HANDED, Actor
from bot.shared.language import NAMES, current, gettext, pgettext, plural, preferred, query, speaking
from bot.shared.wording import listed

PRIVATE: Final = {"Cache-Control": "private, no-store"}
KEPT: Final = "/kept"  # below it, the forms that were sent after their session had ended
_FOLDER: Final = Path(__file__).parent
_STATIC: Final = {name: _FOLDER / "static" / name for name in ("site.css", "board.css", "public.css", "preview.js")}
_LANGUAGE: Final = "language"  # a cookie, set when a visitor of a public page chooses one


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a person who is logged in. `token` goes into each form.

    `link`: instead of a log-in, the query of a link in their mail that opens one command without one; `bound`: that
    command's arguments in the link, which nothing that is sent replaces.
    """

    session: str
    actor: Actor
    token: str
    link: str = ""
    bound: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Shell:
    """Renders the site's responses. `pages`: other rooms'. `by_mail`: whether a link to log in can be mailed."""

    pages: Sequence[Page]
    templates: Sequence[Path]
    _: KW_ONLY
    name: Callable[[], str]
    new_id: Callable[[], str]
    by_mail: bool

    def __post_init__(self) -> None:
        self.pages = (*self.pages, HOME)
        # What a person sees after logging in.
        self.first = next(page for page in self.pages if page.nav and page.who == EVERYONE)
        self._templates = shared_templates(*self.templates)

    def static_routes(self) -> list[web.RouteDef]:
        async def serve(request: web.Request) -> web.Response:
            forever = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
            kind = "text/css" if request.path.endswith(".css") else "text/javascript"
            body = self._templates.static[request.path]
            response = web.Response(body=body, content_type=kind, charset="utf-8", headers=forever)
            response.enable_compression()  # there is no secret in it; a page has some, and is not compressed
            return response

        return [web.get(path, serve) for path in self._templates.static]

    def error(self, status: int, visit: Visit | None = None) -> web.Response:
        """The page of an HTTP error. `visit`: of a person who is logged in."""
        head, text = _error(status)
        if visit:
            return self.inside(visit, "message.html", status=status, title=head, head=head, text=text)
        return self.message(head, text, status=status)

    def message(self, head: str, text: str, *, status: int = 200) -> web.Response:
        """A page with these words alone."""
        return self.render("message.html", status=status, title=head, head=head, text=text)

    def refused(self, visit: Visit, what: str, *, status: int = 422) -> web.Response:
        """The page of a refusal, for a person who is logged in."""
        return self.inside(visit, "message.html", status=status, title="Not done", head="Not done", text=what)

    def outside(self, head: str, *, status: int = 200, to: str = "/") -> web.Response:
        """The page for who is not logged in: how to log in. `to`: the page that they wanted, or the form they sent."""
        values = {"by_mail": self.by_mail, "to": to, "is_kept": to.startswith(KEPT)}
        return self.render("outside.html", status=status, title=head, head=head, **values)

    def inside(self, visit: Visit, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page for a person who is logged in, with navigation, or for one whose link opened it, without."""
        if visit.link:
            values = {"guest": visit.actor, "token": visit.token, "request_id": self.new_id()} | values
            return self.render(template, status=status, **values)
        nav: dict[str, list[tuple[str, str]]] = {"": []}
        for page in self.pages:
            if page.nav and page.who & visit.actor.roles:
                nav.setdefault(page.menu, []).append((page.nav, page.path))
        common = {"here": "", "nav": nav, "actor": visit.actor, "token": visit.token, "request_id": self.new_id()}
        return self.render(template, status=status, **(common | values))

    def render(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page without navigation, unless `values` have it."""
        values = {"nav": {}, "actor": None, "here": "", "site": self.name(), "home": self.first.path} | values
        text = self._templates.render(template, **values)
        headers = PRIVATE | (RETRY_AFTER if status == 503 else {})
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def _error(status: int) -> tuple[str, str]:
    """What the page of an HTTP error says."""
    again = gettext("Go back and try again.")
    errors = {
        400: (gettext("This request cannot be read"), again),
        403: (gettext("This is not allowed"), gettext("Open the page again and try once more from there.")),
        404: (gettext("There is no such page"), gettext("It may have been removed, or it may not be yours to open.")),
        405: (gettext("There is no such page"), again),
        408: (gettext("The request took too long to arrive"), gettext("Check your connection and try again.")),
        410: (
            "This link was used already, or is more than 10 minutes old",
            "Ask for a new one in chat: /campaign board",
        ),
        413: (
            gettext("That is too large"),
            gettext("A file may have %(most)s MB at most.", most=LARGEST_HANDED // 1_000_000),
        ),
        429: (gettext("Too many requests"), gettext("Wait a minute and try again.")),
        500: (
            gettext("Something went wrong on our side"),
            gettext("If you pressed a button, open the page again to see whether it was done. The log has more."),
        ),
    }
    return errors.get(status, errors[400])


def readers_language(request: web.Request) -> str:
    """The language that a visitor of a public page chose, or that their browser prefers."""
    chosen = [request.query.get("lang"), request.cookies.get(_LANGUAGE)]
    best = preferred(request.headers.get("Accept-Language", ""))
    return next((language for language in chosen if language in NAMES), best)


def in_readers_language(page: Handler) -> Handler:
    """The public page in its visitor's language, which is remembered once they choose one; not in others' frames."""

    async def handle(request: web.Request) -> web.StreamResponse:
        with speaking(readers_language(request)):
            response = await page(request)
        response.headers["Vary"] = "Accept-Language, Cookie"
        if request.query.get("lang") in NAMES and request.headers.get("Sec-Fetch-Dest", "document") == "document":
            response.set_cookie(_LANGUAGE, request.query["lang"], max_age=365 * 86_400, httponly=True, samesite="Lax")
        return response

    return handle


def see_other(url: str) -> web.Response:
    """A redirect after a form."""
    return web.Response(status=303, headers={"Location": url, **PRIVATE})


class Templates:
    """The templates in `templates/` here and in `folders` of other rooms."""

    def __init__(self, *folders: Path) -> None:
        # Named after their content, so browsers can store them forever.
        self.static = {_static_path(file): file.read_bytes() for file in _STATIC.values()}
        self._environment = Environment(
            loader=FileSystemLoader([_FOLDER / "templates", *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        install = self._environment.install_gettext_callables  # type: ignore[attr-defined]
        install(gettext, plural, newstyle=True, pgettext=pgettext)
        self._environment.globals |= {"language": current, "languages": NAMES, "in_language": query}
        self._environment.filters["listed"] = listed
        self._environment.globals["static"] = {name: _static_path(file) for name, file in _STATIC.items()}

    def render(self, name: str, **values: Any) -> str:
        """Return the page as HTML. Lone surrogates, which no encoding takes, become question marks."""
        text = self._environment.get_template(name).render(values)
        return text.encode("utf-8", "replace").decode()


@cache
def shared_templates(*folders: Path) -> Templates:
    """Return the templates that all coalitions of this process have, so that each is read and compiled once."""
    return Templates(*folders)


def _static_path(file: Path) -> str:
    return f"/static/{sha256(file.read_bytes()).hexdigest()[:12]}{file.suffix}"
