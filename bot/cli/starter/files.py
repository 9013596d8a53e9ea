"""Write the files of a new coalition's folder: small, commented, and valid for `check`."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Final

from bot.cli.starter import proposal, statement
from bot.cli.starter.statement import DraftAsk
from bot.config import catalog, installation
from bot.shared.bill_number import BillNumber
from bot.shared.lookalikes import words_of
from bot.shared.private_files import write_private
from bot.shared.wording import slug
from bot.shared.yaml_text import plain_yaml

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
_LONGEST_ID: Final = 24
_OF_ONE_CAUSE: Final = "  # Words of this coalition's cause"  # style.yml is copied up to this line
_OF_BILLS: Final = (
    "bill-status",
    "house-votes",
    "senate-votes",
    "senate-hearings",
    "house-hearings",
)  # sources for a bill that is followed
_CLAIMS: Final = ("claims.yml", "duties.yml")  # the shipped example's statements about the law


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A coalition's answers. `members` are names, `sources` ids of the catalog."""

    name: str
    short: str
    contact: str
    zone: str
    channel: str  # "console:alerts", "slack:C0123ABCD", "discord:1100000000000000000"
    asks: Sequence[DraftAsk]
    members: Sequence[str] = ()
    sources: Sequence[str] = ("register",)
    bills: Mapping[str, BillNumber] = field(default_factory=dict)  # by the displayed title
    congress: int = 0  # of today: bills of earlier ones are listed and not followed
    statement: str = ""  # the whole text, which may name offices that no ask does
    authorities: Mapping[int, Sequence[str]] = field(default_factory=dict)  # what asks cite that nobody has confirmed
    queries: Mapping[str, str] = field(default_factory=dict)  # of draft watches that were tried, by id; "" for none

    @property
    def followed(self) -> dict[str, BillNumber]:
        return {title: bill for title, bill in self.bills.items() if bill.congress >= self.congress}

    def watches(self) -> list[proposal.Watch]:
        """The asks' draft watches, without those that were dropped."""
        drafts = proposal.watches(self.asks, self.statement)
        tried = (replace(watch, query=self.queries.get(watch.id, watch.query)) for watch in drafts)
        return [watch for watch in tried if watch.query]


def write(start: Start, folder: Path, shipped: Path) -> list[Path]:
    """Write the folder; returns the new files. `shipped`: the folder with the bot's templates.

    Raises `FileExistsError` if one of them already exists: no file is ever overwritten; and `ConfigError` for a folder
    of `coalitions/` whose name cannot be an id.
    """
    texts = {
        "coalition.yml": coalition_yml(start, _id(start, folder)),
        "feeds.yml": feeds_yml(start),
        ".env": env(start),
    }
    if start.statement:
        texts["statement.txt"] = start.statement
    return _written(texts, folder, shipped)


def examples() -> list[str]:
    """The names of the other complete examples that ship with the bot."""
    return sorted(path.name for path in EXAMPLES.iterdir() if (path / "coalition.yml").is_file())


def write_example(name: str, folder: Path, shipped: Path) -> list[Path]:
    """Write one of `examples` with its letters; returns the new files. Raises like `write`."""
    coalition_id = installation.id_of(folder)
    texts = {file: (EXAMPLES / name / file).read_text(encoding="utf-8") for file in ("coalition.yml", "feeds.yml")}
    if coalition_id is not None:
        texts["coalition.yml"] = re.sub(r"(?m)^id: .*", f"id: {coalition_id}", texts["coalition.yml"])
    made = _written(texts, folder, shipped)
    shutil.copytree(EXAMPLES / name / "letters", folder / "templates" / "letters", dirs_exist_ok=True)
    return made


