"""What the command line prints: tables for people, JSON for scripts. It makes no decisions."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bot.alerts import digest, posted
from bot.app.composing import other_rooms
from bot.app.polling import PollReport
from bot.chat.console.sender import plain, show
from bot.commands.model import Reply
from bot.config.load import Config, Problem
from bot.letters.templates import template
from bot.ops.backup import EarlierCopies
from bot.ops.erase import Erased
from bot.outbox.deliver import DeliveryReport
from bot.outbox.notices import waiting_mail
from bot.outbox.queued import QueuedMessage as Waiting
from bot.outbox.queued import WaitingMail
from bot.shared import wording
from bot.shared.answer import Finding, State
from bot.shared.calendar import moment_in_words
from bot.shared.journey import shell_command
from bot.shared.wording import listed, number, table_counts
from bot.store.database import Reader

if TYPE_CHECKING:
    from bot.ops.restore import Restored

_NEVER_WRAPPED = 100_000  # columns
_LONGEST_LINE = 1_000  # columns of an answer in a pipe


def terminal() -> Console:
    """Return a console as wide as the terminal; in a pipe, lines are whole, so `grep` finds sentences and paths."""
    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _NEVER_WRAPPED)


def print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def new_table(*columns: str) -> Table:
    """Return a table without lines."""
    return Table(*columns, box=None, pad_edge=False, header_style="bold")


def check_report(
    config: Config,
    unserved: Mapping[str, list[str]],
    machine: Sequence[str],
    in_chat: Sequence[str],
    left_out: Sequence[Problem],
) -> dict[str, Any]:
    """Return the result of a check, as scripts get it.

    `machine`: what is wrong outside the files, as sentences. `left_out`: changes made in chat that are not active,
    because they no longer fit the files.
    """
    feeds = config.feeds
    return {
        "sources": sum(source.enabled for source in feeds.sources.values()),
        "watches": len(config.watches),
        "channels": list(feeds.channels),
        "example": feeds.example or config.coalition.example,
        "without_token": [name for names in unserved.values() for name in names],
        "changed_in_chat": list(in_chat),
        "left_out": [f"{slip.where}: {slip.what}" for slip in left_out],
        "machine": list(machine),
    }


def print_check(config: Config, unserved: Mapping[str, list[str]], report: Mapping[str, Any], *, remark: bool) -> None:
    """Print a summary of the two files, the channels without a token, and the changes made in chat.

    `report`: what `check_report` returned. `remark`: say that these are the shipped examples.
    """
    feeds = config.feeds
    on = len(feeds.enabled)
    console = terminal()
    console.print(_file_counts(config, on))
    for slip in report["machine"]:
        console.print(f"[red]{escape(slip)}[/]")
    if not template.names(config.folder):
        console.print(escape(template.no_templates_message(config.folder)))
    for variable, names in unserved.items():
        console.print(
            f"[yellow]{variable} is not set[/], so messages for {escape(', '.join(names))} would wait. "
            "docs/connect.md says where to find it. Put it into the coalition's .env, then restart the bot."
        )
    _changed_in_chat(console, report["changed_in_chat"], report["left_out"])
    if feeds.safety:
        console.print(f"Safety: every post goes to {escape(feeds.safety)} until you remove `safety:` from feeds.yml.")
    light, dark = config.coalition.accents
    if light != config.coalition.accent.lower():
        console.print(f"accent {config.coalition.accent} is hard to read on white: pages use {light}, in dark {dark}.")
    if report["example"] and remark:
        console.print(
            "[yellow]This is the shipped example.[/] Make feeds.yml and coalition.yml your own, then delete "
            "`example: true` in each."
        )


def print_placeholders(config: Config) -> None:
    """Print the examples that letters would print, and where each is set. `config`: the files with chat's changes."""
    placeholders = config.coalition.placeholders
    if placeholders:
        terminal().print("[yellow]Placeholders[/]: no letter can be locked until you replace them.")
    for key, value in placeholders.items():
        terminal().print(f"  {escape(config.origin(*key.split('.')))}: {escape(key)}: {escape(value)}")


def _file_counts(config: Config, on: int) -> str:
    """Return how many asks, watches, sources and channels the two files have; `on`: the enabled sources."""
    feeds, coalition = config.feeds, config.coalition
    off = len(feeds.sources) - on
    counts = (
        number(len(coalition.asks), "ask"),
        number(len(config.watches), "watch", "watches"),
        f"{number(on, 'source')} on" + (f", {off:,} off" if off else ""),
        number(len(feeds.channels), "channel"),
    )
    return f"{escape(coalition.short)}: {', '.join(counts)}. Both files are in order."


