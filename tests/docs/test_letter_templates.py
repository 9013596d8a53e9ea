"""The shipped letters pass the lint, and docs/templates.md lists each of them and every fact."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.letters import lint
from bot.letters.drafting.facts import FACTS
from bot.letters.lint import rehearse
from bot.letters.sheet import plain
from bot.letters.templates import template
from bot.letters.templates.template import Meta
from tests.kit import configs

ROOT = Path(__file__).parents[2]
CONFIG = configs.shipped()
PAGE = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
CHECKED = date(2026, 11, 30)  # claims grow old; that is for `letter lint` to say, not for this suite


@pytest.mark.parametrize("name", template.names(ROOT))
def test_a_letter_that_ships_has_nothing_to_mend(name):
    assert lint.lint(ROOT, name, CONFIG.coalition, CHECKED).findings == ()


@pytest.mark.parametrize("ask", CONFIG.coalition.asks)
def test_every_ask_has_its_own_letter(ask):
    name = CONFIG.coalition.asks[ask].name
    assert any(template.meta(ROOT, letter).ask == name for letter in template.names(ROOT))


OWN = [ask.name for ask in CONFIG.coalition.asks.values()]
AGENCY = ["agency-request", *OWN, "implement-the-law", "overdue-duty"]


@pytest.mark.long
@pytest.mark.parametrize("name", AGENCY)
@pytest.mark.parametrize("office", CONFIG.coalition.offices)
def test_a_letter_to_every_office_that_ships_has_no_empty_field(name, office):
    ask = None if name in OWN else 1
    letter = rehearse(CONFIG, name, to=f"office:{office}", ask=ask, today=CHECKED).letter
    text = plain(replace(letter, signer=("Jane Roe", "Director")))  # the example's own signer is a placeholder

    assert not re.search(r"\{\{|\[|\(\)|“”| [,.;]|  |\n\n\n|\bNone[,.]", text), text
    assert CONFIG.coalition.offices[office].salutation in text


@pytest.mark.parametrize("id_", [*CONFIG.coalition.authorities, *CONFIG.coalition.duties])
def test_every_source_that_ships_is_an_official_address(id_):
    """Signers see it. A copy that was read instead is named in the note alone."""
    sources = [each[id_].source for each in (CONFIG.coalition.authorities, CONFIG.coalition.duties) if id_ in each]

    assert all((urlsplit(source).hostname or "").endswith(".gov") for source in sources if source)


def test_every_letter_is_documented_with_who_it_suits():
    section = PAGE.partition("## Included letters")[2].partition("\n## ")[0]
    listed = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", section, re.MULTILINE))

    assert listed == {name: template.meta(ROOT, name).suits for name in template.names(ROOT)}


def test_every_fact_is_documented_with_its_example():
    def shown(example):
        if isinstance(example, bool):
            return "true or false"
        if example == []:
            return "(an empty list)"
        if isinstance(example, list):
            return f"{', '.join(example)} (a list)"
        return str(example) or "(empty)"

    listed = re.findall(r"^\| `([a-z_.]+)` \| (.+) \| (.+) \|$", PAGE.partition("## Every fact")[2], re.MULTILINE)
    assert [(path, example) for path, example, _ in listed] == [(path, shown(value)) for path, value in FACTS.items()]
    assert all(help_.strip() for *_, help_ in listed)


@pytest.mark.parametrize("line", Meta.model_fields)
def test_every_line_of_meta_is_documented(line):
    assert f"| `{line}` |" in PAGE


def test_no_letter_states_a_law_that_is_not_claimed():
    """A section of the Code or a public law in a template's own words would never be checked again."""
    for path in (ROOT / "templates/letters").rglob("*.j2"):
        assert not re.search(r"\bU\.S\.C|§|Public Law \d|\bS\. ?\d|H\.R\. ?\d", path.read_text(encoding="utf-8")), path
