"""How long mentions, and dealings with the press, are kept."""

from __future__ import annotations

from typing import Final

from bot.media.exporting import mention_rows, story_rows
from bot.store.keeping import Keeping

KEEPING: Final = (
    Keeping(
        table="story",
        term="mentions",
        since="opened_at",
        still="EXISTS (SELECT 1 FROM mention WHERE story_id = story.id AND seen_at >= :before)",
        sheet=True,
        sheet_rows=story_rows,
    ),
    Keeping(table="mention", goes_with=("story",), sheet=True, sheet_rows=mention_rows),
    Keeping(table="mention_shingle", goes_with=("mention",)),
    Keeping(table="story_note", goes_with=("story",), sheet=True),
    Keeping(table="redaction", stays="a hash, so that it does not come back"),
    Keeping(table="entity_rule", stays="until it is taken away"),
    Keeping(table="press_outlet", stays="while somebody of it is on the list", sheet=True),
    Keeping(table="press_contact", stays="until they are taken off the list", sheet=True),
    Keeping(table="press_log", term="press", since="at", sheet=True),
    Keeping(table="press_embargo", term="press", since="lifts_at", sheet=True),
    Keeping(table="press_agreement", goes_with=("press_embargo",), sheet=True),
    Keeping(table="press_inquiry", term="press", since="received_at", still="ended_at IS NULL", sheet=True),
    Keeping(table="press_card", goes_with=("delivery",)),
    Keeping(table="press_suppression", stays="hashes of who asked not to be kept"),
)
