"""Whose request counts against a limit: the visitor's, also where a host's router calls the bot."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.chat.web.safety import address


@pytest.mark.parametrize(
    ("remote", "forwarded", "visitor"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("10.1.2.3", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("::ffff:172.18.0.1", "203.0.113.7", "203.0.113.7"),
        ("8.8.8.8", "203.0.113.7", "8.8.8.8"),
        ("::ffff:8.8.8.8", "", "8.8.8.8"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
    ],
)
def test_a_visitor_is_distinguished_behind_a_near_proxy_and_cannot_pass_for_another(remote, forwarded, visitor):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address(make_mocked_request("GET", "/", headers=headers).clone(remote=remote)) == visitor
