"""Turn an ask into a request to its addressee: "OSHA should finish its rule" → "you to finish your rule". Pure.

Only plain grammar is turned. Any other ask about the addressee stays in the third person, "that OSHA finish …", for the
author to reword.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from bot.config.coalition import Ask, Coalition, Office
from bot.letters.statements import english as en
from bot.shared.wording import sentences

YOU_TO: Final = "you to "
_LONGEST_SUBJECT: Final = 120  # characters
_ACT_ON: Final = "act on this request: "  # for a text that names no act
_TITLES: Final = "Administrator|Assistant Secretary|Chair|Commissioner|Director|Secretary"  # alone they name no office
_HEADS: Final = "Administration|Agency|Board|Bureau|Centers?|Commission|Department|Office|Service"
_WE_ASK: Final = r"We (?:\w+ ){0,3}?(?:ask|urge|request|call on|call upon)"
_BEFORE_MAIN_CLAUSE: Final = (
    "After|As|At|Because|Before|By|During|For|From|If|In|Once|On|Since|To|Under|Until|When|Where|While|Within|"
    "With|Without"
)
_WE_ASK_TO: Final = re.compile(rf"{_WE_ASK} (?!that\b)(?P<subject>\S.*?) to (?P<act>\S.*)")
_WE_ASK_THAT: Final = re.compile(rf"{_WE_ASK} that (?P<rest>\S.*)")
_MODAL: Final = r"(?:should|must|shall|ought to|needs? to|has to|have to)(?: also| therefore)?"
_SHOULD: Final = re.compile(rf"(?P<subject>\S.*?) {_MODAL} (?P<act>\S.*)")
_MORE: Final = re.compile(rf"(?P<before>(?:, (?:and|but|or)|;) (?P<subject>[^,;]*?)) {_MODAL}(?= )")
_IMPERATIVE: Final = re.compile(
    rf"(?!(?:{_BEFORE_MAIN_CLAUSE})\b)(?:[A-Z]\w+ly )?(?:(?i:{'|'.join(sorted(en.IMPERATIVES))})\b|[A-Z]?[a-z-]+ "
    r"(?:an?|all|both|each|every|more|no|our|that|the|their|these|this|those)\b).*"
)
_INTRO: Final = re.compile(rf"(?P<intro>(?:{_BEFORE_MAIN_CLAUSE})\b[^,]*), (?P<subject>\S.*)")
_AND_MUST: Final = re.compile(rf"(?<=[\w)”\"%])(,? (?:and|but|or)) {_MODAL}(?= )")  # of the same subject
_DO_NOT: Final = re.compile(r"(?:Do not|Don[’']t|Never) (?P<act>\S.*)")
_CLAUSE: Final = re.compile(r"\b(?:if|that|when|where|which|who)\b")  # whose own "must" could be taken for the ask's
_NOT: Final = re.compile(r"(?:not|never|no longer)\b")
_VERB: Final = re.compile(r" (?!(?:and|at|for|in|of|on|or|to|which|who|with|within)\b)[a-z]")  # after its subject
_ITS: Final = re.compile(r"^((?:\w+ly )?\w+(?:,? (?:and|or) \w+)? )its\b")  # right after the verb: the office's own
_WHAT_IT_DOES: Final = re.compile(r"\bwhat it (collect|decide|find|hear|inspect|learn|spend)s\b")  # an office does
_EXPLETIVE: Final = re.compile(r"\bit (?:costs|takes|is \w+)(?= (?:\w+ )?(?:to|that|for)\b)")
_OF_ITSELF: Final = re.compile(  # "its", "it" as a subject
    r"\bits(?:elf)?\b|\b(?:as|because|if|than|that|until|what|when|where|which|while) it\b"
    r"|\bit (?:\w+s|can|could|did|had|made|may|might|must|will|would)\b"
)
_EACH_YOU: Final = re.compile(r"\byou(?:(?:,| and|, and) you\b)+")
_AMONG_NAMES: Final = frozenset({"you", "and", "the", "of", "for", "on", "both", "to", "in"})
_NOUNS: Final = (en.INSTITUTIONS | en.LEGAL | en.SERVED) - {"congress"}
_COMMON: Final = re.compile(
    r"(?:An?|All|Any|Each|Every|It|No|Our|That|The|There|These|They|This|Those)\b"
    r"|(?:(?:Federal|Local|State)|(?!Congress\b)[A-Z][a-z]+s|[A-Z][a-z]+ing)\b(?! [A-Z])"
)
_PROPER: Final = re.compile(r"\w+ (?:of|for) (?:the )?[A-Z]|\w+ [A-Z]")  # "Department of Justice grants"


class Addressed(NamedTuple):
    """What matches the names of the addressees, and of the offices that they direct or, in Congress, urge."""

    you: re.Pattern[str]
    others: re.Pattern[str]
    verb: str


def addressed(coalition: Coalition, ids: Sequence[str]) -> Addressed:
    """The offices with these ids; none of them: a member of Congress."""
    called = {id_: [id_.upper(), *names(office)] for id_, office in coalition.all_offices.items()}
    own = [name for id_ in ids for name in called[id_]]
    others = [id_ for id_ in called if not ids or (id_ not in ids and not {*ids}.isdisjoint(coalition.above(id_)))]
    above = [name for id_ in ids for owner in coalition.above(id_) for name in called[owner]]
    heads = re.findall(rf"\b(?:{_TITLES}|{_HEADS})\b", " ".join(own))
    return Addressed(
        _named(tuple(own), tuple(dict.fromkeys(["agency", *heads])) if own else (), tuple(above)),
        _named(tuple(name for id_ in others for name in called[id_])),
        "direct" if ids else "urge",
    )


@lru_cache(maxsize=1_024)  # every letter needs those of the whole catalog
def names(office: Office) -> tuple[str, ...]:
    """What an office, and the agency or department of its holder, are called in a sentence, besides its id."""
    called = [*office.name.removeprefix("the ").split(", "), *office.block[:2], *office.also]
    bare = [name.removeprefix("U.S. ") for name in called]
    bare += [f"{name.removeprefix('Department of ')} Department" for name in bare if name.startswith("Department of ")]
    return tuple(name for name in dict.fromkeys(bare) if not re.fullmatch(rf"(?:Deputy )?(?:{_TITLES})|.*\d.*", name))


@lru_cache(maxsize=64)  # a letter to many is checked again for each: most, in Congress, share their two
def _named(called: tuple[str, ...], heads: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Matches an office by one of its names, with its holder's title or its acronym, or by "the" and one of `heads`.

    One of the names `above` may own it: "the Labor Department's OSHA", "OSHA at the Labor Department".
    """
    longest_first = (sorted(set(each), key=len, reverse=True) for each in (called, above))
    either, owner = ("|".join(map(re.escape, each)) or "$^" for each in longest_first)
    owner = rf"(?:[Tt]he )?(?:U\.S\. )?(?:{owner})"
    name = rf"(?:U\.S\. )?(?:{either})(?:(?:[’']s)? (?:{_TITLES}))?(?: \([A-Z&-]+\))?"
    name = rf"(?:[Tt]he )?(?:(?:{_TITLES}) of (?:the )?)?{name}"
    whole = rf"(?:{owner}[’']s? )?{name}(?: (?:at|in|of|within) {owner})?"
    return re.compile(rf"\b(?:{whole}|[Tt]he (?:{'|'.join(heads) or '$^'}))(?!\w)")


