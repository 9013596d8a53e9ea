"""The public campaign page: off by default, item by item, and nothing on it that an administrator did not show."""

from __future__ import annotations

import asyncio
import base64
import io
import shutil
import struct
from dataclasses import replace
from datetime import date, timedelta
from email.utils import format_datetime

import pytest
from icalendar import Calendar
from lxml import etree
from pypdf import PdfReader

from bot.bills import records as bills
from bot.commands.model import Refusal
from bot.congress import records as congress
from bot.congress.model import Member, Role, Snapshot
from bot.media.news import records as news
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Cosponsor
from bot.site.public import campaign
from bot.site.public.campaign import CampaignPage, News
from bot.site.public.campaign_pages import atom
from bot.site.public.records import Kind, PublicItem
from tests.kit.board import words
from tests.kit.campaign_page import SITE, STORY, PublicDesk
from tests.kit.furnished import BILL, made_up

PAGES = ("/campaign", "/campaign/feed.atom", "/campaign/deadlines.ics", "/campaign/L-001", "/campaign/L-001.pdf")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MARKUP = '<script>alert("1")</script>\x0b ]]> \ud800'
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def desk(tmp_path):
    desk = PublicDesk(tmp_path)
    desk.furnish()
    return desk


def read(desk, *paths, **headers):
    """What a visitor gets at these addresses."""

    async def visit():
        async with desk.visit() as browser:
            return [await browser.get(path, **headers) for path in paths]

    return asyncio.run(visit())


def text(desk, path="/campaign"):
    return read(desk, path)[0].text


# --- what is on it ----------------------------------------------------------------------------------------------------


def test_the_page_and_all_below_it_are_off_until_an_administrator_shows_something(desk):
    assert [answer.status for answer in read(desk, *PAGES)] == [404] * 5
    desk.show("ask 1")
    page, feed, calendar, letter, pdf = read(desk, *PAGES)
    assert (page.status, feed.status, calendar.status, letter.status, pdf.status) == (200, 200, 200, 404, 404)
    assert desk.config.coalition.asks[1].title in page.text
    assert desk.config.coalition.asks[2].title not in page.text


def test_everything_shown_is_there_in_full(desk):
    desk.publish()
    page, letter, pdf = read(desk, "/campaign", "/campaign/L-001", "/campaign/L-001.pdf")
    for words_ in (
        desk.config.coalition.asks[4].text,
        "10 cosponsors: 4 Republicans, 4 Democrats, 1 independent and 1 other or not known, from 6 state delegations.",
        "Representative Ann Able (D-CA)",
        "GovInfo BILLSTATUS, as of Mon Sep 1, 2025",
        "final since Tue Nov 24, 2026, not sent yet. Signed by 3 organizations",
        "Signed by 3 organizations",
        STORY,
        "Herald, Tue Nov 24, 2026",
    ):
        assert words_ in page.text
    assert "Rep. Left, Lou" not in page.text  # withdrew
    assert page.page.xpath("//section[@id='clips']//a/@href") == ["https://herald.example/1"]
    assert "Head of" in letter.text
    assert "Harbor Legal Aid" in letter.text
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.body.startswith(b"%PDF")
    assert page.headers["X-Robots-Tag"] == "all"


def test_a_pdf_that_cannot_be_made_is_not_typeset_again_for_each_visitor(desk, caplog):
    with desk.db.write() as tx:
        tx.execute("UPDATE signature SET signatory = :sign", {"sign": "\ua4ee"})  # no font has it
    desk.show("letter L-001")

    assert [answer.status for answer in read(desk, *["/campaign/L-001.pdf"] * 3)] == [404] * 3
    assert caplog.text.count("/campaign/L-001.pdf cannot be shown") == 1


def test_a_cosponsor_has_the_name_and_party_that_the_directory_gives_today(desk):
    ann = Member(
        bioguide="X000000", first="Ann", last="Able", official_full='Ann "Annie" Able', role=Role.REPRESENTATIVE,
        state="CA", district=1, party="Independent", term_start=date(2025, 1, 3), term_end=date(2027, 1, 3),
    )  # fmt: skip
    with desk.db.write() as tx:
        congress.replace(tx, Snapshot(as_of=date(2026, 6, 15), source="x", members=(ann,)), now=desk.now)
    desk.show(f"bill {BILL}")

    shown = text(desk)
    assert "Representative Ann “Annie” Able (I-CA)" in shown
    assert "4 Republicans, 3 Democrats, 2 independents and 1 other or not known" in shown
    assert "parties by the directory of Congress of Mon Jun 15, 2026" in shown


