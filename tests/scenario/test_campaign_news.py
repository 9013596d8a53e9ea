"""The campaign page's news by mail: asked for on the page, confirmed from the mailbox, at most one mail a day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from bot.chat.mail.message import STOP_WITHIN, Originator, compose
from bot.commands.model import Refused
from bot.ops.retention import forget
from bot.outbox import holds
from bot.outbox.model import Outgoing, from_json, mark_of
from bot.site.public import subscribers
from bot.site.public.pages import TRAP
from bot.store.database import to_text
from tests.kit.board import words
from tests.kit.campaign_page import PublicDesk
from tests.kit.mail import FROM, KEYRING
from tests.kit.web_face import OWN

READER = "reader@example.org"


@pytest.fixture
def desk(tmp_path):
    desk = PublicDesk(tmp_path)
    desk.show("ask 1")
    return desk


def visit(desk, *steps):
    """Do steps in one browser; return the last answer."""

    async def run():
        async with desk.visit() as browser:
            for step in steps:
                answer = await step(browser)
        return answer

    return asyncio.run(run())


def subscribe(desk, address=READER, seconds=10.0, **changed):
    async def step(browser):
        page = await browser.get("/campaign")
        desk.ticks += seconds
        desk.now += timedelta(seconds=seconds)
        return await browser.submit(page.forms[0], {"address": address} | changed)

    return visit(desk, step)


def rows(desk):
    return [dict(row) for row in desk.db.read("SELECT * FROM subscriber ORDER BY asked_at, address")]


def mails(desk, prefix):
    sql = "SELECT card FROM delivery WHERE channel LIKE :prefix ORDER BY seq"
    return [from_json(row["card"]) for row in desk.db.read(sql, {"prefix": f"{prefix}:%"})]


def signed(desk, page, token):
    return KEYRING.token(page, token, desk.now + timedelta(days=2))


def press(desk, token, page="confirm"):
    return lambda browser: browser.post(f"/mail/{page}/{signed(desk, page, token)}", {})


def later(desk, **by):
    desk.now += timedelta(**by)
    desk.look_for_news()


def test_a_reader_subscribes_by_the_form_and_the_button_behind_the_mailed_link(desk):
    asked = subscribe(desk)
    assert "Check your email to confirm" in asked.text
    assert desk.woken == 1
    (row,) = rows(desk)
    assert row["confirmed_at"] is None
    (card,) = mails(desk, "confirm")
    assert "Opening the link does nothing" in words(card)
    visit(desk, press(desk, row["token"]))
    assert rows(desk)[0]["confirmed_at"]


def test_fifty_scanners_that_open_the_links_confirm_and_stop_nothing(desk):
    subscribe(desk)
    token = rows(desk)[0]["token"]
    looks = [
        lambda browser, page=page: browser.get(f"/mail/{page}/{signed(desk, page, token)}")
        for page in ("confirm", "stop")
    ]
    visit(desk, *looks * 25)
    assert rows(desk)[0]["confirmed_at"] is None
    visit(desk, press(desk, token), *looks * 25)
    assert rows(desk)[0]["confirmed_at"]


def test_nothing_is_mailed_to_an_address_that_nobody_confirmed_and_it_is_forgotten(desk):
    subscribe(desk)
    desk.show("ask 4")
    later(desk, days=1)
    assert mails(desk, "mail") == []
    token = rows(desk)[0]["token"]
    answer = visit(desk, press(desk, token))
    assert "The address is not confirmed" in answer.text
    assert "This link is too old" in answer.text
    assert rows(desk)[0]["confirmed_at"] is None, "a day has passed"
    desk.now += timedelta(days=2)
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now)
    assert rows(desk) == []


def test_a_subscriber_gets_one_mail_a_day_and_none_without_news(desk):
    desk.subscribe(READER)
    later(desk, days=1)
    assert mails(desk, "mail") == []
    desk.show("ask 4")
    desk.show("ask 5")
    for _ in range(3):
        later(desk, minutes=10)
    desk.show("ask 3")
    later(desk, minutes=10)
    (card,) = mails(desk, "mail")
    assert card.head.endswith("2 new items")
    assert [line.url for line in card.sections[0].lines] == [
        f"{desk.config.site}/campaign#ask-5", f"{desk.config.site}/campaign#ask-4"
    ]  # fmt: skip
    later(desk, days=1)
    assert [card.head.partition(": ")[2] for card in mails(desk, "mail")] == ["2 new items", "1 new item"]


def test_d5_after_the_clock_was_set_back_new_items_are_mailed(desk):
    desk.subscribe(READER)
    with desk.db.write() as tx:
        tx.execute("UPDATE subscriber SET mailed_at = '2027-06-01T00:00:00.000000Z'")
    later(desk, days=1)
    desk.show("ask 4")
    later(desk, days=1)
    assert len(mails(desk, "mail")) == 1


def test_no_mail_leaves_before_nine_in_the_coalitions_morning(desk):
    desk.subscribe(READER)
    desk.show("ask 4")
    later(desk, hours=18)  # 4 at night
    assert mails(desk, "mail") == []
    later(desk, hours=6)
    assert len(mails(desk, "mail")) == 1


def test_what_was_hidden_again_before_the_mail_is_not_in_it(desk):
    desk.subscribe(READER)
    desk.show("ask 4")
    desk.card(desk.admin, "public hide", what="ask 4")
    later(desk, days=1)
    assert mails(desk, "mail") == []


def test_one_click_deletes_the_address_and_what_waits_for_it(desk):
    token = desk.subscribe(READER)
    desk.show("ask 4")
    later(desk, days=1)
    answer = visit(
        desk,
        lambda browser: browser.post(
            f"/mail/stop/{signed(desk, 'stop', token)}", {"List-Unsubscribe": "One-Click"}, {}
        ),
    )
    assert "No more email" in answer.text
    assert rows(desk) == []
    assert READER not in str(desk.everything())
    (row,) = desk.db.read("SELECT channel FROM delivery WHERE channel LIKE 'mail:%'")
    assert subscribers.channel(desk.db, row["channel"]) is None


def test_the_mail_can_be_ended_by_its_header_and_names_no_person(desk):
    desk.subscribe(READER)
    (row,) = rows(desk)
    channel = replace(subscribers.channel(desk.db, f"mail:{row['id']}"), keyring=KEYRING)
    desk.show("ask 4")
    later(desk, days=1)
    outgoing = Outgoing(id="1", key="k", channel=channel, card=mails(desk, "mail")[0])
    mail = compose(outgoing, Originator(FROM, web=desk.config.site), desk.now.date(), desk.now)
    message = message_from_bytes(mail.data, policy=default)
    assert message["List-Unsubscribe"].strip() == (
        f"<{desk.config.site}/mail/stop/{KEYRING.token('stop', row['token'], desk.now + STOP_WITHIN)}>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert mail.recipient == READER


def test_a_form_sent_at_once_by_a_program_or_from_elsewhere_mails_nobody(desk):
    assert "That was quick" in subscribe(desk, seconds=1).text
    assert "Check your email" in subscribe(desk, **{TRAP: "1"}).text
    assert "once more" in subscribe(desk, time="1.0 forged").text
    cross = visit(desk, lambda browser: browser.post("/campaign/subscribe", {"address": READER},
                                                     OWN | {"Sec-Fetch-Site": "cross-site"}))  # fmt: skip
    assert cross.status == 403
    assert rows(desk) == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "made-up.example",
        "root@localhost",
        "a@b@made-up.example",
        "a@b@c",
        "a@example.org\r\nBcc: b@example.org",
        "x" * 300 + "@a.org",
    ],
)
def test_what_is_no_address_is_shown_at_its_field(desk, address):
    answer = subscribe(desk, address)
    assert answer.status == 422
    assert "Write one email address" in answer.text
    assert rows(desk) == []


def test_an_address_gets_three_links_a_day_its_tags_one_and_a_network_asks_thirty_times(desk):
    for number in range(4):
        answer = subscribe(desk, f"reader+{number}@example.org")
    assert "too many requests" in answer.text
    assert len(mails(desk, "confirm")) == 1
    for _ in range(5):  # strangers, and then its owner
        assert "Check your email" in subscribe(desk, "reader@example.org").text
        desk.now += timedelta(minutes=11)
    assert len(mails(desk, "confirm")) == 4
    (mine,) = [row for row in rows(desk) if row["address"] == "reader@example.org"]
    with desk.db.write() as tx:
        assert subscribers.confirm(tx, mine["token"], desk.now)
    with desk.job.write() as work:
        for number in range(24):
            subscribers.ask(work, f"r@office{number}.example", network="127.0.0.0/24")
    assert "too many requests" in subscribe(desk, "another@example.org").text
    assert "example.org" not in str(desk.everything()["ally_limit"])


def test_a_domain_is_asked_for_ten_times_a_day_then_once_from_each_network_but_not_a_provider(desk):
    def may_ask(address, network):
        try:
            with desk.job.write() as work:
                subscribers.ask(work, address, network=network)
        except Refused:
            return False
        return True

    asked = [may_ask(f"r{number}@mail{number}.catchall.example", "192.0.2.0/24") for number in range(12)]
    assert asked == [True] * 10 + [False] * 2
    assert [may_ask(f"{name}@catchall.example", "198.51.100.0/24") for name in ("ana", "bo")] == [True, False]
    assert all(may_ask(f"r{number}@gmail.com", "203.0.113.0/24") for number in range(12))


def test_an_address_that_subscribed_before_is_mailed_nothing_and_the_page_does_not_say_so(desk):
    fresh = subscribe(desk, "new@example.org").text
    desk.subscribe(READER)
    before = len(mails(desk, "confirm"))
    again = subscribe(desk, READER.upper()).text
    assert again.replace(READER.upper(), "new@example.org") == fresh
    assert len(mails(desk, "confirm")) == before


def test_a_bounce_deletes_the_address_and_tells_nobody(desk):
    desk.subscribe(READER)
    desk.show("ask 4")
    later(desk, days=1)
    (row,) = desk.db.read("SELECT channel, key FROM delivery WHERE channel LIKE 'mail:%'")
    mark = mark_of(row["channel"], row["key"])
    with desk.db.write() as tx:
        sent = "UPDATE delivery SET sent_at = :now, ref = :ref WHERE channel LIKE 'mail:%'"
        tx.execute(sent, {"now": to_text(desk.now), "ref": f"<{mark}@coalition.test>"})
    desk.letterbox.bounced(mark, (READER,), "4.2.2", permanent=False)
    desk.letterbox.bounced(mark, ("another@example.org",), "5.1.1", permanent=True)
    assert len(rows(desk)) == 1
    desk.letterbox.bounced(mark, (READER,), "5.1.1", permanent=True)
    assert rows(desk) == []
    assert desk.db.read("SELECT id FROM delivery WHERE kind = 'health'") == []


def test_a_mailbox_that_a_relay_says_does_not_exist_is_deleted_at_the_next_look(desk):
    desk.subscribe(READER)
    scope = holds.channel_scope(f"mail:{rows(desk)[0]['id']}")
    with desk.db.write() as tx:
        holds.place(tx, holds.Hold(scope, "no such mailbox"), now=desk.now, report=False)
    later(desk, minutes=5)
    assert rows(desk) == []
    assert holds.all_holds(desk.db) == []


def test_news_that_waits_says_only_what_is_still_public(desk):
    desk.subscribe(READER)
    desk.subscribe("second@example.org")
    desk.now += timedelta(hours=1)
    desk.show("ask 4")
    desk.show("ask 3")
    later(desk, days=1)
    queued = [card for card in mails(desk, "mail") if "new item" in card.head]
    assert len(queued) == 2
    assert all("Ask 4" in words(card) for card in queued)

    desk.card(desk.admin, "public hide", what="ask 4")
    queued = [card for card in mails(desk, "mail") if "new item" in card.head]
    assert [card.head.partition(": ")[2] for card in queued] == ["1 new item"] * 2
    assert not any("Ask 4" in words(card) for card in queued)

    desk.card(desk.admin, "public hide", what="ask 3")
    states = [row["state"] for row in desk.db.read("SELECT state FROM delivery WHERE kind = 'page news'")]
    assert states == ["dropped"] * 2
