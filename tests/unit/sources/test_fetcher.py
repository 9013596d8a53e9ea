import asyncio
import gzip
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from aiohttp import web

from bot.fetch.http import Fetcher, Limits, Pacing, user_agent
from bot.shared.answer import Body, FetchFailed, Health, Unchanged
from tests.peers import feedserver
from tests.peers.feedserver import serving

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
AGENT = user_agent("ops@example.org")


@pytest.fixture
async def fetcher():
    fetcher = Fetcher(AGENT, allow_hosts=["127.0.0.1"], limits=Limits(gap=0, seconds=5))
    yield fetcher
    await fetcher.close()


@asynccontextmanager
async def reading(**options):
    fetcher = Fetcher(AGENT, limits=Limits(gap=0, seconds=5), **options)
    yield fetcher
    await fetcher.close()


async def test_a_first_answer_brings_the_body_and_what_makes_the_next_request_conditional(server, fetcher):
    url = server.say("/feed", b"<rss/>", headers={"ETag": '"1"', "Last-Modified": "Tue, 24 Nov 2026 16:00:00 GMT"})
    body = await fetcher.get(url, now=NOW, accept="application/rss+xml")
    assert isinstance(body, Body)
    assert (body.url, body.status, body.data, body.moved_to) == (url, 200, b"<rss/>", None)
    assert body.validators["etag"] == '"1"'
    [(_, headers)] = server.asked
    assert headers["User-Agent"].startswith("coalition-bot/")
    assert headers["User-Agent"].endswith("(+ops@example.org)")
    assert headers["Accept"] == "application/rss+xml"
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert "If-None-Match" not in headers


async def test_the_next_request_sends_both_conditions_and_a_304_is_unchanged(server, fetcher):
    url = server.say("/feed", b"<rss/>", headers={"ETag": '"1"', "Last-Modified": "Tue, 24 Nov 2026 16:00:00 GMT"})
    first = await fetcher.get(url, now=NOW)
    second = await fetcher.get(url, first.validators, now=NOW)
    assert second == Unchanged(first.validators)
    assert server.asked[1][1]["If-None-Match"] == '"1"'
    assert server.asked[1][1]["If-Modified-Since"] == "Tue, 24 Nov 2026 16:00:00 GMT"


@pytest.mark.parametrize("tag", ['"\u00e9"', '"1\x07"', '"\udce9"'])
async def test_a_condition_that_no_request_can_carry_is_left_out(server, fetcher, tag):
    url = server.say("/feed", b"<rss/>")
    stored = {"etag": tag, "modified": "Tue, 24 Nov 2026 16:00:00 GMT"}  # as an earlier version may have stored it
    assert isinstance(await fetcher.get(url, stored, now=NOW), Body)
    [(_, headers)] = server.asked
    assert "If-None-Match" not in headers
    assert headers["If-Modified-Since"] == stored["modified"]


async def test_a_mark_that_is_no_text_is_not_stored(server, fetcher):
    url = server.say("/feed", b"<rss/>", headers={"ETag": '"\u00e9"'})
    assert "etag" not in (await fetcher.get(url, now=NOW)).validators


async def test_the_same_bytes_are_unchanged_even_when_the_server_knows_no_conditions(server, fetcher):
    url = server.say("/feed", b"<rss/>")
    first = await fetcher.get(url, now=NOW)
    assert isinstance(await fetcher.get(url, first.validators, now=NOW), Unchanged)
    server.say("/feed", b"<rss></rss>")
    assert isinstance(await fetcher.get(url, first.validators, now=NOW), Body)


async def test_not_modified_in_answer_to_a_first_request_is_a_fault(server, fetcher):
    answer = await fetcher.get(server.say("/feed", status=304), now=NOW)
    assert answer.health is Health.MALFORMED


@pytest.mark.parametrize("pack", [gzip.compress, lambda b: feedserver.deflated(b, bare=False)])
async def test_packed_bodies_are_unpacked(server, fetcher, pack):
    coding = "gzip" if pack is gzip.compress else "deflate"
    url = server.say("/feed", pack(b"<rss/>" * 1000), headers={"Content-Encoding": coding})
    assert (await fetcher.get(url, now=NOW)).data == b"<rss/>" * 1000


