"""What a command is given, against what it takes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands.arguments import check_asks, checked, checked_values, form, read_later, read_moment, read_past_day
from bot.commands.model import Choice, Command, Kind, Param, Refused, Reply

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC).astimezone(ZoneInfo("America/New_York"))
COMMAND = Command(
    group="try",
    verb="out",
    help="Try",
    example="/try out words:x",
    handler=lambda desk, args: Reply(),
    params=(
        Param("words", "what to say", longest=10),
        Param("text", "more", kind=Kind.LONG, required=False, longest=40),
        Param("count", "how many", kind=Kind.NUMBER, required=False),
        Param("sure", "really", kind=Kind.YES_NO, required=False, by_button=True),
        Param("level", "how loud", required=False, choices=(Choice("alert", "At once"), Choice("digest", "Later"))),
    ),
)


def given(**args):
    return checked(COMMAND, {"words": "x"} | args, NOW)


@pytest.mark.parametrize(
    ("args", "param", "says"),
    [
        ({"words": " \n "}, "words", "is missing"),
        ({"words": "elevenchars"}, "words", "11 characters of at most 10"),
        ({"word": "x"}, "word", "Did you mean words"),
        ({"zebra": "x"}, "zebra", "/try out words:x"),
        ({"count": "four"}, "count", "must be a number"),
        ({"count": "-4"}, "count", "must be a number"),
        ({"count": "٤"}, "count", "must be a number"),
        ({"count": "1" * 10}, "count", "must be a number"),
        ({"sure": "perhaps"}, "sure", "yes or no"),
        ({"level": "loud"}, "level", "alert, digest"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(args, param, says):
    with pytest.raises(Refused, match=says) as refused:
        given(**args)

    assert refused.value.param == param


@pytest.mark.parametrize(
    ("args", "name", "value"),
    [
        ({"words": "  two\n words "}, "words", "two words"),
        ({"text": "two\r\nlines "}, "text", "two\nlines"),
        ({"text": "a\x00b\ud800c\x1b[31m"}, "text", "abc[31m"),
        ({"count": "007"}, "count", "007"),
        ({"sure": "Y"}, "sure", "yes"),
        ({"sure": "off"}, "sure", "no"),
        ({"level": "ALERT"}, "level", "alert"),
        ({"level": "later"}, "level", "digest"),
    ],
)
def test_what_fits_comes_clean(args, name, value):
    assert given(**args)[name] == value


def test_an_empty_field_that_may_be_left_out_is_absent():
    assert given(text="", count=" ", level="") == {"words": "x"}


def test_a_form_asks_for_what_was_left_out_and_keeps_what_was_given():
    asked = form(COMMAND, {"count": "4"})

    assert asked.path == "try out"
    assert asked.args == {"count": "4"}
    assert [field.param.name for field in asked.fields] == ["words", "text", "level"]


def test_no_form_asks_for_confirmation_beforehand():
    assert "sure" not in [field.param.name for field in form(COMMAND, {}).fields]


@pytest.mark.parametrize("args", [{"words": "x"}, {"words": ""}])
def test_nothing_is_asked_where_all_that_is_needed_was_sent_even_if_empty(args):
    assert form(COMMAND, args) is None


def test_an_error_names_a_field_as_its_form_does():
    days = Param("follow-up", "business days", kind=Kind.NUMBER)
    with pytest.raises(Refused, match=r"^follow up must be a number") as refused:
        checked(replace(COMMAND, params=(days,)), {"follow-up": "soon"}, NOW)
    assert refused.value.param == "follow-up"
    assert days.label == "Follow up"


def test_a_number_that_is_no_ask_is_refused_with_those_there_are():
    check_asks({3: None, 8: None}, (3, 8))
    with pytest.raises(Refused, match=r"There is no ask 5\. The asks are 3, 8\.") as refused:
        check_asks({3: None, 8: None}, (3, 5), param="ask")
    assert refused.value.param == "ask"


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (read_later, "31-02-2027", "“31-02-2027” is not a date. For example: Dec 18 5pm"),
        (read_later, "11/20", "“11/20” is in the past (Fri Nov 20, 2026). For example: next Friday 5pm"),
        (read_later, "9am", "“9am” is in the past (Tue Nov 24, 2026). For example: next Friday 5pm"),
        (read_later, "12/18/2028", "“12/18/2028” is more than a year away (Mon Dec 18, 2028). For example: Dec 18 5pm"),
        (read_past_day, "12/18 5", "“12/18 5” is not a date. For example: Nov 24 or 11/24/2026"),
        (read_past_day, "soon", "“soon” is not a date. For example: Nov 24 or 11/24/2026"),
        (read_past_day, "0001-01-01", "“0001-01-01” is not a date. For example: Nov 24 or 11/24/2026"),
        (read_past_day, "11/25", "“11/25” is in the future (Wed Nov 25, 2026). For example: yesterday"),
    ],
)
def test_a_refused_date_is_named_with_one_that_would_do(read, text, says):
    when = Param("until", "when", check=read)
    with pytest.raises(Refused) as refused:
        checked(replace(COMMAND, params=(when,)), {"until": text}, NOW)

    assert (refused.value.what, refused.value.param) == (says, "until")
    example = says.partition("For example: ")[2].partition(" or ")[0]
    assert read(example, NOW)


def test_a_day_is_that_of_the_zone_in_which_it_was_typed():
    late = datetime(2026, 11, 25, 3, tzinfo=UTC).astimezone(ZoneInfo("America/New_York"))  # 10 p.m. on Tuesday
    assert read_past_day("today", late) == date(2026, 11, 24)
    assert read_later("tomorrow 9am", late) == datetime(2026, 11, 25, 14, tzinfo=UTC)


def test_what_is_wrong_is_said_although_something_is_missing():
    with pytest.raises(Refused) as refused:
        checked_values(COMMAND, {"count": "four"}, NOW)
    assert refused.value.param == "count"


def test_a_date_that_lacks_its_hour_is_not_called_wrong_about_its_day_of_the_week():
    with pytest.raises(Refused) as refused:
        read_moment("Fri Dec 18", NOW, None)
    assert refused.value.what == "“Fri Dec 18” is not a date with an hour. For example: Dec 18 5pm"


@pytest.mark.parametrize(("read", "text"), [(read_later, "Mon Dec 18"), (read_past_day, "Monday, Nov 20, 2026")])
def test_a_date_with_another_day_of_the_week_is_refused_with_the_right_one(read, text):
    with pytest.raises(Refused) as refused:
        read(text, NOW)
    right = {"Mon Dec 18": "Fri Dec 18, 2026"}.get(text, "Fri Nov 20, 2026")
    assert refused.value.what == f"“{text}” is wrong about the day of the week: it is {right}"
