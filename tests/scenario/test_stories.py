"""From feeds to stories: one card each, with the number of copies; what is posted once, and where."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.clustering import by_us, f1
from bench.newsroom import items
from bot.alerts.explain import why
from bot.media.news import records
from bot.media.news.cluster import COMMON, without_outlet
from bot.media.news.wording import head
from bot.ops.retention import forget
from bot.outbox import queued as outbox
from bot.outbox.records import EDIT
from bot.shared.answer import Health
from bot.shared.entry import Quote
from bot.watch.model import Level
from tests.kit.alerts import watch
from tests.kit.media import BODY, TUESDAY, Desk, campaign, story

PAIRS = (
    ("Senate committee advances human trafficking survivors bill",
     "House committee advances human trafficking survivors bill"),
    ("Trafficking survivors bill passes the Senate, heads to the House",
     "Trafficking survivors bill passes the House, heads to the president"),
    ("Court upholds trafficking survivor's conviction", "Court overturns trafficking survivor's conviction"),
    ("Vacatur law for trafficking survivors signed in Ohio", "Vacatur law for trafficking survivors signed in Iowa"),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def last(desk, channel="media"):
    return desk.cards(channel)[-1]


def last_story(desk):
    return desk.cards("media", "story", EDIT)[-1]


def last_head(desk):
    return head(desk.stories()[-1])


def digest_lines(desk, channel):
    return [line.text for card in desk.cards(channel, "digest") for section in card.sections for line in section.lines]


def ask(desk, name):
    """What `why` says of an outlet's telling."""
    return list(why(desk.db, desk.config, story(name).url, now=desk.now, stories=desk.news_room.explain).lines)


def test_a_story_to_act_on_is_one_card_in_the_press_channel_and_an_alert_elsewhere(desk):
    desk.take("wire", story("herald"))

    assert desk.heads("media") == ["HERALD (AP): Lantern fails to pass on trafficking tips"]
    assert last(desk).badge == "Lantern"
    assert [button.label for button in last(desk).buttons] == ["Claim", "Clip", "Follow up", "Mute story"]
    assert desk.heads("policy", "alert") == ["Lantern fails to pass on trafficking tips"]


def test_an_article_of_which_only_a_list_of_names_has_ours_names_us(desk):
    """As GDELT has them: a headline, no text, and the names in the text."""
    names = (Quote("Lantern Project", place="named in it, by GDELT"), Quote("City Hall", place="named in it, by GDELT"))
    desk.take("wire", story("herald", "A quiet day in town", summary=None, passages=names))

    ((mention,),) = (each.mentions for each in desk.stories())
    assert [name.entity for name in mention.names] == ["lantern"]


def test_a_copy_updates_the_card_and_is_posted_nowhere_again(desk):
    desk.take("wire", story("herald"))
    desk.take("newsroom", story("sun", "Audit: hotline nonprofit Lantern sat on tips", published=TUESDAY))

    assert [row["kind"] for row in desk.rows("media")] == ["story", EDIT]
    assert last(desk).head.endswith("tips · 2 outlets")
    assert "SUN: “Audit: hotline nonprofit Lantern sat on tips”" in [line.text for line in last(desk).lines]
    assert len(desk.heads("policy", "alert")) == 1
    assert len(desk.posted("media")) == 2  # `why` finds the copy in the card


def test_outlets_that_print_the_same_headline_stand_in_one_line(desk):
    desk.take("wire", story("herald"), story("sun"), story("star"))

    assert "Also in SUN and STAR." in [line.text for line in last(desk).lines]


def test_an_outlet_that_has_a_story_at_two_addresses_is_named_again(desk):
    desk.take("wire", story("herald"), story("second", outlet="HERALD"))

    assert "Also in HERALD." in [line.text for line in last(desk).lines]


def test_a_card_that_cannot_be_edited_is_reported(desk):
    desk.take("wire", story("herald"))
    desk.send_all()
    desk.take("newsroom", story("sun"))
    with desk.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'dead' WHERE kind = :kind", {"kind": EDIT})

    assert any(line.endswith("so later entries are not shown there") for line in ask(desk, "sun"))


def test_a_copy_is_a_line_in_the_digest_of_a_channel_that_was_alerted_to_its_story(desk):
    desk.compose()
    desk.take("wire", story("herald"))
    desk.take("newsroom", story("sun", "Audit: hotline nonprofit sat on tips"), story("star"))
    desk.run_on(days=1)
    desk.compose()

    lines = digest_lines(desk, "policy")
    assert any("SUN: " in line and "Audit: hotline nonprofit sat on tips" in line and "STAR" in line for line in lines)
    assert not any("Audit: hotline" in line for line in digest_lines(desk, "media"))  # its card has it


