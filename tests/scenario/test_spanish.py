"""The public pages in Spanish, from the first visit to the mails that follow it. Staff's pages stay English."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest

from bot.chat.mail.message import Originator, compose
from bot.letters.allies import records, signing
from bot.letters.allies.model import Stage
from bot.outbox.model import Outgoing, from_json
from bot.site.public import subscribers
from tests.kit import allies
from tests.kit.board import press
from tests.kit.campaign_page import SITE, PublicDesk
from tests.kit.furnished import BILL
from tests.kit.web_face import KEYRING
from tests.scenario.test_public_sign_on import TYPED
from tests.scenario.test_scorecard import record_congress, with_rule

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"}
NAMES = ("Coalition of Immokalee Workers", "Coalition to Abolish Slavery and Trafficking", "Free the Slaves",
         "Harbor Legal Aid", "Polaris", "Ann Lee", "Director", "Head of")  # fmt: skip
# Words that are in almost every English sentence of these pages, and in no Spanish one.
ENGLISH = re.compile(
    r"\b(the|of|and|to|is|are|not|your|you|we|it|this|that|with|by|from|for|on|if|only|who|which|has|was|will|"
    r"sign(ed|ature|atures|atory)?|letters?|email|page|organizations?|members?|bills?|asks?|press|link|address|"
    r"name|website|title|open|until|closed|sent|news|back|next|previous|more|other|sponsor|cosponsors?|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|subscribe|unsubscribe|confirm)\b",
    re.IGNORECASE,
)


@pytest.fixture
def desk(tmp_path):
    desk = PublicDesk(tmp_path)
    desk.furnish()
    desk.publish()
    desk.open_letter()
    desk.show("letter L-002")
    return desk


def english(text):
    for name in NAMES:
        text = text.replace(name, "")
    return [match[0] for match in ENGLISH.finditer(re.sub(r"\S+[@/]\S+|www\.\S+", "", text))]


def english_of(answer):
    """The English words of a page, but for what it quotes and marks as English."""
    page = answer.page
    for quoted in page.xpath("//*[@lang='en'] | //style | //textarea | //head/link"):
        quoted.drop_tree()
    labels = page.xpath("//@aria-label | //@alt | //@placeholder | //body//@title")
    return english(" ".join([*page.xpath("//body//text()"), *labels]))


def visit(desk, journey):
    async def go():
        async with desk.visit() as browser:
            return await journey(browser)

    return asyncio.run(go())


def later(desk):
    desk.ticks += 60
    desk.now += timedelta(seconds=60)


def mailed(desk, channel, card):
    outgoing = Outgoing(id="1", key="k", channel=replace(channel, keyring=KEYRING), card=card)
    sent = compose(outgoing, Originator("Alianza <bot@alliance.test>", web=SITE), date(2026, 11, 24), desk.now)
    message = message_from_bytes(sent.data, policy=policy.default)
    plain, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return message["Subject"], plain, page


def cards(desk, prefix):
    rows = desk.db.read("SELECT channel, card FROM delivery WHERE channel LIKE :prefix", {"prefix": f"{prefix}%"})
    return [(row["channel"], from_json(row["card"])) for row in rows]


def test_no_public_page_or_answer_to_a_form_has_english_that_is_not_marked_as_such(desk):
    async def journey(browser):
        async def get(path):
            later(desk)
            return await browser.get(path, **SPANISH)

        seen = [await get(path) for path in ("/campaign", "/campaign/L-001", "/sign/L-002", "/sign/L-002/embed")]
        seen += [await get(path) for path in ("/sign/L-099", "/ally/nobody", "/mail/stop/nothing", "/campaign?page=x")]
        await browser.get("/campaign?lang=es")  # from now on by the cookie
        sign, news = (await get("/sign/L-002")).forms[0], (await get("/campaign")).forms[0]
        seen.append(await browser.submit(sign, TYPED))  # too quick
        later(desk)
        wrong = (
            {"address": "ann@gmail.com"}, {"address": "x"}, {"address": "a@made-up.example"}, {"website": "-"},
            {"legal_name": "7"}, {"signatory": "www.x.org"}, {"title": "Ж"}, {"signatory": TYPED["legal_name"]},
        )  # fmt: skip
        for typed in ({}, *wrong):
            later(desk)
            seen.append(await browser.submit(sign, TYPED | typed))
        seen += [await browser.submit(news, {"address": address}) for address in ("reader", "reader@example.org")]
        desk.now += timedelta(days=2)
        seen.append(await browser.submit(news, {"address": "late@example.org"}))
        return seen

    for answer in visit(desk, journey):
        assert answer.page.get("lang") == "es", answer.text
        assert english_of(answer) == [], answer.text


@pytest.mark.parametrize("rule", [{}, {"items": "all"}, {"minimum": 1, "absence": "against"}])
def test_the_scorecard_and_the_kits_have_no_english_that_is_not_marked_as_such(desk, rule):
    record_congress(desk)
    if rule:
        with_rule(desk, **rule)
    for what in ("scorecard", "kit L-001", f"kit {BILL}"):
        desk.show(what)
    kits = [f"/campaign/kit/{name}" for name in ("L-001", BILL)]
    pages = [path for each in ("/campaign/scorecard", *kits) for path in (each, f"{each}?state=NY")]
    seen = visit(desk, lambda browser: asyncio.gather(*(browser.get(at, **SPANISH) for at in ["/campaign", *pages])))
    for answer in seen:
        assert answer.page.get("lang") == "es"
        for path in ("/campaign/scorecard", *kits) if answer is seen[0] else ("/campaign",):
            assert answer.page.xpath(f"//main//a[@href='{path}?lang=es']"), path
        for link in answer.page.xpath("//nav//a[contains(@href, 'state=')]/@href"):
            assert link.endswith("&lang=es")
        assert english_of(answer) == [], answer.text
    state = seen[2].text
    for said in (
        "2 a favor",
        "Integrante del Congreso",
        "Voto registrado: a favor (Aye), lunes, 1 de diciembre de 2025",
    ):
        assert said in state
    assert ("calificación 100%" in state) == ("minimum" in rule)
    assert b'href="?state=NY&amp;lang=en"' in seen[2].body


def test_the_table_of_the_scorecard_and_its_record_are_in_the_language_of_who_reads_them(desk):
    record_congress(desk)
    desk.show("scorecard")

    async def journey(browser):
        plain = await browser.get("/campaign/scorecard.csv")
        await browser.get("/campaign/scorecard?lang=es")
        return plain.body, (await browser.get("/campaign/scorecard.csv", **SPANISH)).body

    plain, asked_in_spanish = visit(desk, journey)
    assert asked_in_spanish == plain
    before = desk.db.read("SELECT digest, changed_at FROM public_item")
    later(desk)
    desk.look_for_news()
    assert desk.db.read("SELECT digest, changed_at FROM public_item") == before, "a language is no change"


def test_an_organization_asks_confirms_and_takes_back_in_spanish_and_every_mail_follows(desk):
    async def journey(browser):
        page = await browser.get("/sign/L-002?lang=es")
        later(desk)
        await browser.submit(page.forms[0], TYPED)
        secret = allies.secret_mailed(desk)
        assert secret.endswith("?lang=es")
        seen = [await browser.get(f"/ally/{secret}")]
        for action in ("confirm", "disown"):
            later(desk)
            seen.append(await browser.submit(seen[-1].forms[0], button=("action", action)))
        return seen

    seen = visit(desk, journey)
    assert [answer.page.xpath("string(//h1)") for answer in seen] == [
        "¿Firma Harbor Legal Aid esta carta?",
        "Gracias. La firma de Harbor Legal Aid está confirmada",
        "Harbor Legal Aid no firma L-002",
    ]
    assert [english_of(answer) for answer in seen] == [[], [], []]
    (request,) = (each for each in records.requests(desk.db, Stage) if each.language == "es")
    ((name, card),) = ((name, card) for name, card in cards(desk, "outside:") if name.endswith(request.id))
    with desk.db.write() as tx:
        tx.execute("UPDATE ally_request SET stage = 'asked' WHERE id = :id", {"id": request.id})
    subject, plain, page = mailed(desk, records.channel(desk.db, name), card)
    quoted = desk.letter("L-2").version.subject, desk.config.coalition.name
    ours = f"{subject} {plain}"
    for each in quoted:
        ours = ours.replace(each, "")
    assert english(ours) == []
    assert "<html lang=es>" in page
    assert "17:00 (hora del Este)" in plain


def test_what_the_coalition_reads_of_a_visitor_who_speaks_spanish_is_english(desk):
    async def journey(browser):
        page = await browser.get("/sign/L-002?lang=es")
        later(desk)
        await browser.submit(page.forms[0], TYPED)
        secret = allies.secret_mailed(desk)
        asked = await browser.get(f"/ally/{secret}")
        later(desk)
        await browser.submit(asked.forms[0], button=("action", "confirm"))
        return secret

    secret = visit(desk, journey)
    waiting = max(records.requests(desk.db, Stage), key=lambda request: request.number).name
    press(desk, desk.pol, desk.card(desk.pol, "allies accept", request=waiting), "Accept")

    async def take_back(browser):
        asked = await browser.get(f"/ally/{secret}")
        later(desk)
        return await browser.submit(asked.forms[0], button=("action", "disown"))

    assert "no firma L-002" in visit(desk, take_back).text
    theirs = [card for channel, card in cards(desk, "") if not channel.startswith("outside:")]
    assert sum("Harbor Legal Aid says it did not sign L-002" in card.head for card in theirs) == 1
    texts = " ".join(line.text for card in theirs for line in card.lines)
    assert "The letter has 456 words." in texts
    assert not re.search(r"palabras|noviembre|viernes| y ", texts)


def test_who_signed_in_spanish_is_asked_about_a_new_text_in_spanish_and_others_in_english(desk):
    with desk.job.write() as work:
        for n, language in enumerate(("es", "en")):
            given = allies.given(f"Casa {n}", f"casa{n}.example.org")
            signing.ask(work, "L-2", given, network="192.0.2.0/24")
            work.tx.execute(
                "UPDATE ally_request SET stage = 'confirmed', digest = 'an earlier text', language = :language "
                "WHERE legal_name = :name", {"language": language, "name": given.legal_name},
            )  # fmt: skip
    before = Counter(card.head for _, card in cards(desk, "outside:"))
    with desk.job.write() as work:
        assert signing.ask_again(work, desk.letter("L-2")) == 2
    heads = Counter(card.head for _, card in cards(desk, "outside:")) - before
    assert sorted(head.split(" ")[0] for head in heads.elements()) == ["Confirm", "Confirme"]


def test_a_reader_gets_news_in_the_language_of_the_page_on_which_they_subscribed(desk):
    async def journey(browser):
        page = await browser.get("/campaign?lang=es")
        later(desk)
        await browser.submit(page.forms[0], {"address": "lectora@example.org"})
        row = desk.db.read("SELECT id, token FROM subscriber")[0]
        token = KEYRING.token("confirm", row["token"], desk.now + timedelta(days=1))
        asked = await browser.get(f"/mail/confirm/{token}?lang=es")
        return row, asked, await browser.post(f"/mail/confirm/{token}?lang=es", {})

    row, asked, confirmed = visit(desk, journey)
    assert [english_of(answer).count("Us") for answer in (asked, confirmed)] == [0, 0]
    assert confirmed.page.xpath("string(//h1)") == "Gracias"
    desk.subscribe("reader@example.org")
    later(desk)
    desk.show("ask 5")
    desk.now += timedelta(days=1)
    desk.look_for_news()
    by_reader = dict(cards(desk, "mail:"))
    spanish = by_reader.pop(f"mail:{row['id']}")
    (news,) = by_reader.values()
    assert (spanish.head, news.head) == ("ATEST: 1 novedad", "ATEST: 1 new item")
    assert spanish.sections[0].lines[0].url == f"{SITE}/campaign?lang=es#ask-5"
    _, plain, _ = mailed(desk, subscribers.channel(desk.db, f"mail:{row['id']}"), spanish)
    assert "Para dejar de recibirlo, use el enlace de abajo." in plain
    desk.card(desk.admin, "public hide", what="ask 5")
    assert {each["state"] for each in desk.db.read("SELECT state FROM delivery WHERE channel LIKE 'mail:%'")} == {
        "dropped"
    }


def test_the_link_decides_then_the_cookie_then_the_browser_and_caches_keep_them_apart(desk):
    async def journey(browser):
        first = await browser.get("/sign/L-002", **SPANISH)
        chosen = await browser.get("/sign/L-002?lang=en", **SPANISH)
        kept = await browser.get("/sign/L-002", **SPANISH)
        unknown = await browser.get("/sign/L-002?lang=tlh", **SPANISH)
        etag = first.headers["ETag"]
        again = await browser.get("/sign/L-002?lang=es", **SPANISH, **{"If-None-Match": etag})
        other = await browser.get("/sign/L-002?lang=en", **{"If-None-Match": etag})
        return [first, chosen, kept, unknown], again, other

    pages, again, other = visit(desk, journey)
    assert [answer.page.get("lang") for answer in pages] == ["es", "en", "en", "en"]
    assert [answer.page.xpath("string(//a[@class='language'])") for answer in pages[:2]] == ["English", "Español"]
    assert (again.status, other.status) == (304, 200)
    assert {answer.headers["Vary"] for answer in (*pages, again)} == {"Accept-Language, Cookie"}


def test_a_frame_on_another_site_is_in_its_readers_language_and_sets_no_cookie(desk):
    async def journey(browser):
        framed = await browser.get("/sign/L-002/embed?lang=es", **{"Sec-Fetch-Dest": "iframe"})
        return framed, browser.cookies

    framed, cookies = visit(desk, journey)
    assert framed.page.get("lang") == "es"
    assert cookies == {}


def test_the_feed_and_the_calendar_stay_in_english(desk):
    async def journey(browser):
        plain = [(await browser.get(path)).body for path in ("/campaign/feed.atom", "/campaign/deadlines.ics")]
        await browser.get("/campaign?lang=es")
        return plain, [
            (await browser.get(path, **SPANISH)).body for path in ("/campaign/feed.atom", "/campaign/deadlines.ics")
        ]

    plain, asked_in_spanish = visit(desk, journey)
    assert asked_in_spanish == plain


def test_a_bills_state_is_quoted_in_english_with_english_dates(desk):
    page = visit(desk, lambda browser: browser.get("/campaign", **SPANISH)).page
    (state,) = page.xpath(f"//article[@id='bill-{BILL}']//strong[@lang='en']")
    assert "Thu Jul 10, 2025" in state.text_content()
    assert "10 copatrocinadores: 4 republicanos" in page.text_content()
