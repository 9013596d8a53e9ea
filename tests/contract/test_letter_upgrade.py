"""Letters of 0.1, after the upgrade: who sees which text, what is printed of a signature."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.letters import lookup, records
from bot.letters.lifecycle import State, Version
from bot.letters.model import Evidence
from bot.letters.records import _TEXTS
from bot.store.database import to_text
from tests.kit import old_stores
from tests.kit.board import CONFIG
from tests.unit.letters.test_lifecycle import version

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
ME = {"coalition": "atest", "me": "pol", "now": to_text(NOW)}
TEXTS = [version("First.", number=1), version("Second.", number=2), version("Third.", number=3)]
SIGNATURES = (
    ("cast", "Polaris", ""), ("hti", "HTI", "phone call, says Pol"), ("ally:good", "Good Org", "signed PDF, says Pol")
)  # fmt: skip


def letter(tx, number: int, state: State, *, locked: bool = False, signed: Version | None = None) -> None:
    columns = {
        **ME,
        "id": f"l{number}",
        "number": number,
        "state": state.value,
        "locked": ME["now"] if locked else None,
    }
    tx.execute(
        """
        INSERT INTO letter (id, coalition_id, number, state, template, template_digest, facts, lobbying, lobbying_why,
                            created_at, created_by, locked_at)
        VALUES (:id, :coalition, :number, :state, 't', '', '{}', 'none', '', :now, :me, :locked)
        """,
        columns,
    )
    for text in TEXTS:
        tx.execute(
            """
            INSERT INTO letter_version (coalition_id, letter_id, version, texts, digest, written_at, written_by)
            VALUES (:coalition, :id, :version, :texts, :digest, :now, :me)
            """,
            {**columns, "version": text.number, "texts": _TEXTS.dump_json(text.texts).decode(), "digest": text.digest},
        )
    for organisation, name, evidence in SIGNATURES if signed else ():
        tx.execute(
            """
            INSERT INTO signature (coalition_id, letter_id, organisation, decision, legal_name, signatory, title,
                                   digest, evidence, person_id, decided_at)
            VALUES (:coalition, :id, :org, 'signed', :name, 'Kay', 'CEO', :digest, :evidence, :me, :now)
            """,
            {**columns, "org": organisation, "name": name, "digest": signed.digest, "evidence": evidence},
        )


@pytest.fixture
def db(tmp_path):
    place = old_stores.load("0.1.0", tmp_path / "old.db")
    with closing(place.open_as_is()) as old, old.write() as tx:
        tx.execute("INSERT INTO person (id, coalition_id, name, created_at) VALUES (:me, :coalition, 'Pol', :now)", ME)
        letter(tx, 11, State.DRAFT)
        letter(tx, 12, State.OPEN, signed=TEXTS[2])
        letter(tx, 13, State.REVIEW, signed=TEXTS[1])
        letter(tx, 14, State.SENT, locked=True, signed=TEXTS[2])
        letter(tx, 15, State.WITHDRAWN)
    with closing(place.open()) as new:
        yield new


@pytest.mark.parametrize(("number", "seen"), [(11, []), (12, [3]), (13, [2]), (14, [3]), (15, [])])
def test_only_texts_that_are_known_to_have_been_opened_are_seen_by_members(db, number, seen):
    stored = records.versions(db, f"l{number}", opened=True)
    assert [text.number for text in stored] == seen


def test_signatures_stay_valid_and_none_is_called_written(db):
    for name in ("L-12", "L-14"):
        stored = records.find(db, name)
        signed = lookup.signed_organizations(db, CONFIG.coalition, stored)
        assert {id_: each.evidence for id_, each in signed.items()} == {
            "cast": None, "hti": Evidence.NOT_STATED, "ally:good": Evidence.NOT_STATED
        }  # fmt: skip


def test_what_a_representative_typed_stays_only_where_it_is_locked(db):
    def named(name):
        stored = records.find(db, name)
        return {id_: each.legal_name for id_, each in lookup.signed_organizations(db, CONFIG.coalition, stored).items()}

    members = CONFIG.coalition.members
    assert named("L-12") == {"cast": members["cast"].name, "hti": members["hti"].name, "ally:good": "Good Org"}
    assert named("L-14") == {"cast": "Polaris", "hti": "HTI", "ally:good": "Good Org"}