def _written(texts: Mapping[str, str], folder: Path, shipped: Path) -> list[Path]:
    """Write these files, and the letters that suit any coalition."""
    made = {folder / name: text for name, text in texts.items()}
    templates = folder / "templates"
    for path in (*made, templates):
        if path.exists():
            raise FileExistsError(path)
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in made.items():
        write_private(path, text.encode(), new=True)
    shutil.copytree(shipped / "templates", templates, ignore=_letters_of_one_cause)
    style = templates / "letters" / "style.yml"
    write_private(style, style.read_text(encoding="utf-8").partition(_OF_ONE_CAUSE)[0].encode())
    return [*made, templates]


def rewrite(start: Start, folder: Path) -> None:
    """Write the two files again, with what is known now."""
    write_private(folder / "coalition.yml", coalition_yml(start, _id(start, folder)).encode())
    write_private(folder / "feeds.yml", feeds_yml(start).encode())


def _id(start: Start, folder: Path) -> str:
    return installation.id_of(folder) or _id_of(start.short, "coalition")


def coalition_yml(start: Start, coalition_id: str) -> str:
    """The text of coalition.yml."""
    return "\n".join(_coalition(start, coalition_id)) + "\n"


def feeds_yml(start: Start) -> str:
    """The text of feeds.yml: sources, routes, and a watch for each ask with the ask's words."""
    return "\n".join(_feeds(start)) + "\n"


def env(start: Start) -> str:
    """The text of the `.env` file for tokens."""
    lines = ["# Tokens and addresses. Never share this file: docs/connect.md says where to find each."]
    platform = start.channel.partition(":")[0]
    lines += ["SLACK_BOT_TOKEN=", "SLACK_APP_TOKEN="] if platform == "slack" else []
    lines += ["DISCORD_BOT_TOKEN="] if platform == "discord" else []
    return "\n".join(lines) + "\n"


def _coalition(start: Start, coalition_id: str) -> Iterator[str]:
    yield "# Who you are and what you ask. `coalition-bot check` lists every mistake with its line."
    yield f"id: {coalition_id} # never change it once the bot has run"
    yield f"name: {_text(start.name)}"
    yield f"short: {_text(start.short)}"
    yield f"contact: {_text(start.contact)} # shown to sites that the bot reads, and printed in letters"
    yield f"zone: {start.zone}"
    about = statement.about(start.statement, start.name)
    yield f"about: {_text(about)} # ends letters" if about else "# about: One paragraph about you, which ends letters."
    yield ""
    yield "# Your numbered asks. Cards show the title, letters print the text; letter templates name an ask by `name`."
    yield "asks:"
    names = _ids([proposal.key_words(ask.text) for ask in start.asks])
    for number, (name, ask) in enumerate(zip(names, start.asks, strict=True), start=1):
        yield f"  {number}:"
        yield f"    name: {name}"
        yield f"    title: {_text(statement.title(ask.text))}"
        yield f"    text: {_text(ask.text)}"
        yield from [f"    because: {_text(ask.because)}"] if ask.because else []
    yield ""
    yield "# The organizations that sign your letters."
    yield "members:" if start.members else "# members: {an-id: {name: Name of the Organization}}"
    if start.members:
        different = {"".join(words_of(name)) or name: name for name in reversed(start.members)}  # to a reader
        for id_, name in _ids(list(reversed(different.values()))).items():
            yield f"  {id_}: {{name: {_text(name)}}}"
    if start.bills:
        yield ""
        yield "# Your bills, across Congresses."
        yield "bills:"
        for id_, title in _ids(start.bills).items():
            bill = start.bills[title]
            named = [{(each.type, each.number) for each in statement.bills(ask.text)} for ask in start.asks]
            asks = [number for number, own in enumerate(named, start=1) if bill[1:] in own]
            of_asks = f", asks: {asks}" if asks else ""
            follow = ", follow: true" if title in start.followed else ""
            listed = f"{{id: {bill.id}, title: {_text(title)}{follow}}}"
            yield f"  {id_}: {{name: {_text(title)}{of_asks}, bills: [{listed}]}}"
    if start.authorities:
        yield from _authorities(start)
    yield ""
    yield "# Offices you write to, from the catalog that ships with the bot (docs/configuration.md):"
    offices = catalog.offices_in("\n".join([start.statement, *(ask.text for ask in start.asks)]))
    yield f"offices: [{', '.join(offices)}]" if offices else "# offices: [interior, epa]"