async def test_bare_deflate_is_unpacked_too(server, fetcher):
    packed = feedserver.deflated(b"<rss/>", bare=True)
    url = server.say("/feed", packed, headers={"Content-Encoding": "deflate"})
    assert (await fetcher.get(url, now=NOW)).data == b"<rss/>"


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip"])
async def test_a_packing_we_did_not_ask_for_is_refused(server, fetcher, coding):
    answer = await fetcher.get(server.say("/feed", b"x", headers={"Content-Encoding": coding}), now=NOW)
    assert answer.health is Health.REFUSED


@pytest.mark.parametrize(
    ("data", "health"), [(b"no gzip", Health.MALFORMED), (gzip.compress(b"x" * 999, mtime=0)[:-9], Health.UNREACHABLE)]
)
async def test_a_packed_body_that_is_broken_is_distinguished_from_one_cut_off(server, fetcher, data, health):
    answer = await fetcher.get(server.say("/feed", data, headers={"Content-Encoding": "gzip"}), now=NOW)
    assert answer.health is health


@pytest.mark.parametrize(
    ("status", "health"),
    [
        (404, Health.GONE),
        (410, Health.GONE),
        (401, Health.NEEDS_KEY),
        (403, Health.BLOCKED),
        (429, Health.UNREACHABLE),
        (500, Health.UNREACHABLE),
        (503, Health.UNREACHABLE),
        (400, Health.UNREACHABLE),
        (204, Health.UNREACHABLE),
    ],
)
async def test_each_status_is_a_class_a_person_can_act_on(server, fetcher, status, health):
    answer = await fetcher.get(server.say("/feed?api_key=secret", status=status), now=NOW)
    assert answer.health is health
    assert str(status) in answer.detail
    assert "secret" not in answer.detail


@pytest.mark.parametrize(
    "title",
    ["Just a moment...", "Federal Register :: Request Access", "Access Denied", "Attention Required! | Cloudflare"],
)
@pytest.mark.parametrize("status", [200, 503])
async def test_a_challenge_page_is_a_block_whatever_its_status(server, fetcher, title, status):
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head></html>"
    answer = await fetcher.get(server.say("/feed", page, status=status, content_type="text/html"), now=NOW)
    assert answer.health is Health.BLOCKED


async def test_a_feed_that_writes_about_access_denied_is_no_challenge_page(server, fetcher):
    feed = "<rss><channel><title>Access Denied</title></channel></rss>"
    assert isinstance(await fetcher.get(server.say("/feed", feed), now=NOW), Body)


