"""From a template and its facts to paragraphs: the text, what is refused, and how a template folder is read."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deadlines.model import Claim
from bot.letters.model import Paragraph, Shape
from bot.letters.sheet import body
from bot.letters.templates import template
from bot.letters.templates.holes import MARK, hole_in_a_sentence
from bot.letters.templates.template import TemplateProblem, paragraphs, write
from bot.shared.plain_text import typographic
from tests.kit.letters import META

ONE = Claim(id="one", text="The law says so.", source="https://law.example", checked_on=date(2026, 1, 2))
FIELD = "fields: {it: {type: %s, help: what it is, example: %s%s}}\n"


def texts(written):
    return [paragraph.text for paragraph in written.body]


def test_blank_lines_part_paragraphs_and_signs_make_items_and_headings(templates):
    written = templates.say("One\nand more.\n\n\n## Head\nTwo.\n- first\n- second,\n  longer\n\nThree.")

    assert written.body == (
        Paragraph("One and more."),
        Paragraph("Head", Shape.HEADING),
        Paragraph("Two."),
        Paragraph("first", Shape.ITEM),
        Paragraph("second, longer", Shape.ITEM),
        Paragraph("Three."),
    )
    assert written.subject == "About Ada"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("A\n{% if name %}\nB\n{% endif %}\nC", ["A B C"]),  # tags alone on their lines leave no line
        ("A{% if name %} B{% endif %}\nC", ["A B C"]),  # nor do those that end a line glue it to the next
        ("A {# note #}\nB", ["A B"]),
        ("{% if name %}A{% else %}B{% endif %}\n\nC", ["A", "C"]),
        ("{% if not name %}\nA\n\n{% endif %}\nB", ["B"]),
        ("{% for x in many %}\n- {{ x }}\n{% endfor %}", ["1", "2"]),
        ("{{ many | join(', ') }}.", ["1, 2."]),
        ("{{ ['a', 'b', 'c'] | listed }}", ["a, b and c"]),
        ("{{ ['a', 'b'] | listed }} {{ ['a'] | listed }}", ["a and b a"]),
    ],
)
def test_tags_leave_no_trace_in_the_text(templates, source, sentence):
    assert texts(templates.say(source, many=[1, 2])) == sentence


def test_a_part_that_letters_share_is_written_once(templates):
    (templates.letters / "opening.j2").write_text("We are {{ name }}.")

    assert texts(templates.say('{% include "opening.j2" %}\n\nSo.')) == ["We are Ada.", "So."]


def test_a_missing_fact_is_an_error_not_a_gap(templates):
    with pytest.raises(TemplateProblem, match=r"mine cannot be filled in: letter.j2 line 3: 'missing' is undefined"):
        templates.say("One.\n\n{{ missing }}")


def test_a_slip_of_syntax_is_named_with_its_line(templates):
    with pytest.raises(TemplateProblem, match=r"letter.j2 line 3: .*endif"):
        templates.say("One\n{% if name %}\nTwo")


def test_what_a_person_wrote_is_text_and_never_a_template(templates):
    hostile = "{{ 7 * 7 }} {% for x in y %} ${7*7} <b>&amp;"

    assert texts(templates.say("It is {{ name }}.", name=hostile)) == [f"It is {hostile}."]
    assert templates.say("Nothing.", name=hostile).subject == f"About {hostile}"


def test_the_number_of_a_note_that_was_copied_with_its_sentence_is_left_out():
    text = "The law says so.¹ It says “more.”¹² Each has 40 m² and x³."

    assert [part.text for part in paragraphs(text)] == ["The law says so. It says “more.” Each has 40 m² and x³."]


def test_invisible_characters_are_removed(templates):
    written = templates.say("A {{ name }} Z", name="b\x00\x1b\u202e\ufffe\ud800\u200bc\td")

    assert texts(written) == ["A bc d Z"]


def test_a_letter_without_text_is_refused(templates):
    with pytest.raises(TemplateProblem, match="has no text"):
        templates.say("{% if not name %}One{% endif %}")


def test_a_claim_is_the_sentence_of_the_authority_and_is_listed(templates):
    assert templates.say('First. {{ claim("one") }}', {"one": ONE, "two": "gone"}).claims == (ONE,)
    assert texts(templates.say('{{ claim("one") }}', {"one": ONE})) == [ONE.text]
    assert templates.say("No claim.", {"one": ONE}).claims == ()


@pytest.mark.parametrize(
    ("id_", "why"),
    [("two", "two.* may not be made: checked too long ago"), ("three", "three.*meta.yml does not list it")],
)
def test_a_claim_that_may_not_be_made_stops_the_letter_that_makes_it(templates, id_, why):
    stored = {"one": ONE, "two": "checked too long ago"}

    with pytest.raises(TemplateProblem, match=why):
        templates.say(f'{{{{ claim("{id_}") }}}}', stored)
    assert templates.say("No claim.", stored)


def test_a_claim_that_meta_does_not_name_is_not_made_though_it_is_at_hand(templates):
    with pytest.raises(TemplateProblem, match="does not list it"):
        templates.say('{{ claim("other") }}', {"other": ONE})


def test_a_letter_about_a_bill_is_not_written_without_one(templates):
    templates.meta(needs="[bill]")

    with pytest.raises(TemplateProblem, match="is about a bill: choose one") as problem:
        templates.say("Hello.", bill=None)
    assert problem.value.param == "bill"
    assert templates.say("{{ bill.title }}.", bill={"title": "An Act"})


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  two\n words ", "two words"),
        ("long", " one\n\ntwo ", "one\n\ntwo"),
        ("date", "2026-03-03", "March 3, 2026"),
        ("number", "1,200", 1200),
        ("choice", "red", "red"),
    ],
)
def test_a_field_has_its_type(templates, kind, typed, value):
    example = {"date": "2026-01-02", "number": "3", "choice": "red"}.get(kind, "word")
    templates.meta(META + FIELD % (kind, example, ", choices: [red, blue]" if kind == "choice" else ""))

    assert template.meta(templates.folder, "mine").values({"it": typed}) == {"it": value}


@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        ("text", "   ", "it is missing: what it is"),
        ("date", "3 March", "is not a date with its year. For example: Jan 23, 2027"),
        ("number", "a few", "is not a whole number"),
        ("choice", "green", "is none of red, blue"),
    ],
)
def test_a_field_that_does_not_fit_is_named(templates, kind, typed, why):
    example = {"date": "2026-01-02", "number": "3", "choice": "red"}.get(kind, "word")
    templates.meta(META + FIELD % (kind, example, ", choices: [red, blue]" if kind == "choice" else ""))

    with pytest.raises(TemplateProblem, match=why) as problem:
        template.meta(templates.folder, "mine").values({"it": typed})
    assert problem.value.param == "it"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (META.replace("lobbying: none", "lobbying: maybe"), "lobbying"),
        (META + FIELD % ("choice", "red", ""), "choices"),
        (META + FIELD % ("date", "soon", ""), "not a date"),
        (META.replace("[one, two]", "[One]"), "claims"),
        ("title: [\n", "line 2: a bracket is not closed"),
    ],
)
def test_a_meta_file_with_a_slip_says_which(templates, text, why):
    templates.meta(text)

    with pytest.raises(TemplateProblem, match=rf"mine/meta.yml cannot be used: .*{why}"):
        template.meta(templates.folder, "mine")


@pytest.mark.parametrize("name", ["../mine", "/etc", "mine\0", "..\\mine", "", ".", "Mine", "mine/../mine"])
def test_an_unknown_template_is_refused(templates, name):
    with pytest.raises(TemplateProblem, match="there is no template"):
        write(templates.folder, name, {"name": "Ada"})


def test_a_symbolic_link_is_not_a_template(templates):
    (templates.letters / "away").symlink_to("/etc")
    assert template.names(templates.folder) == ["mine"]

    (templates.letters / "opening.j2").symlink_to("/etc/hostname")
    with pytest.raises(TemplateProblem, match=r"opening\.j2 is a link"):
        write(templates.folder, "mine", {"name": "Ada"})
    (templates.letters / "opening.j2").unlink()

    (templates.mine / "letter.j2").unlink()
    (templates.mine / "letter.j2").symlink_to("/etc/hostname")
    with pytest.raises(TemplateProblem, match=r"letter\.j2 is a link"):
        write(templates.folder, "mine", {"name": "Ada"})


def test_a_template_has_the_same_digest_until_a_word_of_it_changes(templates):
    first = template.read(templates.folder, "mine").digest

    assert template.read(templates.folder, "mine").digest == first
    templates.body("Dear all")
    assert template.read(templates.folder, "mine").digest != first


# A superscript number after a sentence is a note's, and not read back.
LINES = st.text(st.characters(blacklist_categories=["C", "Z"], blacklist_characters="⁰¹²³⁴⁵⁶⁷⁸⁹"), min_size=1).map(
    lambda text: f"x{text}"
)


@given(st.lists(st.builds(Paragraph, LINES, st.sampled_from(Shape)), max_size=12))
def test_the_plain_text_of_a_body_reads_back_as_the_same(made):
    made = [Paragraph(typographic(part.text), part.shape) for part in made]

    assert list(paragraphs(body(tuple(made)))) == made


def test_a_template_may_say_that_another_letter_is_the_right_one(templates):
    with pytest.raises(TemplateProblem, match=r'^the letter "mine" does not fit: Ada is thanked already\.$'):
        templates.say('{% if name %}{{ refuse(name ~ " is thanked already.") }}{% endif %}')


def test_the_sentence_on_a_duty_is_a_claim_of_a_letter_about_one(templates):
    duty = Claim(id="duty:d", text="It is due.", source="https://law.example", checked_on=date(2026, 1, 2))
    templates.meta(needs="[duty]")

    assert templates.say('{{ claim("duty") }}', {"duty": duty}, duty={"owed": "It"}).claims == (duty,)


@pytest.mark.parametrize(
    ("body", "hole"),
    [
        (
            "Speak to your colleagues in the {{ a.b }}, please.",
            "there is no a.b for “Speak to your colleagues in the […],",
        ),
        ("{{ a.b }} has it.", "there is no a.b for “[…] has it."),
        ("We ask for {{ a.b | lower }}.", "there is no a.b"),
        ("We ask for {{ 'the ' ~ a.b }}.", "there is no a.b"),
        ("We thank {{ a.none | listed }}.", "there is no list"),
        ("- ask {{ a.b }};", "there is no a.b"),
    ],
)
def test_an_empty_fact_leaves_no_hole_in_a_sentence(templates, body, hole):
    with pytest.raises(TemplateProblem, match=re.escape(hole)):
        templates.say(body, a={"b": "", "none": []})


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("We ask for it. {{ a.b }}", "We ask for it."),
        ("We ask for it. {{ a.b }} Thank you.", "We ask for it. Thank you."),
        ("{{ a.b }}\n\nWe ask for it.", "We ask for it."),
        ("We ask for {{ a.b | default('it') }}.", "We ask for it."),
        ("We ask for it{{ a.b | default }}.", "We ask for it."),
        ("We ask for {% if a.b %}{{ a.b }}{% else %}it{% endif %}.", "We ask for it."),
        ("We ask for {{ a.b or 'it' }}.", "We ask for it."),
        ("We ask for it{{ 's' if a.b == 'x' else '' }}.", "We ask for it."),
    ],
)
def test_an_empty_fact_may_be_a_whole_sentence_or_be_replaced(templates, body, written):
    assert [part.text for part in templates.say(body, a={"b": ""}).body] == [written]


@pytest.mark.long
def test_thousands_of_empty_sentences_are_no_holes_and_take_no_minutes():
    assert hole_in_a_sentence([f"Yes. {MARK}a.b{MARK} " * 30_000]) == ""


def test_a_refusal_reads_well_without_an_empty_fact(templates):
    with pytest.raises(TemplateProblem, match="does not fit: the bill is not law"):
        templates.say("{{ refuse('the bill' ~ a.b ~ ' is not law') }}", a={"b": ""})
