"""Generate docs/configuration.md from the models and settings, so that it cannot become outdated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.config.catalog import sources, templates
from bot.config.coalition import (
    Ask,
    Authority,
    Coalition,
    DirectoryConfig,
    DutyConfig,
    Family,
    FamilyBill,
    Holder,
    Letters,
    MediaContact,
    Member,
    Office,
    OfficeGroup,
    Retention,
    Signer,
)
from bot.config.feeds import ChannelConfig, DigestConfig, Feeds, RouteConfig, SourceConfig, WatchConfig
from bot.config.media import Care, Dated, Entity, MediaConfig, NotNews, PersonalDetails
from bot.config.settings import Settings
from bot.shared.agencies import agencies
from bot.shared.time_phrases import duration_text
from bot.sources.kinds import KINDS

_FEEDS = (
    ("sources.NAME", SourceConfig),
    ("watches.NAME", WatchConfig),
    ("channels.NAME", ChannelConfig),
    ("channels.NAME.digest", DigestConfig),
    ("routes[]", RouteConfig),
)
_COALITION = (
    ("signer", Signer),
    ("media_contact", MediaContact),
    ("asks.NUMBER", Ask),
    ("members.NAME", Member),
    ("entities.NAME", Entity),
    ("entities.NAME.near[]", Dated),
    ("care", PersonalDetails),
    ("media", MediaConfig),
    ("media.not_news", NotNews),
    ("media.care", Care),
    ("offices.NAME", Office),
    ("offices.NAME.holder", Holder),
    ("office_groups.NAME", OfficeGroup),
    ("directory", DirectoryConfig),
    ("bills.NAME", Family),
    ("bills.NAME.bills[]", FamilyBill),
    ("authorities.NAME", Authority),
    ("duties.NAME", DutyConfig),
    ("letters", Letters),
    ("retention", Retention),
)
_OPENING = """\
# Configuration reference

For the person who edits the files: every setting, source and office. Made by `make docs` from the program.

Settings are in three places: the **environment** (or a file `.env`) has secrets and addresses, **feeds.yml** what is
watched and where it is posted, **coalition.yml** who you are. `coalition-bot check` lists every mistake with its line.
Administrators can change much of the two files [in chat](operations.md#settings-from-chat). In brackets: the value if a
setting is left out. **Bold** settings are required."""


_SOURCES = """\
These ship with the bot. `feeds.yml` names one by its id alone, or with what differs. In brackets: how often it is
checked, whether it is off, and the day it was last confirmed; one without a day was not yet tested live.

```yaml
sources:
  - register
  - justice-news: {every: 1h}
  - county-news: {kind: feed, name: County news, url: "https://example.org/feed"} # your own
```"""


_TEMPLATES: Final = """\
Your own source can be `like` one of these, with a name and what to look for:

```yaml
sources:
  - grants-labor: {like: grants, name: "grants.gov, Labor", agencies: [DOL]}
```"""

_OFFICES: Final = """\
Letters can go to the office of each agency. Name one in `coalition.yml` to have it among the first that are offered, or
to change it. Where the address is not known (\\*), add the lines of its `block` before you mail a letter. Short names
work in queries (`agency:FMCSA`), and `/feeds add FMCSA` offers an agency's news, or its department's:

```yaml
offices:
  - interior
  - labor: {salutation: "Dear Madam Secretary:"}
```

Each line has the id, the agency, and the head that letters go to."""

_ONE_FILE: Final = """\
`authorities` and `duties` may be in separate files: `authorities: templates/letters/claims.yml`."""

_BUILT_IN: Final = ". Built in: "  # the words are in a file, which the page links to


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _OPENING
    yield from ("", "## Environment", "")
    for name, field in Settings.model_fields.items():
        yield _row(name.upper(), field)
    yield from _file("feeds.yml", Feeds, _FEEDS)
    yield from _kinds()
    yield from _catalog()
    yield from _file("coalition.yml", Coalition, _COALITION)
    yield from ("", _ONE_FILE, "", "### The catalog of agencies and offices", "", _OFFICES, "")
    for id_, agency in agencies().items():
        short, office = agency.get("short", agency["name"]), agency.get("office", {})
        named = agency["name"] + f" ({short})" * (short != agency["name"])
        unknown = "" if office.keys() & {"address", "block"} else "\\*"
        head = f"; {office['head']}{unknown}" if office else ""
        yield f"- `{id_}`: {named}{head}"


def _file(name: str, root: type[BaseModel], parts: tuple[tuple[str, type[BaseModel]], ...]) -> Iterator[str]:
    yield from ("", f"## {name}", "", _first_line(root), "", *_table(root))
    for where, model in parts:
        yield from ("", f"### {where}", "", _first_line(model), "", *_table(model))


def _kinds() -> Iterator[str]:
    yield from ("", "### The kinds of sources", "", "With the settings that only one kind has, and those it needs.", "")
    for name, kind in sorted(KINDS.items()):
        needs = ["`url`"] * kind.needs_url + ["`keyword`"] * kind.needs_keyword
        needed = f" Needs {' and '.join(needs)}." if needs else ""
        yield f"- `{name}`: {_first_line(kind)}{needed}"
        fields = kind.model_fields.items()
        yield from (f"  {_row(key, field)}" for key, field in fields if key not in SourceConfig.model_fields)


def _catalog() -> Iterator[str]:
    yield from ("", "### The catalog of sources", "", _SOURCES, "")
    yield from (_source(id_, raw) for id_, raw in sources().items())
    yield from ("", _TEMPLATES, "")
    yield from (_source(id_, raw) for id_, raw in templates().items())


def _source(id_: str, raw: Mapping[str, Any]) -> str:
    source = SourceConfig.model_validate(raw)
    seen = [] if source.verified == "no" else [str(source.verified)]
    traits = ", ".join([duration_text(source.every), *["off"] * (not source.enabled), *seen])
    return f"- `{id_}` ({traits}): {source.name}. {source.note}".rstrip()


def _first_line(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _table(model: type[BaseModel]) -> Iterator[str]:
    yield from (_row(name, field) for name, field in model.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    description, built_in, _words = (field.description or "").partition(_BUILT_IN)
    words = " ([built-in words](../bot/config/built_in_words.yml))" if built_in else ""
    if field.is_required():
        return f"- **`{name}`**: {description}{words}"
    default = _as_written(field.default)
    return f"- `{name}`{f' ({default})' * bool(default)}: {description}{words}"


def _as_written(value: Any) -> str:
    """Return a default as one would write it in the file."""
    match value:
        case None | "" | () | {} | BaseModel():
            return ""
        case bool():
            return f"`{str(value).lower()}`"
        case timedelta():
            return f"`{duration_text(value)}`"
        case _:
            return f"`{value}`"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - `make docs` writes standard output to the page
