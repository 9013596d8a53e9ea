"""Read feeds.yml and coalition.yml, and report every mistake at once with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from difflib import get_close_matches, unified_diff
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.config import catalog, cross_checks
from bot.config.coalition import Coalition
from bot.config.cross_checks import Path_
from bot.config.feeds import Feeds, WatchConfig, WordListError, with_query, without_lists
from bot.config.settings import MAIL_PER_HOUR, Settings
from bot.shared.errors import WrongUse
from bot.shared.yaml_text import Places, Unreadable, yaml_with_places
from bot.sources.kinds import KINDS, SourceConfig
from bot.watch import lexicon, nearest
from bot.watch.engine import Matcher
from bot.watch.evidence import leaves
from bot.watch.learned import Learned
from bot.watch.model import Watch
from bot.watch.query import Phrase, Query, parse

Model = TypeVar("Model", bound=BaseModel)
_WANTED: Final = {  # pydantic's error types
    "string_type": "not text: put it in quotes",
    "int_type": "not a whole number",
    "int_parsing": "not a whole number",
    "date_from_datetime_parsing": "not a date: write it as 2026-11-24",
    "date_parsing": "not a date: write it as 2026-11-24",
    "bool_type": "not true or false",
    "bool_parsing": "not true or false",
    "tuple_type": "not a list: write [one, two], or each on its own line after a dash",
    "dict_type": "not a section: write keys with a colon, a line each",
    "model_type": "not a section: write keys with a colon, a line each",
    "model_attributes_type": "not a section: write keys with a colon, a line each",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
}
_INCLUDED: Final = ("authorities", "duties")  # sections of coalition.yml that may be in a separate file


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: ``feeds.yml:14: watches.s567.sources: unknown source "federal-registr". Did you mean …?``"""

    file: str
    line: int | None
    where: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.where}: {self.what}" if self.where else f"{place}: {self.what}"


class ConfigError(WrongUse):
    """The configuration cannot be used. `problems` is everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Lines:
    """The line of each key in a file."""

    file: str
    places: Places = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # the file of each section in a separate file

    def at(self, *path: str | int) -> str:
        """Return the nearest place that the file has, as people look it up: "feeds.yml, line 666"."""
        number, file = self._number(path), self._file(path)
        return f"{file}, line {number}" if number else file

    def problem(self, path: Path_, what: str) -> Problem:
        """Return a problem at that place."""
        return Problem(self._file(path), self._number(path), _dotted(path), what)

    def _file(self, path: Path_) -> str:
        return self.files.get(str(path[0]), self.file) if path else self.file

    def _number(self, path: Path_) -> int | None:
        line, places = None, self.places
        for key in map(str, path):
            if key not in places:
                break
            line, places = places[key]
        return line


@dataclass(frozen=True, slots=True)
class Labels:
    """The coalition's names for cards: titles of asks, names of sources and bill families; and its time zone."""

    asks: Mapping[int, str]
    sources: Mapping[str, str]
    zone: tzinfo
    families: Mapping[str, str] = field(default_factory=dict)  # bill id → the coalition's name for its family


