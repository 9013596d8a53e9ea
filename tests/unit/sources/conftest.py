"""What the tests of sources share: a server on loopback, and each module's own `Reader` of one."""

from __future__ import annotations

import pytest

from tests.kit.source_reader import reading
from tests.peers.feedserver import serving


@pytest.fixture
async def server():
    async with serving() as server:
        yield server


@pytest.fixture
async def reader(request):
    async with reading(request.module.Reader) as reader:
        yield reader
