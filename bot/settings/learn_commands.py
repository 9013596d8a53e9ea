"""/learn start: answer Yes or No to entries, and get a watch proposed. Until someone saves it, nothing is posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Final

from bot.alerts import cards, recall
from bot.commands.arguments import check_asks
from bot.commands.model import EDITORS, Choice, Context, Group, Kind, Param, Refused, Reply, answer
from bot.config.feeds import LearnedConfig, WatchConfig
from bot.entries import records as entries
from bot.learning import records, rounds, samples
from bot.learning.ranking import Lesson
from bot.learning.records import ALL_ASKS, Answer, Shown
from bot.people import audit
from bot.settings.values import new_id
from bot.settings.watch_commands import Trial, back_test, preview
from bot.shared import wording
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import delete_rows

_ENOUGH: Final = 100  # answers after which a proposal rarely gets better
_SOME: Final = 2  # Yes: words of a single one are its own
_FEW: Final = 10  # Yes: with fewer, a proposal depends on chance
_SUMMARY: Final = 300  # characters
_ASK: Final = Param("ask", "the number of an ask; all asks if left out", kind=Kind.NUMBER, required=False)
_FORM: Final = Param(
    "form",
    "learned: weighs words, and finds more; query: words that you can edit",
    required=False,
    choices=(Choice("learned", "A learned watch"), Choice("query", "A query")),
)
_ENTRY: Final = Param("entry", "which entry")
_ANSWER: Final = Param(
    "answer", "yes, no or skip", choices=(Choice("yes", "Yes"), Choice("no", "No"), Choice("skip", "Skip"))
)

slash = Group("learn", who=EDITORS, formerly="watch")


def _next_round(ctx: Context, args: Mapping[str, str]) -> tuple[Shown, ...] | None:
    """The next round; None while a round has cards without an answer."""
    ask = _ask(ctx, args)
    if _open_cards(ctx, ask):
        return None
    dice = Random(ctx.new_id())  # noqa: S311 - no secret
    return rounds.next_round(ctx.tx, _lesson(ctx, ask, dice), dice)


@slash.command(
    verb="start", example="ask:{ask}", params=(_ASK,), changes=True, prepare=_next_round, formerly=["watch learn"]
)
def learn(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Answer Yes or No to ten entries, to get a watch proposed."""
    ask = _ask(ctx, args)
    if ctx.prepared is None:
        return _card(ctx, ask, _open_cards(ctx, ask)[0])
    if not ctx.prepared:
        return answer(
            "There are no entries to learn from",
            f"All entries of the last {rounds.WINDOW.days} days have an answer, or no source was read yet.",
            buttons=_after_round(ask)[1:],
        )
    records.save_round(ctx.tx, ask, ctx.person, ctx.prepared, ctx.now)
    return _card(ctx, ask, ctx.prepared[0])


@slash.command(example="ENTRY answer:yes", params=(_ENTRY, _ANSWER, _ASK), changes=True, hidden=True)
def answer_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Answer whether an entry is relevant."""
    ask, stored, given = _ask(ctx, args), _stored(ctx, args["entry"]), Answer(args["answer"])
    records.save_answer(ctx.tx, ask, stored.id, given, by=ctx.actor.person, now=ctx.now)
    ctx.note(wording.short(stored.entry.title, audit.HEADLINE), "", f"{_of(ctx, ask)}: {given.value}")
    if waiting := _open_cards(ctx, ask):
        return replace(_card(ctx, ask, waiting[0]), replaces=True)
    head = f"Round done: {_progress(ctx, ask)}"
    missed = () if ask else (Button("What we miss", "learn recall"),)
    return answer(head, buttons=(*_after_round(ask), *missed), replaces=True)


def _new_sample(ctx: Context, _args: Mapping[str, str]) -> samples.Sample | None:
    dice = Random(ctx.new_id())  # noqa: S311 - no secret
    return recall.new_sample(ctx.tx, ctx.config, ctx.now, dice)


@slash.command(changes=True, prepare=_new_sample)
def recall_(ctx: Context, _args: Mapping[str, str]) -> Reply:
    """Estimate how much we miss, from a random sample."""
    if ctx.prepared:
        samples.save(ctx.tx, ctx.prepared, ctx.now)
    report = recall.report(ctx.tx, ctx.zone)
    return answer(report.head, *report.lines, buttons=report.buttons)


@slash.command(changes=True, hidden=True)
def sample(ctx: Context, _args: Mapping[str, str]) -> Reply:
    """Judge the random sample of last quarter.

    In random order: an answer must not depend on a score.
    """
    report = recall.report(ctx.tx, ctx.zone)
    if not report.waiting:
        return answer(report.head, *report.lines)
    ids = Random(ctx.new_id()).sample(report.waiting, len(report.waiting))  # noqa: S311 - no secret
    records.save_round(ctx.tx, ALL_ASKS, ctx.person, [Shown(id_, ()) for id_ in ids], ctx.now)
    return _card(ctx, ALL_ASKS, Shown(ids[0], ()))


@slash.command(example="ask:{ask}", params=(_ASK,), changes=True, hidden=True)
def take_back(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take back the last answer."""
    ask = _ask(ctx, args)
    last = records.last_answered(ctx.tx, ask, ctx.person)
    if last is None:
        raise Refused("You have no answer to take back.")
    delete_rows(ctx.tx, "judgment", ask=ask, entry_id=last)
    shown = records.load_round(ctx.tx, ask, ctx.person)
    card = next((card for card in shown if card.entry == last), Shown(last, ()))
    ctx.note(wording.short(_stored(ctx, last).entry.title, audit.HEADLINE), f"{_of(ctx, ask)}: answered", "taken back")
    return replace(_card(ctx, ask, card), replaces=True)


