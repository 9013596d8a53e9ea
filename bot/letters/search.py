"""Full-text search of letters and of notes on their mail, for /campaign find."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from bot.commands.model import Context, SearchHit
from bot.letters import lookup, records, wording
from bot.letters.drafting.plain_text import body
from bot.letters.lifecycle import Dossier, letter_name
from bot.shared.search import Words

_NOTED: Final = {"sent": "Note on sending", "reply": "Their answer"}


def letters(ctx: Context, wanted: Words, limit: int) -> list[SearchHit]:
    """Letters that the asker may open whose visible text contains the words."""
    opened = not lookup.can_see_drafts(ctx.actor)
    candidates = records.letters_containing(ctx.tx, ctx.coalition_id, wanted, opened=opened)
    fitting = (letter for letter in candidates if wanted.fit(*_texts(letter)))
    return [
        SearchHit(
            at=letter.version.at, name=letter.name, line=wording.summary_line(letter).removeprefix(f"{letter.name} · ")
        )
        for letter in islice(fitting, limit)
    ]


def mail(ctx: Context, wanted: Words, limit: int) -> list[SearchHit]:
    """Staff notes on sent and answered letters that contain the words; empty for others."""
    if not lookup.can_see_drafts(ctx.actor):
        return []
    noted = records.mail_containing(ctx.tx, ctx.coalition_id, wanted)
    fitting = ((number, mail) for number, mail in noted if wanted.fit(mail.note))
    return [
        SearchHit(at=mail.at, name=letter_name(number), line=f"{_NOTED.get(mail.kind, mail.kind)}: {mail.note}")
        for number, mail in islice(fitting, limit)
    ]


def _texts(letter: Dossier) -> Iterator[str]:
    yield f"{letter.name} {wording.recipients(letter)}"
    for text in letter.version.texts:
        yield f"{text.written.subject} {body(text.written.body)}"
