"""Posted alerts whose entries changed: edited in place, with what changed, and a reply where people must know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import discord
import pytest
import simcord
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts import handling, intake
from bot.chat.discord.render import message as discord_message
from bot.chat.discord.sender import DiscordSender, Rest
from bot.chat.slack.render import message as slack_message
from bot.chat.slack.sender import SlackSender
from bot.chat.webhook import WebhookSender, secret_of
from bot.deadlines.windows import open_windows
from bot.outbox.model import Channel, from_json
from bot.outbox.records import claim
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.entry import Change, Stage
from bot.store.database import StopRequested
from tests.kit.alerts import Room, campaign, document, filing, news
from tests.kit.outbox import Kit, slack_client
from tests.peers.discord import SETTLE
from tests.peers.local_slack import CHANNEL, TOKEN, local_slack
from tests.peers.slack import SlackPeer
from tests.peers.webhook import SECRET, Receiver

JANUARY = date(2027, 1, 25)
LATER = date(2027, 2, 24)
WAS = "Comments close Wed Feb 24, 2027; it was Mon Jan 25, 2027."


def gloves(**rest):
    return document(**{"comments_close_on": JANUARY} | rest)


def room_on(folder, to="slack:C0POLICY", **changes):
    channels = {"policy": {"to": to}, "media": {"to": "console:media"}, "admin": {"to": "console:admin"}}
    channels["policy"] |= changes
    return Room(folder, campaign({"channels": channels}))


@pytest.fixture
def room(tmp_path):
    """An alert on a document whose comments close in January, posted on Slack."""
    return posted(room_on(tmp_path))


def posted(room):
    room.take("register", gloves())
    room.send_all()
    return room


def edits(room):
    sql = "SELECT card, state FROM delivery WHERE edits IS NOT NULL ORDER BY seq"
    return [from_json(row["card"]) for row in room.db.read(sql)]


def test_a_moved_comment_deadline_is_corrected_on_the_card_and_posted_in_its_thread(room):
    room.take("register", gloves(comments_close_on=LATER))
    (edit,) = edits(room)
    assert [(due.label, due.on) for due in edit.dues] == [("Comments close", LATER)]
    assert edit.updated == f"Updated Tue Nov 24, 2026: {WAS}"
    first, reply = room.rows("policy", "alert")
    assert reply["thread"] == first["thread"]
    assert room.heads("policy", "alert")[1] == "Comments now close Wed Feb 24, 2027: Gloves made with forced labor"
    room.take("register", gloves(comments_close_on=LATER))
    assert (len(edits(room)), len(room.rows("policy", "alert"))) == (1, 2)


def test_a_deadline_that_moves_there_and_back_again_is_posted_each_time(room):
    for day in (LATER, JANUARY, LATER):
        room.take("register", gloves(comments_close_on=day))
        room.wait(days=1)
    moved = [head.partition(":")[0] for head in room.heads("policy", "alert")[1:]]
    assert moved == [
        f"Comments now close {day}" for day in ("Wed Feb 24, 2027", "Mon Jan 25, 2027", "Wed Feb 24, 2027")
    ]


def test_a_corrected_title_is_changed_on_the_card_and_no_one_is_notified(room):
    room.take("register", gloves(title="Gloves made with forced labor; correction of the title"))
    (edit,) = edits(room)
    assert edit.head == "Gloves made with forced labor; correction of the title"
    assert edit.updated == "Updated Tue Nov 24, 2026: New title."
    assert len(room.rows("policy", "alert")) == 1


def test_a_posted_news_headline_stays_however_often_its_publisher_rewrites_it(tmp_path):
    room = room_on(tmp_path)
    room.take("newsroom", news("a", "Gloves seized"))
    room.send_all()
    for title in ("Gloves seized at port", "Gloves seized: what to know"):
        room.take("newsroom", news("a", title))
    assert (edits(room), room.heads("policy", "alert")) == ([], ["Gloves seized"])


def test_a_news_headline_that_waits_for_the_end_of_quiet_hours_is_posted_as_it_is_then(tmp_path):
    room = room_on(tmp_path, quiet=["09:00", "18:00"])
    room.take("newsroom", news("a", "Gloves seized"))
    room.take("newsroom", news("a", "Gloves seized at port"))
    assert (edits(room), room.heads("policy", "alert")) == ([], ["Gloves seized at port"])


@pytest.mark.parametrize(
    "change", [{"summary": "Other words."}, {"type": "Rule"}, {"pdf_url": "https://www.govinfo.gov/x.pdf"}]
)
def test_what_is_no_fact_of_the_card_changes_nothing(room, change):
    before = room.rows("policy", "alert")
    room.take("register", gloves(**change))
    assert (edits(room), room.rows("policy", "alert")) == ([], before)


def test_a_day_that_has_passed_is_corrected_without_a_reply(room):
    room.wait(days=80)
    room.take("register", gloves(comments_close_on=date(2027, 1, 26)))
    assert (len(edits(room)), len(room.rows("policy", "alert"))) == (1, 1)


def test_several_corrections_collapse_to_the_last_and_one_day_s_are_all_named(room):
    room.take("register", gloves(comments_close_on=LATER))
    room.take("register", gloves(comments_close_on=LATER, effective_on=date(2027, 3, 1)))
    (edit,) = edits(room)
    assert edit.updated == f"Updated Tue Nov 24, 2026: {WAS} Takes effect Mon Mar 1, 2027."
    room.send_all()
    room.wait(days=1)
    room.take("register", gloves(comments_close_on=JANUARY, effective_on=date(2027, 3, 1)))
    (edit,) = edits(room)
    assert edit.updated == "Updated Wed Nov 25, 2026: Comments close Mon Jan 25, 2027; it was Wed Feb 24, 2027."


@pytest.mark.parametrize(
    ("amendment", "dues", "remark"),
    [
        ({"change": Change.EXTENSION, "comments_close_on": LATER}, [LATER], WAS),
        ({"change": Change.EXTENSION}, [],
         "Comments close on another day: see the document; it was Mon Jan 25, 2027."),
        ({"change": Change.CORRECTION, "comments_close_on": LATER}, [LATER], WAS),
        ({"change": Change.RESCHEDULING, "comments_close_on": date(2027, 1, 5)}, [date(2027, 1, 5)],
         "Comments close Tue Jan 5, 2027; it was Mon Jan 25, 2027."),
        ({"change": Change.WITHDRAWAL}, [], "Withdrawn."),
    ],
)  # fmt: skip
def test_a_document_that_amends_another_corrects_its_card_and_is_the_one_reply(room, amendment, dues, remark):
    room.take("register", document("2026-00009", "Gloves", references=("fr:2026-00001",), **amendment))
    (edit,) = edits(room)
    assert [due.on for due in edit.dues] == dues
    assert edit.updated == f"Updated Tue Nov 24, 2026: {remark}"
    assert (" withdraws " in edit.head) == (remark == "Withdrawn.")
    assert len(room.rows("policy", "alert")) == 2


FISH = document("2026-00002", "Fish caught with forced labor", comments_close_on=date(2027, 2, 1))
FISH_OF_DOCKET = replace(FISH, references=("docket:CBP-2026-1",))
BOTH = {"references": ("fr:2026-00001", "fr:2026-00002")}


@pytest.mark.parametrize(
    ("named", "moved"),
    [
        (("2026-00001", "2026-00002"),
         [" Wed Feb 24, 2027 from the document's words", " Mon Mar 1, 2027 from the document's words"]),
        (("the first", "the second"), [" on another day: see the document"] * 2),
    ],
)  # fmt: skip
def test_an_extension_of_two_periods_moves_each_as_its_sentence_says(room, named, moved):
    room.take("register", FISH)
    days = tuple(zip((LATER, date(2027, 3, 1)), named, strict=True))
    extension = {"change": Change.EXTENSION, "comments_close_on": LATER, "new_days": days}
    for _ in range(2):
        room.take("register", document("2026-00009", "Two periods", **extension | BOTH))
    remarks = [card.updated.partition(": Comments close")[2] for card in edits(room)]
    assert remarks == [f"{moved[0]}; it was Mon Jan 25, 2027.", f"{moved[1]}; it was Mon Feb 1, 2027."]
    assert len(room.cards("policy", "alert")) == 4
    numbers = [window.numbers for window in open_windows(room.db, room.now)]
    assert numbers == [("2026-00001", "2026-00009"), ("2026-00002",)]


def test_a_withdrawal_of_two_withdraws_both_and_is_a_reply_to_each(room):
    room.take("register", FISH)
    room.send_all()
    room.take("register", document("2026-00009", "Two withdrawn", change=Change.WITHDRAWAL, **BOTH))
    assert [card.head.partition(" on ")[0] for card in edits(room)] == ["CBP withdraws a notice"] * 2
    threads = [row["thread"] for row in room.rows("policy", "alert")]
    assert threads[2:] == threads[:2]
    assert open_windows(room.db, room.now) == []


def test_a_filed_extension_of_two_periods_is_published_in_both_threads(room):
    room.take("register", FISH)
    extension = {"title": "Two periods", "change": Change.EXTENSION} | BOTH
    room.take("inspection", filing("2026-00009", **extension))
    room.take("register", document("2026-00009", comments_close_on=LATER, **extension))
    assert [card.dues[0].on for card in edits(room)] == [LATER] * 2
    assert [window.closes for window in open_windows(room.db, room.now)] == [LATER] * 2


@pytest.mark.parametrize("filed", [{"references": ("fr:2026-00001",)}, {}])
def test_the_publication_of_a_filed_extension_brings_its_day_and_what_it_extends(room, filed):
    extension = {"title": "Gloves; Extension", "change": Change.EXTENSION}
    room.take("inspection", filing("2026-00009", **extension | filed))
    room.send_all()
    later = {"references": ("fr:2026-00001",), "comments_close_on": LATER}
    room.take("register", document("2026-00009", **extension | later))
    assert edits(room)[-1].dues[0].on == LATER
    assert [due.on for due in room.cards("policy", "alert")[-1].dues] == [LATER]
    first, _, last = (row["thread"] for row in room.rows("policy", "alert"))
    assert last == first


def test_a_filed_extension_that_shares_only_a_docket_is_not_taken_for_what_it_extends(room):
    docket = {"references": ("docket:CBP-2026-1",)}
    room.take("register", FISH_OF_DOCKET)
    room.send_all()
    room.take("inspection", filing("2026-00009", title="Comment period", **docket))
    later = {"change": Change.EXTENSION, "comments_close_on": LATER}
    room.take("register", document("2026-00009", "Comment period", **later | docket))
    assert edits(room)[-1].dues[0].on == LATER


@pytest.mark.parametrize("on", [LATER, date(2027, 1, 5)])
def test_an_amendment_that_moves_the_deadline_says_the_old_day_beside_the_new_one(room, on):
    later = {"change": Change.CORRECTION, "comments_close_on": on, "references": ("fr:2026-00001",)}
    room.take("register", document("2026-00009", "Gloves", **later))
    reply = room.cards("policy", "alert")[1]
    assert [due.on for due in reply.dues] == [on]
    assert reply.lines[-1].text == "Comments were to close Mon Jan 25, 2027."


def test_the_day_of_effect_of_a_correction_is_its_own(room):
    later = {"change": Change.CORRECTION, "effective_on": LATER, "references": ("fr:2026-00001",)}
    room.take("register", document("2026-00009", "Gloves", **later))
    assert edits(room) == []


def test_a_second_extension_replaces_the_first(room):
    for number, on in (("2026-00008", LATER), ("2026-00009", date(2027, 3, 24))):
        later = {"change": Change.EXTENSION, "comments_close_on": on, "references": ("fr:2026-00001",)}
        room.take("register", document(number, "Gloves", **later))
    (edit,) = edits(room)
    assert [due.on for due in edit.dues] == [date(2027, 3, 24)]


def test_an_extension_whose_day_is_corrected_is_posted_once(room):
    later = {"change": Change.EXTENSION, "references": ("fr:2026-00001",)}
    room.take("register", document("2026-00009", "Gloves", comments_close_on=LATER, **later))
    room.send_all()
    room.take("register", document("2026-00009", "Gloves", comments_close_on=date(2027, 3, 1), **later))
    assert [[due.on for due in card.dues] for card in room.cards("policy", "alert")] == [[date(2027, 3, 1)]] * 3
    assert len(edits(room)) == 2


def test_a_filing_s_card_keeps_what_was_filed_when_its_publication_is_corrected(tmp_path):
    room = room_on(tmp_path)
    for source, entry in (
        ("inspection", filing()),
        ("register", gloves()),
        ("register", gloves(comments_close_on=LATER)),
    ):
        room.take(source, entry)
        room.send_all()
    filed, published, reply = room.cards("policy", "alert")
    assert ([due.label for due in filed.dues], filed.updated) == (["Publishes"], "")
    assert published.dues[0].on == reply.dues[0].on == LATER
    assert Stage.FILED.value in [row["stage"] for row in room.db.read("SELECT stage FROM delivery_entry")]


def test_what_waits_for_the_end_of_quiet_hours_is_posted_right_without_a_remark(tmp_path):
    room = room_on(tmp_path, quiet=["09:00", "18:00"])
    room.take("register", gloves())
    room.take("register", gloves(comments_close_on=LATER))
    (card,) = room.cards("policy", "alert")
    assert ([due.on for due in card.dues], card.updated) == ([LATER], "")
    assert edits(room) == []


def test_cards_of_several_alerts_are_corrected_where_they_name_the_entry(tmp_path):
    room = room_on(tmp_path)
    room.take("register", gloves(), document("2026-00002", "Gloves, other notice", comments_close_on=JANUARY))
    room.send_all()
    (before,) = room.cards("policy", "alert")
    room.take("register", gloves(title="Mittens made with forced labor", comments_close_on=LATER))
    (edit,) = edits(room)
    assert edit.head == "2 alerts at once: Mittens made with forced labor"
    assert [section.title for section in edit.sections] == ["Mittens made with forced labor", "Gloves, other notice"]
    assert [(due.label, due.on) for due in edit.dues] == [
        ("Mittens made with forced labor: comments close", LATER), ("Gloves, other notice: comments close", JANUARY),
    ]  # fmt: skip
    assert edit.sections[1] == before.sections[1]


def test_a_list_of_many_alerts_has_the_corrected_line(tmp_path):
    room = room_on(tmp_path)
    others = [document(f"2026-0001{n}", f"Gloves, notice {n}") for n in range(8)]
    room.take("register", gloves(), *others)
    room.send_all()
    (before,) = room.cards("policy", "alert")
    room.take("register", gloves(comments_close_on=LATER))
    (edit,) = edits(room)
    changed = [
        new.text for old, new in zip(before.sections[0].lines, edit.sections[0].lines, strict=True) if old != new
    ]
    assert changed == ["CBP: Gloves made with forced labor; comments close Wed Feb 24, 2027"]


def test_what_a_person_did_stays_on_the_card_and_so_does_the_correction(room):
    (row,) = room.db.read("SELECT entry_id FROM delivery_entry")
    with room.db.write() as tx:
        person = {"id": "ada", "now": "2026-11-24T15:00:00.000000Z"}
        tx.execute("INSERT INTO person (id, name, created_at) VALUES (:id, 'Ada', :now)", person)
        assigned = handling.Handling(assigned_to="ada", assigned_at=room.now)
        handling.save(tx, row["entry_id"], assigned)
    room.take("register", gloves(comments_close_on=LATER))
    (edit,) = edits(room)
    assert edit.foot.startswith("Assigned to Ada, ")
    with room.job.write() as work:
        handling.update_messages(work, row["entry_id"], "Marked")
    (edit,) = edits(room)
    assert (edit.foot.split(" · ")[0], edit.updated) == ("Marked", f"Updated Tue Nov 24, 2026: {WAS}")


def test_a_terminal_gets_the_reply_alone(tmp_path):
    room = posted(room_on(tmp_path, to="console:policy"))
    room.take("register", gloves(comments_close_on=LATER))
    assert edits(room) == []
    assert len(room.rows("policy", "alert")) == 2


def test_a_withheld_headline_is_not_corrected_back(tmp_path):
    room = room_on(tmp_path)
    room.take("newsroom", news("a", "Gloves seized"))
    room.send_all()
    room.take("newsroom", news("a", "Gloves seized from Jane Roe, 14").withhold())
    room.take("newsroom", news("a", "Gloves seized, again"))
    assert "seized" not in str([card.head for card in (*room.cards("policy", "alert"), *edits(room))])


@pytest.mark.parametrize("after", [6, 10, 14, 18])
def test_a_poll_given_up_half_way_corrects_nothing_and_the_next_one_does(room, after):
    moved, statements = gloves(comments_close_on=LATER), count()
    answer = Fetched(entries=(moved,), memory=Memory(), health=Health.OK, detail="")
    with pytest.raises(StopRequested), room.job.write() as work:
        intake.ingest(work, answer, "register", due_at=room.now, stopping=lambda: next(statements) >= after)
    assert (edits(room), len(room.rows("policy", "alert"))) == ([], 1)
    room.take("register", moved)
    assert (len(edits(room)), len(room.rows("policy", "alert"))) == (1, 2)


# --- in the chats -----------------------------------------------------------------------------------------------------


def delivering(room, sender, address):
    """A deliverer of the room's channel `policy` to an address on the sender's platform."""
    kit = Kit(room.db, clock=lambda: room.now)
    channels = [Channel("policy", sender.platform, address), Channel("admin", "console", "admin")]
    return kit.deliverer(sender, channels=channels, deadline=timedelta(minutes=1))  # as long as a busy machine needs


async def corrected_in(room, sender, address, *, killed=True):
    """An alert is posted and corrected; the bot dies after an edit was made and before that is recorded."""
    deliverer = delivering(room, sender, address)
    room.take("register", gloves())
    await deliverer.run_once()
    room.take("register", gloves(comments_close_on=LATER))
    if killed:
        channel = Channel("policy", sender.platform, address)
        (claimed,) = claim(room.db, [(channel, "dead")], now=room.now, lease=lambda _: timedelta(0))
        assert claimed.edits
        room.wait(seconds=1)
    while (await deliverer.run_once()).waiting_until:
        room.wait(minutes=1)
    return deliverer


def of(room, kind):
    return [row["state"] for row in room.db.read("SELECT state FROM delivery WHERE kind = :kind", {"kind": kind})]


@pytest.mark.peer("local-slack")
async def test_local_slack_shows_one_corrected_card_and_one_reply(tmp_path):
    with local_slack(tmp_path) as peer:
        room = room_on(tmp_path, to=f"slack:{CHANNEL}")
        client = AsyncWebClient(TOKEN, base_url=peer.api_url)
        sender = SlackSender(client, slack_message, clock=lambda: datetime.now(UTC), zone=UTC)
        deliverer = await corrected_in(room, sender, CHANNEL)
        card, reply = peer.messages()
        assert WAS in str(card["blocks"])
        assert reply["thread_ts"] == card["ts"]

        await client.chat_delete(channel=CHANNEL, ts=card["ts"])
        left = len(peer.messages())
        room.take("register", gloves(comments_close_on=LATER, title="Gloves, retitled"))
        await deliverer.run_once()
        assert of(room, "edit") == ["dropped"]
        assert len(peer.messages()) == left


@pytest.mark.peer("simcord")
async def test_simcord_shows_one_corrected_card_and_one_reply(tmp_path):
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        there = env.create_guild("Coalition").create_text_channel("policy-alerts")
        room = room_on(tmp_path, to=f"discord:{there.id}")
        sender = DiscordSender(
            Rest(lambda: client, "token", lambda: datetime.now(UTC)),
            discord_message,
            clock=lambda: datetime.now(UTC),
            zone=UTC,
        )
        sender.rest._client = client  # logged in already, to the Discord in this process
        deliverer = await corrected_in(room, sender, str(there.id))
        reply, card = [message async for message in client.get_channel(there.id).history()]
        assert WAS in card.embeds[-1].footer.text
        assert reply.reference.message_id == card.id

        await card.delete()
        room.take("register", gloves(comments_close_on=LATER, title="Gloves, retitled"))
        await deliverer.run_once()
        assert of(room, "edit") == ["dropped"]
        assert len([message async for message in client.get_channel(there.id).history()]) == 1


async def test_an_edit_in_an_archived_channel_waits_as_posts_do(tmp_path):
    peer, room = SlackPeer(), room_on(tmp_path)
    async with peer.running() as url:
        sender = SlackSender(slack_client(url), slack_message, clock=lambda: room.now, zone=UTC)
        deliverer = delivering(room, sender, "C0POLICY")
        room.take("register", gloves())
        await deliverer.run_once()
        peer.fail("error", method="update", code="is_archived", times=1)
        room.take("register", gloves(title="Gloves, retitled"))
        await deliverer.run_once()
        assert of(room, "edit") == ["retry"]
        assert [row["scope"] for row in room.db.read("SELECT scope FROM hold")] == ["channel:policy"]
        room.take("register", gloves(title="Gloves, retitled again"))
        room.wait(minutes=25)
        await deliverer.run_once()
        await deliverer.close()
    assert of(room, "edit") == ["sent"]
    (card,) = peer.visible("C0POLICY")
    assert "Gloves, retitled again" in card


async def test_a_webhook_gets_the_corrected_card_as_an_event(tmp_path):
    room = room_on(tmp_path, to="webhook:policy")
    async with Receiver().running() as receiver:
        sender = WebhookSender({"policy": receiver.url}, {"policy": secret_of(SECRET)}, clock=lambda: room.now)
        await (await corrected_in(room, sender, "policy", killed=False)).close()
    alert, updated, reply = receiver.events()
    assert [event["type"] for event in (alert, updated, reply)] == ["alert", "alert.updated", "deadline"]
    assert updated["data"]["id"] == alert["data"]["id"] == reply["data"]["thread"]
    assert updated["data"]["card"]["updated"] == f"Updated Tue Nov 24, 2026: {WAS}"
