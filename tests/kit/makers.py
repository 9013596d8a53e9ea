"""Let one process make the documents of many tests: to start it takes a tenth of a second of a processor each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.printing import documents
from bot.shared.isolation import Child

ROOT = str(Path(__file__).parents[2])


@contextmanager
def kept() -> Iterator[None]:
    """Meanwhile a process that has answered all it was asked is used again, where templates are not a test's own."""
    idle: dict[str, Child] = {}

    class Kept(Child):
        def __init__(self, module: str, folder: str, **how: object) -> None:
            super().__init__(module, folder, **how)
            self._folder = folder
            self._unanswered = 0

        def say(self, request: object) -> None:
            self._unanswered += 1
            super().say(request)

        @contextmanager
        def patience(self) -> Iterator[None]:
            with super().patience():
                yield
            self._unanswered -= 1

        def end(self) -> None:
            is_ready = not self._unanswered and self._process.poll() is None and self._folder.startswith(ROOT)
            if not is_ready or idle.setdefault(self._folder, self) is not self:
                super().end()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            documents, "Child", lambda module, folder, **how: idle.pop(folder, None) or Kept(module, folder, **how)
        )
        yield
    for child in idle.values():
        Child.end(child)