@dataclass(frozen=True)
class Config:
    """Both files, validated and consistent. `watches` are those of feeds.yml, their queries parsed."""

    feeds: Feeds
    coalition: Coalition
    watches: tuple[Watch, ...]
    folder: Path = Path()  # the folder of coalition.yml and templates/
    text: str = ""  # feeds.yml as it was read
    coalition_text: str = ""  # coalition.yml as it was read
    paths: tuple[Path, Path] = (Path(), Path())  # of feeds.yml and coalition.yml
    feeds_lines: Lines = Lines("feeds.yml")
    coalition_lines: Lines = Lines("coalition.yml")
    site: str = ""  # the web site's address, from the settings; "" without a board
    mails: bool = True  # from the settings: whether email can be sent
    mail_per_hour: int = MAIL_PER_HOUR  # from the settings
    discord_guild: str = ""  # from the settings: the only Discord server whose accounts can act; "" for any
    left_out: tuple[Problem, ...] = ()  # changes made in chat that no longer fit the files and are not active
    in_chat: frozenset[str] = frozenset()  # what chat has changed: "asks.3", "channels.policy", "zone"
    files: Config | None = field(default=None, compare=False)  # without those changes; None if this is that

    @property
    def in_files(self) -> Config:
        """The configuration as in the two files, without the changes made in chat."""
        return self.files or self

    def origin(self, *path: str | int) -> str:
        """Return where a value is set: "chat", or its file and line: "feeds.yml, line 666"."""
        if any(_dotted(path[:length]) in self.in_chat for length in range(1, len(path) + 1)):
            return "chat"
        return (self.feeds_lines if str(path[0]) in Feeds.model_fields else self.coalition_lines).at(*path)

    def edits_since_start(self, *, feeds: bool) -> list[str]:
        """Return what was changed in a file since it was read, as lines of a diff. Nothing if it cannot be read."""
        text, path = (self.text, self.paths[0]) if feeds else (self.coalition_text, self.paths[1])
        try:
            now = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return []
        compared = unified_diff(text.splitlines(), now.splitlines(), n=0, lineterm="")
        return [line for line in islice(compared, 2, None) if not line.startswith("@@")]

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher for the watches, created at first use."""
        return _matcher(self.watches)

    @property
    def zone(self) -> ZoneInfo:
        return self.coalition.tz

    @cached_property
    def labels(self) -> Labels:
        return Labels(
            asks={number: ask.title for number, ask in self.coalition.asks.items()},
            sources={id_: source.name for id_, source in self.feeds.sources.items()},
            zone=self.zone,
            families={
                bill.id: family.known_as
                for family in self.coalition.bills.values()
                for bill in family.bills
                if family.known_as
            },
        )


@lru_cache(maxsize=8)  # most changes made in chat leave the watches as they were
def _matcher(watches: tuple[Watch, ...]) -> Matcher:
    return Matcher(watches)


def load_settings(read: Callable[[], Settings] = Settings, file: str = "environment") -> Settings:
    """Return the environment's settings, or those that `read` reads from a file.

    Raises `ConfigError` that names the variables, never their values.
    """
    try:
        return read()
    except ValidationError as error:
        raise ConfigError(
            [
                Problem(file, None, ".".join(map(str, slip["loc"])).upper(), _describe_error(slip, None))
                for slip in error.errors()
            ]
        ) from None


_UNREAD: Final = "the bot does not read this variable."


def misspelled(names: Iterable[str]) -> list[Problem]:
    """Report variables that nothing reads and that are named like one that is read, or after a chat."""
    variables = {name.upper() for name in Settings.model_fields}
    close = {
        name: get_close_matches(name, variables, n=1, cutoff=0.85) for name in set(map(str.upper, names)) - variables
    }
    return [
        Problem("environment", None, name, " ".join((_UNREAD, *(f'Did you mean "{near}"?' for near in meant))))
        for name, meant in sorted(close.items())
        if (meant or name.startswith(("SLACK_", "DISCORD_")))
        and not name.startswith(("FEED_URL__", "WEBHOOK_URL__", "WEBHOOK_SECRET__"))
    ]


_MISSING: Final = "Start the bot in the folder that has it, or set {}."


def load(feeds_file: Path, coalition_file: Path, missing: str = _MISSING) -> Config:
    """Return both files as validated values. Raises `ConfigError` with every problem of both.

    `missing`: what to do about a file that cannot be read.
    """
    feeds = _File(feeds_file, missing.format("FEEDS_FILE"))
    coalition = _File(coalition_file, missing.format("COALITION_FILE"))
    feeds_value, coalition_value = feeds.read(Feeds), coalition.read(Coalition)
    problems = [*feeds.problems, *coalition.problems]
    problems += [feeds.problem(path, what) for path, what in cross_checks.in_feeds(feeds.raw, coalition.raw)]
    for section, raw in (("sources", feeds.raw), ("offices", coalition.raw)):  # the catalog's own message says more
        named = {f"{section}.{id_}" for id_, item in cross_checks.items_of(raw, section) if item is None}
        problems = [each for each in problems if each.what != "is empty" or each.where not in named]
    problems += [coalition.problem(path, what) for path, what in cross_checks.in_coalition(feeds.raw, coalition.raw)]
    if problems or feeds_value is None or coalition_value is None:
        raise ConfigError(sorted(problems, key=lambda p: (p.file, p.line or 0)))
    watches = _watches(feeds_value, coalition_value)
    read = (feeds.text, coalition.text, (feeds_file, coalition_file), feeds.lines(), coalition.lines())
    return Config(feeds_value, coalition_value, watches, coalition_file.parent, *read)


def revised(config: Config, feeds: Mapping[str, Any], coalition: Mapping[str, Any]) -> Config:
    """Return `config` with the values of both files as changed in chat. Raises `ConfigError`, as `load` does."""
    coalition = {**coalition, "offices": catalog.with_offices(coalition.get("offices", {}))}
    feeds_value, slips = _validated(Feeds, feeds)
    coalition_value, coalition_slips = _validated(Coalition, coalition)
    slips += [*coalition_slips, *cross_checks.in_feeds(feeds, coalition), *cross_checks.in_coalition(feeds, coalition)]
    if slips or feeds_value is None or coalition_value is None:
        raise ConfigError([Problem("chat", None, _dotted(path), what) for path, what in slips])
    watches = _watches(feeds_value, coalition_value)
    return replace(config, feeds=feeds_value, coalition=coalition_value, watches=watches)


def _watches(feeds: Feeds, coalition: Coalition) -> tuple[Watch, ...]:
    watches = tuple(watch_of(id_, watch) for id_, watch in feeds.watches.items())
    if not any(watch.nearest for watch in feeds.watches.values()):
        return watches
    texts = {number: f"{ask.text or ask.title}\n{ask.because}" for number, ask in coalition.asks.items()}
    sought = [(watch.asks[0], " ".join(leaf.words)) for watch in watches if len(watch.asks) == 1
              for leaf in leaves(watch.query.root) if isinstance(leaf, Phrase)]  # fmt: skip
    for ask, phrase in sought:
        texts[ask] += f"\n{phrase}"
    asked = catalog.of_offices([*coalition.offices])
    above = [parent for slug in asked for parent in catalog.above(slug)]
    asks = nearest.of(texts, asked, catalog.bodies(), lexicon.shipped(), above, [phrase for _, phrase in sought])
    return tuple(replace(watch, nearest=asks) if feeds.watches[watch.id].nearest else watch for watch in watches)


def _validated(model: type[Model], raw: Mapping[str, Any]) -> tuple[Model | None, list[tuple[Path_, str]]]:
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        return None, [(_path(slip), _describe_error(slip, model)) for slip in error.errors()]


def _path(slip: ErrorDetails) -> Path_:
    return tuple(part for part in slip["loc"] if part != "[key]")


def _key_sections(values: Any, places: Places, key: str) -> None:
    """Turn the list of sections under `key`, and its places, into mappings by id; see `catalog.by_id`."""
    items = cross_checks.value_of(values, key)
    if (sections := catalog.by_id(items)) is items:
        return
    values[key], (line, listed) = sections, places[key]
    ids = (str(item if isinstance(item, str) else next(iter(item))) for item in items)
    places[key] = (
        line,
        {id_: below.get(id_, (at, below)) for id_, (at, below) in zip(ids, listed.values(), strict=True)},
    )


def _feeds_values(raw: Any) -> list[tuple[Path_, str]]:
    """Merge the catalog's sources into feeds.yml, and turn its word lists into queries. Returns their mistakes."""
    if isinstance(sources := cross_checks.value_of(raw, "sources"), Mapping):
        raw["sources"] = {id_: catalog.expanded(id_, section) for id_, section in sources.items()}
    slips: list[tuple[Path_, str]] = []
    lists = cross_checks.value_of(raw, "lists")
    for id_, watch in dict(cross_checks.sections_of(raw, "watches")).items():
        try:
            raw["watches"][id_] = with_query(watch, lists if isinstance(lists, Mapping) else {})
        except WordListError as error:
            slips.append((("watches", id_, error.key), str(error)))
            raw["watches"][id_] = without_lists(watch)
    return slips


