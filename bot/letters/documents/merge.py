"""Mail merge: a letter to many addressees, requested in chat, made in the background, sent by direct message.

Each file is stored in its own transaction, so that a restart continues where it stopped and the first letters arrive
while the last are being made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.commands.model import STAFF, Context, File, Job, Refused, Reply, Work, answer
from bot.letters import gates, notices, records, wording
from bot.letters.documents import publish, render
from bot.letters.documents import records as merges
from bot.letters.lifecycle import Dossier, Merge, is_allowed
from bot.letters.lookup import LetterGroup
from bot.outbox import files
from bot.outbox.messages import LARGEST_FILE, post_to_person, update
from bot.shared.card import Card, Line, Mark
from bot.shared.errors import Problem
from bot.shared.journey import shell_command
from bot.shared.wording import number
from bot.store.database import StopRequested, delete_rows, update_rows

PART: Final = 150  # letters in one file: about 6 MB without a logo; chats accept 10 MB
_FULL: Final = 0.8  # share of a chat's file limit to fill, because letters differ in length
_MOST_WAITING: Final = 200_000_000  # bytes of files in the outbox, to keep a chat outage from filling the disk
_PROGRESS_EVERY: Final = 50  # letters
_BAR: Final = 20  # signs


slash = LetterGroup("letter", who=STAFF)


@slash.step(needs="merge")
def merge(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Make a letter for each addressee."""
    person = ctx.person
    if not letter.is_history:
        gates.check_current(ctx, letter)
    if (waiting := files.pending_bytes(ctx.tx)) > _MOST_WAITING:
        raise Refused(
            f"{waiting / 1_000_000:.0f} MB of documents are still waiting to be delivered. /campaign status shows what "
            f"holds them. On the server: {_on_the_server(letter)}"
        )
    count, id_ = len(letter.version.addressees), ctx.new_id()
    name = f"letter:{letter.id}:merge:{id_}:progress"
    delivery = post_to_person(ctx, person, name, _progress_card(letter, 0), kind=notices.KIND, urgent=True)
    run = Merge(
        id=id_, letter=letter.id, version=letter.version.number, person=person, delivery=delivery, made=0, at=ctx.now
    )
    if not merges.begin_merge(ctx.tx, run):
        raise Refused(f"They are already being made: see your direct messages with the bot about {letter.name}.")
    ctx.note(letter.name, "", f"{number(count, 'letter')} to be made as documents")
    how = f"You get them by direct message, up to {PART} in a file, with the progress."
    return answer(f"Making {number(count, 'letter')} of {letter.name} …", how, mark=Mark.LETTER)


def make_next_file(start: Callable[[], Job], *, part: int = PART, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Make the next file of the oldest merge; return whether there was one.

    `start`: a job at the current time, because a file can take minutes. Raises `StopRequested` after the letter at hand
    once `stopping` returns true: the next run makes that file again.
    """
    db = start().db
    run = merges.next_merge(db)
    if run is None:
        return False
    letter = records.get(db, run.letter)
    try:
        _next_file(start, letter, run, part, stopping)
    except Problem as problem:
        why = f"{run.made} of {len(letter.version.addressees)} are made. {problem}"
        card = wording.notice(letter, f"The letters of {letter.name} could not be made", why)
        with start().write() as work:
            _update_progress(work, run, card)
            delete_rows(work.tx, "letter_merge", id=run.id)
    return True


def _next_file(start: Callable[[], Job], letter: Dossier, run: Merge, part: int, stopping: Callable[[], bool]) -> None:
    if letter.version.number != run.version:
        raise Refused(f"The text has changed since: it is now version {letter.version.number}. Start the merge again.")
    if not is_allowed(letter, "merge"):
        raise Refused("The letter was withdrawn since, and will not be sent.")
    if run.made and letter.locked_at and letter.locked_at > run.at:
        raise Refused("The files made so far are drafts: the letter was locked since. Start the merge again.")
    job = start()
    folder, all_letters = job.config.folder, gates.current_letters(job.db, job.config, letter, job.now)
    size = sum(len(make(all_letters[run.made], folder)) for make in (render.docx, render.pdf))
    fitting = max(1, int(_FULL * LARGEST_FILE) // size)
    letters = all_letters[run.made : run.made + min(part, fitting)]
    first, made = run.made + 1, run.made + len(letters)

    def report_progress(done: int, _: int) -> None:
        if stopping():
            raise StopRequested
        if done % _PROGRESS_EVERY == 0 and done < len(letters):
            with start().write() as work:
                _update_progress(work, run, _progress_card(letter, run.made + done))

    with TemporaryDirectory(prefix="coalition-bot-") as folder_name:
        path = Path(folder_name) / "letters.zip"
        render.merge(letters, folder, path, progress=report_progress, first=first)
        data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        raise Refused(
            f"{number(len(letters), 'letter')} are larger than the 10 MB that a chat accepts. On the server: "
            f"{_on_the_server(letter)}"
        )
    file = File(f"{publish.file_name(letter)}-{first:03}-{made:03}.zip", "application/zip", data)
    with start().write() as work:
        _deliver(work, letter, run, file, f"{first} to {made}")
        _update_progress(work, run, _progress_card(letter, made))
        if made < len(all_letters):
            asked_at = max(run.at, letter.locked_at or run.at)  # of those that were asked for, or locked later
            update_rows(work.tx, "letter_merge", {"made": made, "asked_at": asked_at}, id=run.id)
        else:
            delete_rows(work.tx, "letter_merge", id=run.id)


def _on_the_server(letter: Dossier) -> str:
    return shell_command(f"letter render {letter.name} --into letters.zip")


def _deliver(work: Work, letter: Dossier, run: Merge, file: File, which: str) -> None:
    head = f"{letter.name}: letters {which} of {len(letter.version.addressees)}"
    card = wording.notice(letter, head, "Each as DOCX and PDF, with envelopes.pdf and labels.csv.", buttons=())
    card = replace(card, foot=publish.status_line(letter))
    name = f"letter:{letter.id}:merge:{run.id}:{which}"
    post_to_person(
        work, run.person, name, card, kind=notices.KIND, urgent=True, files=(file,), needs=notices.STAFF_ONLY
    )


def _update_progress(work: Work, run: Merge, card: Card) -> None:
    if run.delivery:
        update(work, run.delivery, card)


def _progress_card(letter: Dossier, made: int) -> Card:
    count = len(letter.version.addressees)
    full = _BAR * made // count
    head = f"Making {number(count, 'letter')} of {letter.name}" if made < count else f"{letter.name}: all {count} made"
    bar = f"{'█' * full}{'░' * (_BAR - full)} {made} of {count}"
    return Card(mark=Mark.LETTER, head=head, lines=(Line(bar),), foot=f"Version {letter.version.number}")
