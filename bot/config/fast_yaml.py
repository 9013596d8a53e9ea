"""Load YAML in a quarter of ruamel's time: libyaml parses it, and ruamel makes the same values with the same lines."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tag import Tag

try:
    from yaml import CSafeLoader as Parser
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as Parser  # type: ignore[assignment]

# What libyaml reads differently: tabs, line breaks of YAML 1.1, directives, tags, merged sections, and rare spellings.
_DIFFERENT: Final = re.compile(r"[\t\x85\u2028\u2029\ufeff]|^%|(?:^|[\s\[{,])!|<<|&\S*:|[|>][-+0-9]*#", re.MULTILINE)


def load(text: str) -> Any:
    """Return the value as `YAML().load` does, in containers that remember lines. Raises `YAMLError` of ruamel."""
    if not _DIFFERENT.search(text):
        with suppress(YAMLError, yaml.YAMLError):  # ruamel's own parser says more about a mistake
            return _value(text)
    return YAML().load(text)


def _value(text: str) -> Any:
    ruamel = YAML()
    parser = _Parser(text, ruamel)
    try:
        root = parser.get_single_node()
    finally:
        parser.dispose()
    if not isinstance(root, yaml.CollectionNode):
        raise YAMLError("not a section or a list")
    return ruamel.constructor.construct_document(_node(root, {}))


class _Parser(Parser):
    """Parses with the meaning of YAML 1.2: NO is a word and 21:00 is text."""

    def __init__(self, text: str, ruamel: YAML) -> None:
        super().__init__(text)
        self._resolver = ruamel.resolver

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return str(self._resolver.resolve(ScalarNode, value, implicit))
        return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]


def _node(node: yaml.Node, made: dict[int, Node]) -> Node:
    """Return ruamel's node for one of PyYAML; `made`: those of nodes that an alias may name again."""
    if id(node) in made:
        return made[id(node)]
    tag, place = _tag(node.tag), (node.start_mark, node.end_mark)
    ours: Node
    match node:
        case yaml.SequenceNode():
            ours = SequenceNode(tag, [_node(item, made) for item in node.value], *place)
        case yaml.MappingNode():
            ours = MappingNode(tag, [(_node(key, made), _node(value, made)) for key, value in node.value], *place)
        case yaml.ScalarNode():
            ours = ScalarNode(tag, node.value, *place, node.style)
    made[id(node)] = ours
    return ours


@cache
def _tag(name: str) -> Tag:
    return Tag(suffix=name)
