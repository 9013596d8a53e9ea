"""Opening a letter for sign-on, reminding once, and writing down what was signed elsewhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts.later import deadline
from bot.alerts.words import clock, listed, number
from bot.answering import answer
from bot.card import Button, Mark
from bot.command import Choice, Desk, File, Form, FormField, Kind, Param, Refused, Reply
from bot.config.load import Config
from bot.letters import finding, life, lobbying, records, telling, words
from bot.letters.life import Decision, Dossier, SignOn
from bot.letters.signing import SIGNATORY, TITLE
from bot.people.asking import careful, careful_of, note_confirmed
from bot.people.table import bare
from bot.store.database import Transaction

HINT: Final = "Fri 17:00, 3d or 2026-12-04 17:00"
_COLUMNS: Final = ("organisation", "signatory", "title", "evidence")
_WORD: Final = re.compile(r"\w+")
_MOST: Final = 10_000  # organisations under one letter
_LONGEST: Final = 200  # characters of a name

UNTIL: Final = Param("until", f"{HINT}; 17:00 if only a day is given")
MEMBER: Final = Param("member", "the member organization that signed elsewhere")
EVIDENCE: Final = Param("evidence", "how you know: an e-mail of 3 November, a signed PDF", longest=300)
_FREE: Final = ((EVIDENCE, "How you know"), (SIGNATORY, "Who signed"), (TITLE, "As what"))
TABLE: Final = Param("file", f"a CSV whose first line is {','.join(_COLUMNS)}", kind=Kind.FILE)


def signon(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Ask every member, or give them longer."""
    letter = finding.in_state(desk, args["letter"], "signon")
    zone = desk.config.coalition.tz
    closes = deadline(args["until"], desk.now, zone)
    if closes is None:
        raise Refused(f"“{args['until'][:40]}” is no moment within the next year: write {HINT}.", param="until")
    after = replace(letter, state=life.step(letter, "signon"), closes_at=closes, reminded_at=None)
    records.save(desk.tx, desk.config.coalition.id, after)
    desk.note(letter.name, letter.state.value, f"{after.state.value} until {clock(closes, zone, desk.now)}")
    telling.announce(desk.tx, desk.config, after, now=desk.now, new_id=desk.new_id)
    telling.refresh(desk.tx, desk.config, after, now=desk.now, new_id=desk.new_id)
    what = f"ask:{letter.version.mark}"
    asked = telling.ask(desk.tx, desk.config, after, what, now=desk.now, new_id=desk.new_id)
    sheet = telling.sheet(desk.tx, desk.config, after, desk.now)
    silent = f"Nobody is linked who could sign for {sheet.named(sheet.silent)}." if sheet.silent else ""
    return _said(
        f"{letter.name} is open for sign-on {words.until(sheet)}",
        f"{number(asked, 'person', 'people')} asked; {sheet.progress} signed.",
        silent,
        lobbying.says(letter),
        letter=after,
    )


def remind(desk: Desk, args: Mapping[str, str]) -> Reply:
    """One reminder to those that have not answered: now, instead of the one before the deadline."""
    letter = finding.in_state(desk, args["letter"], "remind")
    if letter.reminded_at:
        at = clock(letter.reminded_at, desk.config.coalition.tz, desk.now)
        raise Refused(f"They were reminded, {at}. One reminder is enough; /letter signon gives them longer.")
    asked = reminded(desk.tx, desk.config, letter, now=desk.now, new_id=desk.new_id)
    desk.note(letter.name, "", f"{number(asked, 'person', 'people')} reminded")
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    waiting = f"Waiting for {sheet.named(sheet.waiting, 14)}." if sheet.waiting else "Everybody has answered."
    return _said(f"{number(asked, 'person', 'people')} reminded", waiting, letter=letter)


def reminded(tx: Transaction, config: Config, letter: Dossier, *, now: datetime, new_id: telling.NewId) -> int:
    """Remind those that have not answered, once; how many people."""
    records.save(tx, config.coalition.id, replace(letter, reminded_at=now))
    what = f"reminder:{letter.closes_at:%Y%m%d%H%M}"
    return telling.ask(tx, config, letter, what, now=now, new_id=new_id, reminder=True)


def record(desk: Desk, args: Mapping[str, str]) -> Reply:
    """A member's signature that was given elsewhere, with how one knows; it is shown as such."""
    letter = finding.in_state(desk, args["letter"], "sign")
    organisation = _member(desk, args["member"])
    before = records.sign_ons(desk.tx, desk.config.coalition.id, letter.id).get(organisation)
    if before and before.counts(letter.version):
        raise Refused(f"It has signed already. {_by(before)}", param="member")
    ask, confirmed = careful_of(desk, args, "letter record", _FREE)
    if ask:
        return ask
    signed = SignOn(
        organisation=organisation,
        decision=Decision.SIGNED,
        legal_name=finding.legal_name(desk.config.coalition, organisation),
        signatory=args.get("signatory", ""),
        title=args.get("title", ""),
        digest=letter.version.digest,
        evidence=f"{args['evidence']}, says {desk.actor.name}",
        person=finding.person_of(desk),
        at=desk.now,
    )
    note_confirmed(desk, letter.name, confirmed)
    return _recorded(desk, letter, [signed])