def test_a_channel_without_a_digest_gets_a_new_headline_in_the_story_s_thread_and_an_old_one_not_again(tmp_path):
    channels = {
        "policy": {"to": "console:policy", "digest": {"days": "never"}},
        "media": {"to": "console:media"},
        "admin": {"to": "console:admin"},
    }
    desk = Desk(tmp_path, campaign({"channels": channels}))
    desk.take("wire", story("herald"))
    desk.take("newsroom", story("sun", "Audit: hotline nonprofit sat on tips"))
    desk.take("newsroom", story("star"))

    assert desk.heads("policy", "alert") == [story("herald").title, "Audit: hotline nonprofit sat on tips"]
    assert len({row["thread"] for row in desk.rows("policy", "alert")}) == 1
    assert "  “policy” has no digest and already showed this headline from another outlet." in ask(desk, "star")


def test_a_copy_under_a_seventh_headline_is_in_the_digest_of_the_press_channel(desk):
    desk.compose()
    own = ["Audit finds gaps", "State faults nonprofit", "Calls unanswered", "Phones ring on"]
    own += ["A year of misses", "Contract in doubt", "Who picks up?"]
    desk.take("wire", story("herald"))
    for number, title in enumerate(own):
        desk.take("wire", story(f"o{number}", title))
    desk.run_on(days=1)
    desk.compose()

    (one,) = desk.stories()
    card = [line.text for line in last_story(desk).lines]
    hidden = [title for title in own if not any(title in line for line in card)]
    assert (len(one.mentions), len(hidden)) == (8, 1)
    assert "and 1 more headline: /mentions show S-1" in card
    assert any(hidden[0] in line for line in digest_lines(desk, "media"))


def test_a_card_that_was_dropped_swallows_no_copy(desk):
    desk.take("wire", story("herald"))
    with desk.db.write() as tx:
        outbox.drop(tx, desk.rows("media", "story")[0]["id"], why="by hand")
    desk.take("newsroom", story("sun", "Audit: hotline nonprofit Lantern sat on tips"))

    assert desk.heads("media") == ["Audit: hotline nonprofit Lantern sat on tips"]


def test_a_card_counts_a_copy_that_a_backlog_brings(desk):
    desk.take("newsroom", story("herald"))
    desk.wait(days=4)
    desk.take("wire", story("sun", "Audit: hotline nonprofit sat on tips", published=TUESDAY))

    assert last(desk).head.endswith("2 outlets")


@pytest.mark.parametrize("press", ["media", None])
@pytest.mark.parametrize(("first", "then"), PAIRS)
def test_another_event_is_alerted_and_never_folded(tmp_path, first, then, press):
    field = watch("field", "trafficking OR vacatur", Level.ALERT)
    desk = Desk(tmp_path, campaign({"press": press}, (field,)))
    for number, title in enumerate((first, then)):
        desk.take("wire", story(f"p{number}", title, outlet="thehill.com", summary="A vote on trafficking survivors."))
        desk.send_all()

    assert [one.title for one in desk.stories()] == [first, then]
    for channel in ("policy", "media"):
        assert all(any(title in head for head in desk.heads(channel)) for title in (first, then)), channel
    assert any("“policy” at" in line and "as alert" in line for line in ask(desk, "p1"))


def by_officials(text):
    """A made-up text whose people act in public: news that names others next to harm is withheld."""
    return re.sub(r"\b[A-Z][a-z]+ [A-Z][a-z]+", r"Director \g<0>", text)


