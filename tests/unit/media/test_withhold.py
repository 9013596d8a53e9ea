"""Names of victims and minors: withheld wherever there may be one, and as little else as possible with them."""

import tracemalloc

import pytest

from bot.config.coalition import Coalition
from bot.media.news.reading import Care, is_no_news
from bot.shared.entry import HEADLINE_WITHHELD, Entry, Kind, Named, Quote
from bot.watch.index import Index
from tests.kit.effort import processor_limit
from tests.unit.media.test_entities import COALITION

CARE = Care(COALITION)


def item(title, text="", url="", names=()):
    return Entry(
        source="s", kind=Kind.NEWS, identity=("x",), thread="x", title=title, summary=text, url=url, names=names,
        pdf_url="https://wire.example/a.pdf", quotes=(Quote("Bella Sample"),),
    )  # fmt: skip


def may_name(care, entry):
    return care.may_name(entry, Index(entry))


def read(entry):
    return CARE.read(entry, Index(entry))


def withheld(title, text="", url="", names=()):
    return read(item(title, text, url, names)).withheld != ""


NAMED = {
    "in the headline": [
        ("Police: victim identified as Jane Roe of Tampa", ""),
        ("Jane Roe, 15, rescued from traffickers", ""),
        ("Jane, 15, rescued from traffickers", ""),
        ("Jane (15) rescued from traffickers", ""),
        ("16-year-old Maria T. Lopez found alive", ""),
        ("sixteen-year-old Maria Lopez found alive", ""),
        ("Missing Girl Jane Roe Found In Trafficking Raid", ""),
        ("MISSING GIRL JANE ROE FOUND", ""),
        ("14-Year-Old Rescued In Trafficking Sting", ""),
        ("missing teen Zoë O’Neil found dead", ""),
        ("missing teen Álvaro Núñez found dead", ""),
        ("Teen Jane Roe rescued from motel", ""),
    ],
    "in the text alone": [
        ("16-year-old girl identified as victim in trafficking sting", "Police said Anna Example was held for a week."),
        ("Teen rescued from traffickers", "Bella Sample, 15, was found at a motel."),
        ("Teen rescued from traffickers", "Bella Sample was found at a motel."),
        ("Teen Jane Roe tells her story", "She was 15 years old."),
        ("Five held after raid on motel", "Among those found was Bella Sample, 15, of Ohio."),
        ("Five held after raid on motel", "Bella Sample (15) was found there."),
        ("Five held after raid on motel", "A 15-year-old girl, Bella Sample, was found there."),
        ("Five held after raid on motel", "A 15-year-old girl named Bella was found there."),
        ("Five held after raid on motel", "Bella Sample was only 14 when it began."),
        ("Five held after raid on motel", "They found Bella Sample. She is 15 years old."),
        ("Five held after raid on motel", "The victim identified as B. Sample lived nearby."),
        ("Five held after raid on motel", "Police found Virginia Sample, 15, in Virginia."),
        ("Five held after raid on motel", "Police found Amber Sample, aged 15, there."),
        ("Five held after raid on motel", "The girl, Bella de la Cruz, turned 15 there."),
        ("Five held after raid on motel", "Many words come first. " * 400 + "Bella Sample, 15, was found there."),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("title", "text"), [pair for pairs in NAMED.values() for pair in pairs])
def test_a_story_that_may_name_a_victim_or_a_minor_is_withheld(title, text):
    assert withheld(title, text)


@pytest.mark.parametrize("hyphen", "‐‑‒–−")
def test_a_minor_is_withheld_whatever_hyphen_the_publisher_writes(hyphen):
    text = "Police said that 12-year-old Jonah Sample left school that day."

    assert withheld("Coach charged", text.replace("-", hyphen))


@pytest.mark.parametrize("age", ["Six-Year-Old", "SIX YEAR OLD", "sıx-year-old"])
def test_an_age_counts_in_any_case_and_other_letters_do_no_harm(age):
    assert withheld("School reopens", f"Bella Sample, a {age} guest, was there — on Monday.")


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Teen rescued from traffickers", "https://wire.example/2026/11/bella-sample-rescued"),
        ("16-year-old girl found alive", "https://wire.example/news/bella-sample-found.html"),
        ("16-year-old girl found alive", "https://wire.example/news/Bella_Sample"),
        ("16-year-old girl found alive", "https://wire.example/n%C3%BA%C3%B1ez/"),
        ("Five held after raid on motel", "https://wire.example/missing-teen-bella-sample"),
        ("Bella Sample tells her story", "https://wire.example/15-year-old-tells-her-story"),
        ("Survivor of sex trafficking tells her story", "https://wire.example/2026/bella-sample-profile"),
        ("How a runaway became a victim", "https://wire.example/bella-sample"),
    ],
)
def test_a_name_in_the_address_alone_withholds_the_story(title, url):
    assert withheld(title, "", url)


