"""Broken, hostile and badly behaved feeds over loopback; the test names start with a row of docs/reliability.md.

Feeds that may fill memory are polled in a separate process (`probe.py`), whose resident set may grow by 64 MB.
"""

import asyncio
import gzip
import json
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.polling import next_poll
from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, FetchFailed, Health, Memory, NotModified
from bot.sources.feeds.feed import FeedSource
from tests.kit.effort import counted_lines
from tests.peers import feedserver
from tests.peers.feedserver import gzip_bomb, rss, serving

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ITEM = {"title": "Story", "link": "https://example.gov/1", "guid": "1"}
GZIP = {"Content-Encoding": "gzip"}


@pytest.fixture
async def server():
    async with serving() as server:
        server.say("/good", rss(ITEM))
        yield server


@pytest.fixture
async def fetcher():
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0, seconds=5))
    yield fetcher
    await fetcher.close()


@pytest.fixture
def poll(server, fetcher):
    async def once(body=None, memory=None, *, path="/feed", now=NOW, **text):
        if body is not None:
            server.say(path, body, **text)
        return await FeedSource("s", "Source", server.url(path), fetcher).poll(memory or Memory(), now)

    return once


@pytest.fixture
def probe(server):
    """Poll a body in a separate process; return the cost, and fail if it was too much."""

    async def cost(body=None, path="/bad", **text):
        if body is not None:
            server.say(path, body, **text)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.poison.probe", server.url("/good"), server.url(path)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        report = json.loads(out)
        assert report["growth"] <= 64, report
        assert report["child"] <= 128, report  # 48 MB of which are Python and its libraries
        return report

    return cost


def titles(answer):
    assert isinstance(answer, Fetched), answer
    return [entry.title for entry in answer.entries]


# ── E1, malformed, truncated, bare ampersands, NULs, undeclared entities


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        ("Jobs & rights", "Jobs & rights"),
        ("Caf&eacute; talks", "Café talks"),
        ("One\0two", "Onetwo"),
        ("Bell\x07 rings", "Bell rings"),
        ("Open <b>tag", "Open tag"),
        ("What is &nonsense; here", "What is &nonsense; here"),
    ],
)
async def test_e1_malformed_text_is_salvaged(poll, broken, title):
    feed = rss({**ITEM, "title": "BROKEN"}, {**ITEM, "title": "Whole", "link": "https://example.gov/2", "guid": "2"})
    answer = await poll(feed.replace("BROKEN", broken))
    assert titles(answer) == ["Whole", title]


async def test_e1_a_half_item_is_never_seen_and_comes_whole_with_the_next_poll(poll):
    feed = rss(ITEM, {"title": "Second", "link": "https://example.gov/2", "guid": "2", "description": "all of it"})
    cut = await poll(feed[: feed.index("all of")], headers={"ETag": '"1"'})
    assert titles(cut) == ["Story"]
    assert cut.broken == 1
    assert "was cut off" in cut.detail
    whole = await poll(feed, cut.memory, headers={"ETag": '"1"'})
    assert titles(whole) == ["Second"]
    assert whole.entries[0].summary == "all of it"


async def test_e1_items_with_nothing_to_know_them_by_are_dropped_and_counted(poll):
    answer = await poll(rss(ITEM, {}, {"description": "lost"}))
    assert titles(answer) == ["Story"]
    assert (answer.broken, answer.detail) == (2, "2 items without title, link and id left out")


async def test_e1_a_feed_that_breaks_off_before_its_first_item_is_malformed(poll):
    assert (await poll("<rss version='2.0'><channel><title>News")).health is Health.MALFORMED


