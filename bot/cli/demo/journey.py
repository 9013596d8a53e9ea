"""People's actions in the demo: commands and buttons from journey.json, answered by the real dispatcher."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.app.application import App
from bot.chat import typed
from bot.commands.model import Actor, Call, File, Refusal
from bot.shared.card import Card, Mark


@dataclass(frozen=True, slots=True)
class Step:
    """One action: a typed command, or a button of the last answer and its form."""

    who: str
    lines: int | None  # of the answer below its head, without --all; None: show nothing
    type: str = ""
    press: str = ""
    fill: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        filled = "".join(f" {name}: {value}." for name, value in self.fill.items() if value != "yes")
        return self.type or f"[{self.press}]{filled}"


@dataclass(frozen=True, slots=True)
class Moments:
    """When the demo polls: `first`, once on each weekday (`looks`), and twice on the next Monday: `digest`, `again`."""

    first: datetime
    looks: Sequence[datetime]
    digest: datetime
    again: datetime


@dataclass(frozen=True, slots=True)
class Journey:
    """The part of the week shown without --all, and people's actions."""

    moments: Moments
    letterhead: Mapping[str, str]  # placeholders of the example's coalition.yml, and what the demo prints instead
    cards: Sequence[str]
    digests: Sequence[str]
    look_alikes: Sequence[str]
    people: Sequence[str]
    letter: Sequence[Step]
    press: Sequence[Step]
    deadlines: Sequence[Step]


def load(folder: Path) -> Journey:
    values = json.loads((folder / "journey.json").read_text("utf-8"))
    times = values["moments"]
    first, *looks, digest, again = map(
        datetime.fromisoformat, (times["first"], *times["looks"], times["digest"], times["again"])
    )
    values["moments"] = Moments(first, tuple(looks), digest, again)
    for name in ("letter", "press", "deadlines"):
        values[name] = tuple(Step(**step) for step in values[name])
    return Journey(**values)


class People:
    """The people of the demo at their consoles."""

    def __init__(self, app: App, roles: Sequence[str]) -> None:
        self._app = app
        self._actors = {role: app.console_actor(role) for role in roles}
        self._last = Card(mark=Mark.ANSWER, head="")

    async def do(self, step: Step) -> tuple[Card | None, File | None]:
        """The answer to an action. Raises `RuntimeError` if it is refused, which is a bug in the demo."""
        actor = self._actors[step.who]
        path, args = self._typed(step, actor) if step.type else self._pressed(step)
        call = Call(
            path=path,
            args={**args, **step.fill},
            platform=actor.platform,
            team=actor.team,
            user=actor.user,
            id=self._app.new_id(),
        )
        answer = await self._app.dispatcher.answer(call)
        if isinstance(answer, Refusal) or answer.form:
            raise RuntimeError(f"{step.who} could not do {step}: {answer}")
        self._last = answer.card or self._last
        return answer.card, answer.file

    def _typed(self, step: Step, actor: Actor) -> tuple[str, Mapping[str, str]]:
        commands = self._app.dispatcher.commands_for(actor)
        asked = typed.read(step.type, commands, self._app.dispatcher.table)
        assert isinstance(asked, typed.Typed), f"{step.who} has no command {step}"
        return asked.path, asked.args

    def _pressed(self, step: Step) -> tuple[str, Mapping[str, str]]:
        buttons = {button.label: button for button in self._last.buttons}
        return buttons[step.press].path, dict(buttons[step.press].args)
