"""Find the names of children and of people who were harmed in a text, by who else is named in it. Pure.

Next to harm every personal name is one to protect unless the text says that this person acts in public: in an office
("Judge NAME", "NAME, a senator"), accused ("NAME was charged") or the author of a work ("By NAME"). Harm to that very
person counts more than an office. English and Spanish, by the words of `bot/config/care_words.yml` and those of the
coalition. Each pattern reads a bounded length from a name or a word, so the time is linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from bot.config.catalog import care_words
from bot.config.media import PersonalDetails
from bot.people.person_names import ABBREVIATIONS, BEGINS, NO_NAME, folded_word, in_title_case, runs

_BEFORE: Final = 80  # characters that are read before a name
_AFTER: Final = 110  # and after it
_FORM: Final = r"[^\W\d_]{0,9}"  # the ending of a word: "appoint*"
_BETWEEN: Final = (" and ", ", ", ", and ", " y ")  # "NAME and NAME were charged"
_PRONOUN: Final = "(?:her|his|him|me|my|our|their|them|us|ella|él|las?|les?|los?|mis?|nos|sus?)"
_ALIVE: Final = r"\s(?:alive|safe|unharmed|dead|con vida|san[ao] y salv[ao])"
_FOUND_BEFORE: Final = re.compile(
    r"\b(?:finds?|found|locates?|located|hallan|hallaron|encuentran|encontraron)\s(?:a\s)?$"
)
_ALIVE_AFTER: Final = re.compile(rf"{_ALIVE}\b")
_COURTESY: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Sra?|Srta)\.?\s$")  # before a surname alone
_CLAUSE: Final = r"(?:(?:,[^,.;:!?]{1,60}){1,2},|\s?\([^()]{1,30}\))?"  # what is between a name and its verb
_GAP: Final = (
    r"(?:\s(?!(?:and|by|con|for|from|of|or|por|que|said|says|tells|that|to|told|who|with|y)\b)[a-zà-ÿ’'-]{2,20}){0,2}"
)
_DE: Final = r"(?:\sde\s[a-zà-ÿ]{2,20})?"  # "estudiante de secundaria"
_ENDS: Final = r"(?=$|[\s,.;:!?)”\"’'–—-])"
_BEEN: Final = (
    r"(?:\s(?:who|quien|que|was|were|is|are|has|had|have|been|being|also|once|first|then|later|repeatedly|allegedly"
    r"|only|just|when|ha|había|fue|era|sido|siendo|estaba|estuvo|never|not|and|se|lo|la|\w{2,15}ly)){0,5}"
)
# "NAME trafficked by", "NAME sold at": without "was" a preposition or a stop follows, or the name is who did it.
_PASSIVE_ENDS: Final = (
    r"(?=\s?$|\s?[,.;:!?)”\"–—]|\s(?:after|al|alive|and|as|at|before|by|de|durante|during|en|for|from|in|inside"
    r"|into|mientras|near|on|outside|over|para|por|since|then|through|to|twice|under|until|when|while|with|a los)\b)"
)
# "NAME said she was 13 when", "NAME: coach abused me": in both languages mostly of the one who speaks.
_SPEAKS: Final = (
    r"\s(?:said|says|recalls|recalled|reveals|revealed|tells|told|remembers|dijo|dice|contó|cuenta|recuerda|revela)"
    r"(?:\s(?:us|jurors|the jury|the court|police|reporters|lawmakers|a panel|the panel))?(?:\s(?:that|que|how|cómo))?"
)
_TOLD: Final = re.compile(rf"{_CLAUSE}{_SPEAKS}\b|\s(?:wrote|testif|describ|lifted|levant|escrib|declar|narr|relat)")
_TELLS: Final = "recalls|recounts|reveals|remembers|describes|tells of|relata|narra|cuenta|revela|recuerda|denuncia"
_OF_SELF: Final = re.compile(
    rf"{_SPEAKS}(?:\s(?:she|he|ella|él|they|i))?\s(?:was|had been|escaped|tenía|fue|había sido)\b"
)
_OBJECT_ENDS: Final = re.compile(r"$|[,.;:!?)]|\s(?:and|as|at|for|from|in|into|on|to|when|con|en|para|por|y)\b")
_AUXILIARY: Final = r"(?:\b(?:was|were|is|been|being|got|fue|era|sido|estaba|estuvo)\s(?:\w{2,15}ly\s)?)"
_TOKEN: Final = re.compile(r"[^\W\d_][\w'’-]*\.?")
# In a headline in Title Case these endings tell verbs and nouns from names: "Survivor Shares Story".
_NO_FIRST_NAME: Final = re.compile(r"(?:s|ed|ing|tion|sion|ment|ness|ship|ity|ly|ers)$")
_NO_LAST_NAME: Final = re.compile(r"(?:ed|ing|tion|sion|ment|ness|ship|ity|ly|ers)$")
_STARTS: Final = re.compile(r"(?:^|[.!?:;]\s?[“\"‘']?)$")
# One word alone is a name where it is called one, spoken to, or in quotes by itself.
# In Spanish "a" leads to a person ("buscan a NAME"), but after verbs of movement.
_CALLED: Final = re.compile(
    r"(?:\b(?:named|called|name (?:is|was)|nicknamed|known as|llamad[ao]|se llama|de nombre|meet|conozca a|conoce a"
    r"|little|baby|pequeñ[ao]|my|mi|dear"
    r"|(?:vigil|search|justice|prayers|funeral|candles|justicia|búsqueda) (?:for|of|para|de)"
    r"|(?!lleg|viaj|volv|regres|traslad|envi|deport|vuel|llev)[a-zñáéíóú]{2,12}(?:n|ó|ar|er|ir|ra|aba) a)\s[“\"‘']?"
    r"|(?P<quote>[“\"‘']))$"
)
_QUOTED_AFTER: Final = re.compile(r",\s(?:you|tú|te|we|your)\b|[”\"’'](?:\s(?:is|was|has|had|es|fue|ya)\b|$)")
# "Jack Roe & Sons"
_FIRM: Final = re.compile(r"\s(?:&|and (?:sons|co|company|partners|associates)\b|y (?:hijos|cía))")
_FIRST_PERSON: Final = re.compile(r"\b(?:I|[Mm]y|[Yy]o|[Mm]i)\b")
_BYLINE: Final = re.compile(r"(?:^|[.!?|:–—]\s)(?:by|por)\s$")
_THE: Final = frozenset({"the ", "The "})
_POSSESSIVES: Final = ("'s", "’s")
_FAMILY: Final = re.compile(r"\s(?:family|twins|sisters|brothers|siblings|girls|boys|children|case)\b")
_AGE: Final = re.compile(r"(?:,\s|\s\()(?:aged?\s|now\s|de\s)?\d{1,2}(?=[,;.)]|$)")
_ADULT_AGE: Final = re.compile(r",?\s\(?(?:aged?\s|now\s|de\s)?(?:1[89]|[2-9]\d)\b")
_ADULT_AGE_BEFORE: Final = re.compile(r"\b(?:1[89]|[2-9]\d)[- ]year[- ]old\s(?:[a-z-]{1,20},?\s){0,2}$")
_TITLE: Final = 40  # characters before a name that may be a role
_LEAD: Final = 4  # words at the beginning of a run that may not be part of the name
_MOST: Final = 500  # names that are told apart; who is named in longer lists is in doubt


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


class _Mention(NamedTuple):
    """A name in a sentence, with the text around it, in lower case.

    `alone`: one word, which may be a place or a firm. `led`: a word for a victim leads it.
    """

    words: tuple[str, ...]
    alone: bool
    led: bool
    before: str
    after: str


class HarmedNames:
    """The rule in one coalition's words. `speakers`: people who speak in public about what happened to them."""

    def __init__(self, details: PersonalDetails, speakers: Iterable[str] = ()) -> None:
        words, no_names = care_words(), details.no_names
        # "forced" alone is also "forced labor".
        harm = [word for word in map(str.casefold, details.harm) if word not in words["harming"]]
        persons = {*words["children"], *words["victims"]}
        self._done = any_of(
            (*(word for word in words["harm"] if not word.endswith("er*")), *words["done"], *harm),
            r"(?![a-zà-ÿ]{0,10}(?:ing|ers?|ors?|ar)\b)[a-zà-ÿ]{0,12}",
        )
        topics = any_of(words["topics"])
        self._person = rf"(?<![\w-])(?:ex-)?{any_of(persons, r'[a-z]{1,12}')}(?!\w|['’]s?\b|[ -]{topics}\b)"
        self._speakers = frozenset(speakers)
        self._first_words = re.compile(rf"(?:ex-)?(?:{any_of(persons, '[a-z]{1,12}')}|{self._done})")
        self._begins = re.compile(any_of({*words["laborers"], *words["kin"]}))
        self._read_roles(words)
        self._runs = lru_cache(4096)(self._read_run)
        self._kinds = lru_cache(4096)(self._kinds_of)  # the same words come again and again
        self._common = re.compile(
            any_of(
                word for kind, listed in words.items() if kind != "role_endings" for word in listed if " " not in word
            )
            + "s?"
        )
        self._no_names = frozenset(map(str.casefold, (*words["no_names"], *no_names))) | NO_NAME
        self._places = frozenset(words["places"])
        self._one = re.compile(rf"\b{any_of(persons)}(?:['’]s)?(?!\w)(?![ -]{topics}\b)")
        self._harm = re.compile(rf"\b{any_of((*words['harm'], *harm), r'[a-zà-ÿ]{0,12}')}(?!\w)")
        danger = (*words["danger"], *words["done"], *words["victims"])
        self._danger = re.compile(rf"\b{any_of(danger, r'[a-zà-ÿ]{0,12}')}s?(?!\w)")
        self._games = re.compile(rf"\b{any_of(words['games'])}(?!\w)")
        harming = any_of((*words["harming"], *harm), "(?:ed|ing|s)")
        self._harming = re.compile(rf"(?i:\b{harming})\s(?![a-zà-ÿ\d])")  # "trafficking" alone is mostly a noun
        self._read_harmed(words, persons, harming)
        self._read_public(words, harming)
        self._accused = re.compile(rf"\b{any_of(words['accused'])}s?(?!\w)")
        self._done_to = re.compile(rf"\b{self._done}(?!\w)")
        self._described = re.compile(rf"(?:the|el|la)\s(?:[a-zà-ÿ-]{{2,20}}\s){{0,2}}{self._role}{_ENDS}")
        self._read_own_children(words)

    def _read_harmed(self, words: Mapping[str, frozenset[str]], persons: Collection[str], harming: str) -> None:
        """Compile what is around the name of a child or a person who was harmed."""
        self._person_before = re.compile(
            rf"(?i:{self._person})(?:\s(?:named|called|llamad[ao]|de nombre)|{_DE}{_GAP})[,:]?\s[“\"‘']?$"
        )
        self._harm_before = re.compile(rf"\b{harming}\s$")
        self._harm_after = re.compile(
            rf"{_CLAUSE},?{_BEEN}[,\s]\s?(?:{_AUXILIARY}{self._done}\b|{self._done}{_PASSIVE_ENDS})"
            rf"|(?:,|\s(?:is|was|as|es|era|fue|como))\s(?:(?:an?|the|one of the|another|una?|la|el)\s)?"
            rf"(?:[a-zà-ÿ-]{{2,20}}\s){{0,2}}{any_of(words['victims'])}{_ENDS}"
            rf"|,?\s(?:among|entre)\s(?:the |las |los )?(?:[a-zà-ÿ-]{{2,20}}\s){{0,2}}{any_of(persons)}(?:e?s)?{_ENDS}"
            rf"|:\s(?:[\w’']{{1,15}}\s){{0,4}}{harming}\s(?:me|us|my|our)\b"
            rf"|\s(?:on|about|accuses|accused|sues|{_TELLS})\s(?:[\w’']{{1,15}}\s){{0,6}}(?:{harming}\s(?:her|him|them)\b"
            rf"|(?:her|his)\s(?:own\s)?{self._done}{_ENDS}(?!\s(?:of|bill|case|trial|victims?)\b)|{self._done}\s(?:de|por)\ssu\b)"
        )

    def _read_roles(self, words: Mapping[str, frozenset[str]]) -> None:
        """Compile what a role is: a word of the list, or another with the ending of a trade ("criminologist")."""
        shape = rf"(?!{any_of(words['laborers'])}\b)[a-zà-ÿ-]{{0,20}}(?:{'|'.join(sorted(words['role_endings']))})"
        self._role = rf"(?:ex-?|vice-?|sub)?(?:{any_of({*words['roles'], *words['accused']})}|{shape})"
        self._roles = re.compile(rf"(?:{self._role}|{any_of(words['bodies'])})s?")

    def _read_public(self, words: Mapping[str, frozenset[str]], harming: str) -> None:
        """Compile what is around the name of someone in office or accused, or of an adult near a child."""
        role, bodies = self._role, any_of(words["bodies"])
        self._accused_before = re.compile(rf"\b(?:alleged |presunto |presunta )?{any_of(words['accused'])}s?,?\s$")
        self._kin_before = re.compile(rf"\b{any_of(words['kin'])}\s(?:of|for|to|de)\s$")
        self._kin = re.compile(rf"\b{any_of(words['kin'])}(?!\w)")
        title = re.compile(rf"(?:{role}s?|{bodies})(?:-elect)?")
        self._titles = lru_cache(4096)(title.fullmatch)
        self._acted_on = re.compile(
            rf"\b{any_of(words['acted_on'])}\s(?:the |a |el |la )?$"
            r"|\b(?:who was|quién fue)\s$|[”»]\s(?:with|starring|con)\s$"
            r"|\b(?:in|at|near|outside|across|throughout|around|en|desde|hacia)\s(?:the |la |el )?$"
        )
        # Text that ends in another way cannot match these, and they are slow.
        self._apart = (
            (
                (" by ", " de ", " por "),
                re.compile(
                    rf"(?:[.!?|:–—]\s|[”\"’'»]\s|\b(?:{any_of(words['works'])}|{self._done}|directed|written|led)\s)\w+\s$"
                ),
            ),
            ((" and ", " y ", " e "), re.compile(rf"\b{role}s\s(?:[\w’'-]{{1,20}}\s){{1,4}}\w+\s$")),
            ((" year ", " año "), re.compile(rf"\b{role}\s(?:of the|del)\s\w+\s$")),
            ((", ",), re.compile(rf"\b{role}\s(?:of|for|at|de|del)\s(?:[\w’'-]{{1,20}}\s){{0,4}}?[\w’'-]{{1,20}},\s$")),
        )
        self._role_after = re.compile(
            rf"(?:\s?[,(–—]\s?|\sas\s|\scomo\s)(?:\d\d,\s)?(?:[\w'’.&-]{{1,20}}\s){{0,5}}?{role}{_ENDS}"
            rf"(?!\s(?:says|said|told|tells|dice|dijo))|\s?\((?:R|D|I|Rep|Dem)\b"
            rf"|\s(?:of|from|with|at)\s(?:[\w&'’.-]{{1,20}}\s){{0,4}}?{bodies}{_ENDS}"
            rf"|['’]s?\s(?:[\w-]{{2,20}}\s){{0,3}}?{any_of((*words['bodies'], *words['works']))}{_ENDS}|\sv\.\s"
            rf"|\s{any_of((*words['children'], *words['bodies'], *words['locals']))}s?{_ENDS}"
        )
        aside = r"(?:\s(?:is|was|has|had|been|will|to|who|and|now|also|se|ha|fue|es|\w{2,15}ly)){0,3}"
        self._acts = re.compile(
            rf"{_CLAUSE},?{aside}:?[,\s]\s?(?:{any_of(words['acts'])}|{any_of(words['charged'])}){_ENDS}"
            rf"|{_CLAUSE}(?:\s(?:who|had|has|also))?[,\s]\s?{harming}\s(?!by\b|por\b)"
        )

    def _read_own_children(self, words: Mapping[str, frozenset[str]]) -> None:
        """Compile what says that a child is accused, or the parent of a child who was harmed."""
        child, charged = any_of(words["own_children"]), any_of({*words["charged"], *words["accused"]})
        own = rf"(?:own|his|her|their|su|sus|propi[ao]s?)\s(?:[\w’'-]{{1,15}},?\s){{0,2}}?{child}"
        self._own_child = re.compile(rf"\b(?:{own}|step(?:daughter|son|child)\w{{0,4}}|hijastr[ao]s?)(?!\w)")
        self._child = re.compile(rf"\b{child}(?!\w)")
        # "The mayor's son", "la hija del alcalde": here an office does not help.
        self._of_official = re.compile(
            rf"\b{self._role}['’]s?\s(?:[\w’'-]{{1,15}}\s){{0,2}}?{child}(?!\w)"
            rf"|\b{child}\s(?:of|de|del)\s(?:the |an? |la |el )?{self._role}(?!\w)"
        )
        self._charged = re.compile(rf"\b{charged}(?!\w)")
        parent = any_of(words["parents"])
        self._parent_charged = re.compile(
            rf"\b{parent},?\s(?:[\w’'-]{{1,15}},?\s){{0,4}}?{charged}|{charged}\s(?:a\s)?{parent}(?!\w)"
        )
        minor = any_of(words["children"])
        self._minor_charged = re.compile(
            rf"^(?:[\w’'-]{{1,20}}\s){{0,2}}{minor}(?:,[^,]{{1,20}},)?\s(?:\w{{1,9}}\s)?{charged}"
        )

    def may_occur(self, folded: str) -> bool:
        """Whether a text in lower case is about harm to a person. Words of danger do not count in news of games."""
        if self._harm.search(folded):
            return True
        cue = self._danger.search(folded) or self._one.search(folded)
        cue = cue or (self._kin.search(folded) and self._accused.search(folded))
        return cue is not None and not self._games.search(folded)

    def is_about_one(self, headline: str) -> bool:
        """Whether a headline is about one child or person harmed."""
        return self._one.search(headline.casefold()) is not None

    def is_game(self, text: str) -> bool:
        """Whether a text is about a game, a show or a contest, in which children are named."""
        return self._games.search(text.casefold()) is not None

    def may_name(self, text: str) -> bool:
        """Whether a text may name such a person, whatever the age: most do not, and this is quick."""
        return self.may_occur(text.casefold()) or self._harming.search(text) is not None

    def are_in(self, sentences: Sequence[str], own_names: frozenset[str] = frozenset(), *, sure: bool = False) -> bool:
        """Whether sentences about harm or a child name someone who does not act in public.

        `own_names`: names of others, as they are written. `sure`: only where the text says so of that very name.
        """
        mentions: list[_Mention] = []
        own_names |= self._speakers
        for sentence in sentences:
            harmed = self.may_name(sentence) or self._kin.search(sentence.casefold()) is not None
            for one in self._mentions(sentence, own_names):
                if (harmed and self._is_harmed(one)) or len(mentions) == _MOST:
                    return True
                mentions.append(one)
        whole = [one for one in mentions if one.led or not one.alone]
        if sure or not whole:
            return any(one.led for one in whole)
        folded, opening = " ".join(sentences).casefold(), sentences[0].casefold()
        if self._child.search(folded) and self._of_official.search(folded):
            return True
        public, others = self._sorted(whole, sentences, folded)
        own_child = self._minor_charged.search(opening) or self._parent_charged.search(opening)
        if (own_child or self._own_child.search(folded)) and not all(map(self._has_role, public)):
            return True
        surnames = {one.words[-1] for one in others}
        public += [one for one in mentions if one.words[0] in surnames and one.alone and self._acts_in_public(one)]
        unknown = _without_namesakes(public, others)
        if len({one.words for one in unknown}) == 1 and self._is_described(unknown[0], sentences):
            return False
        return bool(unknown)

    def _sorted(
        self, mentions: Sequence[_Mention], sentences: Sequence[str], folded: str
    ) -> tuple[list[_Mention], list[_Mention]]:
        """Return the names of people who act in public, and the others. The author of an own story is not in public."""
        harm = (self._harm.search(folded) or self._danger.search(folded)) is not None
        own_story = any(map(_FIRST_PERSON.search, sentences))
        public: list[_Mention] = []
        others: list[_Mention] = []
        listed = ""  # the next name, if what follows it says that its bearer acts: "NAME and NAME were charged"
        for one in reversed(mentions):
            name, acts = " ".join(one.words), self._acts.match(one.after) is not None
            in_list = bool(listed) and one.after.startswith(tuple(f"{by}{listed}" for by in _BETWEEN))
            author = own_story and _BYLINE.search(one.before) and not self._role_after.match(one.after)
            in_public = in_list or (self._acts_in_public(one, harm=harm) and not author)
            (public if in_public else others).append(one)
            listed = name if acts or in_list else ""
        return public[::-1], others[::-1]

    def _is_described(self, only: _Mention, sentences: Sequence[str]) -> bool:
        """Whether the headline, or the sentence after it, says what the only person named is accused of or does.

        "Smuggler caught" over "NAME moved 200 people in vans", or "NAME wept" over "The broker had taken passports".
        """
        opening = sentences[0].casefold()
        if not only.before and len(sentences) > 1 and self._described.match(sentences[1].casefold()):
            return True
        accused = self._charged.search(opening) or self._accused.search(opening)
        one = self._one.search(opening) or self._done_to.search(opening)
        named = " ".join(only.words) in opening
        return bool(accused) and not (one or named or _TOLD.match(only.after))

    def _mentions(self, sentence: str, own_names: frozenset[str]) -> Iterator[_Mention]:
        if in_title_case(sentence):
            return self._in_title_case(sentence, own_names)
        return self._names(sentence, own_names)

    def _names(self, text: str, own_names: frozenset[str]) -> Iterator[_Mention]:
        of_own = _beginnings(own_names)
        for run in runs().finditer(text):
            name, size, words, led, is_place = self._runs(run[0])
            if not name or name in own_names or name.startswith(of_own):
                continue
            start = run.end() - size
            end = start + len(name)
            before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
            if before[-4:] in _THE and not _FAMILY.match(after):
                continue  # "the Hollow Creek farm"
            folded, after = before.casefold(), after if after[:2] == " (" else after.casefold()
            alone = " " not in name and not _COURTESY.search(before)
            if alone and not led:
                called = _CALLED.search(folded)
                led = called is not None and (not called["quote"] or _QUOTED_AFTER.match(after) is not None)
                led = led or _AGE.match(after) is not None
            one = _Mention(words, alone, led, folded, after)
            # "Ohio Gov. NAME", "Roe & Sons"; "Marcus Lane was sold", but not "held on Oak Lane".
            is_role = after[:2] == ". " and self._roles.fullmatch(words[-1])
            if is_role or _FIRM.match(after) or (is_place and not self._is_harmed(one)):
                continue
            yield one

    def _read_run(self, run: str) -> tuple[str, int, tuple[str, ...], bool, bool]:
        """Return the part of a run that may be a name, "" if none, and its length with an ending 's; its words in lower
        case; whether a word for a person harmed leads it; and whether it may be a place.
        """
        words = run.split(" ")
        led, at = False, 0
        while at < _LEAD:
            pair = " ".join(words[at : at + 2])  # "Foster Child", "Girl Scout", "Social Worker"
            step = 2 if any(self._kinds(pair)) else 1
            person, role, begins = self._kinds(pair if step > 1 else "".join(words[at : at + 1]))
            if not (person or role or begins):
                break
            led, at = person or (led and not role), at + step
        words = words[at:]
        whole, folded = " ".join(words), tuple(map(folded_word, words))
        no_name = (
            whole in ABBREVIATIONS
            or not self._no_names.isdisjoint(folded)
            or any(word.isupper() and "." not in word for word in words)  # "RZR XP"
            or any(map(self._roles.fullmatch, folded[:-1]))
            or any(word.endswith(_POSSESSIVES) for word in words[:-1])
        )
        name = "" if no_name else whole.removesuffix("'s").removesuffix("’s")
        return name, len(whole), folded, led, not self._places.isdisjoint(folded)

    def _kinds_of(self, word: str) -> tuple[bool, bool, bool]:
        """Whether a word is one for a child or a victim, for a role, or one that only begins sentences."""
        folded = word.casefold()
        begins = folded in BEGINS or self._begins.fullmatch(folded) is not None
        begins = begins or (word in ABBREVIATIONS and word.count(".") > 1)  # "U.S. Rep."
        return bool(self._first_words.fullmatch(folded)), bool(self._roles.fullmatch(folded)), begins

    def _in_title_case(self, text: str, own_names: frozenset[str]) -> Iterator[_Mention]:
        """Yield two words that may be a name, in a headline in Title Case."""
        tokens, of_own = list(_TOKEN.finditer(text)), _beginnings(own_names)
        for first, second in pairwise(tokens):
            name = text[first.start() : second.end()]
            if text[first.end() : second.start()] != " " or (name in own_names or name.startswith(of_own)):
                continue
            if self.may_be_name(first[0], second[0]):
                before = text[max(0, first.start() - _BEFORE) : first.start()]
                after = text[second.end() : second.end() + _AFTER]
                words = (folded_word(first[0]), folded_word(second[0]))
                yield _Mention(words, True, False, before.casefold(), after.casefold())

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

    def _is_harmed(self, one: _Mention) -> bool:
        """Whether the words around a name say that of the person."""
        folded, after = one.before, one.after
        if self._accused_before.search(folded) or (len(one.words) == 1 and _STARTS.search(one.before)):
            return False
        # "Parents of NAME sue" is about the child; "the family of NAME, convicted in May" is not.
        kin = self._kin_before.search(folded) and not (after[:1] in {",", "("} and self._acts_in_public(one))
        return bool(
            kin
            or (_FOUND_BEFORE.search(folded) and _ALIVE_AFTER.match(after))
            or self._harm_after.match(after)
            or (_OF_SELF.match(after) and not one.alone)
            or (
                (person := self._person_before.search(one.before))
                and not self._is_led_by_role(folded)
                and (not _ADULT_AGE.match(after) or self._harm.search(person[0]))
            )
            or (self._harm_before.search(folded) and (not one.alone or _OBJECT_ENDS.match(after)))
        )

    def _is_title(self, before: str) -> bool:
        """Whether the text before a name ends with a role or a body: "Judge ", "social worker, "."""
        words = before[-_TITLE:].rstrip(" “\"‘',.").rsplit(" ", 2)
        return any(map(self._titles, (words[-1], " ".join(words[-2:])))) if words[-1] else False

    def _is_led_by_role(self, before: str) -> bool:
        return (
            before in {"by ", "por "}
            or self._is_title(before)
            or self._acted_on.search(before) is not None
            or any(before.endswith(ends) and apart.search(before) for ends, apart in self._apart)
        )

    def _has_role(self, one: _Mention) -> bool:
        """Whether the words next to a name say what office or trade its bearer has, other than that of an accused."""
        folded = one.before
        return not self._accused_before.search(folded) and bool(
            self._is_title(folded) or self._role_after.match(one.after)
        )

    def _acts_in_public(self, one: _Mention, *, harm: bool = True) -> bool:
        """Whether it is the name of someone in office, accused, or an adult near a child. `harm`: it is named too."""
        folded, after = one.before, one.after
        adult = not harm and (_ADULT_AGE.match(after) or _ADULT_AGE_BEFORE.search(folded))
        return bool(adult or self._is_led_by_role(folded) or self._role_after.match(after) or self._acts.match(after))


def _without_namesakes(public: Sequence[_Mention], others: Sequence[_Mention]) -> list[_Mention]:
    """Return the names that are not of someone recognized elsewhere: by the same name, or a surname only one has."""
    public_names = {name for one in public for name in (one.words, (one.words[0], one.words[-1]), one.words[-2:])}
    surnames = Counter(name[-1] for name in {one.words for one in others})
    return [
        one
        for one in others
        if one.words not in public_names and not ((one.words[-1],) in public_names and surnames[one.words[-1]] == 1)
    ]


@lru_cache(64)
def _beginnings(names: frozenset[str]) -> tuple[str, ...]:
    """Return what longer names that begin with one of these begin with: "Polaris Project", "Polaris’s"."""
    return tuple(f"{name}{sign}" for name in names for sign in (" ", "’"))
