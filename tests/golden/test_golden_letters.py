"""Every shipped letter, word for word, and each variant for its recipient.

A missing golden file is written, and the test fails so that a person reads it before it is committed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.deadlines.model import Claim, due_on
from bot.letters.documents.sheet import body, note_lines, with_marks
from bot.letters.drafting import facts
from bot.letters.templates import template
from bot.letters.templates.rendering import write
from bot.letters.templates.template import TemplateProblem
from bot.shared.calendar import day_of_a_letter
from tests.golden.test_golden import as_golden
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
    "url": "https://www.federalregister.gov/d/2021-06393",
    "quote": "",
    "outlet": "",
}
LAW = {"law": "Public Law 119-73", "status": "S. 1234 became Public Law 119-73 on January 23, 2026.", "stage": "law"}
OUT = {"stage": "on-calendar", "since": "July 22, 2025", "before": "Senate",
       "status": "S. 1234 has been on the Senate’s Legislative Calendar since July 22, 2025."}  # fmt: skip
FLOOR = {"turn": "floor", "may_cosponsor": False}
OTHER = {"turn": "other", "may_cosponsor": False}
HOUSE_BILL = {"number": "H.R. 1144", "chamber": "House", "before": "House"}
TWIN = {
    "enacted_law": "Public Law 119-73",
    "enacted_number": "H.R. 4323",
    "enacted_id": "hr4323-119",
    "same_text": True,
}
DUTY = Claim(
    id="duty:d",
    text="The report was due June 19, 2019; as of November 24, 2026 we have found no public record that this was done.",
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
        "plain": {},
        "sponsor": {"record": {"sponsor": True}},
        "cosponsor": {"record": {"cosponsor_since": "March 3, 2026"}},
        "cosponsor-on-committee": {"record": {"cosponsor_since": "March 3, 2026", "committee": JUDICIARY}},
        "withdrawn": {"record": {"cosponsor_since": "March 3, 2026", "withdrew_on": "April 9, 2026"}},
        "chair": {"record": {"chairs": JUDICIARY, "committee": JUDICIARY}},
        "ranking": {"record": {"ranking": JUDICIARY, "committee": JUDICIARY}},
        "on-committee": {"record": {"committee": JUDICIARY}},
        "freshman": {"record": {"freshman": True}},
        "floor": {"record": FLOOR, "bill": OUT},
        "floor-chair": {"record": FLOOR | {"chairs": JUDICIARY, "committee": JUDICIARY}, "bill": OUT},
        "other-chamber": {"record": OTHER, "bill": HOUSE_BILL},
        "other-chamber-companion": {"record": OTHER, "bill": HOUSE_BILL | {"companion": "S. 99"}},
        "passed": {"record": OTHER | {"turn": "passed"}, "bill": HOUSE_BILL | {"passed": ["Senate"]}},
        "conference": {
            "record": OTHER | {"turn": "conference"},
            "bill": {
                "stage": "in-conference",
                "before": "",
                "status": "S. 1234 has been in conference since July 22, 2025.",
            },
        },
        "veto": {
            "record": OTHER | {"turn": "veto"},
            "bill": {"stage": "vetoed", "status": "The President vetoed S. 1234 on July 22, 2025."},
        },
    },
    "thank-a-cosponsor": {
        "cosponsor": {"record": {"cosponsor_since": "March 3, 2026"}},
        "cosponsor-on-committee": {"record": {"cosponsor_since": "March 3, 2026", "committee": JUDICIARY}},
        "cosponsor-of-a-law": {"record": {"cosponsor_since": "March 3, 2026"}, "bill": LAW},
        "sponsor": {"record": {"sponsor": True}},
        "sponsor-of-a-law": {"record": {"sponsor": True}, "bill": LAW},
        "sponsor-of-a-twin-of-a-law": {"record": {"sponsor": True}, "bill": TWIN},
        "cosponsor-of-kin-of-a-law": {
            "record": {"cosponsor_since": "March 3, 2026"},
            "bill": TWIN | {"same_text": False},
        },
    },
    "ask-for-a-hearing": {
        "chair": {"record": {"chairs": JUDICIARY}, "fields": {"committee": ""}},
        "ranking": {"record": {"ranking": JUDICIARY}, "fields": {"committee": ""}},
        "member": {"fields": {"committee": JUDICIARY}},
        "with-a-bill": {"record": {"chairs": JUDICIARY}, "bill": {}},
        "with-a-law": {"record": {"chairs": JUDICIARY}, "bill": LAW},
        "together": {"record": {"chairs": JUDICIARY, "ranking": JUDICIARY}, "fields": {"committee": ""}},
    },
    "statement-for-the-record": {
        "": {"record": {"chairs": JUDICIARY}},
        "with-a-bill": {"record": {"chairs": JUDICIARY}, "bill": {}},
    },
    "implement-the-law": {
        "": {"record": {"chamber": ""}, "bill": LAW},
        "in-congress": {"bill": LAW},
        "no-duty": {"record": {"chamber": ""}, "bill": LAW | {"duties": []}},
    },
    "overdue-duty": {
        "no-record-found": {},
        "not-met": {"duty": {"state": "not met"}, "claim": LATE},
    },
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


BILL = facts.example(template.meta(ROOT, "support-a-bill"))["bill"]


def duty_claim(id_: str) -> Claim:
    duty = CONFIG.coalition.duties[id_]
    due = day_of_a_letter(due_on(duty.since, duty.period))
    text = DUTY.text.replace("The report", duty.owed).replace("June 19, 2019", due)
    return replace(DUTY, id=f"duty:{id_}", text=text)


def written(name: str, variant: str) -> str:
    differs, meta = VARIANTS[name][variant], template.meta(ROOT, name)
    given_facts = facts.example(meta) | {"coalition": facts.of_coalition(CONFIG.coalition)}
    left_out = {each: "" for each, field in meta.fields.items() if not field.required}
    given_facts["fields"] |= left_out | differs.get("fields", {})
    given_facts["addressee"]["record"] |= {"cosponsor_since": ""} | differs.get("record", {})
    if "to" in differs:
        given_facts["addressee"] |= facts.example_addressee(CONFIG.coalition, differs["to"])
    if "bill" in differs:
        given_facts["bill"] = BILL | differs["bill"]
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
        ("support-a-bill", {"bill": LAW}, "is Public Law 119-73.*implement-the-law"),
        ("support-a-bill", {"bill": {"over": True}}, "the 119th Congress has ended"),
        ("support-a-bill", {"bill": TWIN}, "H.R. 4323, which has the same text as S. 1234, is Public Law 119-73"),
        ("support-a-bill", {"bill": TWIN}, "Use template:implement-the-law bill:hr4323-119"),
        ("support-a-bill", {"bill": {"stage": "with-president"}}, "S. 1234 needs no vote any more"),
        ("implement-the-law", {"bill": TWIN}, "is Public Law 119-73. Use bill:hr4323-119"),
        ("implement-the-law", {"bill": {"over": True}}, "did not become law. /bill show names its successor"),
        ("thank-a-cosponsor", {"bill": LAW}, "as a cosponsor. Use template:implement-the-law bill:s1234-119"),
        ("ask-for-a-hearing", {"bill": TWIN, "record": {"chairs": JUDICIARY}}, "Use bill:hr4323-119"),
        (
            "ask-for-a-hearing",
            {"bill": HOUSE_BILL, "record": OTHER | {"chairs": JUDICIARY}},
            "H.R. 1144 is before the House, and this letter goes to the Senate",
        ),
        ("ask-for-a-hearing", {"bill": OUT, "record": FLOOR | {"chairs": JUDICIARY}}, "is past its committee"),
        ("thank-a-cosponsor", {}, "does not show Senator Jane Doe as a cosponsor"),
        ("thank-a-cosponsor", {"record": VARIANTS["support-a-bill"]["withdrawn"]["record"]}, "does not show"),
        ("thank-a-cosponsor", {"bill": {"as_of": ""}}, "the record of S. 1234 has not been read yet"),
        ("implement-the-law", {"bill": {"law": ""}}, "is not law as of January 20, 2026"),
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


NOT_READ = {
    "as_of": "",
    "stage": "",
    "since": "",
    "before": "",
    "duties": [],
    "cosponsors": 0,
    "committees": [],
    "sponsor": "",
    "became": "In House Judiciary",
}


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("support-a-bill", {}),
        ("thank-a-cosponsor", {"sponsor": True}),
        ("ask-for-a-hearing", {"chairs": JUDICIARY}),
    ],
)
def test_for_a_bill_whose_record_was_not_read_no_record_is_claimed(monkeypatch, name, record):
    monkeypatch.setitem(VARIANTS, name, {"": {"record": record, "bill": NOT_READ}})

    made = written(name, "")
    assert "Example Relief Act" in made
    assert "As of ," not in made
    assert "its record" not in made
