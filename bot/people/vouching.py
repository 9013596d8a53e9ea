"""/campaign vouch: a second administrator confirms what another one gave to a person.

An administrator alone must not act for a member organization or approve a letter, so an account or role that one gives
to a representative or an approver acts after a day. By then its person was told at every account that they had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Context, Param, Refused, Reply, Role
from bot.commands.replies import answer
from bot.people import records
from bot.people.lookup import described, find_person, person_choices
from bot.people.model import Account, Person
from bot.people.records import Gift
from bot.shared.card import Button

# A digest of what the question showed: nothing that was given later is confirmed unseen.
_SHOWN: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)

slash = Group("campaign", who=ADMINISTRATOR)


@slash.command(
    "vouch",
    "Confirm an account or role that another administrator gave",
    '"Maria Lopez"',
    params=(Param("person", "who", complete=person_choices), _SHOWN),
    changes=True,
    hidden=True,
    button="Press Confirm in the admin channel.",
)
def vouch(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Let what another administrator gave a person act at once, instead of after a day, once the asker has seen it."""
    person = find_person(ctx, args["person"])
    gifts = records.unconfirmed_gifts(ctx.tx, person.id, ctx.now)
    if not gifts:
        raise Refused(f"Nothing of {person.name} waits to be confirmed.")
    mine = Account(ctx.actor.platform, ctx.actor.team, ctx.actor.user)
    acts_from = records.acts_from(ctx.tx, mine).get(Role.ADMINISTRATOR)
    if ctx.actor.person in {person.id, *(gift.giver for gift in gifts)}:
        raise Refused("A second administrator has to confirm this: not the one who did it, and not the person.")
    if acts_from is None or acts_from > ctx.now:
        raise Refused("You became an administrator, or got this account, less than a day ago. Ask another one.")
    shown = hashlib.sha256(repr(gifts).encode()).hexdigest()
    if args.get("shown") != shown:
        return _question(ctx, person, gifts, shown)
    records.vouch(ctx.tx, person.id, ctx.actor.person or "")
    ctx.note(person.name, "waits for a second administrator", f"confirmed: {', '.join(gift.what for gift in gifts)}")
    return answer(f"Confirmed: {person.name} can act now", described(ctx, person))


def _question(ctx: Context, person: Person, gifts: Sequence[Gift], shown: str) -> Reply:
    """Say who gave what, with the button that confirms exactly that."""
    names = records.names(ctx.tx)
    return answer(
        f"Can {person.name} act with this at once?",
        *(f"{names.get(gift.giver, 'Someone who has left')} gave: {gift.what}" for gift in gifts),
        f"Then: {described(ctx, person)}",
        "Ask the person themselves first, in person or by phone. Without this, it acts after a day.",
        buttons=(Button("Confirm", "campaign vouch", (("person", person.id), ("shown", shown)), "primary"),),
    )
