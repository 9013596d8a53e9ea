"""Dispatcher: from a call to its answer, the same for every frontend.

The actor is looked up in our own tables when the command runs. What a handler writes, its audit entries and the mark
that the request was handled are committed together.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import KW_ONLY, dataclass, field, replace
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
    Refusal,
    Refused,
    Reply,
    Role,
    Rooms,
    by_path,
)
from bot.config.load import Config
from bot.people import audit, records, requests
from bot.people.model import Account
from bot.people.pii import confirm_free_text
from bot.shared import journey
from bot.shared.card import Button, Card, Mark
from bot.shared.errors import Problem
from bot.shared.threads import for_people
from bot.shared.wording import clock
from bot.store.database import (
    Database,
    InterruptibleTransaction,
    Params,
    Reader,
    Row,
    StoreBusy,
    StoreUnsure,
    StoreUnusable,
    Transaction,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

AWAY: Final = "The bot cannot use its database now. Please try again later."
NOT_YOURS: Final = "There is no such command, or you may not use it. /campaign help lists your commands."
_REFERENCE: Final = re.compile(r"\b[A-Z]-[0-9]+\b")  # to a letter, a story, a contact …, in an audit entry
_READING: Final = 2  # answers read at one time
_OFFERED: Final = 25  # completions: what Discord shows at most
_LABEL: Final = 100  # characters of a completion's label or value, Discord's limit


@dataclass(eq=False, repr=False)
class Dispatcher:
    """Answers calls.

    `fetching`: passed to each command's `fetch`; `config` returns the current configuration; `changed` is called after
    a command has changed something.
    """

    db: Database
    commands: Sequence[Command]
    config: Callable[[], Config]
    _: KW_ONLY
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    fetching: Any = None
    rooms: Rooms = field(default_factory=Rooms)
    changed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._commands = by_path(self.commands)
        self._promises = requests.Promises(self.db, self.clock)
        # Calls wait here and not in threads, which posting and polling need too.
        self._to_write = asyncio.Lock()
        self._to_read = asyncio.Semaphore(_READING)
        self._to_prepare = asyncio.Semaphore(1)  # parallel computation would slow the event loop

    async def answer(self, call: Call) -> Reply | Refusal:
        """Run a call. One that changes something runs once; a repeat gets what was done, which a frontend may ignore.

        If a required parameter is missing, the answer is a form.
        """
        with journey.travel(_key(call)):
            asked, call = call, self._renamed(call)
            answer = await self._guarded(call, self._answer(call))
            if asked.path != call.path and not asked.message and isinstance(answer, Reply) and answer.card:
                foot = f"/{asked.path} is now /{call.path}. {answer.card.foot}".rstrip()
                answer = replace(answer, card=replace(answer.card, foot=foot))
            if call.platform != "console":  # there the log is on the same terminal
                log.info("/%s from %s: %s", self._path(call) or "unknown", call.platform, _outcome(answer))
            return Reply(card=answer.card) if isinstance(answer, Refusal) and answer.card else answer

    async def view(self, call: Call, who: frozenset[Role], work: Callable[[Context], T]) -> T | Refusal:
        """Run `work`, which reads a page of the web site, on a snapshot for a person with a role in `who`."""

        def read(db: Reader) -> T:
            return work(self._ctx(_ReadOnly(db), call, self._known(db, call, who), self.clock()))

        return await self._guarded(call, self._read(self._to_read, read))

    async def _guarded(self, call: Call, answer: Awaitable[T]) -> T | Refusal:
        """Return the answer, or a refusal for everything that it raises."""
        try:
            return await answer
        except Problem as problem:
            return Refusal(problem.what, problem.param, card=problem.card)
        except StoreBusy:
            return Refusal("The database is busy. Please try again in a moment.", is_outage=True)
        except StoreUnusable as error:  # full, read-only: its operator has to act
            log.error("%s from %s: %s", call.path, call.platform, error)  # noqa: TRY400
            return Refusal(AWAY, is_outage=True)
        except StoreUnsure:
            return Refusal(
                "The database connection was lost, so the bot cannot tell whether this was done. Please check.",
                is_outage=True,
            )
        except Exception:
            trouble = self.new_id()[:8]
            log.exception("error %s in %s, called from %s", trouble, call.path, call.platform)
            return Refusal(f"Something went wrong on our side (error {trouble}). Nothing was changed.")

    async def complete(self, call: Call, param: str, typed: str) -> list[Choice]:
        """Return up to 25 completions of `typed`; none for people who may not use the command."""
        return await for_people(self.offer, call, param, typed)

    def offer(self, call: Call, param: str, typed: str) -> list[Choice]:
        """As `complete`, blocking."""
        try:
            return self._complete(call, param, typed)
        except StoreBusy:
            return []
        except Exception:
            log.exception("could not complete %s of %s", param, call.path)
            return []

    @property
    def table(self) -> tuple[Command, ...]:
        """Every command, for whatever role."""
        return tuple(self.commands)

    def actor(self, platform: str, team: str, user: str) -> Actor:
        """Return the actor from our tables now."""
        return self._actor(self.db, Account(platform, team, user))

    def commands_for(self, actor: Actor) -> tuple[Command, ...]:
        """Return the commands this actor may use; none for a stranger."""
        return tuple(command for command in self.commands if _may(actor, command))

    async def _answer(self, call: Call) -> Reply:
        checked = await for_people(self._check, call)
        if isinstance(checked, Reply):
            return checked
        command, args = checked
        inputs: dict[str, Any] = {"files": {name: await _uploaded(call, name) for name in call.files if name in args}}
        if command.fetch:
            inputs["fetched"] = await command.fetch(self.fetching, args)

        def context(db: Reader) -> Context:
            _, actor = self._allowed(db, call)
            return replace(self._ctx(_ReadOnly(db), call, actor, self.clock()), **inputs)

        if prepare := command.prepare:
            inputs["prepared"] = await self._read(self._to_prepare, lambda db: prepare(context(db), args))
        if not command.changes:
            return await self._read(self._to_read, lambda db: command.handler(context(db), args))
        async with self._to_write:
            answer = await for_people(self._change, command, call, args, inputs)
        self.changed()
        return answer

    async def _read(self, turn: asyncio.Semaphore, read: Callable[[Reader], T]) -> T:
        """Run `read` on a snapshot, without waiting for writers."""

        def on_snapshot() -> T:
            with self.db.snapshot() as db:
                return read(db)

        async with turn:
            return await for_people(on_snapshot)

    def _check(self, call: Call) -> tuple[Command, dict[str, str]] | Reply:
        """Check a call before any network access or lock. Return a reply if it ends there."""
        if done := self._done_before(self.db, call):
            return done
        command, _ = self._allowed(self.db, call)
        form = arguments.form(command, call.args)
        check = arguments.checked_values if form else arguments.checked  # what is wrong is said before more is asked
        args = check(command, call.args, self.clock().astimezone(self.config().coalition.tz), call.files)
        return Reply(form=form) if form else (command, args)

    def _change(self, command: Command, call: Call, args: Mapping[str, str], inputs: Mapping[str, Any]) -> Reply:
        with self.db.write() as tx:
            now = self.clock()
            if not requests.take(tx, _key(call), now):
                return self._done_before(tx, call) or Reply(repeat=True)
            _, actor = self._allowed(tx, call)  # a role may have been taken away meanwhile
            # Long work, such as an import, gives way to short work. It never stops.
            writing = InterruptibleTransaction(tx)
            ctx = self._ctx(writing, call, actor, now)
            note = self._note(writing, call, actor, now)
            ctx = replace(ctx, note=note, **inputs)
            answer = confirm_free_text(ctx, command, args) or command.handler(ctx, args)
            if answer.form or not writing.wrote:  # it was asked back: the same call may come again
                requests.release(tx, _key(call))
            return answer

    def _done_before(self, db: Reader, call: Call) -> Reply | None:
        """Say what the same request has done, with a button to open it; None if it has not come before."""
        actor = self._actor(db, Account(call.platform, call.team, call.user))
        done = requests.changes_of(db, _key(call), actor.person or "", call.path)
        if done is None:
            return None
        buttons: tuple[Button, ...] = ()
        show = self._commands.get(f"{call.path.partition(' ')[0]} show")
        named = _REFERENCE.search(done[0].text) if done else None
        if show and named and not show.changes and _may(actor, show):
            buttons = (Button(f"Open {named[0]}", show.path, ((show.params[0].name, named[0]),)),)
        head = "That was already done." if done else "This was answered before. It was not done again."
        card = Card(mark=Mark.ANSWER, head=head, lines=done, buttons=buttons)
        return Reply(card=card, repeat=True)

    def promised(self, call: Call) -> AbstractAsyncContextManager[None]:
        """Do in the block what a chat is told will be answered: acknowledge it, do it, and answer.

        If the end of the program cuts the block off, the next one tells the person how the call ended.
        """
        account = Account(call.platform, call.team, call.user)
        return self._promises.during(_key(call), self._path(call), lambda: self._actor(self.db, account).person)

    def _renamed(self, call: Call) -> Call:
        """The call under its command's present name, and its arguments under theirs."""
        if (command := self._commands.get(call.path)) is None:
            return call
        names = {old: param.name for param in command.params for old in param.formerly}
        return replace(call, path=command.path, args={names.get(name, name): text for name, text in call.args.items()})

    def _path(self, call: Call) -> str:
        """The command that is called, "" if there is none: a chat may pass on a whole line that someone typed."""
        return call.path if call.path in self._commands else ""

    def _allowed(self, db: Reader, call: Call) -> tuple[Command, Actor]:
        """Return the command and the actor. Raises the same `Refused` for unknown and forbidden commands."""
        command = self._commands.get(call.path)
        actor = self._known(db, call, command.who if command else frozenset())
        assert command is not None  # without roles that may use it, everyone is refused
        return command, actor

    def _known(self, db: Reader, call: Call, who: frozenset[Role]) -> Actor:
        """Return the actor. Raises `Refused` for strangers and people without one of these roles."""
        account = Account(call.platform, call.team, call.user)
        actor = self._actor(db, account)
        if actor.person is None:
            linking = f"Your account is not linked yet. An administrator of {self.config().coalition.short} can link it"
            if call.team:
                raise Refused(f"{linking}: your account is {account}.")
            raise Refused(
                f"{linking}. To see the name of your account, type /campaign me in your coalition's server, not here."
            )
        if actor.roles & who:
            return actor
        waits = self._waiting_roles(db, account)
        if until := [at for role, at in waits.items() if role in who or not actor.roles]:
            at = clock(min(until), self.config().coalition.tz, self.clock())
            raise Refused(
                f"An administrator gave you this account or role less than a day ago, {actor.name}. It acts from {at}, "
                "or once a second administrator confirms it."
            )
        if not actor.roles:
            raise Refused(f"You are linked as {actor.name} but have no role here. An administrator can give you one.")
        raise Refused(NOT_YOURS)

    def _waiting_roles(self, db: Reader, account: Account) -> dict[Role, datetime]:
        """The roles in which an account does not act yet, each with the time from which it does."""
        acts_from, now = records.acts_from(db, account), self.clock()
        return {role: at for role, at in acts_from.items() if role in records.SLOW and at > now}

    def _actor(self, db: Reader, account: Account) -> Actor:
        """Return the actor, without the representative role if their organization is not a member, and without roles
        that wait for their day or a second administrator.
        """
        actor = records.actor(db, account)
        waiting = set(self._waiting_roles(db, account)) if actor.roles & records.SLOW else set()
        # The configuration is read only for those that have an organization: that is two statements.
        if actor.organisation is None or actor.organisation not in self.config().coalition.members:
            waiting.add(Role.REPRESENTATIVE)
        organisation = None if Role.REPRESENTATIVE in waiting else actor.organisation
        return replace(actor, organisation=organisation, roles=actor.roles - waiting)

    def _complete(self, call: Call, param: str, typed: str) -> list[Choice]:
        actor = self._actor(self.db, Account(call.platform, call.team, call.user))
        command = self._commands.get(call.path)
        if command is None or not _may(actor, command):
            return []
        target = next((candidate for candidate in command.params if candidate.name == param), None)
        if target is None:
            return []
        offered: Sequence[Choice] = target.choices
        if target.complete:
            offered = target.complete(self._ctx(_ReadOnly(self.db), call, actor, self.clock()), typed)
        elif typed:
            offered = arguments.matching(offered, typed)
        fitting = [choice for choice in offered if len(choice.value) <= _LABEL]
        return [Choice(choice.value, choice.label[:_LABEL]) for choice in fitting[:_OFFERED]]

    def _ctx(self, tx: Transaction, call: Call, actor: Actor, now: datetime) -> Context:
        return Context(
            tx=tx,
            config=self.config(),
            now=now,
            new_id=self.new_id,
            note=_nothing_to_note,
            actor=actor,
            call=call,
            commands=self.commands_for(actor),
            rooms=self.rooms,
        )

    def _note(self, tx: Transaction, call: Call, actor: Actor, now: datetime) -> Callable[[str, str, str], None]:
        origin = " ".join(filter(None, (call.platform, call.team, call.channel)))

        def note(subject: str, before: str, after: str) -> None:
            change = audit.Change(
                at=now,
                person=actor.person,
                who=actor.name,
                origin=origin,
                command=call.path,
                subject=subject,
                before=before,
                after=after,
            )
            audit.write(tx, change, new_id=self.new_id)

        return note


class _ReadOnly:
    """A read-only transaction."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    def read(self, sql: str, params: Params | None = None) -> list[Row]:
        return self._db.read(sql, params)

    def execute(self, *_: object) -> NoReturn:
        raise PermissionError("a command that writes must say `changes`")

    execute_many = execute_each = execute


async def _uploaded(call: Call, name: str) -> File:
    try:
        return await call.files[name]()
    except Refused as refused:
        raise Refused(refused.what, param=name) from refused


def _may(actor: Actor, command: Command) -> bool:
    return actor.person is not None and bool(actor.roles & command.who)


def _outcome(answer: Reply | Refusal) -> str:
    """Return how a call ended, in a word for the log."""
    if isinstance(answer, Refusal):
        return "refused"
    return "repeated" if answer.repeat else "asked back" if answer.form else "answered"


def _key(call: Call) -> str:
    return f"{call.platform}:{call.id}"


def _nothing_to_note(*_: str) -> NoReturn:
    raise PermissionError("only a command that says `changes` can add audit entries")
