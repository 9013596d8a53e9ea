"""What `letter lint` finds, where it finds it, and what it leaves alone."""

from datetime import date
from pathlib import Path

import pytest

from bot.letters import lint
from bot.letters.templates.template import TemplateProblem
from tests.kit import configs

ROOT = Path(__file__).parents[3]
CONFIG = configs.shipped()
COALITION, LINES = CONFIG.coalition, CONFIG.coalition_lines
TODAY = date(2026, 11, 26)
META = """
title: Mine
suits: all
lobbying: none
lobbying_why: none of it
subject: About {{ coalition.name }}
"""
STYLE = 'words: {letter: [3, 20]}\navoid: {"utiliz*": use, in order to: to}\n'


@pytest.fixture
def problems_of(templates):
    templates.meta(META)

    def run(body, meta="", today=TODAY):
        templates.body(body)
        templates.meta(META + meta)
        return [str(finding) for finding in lint.lint(templates.folder, "mine", COALITION, today).findings]

    return run


def test_a_valid_template_has_no_findings_and_is_measured(templates):
    templates.meta(META + "claims: [forced-labor-imports]")
    templates.body('We ask {{ addressee.name }}. {{ claim("forced-labor-imports") }}')
    report = lint.lint(templates.folder, "mine", COALITION, TODAY)

    assert (report.findings, report.claims) == ((), ("forced-labor-imports",))
    assert report.words == 5 + len(COALITION.authorities["forced-labor-imports"].says.split())


@pytest.mark.parametrize(
    ("body", "meta", "finding"),
    [
        ("A\n\n{{ addressee.nmae }}", "", 'letter.j2 line 3: there is no fact "addressee.nmae". Did you mean'),
        ("{{ fields.other }}", "", 'letter.j2 line 1: there is no fact "fields.other"'),
        ("{{ bill.title }}", "", 'letter.j2 line 1: "bill.title" may be missing: add bill to `needs`'),
        ("A", "needs: [bill]", "meta.yml, needs: the letter does not mention the bill"),
        ("A", "fields: {it: {help: what, example: x}}", 'meta.yml, fields: the letter does not use "it": remove'),
        ("A", "claims: [forced-labor-imports]", "meta.yml, claims: the letter does not make the claim"),
        ('{{ claim("other") }}', "", 'letter.j2 line 1: the claim "other" is not among the `claims` of meta.yml'),
        ('{{ claim("gone") }}', "claims: [gone]", 'meta.yml: it makes the claim "gone", and coalition.yml has no'),
        ("A", "asks: [trees]", 'meta.yml: it is about the ask "trees", and no ask in coalition.yml has that name.'),
        ("A", "asks: [7]", "meta.yml: templates/letters/mine/meta.yml cannot be used: asks.0: write the `name`"),
        ("A", "example: {bill.titel: x}", 'meta.yml, example: there is no fact "bill.titel"'),
        ("A\n{% if x", "", "letter.j2: letter.j2 line 2: unexpected end of template"),
        ("{{ 1 | shout }}", "", "letter.j2: letter.j2 line 1: No filter named 'shout'."),
    ],
)  # fmt: skip
def test_an_error_is_reported_with_its_place(problems_of, body, meta, finding):
    assert any(line.startswith(finding) for line in problems_of(body, meta)), problems_of(body, meta)


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("A.\n\nThe law says so (22 U.S.C. 9999).", "letter.j2 line 3: cites 22 U.S.C. 9999"),
        ("The Senate voted 99-0 for it.", "letter.j2 line 1: states a vote of 99-0"),
        ('{{ "The Senate voted 99-0 for it." }}', "letter.j2 line 1: states a vote of 99-0"),
        ("He said: “We will not rest until it is law.”", "letter.j2 line 1: has the quotation “We will"),
        ("We support H.R. 4323.", "letter.j2 line 1: cites H.R. 4323"),
        ("See Public Law 119-73.", "letter.j2 line 1: cites Public Law 119-73"),
        ("{% if ask %}\nUnder § 906 it must.\n{% endif %}", "letter.j2 line 2: cites § 906"),
        ("Some 80 percent are arrested.", "letter.j2 line 1: says 80 percent"),
        ("It cost $340 million.", "letter.j2 line 1: says $340 million"),
        ("It has been law since 1998.", "letter.j2 line 1: says 1998"),
        ("They call it “settled.”", "letter.j2 line 1: has the quotation “settled"),
        ("According to experts, it works.", "letter.j2 line 1: says According to experts"),
    ],
)  # fmt: skip
def test_an_unconfirmed_citation_of_a_template_is_reported(problems_of, body, finding):
    assert any(line.startswith(finding) for line in problems_of(body)), problems_of(body)


