"""The letters: a list by state, and for each its text, its versions, who signed it and who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from bot.chat.web.cards import CardView, card_view, opens, presses
from bot.chat.web.pages import ROWS, Page, Part, Preview, Table, View
from bot.commands.model import Context
from bot.letters import lifecycle, lookup, notices, wording
from bot.letters import show as letter_show
from bot.letters.allies import commands as allies
from bot.letters.allies import records as ally_records
from bot.letters.drafting import edit
from bot.letters.lifecycle import Dossier, State, Text
from bot.letters.wording import SignOnStatus
from bot.people import records as people
from bot.shared.card import Button
from bot.shared.wording import clock, number
from bot.site.public.pages import Block, blocks

_CHANGES: Final = 30  # of the newest version


def list_(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The letters that the reader may see, newest first. `state` in the address filters them."""
    state = next((each for each in State if each.value == query.get("state", "")), None)
    states = (state,) if state else tuple(State)
    counts = {each: lookup.count_visible(ctx, (each,)) for each in State}
    count = sum(counts[each] for each in states)
    part = Part.of("/letters", query, count, ROWS, f"state={quote(state.value)}&" if state else "")
    letters = lookup.visible_letters(ctx, states, start=part.start, most=ROWS)
    return View(
        title="Letters",
        template="letters.html",
        values={
            "letters": [(each, wording.recipients(each), wording.badge(each)) for each in letters],
            "part": part,
            "count": number(count, "letter"),
            "states": [each for each, some in counts.items() if some or each is state],
            "state": state,
            "buttons": opens(ctx, Button("Draft a letter", "letter draft", style="primary")),
        },
        export=lambda: Table(
            columns=("id", "state", "subject", "to", "ask", "version", "sign-on until"),
            rows=[
                (each.name, each.state.value, each.version.subject, wording.recipients(each), str(each.ask or ""),
                 str(each.version.number), each.closes_at.isoformat() if each.closes_at else "")
                for each in lookup.visible_letters(ctx, states)
            ],
        ),
    )  # fmt: skip


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """One letter, with the newest text that the reader may see."""
    letter = lookup.letter_of(ctx, names["letter"])
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    versions = lookup.versions_of(ctx, letter)
    authors = people.names(ctx.tx)
    changes = lifecycle.changes(versions[-2], versions[-1]) if len(versions) > 1 else []
    return View(
        title=f"{letter.name}: {letter.version.subject}",
        template="letter_page.html",
        values={
            "letter": letter,
            "to": wording.recipients(letter),
            "until": wording.deadline_text(status) if letter.state is State.OPEN else "",
            "progress": status.progress,
            "known": list(letter_show.status_lines(ctx, letter)),
            "texts": _texts(letter, letter.version.texts),
            "versions": [
                (version.number, clock(version.at, ctx.zone, ctx.now), authors.get(version.by, lookup.GONE))
                for version in reversed(versions)
            ],
            "changes": changes[:_CHANGES],
            "more": max(len(changes) - _CHANGES, 0),
            "groups": [
                (head, [name for _, name in members])
                for head, members in _by_state(status)
                if members and (letter.closes_at or status.sign_ons)
            ],
            "allies": _allies(ctx, letter),
            "buttons": presses(ctx, *letter_show.next_buttons(ctx, letter)),
        },
        table=_signers(ctx, status),
    )


def _by_state(status: SignOnStatus) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(where they are, (id, organization) of each)."""
    missing = [id_ for id_ in status.waiting if id_ not in status.to_confirm]
    unlinked = [id_ for id_ in missing if id_ in status.silent]
    groups = {
        "Signed": status.signed,
        "Signed an earlier text, to confirm": status.to_confirm,
        "Declined": status.declined,
        "No answer": [id_ for id_ in missing if id_ not in unlinked],
        "No answer, and no representative is linked": unlinked,
    }
    for head, ids in groups.items():
        yield head, [(id_, status.members.get(id_) or status.sign_ons[id_].legal_name) for id_ in ids]


def _allies(ctx: Context, letter: Dossier) -> CardView | None:
    """The organizations that wait to be accepted, as chat lists them; None if the reader may not, or none can ask."""
    theirs = {command.path: command for command in ctx.commands}
    if "allies list" not in theirs or not ally_records.has_page(ctx.tx, letter.id):
        return None
    card = allies.list_requests(ctx, {"letter": letter.id}).card
    return card_view(card, ctx.today, theirs) if card else None


def _signers(ctx: Context, status: SignOnStatus) -> Table:
    """Where each organization is. Who signed for it and how that is known is for staff."""
    staff, rows = lookup.can_see_drafts(ctx.actor), list[tuple[str, ...]]()
    for head, members in _by_state(status):
        for id_, name in members:
            sign_on = status.sign_ons.get(id_)
            who = (sign_on.signatory, sign_on.title, sign_on.how) if sign_on else ("", "", "")
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


def _texts(letter: Dossier, texts: Sequence[Text]) -> list[tuple[str, str, tuple[Block, ...]]]:
    """(subject, addressees, paragraphs) of each text."""
    return [
        (text.written.subject, letter_show.addressee_names(letter, text.to), blocks(text.written)) for text in texts
    ]


PREVIEWS: Final = {
    "letter edit": Preview(preview, live=True),
    **dict.fromkeys(("letter approve", "letter sign"), Preview(shown_text)),
}
PAGES: Final = (
    Page(path="/letters", show=list_, nav="Letters", commands=("letter", "allies")),
    Page(path="/letters/{letter}", show=show, answers="letter show"),
)
