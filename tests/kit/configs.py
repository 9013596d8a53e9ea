"""The two files of a coalition as values. To write and read them takes a third of a second: the same text is done once.

Texts are the same that differ in the ports of their peers (`http://127.0.0.1:…`), which are other ones in each test.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.config import load as reading
from bot.config.load import Config

ROOT = Path(__file__).parents[2]
FILES = ("feeds.yml", "coalition.yml")
_PORT = re.compile(r"(?<=http://127\.0\.0\.1:)\d+")
_INCLUDED = re.compile(r"(?m)^\w+: (\S+\.yml)\b")  # a part of coalition.yml in a separate file
_dumped: dict[str, str] = {}


def shipped() -> Config:
    """What ships with the bot."""
    return load(ROOT)


def load(folder: Path) -> Config:
    """The files in `folder`, as `bot.config.load.load` reads them. Raises its `ConfigError`."""
    text, coalition = ((folder / name).read_text(encoding="utf-8") for name in FILES)
    general, back = _without_ports(text)
    included = {name: folder / name for name in _INCLUDED.findall(coalition) if (folder / name).is_file()}
    files = {"feeds.yml": general, "coalition.yml": coalition}
    files |= {name: path.read_text(encoding="utf-8") for name, path in included.items()}
    config = _load(tuple(files.items()))
    sources = {
        id_: source.model_copy(update={"url": back(source.url)})
        for id_, source in config.feeds.sources.items()
        if _PORT.search(source.url)
    }
    assert len(sources) == len(_PORT.findall(text)), "a port stands elsewhere than in the address of a source"
    feeds = config.feeds.model_copy(update={"sources": config.feeds.sources | sources})
    paths = (folder / FILES[0], folder / FILES[1])
    return replace(config, feeds=feeds if sources else config.feeds, folder=folder, text=text, paths=paths)


def dump(value: Any) -> str:
    """`value` as YAML, in its own order."""
    key, back = _without_ports(repr(value))
    if key not in _dumped:
        text = yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
        _dumped[key] = _without_ports(text)[0]
    return back(_dumped[key])


@cache
def _load(files: tuple[tuple[str, str], ...]) -> Config:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files:
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return reading.load(*(Path(folder) / name for name in FILES))


def _without_ports(text: str) -> tuple[str, Callable[[str], str]]:
    """The text with its ports numbered from 1 on, and what puts them back."""
    ports = sorted(set(_PORT.findall(text)))
    general = _PORT.sub(lambda port: str(ports.index(port[0]) + 1), text)
    return general, lambda changed: _PORT.sub(lambda number: ports[int(number[0]) - 1], changed)
