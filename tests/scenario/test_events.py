"""One event, one card: the steps of a form or a rule are one thread, and each step keeps its own dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.deadlines.windows import closing_dates, window_about
from bot.entries import records
from bot.shared.calendar import day_in_words
from bot.shared.entry import Change
from bot.sources.register.documents import document_entry, filing_entry
from tests.kit.alerts import TUESDAY, Room, document

FIRST = "Agency Information Collection Activities; Proposed Collection; Comment Request; Gloves Census"
SECOND = "Agency Information Collection Activities; Submission for OMB Review; Comment Request; Gloves Census"
CENSUS = "Gloves Census"
DAYS = timedelta(days=60)


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    room.compose()
    return room


def notice(number, title, on=date(2026, 11, 24), **rest):
    agencies = [{"name": "Labor Department", "raw_name": "DEPARTMENT OF LABOR"}]
    given = {"document_number": number, "title": title, "type": "Notice", "agencies": agencies}
    return given | {"publication_date": on.isoformat()} | rest


def read(*notices):
    return [document_entry(each, "register") for each in notices]


DOCKET, RIN = "docket:DHS-2026-0001", "rin:1651-AA01"


def rule(number, type_, **rest):
    given = {"title": "Gloves of Forced Labor", "references": (DOCKET,), "type": type_}
    return document(number, **given | rest)


def replies(room, channel="policy"):
    """For each alert its head, and whether it is a reply."""
    seen, made = set(), []
    for row, card in zip(room.rows(channel, "alert"), room.cards(channel, "alert"), strict=True):
        made.append((card.head, row["thread"] in seen))
        seen.add(row["thread"])
    return made


def test_the_second_notice_of_a_form_is_a_reply_to_the_first_and_says_so(room):
    room.take("register", *read(notice("2026-00001", FIRST)))
    room.run_on(days=60)
    room.take("register", *read(notice("2026-00002", SECOND, date(2027, 1, 25))))

    assert replies(room) == [
        ("Labor Department asks for comment on paperwork: Gloves Census", False),
        ("Labor Department seeks final approval of paperwork: Gloves Census", True),
    ]
    (first, second) = room.cards("policy", "alert")
    assert [line.text for line in second.lines] == ["After the earlier notice of Tue Nov 24, 2026"]
    assert first.lines == ()


def test_a_digest_says_that_a_form_had_a_first_notice(tmp_path):
    room = Room(tmp_path)
    room.compose()
    first, second = (text.replace("Gloves", "Pledge") for text in (FIRST, SECOND))
    room.take("register", *read(notice("2026-00001", first)))
    room.run_on(days=1)
    room.compose()
    room.run_on(days=60)
    room.take("register", *read(notice("2026-00002", second, date(2027, 1, 25))))
    room.run_on(days=1)
    room.compose()

    lines = [line.text for card in room.cards("policy", "digest") for part in card.sections for line in part.lines]
    forms = [line for line in lines if "Pledge Census" in line]
    assert forms == [
        "Labor Department asks for comment on paperwork: Pledge Census",
        (
            "Labor Department seeks final approval of paperwork: Pledge Census; "
            "after the earlier notice of Tue Nov 24, 2026"
        ),
    ]


def test_notices_of_two_agencies_or_of_several_forms_are_no_pair(room):
    other = [{"name": "Commerce Department", "raw_name": "DEPARTMENT OF COMMERCE"}]
    several = "Gloves. OMB Control Number 1225-0001. OMB Control Number 1225-0002."
    plain = FIRST.removesuffix(CENSUS).strip("; ")
    room.take("register", *read(notice("2026-00001", FIRST), notice("2026-00002", plain, abstract=several)))
    room.take(
        "register", *read(notice("2026-00003", SECOND, agencies=other), notice("2026-00004", plain, abstract=several))
    )
    assert not any(reply for _, reply in replies(room))


def test_a_form_is_known_by_its_control_number_under_another_name(room):
    number = "Gloves. OMB Control Number: 1225-0088."
    room.take("register", *read(notice("2026-00001", FIRST, abstract=number)))
    room.take("register", *read(notice("2026-00002", f"{SECOND} and Survey", abstract=number)))
    assert [reply for _, reply in replies(room)] == [False, True]


def test_a_filing_without_a_title_joins_the_first_notice_once_it_is_published(room):
    room.take("register", *read(notice("2026-00001", FIRST)))
    untitled = {**notice("2026-00002", ""), "title": None, "subject_1": "Agency Information Collection Activities"}
    room.take("inspection", filing_entry(untitled, "inspection", TUESDAY))
    room.take("register", *read(notice("2026-00002", SECOND)))
    assert [reply for _, reply in replies(room)] == [False, True]


def test_a_correction_that_was_posted_as_filed_is_no_line_of_the_digest_once_it_is_published(room):
    room.take("register", *read(notice("2026-00001", FIRST)))
    correction = notice("C1-2026-00001", f"{FIRST}; Correction")
    room.take("inspection", filing_entry(correction, "inspection", TUESDAY))
    room.take("register", *read(correction))
    room.run_on(days=1)
    room.compose()
    assert len(room.heads("policy", "alert")) == 2
    assert "Corrected" not in str(room.cards("policy", "digest"))


def test_a_proposed_rule_and_its_final_rule_are_one_thread(room):
    room.take("register", rule("2026-00001", "Proposed Rule"))
    room.take("register", rule("2026-00002", "Rule", title="Gloves of Forced Labor; Final Rule"))
    (_, reply) = replies(room)[1]
    assert reply
    assert room.cards("policy", "alert")[1].lines[0].text == "After the earlier proposed rule of Tue Nov 24, 2026"


@pytest.mark.parametrize(
    ("type_", "title", "references", "reply"),
    [
        ("Proposed Rule", "Forced Labor in the Airworthiness of Boeing Airplanes", (DOCKET, RIN), False),
        ("Notice", "Gloves of Forced Labor", (DOCKET,), False),  # a list whose additions have one docket
        ("Notice", "Gloves of Forced Labor", (RIN,), True),  # a permit, proposed and issued
        ("Proposed Rule", "Gloves of Forced Labor", ("docket:DHS-2026-0002", RIN), False),  # airworthiness directives
    ],
)
def test_a_docket_alone_a_plan_alone_or_a_title_alone_joins_no_documents(room, type_, title, references, reply):
    room.take("register", rule("2026-00001", type_, references=(DOCKET, RIN)))
    room.take("register", rule("2026-00002", type_, title=title, references=references))
    assert [reply for _, reply in replies(room)] == [False, reply]


@pytest.mark.parametrize("together", [False, True])
def test_a_correction_amends_the_rule_that_it_cites_among_many_of_one_rin(room, together):
    def directive(number, **rest):
        references = (f"docket:FAA-{number}", "rin:2120-AA64")
        return rule(
            number, "Rule", **{"title": f"Gloves of forced labor on airplane {number}", "references": references} | rest
        )

    cited = ("fr:2026-00001", "docket:FAA-2026-00001", "rin:2120-AA64")
    correction = directive("C1-2026-00001", change=Change.CORRECTION, references=cited)
    room.take("register", directive("2026-00001"))
    room.take("register", *(directive(f"2026-000{n}") for n in range(10, 30)), *([correction] if together else []))
    room.take("register", correction)
    stored = records.select_entries(room.db, "thread = :thread", {"thread": "fr:2026-00001"})
    assert [each.entry.number for each in stored] == ["2026-00001", "C1-2026-00001"]


def test_an_extension_moves_the_days_of_its_own_step_alone(room):
    soon, late = date(2026, 12, 28), date(2027, 1, 25)
    room.take("register", rule("2026-00001", "Proposed Rule", comments_close_on=soon))
    room.take("register", rule("2026-00002", "Proposed Rule", comments_close_on=late))
    room.send_all()
    moved = late + timedelta(days=7)
    room.take("register", rule("2026-00003", "Proposed Rule", change=Change.EXTENSION, comments_close_on=moved))

    first, second = room.cards("policy", "alert")[:2]
    assert [card.dues[0].on for card in (first, second)] == [soon, moved]
    assert window_about(room.db, "2026-00001", room.now).closes == soon
    assert window_about(room.db, "2026-00002", room.now).closes == moved


def test_a_withdrawn_step_does_not_hide_the_comment_period_of_the_next(room):
    room.take("register", rule("2026-00001", "Proposed Rule", comments_close_on=date(2026, 12, 1)))
    room.take("register", rule("2026-00002", "Proposed Rule", change=Change.WITHDRAWAL))
    on = date(2026, 12, 28)
    room.take("register", rule("2026-00003", "Proposed Rule", comments_close_on=on))
    (due,) = closing_dates(room.db, "policy", room.config, room.now, DAYS)
    assert day_in_words(due.on) == "Mon Dec 28, 2026"
