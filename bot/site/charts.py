"""The pictures of the site as static SVG, drawn on the server. Pure: values in, markup out.

Positions across are percentages and heights are pixels, so text never scales and one drawing fits a phone and a wide
screen. Bars start at 0. Colors are classes of site.css, so dark and print follow. Each picture carries a sentence with
its numbers for readers who do not see it; the table with the same numbers belongs to the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise
from typing import Final

from bot.shared.states import STATES

SEGMENTS: Final = 40  # organizations with a segment each; more are one bar
SQUARES: Final = 10  # letters of the largest stage, up to which each has a square; else every stage is a bar
_BAR: Final = 20  # pixels of the highest column of a row among others
_ROOM: Final = 12  # pixels above it, for its number
_PLOT: Final = (84, 28, 144)  # of the lines: percent across, pixels above, pixels of height
_LETTER: Final = 2.4  # percent that a letter of a label takes at the narrowest, 288 pixels
_APART: Final = 13  # pixels between two labels, one under the other
# Each state roughly where it is; the territories that send a delegate to the House are below.
_GRID: Final = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT ..",
    "CA UT CO NE MO KY WV VA MD DE ..",
    ".. AZ NM KS AR TN NC SC DC .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. .. TX .. .. .. FL PR VI",
    "GU MP AS .. .. .. .. .. .. .. ..",
)
_TILE: Final = 40  # units from one state to the next
_SHADES: Final = 3
# The colors of site.css in a file, which has no style sheet: of the light theme, and of white on a color.
_STYLE: Final = (
    "text{font:500 12px 'Libertinus Serif';fill:#565d67}.v,.hi{fill:#1a1d21;font-weight:700}.bar{fill:#1f4e8c}"
    ".mid{fill:#6189c2}.off{fill:none;stroke:#7c828b}.badf,.x{fill:#a3262a}.x{fill:#fff;text-anchor:middle}"
    ".base{stroke:#7c828b}"
)
WHITE: Final = ".bar{fill:#fff}.off{fill:none;stroke:#fff}"


def columns(
    values: Sequence[int],
    sentence: str,
    *,
    top: int = 0,
    bad: Collection[int] = (),
    style: str = "bar",
    tall: int = _BAR,
) -> str:
    """A row of columns. `top`: the value of the full height, for rows that share a scale; `bad`: places that failed."""
    count, most = len(values), max(values, default=0)
    scale = tall / max(top, most, 1)
    bars = "".join(f"M{n}.1 {tall}v-{_figure(value * scale)}h.8V{tall}z" for n, value in enumerate(values) if value)
    blocks = "".join(f"M{n}.1 {tall}v-{tall}h.8V{tall}z" for n in sorted(bad))
    paths = [_tag("path", class_=name, d=path) for name, path in ((style, bars), ("badf", blocks)) if path]
    label = ""
    if most:
        at = values.index(most)
        anchor = "start" if at < count / 20 else "end" if at >= count * 0.95 else "middle"
        side = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        y = _figure(_ROOM + tall - most * scale - 3)
        label = _text(f"{most:,}", 100 * (at + side) / count, y, "v", anchor)
    stretched = _stretched("".join(paths), max(count, 1), tall, y=_ROOM)
    return _picture(_ROOM + tall + 1, sentence, stretched, _line(0, 100, _ROOM + tall + 0.5), label)


def months(days: Sequence[date]) -> str:
    """The axis under columns that begin on these days: each month's name at its first column."""
    starts = [n for n, (before, day) in enumerate(pairwise(days), start=1) if before.month != day.month]
    return axis([(100 * n / len(days), f"{days[n]:%b}") for n in starts])


def axis(labels: Sequence[tuple[float, str]]) -> str:
    """Labels that begin at these percentages; one that would touch another, or leave the axis, is left out."""
    marks = [_mark(x, 0) + _text(label, x, 15) for x, label in _spread(labels)]
    return _tag("svg", "".join(marks), class_="c", height=20, aria_hidden="true")


def segments(signed: int, silent: int, declined: int = 0, sentence: str = "") -> str:
    """A sign-on's progress: a segment for each organization in the order signed, silent, declined; of many one bar.

    `sentence`: instead of one with all the numbers.
    """
    total = signed + silent + declined
    parts = (f"{signed:,} of {total:,} signed", f"{declined:,} declined" if declined else "",
             f"{silent:,} have not signed" if silent else "")  # fmt: skip
    sentence = sentence or (", ".join(filter(None, parts)) if total else "No organization was asked")
    if total > SEGMENTS:
        marks = _shares([("bar", signed), ("off", silent), ("badf", declined)])
    else:
        step, kinds = 100 / max(total, 1), ["bar"] * signed + ["off"] * silent + ["badf"] * declined
        marks = [_segment(kind, n * step, step * 0.92) for n, kind in enumerate(kinds)]
    return _picture(16, sentence, *marks)


