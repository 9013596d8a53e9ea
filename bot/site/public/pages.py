"""What the public pages share: limits for visitors, forms that programs rarely send right, and HTML.

There is no captcha: a field that only programs fill in, a least time and limits per mailbox and network stop most.
Anyone may ask as often as they like, so what is read and rendered is reused: a letter with 10,000 signers takes a third
of a second to read and more to render.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from aiohttp import web
from aiohttp.helpers import ETag
from aiohttp.typedefs import Handler

from bot.chat.web import safety
from bot.chat.web.forms import SHORT, FieldView, read_post
from bot.chat.web.shell import in_readers_language, shared_templates
from bot.commands.model import Choice, Job, Refused, Work
from bot.config.load import Config
from bot.congress.directory import NotAddressable
from bot.letters.allies.signing import Signer
from bot.letters.lifecycle import Dossier, Text
from bot.letters.model import Shape, Written
from bot.letters.sheet import note_lines, with_marks
from bot.printing.documents import DocumentProblem, logo, rendered
from bot.shared.keyring import Keyring
from bot.shared.language import ENGLISH, current, gettext, ngettext
from bot.shared.threads import for_people
from bot.shared.wording import short
from bot.site import charts
from bot.store.database import Database

LOOK: Final = "/campaign/look.css"
LOGO: Final = "/campaign/logo.png"
log = logging.getLogger(__name__)
TEMPLATES: Final = Path(__file__).parent / "templates"
TRAP: Final = "fax"  # a field that people do not see
TIME: Final = "time"  # the field with `PublicPages._stamp`
# Programs and browsers ask again each time, and get "not modified": what is hidden is gone soon.
INDEXED: Final = {"Cache-Control": "no-cache", "X-Robots-Tag": "all"}
_HEADERS: Final = {"Cache-Control": "no-store"}
_SLOT: Final = "when-this-form-was-shown"  # in a page that many visitors get, in place of the stamp
_RENDERED: Final = 16_000_000  # bytes of pages in memory
_DOCUMENTS: Final = 20_000_000  # bytes of PDFs and pictures in memory
_SIGNERS: Final = 200  # on one page
_LARGEST: Final = 8_000  # bytes of a form: each of 500 characters takes up to 12
_LEAST: Final = timedelta(seconds=3)  # from the page to its form
_MOST: Final = timedelta(days=1)
_PER_MINUTE: Final = 60  # requests of one address

# Of the time that passes, reading takes so much at most: an ordinary page is read again after a tenth of a second.
_SHARE: Final = 20
_OLDEST: Final = 10.0  # seconds: what is hidden is gone by then

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter's text. `kind`: "p", "h3", "ul" or "notes", whose `items` are its lines."""

    kind: str
    items: tuple[str, ...]


