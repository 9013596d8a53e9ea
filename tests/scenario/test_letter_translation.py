"""A letter with its Spanish text beside the English: written, confirmed by a reader, approved and signed as one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.chat.web.pages import card_view
from bot.commands.model import Form
from bot.letters import records
from bot.letters.allies import records as allies
from bot.letters.allies.model import Stage
from bot.letters.lifecycle import State
from bot.outbox.model import from_json
from tests.kit.allies import secret_mailed
from tests.kit.board import words
from tests.kit.campaign_page import PublicDesk
from tests.kit.letters_desk import UNTIL, Desk, labels
from tests.kit.web_face import BOARD, Browser, make_link, web_site
from tests.scenario.test_public_sign_on import TYPED, Site
from tests.scenario.test_spanish import english_of

SUBJECT, TEXT = "Que los refugios soliciten solos", "Pedimos una regla.\n\n- Escríbanla.\n- Publíquenla."


def translate(desk: Desk, by=None, **changed: str):
    typed = {"language": "es", "subject": SUBJECT, "text": TEXT} | changed
    return desk.card(by or desk.pol, "letter edit", letter="L-1", **typed)


def confirm(desk: Desk):
    return desk.card(desk.app, "letter confirm", letter="L-1", text=desk.text(), agree="yes")


def in_review(desk: Desk) -> None:
    desk.drafted()
    translate(desk)
    desk.card(desk.pol, "letter review", letter="L-1")


def opened(desk: Desk) -> None:
    in_review(desk)
    confirm(desk)
    desk.approve()
    desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL)


def test_the_form_has_the_translation_as_it_is_and_english_alone_is_sent_unless_staff_choose(desk):
    desk.drafted()
    form = desk.form(desk.pol, "letter edit", letter="L-1", language="es")
    assert [(field.label, field.initial) for field in form.fields] == [
        ("Subject", ""), ("Text (Spanish)", ""), ("What is sent", "english")
    ]  # fmt: skip
    assert form.args["language"] == "es"
    card = translate(desk)
    assert f"New paragraph “{SUBJECT} ¶ Pedimos una regla. ¶ Escríbanla. ¶ Publíquenla.”" in words(card)
    assert "Spanish is for those who sign; English is sent." in words(card)
    assert "Nobody has confirmed that the translation says the same as the English text." in words(card)
    card = desk.card(desk.pol, "letter edit", letter="L-1", sends="both")
    assert "Both texts are sent now." in words(card)
    form = desk.form(desk.pol, "letter edit", letter="L-1", language="es")
    assert [field.initial for field in form.fields] == [SUBJECT, TEXT, "both"]


def test_it_is_taken_out_as_a_paragraph_is_and_the_text_has_its_digest_again(desk):
    before = desk.drafted().version.digest
    translate(desk)
    assert desk.text() != before
    desk.card(desk.pol, "letter edit", letter="L-1", language="es", text="-")
    assert (desk.letter().version.translation, desk.text()) == (None, before)
    assert len(records.versions(desk.db, desk.letter().id)) == 3


def test_an_edit_of_the_english_text_keeps_it(desk):
    desk.drafted()
    translate(desk)
    other = desk.letter().version.translation
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text="Other words.")
    desk.card(desk.pol, "letter again", letter="L-1")
    assert desk.letter().version.translation == other


def test_what_cannot_be_a_translation_is_refused(desk):
    desk.drafted()

    def refused(**args):
        answer = desk.refused(desk.pol, "letter edit", letter="L-1", **args)
        return answer.what, answer.param

    assert refused(sends="both") == ("It has no translation: choose its language.", "language")
    assert refused(sends="both", text="Other words.")[1] == "language"  # neither text is put in place of the other
    assert refused(language="es", paragraph="2", text="-")[1] == "paragraph"
    whole = ("A translation needs a subject and at least one paragraph.", "text")
    assert refused(language="es", text=TEXT) == refused(language="es", subject=SUBJECT) == whole
    assert refused(language="es", subject="\u202e", text=TEXT) == whole
    assert refused(language="es", subject=SUBJECT, text="palabra " * 130_000)[1] == "text"  # a megabyte
    assert refused(language="fr", subject=SUBJECT, text=TEXT)[1] == "language"
    assert len(records.versions(desk.db, desk.letter().id)) == 1


def test_controls_and_direction_marks_are_left_out_and_a_script_is_text(desk):
    desk.drafted()
    translate(desk, subject="Que\u202e no\x07", text="<script>alert(1)</script> \u202eal revés\u2066")
    other = desk.letter().version.translation
    assert other.subject == "Que no"
    assert [part.text for part in other.body] == ["<script>alert(1)</script> al revés"]


def test_details_of_a_person_are_asked_about_in_spanish_as_in_english(desk):
    desk.drafted()
    form = desk.form(
        desk.pol, "letter edit", letter="L-1", language="es", subject=SUBJECT, text="Llame al 555-201-4477."
    )
    assert isinstance(form, Form)
    assert form.args["language"] == "es"
    assert desk.letter().version.translation is None


def test_blanks_and_what_no_pdf_can_show_are_found_in_it(desk):
    desk.drafted()
    translate(desk, text="Nos vemos el [fecha].")
    assert "[fecha]" in desk.refused(desk.pol, "letter review", letter="L-1").what
    translate(desk, text="Nos vemos 在.")
    assert "“在”" in desk.refused(desk.pol, "letter review", letter="L-1").what


def test_nobody_approves_it_before_an_approver_who_wrote_none_of_it_has_read_both(desk):
    in_review(desk)
    asked = desk.sent_to(desk.app)[-1]
    assert "Confirm the translation" in labels(asked)
    assert "Nobody has confirmed that the translation says the same" in words(asked)
    refused = desk.refused(desk.app, "letter approve", letter="L-1", text=desk.text(), agree="yes").what
    assert (
        "Nobody has confirmed that the translation says the same as the English text. An approver who reads Spanish "
        "and wrote neither does: /letter confirm L-001 Numbers in one of the texts alone: 12, "
    ) in refused
    desk.refused(desk.pol, "letter confirm", letter="L-1", text=desk.text(), agree="yes")
    form = desk.form(desk.app, "letter confirm", letter="L-1")
    assert form.args["text"] == desk.text()
    assert form.fields[0].param.help.startswith("look at numbers in one text alone: 12, 96, ")
    assert "not confirmed" in words(desk.card(desk.app, "letter confirm", letter="L-1", text=desk.text(), agree="no"))
    assert "say the same" in words(confirm(desk))
    shown = words(desk.card(desk.app, "letter show", letter="L-1"))
    assert "App confirmed on" in shown
    assert "The bot checks only the English text against the record." in shown
    assert "nothing to confirm" in words(confirm(desk))
    desk.approve()
    assert desk.letter().state is State.APPROVED


def test_a_reader_who_had_another_text_before_them_confirms_nothing(desk):
    in_review(desk)
    seen = desk.text()
    translate(desk, text="Pedimos otra cosa.")
    desk.form(desk.app, "letter confirm", letter="L-1", text=seen, agree="yes")  # asks again, of the new text
    assert records.confirmations(desk.db, desk.letter().id) == {}


def test_a_change_of_the_translation_alone_asks_for_approval_and_signatures_again(desk):
    opened(desk)
    desk.signs("cast")
    signed = desk.text()
    translate(desk, text="Pedimos otra regla.")
    assert desk.letter().state is State.REVIEW
    assert records.approvals(desk.db, desk.letter()) == {}
    desk.refused(desk.app, "letter approve", letter="L-1", text=desk.text(), agree="yes")
    confirm(desk)
    desk.approve()
    assert desk.letter().state is State.OPEN
    (stored,) = records.sign_ons(desk.db, desk.letter().id).values()
    assert (stored.digest, stored.counts(desk.letter().version)) == (signed, False)
    asked = words(desk.sent_to(desk.reps["cast"])[-1])
    assert "“una” became “otra”: Pedimos […] regla." in asked
    stale = desk.card(
        desk.reps["cast"], "letter sign", letter="L-1", text=signed, agree="yes", signatory="K", title="D"
    )
    assert "has changed since you were shown it" in words(stale)
    desk.signs("cast")
    (stored,) = records.sign_ons(desk.db, desk.letter().id).values()
    assert stored.counts(desk.letter().version)


def test_a_member_reads_both_texts_and_which_is_sent(desk):
    opened(desk)
    card = desk.card(desk.reps["cast"], "letter show", letter="L-1")
    titles = [(section.title, section.language) for section in card.sections]
    assert titles == [(f"Español: {SUBJECT}", "es"), ("Status", "")]
    (part,) = [each for each in card_view(card, desk.now.date(), {})["sections"] if each[2]]
    assert part[0] == f"Español: {SUBJECT}"
    shown = words(card)
    assert "Publíquenla." in shown
    assert "Spanish is for those who sign; English is sent." in shown
    assert desk.sent_to(desk.reps["cast"])[0].enclosed[-1].title == f"Español: {SUBJECT}"


def test_a_new_letter_from_this_one_has_the_translation_and_needs_its_own_reader(desk):
    opened(desk)
    desk.card(desk.pol, "letter duplicate", letter="L-1")
    assert desk.letter("L-2").version.translation == desk.letter("L-1").version.translation
    desk.card(desk.pol, "letter review", letter="L-2")
    desk.refused(desk.app, "letter approve", letter="L-2", text=desk.text("L-2"), agree="yes")


def test_a_word_of_the_translation_finds_the_letter(desk):
    desk.drafted()
    translate(desk)
    assert "L-001" in words(desk.card(desk.pol, "find", words="refugios"))


# --- the pages on which others read and sign it -----------------------------------------------------------------------

SPANISH = {"Accept-Language": "es"}


def both_open(tmp_path, **typed: str) -> Site:
    """A letter on its public page whose Spanish text was added after it was opened."""
    site = Site(tmp_path)
    translate(site.desk, **typed)
    confirm(site.desk)
    site.desk.approve()
    return site


def articles(page):
    return page.xpath("//article[@lang]")


def languages_of(page):
    return [each.get("lang") for each in articles(page)]


def shown(page):
    return [each.text_content().strip() for each in articles(page)]


async def test_a_page_shows_both_texts_each_in_its_language_and_the_visitor_s_first(tmp_path):
    site = await asyncio.to_thread(both_open, tmp_path)
    letter = site.desk.letter()
    english = letter.version.texts[0].written.body[0].text
    async with site.visit() as browser:
        for headers, languages, subject, said in (
            (
                {},
                ["en", "es"],
                letter.version.subject,
                "A translation for those who sign. The letter is sent in English.",
            ),
            (SPANISH, ["es", "en"], SUBJECT, "Traducción para quien firma; la carta se envía en inglés."),
        ):
            answer = await browser.get("/sign/L-001", **headers)
            (head,) = answer.page.xpath("//h1")
            assert (head.get("lang"), head.text_content()) == (languages[0], subject)
            assert languages_of(answer.page) == languages
            texts = {"en": (letter.version.subject, english), "es": (SUBJECT, "Pedimos una regla.")}
            second = texts[languages[1]]
            for whole, (_, first) in zip(shown(answer.page), (texts[each] for each in languages), strict=True):
                assert first in whole
            assert shown(answer.page)[1].startswith(second[0])  # the first one's subject is the page's heading
            assert f"{said} {'English' if headers == {} else 'Español'}" in answer.text
            ways = answer.page.xpath("//a[starts-with(@href, '#text-')]")
            assert [way.get("lang") for way in ways] == languages
            for way in ways:
                (target,) = answer.page.xpath(f"//*[@id='{way.get('href')[1:]}']")
                assert target.get("lang") == way.get("lang")
            assert letter.version.mark in answer.text
            embed = await browser.get("/sign/L-001/embed", **headers)
            assert letter.version.subject in embed.text
        assert english_of(answer) == []


async def test_an_ally_is_mailed_in_spanish_and_confirms_the_digest_of_both_texts(tmp_path):
    site = await asyncio.to_thread(both_open, tmp_path, sends="both")
    async with site.visit() as browser:
        page = await browser.get("/sign/L-001?lang=es")
        assert "La carta se envía en los dos idiomas." in page.text
        site.ticks += 60
        site.desk.now += timedelta(seconds=60)
        await browser.submit(page.forms[0], TYPED)
        sql = "SELECT card FROM delivery WHERE kind = 'public link'"
        (row,) = site.desk.db.read(sql)
        assert f"su carta “{SUBJECT}”" in words(from_json(row["card"]))
        secret = secret_mailed(site.desk)
        seen = await browser.get(f"/ally/{secret}?lang=es")
        assert f"Texto {site.desk.letter().version.mark}, en los dos idiomas" in seen.text
        assert languages_of(seen.page) == ["es", "en"]
        # The translation changes while the page is open: what it shows is not confirmed.
        await asyncio.to_thread(translate, site.desk, text="Pedimos otra cosa.")
        await asyncio.to_thread(confirm, site.desk)
        await asyncio.to_thread(site.desk.approve)
        stale = await browser.submit(seen.forms[0], button=("action", "confirm"))
        assert stale.status == 422
        assert "Pedimos otra cosa." in stale.text
        assert [each.stage for each in allies.requests(site.desk.db, Stage)] == [Stage.ASKED]
        again = await browser.submit(stale.forms[0], button=("action", "confirm"))
        assert again.status == 200
        (request,) = allies.requests(site.desk.db, Stage)
        assert (request.stage, request.digest) == (Stage.CONFIRMED, site.desk.text())


async def test_a_letter_that_was_sent_is_read_in_both_languages_on_the_campaign_page(tmp_path):
    desk = await asyncio.to_thread(PublicDesk, tmp_path)

    def lock() -> None:
        desk.furnish()
        desk.card(desk.pol, "letter edit", letter="L-2", language="es", subject=SUBJECT, text=TEXT)
        desk.card(desk.pol, "letter review", letter="L-2")
        desk.card(desk.app, "letter confirm", letter="L-2", text=desk.text("L-2"), agree="yes")
        desk.approve("L-2")
        desk.lock("L-2")
        desk.publish()
        desk.show("letter L-002")

    await asyncio.to_thread(lock)
    async with desk.visit() as browser:
        page = await browser.get("/campaign/L-002", **SPANISH)
    assert languages_of(page.page) == ["es", "en"]
    assert "Traducción para quien firma; la carta se envía en inglés." in page.text
    assert english_of(page) == []


async def test_a_hostile_translation_is_text_on_every_page(tmp_path):
    typed = {"subject": "<script>alert(1)</script>", "text": "{{ 7 * 7 }} <img src=x onerror=alert(1)> \u202eal revés"}
    site = await asyncio.to_thread(both_open, tmp_path, **typed)
    async with web_site(site.desk, **BOARD) as url, Browser(url) as reader:
        await reader.log_in(await asyncio.to_thread(make_link, site.desk, site.desk.pol))
        form = "/do/letter/edit?letter=L-001&language=es"
        pages = [await reader.get(path) for path in ("/letters/L-001", form)]
    async with site.visit() as browser:
        pages += [await browser.get(f"/sign/L-001{query}") for query in ("", "?lang=es", "/embed?lang=es")]
    for answer in pages:
        assert answer.status == 200
        assert not answer.page.xpath("//script[contains(., 'alert')] | //img[@onerror]")
        assert "\u202e" not in answer.text
        assert "49 <" not in answer.text


async def test_staff_read_both_on_the_board_and_beside_what_they_approve_and_confirm(tmp_path):
    desk = await asyncio.to_thread(Desk, tmp_path)
    await asyncio.to_thread(in_review, desk)
    async with web_site(desk, **BOARD) as url, Browser(url) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.app))
        assert (await browser.get("/do/letter/confirm")).status == 200
        answer = await browser.get("/letters/L-001")
        (text,) = answer.page.xpath("//article[@lang='es']")
        assert SUBJECT in text.text_content()
        (way,) = answer.page.xpath("//a[@href='#text-1']")
        assert (way.get("lang"), text.get("id")) == ("es", "text-1")
        (notice,) = answer.page.xpath("//section[@aria-label='Before it can be locked']")
        assert "Nobody has confirmed that the translation says the same" in notice.text_content()
        (press,) = [form for form in answer.forms if form.get("action") == "/do/letter/confirm"]
        asked = await browser.submit(press)
        assert [each.get("lang") for each in asked.page.xpath("//article//div[@lang]")] == ["en", "es"]
        (form,) = [form for form in asked.forms if form.xpath(".//input[@name='agree'] | .//select[@name='agree']")]
        assert "say the same" in (await browser.submit(form, {"agree": "yes"})).text
    assert len(records.confirmations(desk.db, desk.letter().id)) == 1
