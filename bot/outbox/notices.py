"""Report dead letters and holds to people, once each. What was reported is marked, so a crash repeats nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.outbox import holds, records
from bot.outbox.channels import Channels, is_direct
from bot.outbox.model import BY_MAIL, DIRECT
from bot.outbox.queued import WaitingMail, head_of
from bot.outbox.records import EMPTY
from bot.shared.card import Card, Mark
from bot.shared.journey import shell_command
from bot.shared.plain_text import short_hash
from bot.shared.wording import cap_lines, coming, number, with_period
from bot.store.database import Database, Reader, Row, Transaction, from_text, to_text

_SHOWN: Final = 5
_STILL_SHOWN: Final = 20  # each is to be deleted by hand
log = logging.getLogger(__name__)

HEALTH: Final = "health"  # the kind of the outbox's own messages
_HOLD: Final = "hold:"  # prefix of a hold's thread
_FAILING: Final = "failing:"  # prefix of the thread of a channel where every try fails
_RECOVERED: Final = ":over"  # suffix of the key of the message that reports its end
FAILING_AFTER: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: str
    to: str  # the channel's display name
    head: str
    why: str


def waiting_mail(mail: WaitingMail, zone: tzinfo) -> str:
    """Say how many emails wait for the limit, and until when."""
    wait = number(mail.count, "email waits", "emails wait")
    next_at = with_period(coming(mail.next_at, zone))
    return f"{wait} for the limit of {mail.per_hour:,} an hour (MAIL_PER_HOUR). The next is sent {next_at}"


def dead_letters_card(letters: Sequence[DeadLetter]) -> Card:
    """One card for all messages given up since the last one."""
    count = len(letters)
    head = "A message could not be delivered" if count == 1 else f"{count} messages could not be delivered"
    lines = cap_lines([f"To {d.to}: {d.head} ({d.why}) [{d.id}]" for d in letters], _SHOWN, "… and {} more.")
    retry, drop = shell_command("outbox retry ID"), shell_command("outbox drop ID --why REASON")
    lines.append(f"To send one again: `{retry}`. To discard it: `{drop}`.")
    return Card.of(Mark.HEALTH, head, *lines)


def still_shown_card(letters: Sequence[DeadLetter]) -> Card:
    """One card for all messages that still show what was taken back."""
    head = f"{number(len(letters), 'message')} still {'shows' if len(letters) == 1 else 'show'} what was taken back"
    more = f"… and {{}} more: `{shell_command('outbox list')}`"
    lines = cap_lines([f"To {d.to}, {d.head} ({d.why}) [{d.id}]" for d in letters], _STILL_SHOWN, more)
    lines.append(f"Delete each there, or ask who got it to. To try again: `{shell_command('outbox retry ID')}`.")
    return Card.of(Mark.HEALTH, head, *lines)


def stuck_card(letter: DeadLetter) -> Card:
    """A message is rejected repeatedly with an unknown error."""
    return Card.of(
        Mark.HEALTH,
        "The platform keeps rejecting a message",
        f"To {letter.to}: {letter.head} [{letter.id}]",
        f"Reason: {letter.why}.",
        "The bot keeps trying for 72 hours; other messages are not delayed. To discard it: "
        f"`{shell_command(f'outbox drop {letter.id} --why REASON')}`.",
    )


def _reach(scope: str, display_name: Callable[[str], str]) -> tuple[str, str, str]:
    """What is on hold: its card's head, what happens to the messages, and the head once it is over."""
    kind, _, name = scope.partition(":")
    if kind == "platform":
        subject = name.capitalize()
        rest = "Its messages are queued; nothing is lost."
        return f"{subject} does not let the bot post", rest, f"{subject} lets the bot post again"
    who = display_name(name)
    if name.startswith(BY_MAIL):
        rest = "No more email is sent to that address. Waiting messages go to their chat, or stay queued."
        return f"Email to {who} does not arrive", rest, f"Email to {who} is sent again"
    if name.startswith(DIRECT):
        rest = "Their messages are queued; all others are posted."
        return f"Direct messages to {who} do not arrive", rest, f"Direct messages to {who} arrive again"
    rest = "Its messages are queued; other channels are not affected."
    return f"The channel {who} does not accept messages", rest, f"The channel {who} accepts messages again"


