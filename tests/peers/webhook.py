"""A program that takes the events of a webhook."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

from aiohttp import web

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver:
    """A program that takes events; `answers` are its next statuses, with headers."""

    def __init__(self):
        self.requests, self.answers, self.url = [], [], ""

    async def take(self, request):
        self.requests.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        status, extra = self.answers.pop(0) if self.answers else (204, {})
        if status == 0:
            request.transport.abort()
        return web.Response(status=status or 200, headers=extra)

    @asynccontextmanager
    async def running(self):
        site = web.Application()
        site.router.add_route("*", "/{path:.*}", self.take)
        runner = web.AppRunner(site)
        await runner.setup()
        listening = web.TCPSite(runner, "127.0.0.1", 0)
        await listening.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/events"
        try:
            yield self
        finally:
            await runner.cleanup()

    def events(self):
        return [json.loads(content) for _, content in self.requests]
