"""The asks of a new coalition: from a statement, typed or pasted, and shown to be corrected."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import USAGE, fail

if TYPE_CHECKING:
    from bot.cli.starter.statement import DraftAsk

_FILE: Final = "File with your statement (text, Word, PDF or a saved web page); press Enter to type or paste it"
_CHANGE: Final = "Number of an ask to change, + to add one, Enter to go on"
_END: Final = "."
_MOST: Final = 100  # asks that are proposed of a statement
_REMOVE: Final = "-"
_NO_ASK: Final = "At least one ask is needed: give --ask TEXT or --statement FILE, or leave out --yes to be asked."


def from_options(asks: Sequence[str], statement: Path | None) -> tuple[Sequence[DraftAsk], str]:
    """Return the asks of the options, and the statement's text. Ends the program if the file gives none."""
    from bot.cli.starter import statement as reading

    own = [reading.DraftAsk(" ".join(ask.split())) for ask in asks]
    if statement is None:
        return own, ""
    text = reading.text_of(statement)
    stated = reading.asks(text)
    if not stated:
        click.echo(
            f"No sentence of {statement} asks for anything. Type the asks, or give each with --ask TEXT.", err=True
        )
    if len(stated) > _MOST:
        click.echo(f"{statement} has {len(stated):,} asks: the first {_MOST} are proposed.", err=True)
    return [*own, *stated[:_MOST]], text


def choose(given_asks: Sequence[DraftAsk], text: str, *, quiet: bool) -> tuple[Sequence[DraftAsk], str]:
    """Ask for what the options left out, and show all asks to be corrected; `quiet`: use the options as they are."""
    if quiet:
        return given_asks or fail(_NO_ASK, USAGE), text
    if not given_asks:
        given_asks, text = _ask_statement()
    return _correct(list(given_asks), text), text


def prompt(question: str, *, default: str | None, show_default: bool = True) -> str:
    """Ask on the terminal; without one, say how to go on."""
    try:
        return str(click.prompt(question, default=default, show_default=show_default))
    except click.Abort:
        if sys.stdin.isatty():
            raise
        fail("\nThere is no terminal to answer on: give the options, and --yes to use defaults for the rest.", USAGE)


def _ask_statement() -> tuple[Sequence[DraftAsk], str]:
    from bot.cli.starter import statement as reading

    while True:
        name = prompt(_FILE, default="", show_default=False).strip()
        if name:
            try:
                text = reading.text_of(Path(name).expanduser())
            except reading.Unreadable as error:
                click.echo(error)
                continue
        else:
            click.echo("Type or paste the statement, or one ask per line. End with a line that has only a period")
            text = "\n".join(iter(lambda: prompt("", default="", show_default=False).rstrip(), _END))
        if stated := reading.asks(text):
            return stated, text
        lines = [] if name else [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if lines:
            return [reading.DraftAsk(line) for line in lines], text
        click.echo("No sentence there asks for anything." if name else "Please type at least one ask.")


def _correct(asks: list[DraftAsk], text: str) -> Sequence[DraftAsk]:
    """Show each ask with its reason, its offices and the agencies to search until a person has nothing to change."""
    from dataclasses import replace

    from bot.cli.starter.statement import DraftAsk, searched

    while True:
        _show(asks, text)
        answer = prompt(_CHANGE, default="", show_default=False).strip()
        if answer == "+":
            if typed := prompt("Ask", default=None).strip():
                asks.append(DraftAsk(typed, _optional("Because", "")))
        elif answer.isdecimal() and 1 <= int(answer) <= len(asks):
            at = int(answer) - 1
            changed = prompt(f"Ask ({_REMOVE} removes it)", default=asks[at].text).strip() or asks[at].text
            if changed == _REMOVE:
                del asks[at]
                continue
            asks[at] = replace(asks[at], text=changed, because=_optional("Because", asks[at].because))
            asks[at] = replace(asks[at], agencies=_agencies(searched(asks, text)[at]))
        elif answer:
            click.echo(f"There is no ask {answer}.")
        elif asks:
            return asks
        else:
            click.echo("Please type at least one ask.")


def _optional(question: str, default: str) -> str:
    answer = prompt(f"{question} ({_REMOVE} for none)", default=default or _REMOVE).strip()
    return "" if answer == _REMOVE else answer


def _agencies(proposed: Sequence[str]) -> tuple[str, ...] | None:
    """Ask whose documents to search for an ask's common words; None if the proposed ones stay."""
    from bot.config import catalog

    default = ", ".join(map(catalog.name, proposed))
    while (typed := _optional("Agencies whose documents to search", default)) != default:
        agencies_by_name = {name: catalog.named(name) for name in map(str.strip, typed.split(",")) if name}
        if unknown := [name for name, slugs in agencies_by_name.items() if not slugs]:
            click.echo(f"The Federal Register has no agency “{unknown[0]}”. Write its name in full.")
            continue
        return tuple(slug for slugs in agencies_by_name.values() for slug in slugs)
    return None


def _show(asks: Sequence[DraftAsk], text: str) -> None:
    from bot.cli.starter.statement import searched
    from bot.config import catalog

    click.echo()
    for number, (ask, slugs) in enumerate(zip(asks, searched(asks, text), strict=True), start=1):
        ids = [] if ask.text.startswith("Congress ") else catalog.offices_in(ask.text)
        lines = [f"{number}. {ask.text}", f"   Because: {ask.because}" if ask.because else ""]
        lines += (f"   To: {catalog.offices()[id_]['name']}" for id_ in ids)
        lines += [f"   Documents of: {', '.join(map(catalog.name, slugs))}"] if slugs else []
        for line in filter(None, lines):
            click.echo(click.wrap_text(line, shutil.get_terminal_size((10_000, 0)).columns, subsequent_indent="   "))
    for line in unknown_offices(asks, text):
        click.echo(line)


def unknown_offices(asks: Sequence[DraftAsk], text: str) -> list[str]:
    """A line for each office that a statement names and the catalog lacks."""
    from bot.cli.starter import statement

    return [
        f"The catalog has no office “{name}”. To write to it, add its address in chat: /settings set office new"
        for name in statement.unknown_offices("\n".join([text, *(ask.text for ask in asks)]))
    ]