@pytest.mark.parametrize(
    ("body", "meta"),
    [
        ('Enforce 19 U.S.C. 1307. {{ claim("forced-labor-imports") }}', "claims: [forced-labor-imports]"),
        ("Enforce 19 U.S.C. 1307.", "asks: [business-accountability]"),  # an authority that serves the ask
        ("H.R. 4323 is Public Law 119-73.", "asks: [clear-records]"),  # the ask's own bill
        ("{# the 22 U.S.C. 9999 question #}It is time.", ""),
        ("We ask for a decision within 72 hours, under two federal laws.", ""),
        (
            'Goods of 1930. {{ claim("forced-labor-imports") }}',
            "claims: [forced-labor-imports]",
        ),  # the claim's own year
        ('{% if not ask %}{{ refuse("it cites 22 U.S.C. 9999") }}{% endif %}It is time.', ""),
    ],
)
def test_a_confirmed_citation_of_a_template_is_not_reported(problems_of, body, meta):
    assert [line for line in problems_of(body, meta) if "confirmed" in line] == []


def test_an_unconfirmed_citation_of_an_ask_is_reported_with_its_line():
    asks = COALITION.asks | {1: COALITION.asks[1].model_copy(update={"text": "Under 22 U.S.C. 9999, it must."})}
    (finding,) = lint.asks(COALITION.model_copy(update={"asks": asks}), LINES, TODAY).findings

    assert str(finding).startswith(f"{LINES.at('asks', 1, 'text')}: cites 22 U.S.C. 9999, which nobody has confirmed.")
    assert lint.asks(COALITION, LINES, TODAY).findings == ()


@pytest.mark.parametrize(("day", "found"), [("October 2024", 0), ("2024", 0), ("October 3, 2024", 1)])
def test_an_ask_may_name_a_rule_by_its_month_and_a_whole_date_is_confirmed(day, found):
    asks = COALITION.asks | {1: COALITION.asks[1].model_copy(update={"text": f"Keep the rule of {day}."})}

    assert len(lint.asks(COALITION.model_copy(update={"asks": asks}), LINES, TODAY).findings) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The EPA should finish its list no later than June 30, 2027.", 0),
        ("The EPA must, by June 30, 2027, finish its list.", 0),
        ("Finish the list that was due by June 30, 2024.", 1),
        ("Finish the list that Congress ordered by June 30, 2024.", 1),
    ],
)
def test_a_day_by_which_something_is_asked_is_no_fact(text, found):
    asks = COALITION.asks | {1: COALITION.asks[1].model_copy(update={"text": text})}

    assert len(lint.asks(COALITION.model_copy(update={"asks": asks}), LINES, TODAY).findings) == found


def test_an_authority_that_is_too_old_confirms_nothing(problems_of):
    (finding,) = (
        line
        for line in problems_of("Enforce 19 U.S.C. 1307.", "asks: [business-accountability]", date(2028, 1, 1))
        if "cites" in line
    )
    assert "19 U.S.C. 1307, which nobody has confirmed" in finding


