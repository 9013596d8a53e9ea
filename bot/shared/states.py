"""The states and territories with members in Congress, and which of them a text names. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

STATES: Final = {
    "AL": "Alabama", "AK": "Alaska", "AS": "American Samoa", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida",
    "GA": "Georgia", "GU": "Guam", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
    "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska",
    "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "MP": "Northern Mariana Islands", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VI": "Virgin Islands",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip


def state_named(text: str) -> str:
    """The state with this code or name, by its code: `TX` for "texas"; "" for none."""
    typed = text.strip().replace(".", "").casefold().removeprefix("the ")
    return next((code for code, name in STATES.items() if typed in (code.casefold(), name.casefold())), "")


# Where the name alone would mean something else, too: most texts that say "Washington" mean the government.
_SAID: Final = {"VA": r"(?<!West )Virginia", "WA": r"Washington State|State of Washington"}


def names_state(code: str, text: str) -> bool:
    """Whether a text names it: by its name, or as a member's (`[R-TX-2]`, `(D-TX)`)."""
    return _pattern(code).search(text) is not None


@cache
def _pattern(code: str) -> re.Pattern[str]:
    name = _SAID.get(code, re.escape(STATES[code]))
    return re.compile(rf"\b(?i:{name})\b|[\[(](?:[A-Z][a-z]{{0,4}}\.?-)?{code}(?:-\d+)?[\])]")
