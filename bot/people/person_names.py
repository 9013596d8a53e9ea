"""Find what may be a person's name in English and Spanish text, by its capitals. Pure.

Uses no list of names: a run of capitalized words is a person's name unless a word in or next to the run rules it out.
When in doubt it is a name. Each pattern reads a bounded length, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Latin, Greek and Cyrillic capitals, and their small letters: `re` has no class for either.
_LETTERS: Final = [chr(code) for code in range(0x41, 0x530)]
_UPPER: Final = "".join(letter for letter in _LETTERS if letter.isupper())
_LOWER: Final = "".join(letter for letter in _LETTERS if letter.islower())
_WORD: Final = rf"[{_UPPER}](?:['’][{_UPPER}])?(?:[\w'’-]{{0,29}}[{_LOWER}]|[{_LOWER}])(?:['’]s\b)?"
_CAPITALS: Final = rf"[{_UPPER}]{{2,20}}(?:-[{_UPPER}]{{2,20}})?\b"
_INITIALS: Final = rf"(?:[{_UPPER}]\.){{1,3}}"
_PART: Final = r"(?:de las|de los|de la|del|de|da|dos|do|di|van der|van|von|bin|bint|ibn|al|el|la|le|y)"
# A name in a pattern: "Rosa", "Rosa Martínez", "R. Martinez", "R.M.", "María de la Cruz".
RUN: Final = (
    rf"(?<!\w)(?:(?<!\.){_INITIALS} ?{_WORD}|{_WORD}|(?<!\.){_INITIALS}|{_CAPITALS})"
    rf"(?: (?:{_PART} )?(?:{_WORD}|{_CAPITALS}|{_INITIALS})){{0,5}}(?!\w)"
)
ABBREVIATIONS: Final = _words(
    """
    U.S. U.S.C. U.N. U.K. E.U. D.C. N.Y. N.J. N.C. S.C. N.D. S.D. N.H. N.M. W.V. R.I. L.A. H.R. H.J. S.J. C.F.R.
    P.L. S. H. P. A. I. V. P.O. A.M. P.M. T. U. B. C.
    """
)
# Words that are not in a person's name: a run with one of them is an office, a body, a place, a law, a day.
NO_NAME: Final = _words(
    """
    academy act administration administrator advocate advocates africa african agency agent agents airport
    alliance america american americans amendment appeals army asia asian assembly assistance assistant
    associated association attorney attorneys authority avenue awareness bank bill blue board border boulevard
    boys branch bureau bureaus business california campaign campus canada canadian capitol care catholic center
    centers central centre chair chairman chairwoman chamber chapter charter chief child children china chinese
    christian church circuit citizen citizens city clinic club coalition code college colorado command
    commission commissioner committee community company compensation conference congress congressional
    congressman congresswoman constitution convention coordinator corporation council counsel counties county
    court courts crime crimes criminal customs daily defense democrat democratic democrats department
    departments deputy detective detectives development director directors district division drive east eastern
    economic education emergency enforcement england english europe european executive exploitation fair family
    fbi federal federation fish florida force foundation free freedom fund gazette general german germany girls
    global government governor group guard guide health herald high highway hispanic home homeland hospital
    hotel hotline house human immigration inc india indian indiana industries initiative institute institution
    international internet interstate investigation investigations investigators island issues jail japan
    journal judge judiciary jury justice juvenile kids kingdom korea labor lake latin latino law laws lawyers
    league leader leadership legal legislature library llc local los magazine management manual maryland
    massachusetts media medical medicaid memorial metro mexican mexico michigan military minister ministry
    minors mission month montana motel movement nation national nations native navy nebraska network new news
    newspaper north northern north-east north-west oakland office officer officers officials ohio online
    operation order organization organizations orlando outreach pacific parliament partnership party patrol
    pennsylvania people philippines plan police policy post prayer president press prevention prison prize
    program programs project prosecutor prosecutors protection protocol public radio railroad region regional
    rehabilitation relations relief report reporter republic republican republicans rescue research resort
    resource resources review rights river road safe safety san santa school schools science secretary section
    sector security senate senator senators service services session sheriff sheriffs shelter sheriff's society
    solicitor south southern spanish special specialist square staff standards state states station strategy
    street student students summit super superintendent support supreme team television tennessee terrorism
    texas thailand times today traffic training transportation travel treasury tribune truck trust unit united
    university utah valley verdict vermont veterans village violence voice washington watch week weekly welfare
    west western wire witness witnesses woman women workers workplace world year york youth
    """
)
# Words with a capital only at the beginning of a sentence or headline, and the days of a calendar.
BEGINS: Final = _words(
    """
    a about above according across after again against all almost along already also although am among an and
    another any anybody anyone are arrested as at authorities away b be because been before behind being below
    between both boy boys but by can child children cops could dad daughter did do does during each earlier
    either eleven even every everybody everyone family father few fewer fifteen five for former found four
    fourteen from girl girls had half has have he hello her here hers his how however husband i if in including
    indeed instead into is it its it's itself just kid kids last late later law less let like made make man many
    may maybe me meanwhile men minor minors missing mom more most mother mr mrs ms much must my neither never
    next nine no nobody none nor not nothing now of off officials often on once one only onto or other others
    our out over own parents people perhaps please police prosecutors rescued runaway same school second see
    seven several shall she should since six sixteen so some somebody someone something son still student
    students such suspect teen teenager teenagers teens ten than thank thanks that the their them then there
    therefore these they thirteen thirty this those though three through throughout thus to together too twelve
    twenty two under unlike until up upon us use very was we well were what when where whereas whether which
    while who whom whose why wife will with within without woman women worker workers would wrote yes yesterday
    yet you young your youth january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec
    al ante así aún aunque bajo buscan cada como con contra cuando de del desde el en donde durante ella ellas ellos
    entre era esta este fue hallan hay hasta hija hijo la las los madre más mientras mujer nadie niña niñas niño niños
    nuestra nuestro otra otro padre para pero por porque que quien quién según sin sobre solo su sus también tenía
    tiene todos tras un una unas uno unos varias varios y ya él
    """
)
# Titles of people who can be reached through their work: "Sheriff Jane Roe", "Dr. Jane Roe".
_ROLES: Final = _words(
    """
    sheriff judge senator sen representative rep congressman congresswoman governor gov mayor chief officer
    detective det deputy sergeant sgt lieutenant lt captain capt colonel col agent director president secretary
    minister attorney prosecutor commissioner chairman chairwoman chair speaker professor prof dr rabbi rev
    reverend bishop pope pastor justice administrator ambassador councilman councilwoman councilmember ceo
    superintendent spokesman spokeswoman spokesperson reporter editor author actor actress singer
    """
)
_PLACE_BEFORE: Final = re.compile(r"(?:\b(?:in|at|near|outside|across|throughout|around|downtown)|, of) (?:the )?$")
_ROLE_BEFORE: Final = re.compile(r"([A-Za-z]+)\.? $")


@dataclass(frozen=True, slots=True)
class Name:
    """A part of the text that may be a person's name."""

    words: str
    start: int
    end: int


