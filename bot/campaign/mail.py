"""/campaign mail and invite: a person's own mail address, confirmed by its reader, and what they want there.

The address itself is in no answer's audit line and no log; the audit says that one was set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.commands.model import ADMINISTRATOR, Choice, Context, Group, Kind, Param, Refused, Reply, answer
from bot.outbox import holds
from bot.outbox.messages import mail_place, post
from bot.outbox.model import LINK, TO_CONFIRM
from bot.people import mail as addresses
from bot.people import records, requests
from bot.people.account_notices import notify
from bot.people.commands import CERTAIN, ORGANIZATION, ROLE, ask_on_page, giver, person_with, save_person
from bot.people.mail import MailAddress, NotConfirmed
from bot.people.members import person_choices, person_named
from bot.people.model import Person
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.mail_address import normalize_address

_DIGITS: Final = 6
_CODES: Final = 5  # a day to one mailbox, and for one person: they go before all other mail
_WRONG_CODE: Final = "That is not the code. After five wrong codes you need a new one"

_ADDRESS: Final = Param("address", "an email address; a code is sent there", required=False, longest=254)
_CODE: Final = Param("code", "the code from the email", required=False, longest=20, secret=True)
_DIGEST: Final = Param("digest", "yes: one email each business day", kind=Kind.YES_NO, required=False)
_WHERE: Final = (Choice("mail", "By email"), Choice("chat", "In the chat"))

slash = Group("campaign")
inviting = Group("people", formerly="campaign")


@slash.command(
    example="address:me@example.org",
    params=(
        _ADDRESS,
        _CODE,
        _DIGEST,
        Param("messages", "where your direct messages go", required=False, choices=_WHERE),
        Param("remove", "yes: delete your address", kind=Kind.YES_NO, required=False),
        CERTAIN,
    ),
    changes=True,
)
def mail(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set your email address and what you get there."""
    person = records.person(ctx.tx, ctx.person)
    assert person is not None, "who left has no account to ask with"
    if {"address", "remove"} & args.keys() and (question := _ask_address(ctx, args, person, person)):
        return question
    if args.get("remove") == "yes":
        notify(ctx, person, f"Your email address was removed from {ctx.config.coalition.short}")
        addresses.delete_address(ctx.tx, person.id)
        ctx.note(f"mail of {person.name}", "", "the address was removed")
        return answer("Your address is deleted. You get no more email")
    if "address" in args:
        _set_address(ctx, person, args["address"])
        return answer(
            "You get a code by email. Enter it here within a day",
            "Type /campaign mail code: and the code. Nothing else is emailed there before that.",
        )
    if "code" in args:
        return _confirm(ctx, person, args["code"], f"Your address is confirmed, {person.name}")
    mine = addresses.address_of(ctx.tx, person.id)
    if {"digest", "messages"} & args.keys():
        mine = _choose(ctx, person, mine, args)
    return _mine(ctx, person, mine)


