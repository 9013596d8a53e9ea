"""Open a letter for sign-on, remind members once, and record signatures given elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.commands.arguments import read_later
from bot.commands.model import (
    EDITORS,
    STAFF,
    Choice,
    Context,
    File,
    Form,
    FormField,
    Kind,
    Param,
    Refused,
    Reply,
    Work,
    answer,
)
from bot.letters import gates, lifecycle, lobbying, lookup, notices, records, wording
from bot.letters.allies import signing
from bot.letters.lifecycle import Decision, Dossier, SignOn, State, ally_id
from bot.letters.model import Evidence
from bot.letters.signing import SIGNATORY, TITLE
from bot.people import pii
from bot.people.members import find_member, member_choices, names_of, signatory_problem
from bot.people.pii import NO_DETAILS, confirm
from bot.shared.card import Button, Mark
from bot.shared.csv_cells import InvalidTable, read_table
from bot.shared.lookalikes import Lookalikes, is_odd
from bot.shared.time_phrases import HINT
from bot.shared.wording import clock, listed, number, short, with_period

_COLUMNS: Final = ("organization", "signatory", "title", "evidence", "note")
_KINDS: Final = {
    each.value: each for each in Evidence if each not in (Evidence.NOT_STATED, Evidence.REPLY, Evidence.PAGE)
}
_MAX_SIGNATURES: Final = 10_000  # organizations under one letter
_INVITED: Final = 3  # members without a representative that get a button
_LINK: Final = "An administrator adds one with /people invite, who is then asked."
_CONFIRM: Final = "Their representatives are asked as soon as they open the link in their invitation, or join the chat."
_MAX_NAME: Final = 200  # characters of a name
_MAX_AUDITED: Final = 20  # organizations of one table that get an audit line each

UNTIL: Final = Param("until", f"{HINT}; 5pm if only a day is given", check=read_later)
SUMMARY: Final = Param(
    "summary", "the letter in one sentence, for those who are asked to sign", required=False, longest=300, free=True
)
MEMBER: Final = Param("member", "the member organization that signed elsewhere", complete=member_choices)
EVIDENCE: Final = Param(
    "evidence", "how they signed",
    choices=tuple(Choice(kind, label) for kind, label in (
        ("email", "by email"), ("letter", "by letter"), ("form", "in a form"), ("spoken", "spoken, not in writing"),
    )),
)  # fmt: skip
NOTE: Final = Param("note", "details, such as the day of the email", required=False, longest=300, free=True)
DISTINCT: Final = Param(
    "distinct", "yes: no organization in it is a member", kind=Kind.YES_NO, required=False, by_button=True
)
TABLE: Final = Param("file", f"a CSV whose first line is {','.join(_COLUMNS)}", kind=Kind.FILE)


slash = lookup.LetterGroup("letter", who=STAFF)


@slash.step(example='until:"Fri 5pm"', params=(UNTIL, SUMMARY, NO_DETAILS), needs="signon")
def signon(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Ask the members to sign, until a deadline."""
    gates.check_current(ctx, letter)
    if not ctx.config.coalition.example:  # the example's letters are never locked
        gates.check_placeholders(ctx.config.coalition, letter)
    closes = read_later(args["until"], ctx.local_now)
    summary = args.get("summary", letter.summary)
    # Nobody approves the summary: it may state only what the letter's template and facts do.
    text = letter.version.texts[0]
    alone = replace(text, written=replace(text.written, subject=summary, body=()))
    stated = lookup.citations_now(ctx, replace(letter, version=replace(letter.version, texts=(alone,))))
    if says := wording.named_statements(stated):
        raise Refused(
            f"The summary {says[0].lower()}{says[1:]}, which only an approved text may. Say what the letter asks for.",
            param="summary",
        )
    opened = replace(
        letter, state=lifecycle.next_state(letter, "signon"), closes_at=closes, reminded_at=None, summary=summary
    )
    records.open_version(ctx.tx, letter.id, letter.version.number, ctx.now)
    notices.save_letter(ctx, opened)
    ctx.note(letter.name, letter.state.value, f"{opened.state.value} until {clock(closes, ctx.zone, ctx.now)}")
    notices.announce(ctx, opened)
    notices.refresh_cards(ctx, opened)
    again = ask_again(ctx, opened) if letter.state is State.APPROVED else None
    asked = notices.ask_members(ctx, opened, f"ask:{letter.version.key}") + (again or 0)
    status = notices.sign_on_status(ctx.tx, ctx.config, opened, ctx.now)
    reached = {member for _, member, *_ in records.cards(ctx.tx, letter.id)}
    unasked = [member for member in status.waiting if member not in {*reached, *status.silent}]
    invites = [
        Button(f"Invite {status.members[member]}", "people invite", (("organization", member),))
        for member in status.silent[:_INVITED]
    ]
    return _answer(
        f"{letter.name} is open for sign-on {wording.deadline_text(status)}",
        f"{number(asked, 'person', 'people')} asked; {status.progress} signed.",
        f"No one is linked as representative of {status.named(status.silent)}. {_LINK}" if status.silent else "",
        f"Not asked: {status.named(unasked)}. {_CONFIRM}" if unasked else "",
        wording.unconfirmed_citations(letter, lookup.citations_now(ctx, letter)),
        lobbying.notice(letter),
        letter=opened,
        buttons=ctx.theirs(*invites),
    )


