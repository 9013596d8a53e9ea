"""Opening a letter for sign-on, reminding once, and recording what was signed elsewhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands.model import Choice, Context, File, Form, FormField, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.config.load import Config
from bot.letters import lifecycle, lookup, notices, records, wording
from bot.letters.lifecycle import Decision, Dossier, SignOn
from bot.letters.model import Evidence
from bot.letters.signon import lobbying
from bot.letters.signon.signing import SIGNATORY, TITLE
from bot.people import pii
from bot.people.confirm_text import confirm, confirm_fields, note_confirmed
from bot.people.csv_table import bare
from bot.people.lookalike import Lookalikes, is_odd
from bot.people.members import legal_names, names_of
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.time_phrases import deadline
from bot.shared.wording import clock, listed, number, short
from bot.store.database import Transaction

HINT: Final = "Fri 17:00, 3d or 2026-12-04 17:00"
_COLUMNS: Final = ("organisation", "signatory", "title", "evidence", "note")
_KINDS: Final = {each.value: each for each in Evidence if each is not Evidence.NOT_STATED}
_WORD: Final = re.compile(r"\w+")
_MOST: Final = 10_000  # organisations under one letter
_LONGEST: Final = 200  # characters of a name
_NOTED: Final = 20  # organizations of one table that the audit has line by line

UNTIL: Final = Param("until", f"{HINT}; 17:00 if only a day is given")
MEMBER: Final = Param("member", "the member organization that signed elsewhere")
EVIDENCE: Final = Param(
    "evidence", "how they signed",
    choices=tuple(Choice(kind, label) for kind, label in (
        ("e-mail", "by e-mail"), ("letter", "by letter"), ("form", "in a form"), ("spoken", "spoken, not in writing"),
    )),
)  # fmt: skip
NOTE: Final = Param("note", "more on it, such as the day of the e-mail", required=False, longest=300)
_FREE: Final = ((SIGNATORY, "Who signed"), (TITLE, "Title"), (NOTE, "More on the evidence"))
DISTINCT: Final = Param("distinct", "yes: no organization in it is a member", kind=Kind.YES_NO, required=False)
TABLE: Final = Param("file", f"a CSV whose first line is {','.join(_COLUMNS)}", kind=Kind.FILE)


def signon(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Ask every member, or give them longer."""
    letter = lookup.letter_for(ctx, args["letter"], "signon")
    zone = ctx.config.coalition.tz
    closes = deadline(args["until"], ctx.now, zone)
    if closes is None:
        raise Refused(f"“{args['until'][:40]}” is no moment within the next year: write {HINT}.", param="until")
    after = replace(letter, state=lifecycle.next_state(letter, "signon"), closes_at=closes, reminded_at=None)
    records.save(ctx.tx, ctx.config.coalition.id, after)
    records.open_version(ctx.tx, ctx.config.coalition.id, letter.id, letter.version.number, ctx.now)
    ctx.note(letter.name, letter.state.value, f"{after.state.value} until {clock(closes, zone, ctx.now)}")
    notices.announce(ctx.tx, ctx.config, after, now=ctx.now, new_id=ctx.new_id)
    notices.refresh_cards(ctx.tx, ctx.config, after, now=ctx.now, new_id=ctx.new_id)
    what = f"ask:{letter.version.digest}"
    asked = notices.ask_members(ctx.tx, ctx.config, after, what, now=ctx.now, new_id=ctx.new_id)
    status = notices.sign_on_status(ctx.tx, ctx.config, after, ctx.now)
    silent = f"No one is linked as representative of {status.named(status.silent)}." if status.silent else ""
    return _said(
        f"{letter.name} is open for sign-on {wording.deadline_text(status)}",
        f"{number(asked, 'person', 'people')} asked; {status.progress} signed.",
        silent,
        wording.unconfirmed_citations(letter, lookup.citations_of(ctx.tx, ctx.config.coalition, letter, ctx.today)),
        lobbying.says(letter),
        letter=after,
    )


def remind(ctx: Context, args: Mapping[str, str]) -> Reply:
    """One reminder to those that have not answered: now, instead of the one before the deadline."""
    letter = lookup.letter_for(ctx, args["letter"], "remind")
    if letter.reminded_at:
        at = clock(letter.reminded_at, ctx.config.coalition.tz, ctx.now)
        raise Refused(f"They were reminded, {at}. One reminder is enough; /letter signon gives them longer.")
    asked = reminded(ctx.tx, ctx.config, letter, now=ctx.now, new_id=ctx.new_id)
    if not asked:
        raise Refused("Nobody was reminded: every member has answered, or no one represents those that have not.")
    ctx.note(letter.name, "", f"{number(asked, 'person', 'people')} reminded")
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    waiting = f"Waiting for {status.named(status.waiting, 14)}."
    return _said(f"{number(asked, 'person', 'people')} reminded", waiting, letter=letter)


def reminded(tx: Transaction, config: Config, letter: Dossier, *, now: datetime, new_id: notices.NewId) -> int:
    """Remind those that have not answered, once; how many people."""
    records.save(tx, config.coalition.id, replace(letter, reminded_at=now))
    what = f"reminder:{letter.closes_at:%Y%m%d%H%M}"
    return notices.ask_members(tx, config, letter, what, now=now, new_id=new_id, reminder=True)


