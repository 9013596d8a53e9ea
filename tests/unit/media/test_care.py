"""Names of victims and minors: withheld where one may stand, and nothing else with them where it can be told."""

import pytest

from bot.config.coalition import Care as Rules
from bot.entry import Entry, Kind, Named
from bot.media.care import Care
from bot.media.reading import is_no_news
from tests.unit.media.test_entities import COALITION

CARE = Care(COALITION.media.care)
WHOLE = "Headline withheld: it may name a victim or a minor"


def shown(title, text="", names=()):
    entry = Entry(source="s", kind=Kind.NEWS, identity=("x",), thread="x", title=title, summary=text, names=names)
    return CARE.shown(entry)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "Police: victim identified as Jane Roe of Tampa",
            "Police: victim identified as [name withheld] of [name withheld]",
        ),
        ("Jane Roe, 15, rescued from traffickers", "[name withheld], 15, rescued from traffickers"),
        ("Jane, 15, rescued from traffickers", "[name withheld], 15, rescued from traffickers"),
        ("16-year-old Maria T. Lopez found alive", "16-year-old [name withheld] found alive"),
        ("Missing Girl Jane Roe Found In Trafficking Raid", WHOLE),
        ("14-Year-Old Rescued In Trafficking Sting", WHOLE),
        ("missing teen Zoë O’Neil found dead", "missing teen [name withheld] found dead"),
    ],
)
def test_a_name_is_not_shown(title, said):
    entry = shown(title)
    assert (entry.title, entry.withheld) == (said, title)


@pytest.mark.parametrize(
    "title",
    [
        "122 Arrested in Sex Trafficking Operation",
        "Three teens rescued in Tampa sting",
        "Jane Roe named director of Polaris",
        "Girl, 15, rescued in sting",
        "Bill would help trafficked children",
        "40-year-old John Roe charged with trafficking",
        "Trafficker gets 15 years in prison",
    ],
)
def test_other_headlines_are_shown_as_they_are(title):
    assert (shown(title).title, shown(title).withheld) == (title, "")


def test_an_age_in_the_text_counts_where_the_headline_is_about_a_minor():
    assert shown("Teen Jane Roe tells her story", "She was 15 years old.").title.startswith("[name withheld]")
    assert shown("Director Jane Roe tells her story", "She was 15 years old.").withheld == ""


def test_whom_coalition_yml_names_is_no_victim():
    names = (Named("polaris", "member", "Polaris"),)
    assert shown("Polaris: victim identified as Jane Roe", names=names).title == (
        "Polaris: victim identified as [name withheld]"
    )


def test_without_rules_nothing_is_withheld():
    entry = Entry(source="s", kind=Kind.NEWS, identity=("x",), thread="x", title="victim identified as Jane Roe, 40")
    assert Care(Rules()).shown(entry) is entry


# --- pages that are no news ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://polaris.example/",
        "https://polaris.example/category/hotline/",
        "https://polaris.example/tag/labor/page/3/",
        "https://polaris.example/news",
        "https://polaris.example/blog/page/2",
        "https://polaris.example/human-trafficking",
        "https://en.wikipedia.org/wiki/Some_Body_That_Has_A_Very_Long_Name_Indeed",
        "https://www.legiscan.com/US/bill/HR4323/2026",
    ],
)
def test_a_list_and_an_encyclopedia_are_no_news(url):
    assert is_no_news(url, COALITION.media.not_news)


@pytest.mark.parametrize(
    "url",
    [
        "https://herald.example/2026/11/24/hotline-changes-hands",
        "https://herald.example/topic/crime/hotline-operator-under-fire-over-lost-tips",
        "https://herald.example/?p=18739",
        "https://fry.house.gov/news/documentsingle.aspx?DocumentID=392",
        "https://herald.example/highlights-from-our-work-in-2015/",
        "https://herald.example/news/2026-polaris",
        "https://herald.example/newsroom/17",
        "https://herald.example/a",
        "",
    ],
)
def test_an_article_is_news(url):
    assert not is_no_news(url, COALITION.media.not_news)
