"""`coalition-bot new`: create a folder for a new coalition, from questions or options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli import new_asks, watches
from bot.cli.common import ATTENTION, USAGE, fail, today

if TYPE_CHECKING:
    from bot.cli.starter.files import Start
    from bot.cli.starter.statement import DraftAsk
    from bot.config.load import Config
    from bot.shared.bill_number import BillNumber

_SOURCES: Final = ("register", "govinfo-bills", "govinfo-laws", "gao-reports")  # useful for any federal cause


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="The coalition's full name.")
@click.option("--short", help="Its short name, as people say it.")
@click.option("--contact", help="An email address or page that sites and letters may show.")
@click.option("--zone", help="The time zone that times are shown in.  [default: America/New_York]")
@click.option("--channel", help="Where to post: console:NAME, slack:C0123ABCD or discord:NUMBER.")
@click.option("--ask", "asks", multiple=True, help="One policy ask, as a sentence. Repeat the option for each.")
@click.option("--statement", type=click.Path(path_type=Path), help="Your statement: text, Word, PDF or a saved page.")
@click.option("--member", "members", multiple=True, help="A member organization. Repeat the option for each.")
@click.option(
    "--source", "sources", multiple=True, help="A source from the catalog, by its id. Repeat the option for each."
)
@click.option("--bill", "bills", multiple=True, help="A bill you track: hr1234-119, or hr1234-119=ITS TITLE.")
@click.option("--example", help="Write a complete example for another cause instead: heat.")
@click.option("--yes", is_flag=True, help="Do not ask: use the options, and defaults for the rest.")
def new(folder: Path, example: str | None, *, yes: bool, **options: Any) -> None:
    """Create a folder for a new coalition.

    It writes feeds.yml and coalition.yml, copies neutral letters, and says what to type next. It asks for what
    the options leave out and tries the watches; with --yes it asks nothing and reads no source.

    Example: coalition-bot new river --name "Colorado River Coalition" --statement statement.txt
    """
    from bot.config import installation

    installation.id_of(folder)  # refuses a wrong name before anything is asked
    if example is not None:
        _write_example(example, folder)
        return
    questions = _Questions(quiet=yes)
    _write(_answers(questions, **options), folder, questions)


def _answers(
    ask: _Questions,
    *,
    name: str | None,
    short: str | None,
    contact: str | None,
    zone: str | None,
    channel: str | None,
    asks: Sequence[str],
    statement: Path | None,
    members: Sequence[str],
    sources: Sequence[str],
    bills: Sequence[str],
) -> Start:
    """Return what the options say of the coalition, and for the rest what a person answers."""
    from bot.cli.starter import files
    from bot.cli.starter import statement as reading

    given, text = new_asks.from_options(asks, statement)
    called = ask.text(name, "Name of the coalition", default="")
    initials = "".join(word[0] for word in called.split() if word[0].isupper())
    short = ask.text(short, "Short name, as people say it", default=initials if len(initials) > 1 else called)
    contact = ask.text(contact, "Email address or page that may be shown", default=reading.contact(text))
    zone = ask.text(zone, "Time zone", default="America/New_York", check=partial(_problem, "zone"))
    own_asks, text = new_asks.choose(given, text, quiet=ask.quiet)
    return files.Start(
        name=called,
        short=short,
        contact=contact,
        zone=zone,
        asks=own_asks,
        statement=text,
        members=members or ask.lines("Member organizations, one per line; end with an empty line (optional)"),
        sources=ask.sources(sources, "\n".join([text, *(each.text for each in own_asks)])),
        bills=ask.bills(bills, own_asks),
        channel=ask.text(channel, "Channel to post to", default="console:main", check=partial(_problem, "to")),
    )


def _write(start: Start, folder: Path, ask: _Questions) -> None:
    from dataclasses import replace

    from bot.cli.demo.replay import SHIPPED
    from bot.cli.starter import files
    from bot.config.load import ConfigError, load

    start = replace(start, congress=_congress())
    made = _made(partial(files.write, start, folder, SHIPPED))
    try:
        config = load(folder / "feeds.yml", folder / "coalition.yml")
        start = replace(start, authorities=_cited(config))
        files.rewrite(start, folder)
        config = load(folder / "feeds.yml", folder / "coalition.yml")
    except ConfigError as error:
        fail(f"The files were written but need corrections:\n{error}", ATTENTION)
    for path in made:
        click.echo(f"Created {path}")
    chosen = start
    if ask.yes("\nTry the draft watches on the last 90 days of these sources?"):
        chosen = try_watches(start, folder, config)
    _report(chosen, folder)


def _cited(config: Config) -> dict[int, dict[str, str]]:
    """Return the laws, figures and days that each ask states and nobody has confirmed, with the text that has them."""
    from bot.letters import lint
    from bot.letters.statements import sourcing

    cited: dict[int, dict[str, str]] = {}
    for number, key, citation, _ in lint.unconfirmed(config.coalition, today(config)):
        says = getattr(config.coalition.asks[number], "because" if key == "because" else "text")
        cited.setdefault(number, {}).setdefault(sourcing.name(citation), says)
    return cited


def try_watches(start: Start, folder: Path, config: Config) -> Start:
    """Show what the draft watches match now, and write what is chosen into feeds.yml; it is `tried` of the result."""
    from dataclasses import replace

    from bot.cli.common import ago
    from bot.cli.starter import files
    from bot.config.load import load_settings

    listed = watches.read(load_settings(), config, ago("90d", datetime.now(UTC)))
    chosen = replace(start, tried=watches.choose(config, listed, [draft.id for draft in start.watches()]))
    if chosen.tried:
        files.rewrite(chosen, folder)
        click.echo(f"\nSaved in {folder / 'feeds.yml'}.")
    return chosen


def _write_example(name: str, folder: Path) -> None:
    from bot.cli.demo.replay import SHIPPED
    from bot.cli.starter import files

    if name not in files.examples():
        fail(f'There is no example "{name}"; choose from: {", ".join(files.examples())}.', USAGE)
    for path in _made(partial(files.write_example, name, folder, SHIPPED)):
        click.echo(f"Created {path}")
    where, missing, one = _place(folder)
    click.echo(
        f"\nNext, in {where}: coalition-bot check, then coalition-bot init{missing} "
        f"and coalition-bot chat --as policy{one}"
    )


def _place(folder: Path) -> tuple[str, str, str]:
    """Return where commands for this folder are typed, the option of `init` there, and that of all others."""
    from bot.config.installation import id_of

    name = id_of(folder)
    if name is None:
        return str(folder), "", ""
    return "the folder above coalitions/", " --if-missing", f" --coalition {name}"


def _made(write: Callable[[], Sequence[Path]]) -> Sequence[Path]:
    try:
        return write()
    except FileExistsError as error:
        return fail(f"{error.args[0]} already exists. Choose another folder; nothing was changed.", USAGE)


def _report(start: Start, folder: Path) -> None:
    """Print the watches, and what to type next."""
    from bot.shared.wording import number

    drafts = start.watches()
    click.echo(
        f"\n{start.short}: {number(len(start.asks), 'ask')}, {number(len(drafts), 'draft watch', 'draft watches')}"
    )
    for at in range(1, len(start.asks) + 1):
        if not any(at in draft.asks for draft in drafts):
            click.echo(f"  ask-{at}: no watch for this ask alone. Add one in chat: /watch add asks:{at}")
    for line in new_asks.unknown_offices(start.asks, start.statement):
        click.echo(line)
    where, missing, one = _place(folder)
    steps = {
        "coalition-bot check": "lists every mistake with its line",
        f"{watches.LATER}{one}": "tries the watches on the last 90 days",
        f"coalition-bot init{missing}": "creates the database",
        f"coalition-bot directory sync{one}": "reads the members of Congress, for letters to them",
        f"coalition-bot once --dry-run --since 30d{one}": "shows what the last 30 days would have posted",
        "coalition-bot run": "watches and posts until you stop it",
        f"coalition-bot chat --as policy{one}": "uses the chat commands on this terminal",
    }
    if start.tried:
        del steps[f"{watches.LATER}{one}"]
    width = max(map(len, steps))
    click.echo(
        f"\nIn {folder}, correct the asks' titles in coalition.yml and the watches in feeds.yml; for letters, add your "
        f"address and who signs to coalition.yml. Then type in {where}:"
    )
    for step, what in steps.items():
        click.echo(f"  {step:{width}}   {what}")


class _Questions:
    """Asks for what no option gave, with a default; `quiet`: uses the default instead."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    def text(
        self, given: str | None, question: str, *, default: str, check: Callable[[str], str | None] | None = None
    ) -> str:
        """Ask for one line. `check` says what is wrong with a value; None: nothing."""
        if given is not None or self.quiet:
            value = given if given is not None else default
            if not value:
                fail(f"{question} is required: give it as an option, or leave out --yes to be asked.", USAGE)
            if check and (problem := check(value)):
                fail(problem, USAGE)
            return value
        while True:
            value = new_asks.prompt(question, default=default or None).strip()
            problem = check(value) if check else None
            if value and not problem:
                return value
            click.echo(problem or "Please type something.")

    def lines(self, question: str, check: Callable[[str], str | None] | None = None) -> list[str]:
        """Ask for lines until an empty one. `check` says what is wrong with one."""
        if self.quiet:
            return []
        click.echo(question)
        entered: list[str] = []
        while True:
            line = new_asks.prompt(f"  {len(entered) + 1}", default="", show_default=False).strip()
            problem = check(line) if line and check else None
            if problem:
                click.echo(problem)
            elif line:
                entered.append(line)
            else:
                return entered

    def yes(self, question: str) -> bool:
        """Ask a question whose default is yes; `quiet`: no, so that a script needs no network."""
        return not self.quiet and click.confirm(question, default=True)

    def sources(self, given: Sequence[str], statement: str) -> Sequence[str]:
        """Ask for ids of sources in the catalog, also those of the agencies that the statement names."""
        from bot.config import catalog

        usual = (*_SOURCES, *catalog.news_of(catalog.offices_in(statement)))
        if given or self.quiet:
            if problem := _source_problem(given):
                fail(problem, USAGE)
            return given or usual
        click.echo("Sources of the catalog for you:")
        width = max(map(len, usual))
        for id_ in usual:
            click.echo(f"  {id_:{width}} {catalog.sources()[id_]['name']}")
        click.echo("docs/configuration.md lists all others. An agency's name or acronym stands for its news.")
        while True:
            typed = new_asks.prompt("Sources to use, separated by commas", default=", ".join(usual))
            named = [catalog.source_called(id_.strip()) or id_.strip() for id_ in typed.split(",") if id_.strip()]
            problem = _source_problem(named)
            if not problem:
                return named or usual
            click.echo(problem)

    def bills(self, given: Sequence[str], asks: Sequence[DraftAsk]) -> dict[str, BillNumber]:
        """Ask for bills; returns them by title, with those that the asks name."""
        from bot.cli.starter import statement

        question = "Bills you track, such as S. 1234, one per line (optional)"
        followed = {}
        for line in given or self.lines(question, _bill_problem):
            try:
                title, bill = _bill(line)
            except ValueError as error:
                fail(str(error), USAGE)
            followed[title] = bill
        text = " ".join(f"{ask.text} {ask.because}" for ask in asks)
        ids = [f"{each.name}-{each.congress}" if each.congress else each.name for each in statement.bills(text)]
        named, acts = [_bill(id_) for id_ in ids if not _bill_problem(id_)], statement.acts(text)
        numbers = [bill[1:] for bill in followed.values()]
        for title, bill in named:
            if bill[1:] not in numbers:
                act = acts.get(bill[1:], title)
                followed[title if act in followed else act] = bill  # the bills of both chambers have one name
        return followed