# ── E2, wrong encodings


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("cp1252", "utf-8", "application/rss+xml"),
        ("cp1252", "utf-8", "text/xml; charset=utf-8"),
        ("latin-1", "iso-8859-1", "text/xml"),
        ("utf-16", "utf-16", "application/rss+xml"),
        ("utf-16-le", "utf-8", "application/rss+xml"),
        ("utf-16-be", "utf-8", "application/rss+xml; charset=utf-8"),
        ("utf-8-sig", "iso-8859-1", "application/rss+xml"),
        ("utf-8", "utf-8", "text/plain"),
        ("utf-8", "no-such-code", "application/rss+xml"),
    ],
)
async def test_e2_a_wrong_encoding_is_seen_through_and_is_no_fault(poll, encoding, declared, content_type):
    feed = rss({**ITEM, "title": "Café – naïve"} if encoding != "latin-1" else {**ITEM, "title": "Café naïve"})
    body = feed.replace('version="1.0"', f'version="1.0" encoding="{declared}"', 1).encode(encoding)
    answer = await poll(body, content_type=content_type)
    assert titles(answer)[0].replace(" –", "") == "Café naïve"
    assert answer.health is Health.OK


# ── E3, something else with status 200


@pytest.mark.parametrize(
    ("body", "content_type", "health"),
    [
        ("<!DOCTYPE html><html><head><title>Log in</title></head></html>", "text/html", Health.NOT_A_FEED),
        (
            "<html><body><div id='root'></div><script src='app.js'></script></body></html>",
            "text/html",
            Health.NOT_A_FEED,
        ),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "application/xml", Health.NOT_A_FEED),
        ('{"items": []}', "application/json", Health.NOT_A_FEED),
        ("[]", "application/rss+xml", Health.NOT_A_FEED),
        ("", "application/rss+xml", Health.MALFORMED),
        (" \n", "application/rss+xml", Health.MALFORMED),
        ("Service temporarily down", "text/plain", Health.MALFORMED),
        ("<opml><body/></opml>", "application/xml", Health.MALFORMED),
    ],
)
async def test_e3_what_is_no_feed_is_reported_for_what_it_is(poll, body, content_type, health):
    answer = await poll(body, content_type=content_type)
    assert isinstance(answer, FetchFailed)
    assert answer.health is health


# ── E4, entities

LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(9))
ENTITIES = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY a "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY j "{"a" * 9_000}">]>',
    "external file": '<!DOCTYPE rss [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    "external address": '<!DOCTYPE rss [<!ENTITY j SYSTEM "SERVER/entity">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % j SYSTEM "SERVER/entity"> %j;]>',
    "small letters": '<!doctype rss [<!entity j "x">]>',
}


