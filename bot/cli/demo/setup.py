"""The shipped configuration with loopback addresses: its watches, routes and texts process the week."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from bot.app.application import App, build, on_console
from bot.cli.demo.replay import Week
from bot.cli.starter.files import write_example
from bot.config.feeds import SourceConfig
from bot.config.load import Config, load
from bot.config.settings import Settings
from bot.fetch.http import Limits
from bot.shared.private_files import write_private
from bot.sources.feeds.feed import FeedConfig

_PACKAGE: Final = Path(__file__).parents[2]
# The shipped feeds.yml, coalition.yml and templates/: in an installed package next to its code, else in the checkout.
SHIPPED: Final = example if (example := _PACKAGE / "example").is_dir() else _PACKAGE.parent
# The shipped feeds.yml has no newspaper; the demo adds two invented ones.
INVENTED: Final = {"demo-press": "Example press wire (demo)", "demo-county": "Sample County newsroom (demo)"}
_ADDRESSES: Final = {
    "federal-register": "/api/v1/documents.json",
    "public-inspection": "/api/v1/public-inspection-documents/current.json",
    "bill-status": "/bulkdata/BILLSTATUS",
}


def lay_out(folder: Path, example: str, letterhead: Mapping[str, str], last_day: date) -> None:
    """Write the files of an example ("": the shipped one) without placeholders, and no check dated after the week.

    Later checks are also true of the week: the statutes were the same, and what was not found later did not exist
    earlier.
    """
    if example:
        write_example(example, folder, SHIPPED)
    else:
        shutil.copytree(SHIPPED / "templates", folder / "templates")
        for name in ("feeds.yml", "coalition.yml"):
            shutil.copy(SHIPPED / name, folder / name)
    for file in (*folder.glob("*.yml"), *folder.glob("templates/letters/*.yml")):
        text = file.read_text(encoding="utf-8")
        for placeholder, value in letterhead.items():
            text = text.replace(placeholder, value)
        text = re.sub(r"^example: true\n", "", text, flags=re.MULTILINE)
        text = re.sub(r"checked_on: \S+", f"checked_on: {last_day}", text)
        write_private(file, text.encode())


def config(week: Week, base: str, folder: Path) -> Config:
    """The configuration in `folder`, with every source at `base` and every channel on the console."""
    shipped = on_console(load(folder / "feeds.yml", folder / "coalition.yml"))
    sources = {id_: _replayed(id_, source, week, base) for id_, source in shipped.feeds.sources.items()}
    for id_, name in INVENTED.items():
        source = FeedConfig(kind="feed", name=name)
        sources[id_] = _replayed(id_, source, week, base)
    changes = {"sources": sources, "safety": None, "allow_hosts": ("127.0.0.1",)}
    return replace(shipped, feeds=shipped.feeds.model_copy(update=changes))


def open_app(config: Config, database: Path, *, clock: Callable[[], datetime], out: TextIO | None = None) -> App:
    """The real program on this database. Reads no environment variable and no `.env`, so no real tokens."""
    settings = Settings.model_construct(database_url=f"sqlite:///{database}")
    # Loopback needs no pause between two requests or two messages.
    return build(settings, config, clock=clock, limits=Limits(gap=0), pace=timedelta(0), out=out)


def _replayed(id_: str, source: SourceConfig, week: Week, base: str) -> SourceConfig:
    """The source at `base`; disabled if the week has no items for it, unless the feed may be empty."""
    if source.kind in _ADDRESSES:
        return source.model_copy(update={"url": base + _ADDRESSES[source.kind]})
    empty = source.is_feed and source.may_be_empty
    on = source.enabled
    recorded = any(item["feed"] == id_ for item in week.items)
    if recorded and not source.is_feed:  # the week has what it brought as the items of a feed
        source = FeedConfig(kind="feed", name=source.name).model_copy(update={"every": source.every})
    return source.model_copy(
        update={"url": f"{base}/feeds/{id_}", "enabled": on and (empty or recorded), "fallbacks": ()}
    )
