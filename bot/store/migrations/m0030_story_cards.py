"""Find the story whose card a delivery is, when old deliveries are deleted, without reading every story."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("CREATE INDEX story_delivery ON story (delivery_id)",)
