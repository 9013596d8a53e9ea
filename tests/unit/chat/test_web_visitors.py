"""Whose request counts against a limit: the visitor's, also where a host's router calls the bot."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import make_mocked_request

from bot.chat.web.safety import RateLimit, network, visitor, visitor_address
from bot.chat.web.site import Site, application
from tests.kit.ports import unused_port

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
