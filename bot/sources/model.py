"""A kind of source as it describes itself: its settings in feeds.yml, its traits, and the adapter built from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType, new_class
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Self, TypeVar, dataclass_transform

from pydantic import Field, ModelWrapValidatorHandler, SerializeAsAny, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticKnownError

from bot.shared.address_guard import is_loopback
from bot.shared.answer import Answer, Body, FetchFailed, Health, Memory, NotModified, Source, Unchanged, outcome
from bot.shared.entry import Kind
from bot.shared.urls import host_of
from bot.shared.values import Clock, Duration, FeedAddress, Section, Variable
from bot.sources.roads import Road, Roads

if TYPE_CHECKING:
    from bot.fetch.http import Fetcher

Listed = TypeVar("Listed")
_MAX_SEEN: Final = 1_000  # digests
KINDS: Final[dict[str, type[SourceConfig]]] = {}  # by name, as feeds.yml has it


def _no_key(source: SourceConfig) -> str:  # noqa: ARG001 - of a coalition that has none
    return ""


class SourceConfig(Section):
    """One source."""

    reader: ClassVar[type[HttpSource]]  # its adapter, which names what follows: `class X(HttpSource, kind="x", …)`
    brings: ClassVar[Kind]  # the kind of its entries
    needs_url: ClassVar[bool] = False  # no address is the usual one
    needs_keyword: ClassVar[bool] = False  # it is a search for its `keyword`
    may_be_secret: ClassVar[bool] = False  # its address may be one that only this coalition has, in `url_env`
    is_feed: ClassVar[bool] = False  # its address is that of an RSS or Atom feed
    of_bills: ClassVar[bool] = False  # what it asks depends on the bills of coalition.yml
    of_mailbox: ClassVar[bool] = False  # what it asks is the coalition's own mailbox
    # It keeps a baseline for each bill, or lists only what is ahead, so a late record is news however old its date is.
    never_old: ClassVar[bool] = False
    # It answers 404 when a search finds nothing, so an early 404 need not mean a wrong address.
    missing_means_empty: ClassVar[bool] = False
    key_setting: ClassVar[str] = ""  # the setting of the environment with the key that it needs or may have
    key_host: ClassVar[str] = ""  # where that key may go, if the kind has no usual address
    shared_cursor: ClassVar[str] = ""  # the key of the cursor under which all its roads keep the same states

    kind: str = Field(description="how it is read: one of the kinds below")
    name: str = Field(description="its name, as people see it")
    url: FeedAddress = Field(default="", description="its address; left out: the usual one of its kind")
    url_env: Variable | None = Field(
        default=None,
        description="feed: the environment variable with its address, if the address is secret (Google Alerts)",
    )
    every: Duration = Field(default=timedelta(hours=1), description="how often it is checked")
    between: tuple[Clock, Clock] | None = Field(
        default=None, description="check only between these times, Eastern time, on business days"
    )
    stale_after: Duration | None = Field(
        default=None, description="how long without new items is unusual; never if left out"
    )
    may_be_empty: bool = Field(default=False, description="an empty answer is normal, as in a recess")
    enabled: bool = Field(default=True, description="false: stays in the file but is not checked")
    verified: date | Literal["no"] = Field(
        default="no", description="the day someone saw it work; `check --online` tests whether it still does"
    )
    note: str = Field(default="", description="a note for people who edit this file")
    fallbacks: tuple[SerializeAsAny[SourceConfig], ...] = Field(
        default=(),
        description="other roads to the same news, in order, each with its `kind` and `url`: asked once a day, and at "
        "every check while the roads before are closed, empty or silent. What two roads bring is one entry",
    )

    def adapter(
        self, id_: str, url: str, fetcher: Fetcher, key_of: Callable[[SourceConfig], str] = _no_key, **given: Any
    ) -> Source:
        """Build the adapter from the settings and what is given, as far as its fields name them. No network I/O.

        `key_of`: the value of a kind's `key_setting`, "" if none is set; a fallback that has none is left out. `bills`:
        the ids of tracked bills. `laws`: the bills of each policy, each with the law that it is known to have become,
        or "". `sources`: all of feeds.yml. `inbox`: the coalition's mailbox, None if it is not read.
        """
        options: dict[str, Any] = {**dict(self), **given, "key": key_of(self)}
        names = [each.name for each in fields(self.reader) if each.kw_only and each.name in options]
        own = self.reader(id_, self.name, url, fetcher, **{name: options[name] for name in names})
        to_ask = [
            road
            for road in self.fallbacks
            if (given.get("inbox") or not road.of_mailbox) and (key_of(road) or not road.key_setting)
        ]
        if not to_ask:
            return own
        others = [(road, road.adapter(id_, road.url, fetcher, key_of, **given)) for road in to_ask]
        roads = [Road(road, each.label) for each, road in ((self, own), *others)]
        return Roads(id_, self.name, roads, self.shared_cursor)

    @property
    def label(self) -> str:
        """How a road is called where there are several: "feed of dol.gov"."""
        return f"{self.kind} of {self.host}" if self.host else self.kind

    @property
    def host(self) -> str:
        """The host that is asked; "" if its address is secret."""
        return host_of(self.url or getattr(self.reader, "default_url", "")) if not self.url_env else ""

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_kind(cls, raw: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if cls is not SourceConfig or not isinstance(raw, Mapping):
            return handler(raw)
        if isinstance(roads := raw.get("fallbacks"), list | tuple):
            own = {"name": raw.get("name")}
            raw = {**raw, "fallbacks": [{**own, **road} if isinstance(road, Mapping) else road for road in roads]}
        kind: Any = KINDS.get(str(raw.get("kind")))
        return kind.model_validate(raw) if kind else handler({key: raw[key] for key in raw if key in cls.model_fields})

    @model_validator(mode="after")
    def _keeps_its_key(self) -> Self:
        """A file that was passed on must not have the coalition's key sent to its author."""
        usual = self.key_host or host_of(getattr(self.reader, "default_url", ""))
        if self.key_setting and self.host not in ("", usual) and not is_loopback(self.host):
            raise ValueError(f"a {self.kind} is asked at {usual} alone, because a key goes with its requests")
        return self

    @model_validator(mode="after")
    def _has_like_fallbacks(self) -> Self:
        for road in self.fallbacks:
            if road.brings is not self.brings or road.fallbacks or not (road.url or not road.needs_url):
                raise ValueError(
                    f"a {road.kind} cannot be a fallback of a {self.kind}: it must bring the same kind of entry, and "
                    "need no fallbacks; give its address"
                )
        return self

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise PydanticKnownError("enum", {"expected": ", ".join(f"'{name}'" for name in KINDS)})
        return kind


