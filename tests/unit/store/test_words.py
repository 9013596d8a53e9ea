"""Every column of text is decided: a name is taken out of it, or never, and then why not."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from bot.shared.card import Card, Due, Event, Line, Link, Section
from bot.store.shape import WORDS, read_tables

# Ids, times and hashes, by their names.
PLAIN = re.compile(r"(\w+_)?(id|at|on|by|since|until|to|digest|hash|token|key|url|as_of)")
# Neither of these is rewritten: "codes" are read back by the program, "recorded" is what people decided, signed, set
# or confirmed, "published" is by others, and "own" goes with the row of whoever it names, or by that row's id.
NEVER = {
    "account_notice": "platform address: codes",
    "ally_request": "organisation legal_name website signatory title address stage language: own",
    "audit": "origin command: codes; who: own",
    "bill": "name title record: published",
    "bill_proposal": "family title answer: published",
    "coalition": "name: recorded",
    "commitment": "kind basis quote owed period source asks note: recorded",
    "commitment_finding": "state source: recorded",
    "commitment_proposal": "body: recorded",
    "committee": "name chamber: published",
    "committee_seat": "title: published",
    "delivery": "channel platform kind thread state lease ref why needs journey: codes",
    "delivery_file": "name media_type alt: codes",
    "directory": "source: published",
    "docket": "title trouble: published",
    "docket_comment": "document what organization posted_as: recorded",
    "docket_document": "docket number kind title status: published",
    "entity_rule": "entity kind value: recorded",
    "entry": "kind stage thread title body first_body: published",
    "entry_work": "verdict: codes",
    "hold": "refused: codes",
    "judgment": "answer: codes",
    "learning_round": "cards: own",
    "legislator": "first_name last_name suffix nickname official_full gender role state party term_start term_end "
    "first_term room phone leads lis: published",
    "letter": "state template facts lobbying lobbying_why addressed coalition untrue summary: recorded",
    "letter_card": "organisation: codes",
    "letter_confirmation": "cited source: recorded",
    "letter_filing": "state document document_title body pdf_name tracking: recorded",
    "letter_mail": "kind on_day how: codes",
    "letter_rendering": "facts texts: recorded",
    "letter_version": "texts: recorded",
    "lobbying_entry": "organization on_day kind: codes",
    "lobbying_year": "organization begins elects reported: recorded",
    "mail_address": "address code: own",
    "match": "level asks reasons: codes",
    "meeting": "office office_name state held_on: recorded",
    "meeting_ask": "bill answer: recorded",
    "meeting_organization": "organization: codes",
    "member_name": "legal_name: recorded",
    "memo": "value: codes",
    "mention": "weight: codes",
    "office_contact": "office name asks email phone basis seats doubt: own; office_name: published",
    "office_import": "body: own",
    "office_mail": "office address state why: recorded",
    "overlay": "body: recorded",
    "person": "name organisation: own",
    "preference": "value: own",
    "press_contact": "name email phone channel basis: own",
    "press_embargo": "zone: codes",
    "press_inquiry": "kind outlet member zone state link: codes",
    "press_log": "kind link: codes",
    "press_outlet": "name type market: published",
    "promise": "path: codes",
    "public_item": "body: recorded",
    "recall_sample": "drawn: codes",
    "recalled": "mark words links: codes",
    "roll_call": "body: published",
    "setting_change": "kind name effect body: recorded",
    "signature": "decision legal_name signatory title evidence evidence_kind: recorded",
    "source": "memory health health_detail health_told: codes",
    "story": "thread asks_set tone: codes",
    "story_note": "kind: codes",
    "subscriber": "address language: own",
    "web_session": "platform team: own",
}


def test_every_text_that_a_card_shows_is_of_words():
    """Buttons and their arguments are codes; so are addresses, and what a webhook's event is about."""
    codes = {
        "mark",
        "url",
        "on",
        "numbered",
        "pinned",
        "line_buttons",
        "buttons",
        "type",
        "at",
        "id",
        "state",
        "language",
    }
    shown = {field.name for part in (Card, Section, Line, Due, Link, Event) for field in fields(part)}
    assert shown - codes == {*WORDS["delivery"]["card"]}


@pytest.mark.parametrize("name", sorted(read_tables()))
def test_every_column_of_text_is_of_words_or_never_rewritten(name):
    shape = read_tables()[name]
    plain = {*shape.key, *(each.column for each in shape.references), *filter(PLAIN.fullmatch, shape.texts)}
    never = {column for part in NEVER.get(name, "").split(";") for column in part.partition(":")[0].split()}
    assert never | plain | set(WORDS.get(name, ())) == plain | set(shape.texts)
    assert not (never | plain) & set(WORDS.get(name, ()))
