"""Messages as signed JSON: what a receiver gets, how it verifies that, and what becomes of each of its answers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.app.online import _check_channel
from bot.app.wiring import check_permissions
from bot.chat.webhook import WebhookSender, headers, secret_of
from bot.config.settings import Settings
from bot.outbox.model import Ambiguous, Channel, Delivered, NotFound, Outgoing, Rejected, RetryAt
from bot.shared.answer import State
from bot.shared.card import Button, Card, Due, Line, Mark, Section
from tests.kit.outbox import ADMIN, card
from tests.peers.webhook import SECRET, Receiver

ROOT = Path(__file__).parents[2]
OUT = Channel("partners", "webhook", "partners")
PAGE = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")


@pytest.fixture
async def receiver():
    async with Receiver().running() as running:
        yield running


def sender(kit, url):
    return WebhookSender({"partners": url}, {"partners": secret_of(SECRET)}, clock=kit.clock)


def outgoing(**more):
    return Outgoing(**{"id": "1", "key": "k", "channel": OUT, "card": card("Gloves")} | more)


def example():
    """The function of the documentation's example, as a reader would copy it."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    scope = {}
    exec(code, scope)
    return scope["verified"]


async def test_the_documentation_s_example_accepts_what_is_sent_and_nothing_else(kit, receiver):
    one = sender(kit, receiver.url)
    kit.opened.append(one)
    assert await one.send(outgoing()) == Delivered(outgoing().mark)
    [(got, content)] = receiver.requests
    verified, now = example(), kit.clock().timestamp()
    assert verified(SECRET, got, content, now)
    assert not verified(SECRET, got, content + b" ", now)
    assert not verified(SECRET, got | {"webhook-id": "msg_other"}, content, now)
    assert not verified("whsec_" + "A" * 32, got, content, now)
    assert not verified(SECRET, got, content, now + 301)


