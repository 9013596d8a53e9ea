"""How long letters, and the directory of Congress, are kept."""

from __future__ import annotations

from typing import Final

from bot.store.keeping import Keeping

KEEPING: Final = (
    Keeping(table="directory", stays="one snapshot of Congress"),
    Keeping(table="legislator", stays="one snapshot of Congress"),
    Keeping(table="committee", stays="one snapshot of Congress"),
    Keeping(table="committee_seat", stays="one snapshot of Congress"),
    # What became more than a draft is the record of what the coalition said.
    Keeping(
        table="letter",
        term="drafts",
        since="created_at",
        still="""
            state <> 'draft'
            OR EXISTS (SELECT 1 FROM letter_version WHERE letter_id = letter.id AND written_at >= :before)
        """,
        sheet=True,
    ),
    Keeping(table="letter_version", goes_with=("letter",), sheet=True),
    Keeping(table="letter_approval", goes_with=("letter",), sheet=True),
    Keeping(table="letter_confirmation", goes_with=("letter",), sheet=True),
    Keeping(table="signature", goes_with=("letter",), members="organisation", sheet=True),
    Keeping(table="letter_card", goes_with=("letter",), members="organisation"),
    Keeping(table="letter_mail", goes_with=("letter",), sheet=True),
    Keeping(table="letter_merge", goes_with=("letter",)),
)