def _changed_in_chat(console: Console, in_chat: Sequence[str], left_out: Sequence[str]) -> None:
    if in_chat:
        console.print("Changed in chat, and used instead of the files; /settings export gives files that include them:")
    for line in in_chat:
        console.print(f"  {escape(line)}")
    if left_out:
        console.print(
            "[yellow]Changed in chat, but no longer valid with the files and not active[/]; correct the files,"
        )
        console.print("or use /watch remove, /feeds remove or /settings reset:")
    for slip in left_out:
        console.print(f"  {escape(slip)}")


def print_findings(findings: Sequence[Finding]) -> None:
    """Print what was checked, and what to do about what is not good."""
    states = {State.GOOD: "[green]ok[/]", State.LOOK: "[yellow]look[/]", State.BAD: "[red]bad[/]"}
    table = new_table("", "check", "result")
    for finding in findings:
        next_step = f"\n[dim]{escape(finding.next_step)}[/]" if finding.next_step else ""
        table.add_row(states[finding.state], escape(finding.subject), escape(finding.sentence) + next_step)
    terminal().print(table)


def print_contents(parts: Sequence[str]) -> None:
    """Print how much of each thing a database contains."""
    none = "no items, posted alerts, digests, letters, signatures, people, stories, contacts or changes in chat"
    terminal().print(f"It contains {listed(parts, len(parts)) if parts else none}.")


def print_restore(done: Restored, zone: tzinfo, *, several: bool) -> None:
    """Print the result of restoring a backup. `several`: a run may serve the other coalitions."""
    console = terminal()
    made_at = done.made_at.astimezone(zone)
    console.print(f"The backup of {moment_in_words(made_at)} {made_at:%Z} is restored.")
    print_contents(done.contents)
    if done.aside:
        console.print(f"The previous database is in {escape(str(done.aside))}; delete it when you no longer need it.")
    console.print(f"Found {number(done.posted_since, 'message')} posted since then; the bot will not post them again.")
    if done.erased:
        erased = number(done.erased, "person or organization", "people and organizations")
        console.print(f"{erased} had been erased since then and were erased again.")
    if done.erasures_unknown:
        console.print(
            "No previous database can be read. Erase again everyone who was erased since the backup was made."
        )
    taken = "accounts, roles, signatures, subscriptions, letters, findings on duties, stories, what was public"
    if done.taken_back is None:
        console.print(f"Take back again what people took back since then: {taken}.")
    elif done.taken_back:
        console.print(
            f"{number(done.taken_back, 'row')} of what people took back since then: taken back again ({taken})."
        )
    for name, why in done.unread.items():
        console.print(f"{escape(name)}: {escape(why)}. Its queued messages are posted with “(may be a repeat)”.")
    for name, why in done.on_hold.items():
        console.print(
            f"[red]{escape(name)} is on hold[/]: {escape(why)}. Look there, discard what was posted "
            f"({shell_command('outbox list')}), then: {escape(shell_command(f'resume {name}'))}"
        )
    console.print(
        "What people did in the bot after the backup is lost: check links, roles, watches, letters and sign-ons.\n"
        "Next: coalition-bot run. It first posts a note about the restore to the admin channel."
        + ("\nIf a run serves the other coalitions, it starts this one again within 10 minutes." if several else "")
    )


def agree_to_redact(counts: Counter[str]) -> bool:
    """Ask whether to take a name out of texts, too. The person knows how common its words are."""
    return click.confirm(f"The name is also in texts: {table_counts(counts)}. Take it out of all of them?")


