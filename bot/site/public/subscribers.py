"""The campaign page's news by mail: asked for on the page, confirmed from the mailbox, at most once a day.

An address is stored only here, and deleted when it unsubscribes or does not exist. Nothing but the link to confirm is
mailed to it before someone pressed the button behind that link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import Job, Refused, Work
from bot.config.load import Config
from bot.letters.allies.model import own_domain
from bot.outbox import holds, queued
from bot.outbox.messages import mail_place, post
from bot.outbox.model import BY_MAIL, PAGE_NEWS, PUBLIC_LINK, TO_CONFIRM, Channel
from bot.people import mail, requests
from bot.shared.card import Card, Line, Mark, Section
from bot.shared.language import ENGLISH, current, gettext, ngettext, speaking
from bot.shared.mail_address import domain_of, normalize_address
from bot.shared.wording import short
from bot.site.public import campaign, records
from bot.store.database import Reader, Transaction, delete_rows, from_text, one, save_row, to_text, update_rows

CONFIRM_WITHIN: Final = timedelta(days=1)
_HOUR: Final = 9  # of the coalition's day, from which news is mailed
# Subscriptions a day, after which each network has one: the form cannot be used to flood other people's mailboxes.
_CROWD: Final = 500
_SAME_REQUEST: Final = timedelta(minutes=10)  # in which pressing Subscribe again mails nothing
_AT_ONCE: Final = 200  # subscribers in one transaction
_NAME: Final = "a subscriber of the campaign page"  # in reports to administrators, who need no address


def checked(typed: str) -> str:
    """Return an address in the one form that is stored. Raises `Refused`."""
    address = normalize_address(typed)
    if address and "." in domain_of(address):  # at a bare name, such as localhost, mail is for the relay's own users
        return address.lower()
    raise Refused(gettext("Write one email address, such as maria@example.org."), param="address")


def ask(work: Work, address: str, *, network: str) -> None:
    """Mail a link to confirm to a checked address. Who asks does not learn whether it subscribed before.

    Raises `Refused`.
    """
    sql = "SELECT id, asked_at, confirmed_at FROM subscriber WHERE address = :address"
    before = one(work.tx.read(sql, {"address": address}))
    if before and from_text(before["asked_at"]) > work.now - _SAME_REQUEST:
        return  # people press Subscribe three times
    if domain := own_domain(domain_of(address)):  # its owner may have any number of addresses there
        requests.count_stranger(work, f"news domain {domain}", network, crowd=requests.OF_DOMAIN)
    requests.count_stranger(work, "news", network, crowd=_CROWD)
    if not requests.may_confirm(work, "news", address) or (before and before["confirmed_at"]):
        return
    id_ = before["id"] if before else work.new_id()
    row = {"id": id_, "address": address, "token": work.new_id(), "asked_at": work.now, "language": current()}
    save_row(work.tx, "subscriber", row, key="address", keep=("id", "token"))
    card = Card(
        mark=Mark.ANSWER,
        head=gettext("Confirm that you want news of %(coalition)s", coalition=work.config.coalition.name),
        lines=(
            Line(gettext("Someone typed this address on our public page, to get at most one email a day of its news.")),
            Line(gettext("The link below opens a page; press its button within a day. Opening the link does nothing.")),
        ),
    )
    post(work, mail_place(id_, TO_CONFIRM), f"subscribe:{to_text(work.now)}", card, kind=PUBLIC_LINK)


def confirm(tx: Transaction, token: str, now: datetime) -> bool:
    """Confirm the address with that token, which only its reader has. Return whether it is confirmed."""
    sql = """
        UPDATE subscriber SET confirmed_at = COALESCE(confirmed_at, :now), mailed_at = COALESCE(mailed_at, :now)
        WHERE token = :token AND (confirmed_at IS NOT NULL OR asked_at >= :since) RETURNING id
    """
    return bool(tx.execute(sql, {"token": token, "now": now, "since": now - CONFIRM_WITHIN}))


def delete(tx: Transaction, token: str) -> bool:
    """Delete the address with that token: it unsubscribed, or does not exist. Return False if there is none."""
    return bool(delete_rows(tx, "subscriber", token=token))


def count(db: Reader) -> int:
    return int(db.read("SELECT COUNT(*) AS n FROM subscriber WHERE confirmed_at IS NOT NULL")[0]["n"])


def channel(db: Reader, name: str) -> Channel | None:
    """Return the mail address behind `mail:<subscriber id>` or, before it is confirmed, `confirm:<subscriber id>`."""
    prefix, _, id_ = name.partition(":")
    if f"{prefix}:" not in (BY_MAIL, TO_CONFIRM):
        return None
    row = one(db.read("SELECT address, token, confirmed_at, language FROM subscriber WHERE id = :id", {"id": id_}))
    if row is None or (row["confirmed_at"] is None) != (f"{prefix}:" == TO_CONFIRM):
        return None
    language = row["language"]
    return Channel(name, mail.PLATFORM, row["address"], _NAME, row["token"], unproven=True, language=language)


# --- the daily mail ---------------------------------------------------------------------------------------------------


def compose(job: Job) -> None:
    """Notice what changed on the page, and queue its news for subscribers who had none today."""
    _delete_dead(job)
    # A clock that was ahead may have mailed news: what comes from now on is new.
    where, times = "mailed_at > :now", {"now": job.now}
    if job.db.read(f"SELECT id FROM subscriber WHERE {where} LIMIT 1", times):
        with job.write() as work:
            work.tx.execute(f"UPDATE subscriber SET mailed_at = :now WHERE {where}", times)
    page = campaign.load(job.db, job.config, job.now)
    if page.changes:
        with job.write() as work:
            for item, digest in page.changes:
                if (
                    item.kind is records.Kind.CLIP and not digest
                ):  # its headline is kept no longer than the article is public
                    records.hide(work.tx, item.kind, item.name, work.now)
                else:
                    records.note_change(work.tx, item, digest, work.now)
        page = campaign.load(job.db, job.config, job.now)
    if queued.waiting_cards(job.db, PAGE_NEWS):
        with job.write() as work:
            refresh(work)
    local = job.now.astimezone(job.config.coalition.tz)
    if page.news and local.hour >= _HOUR and job.config.site:
        for row in job.db.read("SELECT DISTINCT language FROM subscriber WHERE confirmed_at IS NOT NULL"):
            with speaking(row["language"]):
                translated = page if current() == ENGLISH else campaign.load(job.db, job.config, job.now)
                while _post_some(job, translated):
                    pass


def _delete_dead(job: Job) -> None:
    """Delete the addresses that a relay says do not exist."""
    prefix = holds.channel_scope(BY_MAIL)
    scopes = [each.scope for each in holds.all_holds(job.db) if each.until is None]
    on_hold = [scope for scope in scopes if scope.startswith(prefix)]
    if not on_hold:
        return
    with job.write() as work:
        for scope in on_hold:
            if delete_rows(work.tx, "subscriber", id=scope.removeprefix(prefix)):
                holds.release(work.tx, scope)


def _post_some(job: Job, page: campaign.CampaignPage) -> bool:
    """Queue the news for some subscribers; return whether there may be more."""
    midnight = job.now.astimezone(job.config.coalition.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    sql = f"""
        SELECT id, mailed_at FROM subscriber
        WHERE language = :language AND confirmed_at IS NOT NULL AND mailed_at < :midnight AND mailed_at < :newest
        ORDER BY mailed_at, id LIMIT {_AT_ONCE}
    """
    newest = max(news.item.changed_at for news in page.news)
    with job.write() as work:
        times = {"midnight": midnight, "newest": newest}
        due = work.tx.read(sql, times | {"language": current()})
        for row in due:
            card = _card(job.config, page, from_text(row["mailed_at"]))
            post(work, mail_place(row["id"]), f"news:{midnight.date()}", card, kind=PAGE_NEWS)
            update_rows(work.tx, "subscriber", {"mailed_at": work.now}, id=row["id"])
    return len(due) == _AT_ONCE


def _card(config: Config, page: campaign.CampaignPage, since: datetime) -> Card:
    fresh = [news for news in page.news if news.item.changed_at > since]
    new = [news for news in fresh if news.item.shown_at > since]
    changed = [news for news in fresh if news not in new]
    sections = (gettext("New"), _lines(config, new)), (gettext("Changed"), _lines(config, changed))
    return _of_sections(config, [Section(*section) for section in sections])


def _lines(config: Config, items: Iterable[campaign.News]) -> tuple[Line, ...]:
    return tuple(
        Line(short(f"{news.headline}. {news.shown.summary}", 500), f"{config.site}{news.path}") for news in items
    )


def _of_sections(config: Config, sections: Sequence[Section]) -> Card:
    count = Counter({section.title: len(section.lines) for section in sections})
    new, changed = count[gettext("New")], count[gettext("Changed")]
    parts = [ngettext("%(num)s new item", "%(num)s new items", new) if new else ""]
    parts += [ngettext("%(num)s changed", "%(num)s changed", changed) if changed else ""]
    return Card(
        mark=Mark.DIGEST,
        head=f"{config.coalition.short or config.coalition.name}: {', '.join(filter(None, parts))}",
        sections=tuple(section for section in sections if section.lines),
    )


def refresh(work: Work) -> None:
    """Let the mails that wait say of each item what the page shows of it now, and nothing of what it shows no more."""
    for card in queued.waiting_cards(work.tx, PAGE_NEWS):
        with speaking(_language_of(card)):
            _refresh(work, card)


def _refresh(work: Work, card: Card) -> None:
    page = campaign.load(work.tx, work.config, work.now)
    lines = {each.url: each for each in _lines(work.config, page.news)}
    sections = [
        replace(section, lines=tuple(lines[line.url] for line in section.lines if line.url in lines))
        for section in card.sections
    ]
    left = _of_sections(work.config, sections) if any(section.lines for section in sections) else None
    if left != card:
        queued.replace_waiting(work.tx, PAGE_NEWS, card, left, why="what it reports is no longer public")


def _language_of(card: Card) -> str:
    """The language of a mail with news, which is in its links."""
    return card.sections[0].lines[0].url.partition("?lang=")[2].partition("#")[0] or ENGLISH
