"""Write the files of a new coalition's folder: small, commented, and valid for `check`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.cli.starter import statement
from bot.cli.starter.statement import DraftAsk, Watch
from bot.config import catalog, installation
from bot.shared.bill_number import BillNumber
from bot.shared.lookalikes import words_of
from bot.shared.private_files import copy_private, write_private
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
    authorities: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # what asks cite, unconfirmed, and where
    # By the id of a draft watch: the `level` of one that is kept, an empty `query` of one that is dropped.
    tried: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def followed(self) -> dict[str, BillNumber]:
        return {title: bill for title, bill in self.bills.items() if bill.congress >= self.congress}

    def watches(self) -> list[Watch]:
        """The asks' draft watches, without those that were dropped."""
        drafts = statement.watches(self.asks, self.statement)
        tried = (replace(watch, **self.tried.get(watch.id, {})) for watch in drafts)
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
    copy_private(EXAMPLES / name / "letters", folder / "templates" / "letters")
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
    copy_private(shipped / "templates", templates, but=_letters_of_one_cause(shipped / "templates" / "letters"))
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
    titles = [statement.title(ask.text) for ask in start.asks]
    different = {"".join(words_of(name)) or name: name for name in reversed(start.members)}  # to a reader
    members = _ids(list(reversed(different.values())))
    return _template("coalition.yml.j2").render(
        start=start,
        id=coalition_id,
        about=statement.about(start.statement, start.name),
        asks=list(zip(_ids(titles), titles, start.asks, strict=True)),
        members=members,
        entities=_entities({coalition_id: start.name}, "coalition") | _entities(members, "member"),
        bills=[(id_, title, start.bills[title], _naming(start, title)) for id_, title in _ids(start.bills).items()],
        offices=catalog.offices_in("\n".join([start.statement, *(ask.text for ask in start.asks)])),
    )


def feeds_yml(start: Start) -> str:
    """The text of feeds.yml: sources, routes, and a watch for each ask with the ask's words."""
    return _template("feeds.yml.j2").render(
        start=start,
        sources=dict.fromkeys((*start.sources, *(_OF_BILLS if start.followed else ()))),
        watches=start.watches(),
        hearings=_ids(start.followed),
    )


def _entities(names: Mapping[str, str], kind: str) -> dict[str, tuple[str, str]]:
    """The names that mean nobody else in the news, as a query takes them; a single word is said of much else."""
    words = {id_: re.sub(r'["*]', "", name).strip() for id_, name in names.items()}
    return {id_: (kind, name) for id_, name in words.items() if len(list(words_of(name))) > 1}


def _template(name: str) -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(  # noqa: S701 - it writes YAML, whose strings `text` quotes
        loader=loader, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    environment.filters["text"] = lambda value: json.dumps(" ".join(value.split()), ensure_ascii=False)
    return environment.get_template(name)


def _naming(start: Start, title: str) -> list[int]:
    """The numbers of the asks that name a bill."""
    bill = start.bills[title]
    named = [{(each.type, each.number) for each in statement.bills(ask.text)} for ask in start.asks]
    return [number for number, own in enumerate(named, start=1) if bill[1:] in own]


def env(start: Start) -> str:
    """The text of the `.env` file for tokens."""
    lines = ["# Tokens and addresses. Never share this file: docs/connect.md says where to find each."]
    platform = start.channel.partition(":")[0]
    lines += ["SLACK_BOT_TOKEN=", "SLACK_APP_TOKEN="] if platform == "slack" else []
    lines += ["DISCORD_BOT_TOKEN="] if platform == "discord" else []
    return "\n".join(lines) + "\n"


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


def _letters_of_one_cause(letters: Path) -> set[Path]:
    """The shipped example's own letters, and its statements about the law."""
    metas = {meta.parent: plain_yaml(meta.read_text(encoding="utf-8")) for meta in letters.glob("*/meta.yml")}
    own = {folder for folder, meta in metas.items() if meta.get("asks") or meta.get("claims")}
    return own | {letters / name for name in _CLAIMS}