def test_a_bill_whose_twin_became_law_says_so(desk):
    desk.show("bill s2255-119")

    assert "H.R. 4323 (119th), introduced with the same text, became Public Law 119-73" in text(desk)


def test_a_letter_is_shown_to_its_addressee_at_the_lock_and_as_sent_once_it_was(desk):
    desk.show("letter L-001")
    offices = dict(desk.config.coalition.offices)
    offices["ovc"] = offices["ovc"].model_copy(update={"name": "the Director of Another Office"})
    desk.config = replace(desk.config, coalition=desk.config.coalition.model_copy(update={"offices": offices}))
    assert "the Director, Office for Victims of Crime, final since Tue Nov 24, 2026, not sent yet." in text(desk)

    desk.card(desk.pol, "letter sent", letter="L-1", via="email", on="2026-11-23")
    assert "the Director, Office for Victims of Crime, sent Mon Nov 23, 2026. Signed by 3" in text(desk)


def test_a_letter_that_no_organization_signed_does_not_count_its_signatures(desk):
    name = desk.approved().name
    desk.lock(name)
    desk.show(f"letter {name}")

    (letter,) = read(desk, f"/campaign/{name}")
    for shown in (text(desk), letter.text):
        assert "Signed by" not in shown
    assert "Every organization signed" not in letter.text


def test_the_question_shows_what_everyone_will_see_and_the_preview_is_for_administrators_alone(desk):
    card = desk.card(desk.admin, "public show", what="ask 4")
    assert desk.config.coalition.asks[4].text in words(card)
    assert [line.url for line in card.lines if line.url] == [f"{desk.config.site}/preview?add=ask+4"]
    assert read(desk, "/campaign")[0].status == 404
    assert read(desk, "/preview?add=ask+4")[0].status == 401
    assert isinstance(desk.ask(desk.pol, "public show", what="ask 4"), Refusal)


def test_an_item_that_changed_after_the_question_is_asked_about_again(desk):
    (button, *_) = desk.card(desk.admin, "public show", what="ask 4").buttons
    _reword_ask(desk, 4, "Another text")
    again = desk.card(desk.admin, "public show", **dict(button.args))
    assert again.head == "Show ask 4 to everyone?"
    assert "Another text" in words(again)
    assert read(desk, "/campaign")[0].status == 404


def test_hiding_takes_effect_at_once_and_both_ways_are_in_the_audit(desk):
    desk.publish()
    desk.card(desk.admin, "public hide", what="letter L-001")
    page, letter, pdf, feed = read(desk, "/campaign", "/campaign/L-001", "/campaign/L-001.pdf", "/campaign/feed.atom")
    assert desk.letter().version.subject not in page.text
    assert (letter.status, pdf.status) == (404, 404)
    assert b"L-001" not in feed.body
    noted = [(change.subject, change.after) for change in desk.changes() if change.command.startswith("public")]
    assert ("letter L-001", "shown on the public page") in noted
    assert noted[-1] == ("letter L-001", "not public")
    for what in ("ask 1", "ask 4", f"bill {BILL}", "clip S-1"):
        desk.card(desk.admin, "public hide", what=what)
    assert [answer.status for answer in read(desk, *PAGES)] == [404] * 5


def test_a_letter_that_others_can_sign_invites_to_its_page_until_it_is_locked(desk):
    desk.open_letter()
    question = desk.card(desk.admin, "public show", what="letter L-002")
    assert "Organizations can sign until Fri Nov 27, 2026." in words(question)
    desk.show("letter L-002")
    page, sign, feed = read(desk, "/campaign", "/sign/L-002", "/campaign/feed.atom")

    assert "3 organizations signed" in page.text
    assert page.page.xpath("//section[@class='act']//svg/@aria-label") == ["3 of the coalition's 12 members signed"]
    assert page.page.xpath("//section[@class='act']/following::p[@class='lead']"), "on a phone, what to do comes first"
    assert page.page.xpath("//a[@href='/sign/L-002']")
    assert sign.page.xpath("//section[@id='sign']//form")
    assert b"/sign/L-002" in feed.body
    desk.now += timedelta(days=4)
    desk.ticks += 60
    assert "organizations signed" not in text(desk), "sign-on has closed"
    desk.lock("L-2")
    desk.ticks += 60
    assert read(desk, "/campaign")[0].page.xpath("//a[@href='/campaign/L-002']")


