"""Messages on followed dockets: a comment period moved, a document withdrawn, our comment posted."""

from __future__ import annotations

from datetime import datetime

from bot.alerts.campaign import Campaign, NewId
from bot.deadlines import docket_records, docket_wording, reminders
from bot.deadlines.docket_records import Docket, OurComment
from bot.deadlines.windows import window_about
from bot.outbox.messages import post_to_person
from bot.shared.card import Card
from bot.sources.regulations.api import DocketDocument
from bot.store.database import Transaction


def post_change(
    tx: Transaction,
    campaign: Campaign,
    docket: Docket,
    before: DocketDocument,
    after: DocketDocument,
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    """Post that comments close on another day or that the document was withdrawn, in the thread of its alert.

    Without an alert, the person who follows the docket gets it.
    """
    sentence = docket_wording.change(before, after)
    if not sentence:
        return
    today = now.astimezone(campaign.zone).date()
    name = f"docket:{after.id}:{before.closes_on}:{after.closes_on}:{after.status.value}"
    card = docket_wording.change_card(docket, after, sentence, today)
    if not _post_in_thread(tx, campaign, after, name, card, now=now, new_id=new_id) and docket.followed_by:
        post_to_person(tx, campaign, docket.followed_by, name, card, kind=reminders.KIND, now=now, new_id=new_id)


def post_posted(tx: Transaction, campaign: Campaign, comment: OurComment, *, now: datetime, new_id: NewId) -> None:
    """Post that the agency has posted our comment: in the alert's thread, and to the person who filed it."""
    document = docket_records.document(tx, comment.document)
    name, card = f"docket:posted:{comment.tracking}", docket_wording.posted_card(comment, document, campaign.zone)
    if document:
        _post_in_thread(tx, campaign, document, name, card, now=now, new_id=new_id)
    if comment.filed_by:
        post_to_person(tx, campaign, comment.filed_by, name, card, kind=reminders.KIND, now=now, new_id=new_id)


def _post_in_thread(
    tx: Transaction,
    campaign: Campaign,
    document: DocketDocument,
    name: str,
    card: Card,
    *,
    now: datetime,
    new_id: NewId,
) -> bool:
    """Post in the threads of the document's alert; False if there is none."""
    window = window_about(tx, campaign.coalition.id, document.number, now) if document.number else None
    if window is None or not window.alerted:
        return False
    reminders.post_about(tx, campaign, window, name, card, now=now, new_id=new_id)
    return True