def test_of_a_withheld_story_only_its_outlet_and_day_are_left():
    entry = read(item("Teen rescued", "Bella Sample, 15, was found.", "https://wire.example/bella-sample"))

    assert (entry.title, entry.summary, entry.link, entry.pdf_url, entry.quotes) == (
        HEADLINE_WITHHELD,
        None,
        "",
        None,
        (),
    )
    assert entry.withheld == "Teen rescued"
    assert entry.text == "Bella Sample, 15, was found."  # matched once; not stored
    assert read(entry) == entry


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("122 Arrested in Sex Trafficking Operation", ""),
        ("Three teens rescued in Tampa sting", "The Tampa Police Department said so on Monday."),
        ("Jane Roe named director of Polaris", ""),
        ("Girl, 15, rescued in sting", ""),
        ("Girl, 15, rescued in sting", "The Tampa Police Department and the FBI found her on Monday in Ohio."),
        ("Bill would help trafficked children", "Sens. Jane Roe and John Sample introduced it."),
        ("Child trafficking bill moves to the floor", "Rep. Jane Roe, a Democrat of Ohio, wrote it."),
        ("Student loan rules change", "Jane Roe of the institute wrote them."),
        ("40-year-old John Roe charged with trafficking", ""),
        ("Trafficker gets 15 years in prison", "John Roe, 40, was sentenced in Texas."),
        ("Man charged", "John Roe, 40, of Houston, was charged with the trafficking of a 15-year-old girl."),
        ("Man charged", "A 15-year-old girl was found by Detective Jane Roe of the Houston Police Department."),
        ("Attorney general reports", "Since May 3, 12, 15 and 17 cases were filed. Asks 4, 5 and 6 follow."),
        ("Girl, 15, rescued in sting", "Sheriff Jane Roe said deputies found her."),
    ],
)  # fmt: skip
def test_other_stories_are_shown_as_they_are(title, text):
    assert not withheld(title, text)


@pytest.mark.parametrize(
    ("title", "step"),
    [
        ("Girl, 15, rescued in sting", "girl-15-rescued-in-sting.html"),
        ("Survivor of sex trafficking tells her story", "survivor-sharing-stories-at-meetings"),
    ],
)
def test_an_address_that_repeats_its_headline_or_has_other_words_withholds_nothing(title, step):
    assert not withheld(title, "", f"https://wire.example/2026/11/24/{step}")


def test_an_age_in_the_text_counts_where_the_headline_is_about_a_minor():
    assert withheld("Student Jane Roe tells her story", "She was 15 years old.")
    assert not withheld("Director Jane Roe tells her story", "She was 15 years old.")


def test_people_named_in_coalition_yml_are_no_victims():
    names = (Named("polaris", "member", "Polaris"),)
    assert not withheld("Polaris: girl, 15, rescued", "Polaris said so.", names=names)
    assert withheld("Polaris: victim identified as Jane Roe", names=names)


def test_a_coalition_without_own_words_withholds_the_names_of_minors():
    bare = Care(Coalition(id="x", name="X", short="X", contact="x@example.org", asks={1: {"title": "One"}}))
    assert may_name(bare, item("Jane Roe, 15, rescued after flood"))
    assert may_name(bare, item("Missing girl found dead near river", "Bella Sample was found on Monday."))
    assert not may_name(bare, item("Director Jane Roe speaks on the drought", "She asked for rules."))


@pytest.mark.long
def test_a_long_text_is_read_in_linear_time():
    for text in ("Bella Sample, ", "15-year-old ", "She is 15. ", "Aa" * 20 + " ", "15, ", "A. "):
        with processor_limit(1):
            withheld("Five held after raid on motel", text * (500_000 // len(text)))


@pytest.mark.long
def test_long_words_of_a_hostile_feed_do_not_stay_in_memory():
    tracemalloc.start()
    for number in range(200):
        read(item("Girl, 15, rescued", chr(0x20000 + number) * 50_000))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4_000_000


@pytest.mark.long
@pytest.mark.parametrize(("word", "most"), [("w{:x}", 4_000_000), ("{}", 1_500_000)])
def test_the_words_and_numbers_of_many_texts_do_not_stay_in_memory(word, most):
    read(item("Girl, 15, rescued", "Jane Roe"))  # the lists of words stay
    tracemalloc.start()
    for start in range(0, 20_000, 20):
        words = [word.format(number) for number in range(start, start + 20)]
        read(item("Girl, 15, rescued", " ".join([*words[:10], "Jane Roe", *words[10:]])))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < most


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