def _source_problem(ids: Sequence[str]) -> str | None:
    from bot.config import catalog

    unknown = next((id_ for id_ in ids if id_ not in catalog.sources()), None)
    return f'The catalog has no source "{unknown}". docs/configuration.md lists what it has.' if unknown else None


def _problem(key: str, value: str) -> str | None:
    """Return why the two files would refuse a value."""
    from pydantic import TypeAdapter, ValidationError

    from bot.shared.values import Place, Zone

    try:
        TypeAdapter(Zone if key == "zone" else Place).validate_python(value)
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return None


def _bill_problem(line: str) -> str | None:
    try:
        _bill(line)
    except ValueError as error:
        return str(error)
    return None


def _congress() -> int:
    from bot.shared.bill_record import congress_on

    return congress_on(datetime.now(UTC).date())


def _bill(line: str) -> tuple[str, BillNumber]:
    """Return the title and number of "S. 1234" or "hr1234-119=ITS TITLE", of the current Congress if it names none.

    Raises `ValueError`.
    """
    from bot.shared.bill_number import BillNumber, parse_bill_number

    id_, _, title = line.partition("=")
    parsed = parse_bill_number(id_)
    now = _congress()
    if parsed is None or not 1 <= (parsed.congress or now) <= now:
        raise ValueError(
            f'"{id_.strip()[:40]}" is no bill of a Congress up to the {now}th: write S. 1234 or hr1234-{now}'
        )
    bill = BillNumber(parsed.congress or now, parsed.type, parsed.number)
    return title.strip() or bill.label, bill
