"""Every shipped letter, word for word, and each variant for its recipient.

A missing golden file is written, and the test fails so that a person reads it before it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.bills.model import UNREAD, BillFacts, Cosponsorship, Enacted, Stage
from bot.config.coalition import Ask
from bot.deadlines.model import Claim, due_on
from bot.letters.drafting import asks, facts
from bot.letters.drafting.second_person import addressed, request, subject
from bot.letters.facts import of_coalition
from bot.letters.sheet import body, note_lines, with_marks
from bot.letters.templates import template
from bot.letters.templates.template import TemplateProblem, write
from bot.shared.bill_events import Chamber
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_of_a_letter
from tests.golden.test_golden import as_golden
from tests.golden.test_golden_asks import JUDICIARY as JUDICIARY_OF_HOUSE
from tests.golden.test_golden_asks import NOBODY, S_JUDICIARY, at, bill_of
from tests.kit import configs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CONFIG = configs.shipped()
TODAY = date(2026, 11, 30)
JUDICIARY = "Senate Committee on the Judiciary"
ENTRY = {
    "title": "Notice of Finding That Certain Disposable Gloves Are Produced With Forced Labor",
    "agency": "U.S. Customs and Border Protection",
    "number": "2021-06393",
    "citation": "86 Fed. Reg. 16380",
    "docket": "",
    "rin": "",
    "published": "March 29, 2021",
    "comments_close": "",
    "comments_closed": False,
    "withdrawn": False,
    "correction": False,
    "url": "https://www.federalregister.gov/d/2021-06393",
    "quote": "",
    "outlet": "",
}
ZONE = ZoneInfo("America/New_York")
SINCE_MARCH = "March 3, 2026"
HAS_IT = {"committee": JUDICIARY}
LEADS = HAS_IT | {"chairs": JUDICIARY}
CALENDAR = {"reported": (S_JUDICIARY,), "calendar": "Senate Legislative Calendar"}


def about(stage: Stage, chamber: Chamber = "Senate", id_: str = "s1234-119", **more) -> BillFacts:
    """A bill at a stage; `more` goes to its place, except its companion and a law of its family."""
    companion, enacted = more.pop("companion", False), more.pop("enacted", None)
    found = bill_of(id_, at(stage, chamber, **more), companion=companion)
    return replace(
        found,
        title="Example Relief Act",
        sponsor="Senator John Roe",
        sponsor_id="R000001",
        cosponsors={f"C{n}": Cosponsorship(f"Sen. {n}", date(2026, 3, 3)) for n in range(19)},
        checked_at=datetime(2026, 11, 20, 17, tzinfo=UTC),
        enacted=enacted,
    )


WAITING = about(Stage.IN_COMMITTEE, committees=(S_JUDICIARY,))
UNREAD_BILL = replace(WAITING, place=UNREAD, checked_at=None, cosponsors=None)
ENACTED = about(Stage.LAW, "", passed=("Senate", "House"))
LAW_OF_TWIN = Enacted(BillNumber.of("hr4323-119"), "Public Law 119-73", same_text=True)
TWIN = about(Stage.IN_COMMITTEE, committees=(S_JUDICIARY,), enacted=LAW_OF_TWIN)
KIN = replace(TWIN, enacted=replace(LAW_OF_TWIN, same_text=False))
DUTY = Claim(
    id="duty:d",
    text="The report was due June 19, 2019; as of November 24, 2026 we have found no public record of it.",
    source="https://law.example",
    checked_on=date(2026, 11, 24),
    citation="1 U.S.C. 1",
)
LATE = replace(DUTY, text="The report was due June 19, 2019 and is overdue, 2,716 days as of this letter.")
QUOTES = (
    "A service provider and a law enforcement agency must submit linked applications.",
    "At least 25 percent of the award must support law enforcement personnel.",
    "Funds may not be used for representation in post-conviction proceedings.",
)
REQUIRES = template.meta(ROOT, "nofo-concern").fields["requires"].choices
JOINTLY = "justice-and-homeland-security"
MONEY = {
    "year": "fiscal year 2028",
    "account": "Department of Examples, Office of Examples, grants",
    "enacted": "$4,000,000 (the act for fiscal year 2027)",
    "amount": "$5,000,000",
}
STORY = ENTRY | {
    "title": "Providers Wait a Year for Their Grants",
    "agency": "",
    "outlet": "The Example Times",
    "number": "",
    "url": "https://times.example/providers-wait",
}
NOTICE = ENTRY | {
    "title": "Enhanced Services Program, FY 2027",
    "agency": "the Office for Victims of Crime",
    "quote": QUOTES[0],
    "url": "https://www.grants.gov/search-results-detail/1",
}
RULE = NOTICE | {
    "title": "Wages of Workers; Proposed Rule",
    "agency": "the Department of Labor",
    "citation": "91 Fed. Reg. 1234",
    "docket": "WHD-2026-0001",
    "quote": "",
    "comments_close": "January 29, 2027",
}
# What each letter's variant differs in from the examples: the addressee's record, the bill, the duty, the publication.
VARIANTS = {
    **{name: {"": {}} for name in ("correction-to-an-outlet", "press-statement")},
    "clear-records-congress": {"": {"to": "SSJU"}, "appropriators": {"to": "HSAP19", "fields": MONEY}, "others": {}},
    "grant-terms-congress": {"": {"to": "SSAP16"}, "others": {}},
    "outreach-money-congress": {"": {"to": "HSHM"}, "appropriators": {"to": "SSAP14", "fields": MONEY}, "others": {}},
    "agency-request": {
        "": {},
        "on-a-story": {"entry": STORY},
        "on-a-withheld-story": {"entry": STORY | {"title": "", "url": ""}},
        "on-a-proposed-rule": {
            "to": "labor",
            "entry": RULE,
            "fields": {"request": ""},
            "ask": "The Department of Labor should finish its rule on wages.",
        },
        "of-grants": {"to": "ojp", "fields": {"request": ""}},
        "above": {"to": "labor", "fields": {"request": ""}, "ask": "OSHA should inspect farms."},
        "jointly": {
            "to": "labor-and-health",
            "fields": {"request": ""},
            "ask": "The Secretary of Labor and the Secretary of Health and Human Services should publish one rule.",
        },
        "of-others": {"to": "ojp", "fields": {"request": ""}, "ask": "Employers should be required to keep records."},
    },
    "congress-request": {
        "": {"fields": {"request": ""}},
        "chair": {"record": {"chairs": JUDICIARY}, "fields": {"request": ""}, "ask": "OSHA should inspect farms."},
        "ranking": {"record": {"ranking": JUDICIARY}, "fields": {"request": ""}, "ask": "OSHA should inspect farms."},
        "appropriators": {"to": "HSAP19", "fields": {"request": ""}, "ask": "Congress should fund the inspections."},
    },
    "joint-applications": {
        "": {"to": "ovc"},
        "on-a-notice": {"to": "ovc", "entry": NOTICE},
        "jointly": {"to": "task-force-funders"},
        "programs": {"to": "ojp"},
    },
    "police-letters": {"": {"to": "ovc"}, "programs": {"to": "ojp"}},
    "continued-presence": {
        "": {"to": "homeland-security"},
        "justice": {"to": "attorney-general"},
        "investigators": {"to": "hsi"},
        "jointly": {"to": JOINTLY},
    },
    "business-accountability": {
        "": {"to": "homeland-security"},
        "justice": {"to": "attorney-general"},
        "customs": {"to": "cbp"},
        "on-a-finding": {"to": "cbp", "entry": ENTRY},
        "jointly": {"to": JOINTLY},
        "labor": {"to": "ilab"},
        "state": {"to": "state"},
        "trade": {"to": "ustr"},
    },
    "written-guidance": {"": {"to": "ojp"}, "jointly": {"to": "task-force-funders"}},
    "sting-reports": {"": {"to": "bja"}, "jointly": {"to": "task-force-funders"}},
    "outreach-money": {
        "": {"to": "homeland-security"},
        "jointly": {"to": "labor-and-health"},
        "labor": {"to": "labor"},
        "budget": {"to": "omb"},
    },
    "clear-records": {
        "": {"to": "attorney-general"},
        "homeland-security": {"to": "homeland-security"},
        "grants": {"to": "ojp"},
        "attorneys": {"to": "eousa"},
        "jointly": {"to": JOINTLY},
    },
    "listen-to-survivors": {
        "": {"to": "attorney-general"},
        "homeland-security": {"to": "homeland-security"},
        "jointly": {"to": JOINTLY},
    },
    "re-examine-policing": {"": {"to": JOINTLY}},
    "all-our-asks": {"": {"to": JOINTLY}},
    "support-a-bill": {
        "plain": {"bill": WAITING},
        "sponsor": {"bill": WAITING, "record": {"sponsor": True}},
        "cosponsor": {"bill": WAITING, "record": {"cosponsor_since": SINCE_MARCH}},
        "cosponsor-on-committee": {"bill": WAITING, "record": HAS_IT | {"cosponsor_since": SINCE_MARCH}},
        "withdrawn": {"bill": WAITING, "record": {"withdrew_on": "April 9, 2026"}},
        "chair": {"bill": WAITING, "record": LEADS},
        "ranking": {"bill": WAITING, "record": HAS_IT | {"ranking": JUDICIARY}},
        "floor": {"bill": about(Stage.ON_CALENDAR, **CALENDAR)},
        "floor-chair": {
            "bill": about(Stage.ON_CALENDAR, **CALENDAR),
            "record": {"reported": JUDICIARY, "chairs": JUDICIARY},
        },
        "other-chamber": {"bill": WAITING, "record": {"chamber": "House"}},
        "other-chamber-companion": {
            "bill": about(Stage.IN_COMMITTEE, committees=(S_JUDICIARY,), companion=True),
            "record": {"chamber": "House"},
        },
        "desk": {"bill": about(Stage.SENATE_DESK, id_="hr1144-119", passed=("House",))},
        "amended": {"bill": about(Stage.AMENDED, passed=("Senate", "House"))},
        "delegate": {
            "bill": about(Stage.IN_COMMITTEE, "House", "hr1144-119", committees=(JUDICIARY_OF_HOUSE,)),
            "record": {"chamber": "House", "votes": False, "state": "Guam"},
        },
        "veto": {"bill": about(Stage.VETOED, passed=("Senate", "House"))},
    },
    "thank-a-cosponsor": {
        "cosponsor": {"bill": WAITING, "record": {"cosponsor_since": SINCE_MARCH}},
        "sponsor": {"bill": WAITING, "record": {"sponsor": True}},
        "cosponsor-after-a-defeat": {
            "bill": about(Stage.FAILED, vote=(47, 52)),
            "record": {"cosponsor_since": SINCE_MARCH},
        },
        "cosponsor-with-the-president": {
            "bill": about(Stage.PRESIDENT, "", passed=("Senate", "House")),
            "record": {"cosponsor_since": SINCE_MARCH},
        },
        "cosponsor-of-an-agreed-resolution": {
            "bill": about(Stage.AGREED_SIMPLE, "Senate", "sres5-119", passed=("Senate",)),
            "record": {"cosponsor_since": SINCE_MARCH},
        },
        "cosponsor-of-a-law": {"bill": ENACTED, "record": {"cosponsor_since": SINCE_MARCH}},
        "sponsor-of-a-twin-of-a-law": {"bill": TWIN, "record": {"sponsor": True}},
        "cosponsor-of-kin-of-a-law": {"bill": KIN, "record": {"cosponsor_since": SINCE_MARCH}},
    },
    "ask-for-a-hearing": {
        "chair": {"record": {"chairs": JUDICIARY}, "fields": {"committee": ""}},
        "ranking": {"record": {"ranking": JUDICIARY}, "fields": {"committee": ""}},
        "member": {"fields": {"committee": JUDICIARY}},
        "with-a-bill": {"bill": WAITING, "record": LEADS},
        "with-a-law": {"bill": ENACTED, "record": {"chairs": JUDICIARY}},
        "together": {"record": {"chairs": JUDICIARY, "ranking": JUDICIARY}, "fields": {"committee": ""}},
    },
    "statement-for-the-record": {
        "": {"record": {"chairs": JUDICIARY}},
        "with-a-bill": {"bill": WAITING, "record": LEADS},
    },
    "implement-the-law": {
        "": {"bill": ENACTED, "office": True},
        "in-congress": {"bill": ENACTED},
        "oversight-chair": {"bill": ENACTED, "record": {"chairs": JUDICIARY}},
    },
    "overdue-duty": {
        "no-record-found": {},
        "not-met": {"duty": {"state": "not met"}, "claim": LATE},
        "question-for-the-record": {"record": {"chamber": "Senate"}},
        "promised": {"duty": {"kind": "hearing", "statute": "hearing of June 3, 2019"}},
    },
    "foia-request": {"": {}},
    "public-comment": {
        "": {},
        "support": {"fields": {"position": "support"}},
        "oppose": {"fields": {"position": "oppose"}},
        "answers": {"fields": {"position": "answer its questions", "official": "Jane Roe, Chief, Regulations Branch"}},
    },
    "nofo-concern": {
        "letter-of-support": {},
        "joint-application": {"fields": {"requires": REQUIRES[0], "quote": QUOTES[0]}},
        "money-for-policing": {"fields": {"requires": REQUIRES[3], "quote": QUOTES[1]}},
        "post-conviction": {"to": "ojp", "fields": {"requires": REQUIRES[4], "quote": QUOTES[2]}},
    },
}
LETTERS = [(name, variant) for name, variants in VARIANTS.items() for variant in variants]


def on_bill(bill: BillFacts, given: Mapping[str, Any], *, office: bool) -> dict[str, Any]:
    """The facts of a letter about the bill to a senator with the record given, or to an office."""
    addressee = given["addressee"]
    record = dict.fromkeys(addressee["record"], "")
    if not office:
        shown = {key: value for key, value in addressee["record"].items() if key in NOBODY}
        record |= NOBODY | {"chamber": "Senate"} | shown
        record |= asks.facts_of(ROOT, bill, record, TODAY)
    duties = ["The report, due March 3, 2027 from the Secretary (1 U.S.C. 1)"] if bill.law else []
    return {
        "bill": facts.of_bill(bill, TODAY, ZONE) | {"duties": duties},
        "addressee": addressee | {"record": record},
    }


def duty_claim(id_: str) -> Claim:
    duty = CONFIG.coalition.duties[id_]
    due = day_of_a_letter(due_on(duty.since, duty.period))
    text = DUTY.text.replace("The report", duty.owed).replace("June 19, 2019", due)
    return replace(DUTY, id=f"duty:{id_}", text=text)


def written(name: str, variant: str) -> str:
    differs, meta = VARIANTS[name][variant], template.meta(ROOT, name)
    given_facts = facts.example(meta) | {"coalition": of_coalition(CONFIG.coalition)}
    left_out = {each: "" for each, field in meta.fields.items() if not field.required}
    given_facts["fields"] |= left_out | differs.get("fields", {})
    given_facts["addressee"]["record"] |= {"cosponsor_since": ""} | differs.get("record", {})
    ask = Ask(title=differs["ask"].rstrip("."), text=differs["ask"]) if "ask" in differs else facts.EXAMPLE_ASK
    if "ask" in differs:
        given_facts["ask"] = facts.of_ask(1, ask)
        given_facts["addressee"] |= {
            "asked": request(ask.text, addressed(CONFIG.coalition, ())),
            "subject": subject(ask, addressed(CONFIG.coalition, ())),
        }
    if "to" in differs:
        given_facts["addressee"] |= facts.example_addressee(CONFIG.coalition, differs["to"], ask)
    if "bill" in differs:
        given_facts |= on_bill(differs["bill"], given_facts, office="office" in differs)
    given_facts["entry"] = differs.get("entry", given_facts["entry"])
    if "duty" in differs:
        given_facts["duty"] |= differs["duty"]
    claims = facts.claims(CONFIG.coalition, meta, TODAY) | {"duty": differs.get("claim", DUTY)}
    claims |= {f"duty:{id_}": duty_claim(id_) for id_ in meta.duties}
    made = write(ROOT, name, given_facts, claims)
    text = f"Re: {made.subject}\n\n{body(with_marks(made))}\n"
    return "\n".join((text, *(f"{line}\n" for line in note_lines(made))))


@pytest.mark.parametrize(("name", "variant"), LETTERS)
def test_a_letter_says_it_so(name, variant):
    as_golden(written(name, variant), HERE / "letters" / f"{name}{'-' if variant else ''}{variant}.txt")


def test_a_comment_on_a_document_without_a_docket_cites_its_number(monkeypatch):
    monkeypatch.setitem(VARIANTS, "public-comment", {"": {"entry": ENTRY}})

    assert "(86 Fed. Reg. 16380; document 2021-06393)." in written("public-comment", "")


@pytest.mark.parametrize("variant", VARIANTS["public-comment"])
def test_a_comment_does_not_claim_that_members_submit_it(variant):
    sentence = written("public-comment", variant)

    assert [member.name for member in CONFIG.coalition.members.values() if member.name in sentence] == []
    assert "submit these comments" not in sentence
    assert "only where that member has signed it" in sentence


@pytest.mark.parametrize("variant", VARIANTS["overdue-duty"])
def test_a_status_request_says_the_due_date_once(variant):
    assert written("overdue-duty", variant).count("June 19, 2019") == 1


def test_every_letter_that_ships_is_read_here():
    assert set(VARIANTS) == set(template.names(ROOT))


@pytest.mark.parametrize(
    ("name", "differs", "why"),
    [
        ("support-a-bill", {"bill": ENACTED}, "is Public Law 119-73.*implement-the-law"),
        (
            "support-a-bill",
            {"bill": UNREAD_BILL},
            "record does not show where S. 1234 is. /bill track s1234-119 reads it",
        ),
        (
            "ask-for-a-hearing",
            {"bill": UNREAD_BILL, "record": {"chairs": JUDICIARY}},
            "Its record does not show it before a committee of the addressee",
        ),
        ("support-a-bill", {"bill": about(Stage.DEAD)}, "S. 1234 died with the 119th Congress"),
        ("support-a-bill", {"bill": TWIN}, "H.R. 4323, which has the same text as S. 1234, is Public Law 119-73"),
        ("support-a-bill", {"bill": TWIN}, "Use template:implement-the-law bill:hr4323-119"),
        ("support-a-bill", {"bill": about(Stage.PRESIDENT, "")}, "presented to the President.*no vote that is left"),
        ("implement-the-law", {"bill": TWIN}, "is Public Law 119-73. Use bill:hr4323-119"),
        ("implement-the-law", {"bill": WAITING}, "is not law as of November 20, 2026"),
        ("thank-a-cosponsor", {"bill": ENACTED}, "as a cosponsor. Use template:implement-the-law bill:s1234-119"),
        ("ask-for-a-hearing", {"bill": TWIN, "record": {"chairs": JUDICIARY}}, "Use bill:hr4323-119"),
        (
            "ask-for-a-hearing",
            {"bill": about(Stage.ON_CALENDAR, **CALENDAR), "record": {"chairs": JUDICIARY}},
            "has been on the Senate’s Legislative Calendar since .* Its record does not show it before a committee",
        ),
        ("thank-a-cosponsor", {"bill": WAITING}, "does not show Senator Jane Doe as a cosponsor"),
        ("thank-a-cosponsor", {"bill": WAITING, "record": {"withdrew_on": "April 9, 2026"}}, "does not show"),
        ("thank-a-cosponsor", {"bill": replace(WAITING, checked_at=None)}, "the record of S. 1234 has not been read"),
        ("overdue-duty", {"duty": {"past": False}}, "not overdue yet"),
        ("overdue-duty", {"duty": {"state": "met"}}, "recorded as met"),
        ("nofo-concern", {"to": "acf", "fields": {"requires": REQUIRES[4]}}, "the addressee acf is neither"),
        ("outreach-money-congress", {"to": "homeland-security"}, "use outreach-money"),
        ("clear-records-congress", {"to": "attorney-general"}, "use clear-records"),
        ("grant-terms-congress", {"to": "ovc"}, "use joint-applications"),
        ("public-comment", {"entry": ENTRY | {"withdrawn": True}}, "the document was withdrawn"),
        ("public-comment", {"entry": ENTRY | {"comments_closed": True}}, "comments closed on"),
        ("clear-records-congress", {"to": "SSAP16"}, "fill in year, account and amount"),
        ("outreach-money-congress", {"to": "HSAP15"}, "fill in year, account and amount"),
        ("ask-for-a-hearing", {}, "which committee should hold the hearing"),
    ],
)
def test_a_letter_that_would_not_be_true_is_not_written(monkeypatch, name, differs, why):
    monkeypatch.setitem(VARIANTS, name, {"": differs})

    with pytest.raises(TemplateProblem, match=f'the letter "{name}" does not fit: .*{why}'):
        written(name, "")


def test_for_a_bill_whose_record_was_not_read_no_record_is_claimed(monkeypatch):
    monkeypatch.setitem(VARIANTS, "thank-a-cosponsor", {"": {"record": {"sponsor": True}, "bill": UNREAD_BILL}})

    made = written("thank-a-cosponsor", "")
    assert "Example Relief Act" in made
    assert "As of ," not in made
    assert "its record" not in made