@pytest.mark.parametrize("name", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-7", "cp037"])
async def test_e4_a_doctype_with_an_entity_is_refused_in_any_disguise(server, poll, name, encoding):
    feed = rss(ITEM, head=ENTITIES[name].replace("SERVER", server.url(""))).replace("Story", "&j;")
    body = feed.replace('version="1.0"', f'version="1.0" encoding="{encoding}"', 1)
    if encoding == "utf-7":
        head, tail = body.split("?>", 1)
        data = (head + "?>" + tail.replace("<!", "+ADwAIQ-")).encode()
    else:
        data = body.encode(encoding)
    answer = await poll(
        data, content_type=f"application/xml; charset={encoding}" if encoding == "cp037" else "text/xml"
    )
    assert isinstance(answer, FetchFailed)
    assert answer.health is Health.REFUSED
    assert server.count("/entity") == 0


async def test_e4_an_external_dtd_is_not_fetched(server, poll):
    answer = await poll(rss(ITEM, head=f'<!DOCTYPE rss SYSTEM "{server.url("/dtd")}">'))
    assert titles(answer) == ["Story"]
    assert server.count("/dtd") == 0


async def test_e4_an_article_about_entities_is_no_attack(poll):
    assert titles(await poll(rss({**ITEM, "title": '<!ENTITY x "y"> explained'})))


@pytest.mark.long
@pytest.mark.parametrize("name", ["billion laughs", "quadratic"])
async def test_e4_an_entity_bomb_takes_no_memory(probe, name):
    report = await probe(rss(ITEM, head=ENTITIES[name]).replace("Story", "&j;" * 5_000))
    assert report["health"] == Health.REFUSED


# ── E5, what makes a parser slow


@pytest.mark.long
@pytest.mark.parametrize(
    ("body", "health"),
    [
        (rss(ITEM).replace("<item>", f'<item x="{"a" * 8_000_000}">'), Health.OK),
        (rss(ITEM).replace("<item>", f"<!--{'a' * 8_000_000}--><item>"), Health.OK),
        (rss(ITEM).replace("Story", "<b>" * 100_000), Health.OK),
        (rss({**ITEM, "title": "a" * 9_000_000}), Health.OK),
        (rss({**ITEM, "author": "a" * 200_000}), Health.OK),
        ("<?xml version='1.0'?>" + " " * 250_000 + rss(ITEM)[21:], Health.REFUSED),
        ("<?xml " + 'encoding="a" ' * 15_000 + "<rss/>", Health.REFUSED),
        ("<rss>" + "<" * 250_000, Health.MALFORMED),
    ],
    ids=["attribute", "comment", "nesting", "title", "author", "blanks", "declaration", "brackets"],
)
async def test_e5_a_body_made_to_be_slow_is_read_in_bounds_or_refused(probe, body, health):
    assert (await probe(gzip.compress(body.encode()), headers=GZIP))["health"] == health


async def test_e5_the_event_loop_goes_on_while_a_slow_body_is_read(poll):
    await poll(rss(ITEM))  # what is done once
    with counted_lines() as few:
        await poll(rss(ITEM))
    with counted_lines() as lines:  # that run in the event loop's own thread
        await poll(rss({**ITEM, "title": "<b>" * 20_000}))
        await poll(rss(*({**ITEM, "guid": str(n), "link": f"https://example.gov/{n}"} for n in range(6_000))))
    assert len(lines) < 4 * len(few)


# ── E6, bombs


@pytest.mark.long
@pytest.mark.parametrize(("layers", "health"), [(1, Health.TOO_LARGE), (2, Health.MALFORMED)])
async def test_e6_a_gzip_bomb_never_unfolds(probe, layers, health):
    assert (await probe(gzip_bomb(300_000_000, layers), headers=GZIP))["health"] == health


async def test_e6_an_endless_body_is_left_at_the_cap(server, probe):
    server.script("/endless", feedserver.endless)
    report = await probe(path="/endless")
    assert (report["health"], report["detail"]) == (Health.TOO_LARGE, "127.0.0.1 sends more than 5 MB")


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
async def test_e6_packings_without_a_cap_are_refused(poll, coding):
    assert (await poll(b"x", headers={"Content-Encoding": coding})).health is Health.REFUSED


# ── E7, slow peers


@pytest.mark.parametrize("manner", [feedserver.dripping, feedserver.hanging])
async def test_e7_a_slow_feed_ends_at_the_total_deadline_and_delays_no_other(server, manner):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1", "localhost"], limits=Limits(gap=0, seconds=2))
    slow = server.script("/slow", manner)
    waiting = [asyncio.create_task(fetcher.get(slow, now=NOW)) for _ in range(2)]
    await asyncio.sleep(0.05)
    await FeedSource("s", "S", server.url("/good").replace("127.0.0.1", "localhost"), fetcher).poll(Memory(), NOW)
    assert not any(one.done() for one in waiting)
    async with asyncio.timeout(30):  # the peers go on for longer
        answers = await asyncio.gather(*waiting)
    assert answers == [FetchFailed(Health.UNREACHABLE, "127.0.0.1 did not answer in full within 2 seconds")] * 2
    await fetcher.close()


async def test_e7_redirects_share_one_deadline(server):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0, seconds=0.3))

    async def late(request):
        await asyncio.sleep(0.12)
        return feedserver.web.Response(status=302, headers={"Location": f"/{int(request.path[1:]) + 1}"})

    for n in range(9):
        server.script(f"/{n}", late)
    answer = await fetcher.get(server.url("/0"), now=NOW)
    assert "within 0.3 seconds" in answer.detail
    await fetcher.close()