@inviting.command(
    example='"Maria Lopez" address:maria@example.org organization:{member}',
    params=(
        Param("name", "the person's name", complete=person_choices, longest=200),
        _ADDRESS,
        ORGANIZATION,
        ROLE,
        _DIGEST,
        replace(_CODE, help="only for someone already invited: the code from their email, if they tell it to you"),
        CERTAIN,
    ),
    who=ADMINISTRATOR,
    changes=True,
)
def invite(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add someone who is not in the chat, by their email address."""
    person = person_named(ctx.tx, args["name"])
    if "code" in args and person:
        return _confirm(ctx, person, args["code"], f"{person.name}'s address is confirmed")
    if "digest" in args and person and "address" not in args:
        mine = _choose(ctx, person, addresses.address_of(ctx.tx, person.id), args)
        return answer(f"{person.name}: {_wishes(person, mine)}")
    if "address" not in args:
        raise Refused("Which address? A code is sent there, and nothing else before it is confirmed.", param="address")
    was, person = person, person_with(ctx, person, args)
    if question := _ask_address(ctx, args, was, person):
        return question
    if person != was:
        save_person(ctx, was, person)
    _set_address(ctx, person, args["address"])
    return answer(
        f"{person.name} is invited as {person.role_words}",
        "They get a link and a code by email. They open the link, or tell you the code: /people invite with code:",
        "Nothing else is emailed there before that. A daily digest is included; digest:no turns it off.",
    )


def _ask_address(ctx: Context, args: Mapping[str, str], was: Person | None, person: Person) -> Reply | None:
    """Ask on a page, before an address is set or removed: the old one, the new one, and what it may then do."""
    old = addresses.address_of(ctx.tx, was.id) if was else None
    new = args.get("address", "none")
    change = f"Email address: {new}, instead of {old.address}." if old else f"Email address: {new}."
    return ask_on_page(ctx, args, was, person, change, "Who reads email there can log in as this person.")


def _set_address(ctx: Context, person: Person, typed: str) -> None:
    address = normalize_address(typed)
    if address is None:
        raise Refused("That is not an email address. Write it as maria@example.org.", param="address")
    token = ctx.new_id()
    mailbox = requests.one_mailbox(address.casefold())
    requests.count_request(ctx, [(f"codes to {mailbox}", _CODES), (f"codes for {person.id}", _CODES)])
    number = int.from_bytes(hashlib.sha256(ctx.new_id().encode()).digest()[:8], "big")
    code = f"{number % 10**_DIGITS:0{_DIGITS}}"
    who = "You" if person.id == ctx.actor.person else ctx.actor.name
    text = f"{who} entered a new email address for you at {ctx.config.coalition.short}; it is not confirmed yet"
    notify(ctx, person, text)
    addresses.set_address(ctx.tx, person.id, address, token=token, code=code, now=ctx.now, by=giver(ctx))
    holds.release(ctx.tx, holds.channel_scope(mail_place(person.id).channel))
    post(ctx, mail_place(person.id, TO_CONFIRM), f"code:{token}", _code_card(ctx, person, code), kind=LINK)
    ctx.note(f"mail of {person.name}", "", "an address was set; it is not confirmed yet")


def _code_card(ctx: Context, person: Person, code: str) -> Card:
    """The one message that goes to an address before it is confirmed."""
    coalition = ctx.config.coalition.name
    chat = any(account.in_chat for account in person.accounts)
    if chat:
        how = f"In your chat, type /campaign mail code:{code}"
    elif person.id == ctx.actor.person:
        how = f"On the board, enter the code {code}."
    else:
        how = f"{ctx.actor.name} can also confirm it for you: tell them the code {code}."
    # Confirming turns it on for a person without a chat account.
    digest = ", if you like, a digest" if chat else " a digest each business day until you turn it off"
    return Card(
        mark=Mark.ANSWER,
        head=f"Confirm your address for {ctx.config.coalition.short or coalition}",
        lines=(
            Line(f"{ctx.actor.name} entered this address for {person.name}." if person.id != ctx.actor.person else ""),
            Line(f"{coalition} emails you what waits for you: sign-on requests, reminders and{digest}."),
            Line(how),
            Line("The code is valid for a day."),
        ),
    )


def _confirm(ctx: Context, person: Person, code: str, head: str) -> Reply:
    try:
        right = addresses.check_code(ctx.tx, person.id, code, ctx.now)
    except NotConfirmed as trouble:
        raise Refused(str(trouble), param="code") from trouble
    if not right:
        return answer(_WRONG_CODE)  # not refused: a refusal would take back that it counts
    mine = addresses.address_of(ctx.tx, person.id)
    assert mine is not None
    if not any(account.in_chat for account in person.accounts):
        addresses.choose(ctx.tx, mine, ctx.now, digest=True, direct=True)
    ctx.note(f"mail of {person.name}", "not confirmed", "confirmed")
    return answer(head, _wishes(person, addresses.address_of(ctx.tx, person.id)))


def _choose(ctx: Context, person: Person, mine: MailAddress | None, args: Mapping[str, str]) -> MailAddress:
    if mine is None or mine.confirmed_at is None:
        raise Refused("First set an address and confirm it: /campaign mail address:me@example.org")
    digest = args["digest"] == "yes" if "digest" in args else None
    direct = args["messages"] == "mail" if "messages" in args else None
    addresses.choose(ctx.tx, mine, ctx.now, digest=digest, direct=direct)
    chosen = addresses.address_of(ctx.tx, person.id)
    assert chosen is not None
    ctx.note(f"mail of {person.name}", _wishes(person, mine), _wishes(person, chosen))
    return chosen


def _mine(ctx: Context, person: Person, mine: MailAddress | None) -> Reply:
    if mine is None:
        return answer(
            "The bot has no email address for you",
            "Set one with /campaign mail address:me@example.org. A code is sent there.",
        )
    if mine.confirmed_at is None:
        return answer(
            f"{mine.address} is not confirmed yet", "Enter the code from the email: /campaign mail code:123456"
        )
    on_hold = holds.is_held(ctx.tx, mail_place(person.id).channel)
    digest = (("digest", "no" if mine.digested_at else "yes"),)
    messages = (("messages", "chat" if mine.direct else "mail"),)
    return answer(
        mine.address,
        "Email to it did not arrive, so nothing is sent there. Set it again once it works." if on_hold else "",
        _wishes(person, mine),
        buttons=(
            Button("No digest" if mine.digested_at else "Daily digest", "campaign mail", digest),
            Button("Messages in the chat" if mine.direct else "Messages by email", "campaign mail", messages),
            Button("Delete my address", "campaign mail", (("remove", "yes"),), "danger"),
        ),
    )


def _wishes(person: Person, mine: MailAddress | None) -> str:
    """What goes to an address, as a sentence."""
    if mine is None or mine.unsubscribed_at:
        return "Nothing is emailed there: it was unsubscribed."
    only = not any(account.in_chat for account in person.accounts)
    digest = "a digest each business day" if mine.digested_at else "no digest"
    return f"It gets {digest}; direct messages go {'by email' if mine.direct or only else 'to the chat'}."
