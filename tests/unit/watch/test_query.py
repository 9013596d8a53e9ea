"""How queries are parsed, shown, and refused."""

import pytest

from bot.watch.query import MAX_DEPTH, MAX_LENGTH, QueryError, parse


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("trafficking", '"trafficking"'),
        ("“forced labor”", '"forced labor"'),
        ("forced-labor", '"forced labor"'),
        ("a1 b1 OR c1", 'any of (all of ("a1", "b1"), "c1")'),
        ("a1 AND b1 AND c1", 'all of ("a1", "b1", "c1")'),
        ("a1 AND (b1 AND (c1))", 'all of ("a1", "b1", "c1")'),
        ("a1 OR a1", '"a1"'),
        ("a1 or b1", 'all of ("a1", "or", "b1")'),
        ("a1 NOT (b1 OR c1) NOT d1", '"a1" and none of ("b1", "c1", "d1")'),
        ("a1 NOT (b1 c1)", '"a1" and none of (all of ("b1", "c1"))'),
        ("a1 AND NOT NOT b1", 'all of ("a1", "b1")'),
        ("NOT b1 a1", '"a1" and none of ("b1")'),
        ("traffick*", 'words beginning "traffick"'),
        ('"labor traffick* victim"', '"labor traffick* victim"'),
        ("labor-traffick*", '"labor traffick*"'),
        ("DHS", '"DHS" (in capitals)'),
        ("D.H.S.", '"DHS" (in capitals)'),
        ('"CAST Act"', '"CAST act" (CAST in capitals)'),
        ("S.3240", '"s 3240"'),
        ("a1 NEAR/3 b1", '"a1" within 3 words of "b1"'),
        ("a1 near/3 b1", '"a1" within 3 words of "b1"'),
        ("(a1 OR b1) NEAR/3 c1 d1", 'all of (any of ("a1", "b1") within 3 words of "c1", "d1")'),
        ("NOT a1 NEAR/3 b1 AND c1", '"c1" and none of ("a1" within 3 words of "b1")'),
        ("title:visa", '"visa" in the title'),
        ("Title: (visa OR DHS)", 'any of ("visa" in the title, "DHS" (in capitals) in the title)'),
        ("title:(visa NEAR/2 fee*)", '"visa" in the title within 2 words of words beginning "fee" in the title'),
        ("agency:(customs OR coast-guard)", 'any of (agency "customs", agency "coast-guard")'),
        ("type:“proposed rule”", 'type "proposed rule"'),
        ("bill:hr-4323-119", 'bill "hr4323-119"'),
        ('bill:"H.R. 4323"', 'bill "hr4323"'),
        ("bill:S.3240-116", 'bill "s3240-116"'),
        ("https://example.org/x", '"https example org x"'),
        ("ANDROID", '"ANDROID" (in capitals)'),
    ],
)
def test_a_query_is_read_back(query, sentence):
    assert parse(query).in_words() == sentence
    assert parse(query).text == query


@pytest.mark.parametrize(
    ("query", "column", "message", "hint"),
    [
        ("", 1, "empty", "public comment"),
        ("   ", 1, "empty", "public comment"),
        ('a1 "b1', 4, "not closed", 'add a "'),
        ("(a1", 1, "not closed", "add a )"),
        ("a1 (b1 (c1)", 4, "not closed", "add a )"),
        ("a1)", 3, "no opening", "add a ("),
        ("()", 1, "missing after (", "word"),
        ("a1 AND", 4, "missing after AND", "word"),
        ("a1 AND OR b1", 4, "missing after AND", "word"),
        ("OR a1", 1, "OR has nothing to join", '"OR"'),
        ("a1 NEAR b1", 4, "number", "NEAR/10"),
        ("a1 NEAR/0 b1", 4, "out of range", "NEAR/1"),
        ("a1 NEAR/51 b1", 4, "out of range", "NEAR/50"),
        ("a1 NEAR/99999999999 b1", 4, "out of range", "NEAR/50"),
        ("a1 NEAR/5 (b1 AND c1)", 11, "words or phrases", "OR"),
        ("a1 NEAR/5 NOT b1", 4, "missing after NEAR/5", "word"),
        ("agency:x1 NEAR/5 b1", 1, "words or phrases", "OR"),
        ("a1 NEAR/5 b1 NEAR/5 c1", 14, "two things", "AND"),
        ("NOT a1", 1, "only says what to leave out", "NOT formula"),
        ("a1 OR NOT b1", 7, "only says what to leave out", "NOT formula"),
        ("NOT a1 NOT b1", 1, "only says what to leave out", "NOT formula"),
        ("-drug", 1, "not an operator", "NOT"),
        ("a1 | b1", 4, "not an operator", "OR"),
        ("a1 && b1", 4, "not an operator", "AND"),
        ("t*", 1, "two letters", "propos*"),
        ("*ing", 1, "two letters", "propos*"),
        ('"abc"*', 6, "two letters", "propos* rule"),
        ("1307 §", 6, "no word", "letters"),
        ('""', 1, "no word", "letters"),
        ("agncy:x1", 1, 'no field "agncy"', '"agency:"'),
        ("foo:x1", 1, 'no field "foo"', "title, agency"),
        ("title:", 1, "missing after title:", "word"),
        ("title:(a1 agency:b1)", 11, "inside title:", "close"),
        ("bill:S.3240x", 6, "is not a bill number", "hr1234-119"),
    ],
)
def test_a_query_that_cannot_be_read_says_where_and_what_to_write(query, column, message, hint):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.column == column
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_groups_within_each_other_end_somewhere():
    assert parse("(" * MAX_DEPTH + "a1" + ")" * MAX_DEPTH)
    for hostile in ("(" * 1000 + "a1", "a1 " + "NOT " * 900 + "b1"):
        with pytest.raises(QueryError, match="nested groups"):
            parse(hostile)


def test_a_query_has_a_greatest_length():
    assert parse("a" * MAX_LENGTH)
    with pytest.raises(QueryError, match="longer than"):
        parse("a" * (MAX_LENGTH + 1))


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ('"seafood AND forced labor"', 'seafood AND "forced labor"'),
        ('tariff AND "student loan OR aid NOT grant"', '"student loan" OR aid NOT grant'),
    ],
)
def test_an_operator_inside_quotation_marks_is_explained_with_what_to_write(query, instead):
    with pytest.raises(QueryError) as refused:
        parse(query)
    assert refused.value.hint == f"to combine, write {instead}"


@pytest.mark.parametrize("query", ['"ARTS AND CRAFTS"', '"Portland OR"', '"bread and butter"', '"NOT in my name"'])
def test_a_phrase_may_have_the_word_of_an_operator(query):
    parse(query)
