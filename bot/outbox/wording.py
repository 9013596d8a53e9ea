"""Cards about the outbox's own trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Final

from bot.outbox.holds import Hold
from bot.outbox.mail_limit import WaitingMail
from bot.outbox.model import BY_MAIL, DIRECT
from bot.shared.card import Card, Line, Mark
from bot.shared.journey import shell_command
from bot.shared.wording import coming, number, with_period

_SHOWN: Final = 5


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
    lines = [Line(f"To {d.to}: {d.head} ({d.why}) [{d.id}]") for d in letters[:_SHOWN]]
    if count > _SHOWN:
        lines.append(Line(f"… and {count - _SHOWN} more."))
    lines.append(
        Line(
            f"To send one again: `{shell_command('outbox retry ID')}`. To discard it: "
            f"`{shell_command('outbox drop ID --why REASON')}`."
        )
    )
    return Card(mark=Mark.HEALTH, head=head, lines=tuple(lines))


def stuck_card(letter: DeadLetter) -> Card:
    """A message is rejected repeatedly with an unknown error."""
    return Card(
        mark=Mark.HEALTH,
        head="The platform keeps rejecting a message",
        lines=(
            Line(f"To {letter.to}: {letter.head} [{letter.id}]"),
            Line(f"Reason: {letter.why}."),
            Line(
                "The bot keeps trying for 72 hours; other messages are not delayed. To discard it: "
                f"`{shell_command(f'outbox drop {letter.id} --why REASON')}`."
            ),
        ),
    )


def hold_card(hold: Hold, display_name: Callable[[str], str]) -> Card:
    """A channel, a person's direct messages or a platform is on hold."""
    kind, _, name = hold.scope.partition(":")
    if kind == "platform":
        head, rest = f"{name.capitalize()} does not let the bot post", "Its messages are queued; nothing is lost."
    elif name.startswith(BY_MAIL):
        head = f"Email to {display_name(name)} does not arrive"
        rest = "No more email is sent to that address. Waiting messages go to their chat, or stay queued."
    elif name.startswith(DIRECT):
        head, rest = (
            f"Direct messages to {display_name(name)} do not arrive",
            "Their messages are queued; all others are posted.",
        )
    else:
        head, rest = (
            f"The channel {display_name(name)} does not accept messages",
            "Its messages are queued; other channels are not affected.",
        )
    again = "The bot retries about every 20 minutes. After a fix, `/campaign resume` retries at once."
    if hold.until is None:
        again = (
            "The bot does not try again. They can set their address again with `/campaign mail`; for someone who is "
            "not in the chat, an administrator can, with `/people invite`."
        )
    return Card(mark=Mark.HEALTH, head=head, lines=(Line(f"Reason: {hold.why}"), Line(rest), Line(again)))


def failing_card(name: str, lasted: timedelta, why: str, display_name: Callable[[str], str]) -> Card:
    """Every try to post to a channel has failed for some time."""
    return Card(
        mark=Mark.HEALTH,
        head=f"The channel {display_name(name)} has failed at every try for {duration(lasted)}",
        lines=(
            Line(f"Reason: {why}"),
            Line("Its messages are queued and tried again; other channels are not affected."),
        ),
    )


def recovered_card(scope: str, lasted: timedelta, display_name: Callable[[str], str]) -> Card:
    """The end of what `hold_card` or `failing_card` reported."""
    kind, _, name = scope.partition(":")
    if kind == "platform":
        head = f"{name.capitalize()} lets the bot post again"
    elif name.startswith(BY_MAIL):
        head = f"Email to {display_name(name)} is sent again"
    elif name.startswith(DIRECT):
        head = f"Direct messages to {display_name(name)} arrive again"
    else:
        head = f"The channel {display_name(name)} accepts messages again"
    waited = Line(f"Messages waited {duration(lasted)} and are being posted now. Nothing was lost.")
    return Card(mark=Mark.HEALTH, head=head, lines=(waited,))


def duration(lasted: timedelta) -> str:
    """`12 minutes`, `3 hours`, `2 days`."""
    minutes = max(1, round(lasted.total_seconds() / 60))
    if minutes < 90:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"