# ── E8, redirects


async def test_e8_a_loop_and_a_sixth_hop_are_refused_and_five_hops_followed(server, poll):
    server.redirect("/feed", "/feed")
    assert (await poll()).health is Health.REFUSED
    assert server.count("/feed") == 6
    for n in range(6):
        server.redirect(f"/hop{n}", f"/hop{n + 1}")
    server.say("/hop6", rss(ITEM))
    assert (await poll(path="/hop0")).health is Health.REFUSED
    assert titles(await poll(path="/hop1")) == ["Story"]


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/f", "gopher://127.0.0.1/", "data:,x", "javascript:1", "", "http://[::1"],
)
async def test_e8_only_http_and_https_are_followed(server, poll, target):
    server.redirect("/feed", target)
    assert (await poll()).health is Health.REFUSED


# ── E9, addresses on the inside

INSIDE = [
    *("http://127.0.0.1:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://0.0.0.0:PORT/", "http://127.1:PORT/"),
    *("http://2130706433:PORT/", "http://0x7f.1:PORT/", "http://[::1]:PORT/", "http://[::]:PORT/"),
    *("http://localhost:PORT/", "http://[64:ff9b::7f00:1]:PORT/", "http://[2002:7f00:1::]:PORT/"),
    *("http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://100.64.0.1/", "http://192.0.0.8/"),
]


@pytest.mark.parametrize("url", INSIDE)
async def test_e9_an_address_on_the_inside_is_not_connected_to(server, url):
    fetcher = Fetcher("test", limits=Limits(gap=0, seconds=2))
    answer = await fetcher.get(url.replace("PORT", str(server.port)), now=NOW)
    assert answer.health is Health.REFUSED
    assert server.asked == []
    await fetcher.close()


@pytest.mark.parametrize("url", INSIDE[1:])
async def test_e9_nor_by_a_redirect_from_a_host_that_is_allowed(server, poll, url):
    server.redirect("/feed", url.replace("PORT", str(server.port)))
    answer = await poll()
    assert answer.health is Health.REFUSED
    assert len(server.asked) == 1


async def test_e9_a_name_that_turns_to_the_inside_after_the_first_look_is_not_connected_to(server, monkeypatch):
    loop, looks = asyncio.get_running_loop(), []

    async def rebinding(host, port, **hints):
        looks.append(host)
        address = "127.0.0.1" if len(looks) > 1 else "192.0.2.1"
        return [(2, 1, 6, "", (address, port))]

    monkeypatch.setattr(loop, "getaddrinfo", rebinding)
    fetcher = Fetcher("test", limits=Limits(gap=0, seconds=2))
    for _ in range(2):
        await fetcher.get(f"http://feeds.example.org:{server.port}/good", now=NOW)
        await fetcher.close()  # a new session looks again
    assert len(looks) == 2
    assert server.asked == []


# ── E10, a body that names a file or an address


async def test_e10_a_body_that_is_an_address_or_a_path_is_only_text(server, poll, tmp_path):
    (tmp_path / "feed.xml").write_text(rss(ITEM))
    for body in (server.url("/good"), str(tmp_path / "feed.xml"), "file:///etc/passwd"):
        assert (await poll(body)).health is Health.MALFORMED
    assert server.count("/good") == 0


def test_e10_the_feed_parser_is_called_in_one_place_and_on_a_stream():
    calls = [
        line.strip()
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for line in path.read_text().splitlines()
        if re.search(r"^\s*(?:from|import) feedparser|feedparser\.\w+\(", line)
    ]
    assert [call.rpartition(" = ")[2] for call in calls] == [
        "import feedparser  # type: ignore[import-untyped]",
        "feedparser.parse(",
    ]
    source = (ROOT / "bot/sources/feeds/parse.py").read_text()
    assert re.search(r"feedparser\.parse\(\s*io\.BytesIO\(", source)