def ask_again(work: Work, letter: Dossier) -> int | None:
    """Ask who signed an earlier text to look at what changed; return how many people, None if no member had signed."""
    signing.ask_again(work, letter)
    sign_ons = records.sign_ons(work.tx, letter.id).values()
    signed = {each.digest for each in sign_ons if each.decision is Decision.SIGNED} - {letter.version.digest}
    versions = reversed(records.versions(work.tx, letter.id))
    before = next((each for each in versions if each.digest in signed), None)
    return notices.ask_members(work, letter, f"ask:{letter.version.key}", before=before) if before else None


@slash.step(needs="remind")
def remind(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Remind members that have not answered, once."""
    gates.check_current(ctx, letter)
    if letter.reminded_at:
        at = clock(letter.reminded_at, ctx.config.coalition.tz, ctx.now)
        reminded = with_period(f"Members were already reminded, {at}")
        raise Refused(f"{reminded} To give them more time, extend it: /letter signon {letter.name}")
    asked = send_reminders(ctx, letter)
    if not asked:
        raise Refused("No one was reminded: every member has answered, or those that have not lack a representative.")
    ctx.note(letter.name, "", f"{number(asked, 'person', 'people')} reminded")
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    waiting = f"Waiting for {status.named(status.waiting, 14)}."
    return _answer(f"{number(asked, 'person', 'people')} reminded", waiting, letter=letter)


def send_reminders(work: Work, letter: Dossier) -> int:
    """Remind the members that have not answered, once; return how many people got it."""
    notices.save_letter(work, replace(letter, reminded_at=work.now))
    return notices.ask_members(work, letter, f"reminder:{letter.closes_at:%Y%m%d%H%M}", reminder=True)


@slash.step(
    example='member:{member} evidence:email signatory:"Maria Lopez" title:Director note:"May 3"',
    params=(MEMBER, EVIDENCE, SIGNATORY, TITLE, NOTE, NO_DETAILS),
    needs="sign",
    who=EDITORS,
)
def record(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Record a signature that a member gave elsewhere."""
    gates.check_current(ctx, letter)
    organisation = find_member(ctx, args["member"], "member")
    own = names_of(ctx.config.coalition)[organisation]
    before = _decision_of(records.sign_ons(ctx.tx, letter.id), organisation, own)
    if before and before.counts(letter.version):
        how = f"It is recorded: {before.how}." if before.evidence else "Its representative signed in chat."
        raise Refused(f"It has signed already. {how}", param="member")
    if before and before.decision is not Decision.SIGNED:
        member = ctx.config.coalition.members[organisation]
        action = "declined" if before.decision is Decision.DECLINED else "withdrew its signature"
        at = clock(before.at, ctx.config.coalition.tz, ctx.now)
        raise Refused(
            f"{member.short or member.name} {action} ({lookup.name_of(ctx, before.person)}, {at}), and only its "
            f"representative can change that: ask them to press Sign under {letter.name}.",
            param="member",
        )
    if problem := signatory_problem(args.get("signatory", ""), own, args.get("title", "")):
        raise Refused(problem, param="signatory")
    legal_name = ctx.config.coalition.members[organisation].signs_as
    given = {column: args.get(column, "") for column in _COLUMNS}
    signed = _recorded_sign_on(ctx, letter, organisation, given | {"organization": legal_name})
    return _store_recorded(ctx, letter, [signed], _notify_member(ctx, letter, signed))


def _decision_of(sign_ons: Mapping[str, SignOn], organisation: str, names: Iterable[str]) -> SignOn | None:
    """The member's decision; else a refusal or withdrawal in a name of its, before it was added or renamed."""
    looks = Lookalikes({organisation: names})
    refused = (each for each in sign_ons.values() if each.decision is not Decision.SIGNED)
    return sign_ons.get(organisation) or next((each for each in refused if looks.same(each.legal_name)), None)


@slash.step(
    verb="allies",
    params=(TABLE, DISTINCT, NO_DETAILS),
    needs="sign",
    who=EDITORS,
    prepare=lambda ctx, _: pii.signs(_decode(ctx.files["file"]), ctx.config.coalition),  # the table may be long
)
def record_allies(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Record outside organizations that sign, from a CSV file."""
    gates.check_current(ctx, letter)
    text = _decode(ctx.files["file"])
    signed = {sign_on.organisation: sign_on for sign_on in _parse_allies(ctx, letter, text)}
    stored = records.sign_ons(ctx.tx, letter.id)
    of_page = [each for id_, each in stored.items() if id_ in signed and each.evidence is Evidence.PAGE]
    if decided := [f"{each.legal_name} ({each.decision.value})" for each in of_page]:
        raise Refused(  # a table does not sign over their mailbox
            f"Nothing was recorded. {listed(decided, 5)} decided on the letter's public page, where its own mailbox "
            "confirms a changed text or takes its signature back. Take it out of the table.",
            param="file",
        )
    if len({*stored, *signed}) > _MAX_SIGNATURES:
        raise Refused(f"A letter takes {_MAX_SIGNATURES:,} signatures at most.", param="file")
    confirmed_distinct = {"distinct": "yes"} if args.get("distinct") == "yes" else {}
    form = Form(
        title="Allies", path="letter allies", fields=(FormField(TABLE, "File"),),
        args=dict(wording.letter_args(letter)) | confirmed_distinct,
    )  # fmt: skip
    lookalikes = _lookalike_names(ctx, signed.values())
    if lookalikes and not confirmed_distinct:
        line = replace(
            DISTINCT, help=short(listed(lookalikes, 3), 100), kind=Kind.TEXT, required=True,
            choices=(Choice("yes", "None of them is a member"),),
        )  # fmt: skip
        fields = (FormField(line, "Is one of them a member?"), *form.fields)
        return Reply(form=replace(form, title="Please check", fields=fields))
    if ask := confirm(ctx, args, form, letter.name, ctx.prepared):
        return ask
    if lookalikes:
        ctx.note(letter.name, "", f"confirmed that none is a member: {listed(lookalikes, 9)}")
    return _store_recorded(ctx, letter, list(signed.values()), "")


def _decode(file: File) -> str:
    try:
        return file.data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refused(f"“{file.name}” is not in UTF-8. Save it as “CSV UTF-8”.", param="file") from None


def _parse_allies(ctx: Context, letter: Dossier, text: str) -> list[SignOn]:
    members = names_of(ctx.config.coalition)
    lookalikes = Lookalikes(members)

    def parse(_: int, cells: Mapping[str, str]) -> SignOn:
        given = {column: cell[:_MAX_NAME] for column, cell in cells.items()}
        name, given["evidence"] = given["organization"], given["evidence"].casefold().replace("e-mail", "email")
        if not all(given[column] for column in ("organization", "signatory", "title")):
            raise ValueError("organization, signatory and title are required.")
        if problem := signatory_problem(given["signatory"], (name,), given["title"] + name):
            raise ValueError(problem)
        if given["evidence"] not in _KINDS:
            raise ValueError(f"evidence is one of {listed(list(_KINDS), 9)}; put details into the column note.")
        if member := lookalikes.same(name):
            raise ValueError(f"“{name}” looks like the member {members[member][0]}. Use /letter record for members.")
        return _recorded_sign_on(ctx, letter, ally_id(name), given)

    try:
        return read_table(text, _COLUMNS, parse, needed=_COLUMNS[:-1])
    except InvalidTable as bad:
        raise Refused(f"{str(bad)[:1].upper()}{str(bad)[1:]}", param="file") from bad


def _lookalike_names(ctx: Context, signed: Iterable[SignOn]) -> list[str]:
    """Names that a person has to check: `“Delta Industries”, like Delta`."""
    members = names_of(ctx.config.coalition)
    lookalikes, names = Lookalikes(members), []
    for name in (each.legal_name for each in signed):
        if member := lookalikes.holds(name):
            names.append(f"“{name}”, like {members[member][0]}")
        elif is_odd(name):
            names.append(f"“{name}”, with letters of another alphabet")
    return names


def _recorded_sign_on(ctx: Context, letter: Dossier, organisation: str, given: Mapping[str, str]) -> SignOn:
    return SignOn(
        organisation=organisation,
        decision=Decision.SIGNED,
        legal_name=given["organization"],
        signatory=given["signatory"],
        title=given["title"],
        digest=letter.version.digest,
        evidence=_KINDS[given["evidence"]],
        note=", ".join(filter(None, (given["note"], f"recorded by {ctx.actor.name}"))),
        person=ctx.person,
        at=ctx.now,
    )


def _store_recorded(ctx: Context, letter: Dossier, signed: list[SignOn], notice: str) -> Reply:
    notices.save_sign_ons(ctx, letter, signed)
    for sign_on in signed[:_MAX_AUDITED]:
        entry = f"recorded as signed, {sign_on.how}, as “{sign_on.legal_name}” by {sign_on.signatory}, {sign_on.title}"
        ctx.note(f"{letter.name}, {sign_on.organisation}", "", f"{entry}, text {letter.version.mark}")
    if len(signed) > _MAX_AUDITED:
        ctx.note(letter.name, "", f"and {len(signed) - _MAX_AUDITED} more recorded from the same table")
    notices.refresh_cards(ctx, letter, only=signed[0].organisation)
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    return _answer(
        f"{number(len(signed), 'signature')} recorded for {letter.name}",
        f"{listed([sign_on.legal_name for sign_on in signed], 8)}: {signed[0].how}.",
        notice,
        f"{status.progress} signed.",
        letter=letter,
    )


def _notify_member(ctx: Context, letter: Dossier, signed: SignOn) -> str:
    """Notify the member's representatives, who can object; return a sentence on who was notified."""
    member = ctx.config.coalition.members[signed.organisation]
    card = wording.notice(
        letter,
        f"{ctx.actor.name} recorded that {member.short or member.name} signs {letter.name}",
        wording.what_goes_where(letter),
        f"As “{signed.legal_name}” by {signed.signatory}, {signed.title}. Evidence: {signed.how}.",
        "If this is wrong, press We did not sign: the signature is removed, and only you can restore it.",
        mark=Mark.SIGN_ON,
        buttons=(
            wording.open_button(letter, "Read"),
            wording.step_button(
                letter, "We did not sign", "letter object", "danger", wording.of_member(signed.organisation)
            ),
        ),
    )
    card = replace(card, foot=f"Text {letter.version.mark} · version {letter.version.number}")
    theirs = [person.id for person in lookup.representatives(ctx.tx, ctx.config.coalition)[signed.organisation]]
    if delivered := notices.send(ctx, letter, f"recorded:{ctx.new_id()}", card, *theirs):
        return f"{number(len(delivered), 'representative')} notified; they can object."
    return "It has no linked representative, so no one there was notified. Tell them yourself."


def _answer(head: str, *lines: str, letter: Dossier, buttons: Sequence[Button] = ()) -> Reply:
    remind, lock = (wording.step_button(letter, each.capitalize(), f"letter {each}") for each in ("remind", "lock"))
    read = wording.open_button(letter, "Read")
    return answer(head, *lines, mark=Mark.SIGN_ON, buttons=(read, remind, lock), line_buttons=buttons)