class _File:
    """One YAML file, its values and the line of each key."""

    def __init__(self, path: Path, missing: str) -> None:
        self._path = path
        self._missing = missing
        self._places: Places = {}
        self._included: dict[str, str] = {}  # sections in separate files, and those files' names
        self.text = ""
        self.raw: Any = None
        self.problems: list[Problem] = []

    def read(self, model: type[Model]) -> Model | None:
        try:
            self.text, self.raw, self._places = self._load_yaml(self._path)
            if model is Feeds:
                _key_sections(self.raw, self._places, "sources")
                self.problems += [self.problem(path, what) for path, what in _feeds_values(self.raw)]
            else:
                self._include()
                _key_sections(self.raw, self._places, "offices")
                if isinstance(offices := cross_checks.value_of(self.raw, "offices"), Mapping):
                    self.raw["offices"] = catalog.with_offices(offices)
            return model.model_validate(self.raw)
        except ValidationError as error:
            self.problems += [self.problem(_path(slip), _describe_error(slip, model)) for slip in error.errors()]
        except ConfigError as error:
            self.problems += error.problems
        return None

    def _load_yaml(self, path: Path) -> tuple[str, Any, Places]:
        """Return a file's text, its values and their lines. Raises `ConfigError`."""
        line = None
        try:
            text = path.read_text(encoding="utf-8")
            return text, *yaml_with_places(text)
        except OSError as error:
            what = f"cannot be read ({error.strerror}). {self._missing}"
        except UnicodeDecodeError:
            what = "is not UTF-8 text: save it as UTF-8"
        except Unreadable as error:
            line, what = error.line, error.what
        raise ConfigError([Problem(path.name, line, "", what)])

    def _include(self) -> None:
        """Read the sections that are in separate files: `authorities: templates/letters/claims.yml`."""
        for key in _INCLUDED:
            name = cross_checks.value_of(self.raw, key)
            if isinstance(name, str) and name.endswith(".yml"):
                path, folder = (self._path.parent / name).resolve(), self._path.parent.resolve()
                if not path.is_relative_to(folder):
                    what = f'"{name}" is not in the folder of {self._path.name}'
                    raise ConfigError([self.problem((key,), what)])
                if not path.is_file():
                    what = f'there is no file "{name}" in the folder of {self._path.name}'
                    raise ConfigError([self.problem((key,), what)])
                _, self.raw[key], places = self._load_yaml(path)
                self._places[key] = self._places[key][0], places
                self._included[key] = path.name

    def problem(self, path: Path_, what: str) -> Problem:
        named = path[:-1] if path and isinstance(path[-1], int) else path  # the line identifies the item of a list
        return replace(self.lines().problem(path, what), where=_dotted(named))

    def lines(self) -> Lines:
        return Lines(self._path.name, self._places, self._included)


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path))


