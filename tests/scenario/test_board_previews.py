"""A letter is edited next to the page as it will read, in a browser without script."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.kit.letters_desk import Desk
from tests.kit.web_face import BOARD, Browser, make_link, web_site

SENTENCE = "The office should publish its plan by June."


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.drafted()
    return desk


@asynccontextmanager
async def editing(desk):
    """Pol's browser, with the letter open in the form."""
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.pol))
        letter = await browser.get("/letters/L-1")
        yield browser, await browser.submit(letter.page.xpath("//form[@action='/do/letter/edit']")[0])


def previewed(answer):
    (section,) = answer.page.xpath("//section[@id='preview']")
    return " ".join(section.text_content().split())


def typed(answer):
    return answer.page.xpath("//textarea")[0].text


async def test_the_form_opens_with_the_letter_and_the_preview_shows_what_is_typed_and_saves_nothing(desk):
    async with editing(desk) as (browser, opened):
        text = f"{typed(opened)}\n\n{SENTENCE}"
        shown = await browser.submit(opened.forms[0], {"text": text, "subject": "A new plan"}, ("_preview", "yes"))
        saved = await browser.submit(shown.forms[0])

    assert desk.letter().version.texts[0].written.body[0].text in text
    assert "no changes yet" in previewed(opened)
    assert SENTENCE in typed(shown)
    assert shown.page.xpath("//section[@id='preview']//h2/text()")[0] == "A new plan"
    assert SENTENCE in previewed(shown)
    assert saved.status == 200
    assert desk.letter().version.number == 2, "the previews saved nothing, and Save did"
    assert desk.letter().version.subject == "A new plan"


async def test_a_version_saved_in_the_meantime_is_named_in_the_preview_and_refuses_the_save(desk):
    async with editing(desk) as (browser, opened):
        await asyncio.to_thread(desk.card, desk.app, "letter edit", letter="L-1", subject="What App wrote")
        shown = await browser.submit(opened.forms[0], {"subject": "What Pol wrote"}, ("_preview", "yes"))
        saved = await browser.submit(shown.forms[0])

    assert "App saved version 2 in the meantime" in previewed(shown)
    assert shown.page.xpath("//section[@id='preview']//a[@href='/do/letter/changes?letter=L-001&since=1']")
    assert saved.status == 422
    assert saved.page.xpath("//input[@name='subject']/@value") == ["What Pol wrote"], "nothing typed is lost"
    assert desk.letter().version.subject == "What App wrote"


async def test_a_form_that_showed_no_text_replaces_none_before_it_was_seen(desk):
    async with editing(desk) as (browser, _):
        blank = (await browser.get("/do/letter/edit")).forms[0]
        asked = await browser.submit(blank, {"letter": "L-1", "text": "One sentence."})
        assert desk.letter().version.number == 1
        assert "Replace version 1 of L-001, by Pol?" in asked.text
        assert typed(asked).strip() == "One sentence.", "nothing typed is lost"
        assert "One sentence." in previewed(asked)
        await asyncio.to_thread(desk.card, desk.app, "letter edit", letter="L-1", subject="What App wrote")
        late = await browser.submit(asked.forms[0])
        assert "App saved version 2 in the meantime" in late.text
        again = await browser.submit(blank, {"letter": "L-1", "text": "One sentence."})
        await browser.submit(again.forms[0])
    assert [part.text for part in desk.letter().version.texts[0].written.body] == ["One sentence."]


async def test_what_cannot_be_saved_is_explained_in_the_preview(desk):
    async with editing(desk) as (browser, opened):
        shown = await browser.submit(opened.forms[0], {"text": "-"}, ("_preview", "yes"))

    assert previewed(shown) == "A letter needs at least one paragraph."


async def test_a_letter_too_long_for_a_form_in_chat_is_edited_whole_on_the_web(desk):
    long = "\n\n".join(f"Paragraph {n}: {SENTENCE}" for n in range(100))
    await asyncio.to_thread(desk.card, desk.pol, "letter edit", letter="L-1", text=long)
    async with editing(desk) as (browser, opened):
        shown = await browser.submit(opened.forms[0], {"text": f"{long}\n\nThe end."}, ("_preview", "yes"))

    assert typed(opened).strip() == long
    assert previewed(shown).count(SENTENCE) >= 100
    assert "The end." in previewed(shown)


async def test_a_preview_is_for_those_who_may_edit_the_letter(desk):
    rep = next(iter(desk.reps.values()))
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, rep))
        token = (await browser.get("/letters")).page.xpath("//input[@name='_token']/@value")[0]
        fields = {"_token": token, "_preview": "yes", "letter": "L-1", "text": "Mine"}
        answer = await browser.post("/do/letter/edit", fields)

    assert answer.status == 404


async def test_a_text_to_approve_comes_before_the_question_and_open_leads_to_the_letters_page(desk):
    await asyncio.to_thread(desk.card, desk.pol, "letter review", letter="L-1")
    letter = await asyncio.to_thread(desk.letter)
    async with web_site(desk, **BOARD) as site, Browser(site) as browser:
        await browser.log_in(await asyncio.to_thread(make_link, desk, desk.app))
        shown = await browser.get(f"/do/letter/show?letter={letter.id}")
        asked = await browser.submit(shown.page.xpath("//form[@action='/do/letter/approve']")[0])
        unknown = await browser.get("/do/letter/show?letter=L-99")

    assert shown.url == f"{site}/letters/{letter.id}"
    assert asked.page.xpath("//section[@id='preview']/following-sibling::form[@id='form']")
    assert "That letter does not exist" in unknown.text
    assert unknown.page.xpath("//form[@id='form']"), "a name that was mistyped is corrected in its form"
