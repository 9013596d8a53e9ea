"""What a `Throttle` was asked to log, unthrottled."""

from __future__ import annotations

from bot.config.logs import Throttle


class Lines(Throttle):
    def __init__(self) -> None:
        self.written: list[str] = []

    def warning(self, line: str, *args: object) -> None:
        self.written.append(line % args)