def record(ctx: Context, args: Mapping[str, str]) -> Reply:
    """A member's signature that was given elsewhere, with how one knows. Its representatives are told each time."""
    letter = lookup.letter_for(ctx, args["letter"], "sign")
    organisation = _member(ctx, args["member"])
    before = records.sign_ons(ctx.tx, ctx.config.coalition.id, letter.id).get(organisation)
    if before and before.counts(letter.version):
        raise Refused(f"It has signed already. {_by(before)}", param="member")
    if before and before.decision is not Decision.SIGNED:
        raise Refused(_is_final(ctx, letter, before), param="member")
    ask, confirmed = confirm_fields(ctx, args, "letter record", _FREE)
    if ask:
        return ask
    legal_name = legal_names(ctx.tx, ctx.config.coalition)[organisation]
    given = {column: args.get(column, "") for column in _COLUMNS}
    signed = _signed(ctx, letter, organisation, given | {"organisation": legal_name})
    note_confirmed(ctx, letter.name, confirmed)
    return _recorded(ctx, letter, [signed], _tell_member(ctx, letter, signed))


def allies(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Organizations outside the coalition, from a table. None may pass for a member unless a person has looked."""
    letter = lookup.letter_for(ctx, args["letter"], "sign")
    text = _text(ctx.files["file"])
    signed = {each.organisation: each for each in _allies(ctx, letter, text)}
    there = records.sign_ons(ctx.tx, ctx.config.coalition.id, letter.id)
    if len({*there, *signed}) > _MOST:
        raise Refused(f"A letter takes {_MOST:,} signatures at most.", param="file")
    looked = {"distinct": "yes"} if args.get("distinct") == "yes" else {}
    form = Form(
        title="Allies", path="letter allies", fields=(FormField(TABLE, "File"),),
        args=dict(wording.letter_args(letter)) | looked,
    )  # fmt: skip
    alike = _to_confirm(ctx, signed.values())
    if alike and not looked:
        return Reply(form=_ask_distinct(form, alike))
    ask, confirmed = confirm(ctx, args, form, ctx.prepared)
    if ask:
        return ask
    if alike:
        ctx.note(letter.name, "", f"confirmed that none is a member: {listed(alike, 9)}")
    note_confirmed(ctx, letter.name, confirmed)
    return _recorded(ctx, letter, list(signed.values()), "")


def check_allies(ctx: Context, args: Mapping[str, str]) -> list[str]:  # noqa: ARG001 - the form of a `prepare`
    """What in the table may identify somebody who is served; before the store is locked, as the table may be long."""
    return pii.signs(_text(ctx.files["file"]), ctx.config.coalition)


def _text(file: File) -> str:
    try:
        return file.data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refused(f"“{file.name}” is no table in UTF-8. Save it as “CSV UTF-8”.", param="file") from None


def _allies(ctx: Context, letter: Dossier, text: str) -> Iterator[SignOn]:
    table = csv.DictReader(io.StringIO(text), restkey="", restval="")
    columns = tuple(name.strip().lower().replace("organization", "organisation") for name in table.fieldnames or ())
    if columns not in (_COLUMNS, _COLUMNS[:-1]):
        raise Refused(f"The first line must be {','.join(_COLUMNS)}; the note may be left out.", param="file")
    table.fieldnames = list(columns)
    members = names_of(ctx.tx, ctx.config.coalition)
    alike = Lookalikes(members)
    try:
        for row in table:
            given = {column: " ".join(bare(row.get(column, "")).split())[:_LONGEST] for column in _COLUMNS}
            name, line = given["organisation"], f"Line {table.line_num}"
            if not all(given[column] for column in ("organisation", "signatory", "title")) or "" in row:
                raise Refused(f"{line}: it needs the organization, who signs for it and their title.", param="file")
            if given["evidence"].casefold() not in _KINDS:
                kinds = listed(list(_KINDS), 9)
                raise Refused(f"{line}: evidence is one of {kinds}; put the rest into the column note.", param="file")
            if member := alike.same(name):
                raise Refused(
                    f"{line}: “{name}” reads as the member {members[member][0]}. /letter record is for members.",
                    param="file",
                )
            yield _signed(ctx, letter, f"ally:{'-'.join(_WORD.findall(name.casefold())) or name}", given)
    except csv.Error as error:
        raise Refused(f"Line {table.line_num}: {error}", param="file") from error


def _to_confirm(ctx: Context, signed: Iterable[SignOn]) -> list[str]:
    """Names that a person has to look at: `“Delta Industries”, like Delta`."""
    members = names_of(ctx.tx, ctx.config.coalition)
    known, found = Lookalikes(members), []
    for name in (each.legal_name for each in signed):
        if member := known.holds(name):
            found.append(f"“{name}”, like {members[member][0]}")
        elif is_odd(name):
            found.append(f"“{name}”, with letters of another alphabet")
    return found


def _ask_distinct(form: Form, names: Sequence[str]) -> Form:
    line = replace(
        DISTINCT, help=short(listed(list(names), 3), 100), kind=Kind.TEXT, required=True,
        choices=(Choice("yes", "None of them is a member"),),
    )  # fmt: skip
    fields = (FormField(line, "Could one of them pass for a member?"), *form.fields)
    return replace(form, title="Please check", fields=fields)


def _signed(ctx: Context, letter: Dossier, organisation: str, given: Mapping[str, str]) -> SignOn:
    return SignOn(
        organisation=organisation,
        decision=Decision.SIGNED,
        legal_name=given["organisation"],
        signatory=given["signatory"],
        title=given["title"],
        digest=letter.version.digest,
        evidence=_KINDS[given["evidence"].casefold()],
        note=", ".join(filter(None, (given["note"], f"recorded by {ctx.actor.name}"))),
        person=lookup.person_of(ctx),
        at=ctx.now,
    )


def _recorded(ctx: Context, letter: Dossier, signed: list[SignOn], told: str) -> Reply:
    if not signed:
        raise Refused("There is nobody in the table.", param="file")
    records.save_sign_ons(ctx.tx, ctx.config.coalition.id, letter.id, signed)
    for each in signed[:_NOTED]:
        what = f"recorded as signed, {each.how}, as “{each.legal_name}” by {each.signatory}, {each.title}"
        ctx.note(f"{letter.name}, {each.organisation}", "", f"{what}, text {letter.version.mark}")
    if len(signed) > _NOTED:
        ctx.note(letter.name, "", f"and {len(signed) - _NOTED} more recorded from the same table")
    notices.refresh_cards(ctx.tx, ctx.config, letter, now=ctx.now, new_id=ctx.new_id, only=signed[0].organisation)
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    return _said(
        f"{number(len(signed), 'signature')} recorded for {letter.name}",
        f"{listed([each.legal_name for each in signed], 8)}: {signed[0].how}.",
        told,
        f"{status.progress} signed.",
        letter=letter,
    )


def _tell_member(ctx: Context, letter: Dossier, signed: SignOn) -> str:
    """Tell each of its representatives, with a way to object; whether there was anybody to tell."""
    member = ctx.config.coalition.members[signed.organisation]
    card = Card(
        mark=Mark.SIGN_ON,
        head=f"{ctx.actor.name} recorded that {member.short or member.name} signs {letter.name}",
        lines=(
            Line(
                f"{letter.name} goes to {short(wording.recipients(letter), 160)}: {short(letter.version.subject, 200)}"
            ),
            Line(f"As “{signed.legal_name}” by {signed.signatory}, {signed.title}. Evidence: {signed.how}."),
            Line("If this is wrong, say so: the signature is removed, and nobody but you can put it back."),
        ),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=(
            Button("Read", "letter show", wording.letter_args(letter)),
            Button("We did not sign", "letter object", wording.letter_args(letter), "danger"),
        ),
    )
    name = f"letter:{letter.id}:recorded:{ctx.new_id()}"
    told = [
        notices.send_to_person(ctx.tx, ctx.config, who.id, name, card, now=ctx.now, new_id=ctx.new_id)
        for who in lookup.representatives(ctx.tx, ctx.config.coalition)[signed.organisation]
    ]
    if any(told):
        return f"{number(sum(told), 'representative')} told, and can object."
    return "Nobody is linked who represents it, so nobody there was told: tell them yourself."


def _is_final(ctx: Context, letter: Dossier, before: SignOn) -> str:
    member = ctx.config.coalition.members[before.organisation]
    did = "declined" if before.decision is Decision.DECLINED else "took its signature back"
    who = lookup.names(ctx.tx, ctx.config.coalition.id).get(before.person, lookup.GONE)
    at = clock(before.at, ctx.config.coalition.tz, ctx.now)
    return (
        f"{member.short or member.name} {did} ({who}, {at}), and only its representative can change that: "
        f"ask them to press Sign under {letter.name}."
    )


def members(ctx: Context, typed: str) -> list[Choice]:
    """The member organisations, for completion."""
    every = [Choice(id_, member.name) for id_, member in ctx.config.coalition.members.items()]
    return [choice for choice in every if typed.casefold() in choice.label.casefold()]


def _member(ctx: Context, typed: str) -> str:
    members = ctx.config.coalition.members
    found = [
        id_
        for id_, member in members.items()
        if typed.casefold() in (id_, member.short.casefold(), member.name.casefold())
    ]
    if len(found) != 1:
        raise Refused(f"coalition.yml has no member “{typed[:60]}”; there are {', '.join(members)}.", param="member")
    return found[0]


def _by(before: SignOn) -> str:
    return f"It is recorded: {before.how}." if before.evidence else "It was given here by its representative."


def _said(head: str, *lines: str, letter: Dossier) -> Reply:
    buttons = (
        Button("Read", "letter show", wording.letter_args(letter)),
        Button("Remind", "letter remind", wording.letter_args(letter)),
        Button("Lock", "letter lock", wording.letter_args(letter)),
    )
    return answer(head, *lines, mark=Mark.SIGN_ON, buttons=buttons)
