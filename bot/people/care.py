"""Free text is looked at before it is kept: what might lead to a survivor is asked about, never logged. Pure.

Grantees are bound to keep names, addresses and numbers of those they serve to themselves (34 U.S.C. 12291(b)(2), 28 CFR
94.115), and a bot that twelve organisations share is a way to tell. This is a warning for the person who types, not a
guarantee.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY: Final = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{4}})"
)
# Somebody in our care, in small letters and one alone: titles of laws and programs say "Survivors", "Victim".
_WHO: Final = (
    r"(?:client|survivor|victim|patient|resident|plaintiff|witness|minor|girl|boy|woman|man|child|youth|teen(?:ager)?)"
)
_NAME: Final = (
    r"(?!(?:Act|Advocate|Alliance|Assistance|Bill|Care|Compensation|Coordinator|Council|Fund|Leader|Network|Program|"
    r"Protection|Relief|Service|Specialist|Support|Witness|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|The|In|On|At|We|It|If|"
    r"U\.S|Congress|Section|Title|Department|Office)\w*\b)[A-Z][a-zà-öø-ÿ'’-]+"
)
_SIGNS: Final[Mapping[str, re.Pattern[str]]] = {
    "a phone number": re.compile(
        r"(?<![\d-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])|\+\d{1,3}(?:[ .-]?\d{2,4}){3,4}\b"
        r"|(?i:\b(?:phone|cell|call|tel|text|mobile|whatsapp)\b\D{0,12}\d{7,11}\b)"
    ),
    "an e-mail address": re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    "an A-number": re.compile(
        r"\bA[ #-]{0,2}\d{2,3}[ -]?\d{3}[ -]?\d{3}\b|(?i:\balien (?:registration )?(?:no|number)\b)|"
        r"\b(?:EAC|WAC|LIN|SRC|MSC|NBC|IOE|YSC)[ -]?\d{10}\b"
    ),
    "a Social Security number": re.compile(
        r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"
        r"|(?i:\b(?:ssn|social security (?:no|number))\b\D{0,6}\d{3}[ -]?\d{2}[ -]?\d{4})"
    ),
    "a date of birth": re.compile(
        rf"(?i)\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?(?:day|date))\b\W{{0,4}}(?:is |was |of )?{_DAY}"
    ),
    "a case number": re.compile(
        r"(?i)\b\d:\d{2}-?(?:cr|cv|mj|mc|bk)-?\d{2,6}\b|\b\d{2,4}-(?:cr|cv|mj|mc)-\d{2,6}\b"
        r"|\b(?:case|docket|file|police report|incident)(?: report)? ?(?:no\.?|number|#)[ :#]{0,3}\d[\d-]{3,}"
    ),
    "a home address": re.compile(
        r"(?i)\b(?:lives?|living|resides?|residing|stays?|staying|home|shelter(?:ed)?|address)\b[^.\n]{0,24}?\b\d{1,5} "
        r"(?:[nsew]\.? )?[a-z0-9]+(?: [a-z]+)? (?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|way|place|"
        r"boulevard|blvd|terrace|circle)\b"
    ),
    "a person's name": re.compile(
        rf"\b{_WHO}(?:'s name is|[,:]?(?: \()?| (?:is |was )?(?:named|called))[ “\"]{{1,2}}{_NAME}"
        rf"|\b(?i:my|our) (?:client|survivor)s?\b[,:]? {_NAME}"
        rf"|{_NAME},? (?:an?|my|our|the|is an?|is my|is our) (?:\w+ )?(?:client|survivor|victim)\b"
    ),
}


# What is written of those whose work it is to be reached, such as reporters, has them as a matter of course.
REACHED: Final = frozenset({"a phone number", "an e-mail address"})


def signs(text: str, ours: str = "", usual: Collection[str] = ()) -> list[str]:
    """What in the text may lead to a survivor, in words: ["a phone number"].

    `ours`: the coalition's own contact. `usual`: signs that are no sign here.
    """
    looked = text.replace(ours, "") if ours else text
    return [what for what, pattern in _SIGNS.items() if what not in usual and pattern.search(looked)]
