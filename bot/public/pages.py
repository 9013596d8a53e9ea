"""What the public pages share: limits for visitors, forms that programs rarely send right, and HTML.

There is no captcha: a field that only programs fill in, a least time and limits per mailbox and network stop most.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.chat.web import safety
from bot.chat.web.html import shared_templates
from bot.chat.web.transfers import read_small_post
from bot.commands.model import Job, Refused, Work
from bot.config.load import Config
from bot.letters.documents.sheet import note_lines, with_marks
from bot.letters.lifecycle import Dossier
from bot.letters.model import Shape, Written
from bot.shared.keyring import Keyring
from bot.shared.threads import for_people
from bot.shared.wording import short
from bot.store.database import Database

TEMPLATES: Final = Path(__file__).parent / "templates"
TRAP: Final = "fax"  # a field that people do not see
TIME: Final = "time"  # the field with `PublicPages._stamp`
INDEXED: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "all"}
_HEADERS: Final = {"Cache-Control": "no-store"}
_LARGEST: Final = 8_000  # bytes of a form: each of 500 characters takes up to 12
_LEAST: Final = timedelta(seconds=3)  # from the page to its form
_MOST: Final = timedelta(days=1)
_PER_MINUTE: Final = 60  # requests of one address

Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter's text. `kind`: "p", "h3", "ul" or "notes", whose `items` are its lines."""

    kind: str
    items: tuple[str, ...]


class PublicPages:
    """Pages without an account. `keyring`: signs the forms; `changed`: called after something was stored.

    `takes_mail`: whether a domain takes mail, as far as is known.
    """

    def __init__(
        self,
        db: Database,
        config: Callable[[], Config],
        *,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
        new_id: Callable[[], str],
        keyring: Keyring,
        changed: Callable[[], None],
        takes_mail: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._db = db
        self._config = config
        self._clock = clock
        self._new_id = new_id
        self._keyring = keyring
        self._changed = changed
        self._takes_mail = takes_mail
        self._templates = shared_templates(TEMPLATES)
        self._visits = safety.RateLimit(_PER_MINUTE, 60, ticks)

    def _limited(self, page: Page) -> Page:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not self._visits.allows(safety.visitor(request)):
                raise web.HTTPTooManyRequests
            return await page(request)

        return handle

    async def _posted(self, request: web.Request) -> dict[str, str]:
        if not safety.is_own(request):
            raise web.HTTPForbidden
        return dict((await read_small_post(request, _LARGEST)).fields)

    async def _write(self, change: Callable[[Work], object]) -> None:
        def run() -> None:
            with Job(self._db, self._config(), self._clock(), self._new_id).write() as work:
                change(work)

        await for_people(run)
        self._changed()

    async def _check_domain(self, address: str) -> None:
        """Raise `Refused` if nothing can be mailed to the address."""
        domain = address.rpartition("@")[2]
        if domain and not await self._takes_mail(domain):
            raise Refused(f"{short(domain, 60)} takes no email. Check the address.", param="address")

    def _stamp(self) -> str:
        """When the form was shown, in a form that only we can write, in any process of the coalition."""
        at = f"{self._clock().timestamp():.1f}"
        return f"{at} {self._keyring.sign('form', at)}"

    def _time_problem(self, stamp: str, button: str) -> Refused | None:
        """Why a form with this stamp was not sent by someone who read it; `button`: what to press again."""
        at, _, signature = stamp.partition(" ")
        again = f"Check the form and press {button} once more."
        if not self._keyring.signed(signature, "form", at):
            return Refused(f"This page was open for a long time. {again}")
        age = self._clock() - datetime.fromtimestamp(float(at), UTC)
        if age < _LEAST:
            return Refused(f"That was quick. {again}")
        return Refused(f"This page was open for a day. {again}") if age > _MOST else None

    def _html(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] = _HEADERS, **values: Any
    ) -> web.Response:
        coalition = self._config().coalition
        values = {
            "nav": (), "actor": None, "here": "", "site": coalition.short, "coalition": coalition, "text": "",
        } | values  # fmt: skip
        text = self._templates.render(template, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=dict(headers))


def texts(letter: Dossier) -> list[tuple[Block, ...]]:
    """The texts of a letter's newest version."""
    return [blocks(text.written) for text in letter.version.texts]


def blocks(written: Written) -> tuple[Block, ...]:
    """A text as a page shows it: neighboring paragraphs of one shape are one block, and its notes are the last."""
    kinds, notes = {Shape.TEXT: "p", Shape.HEADING: "h3", Shape.ITEM: "ul"}, tuple(note_lines(written))
    parts = (
        Block(kinds[shape], tuple(part.text for part in group))
        for shape, group in groupby(with_marks(written), lambda part: part.shape)
    )
    return (*parts, *([Block("notes", notes)] if notes else ()))
