"""The press contact works the stories: claims, clips, follows up, sorts, and takes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts import baseline
from bot.app.command_table import ROOMS
from bot.app.composing import WAITING
from bot.commands.model import Refusal, Reply, Role
from bot.media.news import commands as mentions
from bot.media.news import records
from bot.media.news.model import Tone
from bot.media.news.wording import recent
from bot.outbox.model import from_json
from bot.shared.answer import Body
from bot.shared.entry import Entry, Kind
from tests.kit.board import CONFIG, Board, press, send, words

TITLE = "Polaris fails to pass on trafficking tips, audit says"
TEXT = (
    "Polaris, a nonprofit that fights trafficking, fails to pass on one tip in five, an audit of its contract said on "
    "Monday, and lawmakers want to know why nobody noticed for years."
)


def article(outlet: str, title: str = TITLE, text: str = TEXT, **rest) -> Entry:
    url = rest.pop("url", f"https://{outlet.lower()}.example/2026/11/{outlet.lower()}-tells-of-the-audit-of-tips")
    return Entry(source="wire", kind=Kind.NEWS, identity=(f"url:{url[8:]}",), thread=f"url:{url[8:]}", title=title,
                 url=url, summary=text, outlet=outlet, **rest)  # fmt: skip


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path)


@pytest.fixture
def cy(board):
    return board.add("Cy", Role.PRESS)


def stories(board):
    stored = records.stories(board.db, board.now - timedelta(400), board.now + timedelta(400))
    return sorted(stored, key=lambda story: story.number)


def shown(board):
    """The last card of every message of the press channel."""
    rows = board.db.read("SELECT * FROM delivery WHERE channel = 'press' ORDER BY seq")
    return {row["edits"] or row["id"]: from_json(row["card"]) for row in rows}


def heard_by(board, person):
    sql = "SELECT card FROM delivery WHERE channel = :dm ORDER BY seq"
    return [from_json(row["card"]) for row in board.db.read(sql, {"dm": f"dm:{person.id}"})]


def only_card(board):
    (card,) = [card for card in shown(board).values() if card.foot.startswith("S-")]
    return card


# --- reading ------------------------------------------------------------------------------------------------------


def test_an_empty_desk_says_what_to_do(board, cy):
    card = board.card(cy, "mentions list")

    assert card.head == "No mentions in the last 7 days"
    assert "/mentions add" in words(card)


def test_stories_are_listed_newest_first_and_by_what_is_asked(board, cy):
    board.bring(article("Herald"), article("Crier", "T'ruah rabbis march for Immokalee farmworkers", "With the CIW."))

    assert board.card(cy, "mentions list").head == "2 stories in the last 7 days"
    assert "Herald: Polaris fails" in words(board.card(cy, "mentions list", entity="polaris"))
    assert board.card(cy, "mentions list", entity="polaris").head == "1 story in the last 7 days"
    assert board.card(cy, "mentions list", only="act").head == "1 story in the last 7 days"
    assert board.card(cy, "mentions list", ask="7").head == "No mentions in the last 7 days"


def test_a_story_shows_its_copies_why_it_is_here_and_what_can_be_done(board, cy):
    board.bring(article("Herald"), article("Sun", "Hotline nonprofit Polaris sat on tips"))

    card = board.card(cy, "mentions show", story="s-1")
    assert "Herald: Polaris fails to pass on" in words(card)
    assert "Sun: Hotline nonprofit" in words(card)
    assert any("“Polaris” near “trafficking”" in reason for reason in card.why)
    assert card.links == ()  # each copy has its own
    assert [button.label for button in card.buttons] == ["Claim", "Clip", "Follow up", "Mute story"]
    assert "Also: /mentions tag S-1, /mentions correction S-1, /mentions not-us S-1" in card.foot


def test_a_story_without_copies_says_its_headline_once_and_who_is_quoted(board, cy):
    board.bring(article("Herald"))

    card = board.card(cy, "mentions show", story="s-1")
    assert words(card).count("Polaris fails to pass on") == 1
    assert "Named, not quoted." in words(card)
    assert [link.label for link in card.links] == ["Read"]
    board.now += timedelta(days=1)
    assert "S-1 · Tue Nov 24, 2026 · Herald" in words(board.card(cy, "mentions list"))


def test_a_story_is_found_by_an_address_of_it(board, cy):
    board.bring(article("Herald"))

    url = "http://www.herald.example/2026/11/herald-tells-of-the-audit-of-tips/?utm_source=x"
    assert board.card(cy, "mentions show", story=url).foot.startswith("S-1")
    assert "There is no story" in board.refused(cy, "mentions show", story="S-9").what


def test_a_policy_colleague_reads_and_does_nothing(board):
    ada = board.add("Pol", Role.POLICY)
    board.bring(article("Herald"))

    assert board.card(ada, "mentions show", story="S-1").buttons == ()
    assert "no such command" in board.refused(ada, "mentions claim", story="S-1").what


# --- working ------------------------------------------------------------------------------------------------------


def test_a_claim_shows_on_the_card_and_can_be_given_back(board, cy):
    board.bring(article("Herald"))
    claimed = press(board, cy, only_card(board), "Claim").card

    assert claimed.head == f"Yours: Herald: {TITLE}"
    assert "Claimed by Cy, 10:01" in only_card(board).foot
    assert only_card(board).buttons[0].label == "Details"
    press(board, cy, claimed, "Unclaim")
    assert "Claimed" not in only_card(board).foot


def test_a_second_clip_leaves_the_first_one_s_note(board, cy):
    bo = board.add("Bo", Role.PRESS)
    board.bring(article("Herald"))
    board.card(cy, "mentions clip", story="S-1", note="for the funder")

    again = board.card(bo, "mentions clip", story="S-1")
    assert again.head == "S-1 is a clip already"
    (story,) = stories(board)
    assert (story.clip.by, story.clip.note) == (cy.id, "for the funder")


def test_a_taken_task_stays_with_its_person_until_another_takes_it_over_knowingly(board, cy):
    bo = board.add("Bo", Role.PRESS)
    board.bring(article("Herald"))
    board.card(cy, "mentions claim", story="S-1")

    card = board.card(bo, "mentions claim", story="S-1")
    assert card.head.startswith("Claimed by Cy")
    press(board, bo, card, "Claim it anyway")
    assert "Claimed by Bo" in only_card(board).foot
    assert [card.head for card in heard_by(board, cy)] == ["Bo claimed S-1, which you had claimed"]

    board.card(cy, "mentions claim", story="S-1", undo="yes")
    (heard,) = heard_by(board, bo)
    assert heard.head == "Cy released S-1, which you had claimed"
    assert "S-1" in words(press(board, bo, heard, "Details").card)
    board.card(cy, "mentions claim", story="S-1")
    board.card(cy, "mentions claim", story="S-1", undo="yes")
    assert (len(heard_by(board, bo)), len(heard_by(board, cy))) == (1, 1), "nobody hears of their own"


def test_a_clip_asks_for_what_only_a_person_can_say(board, cy):
    board.bring(article("Herald"))
    card = press(board, cy, only_card(board), "Clip").card

    assert "Still missing: tone and the spokesperson quoted." in words(card)
    form = press(board, cy, card, "Tag").form
    assert [field.param.name for field in form.fields] == ["tone", "asks", "spokesperson", "reporter"]
    board.card(cy, "mentions tag", story="S-1", tone="critical", asks="5, 6", spokesperson="Kay", reporter="J. Roe")
    (story,) = stories(board)
    assert (story.tone, story.asks, story.spokesperson, story.reporter) == (Tone.CRITICAL, (5, 6), "Kay", "J. Roe")
    assert story.clip.by == cy.id
    assert only_card(board).badge == "Polaris · Asks 5 and 6"


def test_what_is_taken_out_of_the_tags_form_is_taken_off_the_story(board, cy):
    board.bring(article("Herald"))
    board.card(cy, "mentions tag", story="S-1", tone="critical", asks="5, 6", spokesperson="Kay", reporter="J. Roe")
    form = board.ask(cy, "mentions tag", story="S-1").form

    same = send(board, cy, form, tone="support").card
    count = len(board.changes())
    assert "already has these tags" in send(board, cy, form, tone="support").card.head
    assert len(board.changes()) == count
    assert stories(board)[0].reporter == "J. Roe"
    outdated = send(board, cy, form, tone="critical")
    assert outdated.what.startswith("S-1 was changed while your form was open.")
    form = board.ask(cy, "mentions tag", story="S-1").form
    gone = send(board, cy, form, asks="", spokesperson="", reporter="").card

    (story,) = stories(board)
    assert (story.tone, story.asks, story.spokesperson, story.reporter) == (Tone.SUPPORT, (), None, None)
    assert "tone: support" in words(same)
    assert "asks: none, reporter: none, spokesperson: none" in words(gone)


def test_a_tag_takes_only_asks_that_there_are(board, cy):
    board.bring(article("Herald"))

    assert "There is no ask 77" in board.refused(cy, "mentions tag", story="S-1", asks="77").what
    assert "Write the numbers of asks" in board.refused(cy, "mentions tag", story="S-1", asks="five").what


@pytest.mark.parametrize(("channel", "where"), [("press", "press"), (None, "admin")])
def test_a_follow_up_of_a_person_who_left_goes_to_the_others(tmp_path, channel, where):
    feeds = CONFIG.feeds.model_copy(update={"press": channel})
    board = Board(tmp_path, config=replace(CONFIG, feeds=feeds))
    cy = board.add("Cy", Role.PRESS)
    board.bring(article("Herald"))
    board.card(cy, "mentions follow-up", story="S-1", on="friday", note="ask for the audit itself")
    board.card(board.admin, "people leave", person="Cy", sure="yes")

    for _ in range(2):
        mentions.compose(replace(board.job, now=board.now + timedelta(days=4)))

    sql = "SELECT card FROM delivery WHERE channel = :channel AND key LIKE '%follow-up%'"
    (row,) = board.db.read(sql, {"channel": where})
    card = from_json(row["card"])
    assert "ask for the audit itself" in words(card)
    assert "Posted here because the person it was for cannot get it" in card.foot


def test_a_follow_up_reminds_its_creator_once(board, cy):
    board.bring(article("Herald"))
    form = press(board, cy, only_card(board), "Follow up").form
    card = board.card(cy, "mentions follow-up", **dict(form.args), on="friday", note="ask for the audit itself")
    assert card.head == "The bot will remind you on Fri Nov 27, 2026 at 9 a.m."

    for days in (0, 1, 3, 3.1):
        now = board.now + timedelta(days=days)
        mentions.compose(replace(board.job, now=now))
    rows = board.db.read("SELECT * FROM delivery WHERE channel = :dm", {"dm": f"dm:{cy.id}"})
    (reminder,) = [from_json(row["card"]) for row in rows]
    assert reminder.head == f"Follow up today: Herald: {TITLE}"
    assert reminder.lines[0].text == "ask for the audit itself"
    press(board, cy, reminder, "Done")
    assert "Follow-up" not in only_card(board).foot


def test_a_correction_is_noted_until_it_is_made(board, cy):
    board.bring(article("Herald"))
    card = board.card(cy, "mentions correction", story="S-1", wrong="It is one in ten.")

    assert "Nothing was sent" in words(card)
    assert "Needs a correction" in only_card(board).foot
    press(board, cy, card, "It was corrected")
    assert "Correction" not in only_card(board).foot


def test_a_muted_story_is_counted_and_posted_nowhere(board, cy):
    board.bring(article("Herald"))
    muted = press(board, cy, only_card(board), "Mute story").card
    before = len(board.db.read("SELECT id FROM delivery"))
    board.bring(article("Sun", published=board.now))

    assert stories(board)[0].outlets == ("Sun", "Herald") or stories(board)[0].copies == 1
    assert len(board.db.read("SELECT id FROM delivery")) == before
    press(board, cy, muted, "Undo")
    assert stories(board)[0].muted_at is None


# --- sorting ------------------------------------------------------------------------------------------------------


def test_merging_sticks_and_splitting_undoes_it(board, cy):
    board.bring(article("Herald"), article("Crier", "Polaris trafficking audit: the questions", "Who knew, and when?"))
    assert [story.label for story in stories(board)] == ["S-1", "S-2"]
    assert board.card(cy, "mentions merge", story="S-2", into="S-1").head.endswith("2 outlets")

    text = "Who knew, and when? It is asked by many in the state."
    board.bring(article("Sun", "Polaris trafficking audit: the questions", text))
    (story,) = stories(board)
    assert set(story.outlets) == {"Herald", "Crier", "Sun"}

    board.card(cy, "mentions split", story="S-1", outlet="crier")
    assert [story.outlets for story in stories(board)][-1] == ("Crier",)
    assert "Name one of them" in board.refused(cy, "mentions split", story="S-1", outlet="Nobody").what


def test_what_people_did_with_a_story_stays_when_it_is_merged(board, cy):
    board.bring(article("Herald"), article("Crier", "Polaris trafficking audit: the questions", "Who knew, and when?"))
    board.card(cy, "mentions tag", story="S-1", tone="neutral")
    board.card(cy, "mentions tag", story="S-2", tone="critical", spokesperson="Maria Lopez")
    board.card(cy, "mentions clip", story="S-2", note="for the board")

    board.card(cy, "mentions merge", story="S-2", into="S-1")

    (story,) = stories(board)
    assert (story.tone, story.spokesperson) == (Tone.NEUTRAL, "Maria Lopez")
    assert (story.clip.by, story.clip.note) == (cy.id, "for the board")


def test_a_look_alike_becomes_a_rule_with_what_it_would_have_left_out(board, cy):
    text = "Deputies look into the exploitation of workers at a lodge that rents out each Polaris."
    wrong = article("Trail", "Polaris sled crash on Lake Superior kills two", text)
    board.bring(article("Herald"), wrong)
    assert [story.entities for story in stories(board)] == [("polaris",), ("polaris",)]

    card = board.card(cy, "mentions not-us", story="S-2")
    assert card.head == "S-2 is not about Polaris: choose a rule"
    assert "Of 2 articles that named it in 90 days, this leaves out 1:" in words(card)
    done = press(board, cy, card, "Save the words").card
    assert done.head.startswith("Rule saved: not near “")
    assert [story.entities for story in stories(board)] == [("polaris",), ()]

    again = replace(
        wrong, url="https://n.example/the-crash-of-the-sled-on-the-lake", identity=("url:n",), thread="url:n"
    )
    board.bring(again)
    assert len(stories(board)) == 2
    assert "not near" in words(board.card(cy, "mentions rules"))
    press(board, cy, done, "Undo")
    assert board.card(cy, "mentions rules").head == "No rules were made in chat"


def test_a_person_who_says_it_is_not_us_may_give_the_words(board, cy):
    board.bring(article("Herald"))

    card = board.card(cy, "mentions not-us", story="S-1", entity="polaris", beside="audit")
    assert "leaves out 1" in words(card)
    assert "has no “nobody”" in board.refused(cy, "mentions not-us", story="S-1", entity="nobody").what


def test_what_is_redacted_leaves_a_hash_and_cannot_come_back(board, cy):
    entry = article("Herald")
    board.bring(
        entry, article("Sun", "Hotline nonprofit Polaris sat on tips"), article("Crier", "Raids on farms", "ICE.")
    )
    sure = board.card(cy, "mentions redact", story="S-1")
    assert "You cannot undo this." in words(sure)
    press(board, cy, sure, "Redact it")

    left = json.dumps({table: list(map(repr, rows)) for table, rows in board.everything().items()})
    for secret in ("Polaris fails to pass", "herald.example", "sat on tips", "one tip in five"):
        assert secret not in left, secret
    assert "Redacted by the press contact" in [card.head for card in shown(board).values()]
    board.bring(entry)
    assert stories(board) == []
    assert "Polaris fails" not in json.dumps(list(map(repr, board.everything()["entry"])))
    assert "That article was redacted" in board.refused(cy, "mentions add", url=entry.url, title=TITLE).what


def test_what_is_redacted_goes_from_messages_that_only_mention_it(board, cy):
    rare = article("Herald", "100% of “tips_lost” at Polaris: trafficking audit says why")
    board.bring(rare, article("Sun", url="https://sun.example/other"))
    baseline.greet(board.job)
    board.card(cy, "mentions follow-up", story="S-1", on="friday", note="ask for the audit")
    board.now += timedelta(days=4)
    mentions.compose(board.job)

    def mentioning(words_):
        rows = board.db.read("SELECT id, card FROM delivery WHERE kind NOT IN ('alert', 'story')")
        return {row["id"] for row in rows if words_ in words(from_json(row["card"]))}

    assert mentioning("tips_lost"), "the reminder"
    others = mentioning(TITLE)
    board.card(cy, "mentions redact", story="S-1", sure="yes")

    assert mentioning("tips_lost") == set()
    assert mentioning(TITLE) == others


def test_the_number_of_a_story_that_is_gone_is_never_anothers(board, cy):
    board.bring(article("Herald"))
    press(board, cy, board.card(cy, "mentions redact", story="S-1"), "Redact it")
    board.bring(article("Crier", "T'ruah rabbis march for Immokalee farmworkers", "With the CIW."))

    assert [story.label for story in stories(board)] == ["S-2"]


def test_a_withheld_name_is_shown_only_after_a_second_word(board, cy):
    board.bring(article("Herald", "Polaris helps as trafficking victim identified as Jane Roe"))
    card = board.card(cy, "mentions show", story="S-1")
    assert card.head == "Federal Register: Headline withheld", "the source of this test"
    assert "It may name a minor or someone who was harmed." in words(card)
    assert "Jane Roe" not in repr(card)

    asked = press(board, cy, card, "Show to me").card
    assert "posted without its headline" in words(press(board, cy, asked, "Show it to everyone").card)
    head = board.card(cy, "mentions show", story="S-1").head
    assert "Jane Roe" in head
    assert head.startswith("herald.")
    assert "Jane Roe" not in repr(board.changes())


# --- adding -------------------------------------------------------------------------------------------------------


class Pages:
    """A network with one page."""

    def __init__(self, html: str) -> None:
        self.html = html

    async def get(self, url: str) -> Body:
        return Body(url=url, status=200, content_type="text/html", data=self.html.encode(), validators={})


PAGE = f"""<html><head><title>x</title><meta property="og:title" content="{TITLE}">
<meta property="og:site_name" content="The Herald"><meta name="description" content="{TEXT}">
<meta property="article:published_time" content="2026-11-23T12:00:00Z">
<link rel="canonical" href="https://herald.example/2026/11/the-audit"></head>"""


def test_an_address_is_read_and_filed(tmp_path):
    board = Board(tmp_path, fetching=Pages(PAGE))
    cy = board.add("Cy", Role.PRESS)
    card = board.card(cy, "mentions add", url="herald.example/2026/11/the-audit?utm_source=mail")

    assert card.head == f"Added: The Herald: {TITLE}"
    assert "Polaris" in words(card)
    (story,) = stories(board)
    assert (story.original.url, story.original.added_by) == ("https://herald.example/2026/11/the-audit", cy.id)
    assert shown(board) == {}  # the person who gave it knows of it
    assert board.card(cy, "mentions add", url="herald.example/2026/11/the-audit").head.startswith("Already added: ")


def test_a_page_that_cannot_be_read_is_asked_about(tmp_path):
    board = Board(tmp_path, fetching=Pages("<html>"))
    cy = board.add("Cy", Role.PRESS)
    answer = board.ask(cy, "mentions add", url="https://herald.example/paywall")

    assert isinstance(answer, Reply)
    assert [field.param.name for field in answer.form.fields] == ["title", "outlet", "date"]
    given = {**answer.form.args, "title": "Something about us", "outlet": "The Herald", "date": "2026-11-20"}
    card = board.card(cy, "mentions add", **given)
    assert "It names no one in coalition.yml." in words(card)
    assert isinstance(board.ask(cy, "mentions add", url="javascript:alert(1)"), Refusal)


# --- people -------------------------------------------------------------------------------------------------------


def test_what_is_claimed_waits_for_its_owner_and_is_free_when_they_leave(board, cy):
    board.bring(article("Herald"))
    board.card(cy, "mentions claim", story="S-1")

    assert mentions.waiting in WAITING
    assert mentions.free in ROOMS.freeing
    assert "S-1" in words(board.card(cy, "campaign me"))
    board.card(board.admin, "people leave", person=cy.name, sure="yes")
    assert stories(board)[0].claimed_by is None


def test_a_clipped_story_is_not_claimed_by_someone_who_has_left(board, cy):
    bo = board.add("Bo", Role.PRESS)
    board.bring(article("Herald"))
    board.card(cy, "mentions claim", story="S-1")
    board.card(cy, "mentions clip", story="S-1")
    board.card(board.admin, "people leave", person=cy.name, sure="yes")
    assert "Claimed" not in only_card(board).foot
    board.card(bo, "mentions clip", story="S-1", undo="yes")
    assert "1 story" in board.card(bo, "mentions list", only="open").head


def test_recent_stories_are_offered_by_label_and_headline(board, cy):
    board.bring(article("Herald"))
    call = board.call(cy, "mentions show")
    import asyncio

    stored = asyncio.run(board.dispatcher.complete(call, "story", "tips"))
    assert [(choice.value, choice.label[:12]) for choice in stored] == [("S-1", "S-1 Herald: ")]
    assert recent
    assert CONFIG.feeds.press == "press"
