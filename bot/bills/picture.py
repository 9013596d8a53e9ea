"""A bill's way as a small picture, set by typst.

The picture's text is data, never markup: it is handed over as an input and shown with `text`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import typst

from bot.bills.way import Station

_PPI: Final = 192  # sharp on a phone at the width that chats show
_SOURCE: Final = b"""
#let way = json(bytes(sys.inputs.way))
#let ink = rgb("#1b2a41")
#let done = rgb("#1f6f4a")
#let faint = rgb("#5f6b7a")
#let wide = 84pt
#set page(width: way.stations.len() * wide + 24pt, height: auto, margin: 12pt, fill: white)
#set text(font: ("DejaVu Sans", "Liberation Sans", "Libertinus Serif"), size: 9.5pt, fill: ink)
#text(weight: "bold", size: 11pt, way.title)
#v(4pt)
#let dot(one) = {
  let colour = if one.state == "done" { done } else { faint }
  let sign = (done: "\\u{2713}", never: "\\u{2715}").at(one.state, default: "")
  circle(radius: 10pt, stroke: 1.5pt + colour, fill: if one.state == "done" { done } else { white },
    align(center + horizon, text(fill: if one.state == "done" { white } else { faint }, size: 10pt, sign)))
}
#grid(columns: (wide,) * way.stations.len(), row-gutter: 5pt, align: center,
  ..way.stations.enumerate().map(((at, one)) => box(width: wide, height: 22pt, {
    let last = at == way.stations.len() - 1
    if not last {
      let next = way.stations.at(at + 1)
      place(left + horizon, dx: wide / 2,
        line(length: wide, stroke: 1.5pt + if next.state in ("done", "passed over") { done } else { faint }))
    }
    place(center + horizon, dot(one))
  })),
  ..way.stations.map(one => {
    let behind = one.state in ("done", "passed over")
    text(weight: "bold", fill: if behind { ink } else { faint }, one.name)
  }),
  ..way.stations.map(one => text(size: 8pt, fill: if one.on == "" { faint } else { ink },
    if one.on == "" { one.state } else { one.on })),
)
"""


@lru_cache(maxsize=64)
def png(title: str, stations: tuple[Station, ...]) -> bytes:
    """The way of a bill called `title`. Its words are `way.in_words`, which belong beside it."""
    told = {"title": title, "stations": _told(stations)}
    made = typst.compile(_SOURCE, format="png", ppi=_PPI, sys_inputs={"way": json.dumps(told)})
    assert isinstance(made, bytes)
    return made


def _told(stations: Sequence[Station]) -> list[dict[str, str]]:
    return [
        {"name": it.name, "state": it.state.value, "on": f"{it.on.day} {it.on:%b %Y}" if it.on else ""}
        for it in stations
    ]