def _authorities(start: Start) -> Iterator[str]:
    yield ""
    yield "# What your asks cite. Letters cannot rely on it until someone has read each at its source, replaced `says`"
    yield "# by what it says, and added source, checked_on, checked_by and `confirmed: true`: docs/letters.md."
    yield "authorities:"
    for number, cited in start.authorities.items():
        for at, name in enumerate(dict.fromkeys(cited), start=1):
            yield f"  ask-{number}-{at}:"
            yield f"    citation: {_text(name)}"
            yield f"    says: {_text(start.asks[number - 1].text)}"
            yield f"    asks: [{number}]"
            yield "    confirmed: false"


def _feeds(start: Start) -> Iterator[str]:
    yield "# What is read, what matters, and where it is posted. docs/watching.md explains how to write a watch."
    yield "sources: # from the catalog that ships with the bot: docs/configuration.md"
    for source in dict.fromkeys((*start.sources, *(_OF_BILLS if start.followed else ()))):
        yield f"  - {source}"
    yield ""
    yield "# Draft watches from the asks' words. Test them: coalition-bot backtest --online"
    watches = [*_ask_watches(start), *_bill_watches(start)]
    yield from ["watches:", *watches] if watches else ["watches: {}"]
    yield ""
    yield "channels:"
    yield f"  main: {{to: {_text(start.channel)}}}"
    yield "routes:"
    yield "  - {to: main}"
    yield "admin: main # gets alerts about failing sources and channels"


def _ask_watches(start: Start) -> Iterator[str]:
    for watch in start.watches():
        yield f"  {watch.id}:"
        yield f"    name: {_text(watch.name)}"
        yield f"    asks: {list(watch.asks)}"
        yield "    nearest: true # an entry is for the ask that its words are nearest to, whatever `asks` says"
        yield "    level: digest # a line in the morning; `alert` is posted at once"
        yield from ["    kinds: [document]"] if watch.documents else []
        quoted = watch.query.replace("'", "''")
        yield f"    query: '{quoted}'"


def _bill_watches(start: Start) -> Iterator[str]:
    for id_, title in _ids(start.followed).items():
        yield f"  {id_}-hearings: # announced hearings and markups"
        yield f"    name: {_text(f'{title}, hearings and markups')}"
        yield "    level: alert"
        yield "    kinds: [hearing]"
        yield f"    query: bill:{start.bills[title].id}"


def _id_of(name: str, without_letters: str) -> str:
    id_ = slug(name, _LONGEST_ID)
    return id_ if id_.strip("0123456789e-") else f"{without_letters}-{id_}".strip("-")  # YAML takes 9 for a number


def _ids(names: Sequence[str] | Mapping[str, BillNumber]) -> dict[str, str]:
    """The names by unique ids."""
    ids: dict[str, str] = {}
    for name in names:
        base = _id_of(name, "item")
        id_ = next(each for each in chain((base,), (f"{base}-{n}" for n in count(2))) if each not in ids)
        ids[id_] = name
    return ids


def _text(value: str) -> str:
    """A string as YAML, on one line."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


def _letters_of_one_cause(folder: str, names: list[str]) -> list[str]:
    """The shipped example's own letters, and its statements about the law."""
    if Path(folder).name != "letters":
        return []
    metas = {name: Path(folder) / name / "meta.yml" for name in names}
    return [*_CLAIMS, *(name for name, meta in metas.items() if meta.is_file() and _of_one_cause(meta))]


def _of_one_cause(meta: Path) -> bool:
    values = plain_yaml(meta.read_text(encoding="utf-8"))
    return bool(values.get("asks") or values.get("claims"))
