import socket

import pytest

from bot.shared.address_guard import AddressRefused, guarded_socket, permitted, reaching_inside

NEVER = [
    "0.0.0.0", "169.254.169.254", "192.0.0.8", "192.88.99.1", "198.18.0.1", "203.0.113.1", "224.0.0.1",
    "255.255.255.255", "::", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9c::a00:1", "2001::1", "2001:db8::1", "2002:7f00:1::", "4000::1",
    "5f00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip
INSIDE = ["127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::1"]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "2600:1f18::1"]


@pytest.mark.parametrize("address", NEVER)
def test_an_address_that_hides_another_or_is_reserved_is_never_reached(address):
    assert not permitted(address, inside=False)
    assert not permitted(address, inside=True)


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_reached_only_where_the_operator_named_the_host(address):
    assert not permitted(address, inside=False)
    assert permitted(address, inside=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached(address):
    assert permitted(address, inside=False)


def test_no_socket_is_made_for_a_refused_address_and_the_permission_ends_with_its_block():
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))
    with reaching_inside(True):
        guarded_socket(info).close()
    with pytest.raises(AddressRefused):
        guarded_socket(info)
