"""Messages on followed dockets: a comment period moved, a document withdrawn, our comment posted."""

from __future__ import annotations

from bot.commands.model import Work
from bot.deadlines import docket_records, docket_wording, reminders
from bot.deadlines.docket_records import Docket, OurComment
from bot.deadlines.windows import window_about
from bot.outbox.messages import post_to_person
from bot.shared.card import Card
from bot.sources.regulations.api import DocketDocument


def post_change(work: Work, docket: Docket, before: DocketDocument, after: DocketDocument) -> None:
    """Post that comments close on another day or that the document was withdrawn, in the thread of its alert.

    Without an alert, the person who follows the docket gets it.
    """
    sentence = docket_wording.change(before, after)
    if not sentence:
        return
    name = f"docket:{after.id}:{before.closes_on}:{after.closes_on}:{after.status.value}"
    card = docket_wording.change_card(docket, after, sentence, work.today)
    if not _post_in_thread(work, after, name, card) and docket.followed_by:
        post_to_person(work, docket.followed_by, name, card, kind=reminders.KIND)


def post_posted(work: Work, comment: OurComment) -> None:
    """Post that the agency has posted our comment: in the alert's thread, and to the person who filed it."""
    document = docket_records.document(work.tx, comment.document)
    name, card = f"docket:posted:{comment.tracking}", docket_wording.posted_card(comment, document, work.zone)
    if document:
        _post_in_thread(work, document, name, card)
    if comment.filed_by:
        post_to_person(work, comment.filed_by, name, card, kind=reminders.KIND)


def _post_in_thread(work: Work, document: DocketDocument, name: str, card: Card) -> bool:
    """Post in the threads of the document's alert; False if there is none."""
    window = window_about(work.tx, work.coalition_id, document.number, work.now) if document.number else None
    if window is None or not window.alerted:
        return False
    reminders.post_about(work, window, name, card)
    return True
