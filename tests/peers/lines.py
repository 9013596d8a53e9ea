"""What a `Throttle` was asked to log, unthrottled."""

from __future__ import annotations

from bot.config.logs import Throttle


class Lines(Throttle):
    def __init__(self) -> None:
        self.written: list[str] = []

    def _write(self, level: int, line: str, *args: object, cause: BaseException | None = None) -> None:
        self.written.append(line % args)
