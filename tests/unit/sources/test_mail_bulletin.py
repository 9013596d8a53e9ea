"""Headlines that look like a mailer's own lines are items all the same."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from bot.sources.mail.mail_child import announced
from bot.sources.mail.reading import Line, lines_of, target

HEADLINES = (
    "Senators press the department over enforcement of trafficking laws",
    "Privacy Act of 1974; System of Records",
    "Universal periodic review in Geneva begins on Monday",
    "Contractors must follow USDA guidelines on forced labor",
    "How to contact USCIS about a T visa",
    "Court admits a survivor's interview as evidence",
    "Rule makes it easier to unsubscribe from paid services",
    "Survivors are having trouble finding safe housing",
    "App stores sued over their privacy policy for children",
    "More than 200 defendants charged with trafficking",
    "However entrenched, forced labor can end",
    "Get Ready for Heat Season",
    "See Something, Say Something",
    "Join Forces Against Labor Trafficking",
    "Learn the signs of heat illness",
)


@pytest.mark.parametrize("is_linked", [True, False], ids=["a linked title", "a heading with a link below"])
@pytest.mark.parametrize("headline", HEADLINES)
def test_a_headline_that_resembles_a_mailers_line_is_an_item_with_its_own_summary(headline, is_linked):
    lines = []
    for n, title in enumerate(("Grants for shelters are open for applications", headline, "A hearing on visas is set")):
        page = f"https://agency.gov/news/{n}"
        title_line = Line(title, ((title, page),)) if is_linked else Line(title, (), is_head=True)
        call = () if is_linked else (Line("Read more", (("Read more", page),)),)
        lines += [title_line, Line(f"What happened is told in summary {n}."), *call]
    items = announced("Daily digest of the agency", lines)
    assert [(item.page[-1], item.summary[-2:-1]) for item in items] == [("0", "0"), ("1", "1"), ("2", "2")]
    assert items[1].title == headline


@pytest.mark.parametrize("on_its_line", [True, False], ids=["behind the title", "below the title"])
@pytest.mark.parametrize(
    ("teaser", "day"),
    [
        ("On July 4, 2026, a jury convicted a man of trafficking.", None),
        ("On July 4, 2026, a jury met.", None),
        ("07/29/2026 08:00 AM EDT", "2026-07-29"),
        ("(July 29, 2026)", "2026-07-29"),
        ("Posted on July 29, 2026", "2026-07-29"),
    ],
)
def test_a_day_within_a_teaser_is_not_the_item_s_day_and_leaves_the_teaser_whole(teaser, day, on_its_line):
    lines = []
    for n, title in enumerate(
        ("Grants for shelters are open for applications", "A hearing on visas is set for the fall")
    ):
        links = ((title, f"https://agency.gov/news/{n}"),)
        lines += [Line(f"{title} {teaser}", links)] if on_its_line else [Line(title, links), Line(teaser)]
    items = announced("Daily digest of the agency", lines)

    assert [(item.title[:3], item.day and f"{item.day:%Y-%m-%d}") for item in items] == [("Gra", day), ("A h", day)]
    assert day or on_its_line or [item.summary for item in items] == [teaser] * 2


def test_a_text_that_divides_its_items_with_rules_has_all_of_them():
    rule = Line("_" * 72)
    lines = []
    for n in range(3):
        title = f"Release {n} about grants for shelters"
        lines += [Line(title, ((title, f"https://agency.gov/news/{n}"),)), Line(f"Summary {n}."), rule]
    lines += [Line("Stay connected with the agency"), Line("SUBSCRIBER SERVICES:"), Line("Help with subscriptions")]
    items = announced("Daily digest of the agency", lines)
    assert [(item.page[-1], item.summary) for item in items] == [(str(n), f"Summary {n}.") for n in range(3)]


@pytest.mark.parametrize(
    "own",
    ["Having trouble viewing this email? View it as a Web page", "View in your browser", "Bookmark and Share",
     "Follow us on social media", "Contact Us", "Privacy Policy | FOIA", "Privacy Act", "You can unsubscribe here",
     "Ver en línea", "Update your preferences", "Click here to unsubscribe.",
     "If you wish to unsubscribe, write to us."],
)  # fmt: skip
def test_a_mailers_own_line_is_no_item_and_no_summary(own):
    title = "Grants for shelters are open for applications"
    (item,) = announced(title, [Line(title, ((title, "https://agency.gov/1"),)), Line("A summary."), Line(own)])
    assert item.summary == "A summary."


@pytest.mark.parametrize(
    "call", ["Read more", "See the full announcement", "Get the report on visas", "Join us for the webinar on Friday",
             "Learn about the case", "Find out how to apply", "Watch it live", "Apply today"],
)  # fmt: skip
def test_a_call_below_a_heading_is_its_link_and_no_item(call):
    lines = []
    for n, title in enumerate(("Grants for shelters are open", "A hearing on visas is set")):
        lines += [
            Line(title, (), is_head=True),
            Line(f"Summary {n}."),
            Line(call, ((call, f"https://agency.gov/{n}"),)),
        ]
    items = announced("Daily digest of the agency", lines)
    assert [(item.title[:3], item.page[-1]) for item in items] == [("Gra", "0"), ("A h", "1")]


def test_a_link_that_cannot_be_unwrapped_is_given_to_nobody():
    """It has the subscriber's token: the item gets the bulletin's public page, or no link."""
    wrapped = "https://r20.rs6.net/tn.jsp?f=001token"
    public = "https://us2.campaign-archive.com/?u=7e1&id=c9"
    view = Line("View in your browser", (("View in your browser", target(f"{public}&e=token")),))
    lines = [Line(title, ((title, wrapped + title[:1]),)) for title in ("Grants are open again", "A hearing is set")]
    subject = "Daily digest of the agency"

    assert [item.page for item in announced(subject, [view, *lines])] == [public, public]
    assert [item.page for item in announced(subject, lines)] == ["", ""]
    assert announced(subject, [Line("Dear friends,", (("Read it", wrapped),)), view])[0].page == public


def test_an_address_in_the_words_of_a_mail_is_shown_without_its_wrapper_or_not_at_all():
    mail = EmailMessage()
    wrapped = "https://click.agency.gov/c?token=9&to=https%3A%2F%2Fagency.gov%2Fa"
    mail.set_content(f"The rule is at {wrapped} and the form at https://lnks.gd/2/token9 from today on.")
    (line,) = lines_of(mail)
    assert line.words == "The rule is at https://agency.gov/a and the form at from today on."
