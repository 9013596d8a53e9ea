"""Convert cards to JSON and back, as the store has them."""

from __future__ import annotations

from pydantic import TypeAdapter

from bot.shared.card import Card

_CARD = TypeAdapter(Card)


def to_json(card: Card) -> str:
    return _CARD.dump_json(card, exclude_defaults=True).decode()


def from_json(text: str) -> Card:
    """Parse a stored card. Raises `ValueError` for anything else, such as a card of another version."""
    return _CARD.validate_json(text)
