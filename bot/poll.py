"""Asking the sources: which are due, what they answer, and the one transaction that takes it in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.alerts import intake, records
from bot.alerts.house import House
from bot.alerts.intake import Intake
from bot.alerts.records import SourceState
from bot.bills import arriving
from bot.failpoint import failpoint
from bot.media.arriving import refresh
from bot.sources.model import Fetched, FetchFailed, Health, Memory, NotModified, Source
from bot.sources.schedule import next_poll
from bot.store.database import Database, StoreError

log = logging.getLogger(__name__)

_ALSO: Final = (arriving.take_in, refresh)  # rooms that make something of what comes in, beside the alerts
_AT_ONCE: Final = 20  # sources asked at one moment; how gently each host is asked is the fetcher's care
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Polled:
    """What asking one source came to. `intake` is None where nothing was brought."""

    source: str
    name: str
    health: Health
    detail: str
    intake: Intake | None = None


@dataclass(frozen=True, slots=True)
class PollReport:
    polled: tuple[Polled, ...]

    @property
    def good(self) -> bool:
        return all(one.health.good for one in self.polled)

    @property
    def new(self) -> int:
        return sum(one.intake.new for one in self.polled if one.intake)


class Poller:
    """Asks `sources` and takes in what they bring. `since`: see `intake.take_in`."""

    def __init__(
        self,
        db: Database,
        sources: Mapping[str, Source],
        house: House,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        dice: Callable[[], float],
        since: datetime | None,
    ) -> None:
        self._db = db
        self._sources = sources
        self._house = house
        self._clock = clock
        self._new_id = new_id
        self._dice = dice
        self._since = since.date() if since else None

    def take_up(self, sources: Mapping[str, Source], house: House) -> None:
        """From the next round on, ask these sources for this house."""
        self._sources, self._house = sources, house

    async def poll_all(self) -> PollReport:
        """Ask every source, due or not."""
        return await self._poll(self._sources)

    async def poll_due(self) -> datetime | None:
        """Ask the sources that are due; when the next one is, None without any source."""
        await self._poll([id_ for id_, due in (await self._due()).items() if due <= self._clock()])
        return min((await self._due()).values(), default=None)

    async def _due(self) -> dict[str, datetime]:
        states = await asyncio.to_thread(records.source_states, self._db)
        return {id_: states[id_].due_at if id_ in states else _LONG_AGO for id_ in self._sources}

    async def _poll(self, ids: Iterable[str]) -> PollReport:
        gate, ids = asyncio.Semaphore(_AT_ONCE), list(ids)
        states = await asyncio.to_thread(records.source_states, self._db)

        async def one(id_: str) -> Polled | NotModified:
            async with gate:
                return await self._ask(id_, states.get(id_))

        answers = await asyncio.gather(*map(one, ids), return_exceptions=True)
        ends = dict(zip(ids, answers, strict=True))
        unchanged = {id_: end for id_, end in ends.items() if isinstance(end, NotModified)}
        if unchanged:
            ends |= await asyncio.to_thread(self._note_unchanged, unchanged)
        for id_, end in ends.items():
            if isinstance(end, BaseException):
                log.error("asking %s failed", id_, exc_info=end)
        failed = next((end for end in ends.values() if isinstance(end, BaseException)), None)
        if failed is not None:  # a fault of the store; the other sources have been served
            raise failed
        return PollReport(tuple(end for end in ends.values() if isinstance(end, Polled)))

    async def _ask(self, id_: str, state: SourceState | None) -> Polled | NotModified:
        """What a source brings that we trip over is a trouble of that source: told, and asked again in its time.

        Raised, it would hold up all others at every round, and nobody would hear which source it is.
        """
        failures = state.failures if state else 0
        try:
            answer = await self._sources[id_].poll(state.memory if state else Memory(), self._clock())
            failpoint("parse")
            if isinstance(answer, NotModified):
                return answer
            return await asyncio.to_thread(self._note, id_, answer, failures)
        except StoreError:
            raise
        except Exception as error:
            log.exception("what %s brought could not be taken in", id_)
            why = f"the bot tripped over what came ({type(error).__name__}); its log has more"
            return await asyncio.to_thread(self._note, id_, FetchFailed(Health.MALFORMED, why), failures)

    def _note_unchanged(self, answers: Mapping[str, NotModified]) -> dict[str, Polled]:
        """All in one transaction, after the round: a commit each would take longer than the asking."""
        now = self._clock()
        due_at = {id_: self._due_at(id_, Health.UNCHANGED, now) for id_ in answers}
        intake.note_unchanged(self._db, answers, self._house, now=now, new_id=self._new_id, due_at=due_at)
        return {id_: Polled(id_, self._house.feeds.sources[id_].name, Health.UNCHANGED, "") for id_ in answers}

    def _note(self, id_: str, answer: Fetched | FetchFailed, failures: int) -> Polled:
        now, taken = self._clock(), None
        if isinstance(answer, Fetched):
            due_at = self._due_at(id_, answer.health, now)
            taken = intake.take_in(
                self._db,
                answer,
                id_,
                self._house,
                now=now,
                new_id=self._new_id,
                due_at=due_at,
                since=self._since,
                also=_ALSO,
            )
        else:
            due_at = self._due_at(id_, answer.health, now, failures + 1, answer.retry_at)
            intake.note_failure(self._db, answer, id_, self._house, now=now, new_id=self._new_id, due_at=due_at)
        return Polled(id_, self._house.feeds.sources[id_].name, answer.health, answer.detail, taken)

    def _due_at(
        self, id_: str, health: Health, now: datetime, failures: int = 0, retry_at: datetime | None = None
    ) -> datetime:
        source = self._house.feeds.sources[id_]
        return next_poll(
            every=source.every,
            between=source.between,
            health=health,
            failures=failures,
            retry_at=retry_at,
            now=now,
            jitter=self._dice(),
        )
