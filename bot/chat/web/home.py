"""The home page: what the reader may ask, in the groups of the command table."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from bot.chat.web.pages import Page, View
from bot.commands.model import Context


def home(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """List the reader's commands by group."""
    visible = [command for command in ctx.commands if not command.hidden]
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for group, commands in groupby(visible, key=lambda command: command.group):
        links = [(f"/do/{each.group}/{each.verb}", each.help, f"/{each.path}") for each in commands]
        groups.setdefault(group.capitalize(), []).extend(links)
    name = ctx.config.coalition.name
    return View(title=ctx.config.coalition.short, template="home.html", values={"groups": groups, "coalition": name})


HOME: Final = Page(path="/", show=home, nav="Home")