@cache
def runs() -> re.Pattern[str]:
    """The pattern `RUN`. Compiling its 800 letters takes a megabyte, so it waits for the first text."""
    return re.compile(RUN)


def person_names(text: str, own_names: Collection[str] = (), no_names: Collection[str] = ()) -> Iterator[Name]:
    """Yield what may be a person's name. `known`, `no_names`: as in `as_name`."""
    for run in runs().finditer(text):
        if words := as_name(run[0], text[max(0, run.start() - 24) : run.start()], own_names, no_names):
            at = run.start() + run[0].rindex(words)
            yield Name(words, at, at + len(words))


def as_name(run: str, before: str = "", own_names: Collection[str] = (), no_names: Collection[str] = ()) -> str:
    """The part of a run of capitalized words that may be a person's name, "" if none.

    `before`: the text before the run. `known`: names that are not a person's, spelled as in the text. `no_names`: more
    words that are not part of a person's name, in lowercase.
    """
    words = run.split(" ")
    first = 0
    while first < len(words) and ((begins := folded_word(words[first])) in BEGINS or begins in no_names):
        first += 1
    name = words[first:]
    folded = [folded_word(word) for word in name]
    if (
        not name
        or not NO_NAME.isdisjoint(folded)
        or not _ROLES.isdisjoint(folded)
        or any(w in no_names for w in folded)
    ):
        return ""
    full_name = " ".join(name).rstrip(" -")
    if any(full_name == one or full_name.startswith((f"{one}'", f"{one}’")) for one in own_names):
        return ""
    if len(name) == 1 and (name[0].isupper() and "." not in name[0]):  # an acronym
        return ""
    if full_name in ABBREVIATIONS:
        return ""
    if first == 0 and (_PLACE_BEFORE.search(before) or _is_role(before)):
        return ""
    return full_name


def in_title_case(text: str) -> bool:
    """Whether most longer words begin with a capital, so a name looks like any other word."""
    first = _FIRST_WORD.search(text)
    initials = _LONG_WORD.findall(text, first.end()) if first else []
    return sum(map(str.isupper, initials)) > _MOSTLY * len(initials)


def _is_role(before: str) -> bool:
    role = _ROLE_BEFORE.search(before)
    return role is not None and role[1].casefold() in _ROLES


@lru_cache(4096)  # the same words come again and again
def folded_word(word: str) -> str:
    """The word of a name in lower case, without an ending 's and dots."""
    return word.casefold().replace("’", "'").removesuffix("'s").rstrip(".,")


_FIRST_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
# Four letters and more: only Title Case begins such a word with a capital in the middle of a sentence.
_LONG_WORD: Final = re.compile(r"([^\W\d_])[\w'’-]{3,}")
_MOSTLY: Final = 0.6