@dataclass(frozen=True, slots=True)
class _Proposed:
    """A watch tried on the last 90 days, and what its query finds of the answers; "" for a learned watch."""

    trial: Trial
    finds: str


def _proposed(ctx: Context, args: Mapping[str, str]) -> _Proposed | None:
    """What was learned, as a watch that weighs words or as a query; None with one Yes, or without telling words."""
    ask = _ask(ctx, args)
    dice = Random(ctx.new_id())  # noqa: S311 - no secret
    learned = _lesson(ctx, ask, dice)
    if len(learned.yes) < _SOME:
        return None
    model, proposal = rounds.learned_watch(ctx.tx, learned, dice)
    asks, watches = (ask,) if ask else (), ctx.config.feeds.watches
    name = f"Learned: {_of(ctx, ask)}"
    note = f"Learned on {ctx.now.astimezone(ctx.zone):%b %-d, %Y} from {len(learned.yes)} Yes and {len(learned.no)} No."
    if args.get("form") == "query":
        watch = WatchConfig(name=name, query=proposal.query, asks=asks, note=note)
        id_ = new_id(name, watches)
        finds = (
            f"A query of {wording.number(len(proposal.phrases), 'phrase')} would find {proposal.yes} of your "
            f"{proposal.all_yes} Yes and {proposal.no} of your {proposal.all_no} No."
        )
    else:
        weights = LearnedConfig(above=model.above, weights=dict(model.weights)) if model.leading else None
        same = (id_ for id_, each in watches.items() if each.learned and each.asks == asks)
        id_, finds = next(same, "") or new_id(name, watches), ""
        before = watches.get(id_, WatchConfig(name=name, asks=asks))
        watch = before.model_copy(update={"learned": weights, "note": note})
    return _Proposed(back_test(ctx, id_, watch), finds) if watch.learned or watch.query else None