@pytest.mark.long
def test_a_shared_link_has_a_picture_with_the_count_and_it_is_drawn_once(desk):
    desk.open_letter()
    desk.show("letter L-002")
    page, sign = read(desk, "/campaign", "/sign/L-002")
    pictures = [each.page.xpath("//meta[@property='og:image']/@content")[0].removeprefix(SITE) for each in (page, sign)]
    assert pictures == ["/campaign/card.png", "/sign/L-002/card.png"]
    for path in pictures:
        (first,) = read(desk, path)
        assert first.headers["Content-Type"] == "image/png"
        assert struct.unpack(">II", first.body[16:24]) == (1200, 630)
        (again,) = read(desk, path, **{"If-None-Match": first.headers["ETag"]})
        assert again.status == 304
        desk.signs(list(desk.reps)[pictures.index(path) + 4], "L-2")
        desk.ticks += 60
        (changed,) = read(desk, path, **{"If-None-Match": first.headers["ETag"]})
        assert (changed.status, changed.body == first.body) == (200, False), "another signature, another picture"


def test_other_sites_may_show_the_progress_in_a_frame_and_no_other_page(desk):
    desk.open_letter()
    desk.show("letter L-002")
    frame, sign, page = read(desk, "/sign/L-002/embed", "/sign/L-002", "/campaign")

    assert "frame-ancestors *" in frame.headers["Content-Security-Policy"]
    assert all("frame-ancestors 'none'" in each.headers["Content-Security-Policy"] for each in (sign, page))
    assert "3 organizations signed" in frame.text
    assert not frame.page.xpath("//form | //script | //input | //button")
    (link,) = frame.page.xpath("//a")
    assert (link.get("href"), link.get("target")) == (f"{SITE}/sign/L-002", "_top")
    assert f'<iframe src="{SITE}/sign/L-002/embed"' in sign.page.xpath("//textarea")[0].text


def test_the_accent_is_made_legible_and_the_logo_is_a_file_of_the_coalition(desk, tmp_path):
    desk.show("ask 1")
    home = tmp_path / "home"
    shutil.copytree(desk.config.folder / "templates", home / "templates")
    coalition = desk.config.coalition.model_copy(update={"accent": "#f2b400"})
    desk.config = replace(desk.config, folder=home, coalition=coalition)
    paths = ("/campaign", "/campaign/look.css", "/campaign/logo.png", "/campaign/card.png")
    plain, look, missing, _ = read(desk, *paths)

    light, dark = (
        b":root{--accent:#916c00;--band:#916c00}",
        b"@media(prefers-color-scheme:dark){:root{--accent:#f2b400}}",
    )
    assert look.body == light + dark
    assert "/campaign/look.css" in plain.page.xpath("//link[@rel='stylesheet']/@href")
    assert missing.status == 404
    assert plain.page.xpath("//header//span[@class='logo']/text()") == [coalition.short[:6]]
    for data, is_shown in ((b"<svg/>", False), (PNG, True)):
        (home / "templates" / "logo.png").write_bytes(data)
        page, _, logo, card = read(desk, *paths)
        assert page.page.xpath("//header//img/@src") == (["/campaign/logo.png"] if is_shown else [])
        assert (logo.status, logo.body == PNG, card.status) == ((200, True, 200) if is_shown else (404, False, 404))


def test_color_and_logo_are_public_only_with_a_page(desk, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(desk.config.folder / "templates", home / "templates")
    (home / "templates" / "logo.png").write_bytes(PNG)
    desk.config = replace(desk.config, folder=home)
    paths = ("/campaign", "/campaign/look.css", "/campaign/logo.png")
    desk.card(desk.pol, "allies close", letter="L-1")
    assert [page.status for page in read(desk, *paths)] == [404, 404, 404]
    desk.open_letter()
    assert [page.status for page in read(desk, *paths)] == [404, 200, 200], "the letter's page needs them"


def test_who_has_not_signed_or_declined_is_not_public(desk):
    desk.open_letter()
    fourth = list(desk.reps)[3]
    desk.card(desk.reps[fourth], "letter decline", letter="L-2", reason="No time", agree="yes")
    desk.show("letter L-002")

    for page in read(desk, "/campaign", "/sign/L-002"):
        assert "declined" not in page.body.decode()
        assert "did not answer" not in page.body.decode()


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("letter L-002", "Only a locked letter"),
        ("letter L-999", "There is no letter"),
        ("bill hr1-119", "is not one of your bills"),
        ("bill nonsense", "is not one of your bills"),
        ("ask 99", "There is no ask"),
        ("ask ４", "There is no ask"),
        ("clip S-9", "There is no story"),
        ("note 4", "Say what"),
        ("", "what"),
    ],
)
def test_what_is_not_public_cannot_be_shown(desk, what, why):
    answer = desk.ask(desk.admin, "public show", what=what)
    assert isinstance(answer, Refusal) or (answer.form and not what)
    assert not isinstance(answer, Refusal) or why in answer.what
    assert read(desk, "/campaign")[0].status == 404