@dataclass_transform(eq_default=False, kw_only_default=True, field_specifiers=(Field,))
@dataclass(eq=False, repr=False)
class HttpSource:
    """What adapters share: the id, name and address of feeds.yml, and the fetcher. It satisfies `Source`.

    A subclass has the `_poll`, and is a dataclass. Its own fields are keyword-only, and named as the settings and given
    values that it gets: `SourceConfig.adapter`. Those that are a `Field` are settings that only this kind has.
    """

    settings: ClassVar[type[SourceConfig]]
    default_url: ClassVar[str] = ""  # where feeds.yml gives none
    id: str
    name: str
    url: str
    fetcher: Fetcher

    def __init_subclass__(cls, kind: str = "", settings: type[SourceConfig] = SourceConfig, **traits: Any) -> None:
        """`kind`: its name in feeds.yml. `settings`: what its settings are checked as. `traits`: of `SourceConfig`."""
        own = {name: value for name, value in vars(cls).items() if isinstance(value, FieldInfo)}
        for name, setting in own.items():
            if setting.is_required():
                delattr(cls, name)
            else:
                setattr(cls, name, setting.default)
        dataclass(eq=False, repr=False, kw_only=True)(cls)  # no repr: addresses and keys may be secret
        if not kind:
            return
        types = {name: cls.__annotations__[name] for name in own}
        # Pickled, as for a process that reads: it is found by its module and place.
        place = {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.settings"}
        parts = {**place, "__annotations__": types, **own, **traits, "reader": cls}
        parts["__doc__"], *_ = (cls.__doc__ or "").split("\n\n")  # for docs/configuration.md
        cls.settings = new_class(f"{cls.__name__}Config", (settings,), exec_body=lambda space: space.update(parts))
        KINDS[kind] = cls.settings

    def __post_init__(self) -> None:
        self.url = self.url or self.default_url

    async def poll(self, memory: Memory, now: datetime) -> Answer:
        return await outcome(self._poll(memory, now))

    @staticmethod
    def unread(memory: Memory) -> tuple[set[str], set[str]]:  # noqa: ARG004 - of a kind whose entries have files
        """(entries that are listed and whose own text was not read, all that are listed), by id."""
        return set(), set()

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        """As `Source.poll`. A `Failure` that is raised is the answer."""
        raise NotImplementedError

    async def get(
        self, url: str, now: datetime, validators: Mapping[str, str] = MappingProxyType({}), **options: Any
    ) -> Body | Unchanged:
        """Get an address of the source, with the options of `Fetcher.get`. Raises `Failure`."""
        answer = await self.fetcher.get(url, validators, now=now, **options)
        if isinstance(answer, FetchFailed):
            raise answer.error
        return answer

    async def ask(
        self,
        memory: Memory,
        now: datetime,
        accept: str,
        *,
        key: str = "",
        gap: float = 0,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Body, Memory] | NotModified:
        """The address's answer, and the memory with its validators under `key` or the address. Raises `Failure`."""
        key = key or self.url
        validators = memory.validators.get(key, {})
        response = await self.get(self.url, now, validators, accept=accept, headers=headers or {}, gap=gap)
        after = replace(memory, validators={key: response.validators})
        return (response, after) if isinstance(response, Body) else NotModified(after)


def name_key(failed: FetchFailed, setting: str, key: str) -> FetchFailed:
    """The failure, with the setting of .env that the service may want: a refusal without a key, or a key refused."""
    if failed.health is not Health.NEEDS_KEY and (key or failed.health is not Health.BLOCKED):
        return failed
    hint = f"check {setting.upper()}" if key else f"it may want an account; set {setting.upper()} in .env"
    return replace(failed, health=Health.NEEDS_KEY, detail=f"{failed.detail}: {hint}")


def find_new(listed: Mapping[str, Listed], memory: Memory, now: datetime) -> tuple[list[Listed], Memory]:
    """What was not listed before, by digest, and the memory after it. Cursor: ``{"seen": [digest, …]}``."""
    before: dict[str, Any] = dict.fromkeys(memory.cursor.get("seen", ()))
    fresh = [each for digest, each in listed.items() if digest not in before]
    cursor = {"seen": [*{**listed, **before}][:_MAX_SEEN]}
    return fresh, replace(memory, cursor=cursor, last_change_at=now if fresh else memory.last_change_at)
