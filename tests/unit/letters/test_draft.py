"""/letter draft: the shipped template and offices, and what is said when something is missing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command import Actor, Call, Desk, Refused
from bot.config.load import load
from bot.letters import template
from bot.letters.commands import COMMANDS, draft
from bot.letters.template import TemplateProblem

ROOT = Path(__file__).parents[3]
ARGS = {"template": "agency-request", "to": "ovc", "ask": "1"}


@pytest.fixture
def desk():
    who = {"platform": "console", "team": "", "user": "me"}
    return Desk(
        tx=None,
        config=load(ROOT / "feeds.yml", ROOT / "coalition.yml"),
        now=datetime(2026, 1, 23, 3, 0, tzinfo=UTC),
        new_id=lambda: "id",
        note=lambda *_: None,
        actor=Actor(**who),
        call=Call(path="letter draft", id="1", **who),
    )


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "templates/letters/mine"
    made.mkdir(parents=True)
    (made / "meta.yml").write_text("{title: Mine, suits: all, lobbying: none, lobbying_why: none of it}")
    (made / "letter.j2").write_text("Dear {{ name }}")
    return tmp_path


@pytest.mark.parametrize("ask", range(1, 10))
@pytest.mark.parametrize("to", ["ovc", "bja", "attorney-general", "homeland-security"])
def test_every_ask_makes_a_letter_to_every_shipped_office_with_no_empty_field(desk, ask, to):
    text = draft(desk, ARGS | {"ask": str(ask), "to": to}).file.data.decode()

    assert "{{" not in text
    assert desk.config.coalition.asks[ask].title in text
    assert text.count("\n\n\n") == 0
    assert all(member.name in text for member in desk.config.coalition.members.values())


def test_the_date_is_the_coalition_s_own_day(desk):
    """3:00 UTC is still the evening before in New York."""
    assert (
        draft(desk, ARGS).file.data.decode().startswith("January 22, 2026\n\nDirector\nOffice for Victims of Crime\n")
    )


def test_what_a_person_writes_is_text_and_never_a_template(desk):
    text = draft(desk, ARGS | {"occasion": "{{ 7 * 7 }} {% for x in y %}"}).file.data.decode()

    assert "{{ 7 * 7 }} {% for x in y %}" in text


def test_a_holder_s_name_is_never_guessed(desk):
    for office in desk.config.coalition.offices.values():
        assert "Honorable" not in " ".join(office.block)


@pytest.mark.parametrize(
    ("wrong", "param", "words"),
    [
        ({"to": "nobody"}, "to", "There are: ovc"),
        ({"ask": "12"}, "ask", "they go from 1 to 9"),
        ({"template": "../secrets"}, "template", "there is no template"),
        ({"template": "agency-requests"}, "template", "there are agency-request"),
    ],
)
def test_what_is_missing_is_named_with_what_there_is(desk, wrong, param, words):
    with pytest.raises(Refused, match=words) as refused:
        draft(desk, ARGS | wrong)

    assert refused.value.param == param


def test_an_ask_without_a_text_writes_no_letter(desk):
    asks = desk.config.coalition.asks | {1: desk.config.coalition.asks[1].model_copy(update={"text": ""})}
    coalition = desk.config.coalition.model_copy(update={"asks": asks})

    with pytest.raises(Refused, match="no text"):
        draft(replace(desk, config=replace(desk.config, coalition=coalition)), ARGS)


def test_a_fact_the_template_needs_and_nobody_gave_is_an_error_not_a_gap(folder):
    with pytest.raises(TemplateProblem, match="'name' is undefined"):
        template.render(folder, "mine", {})


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ name.__init__.__globals__ }}",
        "{{ name|attr('__class__') }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__ }}",
        "{% include '/etc/hostname' %}",
        "{{ self.__init__ }}",
        "{{ '{0.__class__}'.format(name) }}",
    ],
)
def test_a_template_reaches_nothing_but_its_facts(folder, attack):
    (folder / "templates/letters/mine/letter.j2").write_text(attack)

    try:
        text = template.render(folder, "mine", {"name": "Ada"})
    except TemplateProblem:
        return
    assert "class" not in text
    assert "function" not in text


def test_a_link_out_of_the_folder_is_no_template(folder, tmp_path):
    (tmp_path / "templates/letters/away").symlink_to("/etc")
    (tmp_path / "templates/letters/mine/letter.j2").unlink()
    (tmp_path / "templates/letters/mine/letter.j2").symlink_to("/etc/hostname")

    assert template.names(tmp_path) == ["mine"]
    with pytest.raises(TemplateProblem, match="is a link"):
        template.render(tmp_path, "mine", {})


def test_a_meta_file_with_a_slip_says_which(folder):
    (folder / "templates/letters/mine/meta.yml").write_text(
        "{title: Mine, suits: all, lobbying: maybe, lobbying_why: x}"
    )

    with pytest.raises(TemplateProblem, match="lobbying"):
        template.meta(folder, "mine")


def test_completion_offers_what_there_is(desk):
    params = {param.name: param for param in COMMANDS[0].params}

    assert [choice.value for choice in params["to"].complete(desk, "victims")] == ["ovc"]
    assert len(params["ask"].complete(desk, "")) == 9
