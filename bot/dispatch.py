"""Dispatcher: from a call to its answer, the same way for every face.

Who asks is looked up in our own tables when the thing is done. What a handler writes, its line in the audit and the
mark that the request was handled are kept together, or not at all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NoReturn, TypeVar

from bot.commands import arguments
from bot.commands.model import (
    Actor,
    Call,
    Choice,
    Command,
    Context,
    File,
    Refused,
    ReleaseTasks,
    Reply,
    Role,
    SearchRoom,
    TasksOf,
)
from bot.config.load import Config
from bot.people import audit, records, requests
from bot.people.audit import Change
from bot.people.model import Account
from bot.shared.card import Card, Mark
from bot.store.database import Database, Params, Reader, Row, StoreBusy, StoreUnsure, Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[Context, Mapping[str, str]], T]

NOT_YOURS: Final = "There is nothing of that name that you can do here. /campaign help shows what you can."
ALREADY: Final = Reply(card=Card(mark=Mark.ANSWER, head="That was already done."))
_READING: Final = 2  # answers read at one time
_OFFERED: Final = 25  # completions: what Discord shows at most
_LABEL: Final = 100  # characters of a completion's label or value, Discord's limit


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call was not done, and what to do next; `param` is the field it is about, "" for the whole."""

    what: str
    param: str = ""


