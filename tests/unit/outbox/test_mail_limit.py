"""A coalition's limit of email an hour: what is beyond it waits in order, and a link to log in waits for no news."""

from __future__ import annotations

from datetime import timedelta

from bot.outbox import queued
from bot.outbox.model import LINK, PAGE_NEWS, PUBLIC_LINK, Channel, Delivered
from tests.kit.outbox import POLICY

LIMIT = 10
KEPT = 1  # for links


class Accepting:
    """A platform that accepts everything. `sent`: the keys; those that are sent at once in any order."""

    deadline = None

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.sent: list[str] = []

    async def send(self, outgoing):
        self.sent.append(outgoing.key)
        return Delivered(outgoing.id)

    async def close(self):
        pass


def mail(kit, key, kind="digest"):
    kit.people[f"mail:{key}"] = reader = Channel(f"mail:{key}", "mail", f"{key}@member.test")
    kit.say(key, reader, kind=kind)


def delivering(kit, *senders):
    return kit.deliverer(*senders, mail_per_hour=LIMIT)


async def run(deliverer, kit):
    """Deliver until nothing is due now; return when the next is."""
    due = kit.clock()
    while due is not None and due <= kit.clock():
        due = (await deliverer.run_once()).waiting_until
    return due


def late(kit):
    """How long the oldest late message of each platform has been late, in minutes."""
    oldest = queued.oldest_by_platform(kit.db, mail_per_hour=LIMIT, now=kit.clock())
    return {platform: (kit.clock() - since) // timedelta(minutes=1) for platform, since in oldest.items()}


def waiting(kit):
    return queued.waiting_mail(kit.db, per_hour=LIMIT, now=kit.clock())


async def test_b18_email_beyond_the_limit_waits_in_order_and_is_all_sent(kit):
    relay, slack = Accepting("mail"), Accepting("slack")
    keys = [f"m{n}" for n in range(25)]
    for key in keys:
        mail(kit, key)
    kit.say("in the chat", POLICY)
    deliverer = delivering(kit, relay, slack)
    began = kit.clock()
    due = await run(deliverer, kit)
    assert set(relay.sent) == set(keys[: LIMIT - KEPT])
    assert slack.sent == ["in the chat"]
    assert began + timedelta(hours=1) <= due <= kit.clock() + timedelta(hours=1)
    wait = waiting(kit)
    assert (wait.count, wait.next_at) == (16, due)
    kit.clock.turn(minutes=59)
    await run(delivering(kit, relay), kit)  # as after a restart
    assert len(relay.sent) == LIMIT - KEPT
    for end in (2 * (LIMIT - KEPT), 25):
        kit.clock.turn(minutes=61)
        await run(deliverer, kit)
        assert len(relay.sent) == end
        assert set(relay.sent) == set(keys[:end])
    assert waiting(kit) is None


async def test_b18_email_is_not_late_while_it_waits_for_the_limit(kit):
    for n in range(25):
        mail(kit, f"m{n}")
    kit.clock.turn(minutes=5)
    assert late(kit) == {"mail": 5}
    await run(delivering(kit, Accepting("mail")), kit)
    assert late(kit) == {}
    kit.clock.turn(minutes=30)
    assert late(kit) == {}
    kit.clock.turn(minutes=37)
    assert late(kit) == {"mail": 7}  # one may be sent since then
    kit.clock.turn(minutes=60)
    assert late(kit) == {"mail": 132}


async def test_b18_twenty_emails_are_sent_in_each_round(kit):
    for n in range(25):
        mail(kit, f"m{n}")
    deliverer = kit.deliverer(Accepting("mail"), mail_per_hour=50)
    assert [(await deliverer.run_once()).sent for _ in range(2)] == [20, 5]


async def test_b18_each_rank_of_email_leaves_a_tenth_to_the_one_before_it(kit):
    relay = Accepting("mail")
    deliverer = delivering(kit, relay)
    for kind, sent in ((PAGE_NEWS, 7), (PUBLIC_LINK, 8), ("digest", 9), (LINK, 10)):
        for n in range(12):
            mail(kit, f"{kind}{n}", kind)
        await run(deliverer, kit)
        assert len(relay.sent) == sent
        assert relay.sent[-1].startswith(kind)


async def test_b18_a_link_goes_before_what_was_queued_earlier(kit):
    relay = Accepting("mail")
    for n in range(25):
        mail(kit, f"m{n}", (PAGE_NEWS, "digest", PUBLIC_LINK)[n % 3])
    mail(kit, "to log in", LINK)
    await run(delivering(kit, relay), kit)
    assert set(relay.sent) == {"to log in", *(f"m{n}" for n in range(1, 25, 3))}
