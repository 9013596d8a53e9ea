"""A desk whose administrator shows something of everything on the public page, and the page on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer

from bot.app.letterbox import Letterbox
from bot.bills import records as bills
from bot.chat.mail.frontend import MailPages
from bot.chat.web.site import application
from bot.commands.model import Role
from bot.config.coalition import FamilyBill
from bot.media.news import records as news
from bot.outbox.model import Channel
from bot.shared.card import Card
from bot.shared.entry import HEADLINE_WITHHELD, Entry, Kind
from bot.site.public import subscribers
from bot.site.public.campaign_pages import PREVIEW_PAGE, CampaignPages
from bot.site.public.pages import TEMPLATES
from bot.site.public.sign_on import SignOnPages
from tests.kit import allies
from tests.kit.alerts import document
from tests.kit.allies import takes_mail
from tests.kit.board import press
from tests.kit.furnished import BILL, WEEK, made_up, read_billstatus
from tests.kit.letters_desk import Desk, config
from tests.kit.web_face import KEYRING, Browser, frontend

SITE = "https://board.example.org"
NOTE = "Canary note for our own record"
STORY = "Lawmakers press agencies on supply chains"


class PublicDesk(Desk):
    """L-001 is locked, with two members and an ally that wants its director not named; S-1 is a clip with a note."""

    def __init__(self, folder: Path) -> None:
        base = config()
        family = next(iter(base.coalition.bills))
        ours = base.coalition.bills[family]
        listed = ours.model_copy(update={"bills": (*ours.bills, FamilyBill(id=BILL))})
        coalition = base.coalition.model_copy(update={"bills": base.coalition.bills | {family: listed}})
        super().__init__(folder, replace(base, coalition=coalition, site=SITE))
        self.press = self.add("Cy", Role.PRESS)
        self.ticks = 1_000.0
        self.woken = 0
        self.did(PublicDesk)

    def furnish(self) -> None:
        self.once(self._furnish, "furnished")

    def _furnish(self) -> None:
        self.bring(
            document("2026-00077", "Notice of Inquiry: forced labor", comments_close_on=date(2027, 1, 12)),
            Entry(source="wire", kind=Kind.NEWS, identity=("url:herald.example/1",), thread="url:herald.example/1",
                  title=f"Polaris: {STORY}", url="https://herald.example/1", summary="Polaris fights trafficking.",
                  outlet="Herald"),
        )  # fmt: skip
        with self.db.write() as tx:
            week = [read_billstatus(file.read_bytes()) for file in sorted(WEEK.glob("*.xml"))]
            bills.save(tx, [*week, made_up()], self.now)
        self.opened()
        for member in list(self.reps)[:2]:
            self.signs(member)
        self.card(self.pol, "allies open", letter="L-1")
        allies.confirm(self, allies.ask(self, allies.given(listed=False)))
        press(self, self.pol, self.card(self.pol, "allies accept", request="A-1"), "Accept")
        self.lock()
        self.card(self.pol, "letter draft", template="joint-applications", to="ovc", ask="1")
        self.card(self.press, "mentions clip", story="S-1", note=NOTE)

    def show(self, what: str) -> Card:
        """Show it, after the question."""
        button = self.card(self.admin, "public show", what=what).buttons[0]
        assert button.label == "Show it"
        return self.card(self.admin, "public show", **dict(button.args))

    def publish(self) -> None:
        for what in ("ask 1", "ask 4", f"bill {BILL}", "letter L-001", "clip S-1"):
            self.show(what)

    def withhold(self, label: str) -> None:
        """A headline turns out to name someone who was harmed."""
        story = news.find(self.db, label)
        assert story
        body = json.loads(self.db.read("SELECT body FROM mention WHERE id = :id", {"id": story.original.id})[0]["body"])
        withheld = json.dumps(
            body | {"title": HEADLINE_WITHHELD, "latest": HEADLINE_WITHHELD, "withheld": body["latest"]}
        )
        with self.db.write() as tx:
            tx.execute("UPDATE mention SET body = :body WHERE id = :id", {"body": withheld, "id": story.original.id})

    def subscribe(self, address: str) -> str:
        """A reader who confirmed the address; return the token of their mail."""
        with self.job.write() as work:
            subscribers.ask(work, address, network="192.0.2.0/24")
            (row,) = work.tx.read("SELECT token FROM subscriber WHERE address = :address", {"address": address})
            assert subscribers.confirm(work.tx, row["token"], self.now)
        return str(row["token"])

    def fill_with_canaries(self) -> list[str]:
        """Store what nobody shows, and return words of it."""
        url = "https://canary.example/2"
        self.bring(
            Entry(source="wire", kind=Kind.NEWS, identity=(f"url:{url[8:]}",), thread=f"url:{url[8:]}", url=url,
                  title="Polaris and the canary in the coal mine", summary="Canary text.", outlet="Canary Herald"),
        )  # fmt: skip
        jo = {"name": "Jo Canary", "outlet": "Canary Wire", "beat": "labor", "email": "jo.canary@wire.example"}
        self.card(self.press, "press add", **jo)
        self.card(
            self.pol, "office add", office="ovc", name="Al Canary", email="al.canary@ovc.example", notes="Canary."
        )
        with self.db.write() as tx:
            sql = "UPDATE letter_version SET texts = REPLACE(texts, 'Department of Justice', 'Canary Draft Department')"
            draft = self.letter("L-2").id
            tx.execute(f"{sql} WHERE letter_id = :letter", {"letter": draft})
        calendar = self.card(self.admin, "deadlines subscribe")
        hidden = [ask.text for number, ask in self.config.coalition.asks.items() if number not in (1, 4, 5)]
        secrets = [line.url.rpartition("/")[2] for line in calendar.lines if line.url]
        return [
            *("canary", NOTE, "harbor.example.org", "Ann Lee", "accepted by", "Our own comment", "bot@", "L-002"),
            *filter(None, (*hidden, *secrets)),
        ]

    def open_letter(self) -> None:
        """L-002 is open for sign-on, on its public page too; three members signed it."""
        self.card(self.pol, "letter review", letter="L-2")
        self.approve("L-2")
        self.card(self.pol, "letter signon", letter="L-2", until="Fri 17:00")
        for member in list(self.reps)[:3]:
            self.signs(member, "L-2")
        self.card(self.pol, "allies open", letter="L-2")

    def pages(self) -> tuple[CampaignPages, SignOnPages]:
        given: dict[str, Any] = {
            "clock": lambda: self.now, "ticks": lambda: self.ticks, "new_id": self.new_id, "keyring": KEYRING,
            "changed": self.wake, "takes_mail": takes_mail,
        }  # fmt: skip
        return CampaignPages(self.db, lambda: self.config, **given), SignOnPages(self.db, lambda: self.config, **given)

    def wake(self) -> None:
        self.woken += 1

    @property
    def letterbox(self) -> Letterbox:
        return Letterbox(
            db=self.db, config=lambda: self.config, clock=lambda: self.now, new_id=self.new_id,
            channel=self.channel, report_holds=lambda: None,
        )  # fmt: skip

    def channel(self, name: str) -> Channel | None:
        return subscribers.channel(self.db, name)

    def look_for_news(self) -> None:
        subscribers.compose(self.job)

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[Browser]:
        board = frontend(self, pages=[PREVIEW_PAGE], templates=[TEMPLATES])
        box = self.letterbox
        mails = MailPages(
            "Us", KEYRING, stop=box.unsubscribe, confirm=box.confirm, clock=lambda: self.now, ticks=lambda: self.ticks
        )
        routes = [*board.routes(), *(route for each in self.pages() for route in each.routes()), *mails.routes()]
        async with (
            TestServer(application(routes, middleware=board.middleware)) as server,
            Browser(str(server.make_url("/")).rstrip("/")) as browser,
        ):
            yield browser
