"""What a channel shows, read after a backup was restored: which entries it reports, and which it does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.alerts import baseline
from bot.alerts.cards import Item, card, digest_line
from bot.chat.discord.render import message as discord_message
from bot.chat.discord.sender import _ours as discord_shows
from bot.chat.slack.render import message as slack_message
from bot.chat.slack.sender import EVENT_TYPE
from bot.chat.slack.sender import _ours as slack_shows
from bot.entries import source_records
from bot.outbox import records
from bot.shared.card import Card, Mark, Section
from bot.shared.entry import Change, Entry
from bot.store import memo
from bot.store.database import to_text
from tests.kit.alerts import TUESDAY, Room, action, campaign, document, filing, news

TODAY = TUESDAY.date()


def item(entry: Entry) -> Item:
    return Item(id=entry.identity[0], entry=entry, matches=())


def shown(platform: str, *cards: Card):
    """As the platform's history has them."""
    for number, each in enumerate(cards, 1):
        if platform == "slack":
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"mark": "a" * 24}}
            yield from slack_shows(slack_message(each, TODAY) | {"ts": f"{number}.0", "metadata": metadata})
        else:
            message = discord_message(each, TODAY)
            *others, last = message["embeds"] or [{}]
            embeds = [*others, last | {"footer": {"text": f"#{'a' * 10}"}}]
            yield from discord_shows(message | {"id": str(number << 22), "embeds": embeds})


@pytest.fixture(params=["slack", "discord"])
def recognized(request, tmp_path):
    """Whether each entry counts as posted by these cards."""

    def recognized(entries: list[Entry], *cards: Card) -> list[bool]:
        room = Room(tmp_path)
        with room.db.write() as tx:
            records.save_recalled(tx, "policy", shown(request.param, *cards))
            items = [item(entry) for entry in entries]
            pairs = baseline.seen_pairs(tx, "policy", items)
        return [each.pair in pairs for each in items]

    return recognized


def says(*entries: Entry) -> Card:
    return card([item(entry) for entry in entries], campaign().labels)


def digest(*entries: Entry) -> Card:
    lines = tuple(digest_line([item(entry)]) for entry in entries)
    return Card(mark=Mark.DIGEST, head="Tuesday digest", sections=(Section("Ask 4", lines),))


A = document("2026-00001", "Notice of Finding That Gloves & <Mittens> Are Made by “Forced” Labor [Part 1]")
B = document("2026-00002", "Gloves made with forced labor")
C = news("c", "Gloves seized at the port")
BILL = action("Referred to the House Committee on the Judiciary.", "referral")


def test_another_app_s_message_with_metadata_like_ours_is_passed_over():
    message = slack_message(Card(mark=Mark.ALERT, head="x"), TODAY) | {"ts": "1.0"}
    for payload in (None, {}):
        assert list(slack_shows(message | {"metadata": {"event_type": EVENT_TYPE, "event_payload": payload}})) == []


@pytest.mark.parametrize("form", [says, digest])
@pytest.mark.parametrize("entry", [A, B, C, BILL], ids=["finding", "document", "news", "bill"])
def test_entries_posted_alone_or_in_a_digest_are_recognized(recognized, form, entry):
    assert recognized([entry], form(entry)) == [True]


def test_exactly_the_entries_of_a_message_are_recognized(recognized):
    assert recognized([A, B, C, BILL], says(A, C)) == [True, False, True, False]


def test_the_same_title_at_another_address_is_another_document(recognized):
    other = document("2026-00009", B.title)
    assert recognized([other], says(B)) == [False]


def test_another_step_of_the_same_bill_is_news(recognized):
    later = action("Ordered to be Reported by Voice Vote.", "committee", date(2026, 11, 24))
    assert recognized([later], says(BILL)) == [False]


@pytest.mark.parametrize("form", [says, digest])
def test_a_posted_filing_does_not_count_as_its_publication(recognized, form):
    filed = filing("2026-00002", title=B.title)
    assert recognized([filed, B], form(filed)) == [True, False]


def test_a_correction_is_recognized_only_in_its_own_message(recognized):
    corrected = document("2026-00002", B.title, change=Change.CORRECTION)
    assert recognized([corrected], says(corrected)) == [False]


def test_only_the_first_answer_since_a_restore_is_doubtful(tmp_path):
    room = Room(tmp_path)
    with room.db.write() as tx:
        before = source_records.source_state(tx, "newsroom")
        assert not baseline.may_repeat(tx, before)
        memo.set_memo(tx, baseline.RESTORED_AT, to_text(room.now + timedelta(hours=1)))
        assert baseline.may_repeat(tx, before)
    room.wait(hours=2).take("newsroom", news("a"))
    assert not baseline.may_repeat(room.db, source_records.source_state(room.db, "newsroom"))


def test_an_entry_is_put_into_words_once_however_many_messages_a_channel_has(recognized, monkeypatch):
    titles, headline = [], baseline.headline
    monkeypatch.setattr(baseline, "headline", lambda entry: titles.append(entry.title) or headline(entry))
    assert recognized([A, B], *(says(news(str(number), f"Item {number}")) for number in range(5))) == [False, False]
    assert titles == [A.title, B.title]