@pytest.mark.long
@pytest.mark.parametrize("level", [Level.ALERT, Level.DIGEST])
@pytest.mark.parametrize("press", ["media", None])
def test_every_headline_of_a_busy_day_is_shown_in_every_channel_that_it_is_routed_to(tmp_path, level, press):
    """Copies, rewrites and near headlines of one topic, a few at a time, from two sources."""
    page = (Path(__file__).parents[1] / "unit" / "media" / "one_topic.jsonl").read_text(encoding="utf-8").splitlines()
    given_stories = [(item["title"], item["outlet"], "") for item in map(json.loads, page[:40])]
    given_stories += [(item.title, item.outlet, by_officials(item.text)) for item in items(60)]
    topic = watch("any", "a OR the OR of OR to OR in OR on OR trafficking OR Polaris OR records", level)
    desk = Desk(tmp_path, campaign({"press": press}, (topic,)))
    desk.compose()
    for at in range(0, len(given_stories), 7):
        brought = [story(f"n{at + n}", title, outlet=outlet, summary=text)
                   for n, (title, outlet, text) in enumerate(given_stories[at : at + 7])]  # fmt: skip
        desk.take(("wire", "newsroom")[at % 2], *brought)
        desk.send_all()
    for _ in range(3):  # what has no room in one digest is in the next
        desk.run_on(days=1)
        desk.compose()

    assert len(desk.stories()) < len(given_stories) - 20
    for channel in ("policy", "media"):
        text = " ".join(map(repr, desk.cards(channel))).casefold()
        missing = [
            title for title, outlet, _ in given_stories if without_outlet(title, outlet)[:60].casefold() not in text
        ]
        assert missing == [], channel


# --- why ------------------------------------------------------------------------------------------------------------


def test_why_names_a_copy_by_its_story_and_where_its_headline_is_shown(desk):
    desk.take("wire", story("herald"))
    assert "  First in story S-1." in ask(desk, "herald")
    desk.send_all()
    desk.take("newsroom", story("sun", "Audit: hotline nonprofit Lantern sat on tips"))

    lines = ask(desk, "sun")
    head = "HERALD (AP): Lantern fails to pass on trafficking tips · 2 outlets"
    assert f"  Copy in story S-1 “{head}”, under a headline of its own." in lines
    (card,) = [line for line in lines if "card in “media”" in line]
    assert card.endswith("the latest update of that card is not sent yet")
    assert "  Queued for the next digest in “policy”." in lines
    assert not any("Posted to" in line for line in lines)
    desk.send_all()
    assert not any("not sent yet" in line for line in ask(desk, "sun"))
    assert "  First in story S-1, with 2 outlets." in ask(desk, "herald")


def test_why_says_that_a_story_is_muted(desk):
    desk.take("wire", story("herald"))
    (one,) = desk.stories()
    with desk.db.write() as tx:
        records.save(tx, replace(one, muted_at=desk.now))
    desk.take("newsroom", story("sun"))

    assert ask(desk, "sun")[-2:] == [
        "  S-1 is muted: its copies are counted but not posted.",
        "  Nothing was posted about it.",
    ]


def test_copies_of_one_moment_are_one_story(desk):
    desk.take("wire", story("herald"), story("sun"), story("star", "Hotline nonprofit under fire"))

    (one,) = desk.stories()
    assert one.outlets == ("HERALD", "SUN", "STAR")
    assert len(desk.heads("media", "story")) == 1
    assert len(desk.heads("policy", "alert")) == 1


def test_the_agency_that_copies_credit_comes_first_once_its_own_text_is_there(desk):
    desk.take("wire", story("herald"))
    desk.take("wire", story("ap", outlet="AP", published=TUESDAY))

    assert desk.stories()[0].original.outlet == "AP"


def test_another_report_on_the_same_subject_is_another_story(desk):
    desk.take("wire", story("herald"), story("sun", "Lantern wins trafficking award", summary="A gala in Boston."))

    assert len(desk.stories()) == 2


def test_headlines_that_differ_in_a_number_stay_apart(desk):
    for outlet, count in (("herald", 34), ("sun", 36)):
        title = f"Lantern: {count} survivors of trafficking helped in county raids"
        desk.take("wire", story(outlet, title, summary=f"They were helped by Lantern, which counts {count} survivors."))

    assert len(desk.stories()) == 2


def test_a_copy_that_comes_days_later_is_a_new_story(desk):
    desk.take("wire", story("herald"))
    desk.wait(days=5)
    desk.take("wire", story("sun", published=desk.now))

    assert len(desk.stories()) == 2


def test_two_releases_of_offices_are_never_folded(desk):
    for outlet in ("justice", "labor"):
        desk.take("wire", story(outlet, url=f"https://{outlet}.gov/{outlet}-on-the-audit-of-the-day"))

    assert len(desk.stories()) == 2


def test_releases_that_differ_in_their_number_alone_stay_two(desk):
    for number in (392, 1028):
        url = f"https://fry.house.gov/news/documentsingle.aspx?DocumentID={number}"
        desk.take("wire", story(f"d{number}", outlet="Fry", url=url))

    assert {one.original.key for one in desk.stories()} == {
        f"fry.house.gov/news/documentsingle.aspx?DocumentID={number}" for number in (392, 1028)
    }


