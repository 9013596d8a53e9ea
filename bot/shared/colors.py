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
    end = "#000000" if _luminance(ground) > _luminance("#808080") else "#ffffff"
    tries = (_mix(color, end, step / _STEPS) for step in range(_STEPS))
    return next((each for each in tries if contrast(each, ground) >= LEAST), end)


def _mix(color: str, other: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(color: str) -> float:
    shares = (channel / 255 for channel in _channels(color))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
