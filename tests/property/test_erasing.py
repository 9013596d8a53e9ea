"""Whatever an erased person, ally or reporter was called, nothing but words about people changes."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.model import Reply, Role
from bot.letters.lifecycle import ally_id
from bot.ops import erase
from bot.ops.retention import TABLES
from bot.store.database import Reader
from bot.store.shape import WORDS, read_tables
from tests.kit import stores
from tests.kit.alerts import document
from tests.kit.letters_desk import Desk
from tests.kit.press import SPEAKERS
from tests.kit.press import config as with_speakers

PATHS = re.compile(r"\w+ (list|audit|status|embargoes)|press find|allies list|bill list")
HOSTILE = (
    "The Office", "Of The", "Name", "A", "Jo", "CA", "draft", "In Review", "Open for Sign-on", "Letter Approve",
    '"args":[["letter"', '{"mark":"letter","head":"Please', "2026-11-24", "24T15:06", "12:00", "policy", "slack T0HOME",
    "UPOL", "https", "www.federalregister.gov", "L-001", "P-1", "ally", "Ann Lee", "signed as", "[erased]", "''' '",
    "forced labor", "America/New_York", "text 933b42d2ec18", "Coalition of Immokalee Workers", "ask 1", "at once",
)  # fmt: skip


class Life(Desk):
    """A coalition in which people, allies and the press desk did something; `rows` is what that left."""

    def __init__(self, folder: Any) -> None:
        super().__init__(folder)
        self.config = with_speakers(*SPEAKERS)
        self.pia = self.add("Pia", Role.PRESS)
        self.card(self.admin, "people role", person=self.admin.id, give="policy")
        self.card(self.admin, "people role", person=self.admin.id, give="press")
        self.bring(document("2026-00077", "Enhanced Collaborative Model: forced labor"))
        letter = self.opened().name
        self.signs("ciw")
        row = "organization,signatory,title,evidence\nFreedom Now,Ann Ally,Chair,email\n"
        self.hand(self.pol, "letter allies", row.encode(), letter=letter)
        self.card(
            self.admin, "watch add", name="Labor", query='"forced labor" AND agency:dhs', level="digest", asks="4"
        )
        self.card(self.admin, "settings letterhead", phone="202 555 0100", letters="yes")
        self.card(self.reps["ciw"], "campaign follow", what="ask:1", when="now")
        for name in ("Jo Sample", "Bo Other"):
            self.card(self.pia, "press add", name=name, outlet="The Wire", source=f"of {name}")
            self.card(self.pol, "office add", name=name, office="ovc", source=f"of {name}")
        self.card(self.pia, "press note", contact="P-2", text="The Office of Jo Sample called, at 12:00", follow="Fri")
        self.card(self.pia, "press embargo", about="Figures", lifts="2026-12-01 10:00", zone="ET")
        asked = {"reporter": "Jo Sample", "outlet": "Example Wire", "kind": "question", "due": "today 17:00"}
        self.card(self.pia, "press inquiry", **asked, question="What changes?")
        self.rows = {name: self.db.read(f"SELECT * FROM {name}") for name in read_tables()}
        self._past = stores.Past(self.db)

    def begin(self, name: str) -> str:
        """Everything is as it was, but for this name of a representative, an ally, a reporter and one in an office."""
        self._past.repeat(self.db)
        person, ally = self.reps["ciw"].id, ally_id(name)
        with self.db.write() as tx:
            params = {"name": name, "person": person, "ally": ally}
            tx.execute("UPDATE person SET name = :name WHERE id = :person", params)
            tx.execute("UPDATE signature SET signatory = :name WHERE person_id = :person", params)
            tx.execute("UPDATE press_contact SET name = :name, email = :name, phone = :name WHERE number = 1", params)
            tx.execute("UPDATE press_inquiry SET reporter = :name", params)
            tx.execute("UPDATE office_contact SET name = :name WHERE number = 1", params)
            tx.execute("UPDATE audit SET who = :name WHERE person_id = :person", params)
            sql = "UPDATE signature SET organisation = :ally, legal_name = :name, signatory = :name"
            tx.execute(f"{sql} WHERE organisation LIKE 'ally:%'", params)
        return ally

    def answers(self) -> dict[str, type]:
        """What each command that lists something answers."""
        listing = [each.path for each in self.commands if PATHS.fullmatch(each.path)]
        return {path: type(self.ask(self.admin, path)) for path in listing}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return Life(tmp_path_factory.mktemp("life"))


def fixed(db: Reader, words: Mapping[str, Mapping[str, Collection[str]]]) -> dict[str, dict[Any, dict[str, Any]]]:
    """By table and key, each row without its words."""
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for name, shape in read_tables().items():
        found[name] = {}
        for row in map(dict, db.read(f"SELECT * FROM {name}")):
            for column, keys in words.get(name, {}).items():
                row[column] = blank(json.loads(row[column]), keys) if keys else None
            found[name][tuple(row[column] for column in shape.key)] = row
    return found


def blank(value: Any, keys: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: blank(each, keys) if key in keys else each for key, each in value.items()}
    if isinstance(value, list):
        return [blank(each, keys) for each in value]
    return None if isinstance(value, str) else value


def changes(before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """(table, column) of what changed, and (table, "gone") of rows that went."""
    for table, rows in before.items():
        for key, row in rows.items():
            if key not in after[table]:
                yield table, "gone"
            else:
                yield from ((table, column) for column, value in row.items() if after[table][key][column] != value)


OWN = {
    ("person", "name"),
    ("person", "organisation"),
    ("person", "left_at"),
    ("audit", "who"),
    ("signature", "signatory"),
    ("signature", "evidence"),  # who recorded it
}
DELETED = {(name, "gone") for name, rule in TABLES.items() if rule.person} | {
    (name, "gone") for name in ("delivery", "recalled", "letter_card", "press_card")
}
SIGNED = {(name, "gone") for name in ("signature", "ally_request", "letter_card", "delivery")}
EMPTIED = {("delivery", column) for column in ("card", "state", "why")} | {
    ("press_inquiry", "link"), ("press_contact", "gone"), ("press_log", "gone"), ("press_agreement", "gone"),
    ("memo", "value"),
}  # fmt: skip

STAFF = {("office_contact", "gone"), ("memo", "value")}


@pytest.mark.parametrize("kind", ["person", "ally", "reporter", "staff"])
@pytest.mark.long
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), agreed=st.booleans())
def test_no_name_changes_a_code_a_key_a_decision_a_signature_a_setting_or_a_link(life, kind, data, agreed):
    stored = sorted({str(value) for rows in life.rows.values() for row in rows for value in dict(row).values()})
    pieces = st.sampled_from(stored).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.integers(1, 40)).map(lambda cut: text[cut[0] :][: cut[1]])
    )
    names = st.one_of(st.sampled_from(HOSTILE), pieces, st.text(min_size=1, max_size=20))
    name = data.draw(names.filter(lambda text: any(map(str.isalnum, text)) and "\0" not in text and text.isprintable()))
    ally, agree = life.begin(name), erase.always if agreed else erase.never
    untouched = WORDS if agreed else {"press_inquiry": WORDS["press_inquiry"]} if kind == "reporter" else {}
    answered, before = life.answers(), fixed(life.db, untouched)
    run = {
        "person": lambda work: erase.erase_person(work, life.reps["ciw"].id, agree),
        "ally": lambda work: erase.erase_organization(work, ally, agree),
        "reporter": lambda work: erase.erase_contact(work, "P-1", agree),
        "staff": lambda work: erase.erase_contact(work, "C-1", agree),
    }[kind]

    with life.job.write() as work:
        run(work)

    allowed = {"person": OWN | DELETED, "ally": SIGNED, "reporter": EMPTIED, "staff": STAFF}[kind]
    assert set(changes(before, fixed(life.db, untouched))) <= allowed
    assert life.answers() == answered
    assert Reply in answered.values()
    life.compose(minutes=1)
