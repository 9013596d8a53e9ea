"""Pages without a feed: what was added and removed, and what is no news of theirs at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.shared.answer import FetchFailed, Health, NotModified
from bot.shared.entry import Difference, Kind
from bot.sources.page import Page, PageText, is_redesigned, without_noise
from bot.sources.page_child import answer
from tests.kit.source_reader import SourceReader
from tests.peers.pages import EMPTY, PAGES, SIGN_IN, page, relaunched

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MADE = pytest.mark.parametrize("made", PAGES, ids=lambda made: made.name)


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)
        self.options = {}

    async def poll(self):
        source = Page("p", "A page", self.server.url("/page"), self.fetcher, **self.options)
        answer = await self.ask(source)
        self.now += timedelta(hours=6)
        return answer

    async def see(self, html, **reply):
        self.server.say("/page", html, **{"content_type": "text/html"} | reply)
        return await self.poll()


def quoted(answer, difference):
    return tuple(quote.text for entry in answer.entries for quote in entry.quotes if quote.difference is difference)


# --- five pages, five fates ------------------------------------------------------------------------------------------


@MADE
async def test_the_first_look_is_a_silent_baseline_and_an_unchanged_page_is_no_news(reader, made):
    first = await reader.see(page(made, made.lines))
    again = await reader.see(page(made, made.lines))

    assert (first.health, first.entries) == (Health.OK, ())
    assert (again.health, again.entries) == (Health.OK, ())


@MADE
async def test_a_real_change_is_one_entry_with_exactly_its_lines(reader, made):
    reader.options = {"rolling": made.rolling}
    await reader.see(page(made, made.lines))

    reply = await reader.see(page(made, made.after))

    assert reply.health is Health.OK
    (entry,) = reply.entries
    assert entry.kind is Kind.REVISION
    assert set(quoted(reply, Difference.ADDED)) == set(made.added)
    assert set(quoted(reply, Difference.REMOVED)) == (set() if made.rolling else set(made.removed))
    assert (await reader.see(page(made, made.after))).entries == ()


@MADE
async def test_a_redesign_is_distinguished_from_a_change_and_watched_from_the_second_look_on(reader, made):
    await reader.see(page(made, made.lines))

    looks = [await reader.see(relaunched(made)) for _ in range(3)]

    assert [(look.health, look.entries) for look in looks[:2]] == [(Health.REDESIGNED, ())] * 2
    assert isinstance(looks[2], NotModified)


@MADE
@pytest.mark.parametrize("way", ["in place", "sent there"])
async def test_a_page_to_sign_in_is_blocked_and_forgets_nothing(reader, made, way):
    reader.options = {"rolling": made.rolling}
    await reader.see(page(made, made.lines))
    if way == "sent there":
        reader.server.say("/login?to=page", SIGN_IN, content_type="text/html")
        reader.server.redirect("/page", reader.server.url("/login?to=page"))
        wall = await reader.poll()
    else:
        wall = await reader.see(SIGN_IN)

    assert isinstance(wall, FetchFailed)
    assert wall.health is Health.BLOCKED
    assert "sign-in" in wall.detail
    assert set(quoted(await reader.see(page(made, made.after)), Difference.ADDED)) == set(made.added)


@MADE
async def test_an_empty_page_is_empty_and_forgets_nothing(reader, made):
    await reader.see(page(made, made.lines))
    nothing = await reader.see(EMPTY)

    assert isinstance(nothing, FetchFailed)
    assert nothing.health is Health.EMPTY
    assert (await reader.see(page(made, made.lines))).entries == ()


# --- what else pages do ----------------------------------------------------------------------------------------------


async def test_a_notice_of_maintenance_is_not_taken_for_the_page(reader):
    made = PAGES[0]
    await reader.see(page(made, made.lines))
    notice = "<html><body><main><blockquote>Back soon, we are working on it</blockquote></main></body></html>"

    assert (await reader.see(notice)).health is Health.REDESIGNED
    reply = await reader.see(page(made, made.after))

    assert reply.health is Health.OK
    assert set(quoted(reply, Difference.ADDED)) == set(made.added)


async def test_a_page_that_goes_to_and_fro_gives_its_change_the_same_identity(reader):
    made = PAGES[1]
    await reader.see(page(made, made.lines))
    there = [await reader.see(page(made, lines)) for lines in (made.after, made.lines, made.after)]

    assert there[0].entries[0].identity == there[2].entries[0].identity != there[1].entries[0].identity


async def test_a_challenge_and_a_page_that_is_gone_have_their_own_classes(reader):
    challenge = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
    assert (await reader.see(challenge)).health is Health.BLOCKED
    assert (await reader.see("", status=403)).health is Health.BLOCKED
    assert (await reader.see("", status=404)).health is Health.GONE


async def test_a_part_that_is_missing_from_the_page_is_reported(reader):
    reader.options = {"select": "#orders"}
    reply = await reader.see(page(PAGES[0], PAGES[0].lines))
    assert (reply.health, reply.detail) == (Health.EMPTY, "the watched part (#orders) is not on the page")


async def test_a_selector_that_cannot_be_parsed_is_reported(reader):
    reader.options = {"select": "main["}
    reply = await reader.see(page(PAGES[0], PAGES[0].lines))
    assert (reply.health, reply.detail) == (Health.MALFORMED, "one of its selectors is invalid")


async def test_what_is_ignored_is_no_part_of_it(reader):
    reader.options = {"ignore": ["table"]}
    made = PAGES[0]
    await reader.see(page(made, made.lines))
    assert (await reader.see(page(made, made.after))).entries == ()


# --- robots.txt ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "health"),
    [
        ("User-agent: *\nDisallow: /page\n", Health.UNWELCOME),
        ("User-agent: *\nDisallow: /*age$\n", Health.UNWELCOME),
        ("User-agent: coalition-bot\nDisallow: /\n\nUser-agent: *\nDisallow:\n", Health.UNWELCOME),
        ("User-agent: *\nDisallow: /\nAllow: /page\n", Health.OK),
        ("User-agent: other\nDisallow: /\n", Health.OK),
        ("<html>no such file</html>", Health.OK),
    ],
)
async def test_robots_txt_is_obeyed(reader, rules, health):
    reader.server.say("/robots.txt", rules, content_type="text/plain")
    reply = await reader.see(page(PAGES[1], PAGES[1].lines))

    assert reply.health is health
    assert reader.server.count("/page") == (health is Health.OK)


@pytest.mark.long
async def test_a_robots_txt_of_many_robots_and_rules_takes_no_memory_of_the_bot(reader):
    robots, rules = (f"User-agent: a{n}\n" for n in range(12_000)), (f"Disallow: /{n}\n" for n in range(12_000))
    reader.server.say("/robots.txt", "".join([*robots, *rules]), content_type="text/plain")  # 144 million rules
    reply = await reader.see(page(PAGES[1], PAGES[1].lines))

    assert (reply.health, reader.server.count("/page")) == (Health.REFUSED, 0)


async def test_robots_txt_is_asked_once_a_day(reader):
    for _ in range(5):
        await reader.see(page(PAGES[1], PAGES[1].lines))
    assert reader.server.count("/robots.txt") == 2  # five looks, six hours apart


@pytest.mark.parametrize(("status", "health"), [(404, Health.OK), (403, Health.OK), (500, Health.UNREACHABLE)])
async def test_without_a_robots_txt_all_is_allowed_but_not_while_it_cannot_be_reached(reader, status, health):
    reader.server.say("/robots.txt", "", status=status)
    assert (await reader.see(page(PAGES[1], PAGES[1].lines))).health is health


# --- lines -----------------------------------------------------------------------------------------------------------


def lines(html, **head):
    reply = answer({"content_type": "text/html", "select": "main", "ignore": []} | head, html.encode())
    return reply["lines"]


def test_a_line_is_a_block_and_a_row_is_one_line():
    html = (
        "<main>loose <b>words</b><p>one <i>two</i><br>three</p><ul><li>x<ul><li>y</li></ul>z</li></ul>"
        "<table><tr><th>a</th><td><p>b</p><p>c</p></td></tr></table></main>"
    )
    assert lines(html) == ["loose words", "one two three", "x", "y", "z", "a | b c"]


@pytest.mark.parametrize("left_out", ["<nav>n</nav>", "<form>f</form>", "<p hidden>h</p>", "<script>s</script>"])
def test_menus_forms_and_what_is_hidden_are_no_lines(left_out):
    assert lines(f"<main><p>said</p>{left_out}</main>") == ["said"]


@pytest.mark.parametrize(("declared", "charset"), [("text/html; charset=windows-1252", ""), ("text/html", "cp1252")])
def test_a_page_in_another_encoding_is_read(declared, charset):
    html = f"<meta charset='{charset}'><main><p>Verité</p></main>".encode("cp1252")
    assert answer({"content_type": declared, "select": "main", "ignore": []}, html)["lines"] == ["Verité"]


@pytest.mark.parametrize(
    "line",
    ["Last updated: November 3, 2026", "Views: 1,234", "Tuesday, Nov. 24, 2026 10:02 a.m. EST", "Share", "Page 1 of 12",
     "12 comments", "Date last reviewed: 2026-11-03", "Back to top", "© 2026", "3 minutes ago"],
)  # fmt: skip
def test_dates_and_counters_alone_are_noise(line):
    assert without_noise([line]) == ()


@pytest.mark.parametrize(
    "line",
    ["51 active orders and 9 findings", "10/05/2026 | A cotton gin | Turkmenistan | Active", "Listening session May 3",
     "Contact us", "May 3: comments close"],
)  # fmt: skip
def test_a_line_with_something_to_say_is_kept_with_its_numbers(line):
    assert without_noise([line]) == (line,)


def test_a_page_with_few_lines_may_change_most_of_them_in_its_own_shape():
    before = PageText(("No session is planned.", "Write to us."), frozenset({"main/p"}))
    now = PageText(("A session is held on May 3.", "Write to us soon."), frozenset({"main/p"}))
    assert not is_redesigned(before, now)


def test_only_the_first_block_of_a_list_item_has_its_mark():
    html = b"<body><ul><li><p>Fund shelters.</p><p>They turn people away.</p></li><li>Keep data.</li></ul></body>"
    head = {"content_type": "text/html", "select": "body", "ignore": [], "mark_items": True}
    assert answer(head, html)["lines"] == ["\u2022 Fund shelters.", "They turn people away.", "\u2022 Keep data."]