def test_an_unclipped_story_and_a_withdrawn_letter_leave_the_page_by_themselves(desk):
    desk.publish()
    desk.card(desk.press, "mentions clip", story="S-1", undo="yes")
    desk.card(desk.admin, "letter withdraw", letter="L-001", agree="yes")
    page, letter = read(desk, "/campaign", "/campaign/L-001")
    assert STORY not in page.text
    assert desk.letter().version.subject not in page.text
    assert letter.status == 404
    assert words(desk.card(desk.admin, "public list")).count("left out, because it is no longer public") == 2


def test_a_story_that_may_name_someone_harmed_is_never_shown_even_if_it_was_released_to_the_press_contact(desk):
    desk.publish()
    desk.withhold("S-1")
    assert STORY not in text(desk)
    desk.card(desk.press, "mentions release", story="S-1")
    assert STORY not in text(desk)
    refused = desk.ask(desk.admin, "public show", what="clip S-1")
    assert isinstance(refused, Refusal)
    assert "may name a minor" in refused.what


def test_a_redacted_story_is_gone_from_the_page_and_the_feed(desk):
    desk.publish()
    desk.card(desk.press, "mentions redact", story="S-1", sure="yes")
    page, feed = read(desk, "/campaign", "/campaign/feed.atom")
    assert STORY.encode() not in page.body + feed.body


@pytest.mark.long
def test_an_ask_stays_as_the_administrator_saw_it_until_it_is_shown_again(desk):
    desk.show("ask 4")
    before = desk.config.coalition.asks[4].text
    _reword_ask(desk, 4, "A text that nobody has decided to publish")
    assert before in text(desk)
    assert "nobody has decided" not in text(desk)
    assert "its text has changed since" in words(desk.card(desk.admin, "public list"))
    desk.show("ask 4")
    assert "nobody has decided" in text(desk)


def test_an_ask_whose_text_begins_with_its_title_shows_the_title_once(desk):
    title = desk.config.coalition.asks[4].title
    _reword_ask(desk, 4, f"{title}. The agencies should write down how.")
    desk.show("ask 4")
    (shown,) = read(desk, "/campaign")
    assert shown.page.xpath("//li[@id='ask-4']//p/text()") == ["The agencies should write down how."]


def test_the_form_to_subscribe_lets_the_browser_fill_in_the_address(desk):
    desk.show("ask 4")
    (shown,) = read(desk, "/campaign")
    assert shown.page.xpath("//input[@id='f-address']/@autocomplete") == ["email"]


def _reword_ask(desk, ask, words_):
    coalition = desk.config.coalition
    asks = coalition.asks | {ask: coalition.asks[ask].model_copy(update={"text": words_})}
    desk.config = replace(desk.config, coalition=coalition.model_copy(update={"asks": asks}))


# --- the canary -------------------------------------------------------------------------------------------------------


def test_nothing_private_is_on_any_page_feed_calendar_or_mail(desk):
    """Everything that the coalition stores and did not show."""
    secrets = desk.fill_with_canaries()
    desk.publish()
    desk.subscribe("reader.canary@member.example")
    desk.now += timedelta(days=1)
    desk.show("ask 5")
    desk.look_for_news()
    sent = " ".join(row["card"] for row in desk.db.read("SELECT card FROM delivery WHERE kind = 'page news'"))
    bodies = {answer.url: answer.body.decode("utf-8", "replace") for answer in read(desk, *PAGES)}
    (pdf,) = read(desk, "/campaign/L-001.pdf")
    bodies["pdf"] = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.body)).pages)
    bodies["mail"] = sent
    assert STORY in sent or "Ask 5" in sent
    for where, body in bodies.items():
        leaked = [secret for secret in secrets if secret.casefold() in body.casefold()]
        assert leaked == [], where


# --- feed and calendar ------------------------------------------------------------------------------------------------


def entries(desk):
    feed = etree.fromstring(read(desk, "/campaign/feed.atom")[0].body)
    return {
        entry.findtext("a:title", namespaces=ATOM): (
            entry.findtext("a:id", namespaces=ATOM), entry.findtext("a:updated", namespaces=ATOM)
        )
        for entry in feed.findall("a:entry", ATOM)
    }  # fmt: skip