async def test_a_redirect_to_the_page_for_blocked_visitors_is_a_block(server, fetcher):
    answer = await fetcher.get(server.redirect("/feed", "https://unblock.example.gov/"), now=NOW)
    assert answer.health is Health.BLOCKED


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("120", NOW + timedelta(seconds=120)),
        ("Tue, 24 Nov 2026 18:00:00 GMT", NOW + timedelta(hours=1)),
        ("Tue, 24 Nov 2026 16:00:00 GMT", NOW),
        ("soon", None),
        ("9" * 40, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_read_in_both_its_forms(server, fetcher, value, at, status):
    url = server.say("/feed", status=status, headers={"Retry-After": value})
    answer = await fetcher.get(url, now=NOW)
    assert answer.retry_at == at


async def test_a_permanent_move_is_followed_and_reported(server, fetcher):
    server.say("/new", b"<rss/>")
    server.redirect("/mid", "/new", 308)
    body = await fetcher.get(server.redirect("/old", "/mid", 301), now=NOW)
    assert body.moved_to == body.url == server.url("/new")


async def test_a_move_is_permanent_only_up_to_the_first_temporary_hop(server, fetcher):
    server.say("/today", b"<rss/>")
    server.redirect("/new", "/today", 302)
    body = await fetcher.get(server.redirect("/old", "/new", 301), now=NOW)
    assert (body.url, body.moved_to) == (server.url("/today"), server.url("/new"))


async def test_a_key_in_a_header_is_not_carried_to_another_origin(server):
    async with serving() as other, reading(allow_hosts=["127.0.0.1", f"127.0.0.1:{other.port}"]) as item:
        url = server.redirect("/feed", other.say("/feed", b"<rss/>"))
        await item.get(url, now=NOW, headers={"X-Api-Key": "secret"})
        assert server.asked[0][1]["X-Api-Key"] == "secret"
        assert "X-Api-Key" not in other.asked[0][1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_host_we_may_reach_inside_keeps_its_port(server, fetcher, status):
    async with serving() as other:
        other.say("/feed", b"<rss/>")
        answer = await fetcher.get(server.redirect("/feed", other.url("/feed"), status), now=NOW)
        assert other.asked == []
    assert answer.health is Health.REFUSED
    assert f"redirects to http://127.0.0.1:{other.port}, which allow_hosts does not name with its port" in answer.detail


async def test_a_redirect_from_elsewhere_does_not_reach_inside(server):
    async with (
        serving(host="localhost") as public,
        reading(allow_hosts=["localhost", "127.0.0.1"]) as item,
    ):
        answer = await item.get(public.redirect("/feed", server.say("/feed", b"<rss/>")), now=NOW)
    assert (answer.health, server.asked) == (Health.REFUSED, [])


async def test_a_redirect_from_https_to_plain_http_is_refused(server):
    authority = trustme.CA()
    theirs, ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(ours)
    allowed = ["127.0.0.1", f"127.0.0.1:{server.port}"]
    async with serving(tls=theirs) as safe, reading(allow_hosts=allowed, tls=ours) as item:
        answer = await item.get(safe.redirect("/feed", server.say("/feed", b"<rss/>")), now=NOW)
    assert answer.health is Health.REFUSED
    assert "redirects from https to plain http" in answer.detail
    assert server.asked == []


@pytest.mark.parametrize("coding", ["gzip\x1b[2J", "br\x9b31m", "x\u202e"])
async def test_what_a_server_writes_into_a_header_cannot_reach_a_terminal(server, fetcher, coding):
    async def answered(request: web.Request) -> web.StreamResponse:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: 1\r\n\r\nx"
        request.transport.write(head.encode())
        return web.Response()

    answer = await fetcher.get(server.script("/feed", answered), now=NOW)
    assert answer.detail.isprintable()


@pytest.mark.parametrize(
    "url", ["ftp://example.org/f", "file:///etc/passwd", "feeds.xml", "http://", "http://[::1", ""]
)
async def test_what_is_no_web_address_is_refused_without_a_request(fetcher, url):
    assert (await fetcher.get(url, now=NOW)).health is Health.REFUSED


async def test_an_address_with_a_password_is_refused_and_not_repeated(fetcher):
    answer = await fetcher.get("http://me:hunter2@127.0.0.1/feed", now=NOW)
    assert answer.health is Health.REFUSED
    assert "hunter2" not in answer.detail


async def test_requests_to_one_host_keep_their_distance(server):
    fetcher = Fetcher(AGENT, allow_hosts=["127.0.0.1", "localhost"], limits=Limits(gap=0.15))
    clock = asyncio.get_running_loop().time
    server.say("/feed", b"<rss/>")
    started = clock()
    await asyncio.gather(*(fetcher.get(server.url("/feed"), now=NOW) for _ in range(3)))
    assert clock() - started >= 0.3
    await fetcher.close()


async def test_a_request_that_keeps_its_distance_holds_up_no_other_host(server):
    fetcher = Fetcher(AGENT, allow_hosts=["127.0.0.1", "localhost"], limits=Limits(gap=3600))
    url = server.say("/feed", b"<rss/>")
    await fetcher.get(url, now=NOW)
    waits = asyncio.create_task(fetcher.get(url, now=NOW))
    async with asyncio.timeout(60):
        other = await fetcher.get(url.replace("127.0.0.1", "localhost"), now=NOW)
    assert isinstance(other, Body)
    assert (waits.done(), len(server.asked)) == (False, 2)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    await fetcher.close()


async def test_at_most_two_requests_to_one_host_are_under_way(server, fetcher):
    under_way, most = 0, 0

    async def slow(request):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.03)
        under_way -= 1
        return feedserver.web.Response(body=b"<rss/>")

    url = server.script("/feed", slow)
    answers = await asyncio.gather(*(fetcher.get(url, now=NOW) for _ in range(6)))
    assert all(isinstance(answer, Body) for answer in answers)
    assert most == 2


async def test_a_closed_port_a_missing_host_and_a_broken_answer_are_distinguished(server, fetcher, unused_tcp_port):
    refused = await fetcher.get(f"http://127.0.0.1:{unused_tcp_port}/feed", now=NOW)
    assert refused == FetchFailed(Health.UNREACHABLE, "127.0.0.1 refused the connection")
    missing = await fetcher.get("http://nothing.invalid/feed", now=NOW)
    assert missing.health is Health.UNREACHABLE
    assert 'host "nothing.invalid" was not found' in missing.detail
    broken = await fetcher.get(server.script("/feed", feedserver.broken_off), now=NOW)
    assert broken == FetchFailed(Health.UNREACHABLE, "127.0.0.1 closed the connection in the middle of its answer")


async def _over_tls(identity: str, host: str, **cert) -> FetchFailed | Body:
    ca, trusted = trustme.CA(), ssl.create_default_context()
    if identity != "self-signed":
        ca.configure_trust(trusted)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(host, **cert).configure_cert(context)
    fetcher = Fetcher(AGENT, allow_hosts=["localhost"], limits=Limits(gap=0), tls=trusted)
    async with serving(host="localhost", tls=context) as server:
        answer = await fetcher.get(server.say("/feed", b"<rss/>"), now=NOW)
        assert isinstance(answer, Body) or not server.asked
    await fetcher.close()
    return answer


async def test_a_good_certificate_is_accepted():
    assert isinstance(await _over_tls("good", "localhost"), Body)


async def test_bad_certificates_are_never_accepted_and_are_distinguished():
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    expired = await _over_tls("good", "localhost", not_before=long_ago, not_after=long_ago + timedelta(days=1))
    other = await _over_tls("good", "example.org")
    unknown = await _over_tls("self-signed", "localhost")
    assert [a.health for a in (expired, other, unknown)] == [Health.UNREACHABLE] * 3
    assert "expired" in expired.detail
    assert "another host name" in other.detail
    assert "signed by" in unknown.detail


@pytest.mark.parametrize("status", [201, 400, 403, 429, 500, 503])
async def test_what_is_sent_gets_its_answer_whatever_the_status_and_is_sent_once(server, fetcher, status):
    url = server.say("/write", '{"data": 1}', status=status, content_type="application/json")
    sent = await fetcher.send("POST", url, b"{}", now=NOW, content_type="application/vnd.api+json", headers={"X": "k"})

    assert (sent.status, sent.data) == (status, b'{"data": 1}')
    [(_, headers)] = server.asked
    assert (headers["Content-Type"], headers["X"]) == ("application/vnd.api+json", "k")


async def test_what_is_sent_follows_no_redirect_and_is_not_repeated(server, fetcher):
    server.redirect("/moved", server.url("/write"), status=307)
    refused = await fetcher.send("PUT", server.url("/moved"), b"x", now=NOW, content_type="application/pdf")
    cut = await fetcher.send(
        "POST", server.script("/cut", feedserver.broken_off), b"x", now=NOW, content_type="text/plain"
    )

    assert isinstance(refused, FetchFailed)
    assert isinstance(cut, FetchFailed)
    assert [path for path, _ in server.asked] == ["/moved", "/cut"]


async def test_a_question_is_posted_as_json_and_its_answer_comes_in_full(server, fetcher):
    async def echo(request):
        assert request.headers["Content-Type"] == "application/json"
        return web.Response(text=f"{request.method} {await request.text()}")

    url = server.script("/ask", echo)
    for _ in range(2):
        body = await fetcher.post(url, {"rows": 1}, now=NOW)
        assert body.data == b'POST {"rows": 1}'


async def test_a_question_is_not_sent_on_to_where_a_redirect_points(server, fetcher):
    server.say("/there", "{}")
    url = server.redirect("/ask", server.url("/there"), status=307)
    answer = await fetcher.post(url, {}, now=NOW)
    assert (answer.health, server.count("/there")) == (Health.REFUSED, 0)


async def test_a_question_goes_to_no_private_address(fetcher):
    answer = await fetcher.post("http://169.254.169.254/latest", {}, now=NOW)
    assert answer.health is Health.REFUSED


async def ask(pacing, host, gap=0.0):
    async with pacing.connections(host):
        await pacing.wait(host, gap)
    return asyncio.get_running_loop().time()


async def test_hosts_that_are_no_longer_asked_are_forgotten():
    pacing = Pacing(Limits(gap=0))
    for number in range(50):
        await ask(pacing, f"host{number}.test")
    assert (len(pacing._slots), len(pacing._next)) == (0, 1)


async def test_a_host_that_waits_long_is_kept_and_those_behind_it_are_forgotten_after_it():
    pacing = Pacing(Limits(gap=0))
    asked = await ask(pacing, "slow.test", gap=0.2)
    for number in range(50):
        await ask(pacing, f"host{number}.test")
    assert await ask(pacing, "slow.test", gap=0.2) - asked >= 0.2
    await ask(pacing, "last.test")
    assert list(pacing._next) == ["slow.test", "last.test"]
