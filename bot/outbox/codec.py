"""Cards as JSON and back. The one place that knows how a card lies in the store."""

from __future__ import annotations

from pydantic import TypeAdapter

from bot.shared.card import Card

_CARD = TypeAdapter(Card)


def to_json(card: Card) -> str:
    return _CARD.dump_json(card, exclude_defaults=True).decode()


def from_json(text: str) -> Card:
    """Raises ValueError for what is not a card (written by another version, say)."""
    return _CARD.validate_json(text)