def request(text: str, to: Addressed) -> str:
    """What follows "We ask" for an ask's text, without its last period; more sentences follow the first."""
    asked: list[str] = []
    reasons: list[str] = []
    last = ""
    for sentence in sentences(text):
        subject, act = _parts(sentence.rstrip(".! "))
        if act:
            last = last if subject in ("It", "They") and last else subject
            asked.append(_asked(last, act, to))
        else:
            reasons.append(sentence.rstrip(".! "))
    if not asked:
        return f"{YOU_TO}{_ACT_ON}{text.rstrip('.! ')}"
    return ". ".join([asked[0], *(f"We also ask {more}" for more in asked[1:]), *reasons])


def subject(ask: Ask, to: Addressed) -> str:
    """The first sentence of an ask, or its title if that is too long, as it follows "Request": "to ban TCE", "that
    employers test wells"; "" if it names no act.
    """
    asked = [request(text, to) for text in (*sentences(ask.text)[:1], ask.title)]
    fitting = (each for each in asked if _ACT_ON not in each and len(each) <= _LONGEST_SUBJECT)
    return re.sub(r"^you (?=to )", "", next(fitting, ""))


def is_to_them(asked: str) -> bool:
    """Whether a request says "you" to its addressees, and what they should do."""
    return bool(re.match(rf"you to (?!{_ACT_ON})|that(?:, [^,]*,)? you\b", asked))