# ── E11, E12, much at once


async def test_e11_the_first_poll_of_500_items_is_marked_as_one(poll):
    answer = await poll(rss(*({**ITEM, "guid": str(n), "link": f"https://example.gov/{n}"} for n in range(500))))
    assert len(answer.entries) == 500
    assert answer.memory.first_success_at == NOW


async def test_e11_a_feed_whose_address_changed_keeps_its_baseline(poll):
    before = await poll(rss(ITEM))
    after = await poll(
        rss({**ITEM, "guid": "2", "link": "https://example.gov/2", "title": "Second"}, ITEM), before.memory, path="/new"
    )
    assert titles(after) == ["Second"]
    assert after.memory.first_success_at == NOW


@pytest.mark.long
async def test_e12_ten_thousand_items_are_read_up_to_a_bound_that_is_reported(probe):
    many = rss(*({"title": f"Story {n}", "link": f"https://example.gov/{n}", "guid": str(n)} for n in range(10_000)))
    report = await probe(many)
    assert report["entries"] == 5_000
    assert report["detail"] == "only the first 5,000 items were read, 5,000 were not"


# ── E13, marks that move


def story(n, **more):
    return {"title": f"Story {n}", "link": f"https://example.gov/{n}", "guid": f"http://example.gov/?p={n}", **more}


@pytest.mark.parametrize(
    "moved",
    [
        lambda n: story(n, guid=f"{n}-{time.monotonic_ns()}"),
        lambda n: story(n, guid=f"https://www.example.gov/?p={n}"),
        lambda n: story(n, link=f"https://example.gov/{n}?utm_source=rss&utm_medium=feed"),
        lambda n: story(n, pubDate="Tue, 24 Nov 2026 16:59:00 GMT"),
        lambda n: story(n, title=f"Story {n} (updated)"),
        lambda n: story(n, link=f"http://www.example.gov/{n}/"),
    ],
    ids=["guids at each fetch", "http to https", "tracking", "re-dated", "edited titles", "site moved"],
)
async def test_e13_items_of_which_one_mark_moves_are_nothing_new(poll, moved):
    before = await poll(rss(*map(story, range(20))))
    earlier_keys = {key for entry in before.entries for key in entry.identity}
    answer = await poll(rss(*map(moved, range(20))), before.memory)
    assert answer.health is Health.OK
    assert answer.memory.last_change_at == NOW
    assert all(earlier_keys.intersection(entry.identity) for entry in answer.entries)


async def test_e13_guids_and_pages_that_move_together_are_held_back_at_every_poll(poll):
    memory = (await poll(rss(*map(story, range(20))))).memory
    for turn in range(3):
        moved = [story(n, guid=f"{turn}-{n}", link=f"https://example.gov/{turn}/{n}") for n in range(20)]
        answer = await poll(rss(story(100 + turn), *moved), memory, now=NOW + timedelta(hours=turn))
        assert answer.health is Health.SUSPECT
        assert titles(answer) == [f"Story {100 + turn}"]
        memory = answer.memory


async def test_e13_a_guid_that_is_used_again_does_not_hide_a_new_story(poll):
    before = await poll(rss({"title": "A", "link": "https://example.gov/a", "guid": "latest"}))
    answer = await poll(rss({"title": "B", "link": "https://example.gov/b", "guid": "latest"}), before.memory)
    assert [entry.identity for entry in answer.entries] == [("url:example.gov/b",)]


# ── E14, E15, doubles and revenants