def hold_card(hold: holds.Hold, display_name: Callable[[str], str]) -> Card:
    """A channel, a person's direct messages or a platform is on hold."""
    head, rest, _ = _reach(hold.scope, display_name)
    again = "The bot retries about every 20 minutes. After a fix, `/campaign resume` retries at once."
    if hold.until is None:
        again = (
            "The bot does not try again. They can set their address again with `/campaign mail`; for someone who is "
            "not in the chat, an administrator can, with `/people invite`."
        )
    return Card.of(Mark.HEALTH, head, f"Reason: {hold.why}", rest, again)


def failing_card(name: str, lasted: timedelta, why: str, display_name: Callable[[str], str]) -> Card:
    """Every try to post to a channel has failed for some time."""
    head = f"The channel {display_name(name)} has failed at every try for {duration(lasted)}"
    rest = "Its messages are queued and tried again; other channels are not affected."
    return Card.of(Mark.HEALTH, head, f"Reason: {why}", rest)


def recovered_card(scope: str, lasted: timedelta, display_name: Callable[[str], str]) -> Card:
    """The end of what `hold_card` or `failing_card` reported."""
    waited = f"Messages waited {duration(lasted)} and are being posted now. Nothing was lost."
    return Card.of(Mark.HEALTH, _reach(scope, display_name)[2], waited)


def duration(lasted: timedelta) -> str:
    """`12 minutes`, `3 hours`, `2 days`."""
    minutes = max(1, round(lasted.total_seconds() / 60))
    if minutes < 90:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


@dataclass(frozen=True, slots=True)
class _Notice:
    """A card to post on its own, or in the thread `thread` of the channel `channel`."""

    key: str
    card: Card
    thread: str | None = None
    channel: str = ""
    platform: str = ""


