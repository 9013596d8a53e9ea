"""The letters: a list by state, and for each the page as it will be sent, who signed, who is missing, its versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote

from bot.chat.web.pages import ROWS, Cell, Page, Part, Preview, Table, View, card_view, presses
from bot.commands.model import Context
from bot.congress.directory import NotAddressable
from bot.letters import lifecycle, lookup, notices, overview, records, wording
from bot.letters.allies import commands as allies
from bot.letters.allies import records as ally_records
from bot.letters.drafting import edit
from bot.letters.lifecycle import Dossier, State, Text
from bot.letters.sheet import sheet
from bot.letters.wording import SignOnStatus
from bot.people import records as people
from bot.shared.calendar import business_days_until, day_in_words
from bot.shared.card import Button
from bot.shared.language import ENGLISH, NAMES
from bot.shared.wording import clock, coming, dotted, listed, number
from bot.site import charts
from bot.site.public.pages import LanguageText, in_languages

_CHANGES: Final = 30  # of the newest version
_LATE_AFTER: Final = 30  # days without an answer
_FEW: Final = 6  # letters, which a list shows as well as a drawing
# What staff do next with a letter in this state.
_DEEDS: Final = {
    State.DRAFT: "request approval", State.REVIEW: "approve", State.APPROVED: "open for sign-on or lock",
    State.OPEN: "lock", State.LOCKED: "send", State.ANSWERED: "close",
}  # fmt: skip
_ORDER: Final = ("primary", "plain", "danger")  # of buttons
# The stages that a letter passes, with the states in which it is there.
_WAY: Final = (
    ("Draft", (State.DRAFT,)),
    ("Approval", (State.REVIEW, State.APPROVED)),
    ("Sign-on", (State.OPEN,)),
    ("Locked", (State.LOCKED,)),
    ("Sent", (State.SENT,)),
    ("Answered", (State.ANSWERED, State.CLOSED)),
)


def list_(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The letters that the reader may see, newest first. `state` in the address filters them."""
    state = next((each for each in State if each.value == query.get("state", "")), None)
    states = (state,) if state else tuple(State)
    opened = not lookup.can_see_drafts(ctx.actor)
    counts = {each: records.count_letters(ctx.tx, (each,), opened=opened) for each in State}
    count = sum(counts[each] for each in states)
    part = Part.of(query, count, ROWS, f"state={quote(state.value)}&" if state else "")
    letters = lookup.visible_letters(ctx, states, start=part.start, most=ROWS)
    starts = records.stage_starts(ctx.tx, opened=opened)
    buttons = presses(ctx, Button("Draft a letter", "letter draft", style="primary"))
    start = "Press Draft letter on an alert, or start one above." if buttons else "You get a message when there is one."
    offered = [each for each, some in counts.items() if some or each is state]
    return View(
        title="Letters",
        template="letters.html",
        values={
            "part": part,
            "stages": _stages(ctx, starts) if not state and count > _FEW else None,
            "caption": f"{number(count, 'letter')}{f' {state.value}' if state else ''}, newest first",
            "filters": [("All", "/letters", not state), *(
                (each.value.capitalize(), f"/letters?state={quote(each.value)}", each is state) for each in offered
            )],
            "buttons": buttons,
            "query": f"?state={quote(state.value)}" if state else "",
            "empty": f"No letter{f' is {state.value}' if state else ' yet'}. {start}",
        },
        table=Table(("Letter", "Where it is", "Who acts next", "Age"), [
            (Cell(f"{each.name}, {each.version.subject}", f"/letters/{each.name}",
                  dotted(wording.badge(each), f"to {wording.recipients(each)}")),
             Cell(each.state.value.capitalize(), note=_progress(status)),
             _next_actor(ctx, each, status),
             _age(ctx, each, *starts[each.id]))
            for each, status in ((each, _status(ctx, each)) for each in letters)
        ]),
        export=lambda: Table(
            columns=("id", "state", "subject", "to", "ask", "version", "sign-on until"),
            rows=[
                (each.name, each.state.value, each.version.subject, wording.recipients(each), str(each.ask or ""),
                 str(each.version.number), each.closes_at.isoformat() if each.closes_at else "")
                for each in lookup.visible_letters(ctx, states)
            ],
        ),
    )  # fmt: skip


