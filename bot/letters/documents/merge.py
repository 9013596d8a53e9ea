"""A letter to many as documents: asked for in chat, made beside everything else, handed over by direct message.

It is made file by file, each in a transaction of its own: a restart goes on where it was, and whoever waits has the
first letters while the last are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.commands.model import Context, File, Refused, Reply
from bot.config.load import Config
from bot.congress.directory import NotAddressable
from bot.letters import lookup, notices, records, wording
from bot.letters.documents import publish, render
from bot.letters.lifecycle import Dossier, Merge
from bot.letters.model import Letter
from bot.outbox.messages import LARGEST_FILE, pending_file_bytes, post_to_person, update
from bot.printing.parts import DocumentProblem
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import number
from bot.store.database import Database, Transaction

PART: Final = 150  # letters in one file: some 6 MB where they have no logo, and a chat takes 10
_FULL: Final = 0.8  # of what a chat takes: letters of one mailing are not all of the same length
_MOST_WAITING: Final = 200_000_000  # bytes of files in the outbox: while a chat takes none, they fill the disk
_TOLD_EVERY: Final = 50  # letters
_BAR: Final = 20  # signs

Now = Callable[[], datetime]


def merge(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Begin to make a letter for each addressee."""
    letter, person = lookup.letter_of(ctx, args["letter"]), lookup.person_of(ctx)
    if (waiting := pending_file_bytes(ctx.tx, ctx.config.coalition.id)) > _MOST_WAITING:
        raise Refused(
            f"{waiting / 1_000_000:.0f} MB of documents are still waiting to be delivered. /campaign status shows what "
            f"holds them. On the server: coalition-bot letter render {letter.name} --into letters.zip"
        )
    count, id_ = len(letter.version.addressees), ctx.new_id()
    delivery = post_to_person(
        ctx.tx, ctx.config, person, _name(letter, id_, "progress"), _progress(letter, 0), kind=notices.KIND,
        now=ctx.now, new_id=ctx.new_id, urgent=True,
    )  # fmt: skip
    asked = Merge(
        id=id_, letter=letter.id, version=letter.version.number, person=person, delivery=delivery, made=0, at=ctx.now
    )
    if not records.begin_merge(ctx.tx, ctx.config.coalition.id, asked):
        raise Refused(f"They are being made for you already: look into your direct messages with me for {letter.name}.")
    ctx.note(letter.name, "", f"{number(count, 'letter')} to be made as documents")
    card = Card(
        mark=Mark.LETTER,
        head=f"Making {number(count, 'letter')} of {letter.name} …",
        lines=(Line(f"They come to you by direct message, up to {PART} in a file; how far it is stands there too."),),
    )
    return Reply(card=card)


def work(db: Database, config: Config, *, clock: Now, new_id: notices.NewId, part: int = PART) -> bool:
    """Make the next file of what was asked for first; whether there was anything to make."""
    asked = records.next_merge(db, config.coalition.id)
    if asked is None:
        return False
    letter = records.find(db, config.coalition.id, asked.letter)
    assert letter is not None, "the row goes with its letter"
    try:
        _next_file(db, config, letter, asked, part, clock, new_id)
    except (NotAddressable, DocumentProblem, Refused) as problem:
        card = Card(
            mark=Mark.LETTER,
            head=f"The letters of {letter.name} could not be made",
            lines=(Line(f"{asked.made} of {len(letter.version.addressees)} are made. {problem}"),),
            buttons=(Button("Open", "letter show", wording.letter_args(letter)),),
        )
        with db.write() as tx:
            _tell(tx, config, asked, card, clock(), new_id)
            records.delete_merge(tx, config.coalition.id, asked.id)
    return True


def _next_file(
    db: Database, config: Config, letter: Dossier, asked: Merge, part: int, clock: Now, new_id: notices.NewId
) -> None:
    if letter.version.number != asked.version:
        raise Refused(f"The text was changed meanwhile: it is version {letter.version.number} now. Ask again.")
    every = lookup.letters_for(db, config, letter, clock())
    each = every[asked.made : asked.made + min(part, _fitting(every[asked.made], config.folder))]
    made = asked.made + len(each)

    def told(done: int, _: int) -> None:
        if done % _TOLD_EVERY == 0 and done < len(each):
            with db.write() as tx:
                _tell(tx, config, asked, _progress(letter, asked.made + done), clock(), new_id)

    file = _file(letter, each, asked.made + 1, config.folder, told)
    with db.write() as tx:
        _hand_over(tx, config, letter, asked, file, f"{asked.made + 1} to {made}", clock(), new_id)
        _tell(tx, config, asked, _progress(letter, made), clock(), new_id)
        if made < len(every):
            records.update_merge(tx, config.coalition.id, asked.id, made)
        else:
            records.delete_merge(tx, config.coalition.id, asked.id)


def _fitting(letter: Letter, folder: Path) -> int:
    """How many letters such as this one a file has room for."""
    return max(1, int(_FULL * LARGEST_FILE) // sum(len(make(letter, folder)) for make in (render.docx, render.pdf)))


def _file(letter: Dossier, each: list[Letter], first: int, folder: Path, told: Callable[[int, int], None]) -> File:
    last = first + len(each) - 1
    with TemporaryDirectory(prefix="coalition-bot-") as place:
        to = Path(place) / "letters.zip"
        render.merge(each, folder, to, progress=told, first=first)
        data = to.read_bytes()
    if len(data) > LARGEST_FILE:
        raise Refused(
            f"{number(len(each), 'letter')} have more than the 10 MB that a chat takes. On the server: coalition-bot "
            f"letter render {letter.name} --into letters.zip"
        )
    return File(f"{publish.file_name(letter)}-{first:03}-{last:03}.zip", "application/zip", data)


def _hand_over(
    tx: Transaction, config: Config, letter: Dossier, asked: Merge, file: File, which: str, now: datetime,
    new_id: notices.NewId,
) -> None:  # fmt: skip
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}: letters {which} of {len(letter.version.addressees)}",
        lines=(Line("Each as DOCX and PDF, with envelopes.pdf and labels.csv."),),
        foot=publish.standing(letter),
    )
    name = _name(letter, asked.id, which)
    post_to_person(
        tx, config, asked.person, name, card, kind=notices.KIND, now=now, new_id=new_id, urgent=True, files=(file,),
        needs=notices.STAFF_ONLY,
    )  # fmt: skip


def _tell(tx: Transaction, config: Config, asked: Merge, card: Card, now: datetime, new_id: notices.NewId) -> None:
    if asked.delivery:
        update(tx, config.coalition.id, asked.delivery, card, now=now, new_id=new_id)


def _progress(letter: Dossier, made: int) -> Card:
    count = len(letter.version.addressees)
    full = _BAR * made // count
    head = f"Making {number(count, 'letter')} of {letter.name}" if made < count else f"{letter.name}: all {count} made"
    bar = f"{'█' * full}{'░' * (_BAR - full)} {made} of {count}"
    return Card(mark=Mark.LETTER, head=head, lines=(Line(bar),), foot=f"Version {letter.version.number}")


def _name(letter: Dossier, merge_id: str, what: str) -> str:
    return f"letter:{letter.id}:merge:{merge_id}:{what}"
