"""What ships with the bot: sources and federal offices. The two files name one by its id and say only what differs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

Entries = Mapping[str, Mapping[str, Any]]


@cache
def catalogue() -> Entries:
    """Each source's section as feeds.yml would have it, by its id."""
    return _shipped("catalogue.yml")


@cache
def templates() -> Entries:
    """What a source may be `like`: sections that still need what to look for."""
    return _shipped("source_templates.yml")


@cache
def offices() -> Entries:
    """Each federal office's section as coalition.yml would have it, by its id."""
    return _shipped("offices.yml")


def _shipped(name: str) -> Entries:
    known: Entries = YAML(typ="safe").load(files("bot.config").joinpath(name).read_text(encoding="utf-8"))
    return known


def expanded(id_: str, section: Any) -> Any:
    """A section of `sources:` with what the catalogue has under its id, or under the one that it is `like`.

    One that names its own kind stays as it is.
    """
    if not (section is None or isinstance(section, Mapping)) or "kind" in (section or {}):
        return section
    own = dict(section or {})
    known = templates().get(own.pop("like")) if "like" in own else catalogue().get(id_)
    return section if known is None else {**known, **own}


def with_offices(sections: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of `offices:` with what the catalogue has, and the offices above those that it has."""
    made = {id_: _office(id_, section) for id_, section in sections.items()}
    for id_ in list(made):
        above = offices().get(id_, {}).get("part_of")
        while above and above not in made:
            made[above] = offices()[above]
            above = made[above].get("part_of")
    return made


def _office(id_: str, section: Any) -> Any:
    known = offices().get(id_)
    if known is None or not (section is None or isinstance(section, Mapping)) or "block" in (section or {}):
        return section
    return {**known, **(section or {})}


def by_id(node: Any) -> Any:
    """A section that is listed, by id: ``[register, {justice-news: {every: 1h}}]``. Keeps the lines.

    An item that is neither a name nor one named section is left to be refused: the whole list is returned.
    """
    if not isinstance(node, CommentedSeq):
        return node
    found = CommentedMap()
    for place, item in enumerate(node):
        named = {item: None} if isinstance(item, str) else item
        if not isinstance(named, Mapping) or len(named) != 1:
            return node
        ((id_, section),) = named.items()
        line, column = node.lc.item(place)
        found[id_] = section
        found.lc.add_kv_line_col(id_, [line, column, line, column])
    return found
