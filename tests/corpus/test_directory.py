"""The recorded Congress of June 2026: everybody is addressed as they should be, and nobody whose term has ended."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.config.load import Config
from bot.congress import records
from bot.congress.directory import NotAddressable, addressee, search_addressees
from bot.congress.model import Addressee, Role
from bot.congress.sync import store_snapshot
from bot.letters.recipients import select
from bot.store.database import Database
from tests.kit import configs, stores
from tests.kit.congress import NOW, ROOT, recorded

SNAPSHOT = date(2026, 6, 15)
GOLDEN = Path(__file__).parents[1] / "golden/addresses.txt"
# The title in the salutation of each role, and the city line of its chamber.
GREETED = {
    Role.SENATOR: "Senator",
    Role.REPRESENTATIVE: "Representative",
    Role.DELEGATE: "Delegate",
    Role.RESIDENT_COMMISSIONER: "Resident Commissioner",
}
FLOOR_POSTS = ("Majority Leader", "Majority Whip", "Minority Leader", "Minority Whip")
LEADERS = {
    "HSJU": ("Jordan", "Raskin"), "SSJU": ("Grassley", "Durbin"), "HSHM": ("Garbarino", "Thompson"),
    "SSGA": ("Paul", "Peters"), "HSAP": ("Cole", "DeLauro"), "SSAP": ("Collins", "Murray"),
}  # fmt: skip


@pytest.fixture(scope="module")
def us() -> Config:
    """The shipped configuration, with its own limit of age."""
    return configs.shipped()


@pytest.fixture(scope="module")
def db(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Database:
    made = stores.create(tmp_path_factory.mktemp("congress") / "directory.db")
    with made.write() as tx:
        store_snapshot(tx, recorded(corpus / "legislators"), now=NOW)
    return made


def addressed(db: Database, us: Config, today: date) -> tuple[dict[str, Addressee], list[str]]:
    """Each member as they are addressed on that day, and why the others are not."""
    good, refused = {}, []
    for each in records.members(db):
        try:
            good[each.bioguide] = addressee(db, us, f"member:{each.bioguide}", today=today)
        except NotAddressable as why:
            refused.append(why.what)
    return good, refused


def test_all_members_have_the_block_and_the_salutation_of_their_office(db, us):
    good, refused = addressed(db, us, SNAPSHOT)
    assert (len(good), refused) == (537, [])
    for each in records.members(db):
        who = good[each.bioguide]
        if each.leads == "Speaker of the House":
            assert who.salutation == "Dear Mr. Speaker:"
            continue
        assert who.salutation == f"Dear {GREETED[each.role]} {each.surname}:"
        senate = each.role is Role.SENATOR
        post = each.leads.partition(" ")[2]
        title = (post,) if post in FLOOR_POSTS else ()
        chamber = "United States Senate" if senate else "U.S. House of Representatives"
        room = (each.room,) if each.room else ()
        assert who.block[:-1] == (f"The Honorable {each.full_name}", *title, chamber, *room)
        assert who.block[-1] == ("Washington, DC 20510" if senate else "Washington, DC 20515")
        assert who.as_of == SNAPSHOT
    titles = Counter(who.salutation.removeprefix("Dear ").split()[0] for who in good.values())
    assert titles == {"Senator": 100, "Representative": 430, "Delegate": 5, "Resident": 1, "Mr.": 1}


def test_no_delegate_is_called_a_representative(db, us):
    good, _ = addressed(db, us, SNAPSHOT)
    others = [m for m in records.members(db) if m.role in (Role.DELEGATE, Role.RESIDENT_COMMISSIONER)]
    assert len(others) == 6
    for each in others:
        who = good[each.bioguide]
        assert "Representative" not in who.salutation + who.name


def test_surnames_and_accents_are_those_of_the_record(db):
    for each in records.members(db):
        assert each.surname in each.full_name
        assert each.surname == each.last or each.bioguide == "H001103"  # Hernández, on record as Hernández Rivera
    assert sum(not each.full_name.isascii() for each in records.members(db)) == 7


def test_only_what_the_record_lacks_is_missing(db, us):
    good, _ = addressed(db, us, SNAPSHOT)
    assert sorted(who.name for who in good.values() if who.missing) == [
        "Representative Analilia Mejia", "Representative James Gallagher",
    ]  # fmt: skip


@pytest.mark.parametrize(("committee", "names"), LEADERS.items())
def test_chairs_and_ranking_members(db, us, committee, names):
    for kind, title, name in (("chair", "Chair", names[0]), ("ranking", "Ranking Member", names[1])):
        who = addressee(db, us, f"{kind}:{committee}", today=SNAPSHOT)
        assert who.salutation == f"Dear {title} {name}:"
        assert who.block[1].startswith(f"{title}, Committee on ")


@pytest.mark.parametrize("subject", ["Judiciary", "Homeland Security committee", "Appropriations"])
@pytest.mark.parametrize("chamber", ["House", "Senate"])
def test_a_subject_and_a_chamber_are_its_committee_whatever_else_a_committee_s_name_contains(db, us, chamber, subject):
    ids = select(db, us, f"{chamber} {subject}", now=NOW)[0]
    seats = {each: {seat.bioguide for seat in records.seats(db, each)} for each in LEADERS}
    assert {id_.removeprefix("member:") for id_ in ids} in seats.values()


@pytest.mark.long
def test_a_committee_whose_name_has_commas_is_read_as_one_name(db, us):
    committees = [each for each in records.committees(db) if "," in each.name]
    assert committees
    for each in committees:
        name = f"{each.chamber} {each.name}"
        seats = {f"member:{seat.bioguide}" for seat in records.seats(db, each.id)}
        assert {*select(db, us, name, now=NOW)[0]} == seats


def test_every_subcommittee_has_leaders_or_says_that_it_has_none(db, us):
    lines = []
    for committee in records.committees(db):
        for kind in ("chair", "ranking"):
            try:
                assert addressee(db, us, f"{kind}:{committee.id}", today=SNAPSHOT).salutation.count(":") == 1
            except NotAddressable as why:
                lines.append((kind, committee.id, "names no" in why.what))
    nobody = [("ranking", "HSFA13"), ("ranking", "HSHM08"), ("chair", "SSJU27"), ("ranking", "SSJU27")]
    assert lines == [(*which, True) for which in nobody]


def test_on_24_november_2026_exactly_the_two_whose_terms_ended_are_refused(db, us):
    good, refused = addressed(db, us, date(2026, 11, 24))
    assert len(good) == 535
    assert [why.partition(" ended on ")[0] for why in refused] == [
        "The term of Senator Ashley Moody (FL)", "The term of Senator Jon Husted (OH)",
    ]  # fmt: skip
    assert all("ended on Tue Nov 3, 2026" in why for why in refused)


def test_on_4_january_2027_the_terms_of_472_have_ended(db, us):
    good, refused = addressed(db, us, date(2027, 1, 4))
    assert (len(good), len(refused)) == (65, 472)
    assert all(who.salutation.startswith("Dear Senator ") for who in good.values())


@pytest.mark.long
def test_members_with_hard_names_are_found_by_surname_and_state(db, us):
    hard = [each for each in records.members(db) if not each.surname.isascii() or not each.surname.isalpha()]
    assert len(hard) == 26
    for each in hard:
        result = [id_ for id_, _ in search_addressees(db, us, f"{each.surname} {each.state}", today=SNAPSHOT, limit=5)]
        assert f"member:{each.bioguide}" in result


def test_hard_cases_are_as_they_were_looked_at(db, us):
    """Read by eye once; the file holds names and addresses of public record."""
    blocks = []
    for id_ in GOLDEN.read_text(encoding="utf-8").splitlines():
        if id_.startswith("# "):
            who = addressee(db, us, id_.removeprefix("# "), today=SNAPSHOT)
            blocks.append("\n".join((id_, *who.block, "", who.salutation, who.name, who.missing)).rstrip())
    assert GOLDEN.read_text(encoding="utf-8") == "\n\n".join(blocks) + "\n"


PAGE = (ROOT / "docs/letters.md").read_text(encoding="utf-8").partition("### Picking several")[2].partition("\n## ")[0]
PHRASES = [text for row in re.findall(r"(?m)^\| (`[^|]+`) \|", PAGE) for text in re.findall("`(.+?)`", row)]


@pytest.mark.parametrize("text", PHRASES)
def test_every_phrase_on_the_page_selects_recipients(db, us, text):
    assert select(db, us, text, now=NOW)[1] == []
