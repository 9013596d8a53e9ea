"""What a document does, from the sentences of its summary."""

from __future__ import annotations

import time

import pytest

from bot.alerts.cards import Item, digest_line
from bot.alerts.headline import headline
from bot.shared.entry import Agency
from tests.kit.alerts import document

FWS = Agency("Fish and Wildlife Service", "fish-and-wildlife-service", "interior-department")
EPA = Agency("Environmental Protection Agency", "environmental-protection-agency")
TITLE = "Series of the Register; Example River"


@pytest.mark.parametrize(
    ("agency", "summary", "sentence"),
    [
        (
            EPA,
            "The Environmental Protection Agency (EPA) is proposing to limit lead in drinking water. It is needed.",
            "EPA proposes to limit lead in drinking water",
        ),
        (
            FWS,
            "We, the U.S. Fish and Wildlife Service (Service), announce our intent to list a mussel, as amended.",
            "Fish and Wildlife Service plans to list a mussel, as amended",
        ),
        (EPA, "This final rule delays the limits on lead.", "EPA delays the limits on lead"),
        (
            EPA,
            "In accordance with the Act, notice is hereby given that the Agency has received an application.",
            "EPA has received an application",
        ),
        (
            EPA,
            "This document announces that by letter dated May 1, 2025, Example Railroad (ER) petitioned for a waiver.",
            "Example Railroad petitioned for a waiver",
        ),
        (EPA, "An open meeting of the Example Panel will be held by phone.", "Example Panel will meet by phone"),
        (
            EPA,
            "The Agency is announcing the availability of a draft guidance entitled “Lead.”",
            "EPA publishes a draft guidance, “Lead.”",
        ),
        (EPA, "On Monday, June 2, 2025, the Agency will open bids.", "EPA will open bids"),
        (
            EPA,
            "The Agency announces the availability of funds for cleaning.",
            "EPA announces the availability of funds for cleaning",
        ),
        (
            EPA,
            "The Agency is approving a plan and incorporating it by reference.",
            "EPA is approving a plan and incorporating it by reference",
        ),
        (
            EPA,
            "The Example Board and the Department of Examples are adopting rules on lead.",
            "Example Board and the Department of Examples adopt rules on lead",
        ),
        (
            EPA,
            "The Agency preliminarily finds that pipes described below were sold at prices below normal value.",
            "EPA preliminarily finds that pipes were sold at prices below normal value",
        ),
        (
            EPA,
            "The Agency will hold a public meeting according to the details shown below.",
            "EPA will hold a public meeting",
        ),
        (
            EPA,
            "The Agency announces that the planned meeting on February 12, 2025, of the Example Board is cancelled.",
            "EPA announces that the planned meeting on February 12, 2025, of the Example Board is cancelled",
        ),
    ],
)  # fmt: skip
def test_the_first_sentence_of_a_summary_says_who_does_what(agency, summary, sentence):
    assert headline(document(title=TITLE, summary=summary, agencies=(agency,))).text == sentence


@pytest.mark.parametrize(
    ("type_", "summary"),
    [
        ("Notice", "The Agency regulates lead. The law requires it."),
        ("Notice", "The Example Committee, which advises it, provides a forum for towns."),
        ("Notice", "The Agency asks for comment on these limits."),
        ("Notice", "On May 1, 2025, the Agency published a plan. It removes the duplicates."),
        ("Notice", "This action is necessary to establish limits on lead."),
        ("Proposed Rule", "This rule establishes limits on lead."),
        ("Rule", "The Agency proposes limits on lead."),
        ("Notice", None),
    ],
)
def test_what_is_no_act_of_the_document_leaves_its_title(type_, summary):
    entry = document(title="Example River", type=type_, action="Notice.", summary=summary, agencies=(EPA,))
    assert headline(entry).text == "Example River"


def test_a_long_sentence_ends_where_it_stays_true():
    start, tail = "The Agency approves a plan for the Example River and its banks", "the islands " * 20
    for word, sentence in (
        ("including", "EPA approves a plan for the Example River and its banks"),
        ("which does not cover", ""),
    ):
        made = headline(document(title=TITLE, summary=f"{start}, {word} {tail}.", agencies=(EPA,)))
        assert made.text == sentence or (not sentence and made.text.endswith("…"))
        assert made.rest == TITLE or made.rest.startswith("…")


@pytest.mark.parametrize(
    "end", ["are not covered by", "that are approved and assigned by", "that the Agency listed in"]
)
def test_a_long_sentence_does_not_end_before_its_verb(end):
    summary = (
        f"The Agency determines that imports of aluminum wire and cable of the Example River {end} {'the order ' * 20}."
    )
    made = headline(document(title=TITLE, summary=summary, agencies=(EPA,)))
    assert made.text.endswith("…") or made.text == TITLE


def test_a_long_sentence_spares_its_law_and_who_sent_what_when_first():
    summary = "The Agency approves a plan, submitted by Example State on May 1, 2025, to limit lead in {} waters."
    made = headline(document(title=TITLE, summary=summary.format("the very " * 15), agencies=(EPA,)))
    assert made.text.startswith("EPA approves a plan to limit lead in the very ")


def test_a_meeting_says_its_purpose():
    summary = "Notice is hereby given of a meeting. The purpose of the meeting is to discuss lead in water."
    entry = document(title="Example Council; Public Meeting", summary=summary, agencies=(EPA,))
    assert headline(entry).text == "EPA announces a meeting: Example Council to discuss lead in water"


def test_a_plain_title_is_better_than_a_sentence_that_is_cut():
    summary = f"The Agency amends its rules on {'rivers and ' * 20}lakes."
    assert (
        headline(document(title="Rivers and Lakes", type="Rule", summary=summary)).text
        == "CBP issues a rule: Rivers and Lakes"
    )


def test_a_digest_line_does_not_name_its_agency_twice():
    entry = document(title=TITLE, summary="The Agency delays the limits on lead.", agencies=(EPA,))
    assert digest_line([Item(id="1", entry=entry, matches=())]).text == "EPA delays the limits on lead"


@pytest.mark.parametrize(
    "piece", ["The Agency, ", "in accordance with the ", "A of ", "of section 1 of the A ", "(", "“"]
)
def test_an_endless_summary_costs_no_time(piece):
    begun = time.process_time()
    headline(document(title=TITLE, summary=f"The Agency proposes {piece * 20_000}."))
    headline(document(title=TITLE, summary=piece * 20_000))
    assert time.process_time() - begun < 0.5