def _status(ctx: Context, letter: Dossier) -> SignOnStatus | None:
    """Its sign-on, if it is open."""
    return notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now) if letter.state is State.OPEN else None


def _progress(status: SignOnStatus | None) -> str:
    """`2 of 12 signed · closes Fri Dec 4, 5 p.m.`, of a letter that is open for sign-on; else ""."""
    if status is None or status.letter.closes_at is None:
        return ""
    letter, at = status.letter, coming(status.letter.closes_at, status.zone)
    closes = f"close{'s' if letter.is_open(status.now) else 'd'} {at}"
    return dotted(f"{status.progress} signed", "signing is paused" if letter.untrue else closes)


def letters_by_subject(ctx: Context) -> Mapping[int | str, list[Dossier]]:
    """The letters on each ask and on each bill, by id: open for sign-on first, by closing time, then the newest."""
    subjects = defaultdict[int | str, list[Dossier]](list)
    open_ = sorted(lookup.visible_letters(ctx, {State.OPEN}), key=lambda each: each.closes_at or ctx.now)
    rest = lookup.visible_letters(ctx, set(State) - {State.OPEN, State.WITHDRAWN}, most=ROWS)
    for letter in (*open_, *rest):
        for about in filter(None, (letter.ask, letter.facts.get("bill"))):
            subjects[about].append(letter)
    return subjects


def letter_cell(ctx: Context, letters: Sequence[Dossier]) -> Cell:
    """The first of the letters on a subject, and how many more are open for sign-on."""
    if not letters:
        return Cell("")
    first, more = letters[0], sum(each.state is State.OPEN for each in letters[1:])
    note = dotted(_progress(_status(ctx, first)), f"and {more} more open" if more else "")
    return Cell(f"{first.name}, {first.state.value}", f"/letters/{first.name}", note)


def letter_cells(ctx: Context, letters: Sequence[Dossier]) -> list[Cell]:
    """The letters on a subject, on its own page."""
    return [
        Cell(f"{each.name}, {each.version.subject}", f"/letters/{each.name}",
             dotted(each.state.value, _progress(_status(ctx, each))))
        for each in letters
    ]  # fmt: skip


def _next_actor(ctx: Context, letter: Dossier, status: SignOnStatus | None) -> Cell:
    """Who acts next, and what they do: those who have not answered, those who can approve, the addressees, staff."""
    deed = _DEEDS.get(letter.state, "")
    if status and letter.is_open(ctx.now):
        if ctx.actor.organisation in status.waiting:
            return Cell("You", note="to sign or decline")
        if status.waiting:
            return Cell(status.named(status.waiting, 3), note="to sign or decline")
    if letter.state is State.REVIEW and lookup.can_see_drafts(ctx.actor):
        done = records.approvals(ctx.tx, letter)
        able = [person.name for person in lookup.other_approvers(ctx, letter) if person.id not in done]
        return Cell(listed(able, 3), note="can approve") if able else Cell("An approver", note="who wrote none of it")
    if letter.state is State.SENT:
        to = wording.recipients(letter)
        return Cell(to[:1].upper() + to[1:], note="to answer")
    return Cell("Staff", note=f"to {deed}") if deed else Cell("")


def _age(ctx: Context, letter: Dossier, state: State, at: datetime, sent: date | None) -> Cell:
    """`drafted 3 days ago`; a letter without an answer is late after some weeks."""
    days = (ctx.today - (sent or ctx.config.coalition.day(at))).days
    ago = f"{number(days, 'day')} ago" if days else "today"
    is_late = state is State.SENT and days > _LATE_AFTER
    verb = "sent" if sent else "locked" if letter.locked_at else "drafted"
    return Cell(f"{verb} {ago}", tag="Late" if is_late else "")