def _parts(sentence: str) -> tuple[str, str]:
    """Who should do what by a sentence; "you" for a bare imperative, and no act if it asks for nothing."""
    if match := _DO_NOT.fullmatch(sentence):
        return "you", f"not {match['act']}"
    if match := _WE_ASK_TO.fullmatch(sentence):
        return match["subject"], match["act"]
    match = _SHOULD.fullmatch(sentence)
    if match and not (_CLAUSE.search(match["subject"]) and _SHOULD.fullmatch(match["act"])):
        return match["subject"].removeprefix("Both "), _AND_MUST.sub(r"\1", match["act"])
    if match is None and (that := _WE_ASK_THAT.fullmatch(sentence)):
        return "", that["rest"]
    if match is None and _IMPERATIVE.fullmatch(sentence):
        return "you", f"{sentence[:1].lower()}{sentence[1:]}"
    return "", ""


def _asked(subject: str, act: str, to: Addressed) -> str:
    """What follows "We ask" if this subject should do this."""
    if not subject and (named := to.you.match(act)) and _VERB.match(act, named.end()):  # "We ask that OSHA finish …"
        subject, act = named[0], act[named.end() :].lstrip()
    intro = _INTRO.fullmatch(subject)
    who = intro["subject"] if intro else subject
    who = "you" if who == "You" else who
    you = "you" if who == "you" else _with_you(who, to)
    yours = _yours(act, to)
    if you and (yours or who == "you"):
        plain = you == "you" and not (intro or _NOT.match(act) or _MORE.search(act))
        return f"{YOU_TO}{yours or act}" if plain else _that(you, yours or act, intro)
    if not intro and to.others.fullmatch(who):
        not_, acts = ("not ", act[4:]) if act.startswith("not ") else ("", act)
        return f"{YOU_TO}{to.verb} {_in_a_sentence(who)} {not_}to {acts}"
    return _that(_in_a_sentence(who), act, intro)


def _that(who: str, act: str, intro: re.Match[str] | None) -> str:
    """A request in the subjunctive, which takes no "should", in its later clauses either."""
    before = f", {intro['intro'][:1].lower()}{intro['intro'][1:]}, " if intro else " "
    act = _MORE.sub(_more, act)
    return f"that{before}{f'{who} ' if who else ''}{act}"


def _more(clause: re.Match[str]) -> str:
    """A later clause without its "should", and without the same subject again: ", and it should" → ", and"."""
    if _CLAUSE.search(clause["subject"]):
        return clause[0]
    before, _, pronoun = clause["before"].rpartition(" ")
    return before if pronoun in ("it", "they", "you") else clause["before"]


def _yours(act: str, to: Addressed) -> str:
    """What the addressees should do, in words to them; "" if "its" or "it" could be theirs, or they are named in it."""
    yours = _WHAT_IT_DOES.sub(r"what you \1", _ITS.sub(r"\1your", act))
    yours = re.sub(rf"(?:{to.you.pattern})[’']s\b", "your", yours)
    return "" if _OF_ITSELF.search(_EXPLETIVE.sub("", yours)) or to.you.search(yours) else yours


def _with_you(who: str, to: Addressed) -> str:
    """A subject with "you" for the addressees: "you", "you and OSHA"; "" if it does not name them among offices."""
    named = _EACH_YOU.sub("you", to.you.sub("you", who))
    first, _, last = named.rpartition(" and ")
    you = f"you and {_in_a_sentence(first)}" if last == "you" and "," not in first and first else named
    words = re.findall(r"[\w.&’'-]+", you)
    plain = "you" in words and all(word in _AMONG_NAMES or word[0].isupper() for word in words)
    return you if plain and not re.search(r"[’']s? you\b", you) else ""  # "the President's EPA" is not his "you"


def _in_a_sentence(who: str) -> str:
    """A subject as it is inside a sentence: without the capital of a common word."""
    first = who.partition(" ")[0].casefold()
    common = _COMMON.match(who) or (first in _NOUNS and not _PROPER.match(who))
    return f"{who[:1].lower()}{who[1:]}" if common else who
