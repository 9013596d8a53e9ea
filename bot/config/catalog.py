"""The catalogue of sources that ships with the bot: feeds.yml names one by its id and says only what differs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """Each source's section as feeds.yml would have it, by its id."""
    text = files("bot.config").joinpath("catalogue.yml").read_text(encoding="utf-8")
    known: Mapping[str, Mapping[str, Any]] = YAML(typ="safe").load(text)
    return known


def expanded(id_: str, section: Any) -> Any:
    """A section of `sources:` with what the catalogue knows of it; one that names its own kind stays as it is."""
    known = catalogue().get(id_)
    if known is None or not (section is None or isinstance(section, Mapping)) or "kind" in (section or {}):
        return section
    return {**known, **(section or {})}


def by_id(node: Any) -> Any:
    """`sources:` by id, where feeds.yml lists them: ``[register, {justice-news: {every: 1h}}]``. Keeps the lines.

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