def allies(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Organisations outside the coalition, from a table."""
    letter = finding.in_state(desk, args["letter"], "sign")
    text = _text(desk.files["file"])
    signed = {each.organisation: each for each in _allies(desk, letter, text)}
    there = records.sign_ons(desk.tx, desk.config.coalition.id, letter.id)
    if len({*there, *signed}) > _MOST:
        raise Refused(f"A letter takes {_MOST:,} signatures at most.", param="file")
    form = Form(
        title="Allies", path="letter allies", fields=(FormField(TABLE, "File"),), args=dict(words.about(letter)),
    )  # fmt: skip
    ask, confirmed = careful(desk, args, form, text)
    if ask:
        return ask
    note_confirmed(desk, letter.name, confirmed)
    return _recorded(desk, letter, list(signed.values()))


def _text(file: File) -> str:
    try:
        return file.data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refused(f"“{file.name}” is no table in UTF-8. Save it as “CSV UTF-8”.", param="file") from None


def _allies(desk: Desk, letter: Dossier, text: str) -> Iterator[SignOn]:
    table = csv.DictReader(io.StringIO(text), restkey="", restval="")
    columns = tuple(name.strip().lower().replace("organization", "organisation") for name in table.fieldnames or ())
    if columns != _COLUMNS:
        raise Refused(f"The first line must be {','.join(_COLUMNS)}.", param="file")
    table.fieldnames = list(_COLUMNS)
    members = {
        name.casefold()
        for member in desk.config.coalition.members.values()
        for name in (member.name, member.short, member.legal_name)
        if name
    }
    try:
        for row in table:
            name, signatory, title, evidence = (" ".join(bare(row[column]).split())[:_LONGEST] for column in _COLUMNS)
            if not name or not evidence or "" in row:
                raise Refused(f"Line {table.line_num}: it needs a name and how you know that they sign.", param="file")
            if name.casefold() in members:
                raise Refused(f"Line {table.line_num}: {name} is a member: /letter record", param="file")
            yield SignOn(
                organisation=f"ally:{'-'.join(_WORD.findall(name.casefold())) or name}",
                decision=Decision.SIGNED,
                legal_name=name,
                signatory=signatory,
                title=title,
                digest=letter.version.digest,
                evidence=f"{evidence}, says {desk.actor.name}",
                person=finding.person_of(desk),
                at=desk.now,
            )
    except csv.Error as error:
        raise Refused(f"Line {table.line_num}: {error}", param="file") from error


def _recorded(desk: Desk, letter: Dossier, signed: list[SignOn]) -> Reply:
    if not signed:
        raise Refused("There is nobody in the table.", param="file")
    records.decide(desk.tx, desk.config.coalition.id, letter.id, signed)
    desk.note(letter.name, "", f"recorded: {listed([each.legal_name for each in signed], 5)}")
    telling.refresh(desk.tx, desk.config, letter, now=desk.now, new_id=desk.new_id, only=signed[0].organisation)
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    return _said(
        f"{number(len(signed), 'signature')} recorded for {letter.name}",
        f"{listed([each.legal_name for each in signed], 8)}: {signed[0].evidence}.",
        f"{sheet.progress} signed.",
        letter=letter,
    )


def members(desk: Desk, typed: str) -> list[Choice]:
    """The member organisations, for completion."""
    every = [Choice(id_, member.name) for id_, member in desk.config.coalition.members.items()]
    return [choice for choice in every if typed.casefold() in choice.label.casefold()]


def _member(desk: Desk, typed: str) -> str:
    members = desk.config.coalition.members
    found = [
        id_
        for id_, member in members.items()
        if typed.casefold() in (id_, member.short.casefold(), member.name.casefold())
    ]
    if len(found) != 1:
        raise Refused(f"coalition.yml has no member “{typed[:60]}”; there are {', '.join(members)}.", param="member")
    return found[0]


def _by(before: SignOn) -> str:
    return f"It is recorded: {before.evidence}." if before.evidence else "It was given here by its representative."


def _said(head: str, *lines: str, letter: Dossier) -> Reply:
    buttons = (
        Button("Read", "letter show", words.about(letter)),
        Button("Remind", "letter remind", words.about(letter)),
        Button("Lock", "letter lock", words.about(letter)),
    )
    return answer(head, *lines, mark=Mark.SIGN_ON, buttons=buttons)
