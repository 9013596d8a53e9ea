"""Colors as `#rrggbb`, and how well one is read on another (WCAG 2.2, 1.4.3). Pure."""

from __future__ import annotations

from typing import Final

LEAST: Final = 4.5  # contrast of text with its ground
_STEPS: Final = 50


def contrast(one: str, other: str) -> float:
    """From 1 for the same color to 21 for black on white."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def legible(color: str, ground: str) -> str:
    """The color, as dark or as light as text on this ground needs."""
    parts, end = bytes.fromhex(color[1:]), 0 if contrast(ground, "#000000") > contrast(ground, "#ffffff") else 255
    tries = (bytes(round(part + (end - part) * step / _STEPS) for part in parts) for step in range(_STEPS + 1))
    return next(shown for each in tries if contrast(shown := f"#{each.hex()}", ground) >= LEAST)


def _luminance(color: str) -> float:
    shares = (part / 255 for part in bytes.fromhex(color[1:]))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