async def test_e14_items_that_share_a_guid_are_kept_apart_when_page_or_title_differ(poll):
    answer = await poll(
        rss(
            {**ITEM, "title": "A", "link": "https://example.gov/a"},
            {**ITEM, "title": "B", "link": "https://example.gov/b"},
        )
    )
    assert sorted(titles(answer)) == ["A", "B"]
    assert not set(answer.entries[0].identity) & set(answer.entries[1].identity)


async def test_e14_items_without_guid_date_and_link_are_known_by_their_title(poll):
    first = await poll(rss({"title": "A"}, {"title": "B"}))
    second = await poll(rss({"title": "A"}, {"title": " b "}, {"title": "C"}), first.memory)
    assert (sorted(titles(first)), titles(second)) == (["A", "B"], ["C"])


async def test_e15_an_item_that_resurfaces_comes_with_the_keys_it_had(poll):
    first = await poll(rss(story(1)))
    memory = first.memory
    for n in range(2, 400):
        memory = (await poll(rss(story(n)), memory)).memory
    back = await poll(rss(story(1)), memory, now=NOW + timedelta(days=90))
    assert [e.identity for e in back.entries] == [e.identity for e in first.entries]


# ── E16, dates


@pytest.mark.parametrize(
    "date",
    ["", "March 10, 2026", "Tue, 24 Nov 2026 12:00:00", "01 Jan 1970 00:00:00 GMT", "1 Jan 2126", "soon", "0" * 500],
)
async def test_e16_newness_never_depends_on_the_date_and_the_future_is_not_believed(poll, date):
    before = await poll(rss({**ITEM, "pubDate": "Tue, 24 Nov 2026 12:00:00 GMT"}))
    answer = await poll(rss({**ITEM, "pubDate": date}, story(2, pubDate=date)), before.memory)
    assert titles(answer) == ["Story 2"]
    published = answer.entries[0].published
    assert published is None or datetime(2026, 1, 1, tzinfo=UTC) < published <= NOW + timedelta(days=1)


# ── E17, manners


async def test_e17_a_server_that_always_says_not_modified_is_polled_gently_and_found_stale(server, fetcher):
    url = server.say("/feed", rss(ITEM), headers={"ETag": '"1"', "Last-Modified": "Tue, 24 Nov 2026 16:00:00 GMT"})
    source = FeedSource("s", "S", url, fetcher, stale_after=timedelta(days=3))
    memory = (await source.poll(Memory(), NOW)).memory
    for days in (1, 2, 3):
        answer = await source.poll(memory, NOW + timedelta(days=days))
        assert isinstance(answer, NotModified)
        memory = answer.memory
    assert (await source.poll(memory, NOW + timedelta(days=4))).health is Health.STALE
    assert all("If-None-Match" in headers and "If-Modified-Since" in headers for _, headers in server.asked[1:])


async def test_e17_a_server_that_ignores_conditions_costs_no_second_parse(poll):
    before = await poll(rss(ITEM))
    assert isinstance(await poll(None, before.memory), NotModified)


@pytest.mark.parametrize(
    ("status", "headers", "health", "wait"),
    [
        (410, {}, Health.GONE, timedelta(hours=1)),
        (403, {}, Health.BLOCKED, timedelta(hours=1)),
        (503, {"Retry-After": "120"}, Health.UNREACHABLE, timedelta(seconds=120)),
        (429, {"Retry-After": "Tue, 24 Nov 2026 19:00:00 GMT"}, Health.UNREACHABLE, timedelta(hours=2)),
        (500, {}, Health.UNREACHABLE, timedelta(minutes=5)),
    ],
)
async def test_e17_a_refusal_is_reported_for_what_it_is_and_waited_out(poll, status, headers, health, wait):
    answer = await poll("", status=status, headers=headers)
    assert answer.health is health
    due = next_poll(
        every=timedelta(minutes=30),
        between=None,
        health=answer.health,
        failures=1,
        retry_at=answer.retry_at,
        now=NOW,
        jitter=0.0,
    )
    assert due - NOW >= wait * 0.95