def squares(count: int, late: int, top: int, sentence: str) -> str:
    """The letters of a stage: a square each, the late ones last with an exclamation mark; where the largest stage, of
    `top` letters, has many, one bar on a scale that ends there.
    """
    if top > SQUARES:
        share = 92 / top
        return _picture(16, sentence, *_shares([("bar", count - late), ("warn", late)], share))
    marks = []
    for n in range(count):
        is_late = n >= count - late
        marks.append(_tag("rect", class_="warn" if is_late else "bar", x=n * 20, width=16, height=16, rx=2))
        if is_late:
            marks.append(_tag("text", "!", class_="x", x=n * 20 + 8, y=12))
    return _picture(16, sentence, *marks)


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its label, its value from each day on, oldest first, and its classes."""

    label: str
    steps: Sequence[tuple[date, int]]
    style: str


def step_lines(
    series: Sequence[Series], first: date, last: date, marks: Sequence[tuple[date, str]], unit: str, sentence: str
) -> str:
    """Counts over time from `first` to `last`, with events. The last series is drawn on top, and labeled first."""
    width, above, height = _PLOT
    days = max((last - first).days, 1)
    top = _scale_end(max((value for each in series for _, value in each.steps), default=0))

    def x(day: date) -> float:
        return width * min(max((day - first).days, 0), days) / days

    def y(value: int) -> float:
        return above + height - height * value / top

    grid = [_line(0, width, above + height + 0.5)]
    for value, words in ((top // 2, ""), (top, f" {unit}")):
        grid += [_line(0, width, y(value) + 0.5, "grid"), _text(f"{value:,}{words}", 0, _figure(y(value) - 4))]
    paths = []
    for each in series:
        ups = "".join(f"H{_figure(10 * x(day))}V{_figure(y(value) - above)}" for day, value in each.steps)
        paths.append(_tag("path", class_=each.style, d=f"M0 {height}{ups}H{10 * width}"))
    lines = _stretched("".join(paths), 10 * width, height, y=above, across=f"{width}%")
    ends = [(each.label, y(each.steps[-1][1]) + 4) for each in series if each.steps][::-1]
    places = _apart(dict(ends), above + height + 4)
    labels = [
        _text(label, width + 1.5, _figure(places[label]), "v" if n else "hi") for n, (label, _) in enumerate(ends)
    ]
    starts = [day for n in range(1, days) if (day := first + timedelta(n)).day == 1]
    ticks = [
        _mark(at, above + height) + _text(label, at, above + height + 16)
        for at, label in _spread([(x(day), f"{day:%b}" if day.month > 1 else f"{day.year}") for day in starts], width)
    ]
    events = _events(
        [(x(day), label) for day, label in marks if first < day <= last], above + height, f"{top:,} {unit}"
    )
    return _picture(above + height + 20, sentence, *grid, *events, lines, *labels, *ticks)


def state_map(counts: Mapping[str, int], what: str) -> str:
    """The map of `counts` by the states' letters; a state that is missing has 0. More is darker, and has its number."""
    most, tiles = max(counts.values(), default=0), []
    for row, line in enumerate(_GRID):
        for column, state in enumerate(line.split()):
            if state == "..":
                continue
            count, x, y = counts.get(state, 0), column * _TILE, row * _TILE
            shade = 1 + (count - 1) * _SHADES // most if count else 0
            texts = [_tag("title", escape(f"{STATES[state]}: {count}")),
                     _tag("rect", x=x + 1, y=y + 1, width=_TILE - 2, height=_TILE - 2, rx=4),
                     _tag("text", state, x=x + 20, y=y + (17 if count else 24))]  # fmt: skip
            if count:
                texts.append(_tag("text", str(count), class_="count", x=x + 20, y=y + 33))
            tiles.append(_tag("g", "".join(texts), class_=f"t{shade}"))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    named = ", ".join(f"{STATES[state]} {count}" for state, count in ranked if count) or "none yet"
    box = f"0 0 {_TILE * len(_GRID[0].split())} {_TILE * len(_GRID)}"
    return _tag("svg", "".join(tiles), class_="map", viewBox=box, role="img", aria_label=f"{what}: {named}")