@slash.command(example="ask:{ask}", params=(_ASK, _FORM), changes=True, prepare=_proposed)
def propose(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Propose a watch from what people answered."""
    proposed: _Proposed | None = ctx.prepared
    ask = _ask(ctx, args)
    if proposed is None:
        return _nothing_to_propose(ctx, ask)
    shown = preview(ctx, proposed.trial).card
    assert shown is not None
    yes = sum(given is Answer.YES for given in records.answers(ctx.tx, ask).values())
    few = f"With fewer than {_FEW} Yes, a proposal depends on chance." if yes < _FEW else ""
    lines = [*shown.lines, *map(Line, filter(None, (proposed.finds, few)))]
    as_query = Button("As a query", "learn propose", (*_ask_args(ask), ("form", "query")))
    buttons = (*shown.buttons, *([as_query] if proposed.trial.watch.learned else []))
    return Reply(card=replace(shown, lines=tuple(lines), buttons=buttons))


def _nothing_to_propose(ctx: Context, ask: int) -> Reply:
    """What is missing for a proposal, how many answers more to aim for, and the command that asks for them."""
    yes = sum(given is Answer.YES for given in records.answers(ctx.tx, ask).values())
    missing = "It found no words that your Yes have in common and the other entries lack."
    if yes < _SOME:
        missing = f"A watch is made of the words that {_SOME} entries with a Yes share, and there "
        missing += "is one Yes." if yes else "is none yet."
    more = f"Aim for {_FEW} Yes: {_FEW - yes} more." if yes < _FEW else "Answer more entries, also with No."
    command = f"/learn start ask:{ask}" if ask else "/learn start"
    return answer(
        "Nothing to propose yet",
        f"So far: {_progress(ctx, ask)}.",
        f"{missing} {more}",
        buttons=_after_round(ask)[:1],
        foot=f"Next: {command} shows ten entries, one click each.",
    )


def _lesson(ctx: Context, ask: int, dice: Random) -> Lesson:
    texts = [each.learning_text for number, each in ctx.config.coalition.asks.items() if ask in (0, number)]
    until = ctx.now + timedelta(microseconds=1)
    return rounds.lesson(ctx.tx, ask, texts, ctx.now - rounds.WINDOW, until, dice)


def _open_cards(ctx: Context, ask: int) -> tuple[Shown, ...]:
    """The cards of the person's round without an answer by anyone, still stored and not withheld."""
    shown = records.load_round(ctx.tx, ask, ctx.person)
    answered = records.answers(ctx.tx, ask)
    rows = entries.by_ids(ctx.tx, [card.entry for card in shown])
    stored = {each.id for each in rows if not each.entry.withheld}
    return tuple(card for card in shown if card.entry not in answered and card.entry in stored)


def _card(ctx: Context, ask: int, shown: Shown) -> Reply:
    """An entry with the buttons to answer, why it is shown, and how far the person is."""
    stored = _stored(ctx, shown.entry)
    entry_card = cards.card([cards.Item(id=stored.id, entry=stored.entry, matches=())], ctx.config.labels)
    waiting = len(_open_cards(ctx, ask)) or 1
    summary = wording.short(stored.entry.summary or "", _SUMMARY)
    question = f"Relevant to {f'Ask {ask}' if ask else 'our asks'}?"
    words = wording.listed([f"“{word}”" for word in shown.words])
    why = f"it contains {words}" if words else "it was drawn at random"
    args = (("entry", stored.id), *_ask_args(ask))
    buttons = [Button(label, "learn answer", (*args, ("answer", label.lower()))) for label in ("Yes", "No", "Skip")]
    if records.last_answered(ctx.tx, ask, ctx.person):
        buttons.append(Button("Undo", "learn take-back", _ask_args(ask)))
    card = Card(
        mark=Mark.ANSWER,
        head=f"{question} {entry_card.head}",
        byline=entry_card.byline,
        lines=(Line(summary),) if summary else (),
        why=(why,),
        links=entry_card.links,
        foot=f"{wording.number(waiting, 'card')} left in this round · {_progress(ctx, ask)}",
        buttons=tuple(buttons),
    )
    return Reply(card=card)


def _progress(ctx: Context, ask: int) -> str:
    answered = [given for given in records.answers(ctx.tx, ask).values() if given is not Answer.SKIP]
    yes = sum(given is Answer.YES for given in answered)
    return f"{len(answered):,} of about {_ENOUGH} answered, {yes:,} Yes"


def _after_round(ask: int) -> tuple[Button, ...]:
    args = _ask_args(ask)
    return (
        Button("Ten more", "learn start", args, "primary"),
        Button("Propose a watch", "learn propose", args),
        Button("Undo", "learn take-back", args),
    )


def _ask(ctx: Context, args: Mapping[str, str]) -> int:
    """The ask that is meant; 0: the coalition as a whole."""
    number = int(args.get("ask", ALL_ASKS))
    if number != ALL_ASKS:
        check_asks(ctx.config.coalition.asks, [number], param="ask")
    return number


def _ask_args(ask: int) -> tuple[tuple[str, str], ...]:
    return (("ask", str(ask)),) if ask else ()


def _of(ctx: Context, ask: int) -> str:
    return f"Ask {ask}, {ctx.config.coalition.asks[ask].title}" if ask else "our asks"


def _stored(ctx: Context, id_: str) -> entries.StoredEntry:
    stored = entries.by_ids(ctx.tx, [id_])
    if not stored or stored[0].entry.withheld:
        raise Refused("That entry is no longer stored. /learn start shows others.")
    return stored[0]
