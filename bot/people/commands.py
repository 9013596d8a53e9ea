"""/people list, link, role and related commands: who may act for the coalition, with which account and role."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.model import (
    ADMINISTRATOR,
    STAFF,
    SURE,
    Choice,
    Context,
    File,
    Group,
    Kind,
    Param,
    Refused,
    Reply,
    Role,
    answer,
    confirmation_param,
)
from bot.people import model, records
from bot.people.account_notices import ADMINS, notify, notify_at, notify_representatives, places_of
from bot.people.members import (
    describe,
    find_member,
    find_person,
    ids_by_folded_name,
    member_choices,
    person_choices,
    person_named,
)
from bot.people.model import RIGHTS, Account, Person, account, cannot_act
from bot.people.sessions import WEB
from bot.shared.card import Button
from bot.shared.csv_cells import InvalidTable
from bot.shared.journey import shell_command
from bot.shared.plain_text import short_hash
from bot.shared.wording import cap_lines, number

_SHOWN: Final = 7  # people in one answer
_MENTION: Final = re.compile(r"<@!?(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>")
_ROLES: Final = tuple(Choice(role.value, role.value) for role in Role)
_TABLE: Final = "the table with its first line; over 3,000 characters, use: coalition-bot people import FILE"
_PERSON: Final = Param("person", "who", complete=person_choices)
ORGANIZATION: Final = Param(
    "organization", "the member organization they belong to", required=False, complete=member_choices
)

# Roles that administrators are notified of when one of them gives them: who has it, and when it acts.
_SLOW: Final = "It acts after a day, or when a second administrator confirms it"
_AT_ONCE: Final = (
    "They act as an administrator at once; after a day, or once confirmed, they can confirm what others give"
)
_WATCHED: Final = {
    Role.REPRESENTATIVE: ("who signs for {}", _SLOW),
    Role.APPROVER: ("an approver", _SLOW),
    Role.ADMINISTRATOR: ("an administrator", _AT_ONCE),
}
ROLE: Final = Param("role", "what they may do; representative if left out", required=False, choices=_ROLES)
CERTAIN: Final = confirmation_param("do not ask again")
# A digest of what the question showed: nothing that was given later is confirmed unseen.
_GIFTS_SHOWN: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)

slash = Group("people", who=ADMINISTRATOR, formerly="campaign")


@slash.command(
    verb="list",
    example="find:representative",
    params=(Param("find", "a name, an organization or a role", required=False),),
    who=STAFF,
    formerly=["campaign people"],
    chat_only=True,
)
def people(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List who may act for the coalition, and in which role."""
    wanted = args.get("find", "").casefold()
    everyone = records.people(ctx.tx)
    texts = [(person, f"{person.name} {describe(ctx, person)} {person.organisation or ''}") for person in everyone]
    matches = [person for person, text in texts if wanted in text.casefold()]
    if not matches:
        head = f"No one among {number(len(everyone), 'person', 'people')} matches “{args['find']}”."
        return answer(head, buttons=_desk_buttons(ctx))
    if len(matches) == 1 and wanted:
        return _card(ctx, matches[0], head=matches[0].name)
    lines = [f"{person.name} · {describe(ctx, person)}" for person in matches]
    lines = cap_lines(lines, _SHOWN, "and {} more. Narrow it down: /people list find:NAME")
    head = f"{number(len(matches), 'person acts', 'people act')} for {ctx.config.coalition.short}"
    return answer(head, *lines, buttons=_desk_buttons(ctx))