class Dispatcher:
    """Answers calls. `fetching` is what a command's `fetch` fetches with; `config` gives what is in force now;
    `changed` is told when a command has changed something.
    """

    def __init__(
        self,
        db: Database,
        commands: Sequence[Command],
        config: Callable[[], Config],
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        coalition_id: str,
        fetching: Any = None,
        waiting: tuple[TasksOf, ...] = (),
        freeing: tuple[ReleaseTasks, ...] = (),
        searching: tuple[SearchRoom, ...] = (),
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._db = db
        self._commands = {command.path: command for command in commands}
        self._config = config
        self._clock = clock
        self._new_id = new_id
        self._coalition = coalition_id
        self._fetching = fetching
        self._waiting = waiting
        self._freeing = freeing
        self._searching = searching
        self._changed = changed
        # Who asks waits here, not in a thread each: posting and polling need threads too.
        self._to_write = asyncio.Lock()
        self._to_read = asyncio.Semaphore(_READING)
        self._to_reckon = asyncio.Semaphore(1)  # each reckoner beside the event loop makes that wait longer

    async def answer(self, call: Call) -> Reply | Refusal:
        """Do what is asked; what changes something, once. Where that comes again it gets `ALREADY`, which a face may
        leave unsaid.

        Where a parameter that is needed was left out altogether, the answer is a form that asks for the rest.
        """
        try:
            return await self._answer(call)
        except Refused as refused:
            return Refusal(refused.what, refused.param)
        except StoreBusy:
            return Refusal("I am busy writing something else down. Please try again in a moment.")
        except StoreUnsure:
            return Refusal("The database was lost just then, and I cannot tell whether this was done. Please look.")
        except Exception:
            trouble = self._new_id()[:8]
            log.exception("trouble %s: %s asked from %s", trouble, call.path, call.platform)
            return Refusal(f"Something went wrong on our side (id {trouble}). Nothing was changed.")

    async def complete(self, call: Call, param: str, typed: str) -> list[Choice]:
        """What could be meant by `typed`, at most 25; nothing for anyone who may not use the command."""
        return await asyncio.to_thread(self.offer, call, param, typed)

    def offer(self, call: Call, param: str, typed: str) -> list[Choice]:
        """`complete`, for a caller that may block."""
        try:
            return self._complete(call, param, typed)
        except Exception:
            log.exception("trouble while completing %s of %s", param, call.path)
            return []

    @property
    def table(self) -> tuple[Command, ...]:
        """Every command, whoever may ask for it."""
        return tuple(self._commands.values())

    def actor(self, platform: str, team: str, user: str) -> Actor:
        """Who this is, read from our tables now."""
        return self._actor(self._db, Account(platform, team, user))

    def commands_for(self, actor: Actor) -> tuple[Command, ...]:
        """What this person may ask for, in the order of the table; nothing for a stranger."""
        return tuple(command for command in self._commands.values() if _may(actor, command))

    async def _answer(self, call: Call) -> Reply:
        looked = await asyncio.to_thread(self._look, call)
        if isinstance(looked, Reply):
            return looked
        command, args = looked
        brought: dict[str, Any] = {"files": {name: await _handed(call, name) for name in call.files if name in args}}
        if command.fetch:
            brought["fetched"] = await command.fetch(self._fetching, args)
        if command.prepare:
            brought["prepared"] = await self._read(self._to_reckon, command.prepare, call, args, brought)
        if not command.changes:
            return await self._read(self._to_read, command.handler, call, args, brought)
        async with self._to_write:
            answer = await asyncio.to_thread(self._change, command, call, args, brought)
        self._changed()
        return answer

    async def _read(
        self, turn: asyncio.Semaphore, work: Work[T], call: Call, args: Mapping[str, str], brought: Mapping[str, Any]
    ) -> T:
        """What changes nothing waits for nobody who does."""

        def read() -> T:
            with self._db.snapshot() as db:
                _, actor = self._allowed(db, call)
                return work(replace(self._ctx(_ReadOnly(db), call, actor, self._clock()), **brought), args)

        async with turn:
            return await asyncio.to_thread(read)

    def _look(self, call: Call) -> tuple[Command, dict[str, str]] | Reply:
        """Everything that can be told before the network or the writer's lock is needed."""
        if requests.is_seen(self._db, self._coalition, _key(call)):
            return ALREADY
        command, _ = self._allowed(self._db, call)
        form = arguments.form(command, call.args)
        return Reply(form=form) if form else (command, arguments.checked(command, call.args, call.files))

    def _change(self, command: Command, call: Call, args: Mapping[str, str], brought: Mapping[str, Any]) -> Reply:
        with self._db.write() as tx:
            now = self._clock()
            if not requests.take(tx, self._coalition, _key(call), now):
                return ALREADY
            _, actor = self._allowed(tx, call)  # a role may have been taken away meanwhile
            ctx = self._ctx(tx, call, actor, now)
            note = self._note(tx, call, actor, now)
            answer = command.handler(replace(ctx, note=note, **brought), args)
            if answer.form:  # it asks for more: whoever sends the same again is asked again
                requests.release(tx, self._coalition, _key(call))
            return answer

    def _allowed(self, db: Reader, call: Call) -> tuple[Command, Actor]:
        """The command and who asks. What is not there and what is not theirs is answered alike."""
        actor = self._actor(db, Account(call.platform, call.team, call.user))
        if actor.person is None:
            raise Refused(self._to_a_stranger(call))
        if not actor.roles:
            raise Refused(f"I know you as {actor.name}, without a role here. An administrator can give you one.")
        command = self._commands.get(call.path)
        if command is None or not _may(actor, command):
            raise Refused(NOT_YOURS)
        return command, actor

    def _to_a_stranger(self, call: Call) -> str:
        can = f"I do not know you yet. An administrator of {self._config().coalition.short} can link you"
        if not call.team:
            return f"{can}. To see the name of your account, type /campaign me in your coalition's server, not here."
        return f"{can}: your account is {Account(call.platform, call.team, call.user)}."

    def _actor(self, db: Reader, account: Account) -> Actor:
        """Who speaks for no organisation, or for one that is no longer a member, represents nobody."""
        actor = records.actor(db, self._coalition, account)
        if actor.organisation in self._config().coalition.members:
            return actor
        return replace(actor, organisation=None, roles=actor.roles - {Role.REPRESENTATIVE})

    def _complete(self, call: Call, param: str, typed: str) -> list[Choice]:
        actor = self._actor(self._db, Account(call.platform, call.team, call.user))
        command = self._commands.get(call.path)
        if command is None or not _may(actor, command):
            return []
        asked = next((known for known in command.params if known.name == param), None)
        if asked is None:
            return []
        offered: Sequence[Choice] = asked.choices
        if asked.complete:
            offered = asked.complete(self._ctx(_ReadOnly(self._db), call, actor, self._clock()), typed)
        elif typed:
            offered = [choice for choice in offered if typed.casefold() in choice.label.casefold()]
        fitting = [choice for choice in offered if len(choice.value) <= _LABEL]
        return [Choice(choice.value, choice.label[:_LABEL]) for choice in fitting[:_OFFERED]]

    def _ctx(self, tx: Transaction, call: Call, actor: Actor, now: datetime) -> Context:
        return Context(
            tx=tx,
            config=self._config(),
            now=now,
            new_id=self._new_id,
            note=_nothing_to_note,
            actor=actor,
            call=call,
            commands=self.commands_for(actor),
            waiting=self._waiting,
            freeing=self._freeing,
            searching=self._searching,
        )

    def _note(self, tx: Transaction, call: Call, actor: Actor, now: datetime) -> Callable[[str, str, str], None]:
        origin = " ".join(filter(None, (call.platform, call.team, call.channel)))

        def note(subject: str, before: str, after: str) -> None:
            change = Change(
                at=now,
                person=actor.person,
                who=actor.name,
                origin=origin,
                command=call.path,
                subject=subject,
                before=before,
                after=after,
            )
            audit.write(tx, self._coalition, change, new_id=self._new_id)

        return note


class _ReadOnly:
    """A transaction for what changes nothing."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        return self._db.read(sql, params)

    def execute(self, *_: object) -> NoReturn:
        raise PermissionError("a command that writes must say `changes`")

    execute_many = execute_each = execute


async def _handed(call: Call, name: str) -> File:
    try:
        return await call.files[name]()
    except Refused as refused:
        raise Refused(refused.what, param=name) from refused


def _may(actor: Actor, command: Command) -> bool:
    return actor.person is not None and bool(actor.roles & command.who)


def _key(call: Call) -> str:
    return f"{call.platform}:{call.id}"


def _nothing_to_note(*_: str) -> NoReturn:
    raise PermissionError("only a command that says `changes` has something to note")
