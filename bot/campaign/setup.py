"""/campaign setup: guides an administrator through the configuration, one card per step; nothing is posted.

It says what is still missing, shows where each setting comes from, and has the buttons that change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Protocol

from bot.alerts import digest
from bot.alerts.campaign import campaign_of
from bot.campaign.setup_steps import STEPS, place_of
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Choice, Context, Param, Refused, Reply
from bot.commands.replies import LINES, answer
from bot.config.load import Config
from bot.deadlines import reminders
from bot.letters import todo
from bot.outbox.model import Permissions
from bot.shared import wording
from bot.shared.card import Button

_CHANNELS: Final = "channels"
_DIGEST_STEP: Final = "digest"
_PARAMS: Final = (
    Param(
        "step",
        "one of the steps; all of them if left out",
        required=False,
        choices=(
            *(Choice(step.name, step.title) for step in STEPS),
            Choice(_DIGEST_STEP, "A preview of today's digest"),
        ),
    ),
    Param("channel", "for the digest: which channel", required=False),
)

slash = Group("campaign")


class Network(Protocol):
    async def rights(self) -> dict[str, Permissions]: ...


async def fetch_rights(network: Network, args: Mapping[str, str]) -> dict[str, Permissions] | None:
    """The bot's permissions in each channel; only that step asks the platforms for them."""
    return await network.rights() if args.get("step") == _CHANNELS else None


@slash.command(
    "setup",
    "Set up names, asks, members, channels, people and sources; ends with a preview of the digest",
    params=_PARAMS,
    who=ADMINISTRATOR,
    fetch=fetch_rights,
)
def setup(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show a step; without an argument, list the steps."""
    if "step" not in args:
        return _overview(ctx)
    if args["step"] == _DIGEST_STEP:
        return _digest_preview(ctx, args)
    number = next(number for number, step in enumerate(STEPS) if step.name == args["step"])
    step, after = STEPS[number], (*(other.name for other in STEPS), _DIGEST_STEP)[number + 1]
    lines, missing = list(step.lines(ctx)), list(step.missing(ctx))
    room = LINES - len(missing)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"and {len(lines) - room + 1} more"]
    onward = Button(f"Next: {after}", "campaign setup", (("step", after),), "primary")
    post_here = _post_here(ctx) if step.name == _CHANNELS else ()
    foot = f"Step {number + 1} of {len(STEPS) + 1}"
    return answer(step.title, *missing, *lines, buttons=ctx.theirs(*step.actions, *post_here, onward), foot=foot)


def _overview(ctx: Context) -> Reply:
    """The steps, each with what is missing in it."""
    lines = []
    for number, step in enumerate(STEPS, start=1):
        missing = list(step.missing(ctx))
        lines.append(f"{number}. {step.title}. {' '.join(missing) or 'Complete.'}")
    first = next((step for step in STEPS if [*step.missing(ctx)]), STEPS[0])
    begin = Button(f"Begin: {first.name}", "campaign setup", (("step", first.name),), "primary")
    last = f"{len(STEPS) + 1}. Digest: a preview of today's."
    head = f"Setting up for {ctx.config.coalition.short}, in {len(STEPS) + 1} steps"
    return answer(head, *lines, last, *_example_note(ctx.config), buttons=[begin], foot=_ALL)


_ALL: Final = "/settings list shows every setting; each change can be undone."


def _example_note(config: Config) -> Iterator[str]:
    sections = ((config.feeds, config.feeds_lines), (config.coalition, config.coalition_lines))
    places = [lines.at("example") for section, lines in sections if section.example]
    if places:
        yield f"These are the example files. When they are yours, delete “example: true” ({wording.listed(places)})."


def _post_here(ctx: Context) -> tuple[Button, ...]:
    """A button that posts the first channel's messages in the place where the command was sent."""
    channels = ctx.config.feeds.channels
    if not ctx.call.channel or place_of(ctx) in [channel.to for channel in channels.values()]:
        return ()
    name = next(iter(channels))
    return (Button(f"Post “{name}” here", "settings channel", (("name", name), ("to", place_of(ctx)))),)


def _digest_preview(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Preview today's digest of a channel; its queued lines stay queued."""
    feeds, campaign = ctx.config.feeds, campaign_of(ctx.config)
    with_digest = [name for name, channel in feeds.channels.items() if channel.digest.days != "never"]
    if not with_digest:
        raise Refused("No channel has a digest. /settings set channel gives one to a channel.")
    name = args.get("channel", with_digest[0])
    if name not in with_digest:
        raise Refused(
            f"“{name[:40]}” has no digest. Channels with one: {wording.listed(with_digest)}.", param="channel"
        )
    clocks = reminders.clocks(ctx.tx, campaign, name, ctx.now.astimezone(campaign.zone).date())
    below = [*clocks, *todo.digest(ctx.tx, campaign, name, ctx.now)]
    card = digest.preview(ctx.tx, name, campaign, below, ctx.now)
    others = [
        Button(f"For {other}", "campaign setup", (("step", _DIGEST_STEP), ("channel", other))) for other in with_digest
    ]
    shown = [button for button, other in zip(others, with_digest, strict=True) if other != name]
    foot = f"A preview for “{name}”: nothing is posted, and the next digest stays as it is."
    return Reply(card=replace(card, foot=foot, buttons=tuple(shown[:4])))
