"""Types of settings: a length of time, an address, an account. Each says what is wrong with a value. And JSON."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from bot.shared.mail_address import normalize_address
from bot.shared.platforms import EXAMPLES, PLACE
from bot.shared.time_phrases import parse_duration
from bot.shared.urls import with_scheme

T = TypeVar("T")

# A user of a workspace or guild, as administrators write it: "slack:T0123ABCD/U0456EFGH".
ACCOUNT: Final = r"slack:[TE][A-Z0-9]{2,20}/[UW][A-Z0-9]{2,20}|discord:\d{5,20}/\d{5,20}"
# An address parameter with one of these names and a value of some length is a personal access key.
_KEY: Final = re.compile(
    r"(?:x-)?(?:api|access|auth|client|feed|private|secret|user)?[-_]?(?:key|token|secret|password|passwd|pwd|sig|signature)",
    re.IGNORECASE,
)
_SHORTEST_KEY: Final = 8


def _form(pattern: str, words: str) -> AfterValidator:
    """Return a type of text that matches `pattern` as a whole; `words` tell people what matches."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f'"{value}" does not have the right form: {words}')
        return value

    return AfterValidator(check)


Color = Annotated[str, _form(r"#[0-9A-Fa-f]{6}", 'write it as "#1f4e8c"')]


def _mail_address(text: str) -> str:
    address = normalize_address(text) if text else ""
    if address is None:
        raise ValueError(f'"{text}" is not an email address: write it as letters@example.gov')
    return address


def _feed_address(value: str) -> str:
    """Check a source's address: a personal access key must not be in a file that is exported and shown."""
    address = _address(value)
    for name, key in parse_qsl(urlsplit(address).query):
        if _KEY.fullmatch(name) and len(key) >= _SHORTEST_KEY:
            raise ValueError(
                f"it contains a key ({name}=…). Set FEED_URL__NAME to the full address in .env, restart the bot, and "
                "write `url_env: FEED_URL__NAME` here instead of `url`"
            )
    return address


def _address(value: str) -> str:
    address = with_scheme(value)
    parts = urlsplit(address)
    if address and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError(f'"{value}" is not a web address: write it like https://example.org')
    return address


def _duration(value: Any) -> Any:
    duration = parse_duration(value) if isinstance(value, str) else None
    if duration is None:
        raise ValueError('not a length of time: write a number and s, m, h, d or w, such as "30m" or "7d"')
    return duration


def _clock(value: Any) -> Any:
    try:
        return time.fromisoformat(value.strip().zfill(len("08:30")))
    except (AttributeError, ValueError) as error:
        raise ValueError('not a time of day: write it as "08:30"') from error


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones, such as "US"
        raise ValueError(f'unknown time zone "{value}": write it as "America/New_York"') from error
    return value


Id = Annotated[str, _form(r"[a-z0-9][a-z0-9-]*", "lower-case letters, digits and dashes")]
CommitteeId = Annotated[str, _form(r"[HSJ][A-Z]{3}(?:\d\d)?", 'write it as "SSJU", or as "SSAP16" for a subcommittee')]
BillId = Annotated[
    str,
    _form(
        r"(hr|s|hjres|sjres|hconres|sconres|hres|sres)[1-9]\d*-\d{2,3}",
        'write it as "hr1234-119", with its Congress after the dash',
    ),
]
Place = Annotated[
    str, _form(PLACE, "write it as " + ", ".join(f'"{place}"' for place in EXAMPLES[:-1]) + f' or "{EXAMPLES[-1]}"')
]
StateCode = Annotated[str, _form(r"[A-Z]{2}", 'two capitals, such as "OH"')]
CommitteeCode = Annotated[str, _form(r"[A-Z]{2}\d\d", 'two capitals and two digits, such as "JU00"')]
Variable = Annotated[str, _form(r"FEED_URL__[A-Z0-9_]{1,60}", "write FEED_URL__ and a name in capitals")]
Address = Annotated[str, AfterValidator(_address)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
FeedAddress = Annotated[str, AfterValidator(_feed_address)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Clock = Annotated[time, BeforeValidator(_clock)]
Zone = Annotated[str, AfterValidator(_zone)]
AccountName = Annotated[str, _form(ACCOUNT, 'write platform, workspace and user, such as "slack:T0123ABCD/U0456EFGH"')]
Phrase = Annotated[str, _form(r"[^\W_][^\n]{0,99}", "words as they stand in a text, 100 characters at most")]
Period = Annotated[
    str, _form(r"[1-9]\d{0,3} (?:day|month|year)s?", 'write a number and days, months or years, such as "180 days"')
]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def json_adapter(kind: type[T]) -> TypeAdapter[T]:
    """Return what reads and writes values of a type as JSON.

    By itself pydantic keeps up to 16,384 strings that it has read, 1.4 MB, and is slower where most are new.
    """
    optional: Any = kind | None  # it takes no configuration for a data class alone
    return TypeAdapter(optional, config=ConfigDict(cache_strings="keys"))
