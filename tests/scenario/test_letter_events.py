"""The steps of a letter as events for a webhook: which, in what order, and what never leaves."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.webhook import WebhookSender, secret_of
from bot.config.feeds import ChannelConfig
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel
from tests.kit.letters_desk import GRANTS, Desk, config
from tests.peers.webhook import SECRET, Receiver
from tests.scenario.test_webhook import PAGE, example

PARTNERS = Channel("partners", "webhook", "partners")


@pytest.fixture
def desk(tmp_path):
    return following(tmp_path)


def following(folder, **letters):
    base = config(**letters)
    channels = {**base.feeds.channels, "partners": ChannelConfig(to="webhook:partners", letters=True)}
    return Desk(folder, replace(base, feeds=base.feeds.model_copy(update={"channels": channels})))


async def deliver(desk, receiver, rounds):
    """Deliver what waits for the webhook, in rounds a minute apart."""
    sender = WebhookSender({"partners": receiver.url}, {"partners": secret_of(SECRET)}, clock=lambda: desk.now)
    deliverer = Deliverer(
        desk.db, {"webhook": sender}, {"partners": PARTNERS}, direct=lambda _: None, clock=lambda: desk.now,
        new_id=desk.new_id, dice=lambda: 0.0, admin="partners", pace=timedelta(0),
    )  # fmt: skip
    with desk.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'dropped' WHERE channel <> 'partners'")
    for _ in range(rounds):
        await deliverer.run_once()
        desk.now += timedelta(minutes=1)
    await deliverer.close()


def events(desk, *answers, rounds=1):
    """The receiver of everything that waits for the webhook; `answers` are its first ones."""

    async def received():
        async with Receiver().running() as receiver:
            receiver.answers += answers
            await deliver(desk, receiver, rounds)
        return receiver

    return asyncio.run(received())


def steps(receiver):
    return [(event["type"], event["data"]["organizations"]) for event in receiver.events()]


def whole_life(desk):
    """A letter from its draft to its end, with everything that people may type about it; returns what they typed."""
    signer, other, third = list(desk.reps)[:3]
    canaries = {
        "subject": "Canary subject one", "text": "Canary sentence two.", "reason": "Canary reason three",
        "note": "Canary note four", "what": "Canary answer five", "suggestion": "Canary change six",
    }  # fmt: skip
    desk.drafted()
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text=canaries["text"])
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.card(desk.pol, "letter signon", letter="L-1", until="Fri 17:00")
    desk.signs(signer)
    desk.card(desk.reps[other], "letter decline", letter="L-1", reason=canaries["reason"], agree="yes")
    desk.card(desk.reps[other], "letter suggest", letter="L-1", suggestion=canaries["suggestion"])
    desk.records(third, note=canaries["note"])
    desk.card(desk.reps[third], "letter object", letter="L-1", reason=canaries["reason"], agree="yes")
    desk.lock()
    desk.compose()
    desk.card(desk.pol, "letter sent", letter="L-1", via="email", note=canaries["note"])
    desk.card(desk.pol, "letter reply", letter="L-1", what=canaries["what"])
    desk.card(desk.pol, "letter close", letter="L-1")
    desk.drafted()
    desk.card(desk.pol, "letter edit", letter="L-2", subject=canaries["subject"])
    desk.card(desk.pol, "letter withdraw", letter="L-2", why=canaries["reason"], agree="yes")
    return [*canaries.values(), "Head of", "Rep ", "Pol", "App", desk.text("L-1")]


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """(The desk, what was typed, the receiver of all its events.)"""
    desk = following(tmp_path_factory.mktemp("life"))
    typed = whole_life(desk)
    return desk, typed, events(desk)


def test_every_step_of_a_letter_is_one_signed_event_in_order(life):
    desk, _, receiver = life
    members = desk.config.coalition.members
    signer, _, third = (members[id_].name for id_ in list(desk.reps)[:3])
    assert steps(receiver) == [
        ("letter.drafted", []), ("letter.in_review", []), ("letter.approved", []), ("letter.opened", []),
        ("letter.signed", [signer]), ("letter.declined", []), ("letter.signed", [third]),
        ("letter.signature_withdrawn", [third]), ("letter.locked", []), ("letter.sent", []), ("letter.answered", []),
        ("letter.closed", []), ("letter.drafted", []), ("letter.withdrawn", []),
    ]  # fmt: skip
    verified = example()
    for got, content in receiver.requests:
        assert verified(SECRET, got, content, int(got["webhook-timestamp"]))


def test_an_event_has_the_documented_fields_and_its_title_once_members_may_read_it(life):
    desk, _, receiver = life
    (documented,) = (json.loads(code) for code in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if "schema" in code)
    for event in receiver.events():
        assert event.keys() == documented.keys()
        assert event["data"].keys() == documented["data"].keys()
        assert event["data"]["schema"] == documented["data"]["schema"] == 1
        assert f"`{event['type']}`" in PAGE
    opened = {event["type"]: event["data"]["title"] for event in receiver.events() if event["data"]["id"] == "L-001"}
    title = desk.letter().version.subject
    assert [opened["letter.drafted"], opened["letter.approved"]] == [None, None]
    assert [opened["letter.opened"], opened["letter.closed"]] == [title, title]
    assert all(event["data"]["title"] is None for event in receiver.events() if event["data"]["id"] == "L-002")


def test_no_word_of_a_text_no_note_and_no_person_leaves(life):
    desk, canaries, receiver = life
    sent = b"\n".join(content for _, content in receiver.requests).decode()
    assert [canary for canary in canaries if canary in sent] == []
    paragraphs = [part.text for text in desk.letter().version.texts for part in text.written.body]
    assert [text for text in paragraphs if text in sent] == []


def test_a_signature_is_taken_back_under_the_name_that_it_was_given(tmp_path):
    desk = following(tmp_path)
    desk.opened()
    desk.signs("cast")
    desk.card(desk.admin, "settings member", **{"name": "cast", "legal-name": "A Newer Name, Inc."})
    desk.card(desk.reps["cast"], "letter unsign", letter="L-1")
    name = desk.config.coalition.members["cast"].name
    taken = [("letter.signed", [name]), ("letter.signature_withdrawn", [name])]
    assert steps(events(desk))[-2:] == taken


def test_a_draft_goes_to_no_webhook_even_where_drafts_may_go_anywhere(tmp_path):
    desk = following(tmp_path, drafts="anywhere")
    routes = tuple(route.model_copy(update={"to": "partners"}) for route in desk.config.feeds.routes)
    desk.config = replace(desk.config, feeds=desk.config.feeds.model_copy(update={"routes": routes}))
    desk.drafted(entry=desk.bring(GRANTS)[0].id)
    desk.compose()
    receiver = events(desk)
    assert [event["type"] for event in receiver.events()] == ["alert", "letter.drafted"]
    assert desk.letter().version.subject not in str(receiver.events())
    assert "the bot cannot see who reads what it posts to an address" in str(desk.sent_to(desk.pol))


def test_a_changed_text_is_in_review_and_its_signatures_come_again(desk):
    signer = next(iter(desk.reps))
    title = desk.opened().version.subject
    desk.signs(signer)
    desk.card(desk.pol, "letter edit", letter="L-1", subject="Canary subject one")
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.signs(signer)
    receiver = events(desk)
    name = desk.config.coalition.members[signer].name
    assert steps(receiver)[4:] == [
        ("letter.signed", [name]), ("letter.in_review", []), ("letter.opened", []), ("letter.signed", [name]),
    ]  # fmt: skip
    titles = [event["data"]["title"] for event in receiver.events()[4:]]
    assert titles == [title, title, "Canary subject one", "Canary subject one"]


def test_a_table_of_allies_comes_a_hundred_names_at_a_time(desk):
    desk.opened()
    head = "organization,signatory,title,evidence,note\n"
    table = head + "".join(f"Harbor Aid {n},Sam Roe,Director,email,\n" for n in range(101))
    desk.hand(desk.pol, "letter allies", table.encode(), letter="L-1", distinct="yes")
    receiver = events(desk)
    assert [len(names) for type_, names in steps(receiver) if type_ == "letter.signed"] == [100, 1]


def test_a_busy_receiver_loses_no_event_and_gets_them_in_order(desk):
    desk.approved()
    receiver = events(desk, (204, {}), (503, {}), (0, {}), (429, {"Retry-After": "30"}), rounds=20)
    ids = list(dict.fromkeys(got["webhook-id"] for got, _ in receiver.requests))
    by_id = {got["webhook-id"]: content for got, content in receiver.requests}
    assert [json.loads(by_id[id_])["type"] for id_ in ids] == ["letter.drafted", "letter.in_review", "letter.approved"]
    assert len(receiver.requests) == 6


def test_a_webhook_that_does_not_follow_letters_gets_none(tmp_path):
    desk = Desk(tmp_path)
    desk.locked()
    assert desk.db.read("SELECT id FROM delivery WHERE kind = 'event'") == []