@dataclass(eq=False, repr=False)
class PublicPages:
    """Pages without an account. `keyring`: signs the forms; `changed`: called after something was stored.

    `takes_mail`: whether a domain takes mail, as far as is known.
    """

    db: Database
    config: Callable[[], Config]
    _: KW_ONLY
    clock: Callable[[], datetime]
    ticks: Callable[[], float]
    new_id: Callable[[], str]
    keyring: Keyring
    changed: Callable[[], None]
    takes_mail: Callable[[str], Awaitable[bool]]

    def __post_init__(self) -> None:
        self._templates = shared_templates(TEMPLATES)
        self._coalition = self.config().coalition
        self._rendered = Rendered(_RENDERED)
        self._documents = Rendered(_DOCUMENTS)
        self._visits = safety.RateLimit(_PER_MINUTE, 60, self.ticks)

    def _limited(self, page: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not self._visits.allows(safety.visitor(request)):
                raise web.HTTPTooManyRequests
            return await page(request)

        return handle

    def _spoken(self, page: Handler) -> Handler:
        return in_readers_language(self._limited(page))

    async def _posted(self, request: web.Request) -> dict[str, str]:
        if not safety.is_own(request):
            raise web.HTTPForbidden
        return dict((await read_post(request, _LARGEST, SHORT)).fields)

    async def _write(self, change: Callable[[Work], object]) -> None:
        def run() -> None:
            with Job(self.db, self.config(), self.clock(), self.new_id).write() as work:
                change(work)

        await for_people(run)
        self.changed()

    async def _check_domain(self, address: str) -> None:
        """Raise `Refused` if nothing can be mailed to the address."""
        domain = address.rpartition("@")[2]
        if domain and not await self.takes_mail(domain):
            no_mail = gettext("%(domain)s takes no email. Check the address.", domain=short(domain, 60))
            raise Refused(no_mail, param="address")

    def _stamp(self) -> str:
        """When the form was shown, in a form that only we can write, in any process of the coalition."""
        at = f"{self.clock().timestamp():.1f}"
        return f"{at} {self.keyring.sign('form', at)}"

    async def _take(self, typed: Mapping[str, str], button: str, do: Callable[[], Awaitable[None]]) -> Refused | None:
        """Do what a form asks, and return what is wrong with it. `button`: what to press again, in the page's language.

        A form that a program filled in seems to have worked: programs try again otherwise. The stamp shows one that was
        not sent by someone who read it.
        """
        if typed.get(TRAP):
            return None
        at, _, signature = typed.get(TIME, "").partition(" ")
        wrong = ""
        if not self.keyring.signed(signature, "form", at):
            wrong = gettext("This page was open for a long time.")
        elif (age := self.clock() - datetime.fromtimestamp(float(at), UTC)) < _LEAST:
            wrong = gettext("That was quick.")
        elif age > _MOST:
            wrong = gettext("This page was open for a day.")
        if wrong:
            again = gettext("Check the form and press %(button)s once more.", button=button)
            return Refused(f"{wrong} {again}")
        try:
            await do()
        except Refused as refused:
            return refused
        return None

    async def _html(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] = _HEADERS, **values: Any
    ) -> web.Response:
        """A page for one visitor."""
        body = await for_people(self._render, template, values)
        return web.Response(body=body, status=status, content_type="text/html", charset="utf-8", headers=dict(headers))

    async def _page_for_all(
        self, request: web.Request, template: str, shows: str, values: Callable[[str], Mapping[str, Any]]
    ) -> web.Response:
        """A page that everyone gets alike but for the time in its form, rendered once for what it `shows`.

        `values`: of the template, with what stands for that time.
        """
        if self.config().coalition is not self._coalition:  # its file was changed
            self._coalition, self._rendered = self.config().coalition, Rendered(_RENDERED)
        body = await self._rendered.get(
            f"{current()} {template} {shows}", lambda: self._render(template, values(_SLOT))
        )
        # The form in a browser's copy stays valid for a day, so a copy is renewed each hour.
        etag = f"{digest_of(body)}-{self.clock():%d%H}"
        return conditional(request, body.replace(_SLOT.encode(), self._stamp().encode()), "text/html", etag=etag)

    async def _document_for_all(
        self, request: web.Request, shows: str, media_type: str, make: Callable[[], bytes]
    ) -> web.Response:
        """A file that everyone gets, made once for what it `shows`. One that cannot be made is not tried again."""

        def made() -> bytes:
            try:
                return make()
            except (NotAddressable, DocumentProblem) as problem:
                log.warning("%s cannot be shown: %s", request.path, problem)
                return b""

        data = await self._documents.get(f"{media_type} {shows}", made)
        if not data:
            raise web.HTTPNotFound
        return conditional(request, data, media_type, etag=digest_of(f"{media_type} {shows}".encode()))

    def _card(self, title: str, line: str, drawing: str) -> bytes:
        """The picture that a shared link shows. `drawing`: as charts makes it, "" for none."""
        coalition = self.config().coalition
        sheet = {
            "name": coalition.name, "short": coalition.short[:6], "color": coalition.accents[0], "title": title,
            "line": line, "svg": charts.as_file(drawing, 525, charts.WHITE) if drawing else "",
        }  # fmt: skip
        return rendered("share.png.typ", sheet, self.config().folder)

    def _logo(self) -> bytes:
        """The coalition's logo, empty if there is none; letters say what is wrong with one that cannot be used."""
        with suppress(DocumentProblem, OSError):
            path = logo(self.config().folder)
            return path.read_bytes() if path else b""
        return b""

    def _render(self, template: str, values: Mapping[str, Any]) -> bytes:
        coalition = self.config().coalition
        common: dict[str, Any] = {
            "nav": (), "actor": None, "here": "", "site": coalition.short, "coalition": coalition, "text": "",
            "looks": ("public.css",), "look": LOOK, "logo": LOGO if self._logo() else "", "url": self.config().site,
        }  # fmt: skip
        return self._templates.render(template, **(common | dict(values))).encode()


def field_view(
    spec: tuple[str, str, str, str], typed: Mapping[str, str], wrong: Refused | None, options: tuple[Choice, ...] = ()
) -> FieldView:
    """A field of a form: its name, what the browser fills in, its label and its help; with `options`, a choice."""
    name, autofill, label, help_ = spec
    return FieldView(
        name=name,
        label=gettext(label),
        help=gettext(help_),
        widget="radios" if options else "text",
        required=True,
        value=typed.get(name, options[0].value if options else "")[:1_000],
        options=tuple(Choice(option.value, gettext(option.label)) for option in options),
        error=wrong.what if wrong and wrong.param == name else "",
        autofill=autofill,
    )


@dataclass(frozen=True, slots=True)
class SignersPage:
    """Some of a letter's signers: page `number` of `pages`; `count` of all."""

    members: tuple[Signer, ...]
    allies: tuple[Signer, ...]
    count: int
    number: int
    pages: int