def test_an_entry_of_the_feed_keeps_its_id_and_is_updated_only_when_what_is_shown_changes(desk):
    desk.publish()
    before = entries(desk)
    assert len(before) == 5
    desk.now += timedelta(hours=1)
    desk.look_for_news()
    assert entries(desk) == before  # read again, and nothing was different
    with desk.db.write() as tx:
        bill = made_up()
        bills.save(tx, [replace(bill, cosponsors=(*bill.cosponsors, Cosponsor("X1", "Rep. New, Nan [R-WI-1]", None)))],
                   desk.now)  # fmt: skip
    desk.look_for_news()
    after = entries(desk)
    label = BillNumber.of(BILL).label
    changed = {title for title in after if after[title] != before[title]}
    assert [title.partition(":")[0] for title in changed] == [label]
    assert all(after[title][0] == before[title][0] for title in after)


def test_a_program_that_has_the_feed_gets_not_modified_until_something_is_shown_or_hidden(desk):
    desk.publish()
    (first,) = read(desk, "/campaign/feed.atom")
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}, {"If-None-Match": "*"}):
        (again,) = read(desk, "/campaign/feed.atom", **headers)
        assert (again.status, again.body) == (304, b""), headers
    desk.card(desk.admin, "public hide", what="ask 1")
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        (again,) = read(desk, "/campaign/feed.atom", **headers)
        assert again.status == 200, headers
    (wrong,) = read(desk, "/campaign/feed.atom", **{"If-None-Match": 'W/"x", nonsense', "If-Modified-Since": "never"})
    (far,) = read(desk, "/campaign/feed.atom", **{"If-Modified-Since": f"Fri, 30 Nov {'9' * 20} 04:00:00 GMT"})
    assert far.status == 200
    assert wrong.status == 200


def test_a_program_with_a_date_alone_gets_the_feed_again_once_a_clip_is_withheld(desk):
    desk.publish()
    desk.now += timedelta(hours=1)
    desk.withhold("S-1")
    (first,) = read(desk, "/campaign/feed.atom")  # before the change is recorded
    desk.look_for_news()
    desk.now += timedelta(hours=1)
    (recorded,) = read(desk, "/campaign/feed.atom")
    assert recorded.headers["Last-Modified"] == first.headers["Last-Modified"]
    shown_at = desk.now - timedelta(hours=2)
    for since, status in ((shown_at, 200), (desk.now, 304)):
        headers = {"If-Modified-Since": format_datetime(since, usegmt=True)}
        assert read(desk, "/campaign/feed.atom", **headers)[0].status == status


def test_the_calendar_has_what_agencies_published_for_the_asks_shown_and_none_of_our_own_days(desk):
    desk.show("ask 4")
    (answer,) = read(desk, "/campaign/deadlines.ics")
    calendar = Calendar.from_ical(answer.body)
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == [
        "Comments close: Notice of Inquiry: forced labor"
    ]
    assert read(desk, "/campaign/deadlines.ics", **{"If-None-Match": answer.headers["ETag"]})[0].status == 304
    desk.card(desk.admin, "public hide", what="ask 4")
    desk.show("ask 2")
    assert b"VEVENT" not in read(desk, "/campaign/deadlines.ics")[0].body


def test_a_clip_keeps_the_headline_that_the_administrator_saw(desk):
    desk.publish()
    story = news.find(desk.db, "S-1")
    with desk.db.write() as tx:
        news.put(tx, replace(story.original, latest="Polaris: a headline that nobody saw"))
    assert STORY in text(desk)
    assert "nobody saw" not in text(desk)
    desk.show("clip S-1")
    assert "nobody saw" in text(desk)


def test_the_headline_of_a_clip_that_is_withheld_or_redacted_is_not_kept_for_the_page(desk):
    desk.publish()
    desk.withhold("S-1")
    desk.look_for_news()
    assert not [row for row in desk.db.read("SELECT body FROM public_item") if STORY in row["body"]]


def test_a_headline_with_markup_and_control_characters_is_text_everywhere(desk):
    shown = campaign.ClipShown(
        name="x", mention="m", label="S-1", title=MARKUP, outlet="H&M", day=desk.now.date(),
        url="https://herald.example/1",
    )  # fmt: skip
    item = PublicItem(kind=Kind.CLIP, name="x", body="m", digest="", shown_at=desk.now, changed_at=desk.now)
    page = CampaignPage(
        asks=(),
        bills=(),
        letters=(),
        open_letters=(),
        clips=(shown,),
        news=(News(item, shown),),
        changed_at=desk.now,
        changes=(),
    )
    body = atom(page, desk.config.coalition, desk.config.site)
    (title,) = etree.fromstring(body).xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert title.startswith('H&M: <script>alert("1")</script>')
