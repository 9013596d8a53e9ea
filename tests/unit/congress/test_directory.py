"""Who can be written to today, and why others cannot; finding them by what was typed so far."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.congress import records
from bot.congress.directory import NotAddressable, addressee, directory_status, search_addressees
from bot.congress.model import fold
from bot.congress.sync import WrongSnapshot, store_snapshot
from tests.kit import stores
from tests.kit.congress import (
    ACCENT,
    APPOINTED,
    AS_OF,
    CHAIR,
    HANK,
    NOW,
    ROOT,
    SENATOR,
    SENATOR_TOO,
    TODAY,
    config,
    directory,
    holding,
    member,
    public,
)

US = config()


@pytest.fixture
def db(tmp_path: Path):
    return directory(tmp_path)


def refused(db, id_: str, *, on: date = TODAY, who=US) -> str:
    with pytest.raises(NotAddressable) as why:
        addressee(db, who, id_, today=on)
    return why.value.what


def test_everybody_of_the_directory_is_kept_as_published(db):
    assert sorted(records.members(db), key=lambda m: m.bioguide) == sorted(public().members, key=lambda m: m.bioguide)
    assert len(records.committees(db)) == 8
    assert records.seats(db, "HSJU") == [seat for seat in public().seats if seat.committee == "HSJU"]


def test_a_term_that_has_ended_is_refused_with_its_day(db):
    assert addressee(db, US, member(APPOINTED), today=date(2026, 11, 2)).salutation == "Dear Senator Fir:"
    assert refused(db, member(APPOINTED), on=date(2026, 11, 3)) == (
        "The term of Senator Cy Fir (OH) ended on Tue Nov 3, 2026 by the directory of Mon Jun 15, 2026. "
        "To see who holds the seat now, run `coalition-bot directory sync`."
    )


def test_a_chair_whose_term_has_ended_is_refused(db):
    assert "The term of Senator Cy Fir (OH) ended" in refused(db, "chair:SSGA", on=date(2026, 12, 1))


def test_who_is_not_in_the_directory_is_refused(db):
    assert "X000001 is not in the directory of Mon Jun 15, 2026. The seat may be vacant" in refused(
        db, "member:X000001"
    )


def test_an_old_directory_is_refused_and_its_limit_is_the_coalition_s(db):
    last = AS_OF + timedelta(days=210)
    assert refused(db, member(SENATOR), on=last + timedelta(days=1)) == (
        "The directory of Congress is from Mon Jun 15, 2026, older than its limit of 210 days. "
        "Run `coalition-bot directory sync`."
    )
    assert addressee(db, US, member(SENATOR), today=last).as_of == AS_OF
    strict = config(directory={"good_for": "5d"})
    assert "limit of 5 days" in refused(db, member(SENATOR), on=AS_OF + timedelta(days=6), who=strict)


def test_without_a_directory_members_are_refused_and_offices_are_not(tmp_path):
    empty = stores.create(tmp_path / "empty.db")
    assert refused(empty, member(SENATOR)) == (
        "There is no directory of Congress yet: the public record of its members, committees and their addresses. To "
        "read it, run on the server: coalition-bot directory sync"
    )
    assert addressee(empty, US, "office:trees", today=TODAY).salutation == "Dear Director:"
    assert [id_ for id_, _ in search_addressees(empty, US, "", today=TODAY)][:3] == [
        "office:trees",
        "office:lakes",
        "office:law",
    ]


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        ("chair:HSRU", "names no chair of the House Committee on Security Rules"),
        ("ranking:SSJU27", "names no ranking member of the Subcommittee on Human Rights, Senate Committee on the Jud"),
        ("chair:HSHM", "names more than one chair of the House Committee on Homeland Security"),
        ("chair:ZZZZ", 'has no committee "ZZZZ"'),
        ("office:moon", 'There is no addressee "office:moon"'),
        ("joint:", 'There is no addressee ""'),
        ("nonsense", 'There is no addressee "nonsense"'),
        ("joint:joint:chair:HSJU", "There is no addressee"),
    ],
)
def test_what_leads_to_nobody_is_refused(db, id_, text):
    assert text in refused(db, id_)


def test_one_who_cannot_be_written_to_stops_a_joint_letter(db):
    assert "Cy Fir" in refused(db, f"joint:{member(SENATOR)}+{member(APPOINTED)}", on=date(2026, 12, 1))


def test_a_joint_letter_is_to_a_dozen_at_most(db):
    many = "+".join(f"member:T{200 + n:06}" for n in range(13))
    assert (
        refused(db, f"joint:{many}") == "A joint letter can have at most 12 addressees. Write to each of them instead."
    )


def test_a_joint_letter_is_as_old_as_its_oldest_name(db):
    law = holding(US, "law", as_of="2026-05-01")
    assert addressee(db, law, f"joint:{member(SENATOR)}+office:law", today=TODAY).as_of == date(2026, 5, 1)


def test_a_holder_s_name_is_good_as_long_as_a_directory(db):
    law = holding(US, "law", as_of="2026-05-01")
    assert refused(db, "office:law", on=date(2026, 11, 28), who=law) == (
        "Jane Q. Doe, Jr. as Attorney General is known from Fri May 1, 2026, more than 210 days ago. "
        "Confirm it (offices.law.holder in coalition.yml), or remove the holder: then only the office is addressed."
    )


def test_forms_that_cannot_be_read_refuse_with_their_name(db, tmp_path):
    elsewhere = type(US)(US.feeds, US.coalition, (), tmp_path)
    assert refused(db, member(SENATOR), who=elsewhere) == "templates/letters/forms_of_address.yml cannot be read."
    assert US.folder == ROOT


# One letter to both of a committee's leaders is offered beside each of them.
JOINTLY = [f"joint:chair:{id_}+ranking:{id_}" for id_ in ("HSJU", "SSJU", "HSJU10")]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("velaz", [member(ACCENT), "chair:HSJU10"]),
        ("VELÁZQUEZ", [member(ACCENT), "chair:HSJU10"]),
        ("hank", [member(HANK), "ranking:HSJU", "chair:HSHM"]),
        ("senator oak", [member(SENATOR), "chair:SSJU"]),
        ("ny-7", [member(ACCENT), "chair:HSJU10"]),
        ("law", ["office:law"]),
        ("judiciary chair", ["chair:HSJU", "chair:SSJU", "chair:HSJU10", *JOINTLY]),
        ("house judiciary ranking", ["ranking:HSJU", "ranking:HSJU10", JOINTLY[0], JOINTLY[2]]),
        ("oak elm", []),
        ("%", []),
    ],
)
def test_people_are_found_by_the_beginnings_of_words(db, typed, ids):
    result = [id_ for id_, _ in search_addressees(db, US, typed, today=TODAY)]
    assert set(ids) == set(result)
    assert result[:1] == ids[:1]


def test_a_surname_comes_before_a_first_name_or_state(db):
    assert search_addressees(db, US, "elm", today=TODAY)[:2] == [
        (member(SENATOR_TOO), "Senator Bo Elm · NY"),
        (member(CHAIR), "Representative Jo Elm · OH-4"),
    ]


def test_labels_say_whose_term_has_ended_and_fit_a_choice(db):
    labels = [label for _, label in search_addressees(db, US, "fir", today=date(2026, 12, 1))]
    assert "Senator Cy Fir · OH · term ended Tue Nov 3, 2026" in labels
    assert all(len(label) <= 100 for _, label in search_addressees(db, US, "", today=TODAY, limit=1000))
    assert len(search_addressees(db, US, "", today=TODAY, limit=7)) == 7


def test_the_state_of_the_directory_in_sentences(db):
    lines, is_usable = directory_status(db, US.coalition, date(2026, 12, 1))
    assert is_usable
    assert lines == [
        "1 delegate, 431 representatives, 1 resident commissioner, 100 senators, 5 committees.",
        "As of Mon Jun 15, 2026, from here.",
        "Letters can use it until Mon Jan 11, 2027.",
        "1 of these terms have ended since. Letters to these members are refused.",
    ]
    lines, is_usable = directory_status(db, US.coalition, date(2027, 2, 1))
    assert not is_usable
    assert lines[2] == "Letters could use it until Mon Jan 11, 2027. Run `coalition-bot directory sync`."


def changed(**change):
    made = public()
    return type(made)(**{field: getattr(made, field) for field in made.__dataclass_fields__} | change)


def test_an_older_snapshot_is_taken_only_by_force(db):
    older = changed(as_of=date(2026, 6, 14))
    with db.write() as tx, pytest.raises(WrongSnapshot, match=r"--force stores the older one"):
        store_snapshot(tx, older, now=NOW)
    with db.write() as tx:
        assert store_snapshot(tx, older, now=NOW, force=True).after.as_of == date(2026, 6, 14)


def test_a_snapshot_of_a_day_to_come_is_refused_even_by_force(db):
    with db.write() as tx, pytest.raises(WrongSnapshot, match="in the future"):
        store_snapshot(tx, changed(as_of=date(2026, 6, 21)), now=NOW, force=True)


def test_a_new_snapshot_says_who_came_and_who_went(db):
    first, *others = public().members
    newcomer = type(first)(**{f: getattr(first, f) for f in first.__dataclass_fields__} | {"bioguide": "N000001"})
    seats = tuple(seat for seat in public().seats if seat.bioguide != first.bioguide)
    with db.write() as tx:
        done = store_snapshot(tx, changed(members=(newcomer, *others), seats=seats), now=NOW)
    assert [m.bioguide for m in done.joined] == ["N000001"]
    assert [m.bioguide for m in done.left] == [first.bioguide]
    assert refused(db, f"member:{first.bioguide}")


def test_a_second_search_compares_the_words_of_the_first(db):
    search_addressees(db, US, "elm", today=TODAY)
    read_before = fold.cache_info().misses

    search_addressees(db, US, "elm", today=TODAY)

    assert fold.cache_info().misses == read_before