def _stages(
    ctx: Context, starts: Mapping[str, tuple[State, datetime, date | None]]
) -> tuple[str, str, list[tuple[str, str, int, str]]]:
    """(what they show, how to read it, (name, picture, count, age of the oldest) of each stage), none withdrawn."""
    ages: dict[str, list[int]] = {name: [] for name, _ in _WAY}
    for state, at, sent in starts.values():
        for name, states in _WAY:
            if state in states:
                ages[name].append((ctx.today - (sent or ctx.config.coalition.day(at))).days)
    top, late = max(map(len, ages.values())), sum(age > _LATE_AFTER for age in ages["Sent"])
    stages = []
    for name, each in ages.items():
        picture = charts.squares(
            len(each), late if name == "Sent" else 0, top, f"{name}: {number(len(each), 'letter')}"
        )
        oldest = number(max(each), "day") if each and name != "Answered" else ""
        stages.append((name, picture, len(each), oldest))
    few, waits = top <= charts.SQUARES, number(late, "letter has", "letters have")
    mark = f"{'An exclamation mark' if few else 'The end of the bar'}: more than {_LATE_AFTER} days without an answer."
    key = " ".join(filter(None, ("Letters by stage.", "A square is a letter." if few else "", mark if late else "")))
    return f"{waits} waited more than {_LATE_AFTER} days for an answer" if late else "No answer is late", key, stages


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """One letter, with the newest text that the reader may see."""
    letter = lookup.letter_of(ctx, names["letter"])
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    versions = lookup.versions_of(ctx, letter)
    authors = people.names(ctx.tx)
    steps = (each for each in overview.next_buttons(ctx, letter) if each.path != "letter export")
    changes = lifecycle.changes(versions[-2], versions[-1]) if len(versions) > 1 else []
    states = list(overview.status_lines(ctx, letter))
    for_staff = lookup.can_see_drafts(ctx.actor) and not letter.is_history
    unconfirmed = wording.unconfirmed_citations(letter, lookup.citations_now(ctx, letter)) if for_staff else ""
    starts = (overview.OUT_OF_DATE, *((wording.UNREAD,) if for_staff else ()))
    missing = [line for line in states if line == unconfirmed or line.startswith(starts)]
    confirm = (wording.step_button(letter, "Confirm citations", "letter confirm"),) if unconfirmed else ()
    confirm = (*confirm, *(lookup.translation_button(ctx, letter) if for_staff else ()))
    return View(
        title=f"{letter.name}: {letter.version.subject}",
        template="letter_page.html",
        values={
            "letter": letter,
            "heading": letter.version.subject,
            "to": wording.recipients(letter),
            "way": _way(ctx, letter),
            "sign_on": sign_on(ctx, status) if letter.closes_at or status.sign_ons else None,
            "missing": missing,
            "confirm": presses(ctx, *confirm),
            "known": [line for line in states if line not in missing],
            "sheets": _sheets(ctx, letter),
            "versions": [
                (version.number, clock(version.at, ctx.zone, ctx.now), authors.get(version.by, lookup.GONE))
                for version in reversed(versions)
            ],
            "changes": changes[:_CHANGES],
            "more": max(len(changes) - _CHANGES, 0),
            "allies": _allies(ctx, letter),
            "buttons": presses(ctx, *sorted(steps, key=lambda each: _ORDER.index(each.style))),
            "files": presses(ctx, *(wording.export_button(letter, kind) for kind in ("pdf", "docx"))),
        },
        table=_signers(ctx, status),
    )


