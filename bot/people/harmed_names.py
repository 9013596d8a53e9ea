"""Find the names of children and of people who were harmed in a sentence, by what the sentence says of them. Pure.

A small grammar of who a name is: the victim ("survivor NAME", "NAME was sold", "parents of NAME", "NAME, 15"), someone
who acts ("Judge NAME", "convicts NAME", "NAME pleads guilty", "NAME, a senator"), or unclear. Next to harm or childhood
an unclear name counts as a victim's. English and Spanish, by the words of `bot/config/care_words.yml` and those of the
coalition. Each pattern reads a bounded length from a name, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from bot.config.catalog import care_words
from bot.config.media import PersonalDetails
from bot.people.person_names import ABBREVIATIONS, BEGINS, NO_NAME, folded_word, in_title_case, runs

_BEFORE: Final = 60  # characters that are read before a name
_AFTER: Final = 110  # and after it
_FORM: Final = r"[^\W\d_]{0,9}"  # the ending of a verb: "appoint*"
_PRONOUN: Final = "(?:her|his|him|me|my|our|their|them|us|ella|él|las?|les?|los?|mis?|nos|sus?)"
# "Police find NAME alive".
_FOUND: Final = r"(?:finds?|found|locates?|located|hallan|hallaron|encuentran|encontraron)\s(?:a\s)?"
_ALIVE: Final = r"\s(?:alive|safe|unharmed|dead|con vida|san[ao] y salv[ao])"
_FOUND_BEFORE: Final = re.compile(rf"\b{_FOUND}$")
_ALIVE_AFTER: Final = re.compile(rf"{_ALIVE}\b")
_COURTESY: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Sra?|Srta)\.?\s$")  # before a surname alone
_CLAUSE: Final = r"(?:(?:,[^,.;:!?]{1,60}){1,2},|\s?\([^()]{1,30}\))?"  # what stands between a name and its verb
_GAP: Final = (
    r"(?:\s(?!(?:and|by|con|for|from|of|or|por|que|said|says|tells|that|to|told|who|with|y)\b)[a-zà-ÿ’'-]{2,20}){0,2}"
)
_DE: Final = r"(?:\sde\s[a-zà-ÿ]{2,20})?"  # "estudiante de secundaria"
_ENDS: Final = r"(?=$|[\s,.;:!?)”\"’'–—-])"
_BEEN: Final = (
    r"(?:\s(?:who|quien|que|was|were|is|has|had|have|been|being|also|once|first|then|later|repeatedly|allegedly"
    r"|only|just"
    r"|when|ha|había|fue|era|sido|siendo|estaba|estuvo|never|not|and|se|lo|la|\w{2,15}ly)){0,5}"
)
# "NAME trafficked by", "NAME sold at": without "was" a preposition or a stop follows, or the name is who did it.
_PASSIVE_ENDS: Final = (
    r"(?=\s?$|\s?[,.;:!?)”\"–—]|\s(?:after|al|alive|and|as|at|before|by|de|durante|during|en|for|from|in|inside"
    r"|into|mientras"
    r"|near|on|outside|over|para|por|since|then|through|to|twice|under|until|when|while|with)\b"
    r"|(?:(?<= by)|(?<= to)|(?<= at)|(?<= in)|(?<= as)|(?<=from)|(?<=into))\s)"
)
# "NAME said she was 13 when": in both languages mostly of the one who speaks.
_OF_SELF: Final = re.compile(
    r"\s(?:said|says|recalled|dijo|dice|contó|cuenta|recuerda)(?:\sthat|\sque)?\s(?:(?:she|he|ella|él)\s)?"
    r"(?:was|had been|tenía|fue|había sido)\b"
)
_OBJECT_ENDS: Final = re.compile(r"$|[,.;:!?)]|\s(?:and|as|at|for|from|in|into|on|to|when|con|en|para|por|y)\b")
_AUXILIARY: Final = r"(?:\b(?:was|were|is|been|being|got|fue|era|sido|estaba|estuvo)\s(?:\w{2,15}ly\s)?)"
_TOKEN: Final = re.compile(r"[^\W\d_][\w'’-]*\.?")
# In a headline in Title Case these endings tell verbs and nouns from names: "Survivor Shares Story".
_NO_FIRST_NAME: Final = re.compile(r"(?:s|ed|ing|tion|sion|ment|ness|ship|ity|ly|ers)$")
_NO_LAST_NAME: Final = re.compile(r"(?:ed|ing|tion|sion|ment|ness|ship|ity|ly|ers)$")
_STARTS: Final = re.compile(r"(?:^|[.!?:;]\s?[“\"‘']?)$")
_ADULT_AGE: Final = re.compile(r",?\s\(?(?:aged?\s|now\s|de\s)?(?:1[89]|[2-9]\d)\b")
_ADULT_AGE_BEFORE: Final = re.compile(r"\b(?:1[89]|[2-9]\d)[- ]year[- ]old\s(?:[a-z-]{1,20},?\s){0,2}$")
_SMALL: Final = {
    *("about", "after", "amid", "before", "between", "from", "into", "like", "near", "over", "than", "that", "through"),
    *("under", "until", "when", "with"),
}
_LONG: Final = 4  # letters of a word that Title Case writes with a capital
_LEAD: Final = 4  # words at the beginning of a run that may not be part of the name
_WHOLE: Final = 2  # words of a name that can be told from a noun or a place


def any_of(words: Iterable[str], ending: str = _FORM) -> str:
    """A pattern for any of these words, "*" for any ending, "#" for a number, "@" for a pronoun."""
    return _any_of(frozenset(words), ending)


@lru_cache(64)  # most words are those of the house, and a changed setting reads them again
def _any_of(words: frozenset[str], ending: str) -> str:
    """What words begin with alike is in it once: `re` tries one alternative after the other, and there are hundreds."""
    signs = {"*": ending, "#": r"\d{1,3}", " ": "[ -]", "@": _PRONOUN}
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}

    def pattern(node: dict[str, Any]) -> str:
        longest = sorted(node.items(), reverse=True)  # "", the end of a word, comes last
        parts = [signs.get(letter, re.escape(letter)) + pattern(rest) if letter else "" for letter, rest in longest]
        return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"

    return f"(?:{pattern(tree)})"


class HarmedNames:
    """The grammar in one coalition's words. `speakers`: people who speak in public about what happened to them."""

    def __init__(self, details: PersonalDetails, speakers: Iterable[str] = ()) -> None:
        words, no_names = care_words(), details.no_names
        # "forced" alone is also "forced labor".
        harm = [word for word in map(str.casefold, details.harm) if word not in words["harming"]]
        persons = {*words["children"], *words["victims"]}
        done = any_of((*words["harmed"], *harm), r"(?![a-zà-ÿ]{0,10}(?:ing|ers?|ors?)\b)[a-zà-ÿ]{0,12}")
        topics = any_of(words["topics"])
        person = rf"(?<![\w-])(?:ex-)?{any_of(persons, r'[a-z]{1,12}')}(?!\w|['’]s?\b)"
        self._speakers = frozenset(speakers)
        self._first_words = re.compile(rf"(?:ex-)?(?:{any_of(persons, '[a-z]{1,12}')}|{done})")
        self._roles = re.compile(rf"(?:ex-?|vice-?)?{any_of({*words['roles'], *words['bodies']})}s?")
        self._kinds = lru_cache(4096)(self._kinds_of)  # the same words come again and again
        self._common = re.compile(any_of(word for kind in words.values() for word in kind if " " not in word) + "s?")
        self._no_names = frozenset(map(str.casefold, (*words["no_names"], *no_names))) | NO_NAME
        self._places = frozenset(words["places"])
        self._one = re.compile(rf"\b{any_of(persons)}(?:['’]s)?(?!\w)(?![ -]{topics}\b)")
        taken, belongings = any_of(words["taken"]), any_of(words["belongings"])
        done_to = rf"(?:{any_of(words['done_to'])}|{taken}\s(?:{_PRONOUN}|el)\s{belongings}|{_FOUND}.{{1,40}}?{_ALIVE})"
        self._cue = re.compile(rf"{person}(?![ -]{topics}\b)|\b{done}\b(?![ -]{topics}\b)|\b{done_to}\b")
        self._harm = re.compile(rf"\b(?:{done}|{any_of(words['victims'])}|{done_to})\b")
        self._person_before = re.compile(
            rf"(?i:{person})(?:\s(?:named|called|llamad[ao]|de nombre)|{_DE}{_GAP})[,:]?\s[“\"‘']?$"
        )
        harming = any_of((*words["harming"], *harm), "(?:ed|ing|s)")
        self._harming = re.compile(rf"(?i:\b{harming})\s(?![a-zà-ÿ\d])")  # "trafficking" alone is mostly a noun
        self._harm_before = re.compile(rf"\b{harming}\s$")
        self._harm_after = re.compile(
            rf"{_CLAUSE},?{_BEEN}[,\s]\s?(?:{_AUXILIARY}{done}\b|{done}{_PASSIVE_ENDS})"
            rf"|(?:,|\s(?:is|was|as|es|era|fue|como))\s(?:(?:an?|the|one of the|another|una?|la|el)\s)?"
            rf"(?:[a-zà-ÿ-]{{2,20}}\s){{0,2}}{any_of(words['victims'])}{_ENDS}"
            rf"|,?\s(?:among|entre)\s(?:the |las |los )?(?:[a-zà-ÿ-]{{2,20}}\s){{0,2}}{any_of(persons)}(?:e?s)?{_ENDS}"
        )
        self._read_offices(words, harming)

    def _read_offices(self, words: Mapping[str, frozenset[str]], harming: str) -> None:
        """Compile what is around the name of someone in office or accused, or of an adult near a child."""
        role = any_of({*words["roles"], *words["bodies"], *words["accused"]})
        self._accused_before = re.compile(rf"\b(?:alleged |presunto |presunta )?{any_of(words['accused'])}s?,?\s$")
        self._kin_before = re.compile(rf"\b{any_of(words['kin'])}\s(?:of|for|to|de)\s$")
        self._kin = re.compile(rf"\b{any_of(words['kin'])}\s(?:of|de)\s")
        self._accused = re.compile(rf"\b{any_of(words['accused'])}s?\b")
        self._role_before = re.compile(
            rf"\b(?:ex-?)?{role}(?:-elect)?\.?,?\s(?:[“\"‘'])?$|\b{any_of(words['acted_on'])}\s(?:the |a |el |la )?$"
            r"|\b(?:in|at|near|outside|across|throughout|around|en|desde|hacia)\s(?:the |la |el )?$"
        )
        self._role_after = re.compile(
            rf"(?:\s?[,(–—]\s?|\sas\s|\scomo\s)(?:\d\d,\s)?(?:[\w'’.&-]{{1,20}}\s){{0,5}}?{role}{_ENDS}"
            rf"(?!\s(?:says|said|told|tells|dice|dijo))|\s?\((?:R|D|I|Rep|Dem)\b"
            rf"|\s(?:of|from|with"
            rf"|at)\s(?:[\w&'’.-]{{1,20}}\s){{0,4}}?{any_of((*words['bodies'], *words['roles']))}{_ENDS}"
            rf"|['’]s?\s(?:[\w-]{{2,20}}\s){{0,3}}?{any_of((*words['bodies'], *words['works']))}{_ENDS}|\sv\.\s"
            rf"|\s{any_of((*words['children'], *words['bodies'], *words['locals']))}s?{_ENDS}"
        )
        self._acts = re.compile(
            rf"{_CLAUSE},?(?:\s(?:is|was|has|had|been|will|to|who|and|now|also|se|ha|fue|es|\w{{2,15}}ly)){{0,3}}"
            rf":?[,\s]\s?{any_of(words['acts'])}{_ENDS}"
            rf"|{_CLAUSE}(?:\s(?:who|had|has|also))?[,\s]\s?{harming}\s(?!by\b|por\b)"
        )

    def may_occur(self, folded: str) -> bool:
        """Whether a text in lower case is about a child or harm to a person, or relatives and who is accused."""
        return self._cue.search(folded) is not None or bool(self._kin.search(folded) and self._accused.search(folded))

    def is_about_one(self, headline: str) -> bool:
        """Whether a headline is about one child or person harmed, whom the text's first sentence may name."""
        return self._one.search(headline.casefold()) is not None

    def may_name(self, text: str) -> bool:
        """Whether a text may name such a person, whatever the age: most do not, and this is quick."""
        return self.may_occur(text.casefold()) or self._harming.search(text) is not None

    def in_sentence(
        self, sentence: str, own_names: Collection[str] = (), *, minor: bool = False, sure: bool = False
    ) -> bool:
        """Whether a sentence may name a child or a person who was harmed.

        `known`: names of others, as they are written. `minor`: it has a minor's age and needs no word of harm.
        `sure`: only where the sentence says so of that very name.
        """
        folded = sentence.casefold()
        cued = minor or self.may_occur(folded)
        if not (cued or self._harming.search(sentence)):
            return False
        harm = self._harm.search(folded) is not None
        if in_title_case(sentence) and not any(
            word.islower() and word not in _SMALL and len(word) >= _LONG for word in sentence.split(" ")
        ):
            return any(self._is_harmed(before, after) for before, after in self._in_title_case(sentence, own_names))
        return any(
            is_person
            or self._is_harmed(before, after, single=single)
            or not (sure or not cued or single or self._acts_in_public(before, after, harm=harm))
            for is_person, single, before, after in self._names(sentence, own_names)
        )

    def _names(self, text: str, own_names: Collection[str]) -> Iterator[tuple[bool, bool, str, str]]:
        """Yield for each name whether a word for a victim leads it, whether it is one word, and the text around it."""
        for run in runs().finditer(text):
            words, is_person, is_role = self._without_lead(run[0].split(" "))
            if not words or self._is_no_name(words, self._no_names):
                continue
            whole = " ".join(words)
            name, start = whole.removesuffix("'s").removesuffix("’s"), run.end() - len(whole)
            if self._is_known(name, own_names):
                continue
            before, after = text[max(0, start - _BEFORE) : start], text[start + len(name) : start + len(name) + _AFTER]
            after = after if after.startswith(" (") else after.casefold()
            # "Marcus Lane was sold", but not "held on Oak Lane".
            if (is_role or self._is_no_name(words, self._places)) and not self._is_harmed(before, after):
                continue
            yield is_person, len(words) < _WHOLE and not _COURTESY.search(before), before, after

    def _without_lead(self, words: list[str]) -> tuple[list[str], bool, bool]:
        """Return the words of a run without those before the name, and whether the last is a person's or a role."""
        is_person = is_role = False
        at = 0
        while at < _LEAD:
            pair = " ".join(words[at : at + 2])  # "Foster Child", "Girl Scout", "Social Worker"
            step = 2 if any(self._kinds(pair)) else 1
            person, role, begins = self._kinds(pair if step > 1 else "".join(words[at : at + 1]))
            if not (person or role or begins):
                break
            is_person, is_role, at = person or (is_person and not role), role and not person, at + step
        return words[at:], is_person, is_role

    def _kinds_of(self, word: str) -> tuple[bool, bool, bool]:
        """Whether a word is one for a child or a victim, for a role, or one that only begins sentences."""
        folded = word.casefold()
        begins = folded in BEGINS or (word in ABBREVIATIONS and word.count(".") > 1)  # "U.S. Rep."
        return bool(self._first_words.fullmatch(folded)), bool(self._roles.fullmatch(folded)), begins

    def _in_title_case(self, text: str, own_names: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield the text before and after two words that may be a name, in a headline in Title Case."""
        tokens = list(_TOKEN.finditer(text))
        for first, second in pairwise(tokens):
            name = text[first.start() : second.end()]
            if text[first.end() : second.start()] != " " or self._is_known(name, own_names):
                continue
            if self.may_be_name(first[0], second[0]):
                before = text[max(0, first.start() - _BEFORE) : first.start()]
                yield before, text[second.end() : second.end() + _AFTER].casefold()

    def may_be_name(self, first: str, second: str) -> bool:
        """Whether two words with capitals, in a headline in Title Case or an address, may be a name."""
        return not (self._is_common(first, _NO_FIRST_NAME) or self._is_common(second, _NO_LAST_NAME))

    def _is_common(self, word: str, endings: re.Pattern[str]) -> bool:
        folded = word.casefold().replace("’", "'").removesuffix("'s")
        return (
            not word[0].isupper()
            or endings.search(folded) is not None
            or folded in BEGINS
            or folded in self._no_names
            or self._common.fullmatch(folded) is not None
        )

    def _is_no_name(self, words: list[str], no_names: frozenset[str]) -> bool:
        folded = [*map(folded_word, words)]
        acronym = len(words) == 1 and words[0].isupper() and "." not in words[0]
        return (
            acronym
            or " ".join(words) in ABBREVIATIONS
            or not no_names.isdisjoint(folded)
            or any(map(self._roles.fullmatch, folded[:-1]))
        )

    def _is_known(self, name: str, own_names: Collection[str]) -> bool:
        return (
            name in self._speakers
            or name in own_names
            or (bool(own_names) and any(name.startswith((f"{one} ", f"{one}’")) for one in own_names))
        )

    def _is_harmed(self, before: str, after: str, *, single: bool = False) -> bool:
        """Whether the words around a name say that of the person. `single`: the name is one word."""
        folded = before.casefold()
        if self._accused_before.search(folded) or (single and _STARTS.search(before)):
            return False
        # "Parents of NAME sue" is about the child; "the family of NAME, convicted in May" is not.
        kin = self._kin_before.search(folded) and not (after[:1] in {",", "("} and self._acts_in_public(before, after))
        return bool(
            kin
            or (_FOUND_BEFORE.search(folded) and _ALIVE_AFTER.match(after))
            or self._harm_after.match(after)
            or (_OF_SELF.match(after) and not self._role_before.search(folded) and not self._role_after.match(after))
            or (
                (person := self._person_before.search(before))
                and not self._role_before.search(folded)
                and (not _ADULT_AGE.match(after) or self._harm.search(person[0].casefold()))
            )
            or (self._harm_before.search(folded) and (not single or _OBJECT_ENDS.match(after)))
        )

    def _acts_in_public(self, before: str, after: str, *, harm: bool = True) -> bool:
        """Whether it is the name of someone in office, accused, or an adult near a child. `harm`: it is named too."""
        folded = before.casefold()
        adult = not harm and (_ADULT_AGE.match(after) or _ADULT_AGE_BEFORE.search(folded))
        return bool(
            adult or self._role_before.search(folded) or self._role_after.match(after) or self._acts.match(after)
        )