@pytest.mark.parametrize(
    ("id_", "today", "why"),
    [
        ("collaborative-model-memorandum", TODAY, "is not confirmed"),
        ("forced-labor-imports", date(2028, 1, 1), "too long ago"),
    ],
)
def test_an_unconfirmed_or_outdated_claim_is_reported(problems_of, id_, today, why):
    findings = problems_of(f'{{{{ claim("{id_}") }}}}', f"claims: [{id_}]", today)

    assert len(findings) == 1
    assert why in findings[0]


def test_a_claim_that_waits_for_its_confirmation_is_not_reported(problems_of):
    id_ = "collaborative-model-memorandum"
    body = f'{{% if confirmed("{id_}") %}}{{{{ claim("{id_}") }}}}{{% endif %}}A'

    assert problems_of(body, f"claims: [{id_}]") == []


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("- Agree on it with the Department of Justice.", "to attorney-general: asks the Attorney General something"),
        ("We ask your Department to act.", "to justice-and-homeland-security: says “your Department” to 2 addressees"),
        ("A", "to justice-and-homeland-security: has no request of its own for the Attorney General"),
    ],
)
def test_a_letter_is_checked_for_each_of_its_addressees(problems_of, body, finding):
    findings = problems_of(body, "addressees: [attorney-general, justice-and-homeland-security]")

    assert any(line.startswith(finding) for line in findings), findings


def test_an_addressee_that_is_no_office_and_no_committee_is_reported(problems_of):
    (finding,) = problems_of("A", "addressees: [SSJU, nobody]")

    assert finding == 'meta.yml, addressees: there is no office or office group "nobody"'


@pytest.mark.parametrize(
    "body",
    [
        "{% if bill %}{{ bill.title }}{% endif %}A",
        "{% for member in coalition.members %}- {{ member }}\n{% endfor %}",
        "{% set who = addressee.record.chairs or 'you' %}{{ who }}",
        "{{ coalition.members | listed }}",
        "{{ coalition.members | length | spelled }}",
    ],
)
def test_valid_templates_have_no_findings(problems_of, body):
    assert problems_of(body) == []


def test_a_part_is_checked_only_if_it_is_included(templates, problems_of):
    (templates.letters / "part.j2").write_text("{{ nothing }}")

    assert problems_of("A") == []
    assert problems_of('{% include "part.j2" %}')[0].startswith('part.j2 line 1: there is no fact "nothing"')


def test_a_part_about_a_bill_is_valid_if_the_letter_checks_for_one(templates, problems_of):
    (templates.letters / "part.j2").write_text("{{ bill.title }}")

    assert problems_of('{% if bill %}{% include "part.j2" %}{% endif %}A') == []


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("We ask.\n\nPlease Utilize it in order to see.", 'letter.j2 line 3: "Utilize" is a word to avoid: use'),
        ("We ask.\n\nPlease Utilize it in order to see.", 'letter.j2 line 3: "in order to" is a word to avoid: to'),
        ("Short.", "length: 1 words; a letter has 3 to 20"),
        ("word " * 21, "length: 21 words; a letter has 3 to 20"),
    ],
)
def test_a_letter_is_checked_against_the_style_rules(templates, problems_of, body, finding):
    (templates.letters / "style.yml").write_text(STYLE)

    assert any(line.startswith(finding) for line in problems_of(body)), problems_of(body)


def test_an_invalid_style_file_is_reported(templates, problems_of):
    (templates.letters / "style.yml").write_text("words: {letter: many}")

    with pytest.raises(TemplateProblem, match=r"style\.yml cannot be used"):
        problems_of("A")


def test_a_style_file_of_an_earlier_version_is_read_without_its_reading_level(templates, problems_of):
    (templates.letters / "style.yml").write_text(f"{STYLE}grade: 15\ngrade_floor: 5\n")

    assert any("is a word to avoid" in line for line in problems_of("We utilize it."))


def test_a_meta_file_that_cannot_be_read_is_the_one_finding(templates):
    templates.meta("title: [")

    (finding,) = lint.lint(templates.folder, "mine", COALITION, TODAY).findings
    assert "cannot be used" in str(finding)
