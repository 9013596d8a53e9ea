"""The query language under any input, and the matcher against the plain way."""

import string
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.shared.entry import Agency, Kind, Named
from bot.watch.engine import Matcher, judge
from bot.watch.evidence import holds
from bot.watch.index import Index, spellings
from bot.watch.query import QueryError, parse
from bot.watch.text import acronyms, clean, raw_words, spans, words
from tests.kit.watch import entry, watch

PIECES = [
    "AND", "OR", "NOT", "NEAR/3", "NEAR", "(", ")", '"', "“", "a", "bc*", "title:", "agency:", "bill:", "x:", "*", "§",
    "DHS",
]  # fmt: skip
LIKE_QUERIES = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
VOCABULARY = ["ant", "bee", "cow", "ICE", "Ice", "bees", "ant-bee", "U.S.", "bee's"]
AGENCIES = [Agency("Coast Guard", "coast-guard", "homeland"), Agency("Homeland", "homeland"), Agency("Justice")]
LEAVES = st.sampled_from(
    ["ant", "bee", "cow", "ice", "ICE", "be*", "US*", '"ant bee"', '"ant be*"', '"bee ICE"', "ant NEAR/2 bee",
     '(ICE OR ant) NEAR/3 "bee cow"', "title:ant", "title:(bee OR cow)", "agency:coast-guard", "agency:homeland",
     "agency:justice", "type:rule", "names:lantern", "names:member", "names:own", "names:any", 'title:"ant bee"',
     '"be* cow"', 'title:"ant be*"', '"ant bee co*"']
)  # fmt: skip
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " NOT ", " OR NOT "]), inner).map(
            lambda t: f"({t[0]}{t[1]}{t[2]})"
        ),
        inner.map(lambda q: f"NOT ({q})"),
    ),
    max_leaves=7,
)
SENTENCES = st.lists(st.sampled_from(VOCABULARY), max_size=9).map(" ".join)
ENTRIES = st.builds(
    entry,
    SENTENCES,
    st.none() | SENTENCES,
    agencies=st.none() | st.lists(st.sampled_from(AGENCIES), max_size=2).map(tuple),
    type=st.sampled_from([None, "Rule", "Proposed Rule"]),
    names=st.sampled_from([(), (Named("lantern", "member", "Lantern"),), (Named("tower", "member", "", own=True),)]),
    kind=st.sampled_from([Kind.DOCUMENT, Kind.NEWS]),
)


def read(text):
    try:
        return parse(text)
    except QueryError as error:
        return error


@given(st.text(max_size=200) | LIKE_QUERIES)
def test_any_text_is_a_query_or_an_error_within_it(text):
    parsed = read(text)
    if isinstance(parsed, QueryError):
        assert 1 <= parsed.column <= max(1, len(text))
        assert parsed.message
        assert parsed.hint
    else:
        assert parsed.in_words()


@given(st.text(max_size=300) | st.text(alphabet="aBS19.'s- _—é", max_size=40))
def test_every_text_has_words_at_their_reported_positions(text):
    for word in words(text):
        assert word
        assert not set(word) & set(string.punctuation + string.whitespace + string.ascii_uppercase)
    assert [text[begin:end] for begin, end in spans(text)] == raw_words(text)


@given(st.text(max_size=100) | st.text(alphabet="aBS19.'s- É", max_size=20))
def test_capitals_stand_in_one_of_their_spellings(text):
    for _, capitals in acronyms(raw_words(clean(text))):
        assert not spellings(capitals).isdisjoint(words(text))


@given(st.text(alphabet=string.printable + "é’ß¹Ω—", max_size=80), st.text(max_size=80))
def test_a_phrase_is_found_in_the_text_it_was_copied_from(phrase, around):
    quoted = phrase.replace('"', " ").replace("*", " ")
    if words(quoted):
        assert Matcher([watch(f'"{quoted}"')]).match(entry(f"{around} {quoted} {around}"))


def positive(query):
    return not isinstance(read(query), QueryError)


KINDS = st.sampled_from([(), (Kind.NEWS,), (Kind.DOCUMENT, Kind.BILL)])
SOURCES = st.sampled_from([(), ("register",), ("elsewhere", "register"), ("elsewhere",)])


@given(st.lists(st.tuples(QUERIES.filter(positive), KINDS, SOURCES), min_size=1, max_size=6), ENTRIES)
def test_the_matcher_agrees_with_holding_every_watch_by_itself_against_the_entry(written, of):
    watches = [watch(query, str(n), kinds=kinds, sources=sources) for n, (query, kinds, sources) in enumerate(written)]
    assert Matcher(watches).match(of) == tuple(parsed for w in watches if (parsed := judge(w, Index(of))))


@given(QUERIES.filter(positive), ENTRIES)
def test_every_match_shows_its_reason(query, of):
    for match in Matcher([watch(query)]).match(of):
        assert match.reasons
        assert all(reason.words for reason in match.reasons)


@given(QUERIES.filter(positive), ENTRIES, st.lists(st.sampled_from(AGENCIES), max_size=2).map(tuple))
def test_an_answer_given_without_a_field_holds_whatever_the_field_turns_out_to_contain(query, of, agencies):
    root = parse(query).root
    answer = holds(root, Index(replace(of, agencies=None, type=None)))
    if answer is not None:
        assert holds(root, Index(replace(of, agencies=agencies, type="Rule"))) is answer