def test_what_can_wait_is_a_line_of_the_press_digest_with_its_copies(desk):
    desk.compose()
    kind = {"summary": "Lantern, which helps survivors, opens a second house in Tampa next spring, the county said."}
    desk.take("wire", story("herald", "Lantern opens a house for survivors", **kind))
    desk.take("wire", story("sun", "Lantern opens a house for survivors", **kind))
    desk.run_on(days=1)
    desk.compose()

    assert desk.heads("media", "story") == []
    (digest,) = desk.cards("media", "digest")
    lines = [line.text for section in digest.sections for line in section.lines]
    assert "HERALD and SUN: Lantern opens a house for survivors" in lines


def test_what_was_there_before_is_stored_as_history_and_not_posted(tmp_path):
    desk = Desk(tmp_path, baseline=False)
    desk.take("wire", story("herald"))

    assert len(desk.stories()) == 1
    assert desk.heads("media", "story") == []
    desk.take("wire", story("sun"))
    assert desk.heads("media", "story") == ["HERALD (AP): Lantern fails to pass on trafficking tips · 2 outlets"]


def test_the_first_and_the_newest_headline_are_kept(desk):
    first = story("herald")
    desk.take("wire", first)
    desk.edited(story("herald", "Lantern fails to pass on trafficking tips, audit says", source="wire"))

    (one,) = desk.stories()
    assert (one.original.title, one.title) == (first.title, "Lantern fails to pass on trafficking tips, audit says")
    assert last(desk).head == "HERALD (AP): Lantern fails to pass on trafficking tips, audit says"
    assert f"First headline: “{first.title}”." in [line.text for line in last(desk).lines]


def test_the_day_that_the_first_source_does_not_give_is_that_of_the_next(desk):
    desk.take("newsroom", story("herald", published=None))
    desk.edited(story("herald", source="wire", published=TUESDAY - timedelta(days=2)))

    (one,) = desk.stories()
    assert one.at == TUESDAY - timedelta(days=2)
    assert last(desk).byline.startswith("published Sun Nov 22, 2026")


def test_an_organization_is_no_outlet_of_the_story_that_its_release_began(desk):
    desk.take("newsroom", story("lantern", url="https://lantern.example/a-release-of-the-day"))
    assert last_head(desk) == "LANTERN (AP): Lantern fails to pass on trafficking tips"
    desk.take("wire", story("sun"))
    assert last_head(desk) == "LANTERN (AP): Lantern fails to pass on trafficking tips · 1 outlet"


def test_a_list_of_others_has_no_day_and_is_no_mention(desk):
    desk.take("wire", story("herald", url="https://herald.example/tag/lantern", published=None))

    assert desk.stories() == []
    assert desk.heads("policy") == []


def test_a_name_that_may_be_a_victim_s_is_shown_nowhere(desk):
    secret = "Lantern: trafficking victim identified as Jane Roe after raid"
    url = "https://herald.example/2026/jane-roe-named-as-victim-of-trafficking"
    desk.take("wire", story("herald", secret, url=url, summary="Jane Roe was helped by Lantern."))
    desk.compose()
    desk.run_on(days=1)
    desk.compose()

    shown = [repr(card) for channel in ("media", "policy", "admin") for card in desk.cards(channel)]
    assert any("Headline withheld" in card for card in shown)
    assert not [card for card in shown if "Jane Roe" in card or "jane-roe" in card]
    assert desk.stories()[0].original.excerpt == ""


def test_no_more_than_sixty_words_of_a_text_are_kept(desk):
    desk.take("wire", story("herald", summary=f"{BODY} " * 5))

    assert len(desk.stories()[0].original.excerpt.split()) == 60


def test_a_card_waits_for_the_end_of_quiet_hours_and_counts_what_came_meanwhile(tmp_path):
    from tests.kit.media import campaign

    channels = {
        "policy": {"to": "console:policy"},
        "media": {"to": "console:media", "quiet": ["09:00", "12:00"]},
        "admin": {"to": "console:admin"},
    }
    desk = Desk(tmp_path, campaign({"channels": channels}))
    desk.take("wire", story("herald"))
    desk.take("wire", story("sun"))
    desk.take("wire", story("crier", "Raid on farms", summary="Nothing of anybody."))

    rows = desk.rows("media", "story")
    assert [row["due_at"][11:16] for row in rows] == ["17:00", "17:00"]
    assert last(desk).head.endswith("Raid on farms")


