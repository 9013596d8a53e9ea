"""Bill numbers, parsed from any common spelling. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final, NamedTuple

BILL_TYPES: Final = {  # type → as people write it, as congress.gov writes it in addresses
    "hr": ("H.R.", "house-bill"),
    "s": ("S.", "senate-bill"),
    "hjres": ("H.J. Res.", "house-joint-resolution"),
    "sjres": ("S.J. Res.", "senate-joint-resolution"),
    "hconres": ("H. Con. Res.", "house-concurrent-resolution"),
    "sconres": ("S. Con. Res.", "senate-concurrent-resolution"),
    "hres": ("H. Res.", "house-resolution"),
    "sres": ("S. Res.", "senate-resolution"),
}
_TYPES: Final = "|".join(BILL_TYPES)
_IN_ADDRESSES: Final = {name: kind for kind, (_, name) in BILL_TYPES.items()}
_ID = re.compile(rf"({_TYPES})([1-9]\d{{0,5}})-([1-9]\d{{0,2}})")
_PACKAGE = re.compile(rf"(?:BILLSTATUS|BILLS|BILLSUM)-(\d{{1,3}})({_TYPES})([1-9]\d*)(?![0-9])", re.IGNORECASE)
_PAGE = re.compile(rf"/bill/(\d{{1,3}})(?:st|nd|rd|th)-congress/({'|'.join(_IN_ADDRESSES)})/([1-9]\d{{0,5}})(?!\d)")
_API = re.compile(rf"/bill/(\d{{1,3}})/({_TYPES})/([1-9]\d{{0,5}})(?!\d)")
_CONGRESS: Final = r"(\d{2,3})(?:st|nd|rd|th)?(?: *cong(?:ress)?\.?)?"
_TYPED = re.compile(
    rf"(?:(?:the )?{_CONGRESS}[ ,:;/-]+)?(?P<type>[a-z][a-z. -]{{0,30}}?)[ -]*(?P<number>[1-9]\d{{0,5}})"
    rf"(?:[ ,:;/(\[-]+(?:of |in )?(?:the )?{_CONGRESS}[)\] .]*)?"
)
# Words of a type written in full, and their abbreviation: "Senate Joint Resolution" → sjres.
_WRITTEN_OUT: Final = (
    ("representatives", ""), ("resolution", "res"), ("concurrent", "con"), ("joint", "j"), ("house", "h"),
    ("senate", "s"), ("bill", ""), (" of ", ""),
)  # fmt: skip
_LONGEST: Final = 300  # characters of what may name a bill
_LAW_NUMBER: Final = re.compile(r"(Public|Private) Law(?: No)?[.:]* *(\d+-\d+)", re.IGNORECASE)


class BillNumber(NamedTuple):
    """A bill's full identity. A number without its Congress is not one: each Congress has its own S. 3240."""

    congress: int
    type: str  # "hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres"
    number: int

    @classmethod
    def of(cls, id: str) -> BillNumber:  # noqa: A002 - the configuration's word for it
        """From ``hr1234-119``; a ValueError for anything else."""
        match = _ID.fullmatch(id)
        if match is None:
            raise ValueError(f'"{id}" is not a bill: write it as "hr1234-119"')
        return cls(int(match[3]), match[1], int(match[2]))

    @property
    def id(self) -> str:
        return f"{self.type}{self.number}-{self.congress}"

    @property
    def label(self) -> str:
        """``H.R. 1234 (119th)``."""
        return f"{self.name} ({self.nth})"

    @property
    def name(self) -> str:
        """``H.R. 1234``, without the Congress."""
        return f"{BILL_TYPES[self.type][0]} {self.number}"

    @property
    def nth(self) -> str:
        """Its Congress: ``119th``."""
        return nth(self.congress)

    @property
    def ends(self) -> date:
        """The day its Congress ends, at noon; bills that are not law by then are dead (20th Amendment)."""
        return date(1789 + 2 * self.congress, 1, 3)

    def over(self, today: date) -> bool:
        """Whether its Congress has ended. Its last day counts as ended."""
        return self.ends <= today

    @property
    def page(self) -> str:
        """Its page on congress.gov."""
        return f"https://www.congress.gov/bill/{self.nth}-congress/{BILL_TYPES[self.type][1]}/{self.number}"

    @property
    def file(self) -> str:
        """The path of its record on GovInfo, below ``bulkdata/BILLSTATUS/``."""
        return f"{self.congress}/{self.type}/BILLSTATUS-{self.congress}{self.type}{self.number}.xml"

    @property
    def path(self) -> str:
        """Its path in congress.gov's API, below ``v3/``."""
        return f"bill/{self.congress}/{self.type}/{self.number}"


class PartialBillNumber(NamedTuple):
    """A bill number as a person wrote it; `congress` is None if they left it out."""

    type: str
    number: int
    congress: int | None

    @property
    def name(self) -> str:
        """``s3240``, without the Congress."""
        return f"{self.type}{self.number}"

    @property
    def bill(self) -> BillNumber | None:
        return BillNumber(self.congress, self.type, self.number) if self.congress else None


def parse_bill_number(text: str) -> PartialBillNumber | None:
    """Parse "S. 3240", "S.567 (116th)", "HR4323", "Senate Joint Resolution 8, 114th Congress", an address on
    congress.gov or GovInfo, or a package name. None if the text names no bill, or several.
    """
    text = " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).lower().split()).replace("–", "-")
    bills = {PartialBillNumber(kind, number, congress) for congress, kind, number in bills_named(text)}
    bills |= {
        PartialBillNumber(_IN_ADDRESSES[name], int(n), int(congress)) for congress, name, n in _PAGE.findall(text)
    }
    addressed = bills | {PartialBillNumber(kind, int(n), int(congress)) for congress, kind, n in _API.findall(text)}
    if addressed:
        return addressed.pop() if len(addressed) == 1 else None
    match = _TYPED.fullmatch(text)
    kind = _type(match["type"]) if match else None
    if match is None or kind is None or (match[1] and match[4]):
        return None
    congress = match[1] or match[4]
    return PartialBillNumber(kind, int(match["number"]), int(congress) if congress else None)


def bills_named(text: str) -> frozenset[BillNumber]:
    """Every bill whose package or file (``BILLSTATUS-119hr1234.xml``, ``BILLS-119hr1234enr``) is in `text`."""
    return frozenset(BillNumber(int(c), kind.lower(), int(n)) for c, kind, n in _PACKAGE.findall(text))


def law_number(text: str) -> str:
    """The law number in a text, such as `Public Law 119-99`; "" if there is none."""
    match = _LAW_NUMBER.search(text)
    return f"{match[1].title()} Law {match[2]}" if match else ""


def nth(number: int) -> str:
    """``119th``, ``101st``."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _type(text: str) -> str | None:
    for word, left in _WRITTEN_OUT:
        text = text.replace(word, left)
    plain = re.sub(r"[. -]", "", text)
    plain = "hr" if plain == "h" else plain
    return plain if plain in BILL_TYPES else None
