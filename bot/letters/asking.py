"""Asking once more before what people wrote is kept: whether it may lead to a survivor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts.words import listed
from bot.command import Choice, Desk, Form, FormField, Kind, Param, Reply
from bot.letters import care
from bot.letters.life import Dossier

SURE: Final = Param("sure", "yes: nothing in it identifies a survivor", kind=Kind.YES_NO, required=False)
_SURE_LABEL: Final = "Nothing in it identifies a survivor"


def ask_again(form: Form, found: Sequence[str]) -> Reply:
    """The same form, with what it may have in it and a line to say that one has looked."""
    what = f"It seems to hold {listed(found, 9)}."
    sure = replace(SURE, help=what[:100], kind=Kind.TEXT, required=True, choices=(Choice("yes", _SURE_LABEL),))
    fields = (FormField(sure, "Please check before it is kept"), *form.fields)
    return Reply(form=replace(form, title="Please check", fields=fields))


def careful(desk: Desk, args: Mapping[str, str], form: Form, *texts: str) -> tuple[Reply | None, list[str]]:
    """What to ask before these texts are kept, and what was asked about and confirmed."""
    found = care.signs("\n".join(texts), desk.config.coalition.contact)
    if found and args.get("sure") != "yes":
        return ask_again(form, found), []
    return None, found


def note_confirmed(desk: Desk, letter: Dossier, found: Sequence[str]) -> None:
    """That it was confirmed is written down, never the text."""
    if found:
        desk.note(
            letter.name, "", f"confirmed that it identifies no survivor, though it seemed to hold {listed(found)}"
        )
