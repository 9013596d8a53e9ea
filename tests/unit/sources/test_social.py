"""Bluesky and Mastodon as a visitor sees them: which posts are read, and what their servers do wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.shared.answer import POSTS_AT_ONCE, FetchFailed, Health, Memory
from bot.sources.social import Bluesky, Mastodon
from tests.kit.source_reader import SourceReader
from tests.peers.social import DID, POSTS, SEARCH, SESSION, STATUSES, TAG, Networks, skeet, toot

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
PAGE = "<!DOCTYPE html><html><head><title>Down</title></head><body>We are working on it</body></html>"


class Reader(SourceReader):
    def __init__(self, server):
        super().__init__(server, NOW)
        self.networks = Networks(server)

    def bluesky(self, key=""):
        return Bluesky("b", "B", self.server.url(""), self.fetcher, keyword='"River Alliance"', key=key)

    def mastodon(self, query="#RiverAlliance"):
        return Mastodon("m", "M", self.server.url("/"), self.fetcher, keyword=query)

    async def poll(self, source, *rows, path=""):
        if path or rows:
            self.networks.show(path or SEARCH, *rows)
        self.now += timedelta(hours=2)
        return await self.ask(source)


# --- what is read ----------------------------------------------------------------------------------------------------


async def test_a_bluesky_post_has_its_author_link_time_and_words(reader):
    answer = await reader.poll(reader.bluesky(), skeet(1, "The River Alliance is right. &amp; <b>so</b>"))

    (post,) = answer.posts
    assert (post.network, post.handle, post.source) == ("Bluesky", "jo.example", "b")
    assert post.url == f"https://bsky.app/profile/{DID}/post/3k0001"
    assert post.key == post.ref == f"at://{DID}/app.bsky.feed.post/3k0001"
    # Bluesky's text has no markup: these are its words.
    assert post.text == "The River Alliance is right. &amp; <b>so</b>"
    assert post.at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert answer.entries == ()
    assert "q=%22River+Alliance%22&sort=latest&limit=100" in reader.server.asked[0][0]


async def test_a_mastodon_post_is_plain_text_and_keeps_its_author_s_warning(reader):
    warned = toot(2, "<p>About <a href='https://x.example'>#RiverAlliance</a></p>", spoiler_text="Politics")
    answer = await reader.poll(reader.mastodon(), toot(1, account={"acct": "local"}), warned, path=TAG)

    first, second = answer.posts
    assert (first.network, first.handle, first.text) == ("Mastodon", "local@127.0.0.1", "The River Alliance is right.")
    assert (first.key, first.url) == (
        "https://elsewhere.example/users/jo/statuses/1",
        "https://elsewhere.example/@jo/1",
    )
    assert (second.handle, second.text, second.warning) == ("jo@elsewhere.example", "About #RiverAlliance", "Politics")


async def test_a_mastodon_post_with_a_long_address_has_a_short_key(reader):
    row = toot(1, uri=f"https://elsewhere.example/{'論' * 2_000}")
    (post,) = (await reader.poll(reader.mastodon(), row, path=TAG)).posts
    assert len(post.key) < 100


async def test_who_asks_not_to_be_shown_is_left_out_and_not_counted_as_broken(reader):
    bluesky = await reader.poll(reader.bluesky(), skeet(1, author={"labels": [{"val": "!no-unauthenticated"}]}))
    assert (bluesky.posts, bluesky.broken) == ((), 0)

    reader.memory = Memory()
    mastodon = await reader.poll(
        reader.mastodon(),
        toot(1, account={"noindex": True}),
        toot(2, visibility="unlisted"),
        toot(3, reblog={"id": "9"}),
        path=TAG,
    )
    assert (mastodon.posts, mastodon.broken) == ((), 0)


async def test_an_author_cannot_post_in_the_future_or_under_a_forged_handle(reader):
    (post,) = (
        await reader.poll(
            reader.bluesky(),
            skeet(1, record={"createdAt": "2031-01-01T00:00:00Z"}, author={"handle": "jo.example\n@everyone"}),
        )
    ).posts
    assert post.at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert post.handle == DID


async def test_rows_without_an_address_or_a_time_are_counted_as_broken(reader):
    answer = await reader.poll(
        reader.bluesky(), skeet(1, uri="https://bsky.app/x"), skeet(2, record={"createdAt": "soon"}, indexedAt=None), 7
    )
    assert (answer.posts, answer.broken) == ((), 3)

    reader.memory = Memory()
    rows = (toot(1, uri="javascript:alert(1)"), toot(2, created_at=None), toot(3, account={"acct": "<b>"}), toot(4))
    answer = await reader.poll(reader.mastodon(), *rows, path=TAG)
    assert (len(answer.posts), answer.broken) == (1, 3)


async def test_a_huge_text_is_cut(reader):
    (post,) = (await reader.poll(reader.bluesky(), skeet(1, "word " * 100_000))).posts
    assert len(post.text) <= 2_000
    reader.memory = Memory()
    (post,) = (await reader.poll(reader.mastodon(), toot(1, "<p>word</p>" * 50_000), path=TAG)).posts
    assert len(post.text) <= 2_000


async def test_a_hashtag_is_one_step_of_the_address(reader):
    await reader.poll(reader.mastodon("#../../v2/search?q=x"))
    assert reader.server.asked[0][0] == "/api/v1/timelines/tag/..%2F..%2Fv2%2Fsearch%3Fq=x?limit=40"


# --- repeats and pages -----------------------------------------------------------------------------------------------


async def test_the_first_answer_is_the_baseline_and_a_repeat_is_no_news(reader):
    first = await reader.poll(reader.bluesky(), skeet(1), skeet(2))
    again = await reader.poll(reader.bluesky(), skeet(3), skeet(2), skeet(1), skeet(3))

    assert first.baseline == {post.key for post in first.posts}
    assert [post.ref[-4:] for post in again.posts] == ["0003"]
    assert again.baseline == frozenset()
    assert (await reader.poll(reader.bluesky())).posts == ()


async def test_pages_are_read_until_a_known_post_and_at_most_three(reader):
    await reader.poll(reader.bluesky(), skeet(0))
    answer = await reader.poll(reader.bluesky(), *(skeet(n) for n in range(150, -1, -1)))
    assert (len(answer.posts), answer.health, reader.server.count(SEARCH)) == (150, Health.OK, 0)
    assert len(reader.server.asked) == 1 + 2

    answer = await reader.poll(reader.bluesky(), *(skeet(n) for n in range(900, 500, -1)))
    assert (len(answer.posts), answer.health) == (300, Health.OVERRUN)
    assert len(reader.server.asked) == 3 + 3


async def test_mastodon_s_pages_go_on_below_the_oldest_id(reader):
    await reader.poll(reader.mastodon(), toot(0), path=TAG)
    answer = await reader.poll(reader.mastodon(), *(toot(n) for n in range(60, -1, -1)), path=TAG)
    assert (len(answer.posts), answer.health) == (60, Health.OK)
    assert reader.server.asked[-1][0].endswith("limit=40&max_id=11550021")


async def test_a_second_page_that_is_refused_to_visitors_loses_nothing_of_the_first(reader):
    await reader.poll(reader.bluesky(), skeet(0))
    reader.networks.refusing.add(SEARCH)
    answer = await reader.poll(reader.bluesky(), *(skeet(n) for n in range(150, -1, -1)))

    assert (len(answer.posts), answer.health) == (100, Health.OVERRUN)
    assert answer.detail == "every listed post was new: some may have been missed"


async def test_a_search_without_results_is_an_answer(reader):
    assert (await reader.poll(reader.bluesky(), path=SEARCH)).health is Health.EMPTY_EXPECTED
    assert (await reader.poll(reader.bluesky(), skeet(1))).baseline == frozenset()


# --- what servers do wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "health"),
    [
        ({"body": PAGE, "content_type": "text/html"}, Health.NOT_A_FEED),
        ({"body": '{"error": "AuthMissing"}', "content_type": "application/json"}, Health.MALFORMED),
        ({"body": '"posts"', "content_type": "application/json"}, Health.MALFORMED),
        ({"body": '{"posts": {}}', "content_type": "application/json"}, Health.MALFORMED),
        ({"status": 500}, Health.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("name", ["bluesky", "mastodon"])
async def test_an_error_is_health_whatever_its_status(reader, name, how, health):
    source = getattr(reader, name)()
    for path in (SEARCH, TAG, POSTS, STATUSES):
        reader.server.say(path, **how)

    assert (await reader.poll(source)).health is health
    assert (await source.look_up(["1"], NOW)).health is health  # so no stored post counts as deleted


@pytest.mark.parametrize("status", [401, 403])
async def test_a_search_that_wants_an_account_says_which_setting_and_is_not_gone(reader, status):
    reader.server.say(SEARCH, status=status)
    answer = await reader.poll(reader.bluesky())

    assert answer.health is Health.NEEDS_KEY
    assert answer.detail.endswith(": it may want an account; set BLUESKY_LOGIN in .env")
    reader.server.say(SEARCH, status=404)
    assert (await reader.poll(reader.bluesky())).health is Health.GONE


async def test_with_an_app_password_a_session_is_opened_and_neither_is_in_an_address(reader):
    reader.networks.show(SEARCH, skeet(1))
    search, asked = reader.server.pages[SEARCH], []

    async def log_in(request):
        asked.append(await request.json())
        return web.json_response({"accessJwt": "a-session", "refreshJwt": "another", "did": "did:plc:a"})

    async def only_with_a_session(request):
        return (
            await search(request)
            if request.headers.get("Authorization") == "Bearer a-session"
            else web.Response(status=403)
        )

    reader.server.script(SESSION, log_in)
    reader.server.script(SEARCH, only_with_a_session)
    answer = await reader.poll(reader.bluesky(key="us.example:abcd-efgh"))

    assert len(answer.posts) == 1
    assert asked == [{"identifier": "us.example", "password": "abcd-efgh"}]
    assert not any("abcd" in path or "a-session" in path for path, _ in reader.server.asked)


@pytest.mark.parametrize("refusing", [SESSION, SEARCH])
async def test_a_login_that_is_refused_is_named_and_not_shown(reader, refusing):
    reader.networks.show(SEARCH, skeet(1))
    reader.server.say(SESSION, '{"accessJwt": "a-session"}', content_type="application/json")
    reader.server.say(refusing, '{"error": "AuthenticationRequired"}', status=401, content_type="application/json")
    answer = await reader.poll(reader.bluesky(key="us.example:abcd-efgh"))

    assert answer.health is Health.NEEDS_KEY
    assert answer.detail == "127.0.0.1 answered 401 Unauthorized: check BLUESKY_LOGIN"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "600"}, 600),
        ({"ratelimit-reset": f"{int(NOW.timestamp()) + 9_000}"}, 9_000 - 7_200),
        ({"ratelimit-reset": "300"}, 300),
        ({"X-RateLimit-Reset": "2026-11-24T17:05:00.123456Z"}, 300.123456),
        ({"X-RateLimit-Reset": "2026-11-24T09:00:00Z"}, 0),
        ({"Retry-After": format_datetime(NOW + timedelta(hours=3), usegmt=True), "ratelimit-reset": "9"}, 3_600),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Reset": "9" * 40}, None),
    ],
)
async def test_a_rate_limit_is_waited_for_in_every_form(reader, headers, seconds):
    reader.server.say(SEARCH, status=429, headers=headers)
    answer = await reader.poll(reader.bluesky())

    assert isinstance(answer, FetchFailed)
    assert answer.health is Health.UNREACHABLE
    assert answer.retry_at == (None if seconds is None else reader.now + timedelta(seconds=seconds))


# --- looking again ---------------------------------------------------------------------------------------------------


async def test_a_deleted_post_is_missing_and_an_edited_one_has_its_new_words(reader):
    refs = [f"at://{DID}/app.bsky.feed.post/3k{n:04}" for n in range(3)]
    reader.networks.show(
        POSTS, skeet(0), skeet(1, "Edited."), skeet(2, author={"labels": [{"val": "!no-unauthenticated"}]})
    )
    current = await reader.bluesky().look_up(refs, NOW)
    assert {ref[-1]: post.text for ref, post in current.items()} == {
        "0": "The River Alliance is right.",
        "1": "Edited.",
    }

    reader.networks.show(STATUSES, toot(1), toot(2, visibility="private"))
    current = await reader.mastodon().look_up(["11550001", "11550002", "11550003"], NOW)
    assert list(current) == ["11550001"]
    assert POSTS_AT_ONCE <= 20  # Mastodon refuses to look up more in one request