def _describe_error(slip: ErrorDetails, model: type[BaseModel] | None) -> str:
    """Describe pydantic's error for a person who edits YAML. Values are shown only if they are not secret."""
    kind, context = slip["type"], slip.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        key = str(slip["loc"][-1])
        names = _keys_at(model, slip["loc"][:-1])
        if key in names:
            return f'"{key}" is a setting of other kinds of sources: remove the line'
        return f'unknown key "{key}"' + cross_checks.did_you_mean(key, names)
    if kind in ("enum", "literal_error"):
        return (f'"{slip.get("input", "")}" is ' if model else "is ") + f"not one of {context['expected']}"
    if kind in _WANTED:
        return "is empty" if slip.get("input") is None else _WANTED[kind].format(**context)
    return str(context.get("error") or slip["msg"]).removeprefix("Value error, ")


def _keys_at(model: type[BaseModel] | None, path: Iterable[str | int]) -> list[str]:
    """Return the keys allowed at `path`, by walking the models."""
    current: Any = model
    for part in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(part))
            current = field.annotation if field else None
        else:  # dict[Id, Section] or tuple[Section, ...]: the section is the last or first type argument
            within = (getattr(a, "__origin__", a) for a in getattr(current, "__args__", ()))
            current = next((a for a in within if isinstance(a, type) and issubclass(a, BaseModel)), None)
        args = getattr(current, "__args__", ())
        if len(args) == 2 and type(None) in args:  # Section | None
            current = next(a for a in args if a is not type(None))
    if current is SourceConfig:
        return sorted({key for kind in KINDS.values() for key in kind.model_fields})
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def watch_of(id_: str, config: WatchConfig) -> Watch:
    """Return the watch, its query parsed. Raises `QueryError`."""
    if config.learned is None:
        query = parse(config.query)
    else:  # the model as a query of one node
        model = Learned(config.learned.weights, config.learned.above)
        query = Query(model.in_words(), model)
    return Watch(
        id=id_,
        name=config.name or id_,
        asks=config.asks,
        level=config.level,
        query=query,
        kinds=config.kinds,
        sources=config.sources,
    )
