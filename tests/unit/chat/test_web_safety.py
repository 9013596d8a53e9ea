"""What a stranger may send to a log-in page, the proof that it is ours, and whose request counts against a limit."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import make_mocked_request

from bot.chat.web.safety import (
    FRAMED,
    HEADERS,
    RateLimit,
    add_headers,
    form_token,
    is_own,
    is_token,
    network,
    own_path,
    policy_with_script,
    visitor,
    visitor_address,
)
from bot.chat.web.site import Site, application
from tests.kit.ports import unused_port


@pytest.mark.parametrize(
    ("to", "leads_to"),
    [
        ("/letters/L-014?as=pdf", "/letters/L-014?as=pdf"),
        ("/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("letters", "/"),
        ("/letters\r\nSet-Cookie: a=b", "/"),
        ("/" + "x" * 1_999, "/" + "x" * 1_999),
        ("/" + "x" * 2_000, "/"),
    ],
)
def test_a_log_in_leads_to_a_path_of_this_site_and_nowhere_else(to, leads_to):
    assert own_path({"to": to}) == leads_to


def test_a_log_in_without_a_page_to_go_to_leads_home():
    assert own_path({}) == "/"


def test_a_form_s_token_is_that_of_its_session_and_odd_bytes_are_just_wrong():
    token = form_token("cookie")
    assert is_token(token, token)
    assert not is_token(form_token("other"), token)
    assert not is_token("\udcff", token)  # a byte that is no UTF-8, as aiohttp passes it on


def test_a_page_s_own_script_is_the_only_one_that_runs_and_reaches_no_other_site():
    policy = policy_with_script("n0nce").split("; ")
    assert "script-src 'nonce-n0nce'" in policy
    assert "connect-src 'self'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    ("said", "own"),
    [({}, True), *(({"Sec-Fetch-Site": site}, site in ("same-origin", "none")) for site in
                   ("same-origin", "none", "same-site", "cross-site")),
     *(({"Host": "Board.test", "Origin": origin}, origin == "https://board.test") for origin in
       ("https://board.test", "https://board.test.evil", "https://evil.test", "null", ""))],
)  # fmt: skip
def test_a_request_that_another_site_made_is_not_our_own(said, own):
    assert is_own(make_mocked_request("POST", "/", headers=said)) is own


async def test_every_response_has_the_headers_that_it_does_not_set_itself():
    response = web.Response(headers={"Content-Security-Policy": FRAMED})
    await add_headers(make_mocked_request("GET", "/"), response)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS | {"Content-Security-Policy": FRAMED}


PROXIES = [ip_network(each) for each in ("127.0.0.0/8", "::1/128", "10.0.0.0/8")]


@pytest.mark.parametrize(
    ("remote", "forwarded", "seen"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),  # Azure's gateways write the port
        ("10.1.2.3", "198.51.100.1, 203.0.113.7:80, 10.9.9.9:443", "203.0.113.7"),
        ("::1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("::1", "[2001:db8::1]", "2001:db8::1"),
        ("10.1.2.3", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first is the visitor's own word
        ("10.1.2.3", "203.0.113.7, 10.9.9.9", "203.0.113.7"),  # two proxies
        ("10.1.2.3", "10.9.9.9", "10.9.9.9"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", ", ,", "127.0.0.1"),
        ("8.8.8.8", "203.0.113.7", "8.8.8.8"),
        # Docker's gateway and a neighbor in the same network are not trusted unless they are named.
        ("172.17.0.1", "203.0.113.7", "172.17.0.1"),
        ("192.168.1.20", "203.0.113.7", "192.168.1.20"),
        ("::ffff:10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", ""),
    ],
)
def test_only_a_proxy_that_is_named_says_for_whom_it_asks(remote, forwarded, seen):
    assert visitor_address(remote, forwarded, PROXIES) == seen


@pytest.mark.parametrize(
    ("remote", "counts_as"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("::ffff:8.8.8.8", "8.8.8.8/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("a pipe", "a pipe"),
    ],
)
def test_one_connection_is_one_visitor(remote, counts_as):
    assert visitor(make_mocked_request("GET", "/").clone(remote=remote)) == counts_as


def test_a_visitor_who_goes_on_asking_is_let_in_again_as_soon_as_one_who_waits():
    """A refused request counts for nothing: else who hammers would never get back."""
    clock = iter([*[0.0] * 30, *(float(second) for second in range(1, 13))])
    limit = RateLimit(30, 60.0, lambda: next(clock))
    assert all(limit.allows("visitor") for _ in range(30))
    assert [limit.allows("visitor") for _ in range(1, 13)] == [second % 2 == 0 for second in range(1, 13)]


@pytest.mark.parametrize(
    ("remote", "all_of"), [("203.0.113.7", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48")]
)
def test_a_day_s_limits_count_a_network(remote, all_of):
    assert network(make_mocked_request("GET", "/").clone(remote=remote)) == all_of


def test_two_thousand_addresses_of_one_connection_share_one_limit():
    limit = RateLimit(30, 60, lambda: 0.0)
    ask = make_mocked_request("GET", "/")
    allowed = [limit.allows(visitor(ask.clone(remote=f"2001:db8::{n:x}"))) for n in range(1, 2_001)]
    assert allowed.count(True) == 30


def test_the_limit_remembers_a_bounded_number_of_visitors():
    limit = RateLimit(1, 60, lambda: 0.0)
    for n in range(20_000):
        limit.allows(f"{n}")
    assert len(limit._free_at) == 10_000
    assert not limit.allows("19999")  # it forgets who has not asked for longest, not who asks now


async def test_the_running_site_believes_the_proxies_that_the_settings_name():
    async def who(request: web.Request) -> web.Response:
        return web.Response(text=visitor(request))

    stop, port = asyncio.Event(), unused_port()
    for proxies, seen in ((PROXIES, "203.0.113.7/32"), ((), "127.0.0.1/32")):
        stop.clear()
        site = Site(lambda: application([web.get("/who", who)]), "127.0.0.1", port, ticks=lambda: 0.0, proxies=proxies)
        run = asyncio.create_task(site.run(stop))
        await asyncio.sleep(0)
        async with (
            ClientSession(headers={"X-Forwarded-For": "203.0.113.7"}) as client,
            client.get(f"http://127.0.0.1:{port}/who") as answer,
        ):
            assert await answer.text() == seen
        stop.set()
        await run