def signers_page(request: web.Request, members: tuple[Signer, ...], allies: tuple[Signer, ...]) -> SignersPage:
    """The signers that `?page=` asks for; those of the first page if it asks for none that there is."""
    count = len(members) + len(allies)
    pages = max(-(-count // _SIGNERS), 1)
    asked = request.query.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 and 1 <= int(asked) <= pages else 1
    start, end = (number - 1) * _SIGNERS, number * _SIGNERS
    of_allies = allies[max(start - len(members), 0) : max(end - len(members), 0)]
    return SignersPage(members[start:end], of_allies, count, number, pages)


def progress(config: Config, members: Sequence[Signer]) -> str:
    """The drawing of how many of the coalition's members signed. Who declined, or did not answer, is not public."""
    count, of = len(members), len(config.coalition.members)
    sentence = ngettext(
        "%(count)s of the coalition's %(num)s member signed", "%(count)s of the coalition's %(num)s members signed",
        of, count=count,
    )  # fmt: skip
    return charts.segments(count, max(of - count, 0), sentence=sentence)


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


def conditional(
    request: web.Request, body: bytes, media_type: str, *, etag: str = "", changed_at: datetime | None = None
) -> web.Response:
    """Return the body, or "not modified" to a program that has it. Its ETag decides before a date (RFC 9110, 13.2.2).

    `etag`: instead of a digest of the body. `changed_at`: when the body last changed, if that is known.
    """
    etag = etag or digest_of(body)
    changed_at = changed_at.replace(microsecond=0) if changed_at else None
    if request.if_none_match is not None:
        is_current = any(each.value in (etag, "*") for each in request.if_none_match)
    else:
        is_current = changed_at is not None and changed_at <= _since(request)
    if is_current:
        response = web.Response(status=304, headers=INDEXED)
    else:
        charset = None if media_type in ("application/pdf", "image/png") else "utf-8"
        response = web.Response(body=body, content_type=media_type, charset=charset, headers=INDEXED)
    response.etag = ETag(etag)
    response.last_modified = changed_at
    return response


def _since(request: web.Request) -> datetime:
    """When a program last had what it asks for; long ago if it does not say, or in no date."""
    long_ago = datetime.min.replace(tzinfo=UTC)
    try:
        return request.if_modified_since or long_ago
    except OverflowError:  # aiohttp 3.14 answers a year of 20 digits with it
        return long_ago


@dataclass(frozen=True, slots=True)
class LanguageText:
    """A letter's text in one language. `sent`: whether it is sent, and not for those who sign alone."""

    language: str
    subject: str
    blocks: tuple[Block, ...]
    sent: bool = True


def texts(letter: Dossier) -> list[LanguageText]:
    """The texts of a letter's newest version, those in the page's language first."""
    return sorted(in_languages(letter.version.texts), key=lambda text: text.language != current())


def in_languages(texts_: Sequence[Text]) -> list[LanguageText]:
    """Each text, and its translation after it."""
    shown = []
    for written in (text.written for text in texts_):
        shown.append(LanguageText(ENGLISH, written.subject, blocks(written)))
        if other := written.translation:
            shown.append(LanguageText(other.language, other.subject, blocks(other.written), other.sent))
    return shown


def blocks(written: Written) -> tuple[Block, ...]:
    """A text as a page shows it: neighboring paragraphs of one shape are one block, and its notes are the last."""
    kinds, notes = {Shape.TEXT: "p", Shape.HEADING: "h3", Shape.ITEM: "ul"}, tuple(note_lines(written))
    parts = (
        Block(kinds[shape], tuple(part.text for part in group))
        for shape, group in groupby(with_marks(written), lambda part: part.shape)
    )
    return (*parts, *([Block("notes", notes)] if notes else ()))


class Recent(Generic[T]):
    """What was read last. `ticks`: seconds of a monotonic clock."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._turn = asyncio.Lock()
        self._values: list[T] = []
        self._until = 0.0

    async def get(self, read: Callable[[], T]) -> T:
        """Return what `read` returned a moment ago, or returns now, in a thread. Visitors at one moment share it.

        Its age is counted from when reading began: what was hidden meanwhile may be in it.
        """
        asked = self._ticks()
        async with self._turn:
            if not self._values or asked >= self._until:
                began = self._ticks()
                self._values = [await for_people(read)]
                took = self._ticks() - began
                self._until = began + max(took, min(took + _SHARE * took, _OLDEST))
            return self._values[0]


class Rendered:
    """Bytes by what is in them: those asked for last, `most` bytes together. One is made at a time, in a thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn = asyncio.Lock()
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    async def get(self, key: str, render: Callable[[], bytes]) -> bytes:
        """Return the bytes with this key, made by `render` if there are none."""
        if key not in self._bodies:
            async with self._turn:
                if key not in self._bodies:
                    body = await for_people(render)
                    self._bodies[key] = body
                    self._size += len(body)
                    while self._size > self._most and len(self._bodies) > 1:
                        _, oldest = self._bodies.popitem(last=False)
                        self._size -= len(oldest)
        self._bodies.move_to_end(key)
        return self._bodies[key]