def print_erasure(done: Erased, copies: EarlierCopies, files: Sequence[str]) -> None:
    """Print who was erased from what, and where their name still is."""
    console = terminal()
    rows, texts = number(done.rows, "row"), number(done.texts.total(), "other")
    console.print(f"{escape(done.who)} is erased: {rows} deleted, and the name removed from {texts}.")
    console.print("What they did stays, without a name. Messages in Slack and Discord stay: delete them there.")
    if not done.scrubbed:
        console.print(
            "[yellow]Still in the database's files[/], which are in use: the bot rewrites them when it starts."
        )
    if done.tasks:
        console.print(f"Their open tasks are now unassigned ({len(done.tasks)}):")
        console.print("\n".join(f"  {escape(task)}" for task in done.tasks))
    if done.emptied:
        console.print(f"But the bot will empty {number(done.emptied, 'message')} about them there at the next start.")
    _after_erasing(console, done)
    if published := done.named.pop("entry", 0):
        still = number(published, "published item still names", "published items still name")
        console.print(f"{still} them. /mentions redact removes one.")
    if done.named:
        console.print(f"The name stays in {table_counts(done.named)}: edit these yourself where you can.")
    for place in files:
        console.print(f"[yellow]Still named[/] in {escape(place)}: edit it yourself.")
    for path in copies.there:
        console.print(f"[yellow]Made before, so perhaps still in[/] {escape(str(path))}: delete it, or replace it.")
    for path in copies.gone:
        console.print(f"[yellow]Perhaps still in[/] {escape(str(path))}, which was moved: find it.")
    console.print("Letters and tables that people saved are not searched: look for the name where you keep them.")


def _after_erasing(console: Console, done: Erased) -> None:
    """Print what happened to documents, and what was not searched for."""
    if done.again:
        console.print(f"The documents of {number(done.again, 'queued message')} are made again at the next start.")
    if done.without:
        console.print(f"{number(done.without, 'queued message')} lost the attached documents: request them again.")
    if done.left:
        console.print(f"A name of one word is not searched for in sentences: {escape(', '.join(done.left))}.")
    if done.surnames:
        where = table_counts(done.surnames)
        console.print(f"The surname alone stays, because it may be someone else's. Rows that contain it: {where}.")


def print_round(polled: PollReport, delivered: DeliveryReport, *, dry_run: bool) -> None:
    """Print the result of one round of reading and posting."""
    table = new_table("source", "answer", "new", "messages", "digest lines")
    for one in polled.polled:
        took = one.intake
        counts = (str(took.new), str(took.messages), str(took.lines)) if took else ()
        table.add_row(
            escape(one.name), one.health.value + (" (silent baseline)" if took and took.baseline else ""), *counts
        )
    console = terminal()
    console.print(table)
    for one in polled.polled:
        if one.detail:
            console.print(f"[bold]{escape(one.name)}[/]: {escape(one.detail)}")
    unsaid = f", {delivered.dead} failed" if delivered.dead else ""
    text = f"{number(delivered.sent, 'message')} {'printed here, not posted' if dry_run else 'posted'}"
    console.print(f"{number(polled.new, 'new entry', 'new entries')}; {text}{unsaid}.")


def print_next_digests(db: Reader, config: Config, now: datetime) -> None:
    """Print the next digest of each channel with lines that wait for it."""
    for audience in filter(partial(posted.waiting_lines, db), config.feeds.channels):
        others = other_rooms(db, audience, digest.AHEAD, config=config, now=now)
        card = replace(digest.preview(db, audience, config, others, now), foot=f"The next digest of {audience}")
        show(terminal(), card, now.astimezone(config.zone).date())


def print_answer(reply: Reply) -> None:
    """Print an answer as the console shows it; in a pipe, its lines are whole."""
    assert reply.card is not None
    console, today = terminal(), datetime.now(UTC).date()
    if console.is_terminal:
        show(console, reply.card, today)
    else:
        sys.stdout.write(plain(reply.card, today, _LONGEST_LINE) + "\n")


def print_outbox(items: Sequence[Waiting], mail: WaitingMail | None, zone: tzinfo, *, as_json: bool) -> None:
    """Print queued and failed messages, and how many of them wait for the limit of email."""
    if as_json:
        for item in items:
            print_json(asdict(item))
        return
    if not items:
        terminal().print("The queue is empty.")
        return
    console = terminal()
    for item in items:
        due = "" if item.state == "dead" else f", next {wording.coming(item.due_at, zone) if item.due_at else '–'}"
        tries = number(item.attempts, "try", "tries")
        console.print(
            f"[bold]{item.id}[/]  {escape(item.channel)}: {item.state.value} after {tries}{due}", soft_wrap=True
        )
        console.print(f"  {escape(item.head)}")
        if item.why:
            console.print(f"  [dim]{escape(item.why)}[/]")
    if mail:
        console.print(escape(waiting_mail(mail, zone)))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr if that is a terminal; the callback takes the number done and the total."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        bar = bars.add_task(what)
        yield lambda done, of: bars.update(bar, completed=done, total=of)