def sign_on(ctx: Context, status: SignOnStatus) -> dict[str, Any]:
    """The sign-on as a page draws it. `finding`: who signed, and how long is left; `until`: when it closes, in words.

    `tiles`: (signed, confirm, declined, silent or unlinked, the organization, its answer) of each, the reader's first.
    """
    letter, mine = status.letter, ctx.actor.organisation
    members = [id_ for id_ in status.signed if id_ in status.members]
    left = business_days_until(ctx.today, ctx.config.coalition.day(letter.closes_at)) if letter.closes_at else 0
    is_open = letter.state is State.OPEN and letter.closes_at is not None
    days = f"; {number(left, 'business day')} left" if status.is_open else ""
    tiles = [(id_, (kind, name, _answer(ctx, status, head, id_)))
             for kind, head, group in _by_state(status) for id_, name in group]  # fmt: skip
    return {
        "letter": letter,
        "finding": f"{status.progress} signed{days}",
        "signed": len(members),
        "of": len(status.members),
        "until": wording.deadline_text(status) if is_open else "",
        "picture": charts.segments(len(members), len(status.waiting), len(set(status.declined) & set(status.members))),
        "tiles": [tile for _, tile in sorted(tiles, key=lambda pair: pair[0] != mine)],
        "waiting": status.named(status.waiting),
    }


def open_sign_ons(ctx: Context) -> list[dict[str, Any]]:
    """The letters that can be signed now and that the reader may see, the first to close first."""
    letters = (each for each in lookup.visible_letters(ctx, (State.OPEN,)) if each.is_open(ctx.now))
    ordered = sorted(letters, key=lambda letter: (letter.closes_at or ctx.now, letter.number))
    return [sign_on(ctx, notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)) for letter in ordered]


def _answer(ctx: Context, status: SignOnStatus, head: str, id_: str) -> str:
    """`Signed Jan 26`, or what is missing."""
    answer = status.sign_ons.get(id_)
    day = ctx.config.coalition.day(answer.at) if answer else None
    return f"{head} {day:%b} {day.day}" if day else head


def _way(ctx: Context, letter: Dossier) -> list[tuple[str, str, str]]:
    """(stage; done, now, ended (passed by) or ahead; note) for each stage of its way; none if it was withdrawn."""
    place = next((n for n, (_, states) in enumerate(_WAY) if letter.state in states), None)
    if place is None:
        return []
    mailed = sorted(records.mail(ctx.tx, letter.id), key=lambda each: each.on, reverse=True)
    mail = {each.kind: each.on for each in mailed}  # the first of each kind, as the list counts
    signs_until = letter.closes_at and min(filter(None, (letter.closes_at, letter.locked_at)))  # a lock ends it early
    last = next(reversed(lookup.approvals(ctx.tx, letter).values()), None)
    approved = None if letter.state is State.REVIEW else last
    days = {"Draft": letter.created_at, "Approval": approved, "Locked": letter.locked_at, "Sign-on": signs_until}
    way = []
    for n, (name, _) in enumerate(_WAY):
        at, on = days.get(name), mail.get({"Sent": "sent", "Answered": "reply"}.get(name, ""))
        on = ctx.config.coalition.day(at) if isinstance(at, datetime) else on
        skipped = (name == "Sign-on" and n < place and not letter.closes_at) or (name == "Answered" and not on)
        state = "ahead" if n > place else "ended" if skipped else "now" if n == place else "done"
        note = f"{'until ' if name == 'Sign-on' else ''}{day_in_words(on)}" if on and n <= place else ""
        way.append((name, state, "none" if state == "ended" else note))
    return way


def _sheets(ctx: Context, letter: Dossier) -> list[dict[str, Any]]:
    """The page's values as it will be sent to each text's first addressee; of the text alone if none is known now."""
    shown = []
    for text in letter.version.texts:
        one = replace(letter, version=replace(letter.version, texts=(replace(text, to=text.to[:1]),)))
        page: dict[str, Any] = {}
        with suppress(NotAddressable):
            (written,) = lookup.letters_for(ctx.tx, ctx.config, one, ctx.now)
            page = sheet(written) if written.closing else {}
        names = overview.addressee_names(letter, text.to)
        english, *others = in_languages([text])
        shown.append({"page": page, "text": english, "names": names, "others": others})
    return shown