def test_the_signature_is_that_of_the_standard_s_example():
    """https://github.com/standard-webhooks/standard-webhooks, the vectors of its libraries' tests."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(1614265330, UTC)
    made = headers(secret_of(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", moment, b'{"test": 2432232314}')
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_an_event_has_the_card_as_plain_values_and_nothing_that_only_a_member_may_open(kit, receiver):
    full = Card(
        mark=Mark.ALERT,
        head="Gloves",
        why=("gloves watch: “gloves”",),
        lines=(Line("Read it", "https://x.example/1"),),
        dues=(Due("Comments close", kit.clock().date()),),
        buttons=(Button("Why", "alerts why"),),
        enclosed=(Section("The letter", (Line("a draft that stays inside"),)),),
    )
    one = sender(kit, receiver.url)
    kit.opened.append(one)
    await one.send(outgoing(card=full))
    (event,) = receiver.events()
    assert event["type"] == "alert"
    assert event["data"]["id"] == event["data"]["thread"] == outgoing().mark
    assert event["data"]["card"]["lines"] == [{"text": "Read it", "url": "https://x.example/1"}]
    assert event["data"]["card"]["dues"][0]["on"] == kit.clock().date().isoformat()
    assert {"buttons", "enclosed"}.isdisjoint(event["data"]["card"])
    assert "stays inside" not in json.dumps(event)


async def test_each_attempt_has_the_same_id_and_a_change_another_with_the_same_message(kit, receiver):
    one = sender(kit, receiver.url)
    kit.opened.append(one)
    await one.send(outgoing())
    await one.send(outgoing(may_repeat=True))
    await one.edit(outgoing(edits=outgoing().mark, card=card("Gloves, canceled")))
    ids = [got["webhook-id"] for got, _ in receiver.requests]
    assert ids[0] == ids[1] != ids[2]
    events = receiver.events()
    assert [event["type"] for event in events] == ["alert", "alert", "alert.updated"]
    assert len({event["data"]["id"] for event in events}) == 1


@pytest.mark.parametrize(
    ("status", "scope"),
    [(400, "message"), (422, "message"), (401, "channel"), (404, "channel"), (410, "channel"), (302, "channel")],
)
async def test_a_refusal_is_of_the_message_or_of_the_channel(kit, receiver, status, scope):
    receiver.answers.append((status, {"Location": f"{receiver.url}/elsewhere"}))
    one = sender(kit, receiver.url)
    kit.opened.append(one)
    outcome = await one.send(outgoing())
    assert isinstance(outcome, Rejected)
    assert (outcome.scope, len(receiver.requests)) == (scope, 1)
    assert f"127.0.0.1 answered {status}" in outcome.why


async def test_a_receiver_that_is_busy_is_tried_when_it_says_and_one_that_breaks_off_again(kit, receiver):
    receiver.answers += [(429, {"Retry-After": "60"}), (503, {}), (503, {"Retry-After": "9" * 400}), (0, {})]
    one = sender(kit, receiver.url)
    kit.opened.append(one)
    busy = await one.send(outgoing())
    assert timedelta(seconds=55) < busy.at - kit.clock() <= timedelta(seconds=60)
    assert await one.send(outgoing()) == RetryAt("127.0.0.1 answered 503")
    assert (await one.send(outgoing())).at - kit.clock() <= timedelta(days=1)
    assert isinstance(await one.send(outgoing()), Ambiguous)
    receiver.answers += [(418, {}), (402, {})]
    assert await one.send(outgoing()) == RetryAt("127.0.0.1 answered 418")
    assert await one.send(outgoing()) == RetryAt("127.0.0.1 answered 402")
    assert await one.find(outgoing()) == NotFound()


@pytest.mark.parametrize("url", ["https://169.254.169.254/", "https://[::ffff:169.254.169.254]/", "https://0.0.0.0/"])
async def test_no_address_leads_to_a_host_s_own_services(kit, url):
    one = sender(kit, url)
    kit.opened.append(one)
    outcome = await one.send(outgoing())
    assert isinstance(outcome, Rejected)
    assert "private or reserved" in outcome.why


async def test_a_name_that_leads_inside_is_refused(kit, receiver, monkeypatch):
    """A name that the operator did not mean for this network, as in DNS rebinding."""
    port = receiver.url.rsplit(":", 1)[1]
    one = sender(kit, f"http://inside.example:{port}")
    kit.opened.append(one)

    class Inside:
        async def resolve(self, host, port=0, family=0):
            return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

        async def close(self):
            pass

    one._session().connector._resolver = Inside()
    outcome = await one.send(outgoing())
    assert isinstance(outcome, Rejected)
    assert "private or reserved" in outcome.why
    assert receiver.requests == []


async def test_the_outbox_keeps_its_promise_retries_and_gives_a_refused_event_up(kit, receiver):
    one = sender(kit, receiver.url)
    deliverer = kit.deliverer(one, channels=[OUT, ADMIN])
    receiver.answers += [(503, {}), (0, {}), (204, {}), (400, {})]
    kit.say("first", OUT)
    for _ in range(3):
        await deliverer.run_once()
        kit.clock.turn(minutes=10)
    kit.say("second", OUT)
    await deliverer.run_once()
    states = kit.states()
    assert (states["first"], states["second"]) == ("sent", "dead")
    assert {row["channel"] for row in kit.db.read("SELECT channel FROM delivery WHERE kind = 'health'")} == {"admin"}
    ids = [got["webhook-id"] for got, _ in receiver.requests]
    assert len(set(ids[:3])) == 1


@pytest.mark.parametrize("secret", ["whsec_short", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***"])
def test_a_secret_in_another_form_is_refused_without_showing_it(secret):
    with pytest.raises(ValidationError, match="write it as whsec_") as refused:
        Settings(_env_file=None, webhook_secret={"partners": secret})
    assert secret not in str(refused.value)


async def test_a_check_claims_nothing_of_an_address_that_it_does_not_ask(receiver):
    rights = check_permissions(Settings(_env_file=None, webhook_url={"partners": receiver.url}))
    finding = await _check_channel(OUT, rights)
    assert finding.sentence == "was not asked: it can only be posted to"
    assert receiver.requests == []


@pytest.mark.parametrize(("platform", "setting"), [("slack", "SLACK_BOT_TOKEN"), ("teams", "TEAMS_URL__PARTNERS")])
async def test_a_check_says_which_token_a_channel_lacks(platform, setting):
    finding = await _check_channel(replace(OUT, platform=platform), check_permissions(Settings(_env_file=None)))
    assert finding.state is State.BAD
    assert finding.sentence == f"no {setting} is set; docs/connect.md says how to get one"
