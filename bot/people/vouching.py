"""/campaign vouch: a second administrator confirms what another one gave to a person.

An administrator alone must not act for a member organization, so an account or role that one gives to a representative
acts after a day. By then its person was told at every account that they had.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Context, Param, Refused, Reply, Role
from bot.commands.replies import answer
from bot.people import records
from bot.people.commands import described, find_person, person_choices
from bot.people.model import Account

slash = Group("campaign", who=ADMINISTRATOR)


@slash.command(
    "vouch",
    "Confirm an account or role that another administrator gave",
    '"Maria Lopez"',
    params=(Param("person", "who", complete=person_choices),),
    changes=True,
    hidden=True,
    button="Press Confirm in the admin channel.",
)
def vouch(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Let what another administrator gave a person act at once, instead of after a day."""
    person = find_person(ctx, args["person"])
    givers = records.unconfirmed_givers(ctx.tx, ctx.coalition_id, person.id, ctx.now)
    if not givers:
        raise Refused(f"Nothing of {person.name} waits to be confirmed.")
    mine = Account(ctx.actor.platform, ctx.actor.team, ctx.actor.user)
    acts_from = records.acts_from(ctx.tx, ctx.coalition_id, mine, Role.ADMINISTRATOR)
    if ctx.actor.person in (*givers, person.id):
        raise Refused("A second administrator has to confirm this: not the one who did it, and not the person.")
    if acts_from is None or acts_from > ctx.now:
        raise Refused("You became an administrator, or got this account, less than a day ago. Ask another one.")
    records.vouch(ctx.tx, ctx.coalition_id, person.id, ctx.actor.person or "")
    ctx.note(person.name, "waits for a second administrator", "confirmed")
    return answer(f"Confirmed: {person.name} can act now", described(ctx, person))
