"""/find: one search over what the asker may open, newest first, by the names that other commands take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.commands.model import Call, Reply, Role
from bot.people import sessions
from bot.shared.entry import Change
from bot.shared.search import Words
from tests.contract.test_withheld import STORIES
from tests.kit.alerts import document, news
from tests.kit.board import press, run, words
from tests.kit.letters_desk import Desk


@pytest.fixture
def pia(desk):
    return desk.add("Pia", Role.PRESS)


def names_for(desk, person, text: str, **args: str) -> list[str]:
    """The names of what is found, in the order shown."""
    card = desk.card(person, "find", words=text, **args)
    return [] if card.head.startswith(("Nothing", "No more")) else [line.text.split(" · ")[0] for line in card.lines]


def story_of(desk, title="Polaris hotline report praised by lawmakers on trafficking"):
    """A story of the press, with its label."""
    desk.bring(news("hotline", title, outlet="The Herald", summary="Trafficking tips rose, Polaris said."))
    return desk.db.read("SELECT number FROM story")[0]["number"]


# --- what is searched -------------------------------------------------------------------------------------------------


def test_a_document_is_found_by_the_words_of_its_title_its_summary_and_its_agency(desk):
    desk.bring(document("2026-00007", "Finding on disposable gloves", summary="Goods mined by convicts in Ruritania."))

    for text in ("gloves", "disposable GLOVES", "ruritania", "customs glove", "gloves ruritania border"):
        assert names_for(desk, desk.pol, text) == ["2026-00007"], text
    assert names_for(desk, desk.pol, "gloves socks") == []


def test_a_document_that_changes_several_proposals_is_listed_once(desk):
    desk.bring(document("2026-00001", "Gloves", comments_close_on=date(2027, 1, 25)), document("2026-00002", "Boots"))
    both = {"change": Change.EXTENSION, "references": ("fr:2026-00001", "fr:2026-00002")}
    desk.bring(document("2026-00009", "Two periods", **both))

    assert names_for(desk, desk.pol, "periods") == ["2026-00009"]


def test_a_word_must_begin_a_word(desk):
    desk.bring(document("2026-00007", "Disposable gloves"))

    assert names_for(desk, desk.pol, "dispos") == ["2026-00007"]
    assert names_for(desk, desk.pol, "loves") == []


def test_names_of_fields_are_no_words(desk):
    desk.bring(document("2026-00007", "Disposable gloves"))

    assert names_for(desk, desk.pol, "title") == names_for(desk, desk.pol, "identity") == []


@pytest.mark.parametrize("typed", ["Córdoba", "córdoba", "CÓRDOBA"])
def test_capitals_and_accents_do_not_matter(desk, typed):
    desk.bring(document("2026-00007", "Visit to Córdoba"), document("2026-00008", "Visit to Cordoba"))

    assert sorted(names_for(desk, desk.pol, typed)) == ["2026-00007", "2026-00008"]


@pytest.mark.parametrize("typed", ["%", "_", "'", "\\", '"', "100%", "a_b", "--", "\x00"])
def test_signs_of_sql_are_text(desk, typed):
    desk.bring(document("2026-00007", "Disposable gloves"))
    answer = desk.ask(desk.pol, "find", "", words=f"{typed} gloves")

    assert isinstance(answer, Reply)


def test_letters_are_found_by_text_addressee_and_note(desk):
    desk.locked("cast")
    desk.card(desk.pol, "letter sent", letter="L-1", via="email", note="Handed to the scheduler, Ms. Quince")

    assert names_for(desk, desk.pol, "grant victims crime") == ["L-001"]
    assert names_for(desk, desk.pol, "quince") == ["L-001"]


def test_stories_and_notes_on_them_are_found(desk, pia):
    number = story_of(desk)
    desk.card(pia, "mentions follow-up", story=f"S-{number}", note="Ask the desk for a retraction", on="3d")

    assert f"S-{number}" in names_for(desk, pia, "hotline praised")
    assert names_for(desk, pia, "retraction") == [f"S-{number}"]


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_draft_is_found_by_staff_alone_until_it_is_opened(desk):
    desk.approved()
    rep = desk.reps["cast"]
    before = names_for(desk, rep, "grants")
    desk.card(desk.pol, "letter signon", letter="L-1", until="Fri 17:00")

    assert names_for(desk, desk.pol, "grant") == ["L-001"]
    assert before == []
    assert names_for(desk, rep, "grant") == ["L-001"]


def test_words_of_a_newer_text_that_was_not_opened_find_nothing_for_members(desk):
    desk.opened()
    desk.card(desk.pol, "letter edit", letter="L-1", text="A sentence on quinces, which nobody has seen.")

    assert names_for(desk, desk.pol, "quinces") == ["L-001"]
    assert names_for(desk, desk.reps["cast"], "quinces") == []


def test_notes_on_mail_are_for_staff(desk):
    desk.locked("cast")
    desk.card(desk.pol, "letter sent", letter="L-1", via="email", note="Handed to Ms. Quince")

    assert names_for(desk, desk.reps["cast"], "quince") == []


def test_stories_are_for_those_who_read_mentions(desk, pia):
    story_of(desk)

    assert names_for(desk, desk.app, "hotline praised") == names_for(desk, desk.reps["cast"], "hotline praised")
    assert not [name for name in names_for(desk, desk.app, "hotline praised") if name.startswith("S-")]


def test_the_press_log_and_inquiries_are_for_press_staff(desk, pia):
    desk.card(pia, "press add", outlet="Example Wire", name="Jo Sample", beat="labor")
    desk.card(pia, "press note", contact="P-1", text="Prefers background on quinces")
    asked = {"reporter": "Al Roe", "outlet": "The Herald", "due": "Fri 17:00", "kind": "question", "sure": "yes"}
    desk.ask(pia, "press inquiry", "", question="What is your view on medlars?", **asked)

    assert names_for(desk, pia, "quinces") == ["P-1"]
    assert names_for(desk, pia, "medlars") == ["Q-1"]
    for person in (desk.pol, desk.admin, desk.app, desk.reps["cast"]):
        assert names_for(desk, person, "quinces") == names_for(desk, person, "medlars") == []


@pytest.mark.parametrize("name", STORIES)
def test_a_withheld_story_is_found_by_no_word_of_it(tmp_path, name):
    entry, signs = STORIES[name]
    desk = Desk(tmp_path)
    everything = desk.add("Everything", *Role, organisation="cast")
    desk.bring(entry)

    for sign in (*signs, entry.title, "trafficking", "Polaris", "withheld"):
        assert names_for(desk, everything, sign) == [], sign


# --- how it is shown --------------------------------------------------------------------------------------------------


def test_contacts_are_for_those_who_read_them_and_no_assistant_finds_one(desk, pia):
    desk.card(desk.pol, "office add", office="ovc", name="Lee Sample", role="counsel", email="lee@ovc.example")
    assert names_for(desk, desk.pol, "sample counsel") == names_for(desk, pia, "lee@ovc.example") == ["C-1"]
    assert "lee@ovc.example" in words(desk.card(desk.pol, "find", words="sample"))
    assert names_for(desk, desk.reps["cast"], "sample") == []
    assert desk.card(desk.pol, "find", words="C-1") == desk.card(desk.pol, "office show", office="ovc")
    token = desk.card(desk.pol, "campaign board", for_="assistant").lines[0].text
    session = sessions.Sessions(desk.db, clock=lambda: desk.now, new_id=desk.new_id).find(token, sessions.ASSISTANT)
    for text in ("sample", "lee@ovc.example"):
        call = Call(path="find", args={"words": text}, platform=sessions.ASSISTANT, team="", user=session, id=text)
        assert run(desk.dispatcher.answer(call)).card.head.startswith("Nothing found")
    desk.card(desk.pol, "office left", contact="C-1")
    assert names_for(desk, desk.pol, "sample") == []


def test_meetings_are_found_by_who_may_read_them(desk):
    desk.card(desk.pol, "meeting log", office="ovc", asked="A hearing", said="In spring", organizations="cast")
    for text in ("spring", "hearing office"):
        assert names_for(desk, desk.pol, text) == names_for(desk, desk.reps["cast"], text) == ["M-1"]
        assert names_for(desk, desk.reps["polaris"], text) == []
    assert desk.card(desk.pol, "find", words="M-1") == desk.card(desk.pol, "meeting show", meeting="M-1")


def test_the_newest_is_first_whatever_it_is(desk):
    desk.bring(document("2026-00007", "Grants for services"))
    desk.now += timedelta(days=1)
    desk.drafted()
    desk.now += timedelta(days=1)
    desk.bring(document("2026-00008", "Grants for shelters", publication_date=date(2026, 11, 26)))

    assert names_for(desk, desk.pol, "grant") == ["2026-00008", "L-001", "2026-00007"]


def test_a_document_has_the_day_it_was_published_and_a_story_is_explained_as_on_the_command_line(desk):
    desk.now += timedelta(days=30)
    desk.bring(document("2026-00009", "Grants for legal aid", publication_date=date(2026, 11, 20)))
    story_of(desk)
    stored = desk.db.read("SELECT id FROM entry WHERE body LIKE '%hotline report%'")[0]["id"]

    assert [line.text.split(" · ")[1] for line in desk.card(desk.pol, "find", words="legal aid").lines] == [
        "Fri Nov 20, 2026"
    ]
    assert "First in story S-1." in words(desk.card(desk.pol, "find", words=stored))
    assert "First in story S-1." in words(desk.card(desk.pol, "alerts why", entry=stored))


def test_results_come_in_pages_by_buttons(desk):
    desk.bring(*(document(f"2026-{n:05}", f"Gloves, case {n}") for n in range(1, 20)))

    first = desk.card(desk.pol, "find", words="gloves")
    second = press(desk, desk.pol, first, "Older").card
    third = press(desk, desk.pol, second, "Older").card
    pages = [[line.text.split(" · ")[0] for line in card.lines] for card in (first, second, third)]

    assert [len(page) for page in pages] == [8, 8, 3]
    assert len({name for page in pages for name in page}) == 19
    assert [button.label for button in third.buttons] == ["Newer"]
    assert press(desk, desk.pol, second, "Newer").card.lines == first.lines


def test_past_the_last_page_the_answer_says_so(desk):
    assert "No more results" in words(desk.card(desk.pol, "find", words="gloves", page="2"))
    assert "25 pages at most" in desk.refused(desk.pol, "find", words="gloves", page="26").what


def test_nothing_found_says_what_was_searched_and_what_to_try(desk):
    shown = words(desk.card(desk.pol, "find", words="snowmobile"))

    assert "Nothing found for “snowmobile”" in shown
    assert "letters, meetings, stories and notes that you may open" in shown
    assert "Try fewer words" in shown


def test_without_a_word_it_is_refused(desk):
    assert desk.refused(desk.pol, "find", words="§ …").param == "words"


def test_an_entry_without_a_number_is_named_so_that_other_commands_take_it(desk):
    stored = desk.bring(news("gloves", "Gloves with forced labor seized"))[0]
    desk.now += timedelta(minutes=1)
    name = names_for(desk, desk.pol, "seized")[0]

    assert stored.id.startswith(name)
    assert desk.card(desk.pol, "find", words=name).head == desk.card(desk.pol, "find", words=stored.id).head


def test_words_are_split_once_and_are_at_most_eight():
    assert Words.of("Gloves, gloves and S.3240").typed == ("gloves", "and", "s", "3240")
    assert len(Words.of(" ".join("abcdefghijkl")).typed) == 8