def as_file(picture: str, width: int, style: str = _STYLE) -> str:
    """The drawing as an SVG file of this width in pixels."""
    head, _, rest = picture.partition(">")
    head = head.replace("<svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}"', 1)
    return f"{head}><style>{style}</style>{rest}"


# --- helpers ----------------------------------------------------------------------------------------------------------


def _events(marks: Sequence[tuple[float, str]], foot: int, scale: str) -> Iterator[str]:
    """A dotted line for each event, with its label in the upper or the lower row, where it touches none.

    `scale`: the label of the axis, which is at the beginning of the lower row.
    """
    ends = [-100.0, len(scale) * _LETTER]
    for x, label in marks:
        half = len(label) * _LETTER / 2
        row = next((n for n, end in enumerate(ends) if x - half > end), None)
        yield _tag("line", class_="base", x1=_percent(x), x2=_percent(x), y1=14 + 12 * (row or 0), y2=foot,
                   stroke_dasharray="2 3")  # fmt: skip
        if row is not None:
            ends[row] = x + half
            yield _text(label, x, 11 + 12 * row, "", "middle")


def _spread(labels: Sequence[tuple[float, str]], width: float = 100) -> Iterator[tuple[float, str]]:
    end = -1.0
    for x, label in labels:
        if x > end and x + len(label) * _LETTER <= width:
            end = x + (len(label) + 1) * _LETTER
            yield x, label


def _apart(labels: Mapping[str, float], lowest: float) -> dict[str, float]:
    """Where each label goes, from where it wants to be, so that no two touch and none is below `lowest`."""
    placed, end = dict[str, float](), -float(_APART)
    for label, y in sorted(labels.items(), key=lambda pair: pair[1]):
        placed[label] = end = max(y, end + _APART)
    for label in reversed(placed):
        placed[label] = min(placed[label], lowest)
        lowest = placed[label] - _APART
    return placed


def _scale_end(most: int) -> int:
    """The end of an axis: 10, 20 or 50 times a power of ten, at least 10."""
    end = 10
    for factor in (2, 2.5, 2) * 12:
        if most <= end:
            break
        end = int(end * factor)
    return end


def _shares(parts: Sequence[tuple[str, int]], share: float = 0) -> list[str]:
    """Parts of one bar, side by side. `share`: percent for one; without it they fill the width."""
    share, x, marks = share or 100 / max(sum(count for _, count in parts), 1), 0.0, []
    for kind, count in parts:
        if count:
            marks.append(_segment(kind, x, count * share))
            x += count * share
    return marks


def _segment(kind: str, x: float, width: float) -> str:
    inset = 0.5 if kind == "off" else 0  # its edge is drawn, half inside
    cross = _text("×", x + width / 2, 12, "x") if kind == "badf" else ""
    return _tag("rect", class_=kind, x=_percent(x), y=inset, width=_percent(width), height=16 - 2 * inset, rx=2) + cross


def _mark(x: float, y: int) -> str:
    return _tag("line", class_="base", x1=_percent(x), x2=_percent(x), y1=y, y2=y + 4)


def _line(x1: float, x2: float, y: float, style: str = "base") -> str:
    return _tag("line", class_=style, x1=_percent(x1), x2=_percent(x2), y1=_figure(y), y2=_figure(y))


def _text(words: str, x: float, y: float | str, style: str = "", anchor: str = "") -> str:
    given = {"class_": style, "text_anchor": "" if anchor == "start" else anchor}
    return _tag("text", escape(words), **{name: value for name, value in given.items() if value}, x=_percent(x), y=y)


def _stretched(paths: str, width: int, height: int, y: int, across: str = "100%") -> str:
    """Shapes whose width follows the picture's, and whose height does not."""
    box = f"0 0 {width} {height}"
    place = f'y="{y}" width="{across}" height="{height}" viewBox="{box}" preserveAspectRatio="none"'
    return f'<svg {place} overflow="visible" aria-hidden="true">{paths}</svg>'


def _picture(height: int, sentence: str, *parts: str) -> str:
    return _tag("svg", "".join(parts), class_="c", height=height, role="img", aria_label=sentence)


def _tag(name: str, inside: str = "", **attributes: object) -> str:
    named = {"viewBox", "preserveAspectRatio"}
    given = "".join(
        f' {key if key in named else key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{given}>{inside}</{name}>" if inside or name == "svg" else f"<{name}{given}/>"


def _percent(x: float) -> str:
    return f"{_figure(x)}%"


def _figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