def _by_state(status: SignOnStatus) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(kind of tile, where they are, (id, organization) of each)."""
    missing = [id_ for id_ in status.waiting if id_ not in status.to_confirm]
    withdrew = [id_ for id_ in missing if id_ in status.sign_ons]
    unlinked = [id_ for id_ in missing if id_ in status.silent and id_ not in withdrew]
    groups = (
        ("signed", "Signed", status.signed),
        ("confirm", "Signed an earlier text, to confirm", status.to_confirm),
        ("declined", "Declined", status.declined),
        ("silent", "Withdrew its signature", withdrew),
        ("silent", "No answer", [id_ for id_ in missing if id_ not in (*unlinked, *withdrew)]),
        ("unlinked", "No representative", unlinked),
    )
    for kind, head, ids in groups:
        yield kind, head, [(id_, status.members.get(id_) or status.sign_ons[id_].legal_name) for id_ in ids]


def _allies(ctx: Context, letter: Dossier) -> dict[str, Any] | None:
    """The organizations that wait to be accepted, as chat lists them; None if the reader may not, or none can ask."""
    theirs = {command.path: command for command in ctx.commands}
    if "allies list" not in theirs or not ally_records.has_page(ctx.tx, letter.id):
        return None
    card = allies.list_requests(ctx, {"letter": letter.id}).card
    return card_view(card, ctx.today, theirs) if card else None


def _signers(ctx: Context, status: SignOnStatus) -> Table:
    """Where each organization is. Who signed for it and how that is known is for staff."""
    staff, rows = lookup.can_see_drafts(ctx.actor), list[tuple[str, ...]]()
    for _, head, members in _by_state(status):
        for id_, name in members:
            answer = status.sign_ons.get(id_)
            who = (answer.signatory, answer.title, answer.how) if answer else ("", "", "")
            rows.append((id_, name, head, *(who if staff else ())))
    return Table(("id", "organization", "state", *(("signatory", "title", "how") if staff else ())), rows)


def preview(ctx: Context, names: Mapping[str, str], typed: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The letter as it would read with what is typed in the form of /letter edit. Nothing is saved."""
    letter = lookup.letter_for(ctx, typed["letter"], "edit")
    is_choice = "text" not in typed and "subject" not in typed  # of a paragraph: there is nothing to preview yet
    texts = letter.version.texts if is_choice else edit.edited_texts(letter, typed)
    changes = lifecycle.changes(letter.version, replace(letter.version, texts=texts))
    return View(
        title="Preview",
        template="letter_preview.html",
        values={
            "letter": letter,
            "base": typed.get("base", ""),
            "newer": edit.newer_version(ctx, letter, typed),
            "texts": _texts(letter, texts),
            "words": replace(letter.version, texts=texts).words,
            "changes": changes[:_CHANGES],
            "more": max(len(changes) - _CHANGES, 0),
            "count": number(len(changes), "change") if changes else "no changes yet",
        },
    )


def shown_text(ctx: Context, names: Mapping[str, str], typed: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The text that a form is about, for a person who says that they have read it."""
    letter = lookup.letter_of(ctx, typed["letter"])
    version = lookup.version_shown(ctx, letter, typed.get("text", "")) or letter.version
    return View(
        title="The text",
        template="letter_text.html",
        values={"letter": letter, "version": version, "texts": _texts(letter, version.texts)},
    )


def _texts(letter: Dossier, texts: Sequence[Text]) -> list[tuple[str, LanguageText]]:
    """(who or which language it is for, the text) of each text and translation; "" if it is the only one."""
    shown = []
    for text in texts:
        names = f"for {overview.addressee_names(letter, text.to)}" if len(texts) > 1 else ""
        shown += [(names if each.language == ENGLISH else NAMES[each.language], each) for each in in_languages([text])]
    return shown


PREVIEWS: Final = {
    "letter edit": Preview(preview, live=True),
    **dict.fromkeys(("letter approve", "letter confirm", "letter sign"), Preview(shown_text)),
}
PAGES: Final = (
    Page(path="/letters", show=list_, nav="Letters", commands=("letter", "allies")),
    Page(path="/letters/{letter}", show=show, answers="letter show"),
)
