"""Recipients of letters: offices for agencies' alerts, several offices jointly, an outlet and its editor, the press."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.config.coalition import placeholder
from bot.letters import lookup
from bot.letters.drafting import derive
from bot.letters.sheet import plain
from bot.letters.statements.sourcing import Basis
from bot.shared.agencies import agency_in_a_sentence
from bot.shared.entry import Agency, Change, Quote
from tests.kit.alerts import document, news
from tests.kit.effort import processor_limit
from tests.kit.letters_desk import GRANTS, Desk, config
from tests.kit.own_coalition import PRINTED

JOINT = "joint:office:attorney-general+office:homeland-security"
CORRECTION = {
    "field-1": "City hails record year", "field-2": "2026-11-12", "field-3": "https://news.example/a",
    "field-4": "The bill is still pending.", "field-5": "It is law.", "field-6": "GovInfo",
}  # fmt: skip
RELEASE = {"field-1": "Coalition welcomes guidance", "field-2": "Washington", "field-3": "The Office wrote it down.",
           "field-4": "We are glad,", "field-5": "Jane Doe, director of Alpha House"}  # fmt: skip


def text(desk: Desk, name: str = "L-1") -> str:
    return plain(lookup.letters_for(desk.db, desk.config, desk.letter(name), desk.now)[0])


def offered(desk: Desk, param: str, typed: str = "") -> list[str]:
    """The suggestions while a person types."""
    call = desk.call(desk.pol, "letter draft")
    return [choice.value for choice in asyncio.run(desk.dispatcher.complete(call, param, typed))]


def of(*slugs: str):
    """A document of these agencies, the first the one that wrote it."""
    agencies = tuple(Agency(slug, slug, slugs[1] if slug == slugs[0] and len(slugs) > 1 else None) for slug in slugs)
    return replace(document("2026-00009", "Request for comments: forced labor"), agencies=agencies)


# --- an agency's alerts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slugs", "office"),
    [
        (("state-department",), "state"),
        (("labor-department",), "labor"),
        (("wage-and-hour-division", "labor-department"), "whd"),
        (("health-and-human-services-department",), "hhs"),
        (("treasury-department",), "treasury"),
        (("trade-representative-office-of-united-states",), "ustr"),
        (("u-s-customs-and-border-protection", "homeland-security-department"), "cbp"),
        (("u-s-immigration-and-customs-enforcement", "homeland-security-department"), "ice"),
        (("u-s-citizenship-and-immigration-services", "homeland-security-department"), "uscis"),
        (("coast-guard", "homeland-security-department"), "coast-guard"),
        (("justice-programs-office", "justice-department"), "ojp"),
        (("victims-of-crime-office", "justice-department"), "ovc"),
        (("prisons-bureau", "justice-department"), "bop"),
    ],
)
def test_an_alert_of_any_of_these_agencies_finds_its_addressee(desk, slugs, office):
    assert derive.addressee(desk, of(*slugs)) == f"office:{office}"


@pytest.mark.parametrize(
    ("register", "sentence"),
    [
        ("Justice Department", "the Department of Justice"),
        ("Homeland Security Department", "the Department of Homeland Security"),
        ("Treasury Department", "the Department of the Treasury"),
        ("Justice Programs Office", "the Office of Justice Programs"),
        ("Labor Statistics Bureau", "the Bureau of Labor Statistics"),
        ("Trade Representative, Office of United States", "the Office of United States Trade Representative"),
        ("U.S. Customs and Border Protection", "U.S. Customs and Border Protection"),
        ("Office for Victims of Crime", "the Office for Victims of Crime"),
        ("Federal Bureau of Investigation", "the Federal Bureau of Investigation"),
        ("Children and Families Administration", "the Children and Families Administration"),
        ("Executive Office for Immigration Review", "the Executive Office for Immigration Review"),
        ("Wage and Hour Division", "the Wage and Hour Division"),
        ("U.S. Citizenship and Immigration Services", "U.S. Citizenship and Immigration Services"),
    ],
)
def test_an_agency_is_named_in_the_order_of_a_sentence(register, sentence):
    assert agency_in_a_sentence(register) == sentence


def test_a_letter_from_an_alert_quotes_the_sentence_that_the_alert_quoted(desk):
    sentence = "A service provider and a law enforcement agency must submit linked applications."
    notice = replace(document("2026-00001", "Enhanced Services Program: forced labor"), quotes=(Quote(sentence),))
    stored = desk.bring(notice)[0]
    letter = desk.drafted(entry=stored.id)

    assert f"It says: “{sentence}”" in text(desk)
    about_it = lookup.citations_of(desk.db, desk.config.coalition, letter, date(2026, 11, 24))
    assert not [one.name for one in about_it if one.basis == Basis.NONE]


# --- several offices --------------------------------------------------------------------------------------------------


def test_a_joint_letter_is_offered_and_written_once_to_both(desk):
    form = desk.form(desk.pol, "letter draft", template="re-examine-policing")
    filled = {field.param.name: field.initial for field in form.fields}

    assert filled["to"] == JOINT
    assert next(field for field in form.fields if field.param.name == "to").param.required
    desk.card(desk.pol, "letter draft", template="re-examine-policing", to="justice-and-homeland-security")
    letter = desk.letter()
    assert letter.version.addressees == (JOINT,)
    assert "Attorney General of the United States" in text(desk)
    assert "Secretary of Homeland Security" in text(desk)
    assert "Dear Attorney General and Secretary:" in text(desk)


def test_the_groups_of_the_file_are_found_by_what_is_typed(desk):
    assert JOINT in offered(desk, "to", "jointly")


@pytest.mark.parametrize("typed", ["justice-and-homeland-security", "ovc, bja jointly", "ovc, bja, jointly"])
def test_one_letter_to_several_can_be_typed(desk, typed):
    desk.card(desk.pol, "letter draft", template="joint-applications", to=typed)

    (id_,) = desk.letter().version.addressees
    assert id_.startswith("joint:office:")


# --- an outlet, the press ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "block", "salutation"),
    [
        ("The Example Times", "Editor\nThe Example Times", "Dear Editor:"),
        ("Jane Roe, The Example Times", "Jane Roe\nThe Example Times", "Dear Jane Roe:"),
        ("outlet:Jane Roe, Standards Editor, The Times", "Jane Roe\nStandards Editor\nThe Times", "Dear Jane Roe:"),
    ],
)
def test_a_correction_goes_to_an_outlet_and_an_editor(desk, to, block, salutation):
    desk.card(desk.pol, "letter fill", template="correction-to-an-outlet", to=to, **CORRECTION)

    assert f"{block}\n\nRe: Request for a correction" in text(desk)
    assert salutation in text(desk)


@pytest.mark.parametrize("to", ["office:bja", "member:G000555", JOINT])
def test_a_correction_to_an_office_or_a_member_is_refused(desk, to):
    refused = desk.refused(desk.pol, "letter fill", template="correction-to-an-outlet", to=to, **CORRECTION)

    assert "goes to an outlet" in refused.what
    assert refused.param == "to"


def test_no_other_letter_goes_to_an_outlet(desk):
    assert (
        "Only a correction"
        in desk.refused(desk.pol, "letter draft", template="joint-applications", to="outlet:The Times").what
    )


def test_a_press_release_looks_like_one(desk):
    desk.card(desk.pol, "letter fill", template="press-statement", **RELEASE)
    shown = text(desk)

    assert "FOR IMMEDIATE RELEASE\nMedia contact: Tom Diaz\n202-456-0101\npress@alliance.test" in shown
    assert "\n\nCoalition welcomes guidance\n\nWASHINGTON — The Office" in shown
    assert shown.count("2026") == 1, "the date appears once"
    assert "\n\n###\n\n" in shown
    for nothing in ("Dear ", "Sincerely", "Maria Lopez", "Re: "):
        assert nothing not in shown


# --- what letters print of the coalition ------------------------------------------------------------------------------


def test_a_letter_says_who_writes_who_signs_and_how_to_reach_them(desk):
    letter = desk.drafted()
    (sheet,) = lookup.letters_for(desk.db, desk.config, letter, desk.now)

    assert sheet.sender == (
        "Alliance to End Slavery and Trafficking", "1 Main Street, NW", "Washington, DC 20001", "202-456-0100",
        "alliance.test",
    )  # fmt: skip
    assert sheet.signer == ("Maria Lopez", "Director", "Alliance to End Slavery and Trafficking")
    shown = text(desk)
    assert (
        "On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 organizations, we "
        in shown
    )
    assert "Sincerely,\n\nMaria Lopez\nDirector\nAlliance to End Slavery and Trafficking" in shown
    assert desk.config.coalition.about in shown


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("contact", "campaign@example.org"),
        ("contact", "campaign@EXAMPLE.com"),
        ("site", "https://www.example.org"),
        ("phone", "(202) 555-0100"),
        ("address", ("[Street address]", "Washington, DC 20001")),
        ("about", "We are at alliance.example."),
    ],
)
def test_a_placeholder_never_locks(tmp_path, key, value):
    base = config()
    coalition = base.coalition.model_copy(update={key: value})
    desk = Desk(tmp_path, replace(base, coalition=coalition))
    desk.approved()

    refused = desk.refused(desk.pol, "letter lock", letter="L-1")
    assert f"placeholders ({key}: " in refused.what


@pytest.mark.parametrize(
    ("part", "sentence", "result"),
    [
        ("text", "You can reach us at campaign@example.org or 202-456-0100.", "campaign@example.org"),
        ("text", "You can reach us at campaign@alliance.test or 202-555-0100.", "202-555-0100"),
        ("text", "- ask our Director at alliance.example;", "alliance.example"),
        ("subject", "A request of alliance.example", "alliance.example"),
    ],
)
def test_a_placeholder_that_the_text_kept_is_neither_signed_nor_locked(desk, part, sentence, result):
    desk.drafted()
    given = f"We wrote to you in May.\n\n{sentence}" if part == "text" else sentence
    desk.card(desk.pol, "letter edit", letter="L-1", sure="yes", **{part: given})
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()

    assert "has the placeholder" in desk.refused(desk.pol, "letter signon", letter="L-1", until="Fri 5pm").what
    refused = desk.refused(desk.pol, "letter lock", letter="L-1")
    assert f"L-001 still has the placeholder “{result}” in “{sentence.removeprefix('- ')}”" in refused.what
    assert "/letter edit L-001" in refused.what
    assert "draft the letter again" in refused.what


def test_a_letter_drafted_before_coalition_yml_was_corrected_is_not_approved(tmp_path):
    base = config()
    example = base.coalition.model_copy(update={"contact": "campaign@example.org", "phone": "202-555-0100"})
    desk = Desk(tmp_path, replace(base, coalition=example))
    desk.drafted()

    desk.config = base
    said = desk.untrue(desk.pol, "letter review", letter="L-1")
    now = base.coalition.contact
    assert f"The coalition’s contact: “campaign@example.org” when it was drafted, “{now}” now." in said


def test_a_placeholder_in_an_address_never_locks(tmp_path):
    base = config()
    office = base.coalition.offices["ovc"].model_copy(update={"block": ("[Name]", "Washington, DC 20001")})
    coalition = base.coalition.model_copy(update={"offices": base.coalition.offices | {"ovc": office}})
    desk = Desk(tmp_path, replace(base, coalition=coalition))
    desk.approved()

    refused = desk.refused(desk.pol, "letter lock", letter="L-1")
    assert "has the placeholder “[Name]”. Correct the office in coalition.yml" in refused.what


def test_what_is_filled_in_is_no_placeholder():
    coalition = config().coalition

    assert coalition.placeholders == {}
    assert coalition.model_copy(update=PRINTED | {"phone": "202-456-5551"}).placeholders == {}


@pytest.mark.long
def test_placeholders_are_looked_for_in_linear_time():
    with processor_limit(30):
        assert placeholder("a." * 100_000) == ""


def test_no_comment_is_drafted_on_a_news_story(desk):
    (stored,) = desk.bring(news("gloves-seized", "Gloves made with forced labor seized"))

    refused = desk.refused(desk.pol, "letter draft", template="public-comment", to="ovc", entry=stored.id)
    assert refused.what == (
        "A comment answers a docket: this is a news story. Use template:correction-to-an-outlet to have it corrected."
    )


@pytest.mark.parametrize(("number", "dockets"), [("2026-00001", None), (None, ("DOJ-2026-0001",))])
def test_a_comment_is_drafted_on_a_docket_or_a_number_of_the_register(desk, number, dockets):
    (stored,) = desk.bring(replace(GRANTS, number=number, dockets=dockets))

    form = desk.form(desk.pol, "letter draft", template="public-comment", to="ovc", entry=stored.id)
    assert form.path == "letter fill"


def test_no_comment_is_drafted_on_a_document_that_was_withdrawn_since(desk):
    first, _ = desk.bring(
        replace(GRANTS, number="2026-00001"),
        replace(GRANTS, number="2026-00009", identity=("fr:2026-00009",), change=Change.WITHDRAWAL),
    )

    refused = desk.refused(desk.pol, "letter draft", template="public-comment", to="ovc", entry=first.id)
    assert "the document was withdrawn, so there is nothing to comment on" in refused.what


def test_a_comment_is_drafted_until_the_day_of_the_newest_extension(desk):
    closed = replace(GRANTS, number="2026-00001", comments_close_on=desk.now.date() - timedelta(days=3))
    extended = replace(
        closed,
        number="2026-00009",
        identity=("fr:2026-00009",),
        change=Change.EXTENSION,
        comments_close_on=desk.now.date() + timedelta(days=9),
    )
    (first,) = desk.bring(closed)
    args = {"template": "public-comment", "to": "ovc", "entry": first.id}
    assert "comments closed on November 21, 2026" in desk.refused(desk.pol, "letter draft", **args).what

    desk.bring(extended)
    assert desk.form(desk.pol, "letter draft", **args).path == "letter fill"


# --- which letters are offered ----------------------------------------------------------------------------------------


def test_the_general_request_is_offered_only_while_an_ask_has_no_letter(tmp_path):
    base = config()
    more = base.coalition.asks | {10: base.coalition.asks[1].model_copy(update={"name": "another", "title": "Another"})}
    (tmp_path / "b").mkdir()

    assert "agency-request" not in offered(Desk(tmp_path), "template")
    assert "agency-request" in offered(
        Desk(tmp_path / "b", replace(base, coalition=base.coalition.model_copy(update={"asks": more}))), "template"
    )


def test_the_ask_of_a_letter_that_was_written_for_one_is_not_asked_for(desk):
    desk.card(desk.pol, "letter draft", template="sting-reports", to="bja")

    assert desk.letter().ask == 6


@pytest.mark.parametrize("name", ["outreach-money-congress", "clear-records-congress", "grant-terms-congress"])
def test_a_letter_that_asks_congress_is_not_written_to_an_office(desk, name):
    assert "asks Congress" in desk.refused(desk.pol, "letter draft", template=name, to="ovc").what


@pytest.mark.parametrize("change", [None, Change.CORRECTION])
def test_a_letter_from_a_correction_notice_states_only_that_it_is_one(desk, change):
    (stored,) = desk.bring(document("2026-00091", "Finding: Certain Disposable Gloves", change=change))
    asked = {"template": "business-accountability", "to": "cbp", "ask": "4", "entry": stored.id}
    desk.card(desk.pol, "letter fill", **asked)

    text = desk.letter("L-1").version.passages
    welcomed = [each for each in text if "We welcome the notice “Finding: Certain Disposable Gloves" in each]
    corrected = [each for each in text if "responds to the correction “Finding: Certain Disposable Gloves" in each]
    assert (len(welcomed), len(corrected)) == ((1, 0) if change is None else (0, 1))