def test_a_backlog_waits_for_the_digest(desk):
    desk.wait(days=9)
    desk.take("wire", story("herald", published=desk.now - timedelta(days=2)))

    assert desk.heads("media", "story") == []
    assert len(desk.stories()) == 1


def test_a_flood_is_a_list_and_no_cards(desk):
    desk.take("wire", *(story(f"o{n}", f"Lantern fails survivors, case of {n} county", summary="") for n in range(25)))

    assert desk.heads("media", "story") == []
    assert desk.heads("media", "alert")[0].startswith("25 matches at once")


def test_a_source_in_trouble_changes_nothing(desk):
    desk.take("wire", story("herald"))
    desk.fail("wire", Health.GONE)

    assert len(desk.stories()) == 1


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_a_long_text_is_judged_whole_and_kept_as_sixty_words_around_the_name(desk):
    far = f"{'so ' * 80}Lantern fights trafficking {'thus ' * 80}and a lawsuit says otherwise"
    desk.take("wire", story("herald", "A week in court", summary=far))

    (one,) = desk.stories()
    assert one.entities == ("lantern",)
    assert one.original.excerpt.startswith("…so so")
    assert "Lantern fights trafficking" in one.original.excerpt
    assert len(one.original.excerpt.split()) == 60
    assert desk.heads("policy", "alert") == ["A week in court"]  # for "lawsuit", which is not kept
    assert "otherwise" not in str(desk.db.read("SELECT * FROM entry"))


def test_the_same_long_text_again_is_nothing_new(desk):
    given_stories = story("herald", summary=f"{BODY} {'so ' * 90}")
    desk.take("wire", given_stories)
    desk.take("wire", given_stories)

    assert [row["kind"] for row in desk.rows("media")] == ["story"]
    assert desk.db.read("SELECT first_body FROM entry")[0]["first_body"] is None


def test_what_an_office_says_itself_is_kept_as_it_says_it(desk):
    desk.take(
        "wire", story("office", url="https://justice.gov/pr/1-story-of-the-day", summary=f"{BODY} {'so ' * 90}end")
    )

    assert "so end" in str(desk.db.read("SELECT body FROM entry"))


@pytest.mark.long
def test_the_store_finds_the_stories_that_are_found_in_memory_where_they_are_measured(tmp_path):
    given = [replace(item, text=by_officials(item.text)) for item in items(200)]
    desk = Desk(tmp_path, campaign(watches=(watch("any", "a OR the OR of OR to OR in", Level.DIGEST),)))
    for n, item in enumerate(given):
        desk.take("wire", story(f"outlet-{n}", item.title, outlet=item.outlet, summary=item.text))
    of = {mention.url: each.id for each in desk.stories() for mention in each.mentions}
    story_ids = [of[story(f"outlet-{n}").url] for n in range(len(given))]
    assert f1(by_us(given), story_ids) == 1


def test_a_turn_of_phrase_that_everybody_has_is_not_remembered_without_end(desk):
    """What a new item costs is bounded by how many share its words, whatever is stored."""
    given_stories = [
        story(f"o{n}", f"Number {n} of the day", summary="Lantern helps survivors of trafficking.") for n in range(70)
    ]
    desk.take("wire", *given_stories)

    sql = "SELECT COUNT(*) AS n FROM mention_shingle GROUP BY shingle ORDER BY n DESC"
    assert desk.db.read(sql)[0]["n"] == COMMON + 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("title", "stories"), [("Lantern wins in court for survivors of trafficking", 1), ("Number {} of the day", 70)]
)
def test_a_headline_or_a_quotation_that_everybody_has_is_not_remembered_without_end(desk, title, stories):
    said = 'Lantern helps survivors of trafficking. "We will end this trade by the next year, or else," she said.'
    for n in range(70):
        desk.take("wire", story(f"o{n}", title.format(n), summary=said))

    sql = "SELECT COUNT(*) AS n FROM mention_shingle GROUP BY shingle ORDER BY n DESC"
    assert desk.db.read(sql)[0]["n"] == COMMON + 1
    assert len(desk.stories()) == stories


def test_after_two_weeks_the_words_of_a_mention_are_forgotten_and_the_mention_stays(desk):
    desk.take("wire", story("herald"))
    counts = []
    for days in (14, 15):
        with desk.db.write() as tx:
            forget(tx, desk.config.coalition, desk.now + timedelta(days=days))
        counts.append(desk.db.read("SELECT COUNT(*) AS n FROM mention_shingle")[0]["n"])
    assert counts[0] > counts[1] == 0
    assert len(desk.stories()) == 1
