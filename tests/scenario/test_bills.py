"""The bills room as people use it: what became of a bill, following one, its texts, and whether a new one is ours."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bot.app.application import App
from bot.bills import facts, records
from bot.commands.model import Call, Refusal, Reply, Role
from bot.outbox.model import from_json
from bot.people import account_notices
from bot.people.model import Account, Person
from bot.people.records import add
from bot.shared.card import Card
from bot.sources.congress.bill_record import read_billstatus
from tests.kit.board import ROOT
from tests.kit.commands import button_of, words_of
from tests.peers.feedserver import rss, serving
from tests.peers.govinfo import Bill, GovInfoPeer
from tests.scenario.kit import Clock, Program, shipped

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
XML = """<?xml version="1.0"?><!DOCTYPE bill PUBLIC "-//US Congress//DTDs/bill.dtd//EN" "bill.dtd"><bill><legis-body>
<section><enum>1.</enum><header>Short title</header><text>This Act may be cited as the <quote>Relief Act of
2025</quote>.</text></section><section><enum>2.</enum><header>Relief</header><subsection><enum>(a)</enum><text>A court
shall grant it.</text></subsection>{extra}</section>{more}</legis-body></bill>"""


def bill(number: str, *actions: tuple[str, str], type_: str = "HR", congress: int = 119, **levels: Any) -> Bill:
    rows = [{"actionDate": on, "text": text, "type": "Floor"} for on, text in actions]
    about = {
        "congress": congress, "type": type_, "number": number, "title": levels.pop("title", f"Act {number}"),
        "introducedDate": "2025-07-10",
        "sponsors": [{"bioguideId": "F000478", "fullName": "Rep. Fry, Russell [R-SC-7]"}],
    }  # fmt: skip
    official = levels.pop("official", "To provide for an example.")
    titles = [{"titleType": "Official Title as Introduced", "title": official}]
    return Bill(about, rows, titles, levels=levels)


@dataclass
class Office:
    app: App
    peer: GovInfoPeer
    clock: Clock
    _calls: Iterator[int] = field(default_factory=itertools.count)

    async def answer(self, path: str, user: str = "UADA", **args: str) -> Reply | Refusal:
        call = Call(path=path, args=args, platform="slack", team="T1", user=user, id=str(next(self._calls)))
        return await self.app.dispatcher.answer(call)

    async def card(self, path: str, user: str = "UADA", **args: str) -> Card:
        reply = await self.answer(path, user, **args)
        assert isinstance(reply, Reply), reply
        assert reply.card, reply
        return reply.card

    async def refused(self, path: str, user: str = "UADA", **args: str) -> str:
        reply = await self.answer(path, user, **args)
        assert isinstance(reply, Refusal), reply
        return reply.what

    async def press(self, card: Card, label: str) -> Card:
        button = button_of(card, label)
        return await self.card(button.path, **dict(button.args))

    def posted(self, *kinds: str) -> list[Card]:
        rows = self.app.db.read("SELECT kind, card FROM delivery ORDER BY seq")
        return [from_json(row["card"]) for row in rows if row["kind"] in kinds]


@contextmanager
def office(folder: Path, peer: GovInfoPeer, feed: str) -> Iterator[Office]:
    clock = Clock(NOON)
    config = shipped(
        folder, {"bill-status": peer.files_url, "govinfo-bills": feed}, {"policy": "console:policy"}, only="hr4323-119"
    )
    copytree(ROOT / "templates" / "reports", folder / "templates" / "reports")
    with Program(folder, config, clock).started() as app:
        with app.db.write() as tx:
            for user, role in (("UADA", Role.POLICY), ("UDEE", Role.REPRESENTATIVE)):
                person = Person(
                    id=f"p-{user}", name=user, roles=frozenset({role}), accounts=(Account("slack", "T1", user),),
                    organisation="cast" if role is Role.REPRESENTATIVE else None,
                )  # fmt: skip
                add(tx, person, by=None, now=NOON)
        yield Office(app, peer, clock)


@pytest.fixture
async def desk(tmp_path) -> AsyncIterator[Office]:
    law = bill(
        "4323", ("2026-01-23", "Became Public Law No: 119-73."), ("2025-12-18", "Passed Senate by Unanimous Consent."),
        ("2025-12-01", "On passage Passed by the Yeas and Nays: 234 - 182 (Roll no. 130)."),
        ("2025-07-10", "Introduced in House"),
        title="Trafficking Survivors Relief Act",
        cosponsors=[
            {"bioguideId": "W000812", "fullName": "Rep. Wagner, Ann [R-MO-2]", "sponsorshipDate": "2025-07-10"},
            {"bioguideId": "L000582", "fullName": "Rep. Lieu, Ted [D-CA-36]", "sponsorshipDate": "2025-07-14",
             "sponsorshipWithdrawnDate": "2025-09-01"},
        ],
        committees=[{"systemCode": "hsju00", "name": "Judiciary Committee", "chamber": "House"}],
        textVersions=[
            {"type": name, "date": on, "formats": [{"url": f"https://www.govinfo.gov/x/BILLS-119hr4323{code}.xml"}]}
            for name, on, code in (("Enrolled Bill", "", "enr"), ("Introduced in House", "2025-07-10", "ih"))
        ],
    )  # fmt: skip
    other = bill("77", ("2025-09-01", "Referred to the Committee on Finance."), type_="S", title="Other Act")
    async with GovInfoPeer([law, other]) as peer, serving() as feeds:
        peer.texts = {
            "BILLS-119hr4323ih.xml": XML.format(extra="", more="").encode(),
            "BILLS-119hr4323enr.xml": XML.replace(" of\n2025", "").format(
                extra="<subsection><enum>(b)</enum><text>A report is due.</text></subsection>",
                more="<section><enum>3.</enum><header>Duress</header><text>It is a defense.</text></section>",
            ).encode(),
        }  # fmt: skip
        with office(tmp_path, peer, feeds.say("/bills.xml", rss())) as one:
            one.feeds = feeds  # type: ignore[attr-defined]
            await one.app.poll_once()
            yield one
            await one.app.close()


# --- show ----------------------------------------------------------------------------------------------------------


async def test_a_dead_bill_answers_with_its_family_and_the_law_it_came_to(desk):
    card = await desk.card("bill show", bill="S.3240-116")
    message = words_of(card)
    assert card.head == "S. 3240 (116th): Trafficking Survivors Relief Act of 2020"
    assert "died with the 116th Congress on January 3, 2021" in message
    assert "Its successor is law: H.R. 4323 (119th) became Public Law 119-73." in message
    assert "116th: H.R. 3627 and S. 3240 – died Sun Jan 3, 2021" in message
    assert "119th: H.R. 1379, S. 2255 and H.R. 4323 – H.R. 4323 became Public Law 119-73" in message
    assert card.foot.startswith("Source: coalition.yml (sponsor's press release")


async def test_a_law_is_shown_with_its_people_its_way_its_source_and_its_picture(desk):
    reply = await desk.answer("bill show", bill="https://www.congress.gov/bill/119th-congress/house-bill/4323")
    message = words_of(reply.card)
    assert "It became Public Law 119-73 on Fri Jan 23, 2026." in message
    assert (
        "Introduced Thu Jul 10, 2025 by Representative Russell Fry; 1 cosponsor; House Judiciary Committee." in message
    )
    assert " → House Mon Dec 1, 2025 → Senate Thu Dec 18, 2025 → Law Fri Jan 23, 2026" in message
    assert reply.card.foot.startswith(
        "Source: GovInfo BILLSTATUS, as of Thu Jul 10, 2025, 8 a.m.; checked Tue Nov 24, 2026"
    )
    assert [button.label for button in reply.card.buttons][-2:] == ["Cosponsors", "Texts"]


async def test_a_bare_number_is_asked_back_and_a_press_answers(desk):
    card = await desk.card("bill show", bill="S.3240")
    assert card.head == "1 bill called S. 3240: which Congress?"
    assert (await desk.press(card, "116th: Trafficking Survivors Relief Act of 2020")).head.startswith(
        "S. 3240 (116th)"
    )


async def test_an_invalid_or_unknown_bill_gets_a_next_step(desk):
    assert "Write it like S. 567 (116th)" in await desk.refused("bill show", bill="the farm bill")
    assert "Track it with /bill track" in await desk.refused("bill show", bill="hr1-112")
    assert "Which Congress?" in await desk.refused("bill show", bill="H.R. 999")


async def test_two_sources_that_differ_are_shown_to_differ(desk):
    record = facts.merge_stored(facts.records.stored(desk.app.db, "hr4323-119"))
    newer = replace(record, source="congress.gov", actions=record.actions[1:], updated=NOON)
    with desk.app.db.write() as tx:
        facts.records.save(tx, [newer], NOON)
    message = words_of(await desk.card("bill show", bill="hr4323-119"))
    assert "Sources differ: GovInfo BILLSTATUS has “Became Public Law No: 119-73.” of Fri Jan 23, 2026" in message


# --- list, cosponsors, texts -----------------------------------------------------------------------------------------


async def test_the_list_names_families_by_congress_and_what_is_followed(desk):
    message = words_of(await desk.card("bill list", "UDEE"))
    assert "Tracked: H.R. 4323 (119th)." in message
    assert "Trafficking Survivors Relief Act, which we call S.3240 (116th)" in message


async def test_cosponsors_are_counted_without_those_who_withdrew_and_all_are_named(desk):
    card = await desk.card("bill cosponsors", bill="hr4323-119")
    assert card.head == "H.R. 4323 (119th): 1 cosponsor, 1 withdrew"
    assert "Rep. Lieu, Ted [D-CA-36], Mon Jul 14, 2025, withdrawn Mon Sep 1, 2025" in words_of(card)
    assert "not known" in await desk.refused("bill cosponsors", bill="S.3240-116")


async def test_texts_are_listed_oldest_first_and_compared_by_section(desk):
    card = await desk.card("bill text", bill="hr4323-119")
    assert [line.text for line in card.lines] == [
        "Introduced in House (ih), Thu Jul 10, 2025", "Enrolled Bill (enr), no date",
    ]  # fmt: skip
    button = button_of(card, "Compare first and last")
    reply = await desk.answer(button.path, **dict(button.args))
    assert reply.card.head == ("H.R. 4323 (119th), Introduced in House → Enrolled Bill: 3 changes in 3 sections")
    message = words_of(reply.card)
    assert "Sec. 1. Short title: “This Act may be cited as the “Relief Act of 2025”.” became" in message
    assert "Sec. 2. Relief: added “(b) A report is due.”" in message
    assert "Sec. 3. Duress: added “It is a defense.”" in message
    assert b"  + (b) A report is due." in reply.file.data


async def test_a_text_that_is_not_there_is_refused_with_those_that_are(desk):
    assert "it has these versions: ih and enr" in await desk.refused("bill compare", bill="hr4323-119", to="rh")
    desk.peer.texts.clear()
    assert "a text could not be fetched" in await desk.refused("bill compare", bill="hr4323-119")


# --- following -------------------------------------------------------------------------------------------------------


async def test_a_tracked_bill_is_read_at_once_and_only_new_steps_are_posted(desk):
    card = await desk.card("bill track", bill="S. 77 (119th)", asks="4")
    assert card.head == "S. 77 (119th) is now tracked"
    assert "It has been before the committee to which it was referred since Mon Sep 1, 2025." in words_of(card)
    assert "S. 77 (119th)" in words_of(await desk.card("bill list"))
    await desk.app.poll_once()
    assert desk.posted("alert") == []
    desk.clock.turn(days=1)
    desk.peer.bills["BILLSTATUS-119s77"].actions.insert(
        0, {"actionDate": "2026-11-24", "text": "Committee on Finance. Hearings held."}
    )
    await desk.app.poll_once()
    (alert,) = desk.posted("alert")
    assert (alert.head, alert.badge) == ("Committee hearing held: Other Act (S. 77, 119th)", "Ask 4")


async def test_untracking_is_named_to_the_channel_and_undone_from_its_own_answer(desk):
    await desk.card("bill track", bill="s77-119", asks="4, 2")
    await desk.press(await desk.card("watch edit", name="s77-119-rest", query="bill:s77-119 NOT statement"), "Save")
    before = desk.app.dispatcher.config()
    gone = await desk.card("bill untrack", bill="s77-119")
    *_, notice = account_notices.waiting(desk.app.db)
    assert notice.text.startswith("Tracking of S. 77 (119th) was ended by ")
    assert "S. 77" not in words_of(await desk.card("bill list"))
    assert (await desk.press(gone, "Undo")).head == "S. 77 (119th) is tracked again"
    assert "S. 77 (119th)" in words_of(await desk.card("bill list"))
    after = desk.app.dispatcher.config()
    assert (after.feeds.watches, after.coalition.bills) == (before.feeds.watches, before.coalition.bills)


async def test_a_bill_of_coalition_yml_can_be_untracked(desk):
    await desk.card("bill untrack", bill="hr4323-119")
    assert "No bill is tracked yet." in words_of(await desk.card("bill list"))


async def test_a_bill_that_outlives_its_congress_is_not_listed_as_dead(desk):
    presented = bill("7137", ("2024-12-30", "Presented to President."), congress=118).billstatus()
    with desk.app.db.write() as tx:
        records.save(tx, [replace(read_billstatus(presented), source="GovInfo")], NOON)
    message = words_of(await desk.card("bill show", bill="hr7137-118"))
    assert "It was presented to the President on Mon Dec 30, 2024." in message
    assert "118th: H.R. 7137 – its Congress ended Fri Jan 3, 2025" in message


async def test_a_congress_is_over_by_the_coalitions_own_day_wherever_it_is_spoken_of(desk):
    await desk.card("bill track", bill="s77-119")
    eve = datetime(2027, 1, 3, 4, 30, tzinfo=UTC)  # half past eleven in the evening of 2 January in New York

    def status(now):
        return facts.bill_facts(desk.app.db, desk.app.config.coalition, "s77-119", now=now).status

    assert "died" not in status(eve)
    assert status(eve + timedelta(hours=1)).startswith("It died with the 119th Congress on Sun Jan 3, 2027")


async def test_a_bill_whose_congress_is_over_is_not_tracked_and_its_successor_is_named(desk):
    refused = await desk.refused("bill track", bill="S.3240-116")
    assert "can no longer become law" in refused
    assert "H.R. 4323 (119th) became Public Law 119-73" in refused


async def test_a_bill_that_waits_for_its_signature_is_tracked_after_its_congress_has_ended(desk):
    presented = ("2026-12-30", "Presented to President.")
    waiting = bill("900", presented, ("2026-12-21", "Passed Senate by Unanimous Consent."))
    desk.peer.bills[waiting.package] = waiting
    desk.clock.turn(days=42)  # January 5
    message = words_of(await desk.card("bill track", bill="hr900-119"))
    assert "H.R. 900 (119th) is now tracked" in message
    assert "It was presented to the President on Wed Dec 30, 2026." in message
    await desk.card("bill untrack", bill="hr900-119")
    assert button_of(await desk.card("bill show", bill="hr900-119"), "Track")
    desk.clock.turn(days=10)
    assert "can no longer become law" in await desk.refused("bill track", bill="hr900-119")


async def test_only_editors_can_track(desk):
    assert "no such command" in await desk.refused("bill track", "UDEE", bill="s77-119")


async def test_a_bill_is_followed_even_if_its_record_cannot_be_read_and_the_answer_says_so(desk):
    message = words_of(await desk.card("bill track", bill="hr12345-119"))
    assert "could not be read just now" in message


# --- one of ours? ----------------------------------------------------------------------------------------------------


async def reintroduced(desk, title: str, package: str = "BILLS-120hr55ih") -> None:
    link = f"https://www.govinfo.gov/app/details/{package}"
    desk.feeds.say(
        "/bills.xml", rss({"guid": package, "link": link, "title": title, "pubDate": "Tue, 24 Nov 2026 12:00:00 GMT"})
    )
    desk.clock.turn(days=1)
    await desk.app.poll_once()


async def test_a_bill_with_our_long_title_is_asked_about_once_and_added_by_a_press(desk):
    title = ("H.R.&nbsp;55&nbsp;(IH) - To provide for the vacating of certain convictions and expungement of certain "
             "arrests of victims of human trafficking.")  # fmt: skip
    await reintroduced(desk, title)
    await reintroduced(desk, title)
    (card,) = desk.posted("bill")
    assert card.head == (
        "Is H.R. 55 (120th) one of ours? It looks like “Trafficking Survivors Relief Act” reintroduced"
    )
    assert "Its official title is the same." in words_of(card)
    listed = words_of(await desk.card("bill list"))
    assert "H.R. 55" not in listed  # nothing is added by itself
    await desk.press(card, "Add to the family")
    assert "120th: H.R. 55" in words_of(await desk.card("bill list"))
    assert "Already answered" in await desk.refused("bill add", bill="hr55-120")


async def test_a_bill_that_is_not_ours_is_not_asked_about_again(desk):
    title = "H.R. 55 (IH) - Trafficking Survivors Relief Act of 2027"
    await reintroduced(desk, title)
    (card,) = desk.posted("bill")
    assert "Its short title is the same." in words_of(card)
    await desk.press(card, "Not ours")
    await reintroduced(desk, title, "BILLS-120hr55rh")
    assert len(desk.posted("bill")) == 1


async def test_a_feed_that_has_our_title_over_any_number_of_bills_makes_eight_questions_a_day(desk):
    def say(*numbers):
        items = [{"guid": f"BILLS-120hr{n}ih", "title": "Trafficking Survivors Relief Act of 2027"} for n in numbers]
        desk.feeds.say(
            "/bills.xml", rss(*(item | {"link": f"https://www.govinfo.gov/{item['guid']}"} for item in items))
        )

    for day in (1, 2):
        desk.clock.turn(days=1)
        say(*range(day * 100, day * 100 + 20))
        await desk.app.poll_once()
        assert len(desk.posted("bill")) == 8 * day


@pytest.mark.parametrize("title", ["H.R. 55 (IH) - Relief Act", "H.R. 55 (IH) - Drug Trafficking Relief Act of 2027"])
async def test_another_title_is_not_asked_about(desk, title):
    await reintroduced(desk, title)
    assert desk.posted("bill") == []


# --- what letters may say --------------------------------------------------------------------------------------------


async def test_facts_have_a_source_and_a_date_and_unknown_facts_are_none(desk):
    coalition = desk.app.config.coalition
    law = facts.bill_facts(desk.app.db, coalition, "hr4323-119", now=NOON)
    assert (law.sponsor, law.sponsor_id, law.law) == ("Representative Russell Fry", "F000478", "Public Law 119-73")
    assert law.current_cosponsors.keys() == {"W000812"}
    assert law.cosponsors["L000582"].withdrawn == date(2025, 9, 1)
    dead = facts.bill_facts(desk.app.db, coalition, "s3240-116", now=NOON)
    assert (dead.sponsor, dead.cosponsors, dead.committees, dead.as_of) == (None, None, None, None)
    with pytest.raises(facts.UnknownBill, match="no record"):
        facts.bill_facts(desk.app.db, coalition, "hr1-112", now=NOON)


async def test_a_bill_is_dead_after_its_congress(desk):
    await desk.card("bill track", bill="s77-119")
    late = NOON + timedelta(days=90)
    message = facts.bill_facts(desk.app.db, desk.app.config.coalition, "s77-119", now=late)
    assert message.status == "It died with the 119th Congress on Sun Jan 3, 2027."


def test_json_of_a_record_comes_back_as_it_was(corpus: Path) -> None:
    from bot.bills.records import _RECORD
    from bot.sources.congress.bill_record import read_billstatus

    mirror = json.loads((corpus / "congress/bills_119/hr4323-119.json").read_text())
    record = read_billstatus(Bill.of_mirror(mirror).billstatus())
    assert _RECORD.validate_json(_RECORD.dump_json(record)) == record