def post_notices(
    db: Database, channels: Channels, stuck: Sequence[records.Attempt] = (), *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Report, once each, dead letters, holds, recoveries, and `stuck_card`: attempts refused with an unknown error."""
    with db.write() as tx:
        notices = [
            *_hold_notices(tx, channels, now),
            *_dead_letter_notices(tx, channels, now, new_id),
            *_stuck_notices(stuck, channels),
            *_failing_notices(tx, channels, now),
            *_recovery_notices(tx, channels, now),
        ]
        for notice in notices:
            channel = channels.for_trouble(holds.active(tx, now=now))
            new = records.NewDelivery(
                channel=notice.channel or channel.name,
                platform=notice.platform or channel.platform,
                key=notice.key,
                kind=HEALTH,
                card=notice.card,
                due_at=now,
                thread=notice.thread,
            )
            records.enqueue(tx, new, new_id=new_id, now=now)


def _hold_notices(tx: Transaction, channels: Channels, now: datetime) -> Iterator[_Notice]:
    """Yield a notice of each new hold, in its own thread, where its end is reported too."""
    for hold in holds.take_unreported(tx, now=now):
        log.error("posting to %s is on hold: %s", hold.scope, hold.why)
        thread = _thread_of(hold)
        why = short_hash(hold.why, 8)
        yield _Notice(f"{thread}:{why}", hold_card(hold, channels.display_name), thread)


def _dead_letter_notices(
    tx: Transaction, channels: Channels, now: datetime, new_id: Callable[[], str]
) -> Iterator[_Notice]:
    """Yield one notice of all dead letters not reported yet, and one of messages that could not be changed."""
    rows = records.take_unreported(tx, now=now, late=now - FAILING_AFTER)
    letters = [
        DeadLetter(r["id"], channels.display_name(r["channel"]), _subject(r), r["why"] or "it waits") for r in rows
    ]
    for row in rows:
        log.error("delivery %s to %s was given up or waits long: %s", row["id"], row["channel"], row["why"])
    # A dead message about a dead letter would report itself forever. It is in the log.
    others = [each for each, row in zip(letters, rows, strict=True) if row["kind"] not in (HEALTH, records.RETRACTION)]
    shown = [each for each, row in zip(letters, rows, strict=True) if row["shown_at"]]
    for reported, card in ((others, dead_letters_card), (shown, still_shown_card)):
        if reported:
            yield _Notice(f"outbox:{new_id()}", card(reported))


def _subject(row: Row) -> str:
    """Return what a dead letter says, or when the message that it would have changed was sent."""
    return f"sent {from_text(row['shown_at']):%b %-d, %H:%M} UTC" if row["shown_at"] else head_of(row["card"])


def _stuck_notices(attempts: Iterable[records.Attempt], channels: Channels) -> Iterator[_Notice]:
    """Yield a notice of each stuck message, but for the outbox's own."""
    for attempt in attempts:
        if attempt.claimed.kind != HEALTH:
            claimed = attempt.claimed
            to = channels.display_name(claimed.channel.name)
            letter = DeadLetter(claimed.id, to, claimed.card.head, attempt.result.why or "")
            yield _Notice(f"stuck:{letter.id}", stuck_card(letter))


def _failing_notices(tx: Transaction, channels: Channels, now: datetime) -> Iterator[_Notice]:
    """Yield a notice of each channel where every try has failed for a while, but for people's own."""
    rows = _failing_channels(tx)
    failing = [row for row in rows if not is_direct(row["channel"])]
    if not failing:
        return
    current = holds.all_holds(tx)
    unfinished = _unfinished_threads(tx)
    reported = {row["thread"].rpartition("@")[0] for row in unfinished}
    for row in failing:
        scope, since = holds.channel_scope(row["channel"]), from_text(row["since"])
        own = [hold for hold in current if hold.scope in channels.scopes(row["channel"])]
        # People know of a refusal and of a pause; a wait that the platform asked for has the message's own reason.
        is_held = any(hold.refused is not None or hold.until is None or hold.why != row["why"] for hold in own)
        if is_held or now - since < FAILING_AFTER or f"{_FAILING}{scope}" in reported:
            continue
        log.error("every try to post to %s has failed since %s: %s", row["channel"], row["since"], row["why"])
        thread = f"{_FAILING}{scope}@{row['since']}"
        card = failing_card(row["channel"], now - since, row["why"], channels.display_name)
        yield _Notice(thread, card, thread)


def _recovery_notices(tx: Transaction, channels: Channels, now: datetime) -> Iterator[_Notice]:
    """Yield a notice of each reported hold that has ended, and of each channel that failed and is posted to again."""
    current = {_thread_of(hold) for hold in holds.all_holds(tx)}
    for row in _unfinished_threads(tx):
        thread = row["thread"]
        scope, _, since = thread.removeprefix(_HOLD).removeprefix(_FAILING).rpartition("@")
        if thread.startswith(_FAILING):
            sql = "SELECT id FROM delivery WHERE channel = :channel AND sent_at > :since LIMIT 1"
            is_over = bool(tx.read(sql, {"channel": scope.partition(":")[2], "since": since}))
        else:
            is_over = thread.startswith(_HOLD) and thread not in current
        if not is_over:
            continue
        _drop_thread(tx, row["channel"], thread, why="it ended before it was reported")
        card = recovered_card(scope, now - from_text(since), channels.display_name)
        yield _Notice(thread + _RECOVERED, card, thread, row["channel"], row["platform"])


def _thread_of(hold: holds.Hold) -> str:
    assert hold.since is not None
    return f"{_HOLD}{hold.scope}@{to_text(hold.since)}"


def _unfinished_threads(db: Reader) -> list[Row]:
    """The threads (channel, platform, thread) of reported trouble whose end was not reported."""
    sql = """
        SELECT channel, platform, thread, MIN(seq) AS first FROM delivery AS d
        WHERE kind = :kind AND thread IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM delivery AS o WHERE o.channel = d.channel AND o.key = d.thread || :ending)
        GROUP BY channel, platform, thread ORDER BY first
    """
    return db.read(sql, {"kind": HEALTH, "ending": _RECOVERED})


def _failing_channels(db: Reader) -> list[Row]:
    """The channels (channel, since, why) where every try to post has failed, two at least, since the first of them."""
    sql = """
        SELECT channel, MIN(first_attempt_at) AS since, MAX(why) AS why FROM delivery AS d
        WHERE state IN ('retry', 'ambiguous') AND attempts > 1 AND kind <> :but
          AND NOT EXISTS (
            SELECT 1 FROM delivery AS o WHERE o.channel = d.channel AND o.sent_at >= d.first_attempt_at)
        GROUP BY channel ORDER BY channel
    """
    return db.read(sql, {"but": HEALTH})


def _drop_thread(tx: Transaction, channel: str, thread: str, *, why: str) -> None:
    """Drop a thread's waiting messages that certainly did not arrive."""
    sql = f"""
        UPDATE delivery SET state = 'dropped', why = :why, {EMPTY}
        WHERE channel = :channel AND thread = :thread AND state IN ('pending', 'retry')
    """
    tx.execute(sql, {"channel": channel, "thread": thread, "why": why})