@slash.command(
    example='account:slack:T0123ABCD/U0456EFGH name:"Maria Lopez" organization:{member}',
    params=(
        Param("account", "slack:TEAM/USER, discord:GUILD/USER or a mention"),
        Param("name", "the person's name", complete=person_choices, longest=200),
        ORGANIZATION,
        ROLE,
        CERTAIN,
    ),
    changes=True,
)
def link(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Link an account to a person, so that they can act."""
    who = _account(ctx, args["account"])
    if why := cannot_act(who, ctx.config.discord_guild):
        raise Refused(why, param="account")
    holder = records.person_of_account(ctx.tx, who)
    current = person_named(ctx.tx, args["name"])
    if holder and holder != current:
        raise Refused(f"{who} is {holder.name}'s account. /people unlink it first, or use their name.", param="account")
    person = person_with(ctx, current, args, (who,))
    if person == current:
        return _card(ctx, person, head=f"{person.name} already has that account")
    return _ask_and_save(ctx, args, current, person, f"{person.name} is linked as {person.role_words}")


@slash.command(
    example="slack:T0123ABCD/U0456EFGH",
    params=(Param("account", "slack:TEAM/USER, discord:GUILD/USER or a mention"), CERTAIN),
    changes=True,
)
def unlink(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Unlink an account from a person."""
    who = _account(ctx, args["account"])
    holder = records.person_of_account(ctx.tx, who)
    if holder is None:
        raise Refused(f"{who} is not linked to anyone. /people list shows each person's accounts.", param="account")
    person = replace(holder, accounts=tuple(each for each in holder.accounts if each != who))
    return _ask_and_save(ctx, args, holder, person, f"{who} is no longer linked to anyone")


@slash.command(
    example='"Maria Lopez" give:approver',
    params=(
        _PERSON,
        Param("give", "a role to give", required=False, choices=_ROLES),
        Param("take", "a role to take", required=False, choices=_ROLES),
        ORGANIZATION,
        CERTAIN,
    ),
    changes=True,
)
def role(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Give a person a role, or take one away."""
    was = find_person(ctx, args["person"])
    roles = was.roles | {Role(args["give"])} if "give" in args else was.roles
    roles = roles - {Role(args["take"])} if "take" in args else roles
    organisation = find_member(ctx, args["organization"]) if "organization" in args else was.organisation
    person = replace(was, roles=roles, organisation=organisation)
    if person == was:
        return _card(ctx, person, head=f"{person.name}: nothing to change. Add give: or take: and a role")
    return _ask_and_save(ctx, args, was, person, f"Roles of {person.name}: {person.role_words or 'none'}")


@slash.command(example='"Maria Lopez"', params=(_PERSON, CERTAIN), changes=True)
def leave(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove all accounts and roles of someone who has left."""
    person = find_person(ctx, args["person"])
    if args.get("sure") != "yes":
        ask = Button("Yes, they have left", "people leave", (("person", person.id), ("sure", "yes")), "danger")
        keep = Button("No", "people list", (("find", person.name),))
        head = f"Has {person.name} left? All their accounts and roles are removed at once"
        return answer(head, describe(ctx, person), buttons=(ask, keep))
    before, places = records.administrators(ctx.tx), places_of(ctx.tx, person)
    records.remove(ctx.tx, person, now=ctx.now)
    _keep_an_administrator(ctx, before)
    removed = f"{ctx.actor.name} removed your accounts and roles at {ctx.config.coalition.short}"
    for place in places:
        notify_at(ctx, person, removed, place)
    free = [line for room in ctx.rooms.freeing for line in room(ctx, person.id)]
    left = f"left; {len(free)} of their open tasks are unassigned" if free else "left"
    ctx.note(person.name, describe(ctx, person), left)
    gone = "Their accounts, roles and preferences are deleted. What they did stays in the audit, with their name."
    calendar = "If your calendar's secret address is in use, they may still have it. Renew it, and send it again."
    renew = ctx.theirs(Button("Renew the calendar's address", "deadlines subscribe", (("renew", "yes"),)))
    tasks = [f"Their open tasks are now unassigned ({len(free)}):", *cap_lines(free, _SHOWN)] if free else []
    return answer(f"{person.name} has left", gone, calendar, *tasks, buttons=renew)


@slash.command(
    example='"Maria Lopez"',
    params=(_PERSON, _GIFTS_SHOWN),
    changes=True,
    hidden=True,
    button="Press Confirm in the admin channel.",
)
def vouch(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Confirm an account or role that another administrator gave.

    An administrator alone must not act for a member organization or approve a letter, so an account or role that one
    gives to a representative or an approver acts after a day. By then every account its person had got a notice.
    """
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
    shown = short_hash(repr(gifts))
    if args.get("shown") != shown:
        names = records.names(ctx.tx)
        return answer(
            f"Can {person.name} act with this at once?",
            *(f"{names.get(gift.giver, 'Someone who has left')} gave: {gift.what}" for gift in gifts),
            f"Then: {describe(ctx, person)}",
            "Ask the person themselves first, in person or by phone. Without this, it acts after a day.",
            buttons=(Button("Confirm", "people vouch", (("person", person.id), ("shown", shown)), "primary"),),
        )
    records.vouch(ctx.tx, person.id, ctx.person)
    ctx.note(person.name, "waits for a second administrator", f"confirmed: {', '.join(gift.what for gift in gifts)}")
    return answer(f"Confirmed: {person.name} can act now", describe(ctx, person))


@slash.command(
    verb="import",
    example='"name,organization,roles,accounts …"',
    params=(Param("csv", _TABLE, kind=Kind.LONG, longest=200_000), CERTAIN),
    changes=True,
    formerly=["campaign import-people"],
)
def import_people(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Import people from CSV: name, organization, roles, accounts.

    All lines or none. People who are not in it are not changed.
    """
    try:
        rows = model.read(args["csv"], ctx.config.coalition.members)
    except InvalidTable as bad:
        raise Refused(f"Nothing was imported. {bad}", param="csv") from bad
    changes: list[tuple[Person | None, Person]] = []
    lines, ids = dict[str, int](), ids_by_folded_name(ctx.tx)
    for line, given in rows:
        was = records.person(ctx.tx, ids.get(given.name.casefold(), ""))
        if was and (first := lines.setdefault(was.id, line)) != line:  # once by name, once by id
            raise Refused(f"Nothing was imported. Line {line}: {was.name} is already in line {first}.", param="csv")
        for who in given.accounts:
            holder = records.person_of_account(ctx.tx, who)
            if holder and holder != was:
                raise Refused(f"Nothing was imported. Line {line}: {who} is {holder.name}'s account.", param="csv")
            if not holder and (why := cannot_act(who, ctx.config.discord_guild)):
                raise Refused(f"Nothing was imported. Line {line}: {why}", param="csv")
        others = tuple(each for each in was.accounts if not each.in_chat) if was else ()
        id_, name = (was.id, was.name) if was else (ctx.new_id(), given.name)
        person = replace(given, id=id_, name=name, accounts=tuple(sorted((*given.accounts, *others))))
        if person != was:
            changes.append((was, person))
    new = sum(was is None for was, _ in changes)
    more = (f"{each.name}: {describe(ctx, each)}" for _, each in changes[1:])
    if changes and (question := ask_on_page(ctx, args, *changes[0], *more)):
        return question
    for was, person in changes:
        save_person(ctx, was, person)
    return answer(f"Imported: {new} new, {len(changes) - new} changed, {len(rows) - len(changes)} unchanged")


@slash.command(verb="export", formerly=["campaign export-people"], chat_only=True)
def export_people(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - it takes none
    """Export everyone as CSV, for a spreadsheet."""
    everyone = records.people(ctx.tx)
    exported = [person for person in everyone if all(each.platform != "console" for each in person.accounts)]
    reply = answer(
        f"{number(len(exported), 'person', 'people')}, as CSV",
        "Edit it and import it with /people import. People who are not in it are not changed.",
        f"A form has room for about 30 people. For more, run “{shell_command('people import FILE')}” on the server.",
    )
    return replace(reply, file=File("people.csv", "text/csv", model.people_csv(exported)))


def _account(ctx: Context, text: str) -> Account:
    """Parse `slack:T0123/U0456`, or a mention of someone in the workspace or server it is written in."""
    mention = _MENTION.fullmatch(text)
    linked = account(f"{ctx.call.platform}:{ctx.call.team}/{mention['user']}" if mention else text)
    if linked is None:
        raise Refused(
            f"“{text[:80]}” is not an account. Write slack:TEAM/USER or discord:GUILD/USER. A person who is not "
            "linked yet finds theirs with /campaign me.",
            param="account",
        )
    return linked


# --- changes ----------------------------------------------------------------------------------------------------------


def person_with(
    ctx: Context, current: Person | None, args: Mapping[str, str], accounts: tuple[Account, ...] = ()
) -> Person:
    """Return the person as they are to be: new, or with the accounts and the role in `args` too. Raises `Refused`."""
    organisation = find_member(ctx, args["organization"]) if "organization" in args else None
    roles = frozenset({Role(args["role"])} if "role" in args else ())
    if current is None:
        roles = roles or (frozenset({Role.REPRESENTATIVE}) if organisation else frozenset())
        if not roles:
            raise Refused("What may they do? Give a role, or the organization they represent.", param="role")
        return Person(id=ctx.new_id(), name=args["name"], organisation=organisation, roles=roles, accounts=accounts)
    if organisation not in (None, current.organisation):
        raise Refused(
            f"There is already a person called {current.name}: {describe(ctx, current)}. For someone else, use "
            "another name; to change this person, use /people role.",
            param="name",
        )
    return replace(current, roles=current.roles | roles, accounts=tuple(sorted({*current.accounts, *accounts})))


def _ask_and_save(ctx: Context, args: Mapping[str, str], was: Person | None, person: Person, head: str) -> Reply:
    if question := ask_on_page(ctx, args, was, person):
        return question
    save_person(ctx, was, person)
    return _card(ctx, person, head=head)


def ask_on_page(ctx: Context, args: Mapping[str, str], was: Person | None, person: Person, *more: str) -> Reply | None:
    """Return the question that a page asks before it changes a person, their accounts or address; None once answered.

    A link can fill in a page's form, and so choose whom an administrator gives what. Nobody else fills in what is typed
    in a chat.
    """
    if ctx.actor.platform != WEB or args.get(SURE) == "yes":
        return None
    rights = [RIGHTS[each].format(organization=person.organisation) for each in Role if each in person.roles]
    return answer(
        f"Change {person.name}?" if was else f"Add {person.name}?",
        f"Now: {describe(ctx, was)}" if was else "Nobody here has that name yet.",
        f"Then: {describe(ctx, person)}",
        *more,
        f"{person.name} may then: {'; '.join(rights)}." if rights else f"{person.name} may then do nothing here.",
        "Every account and address that they had gets a notice." if was else "",
        buttons=(Button("Yes, do it", ctx.call.path, (*args.items(), (SURE, "yes")), "danger"),),
    )


def save_person(ctx: Context, was: Person | None, person: Person) -> None:
    """Save a person, the audit entry and the notices. Refuses to remove the last administrator."""
    if Role.REPRESENTATIVE in person.roles and person.organisation is None:
        raise Refused("A representative needs an organization. Choose one.", param="organization")
    before = records.administrators(ctx.tx)
    by = giver(ctx)
    if was is None:
        records.add(ctx.tx, person, by=by, now=ctx.now)
    else:
        records.change(ctx.tx, was, person, by=by, now=ctx.now)
        _keep_an_administrator(ctx, before)
        # A person who is moved away gets a notice: a new representative is announced to those in office alone.
        lost = not was.roles <= person.roles or person.organisation != was.organisation
        if lost or was.accounts != person.accounts:
            what = "what you may do" if lost else "the accounts that act as you"
            notify(ctx, was, f"{ctx.actor.name} changed {what}: {describe(ctx, person)}")
    old = was or Person(id=person.id, name=person.name)
    same_account, moved = {*person.accounts} <= {*old.accounts}, person.organisation != old.organisation
    new = [
        watched
        for role, watched in _WATCHED.items()
        if role in person.roles
        and (not same_account or role not in old.roles or (role is Role.REPRESENTATIVE and moved))
    ]
    if by and new:
        who = ", also ".join(who.format(person.organisation) for who, _ in new)
        head = f"{ctx.actor.name} gave {person.name}, {who}, an account or a role"
        notify_at(ctx, person, ". ".join([head, *dict.fromkeys(acts for _, acts in new)]), ADMINS)
        if Role.REPRESENTATIVE in person.roles:
            notify_representatives(ctx, person.organisation, head, but=person.id)
    ctx.note(person.name, describe(ctx, was) if was else "", describe(ctx, person))


def giver(ctx: Context) -> str | None:
    """Return who gives an account, a role or an address; None at the console, whose user has the store itself.

    Who acts by a gift of the last day gives for whoever gave it: an administrator's second account is not a second
    administrator.
    """
    if ctx.actor.platform == "console":
        return None
    mine = Account(ctx.actor.platform, ctx.actor.team, ctx.actor.user)
    return records.giver_to(ctx.tx, mine, ctx.now) or ctx.actor.person


def _keep_an_administrator(ctx: Context, before: Sequence[str]) -> None:
    """Refuse to remove the last administrator, except at the console."""
    if before and not records.administrators(ctx.tx) and ctx.actor.platform != "console":
        raise Refused(f"{before[0]} is the last administrator. Make someone else an administrator first.")


# --- answers ----------------------------------------------------------------------------------------------------------


def _card(ctx: Context, person: Person, *, head: str) -> Reply:
    target = (("person", person.id),)
    usual = (Role.POLICY, Role.PRESS) if person.organisation is None else (Role.REPRESENTATIVE,)
    buttons = ctx.theirs(
        Button("Another account", "people link", (("name", person.id),)),
        *(Button(f"Make {new}", "people role", (*target, ("give", new))) for new in usual if new not in person.roles),
        Button("They have left", "people leave", target, "danger"),
    )
    return answer(head, describe(ctx, person), buttons=buttons)


def _desk_buttons(ctx: Context) -> tuple[Button, ...]:
    return ctx.theirs(
        Button("Link someone", "people link", style="primary"),
        Button("Export CSV", "people export"),
        Button("Import CSV", "people import"),
    )
