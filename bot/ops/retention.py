"""How long each table's rows are stored, and how they end. A table that is missing here fails a test.

Expired rows are deleted once a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from bot.config.coalition import Coalition
from bot.media.news.copies import RETENTION as COPIES
from bot.media.news.records import mention_rows, story_rows
from bot.media.posts.records import RETENTION as POSTS
from bot.people.requests import RETENTION
from bot.store.database import Reader, Row, Transaction, to_text
from bot.store.shape import SCHEMA, coalition_conditions, references_to


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One table. Exactly one of `term`, `goes_with` and `stays` says how its rows end.

    `term`: a length of time, or the name of one under `retention:` in coalition.yml; it runs from the time in the
    column `since`. A row stays longer while `still` is true of it (SQL; `:before` is the end of the term), and
    while other rows refer to it that do not go with it. `goes_with`: the tables whose rows take these rows with them.
    `stays`: why rows stay until a person removes them.

    `theirs`: the column with the person whose rows are deleted when they are erased, `members` the same for an
    organization. `sheet`: an export also has it as a table for people; `sheet_rows` returns the rows to show there.
    """

    table: str
    term: str | timedelta = ""
    since: str = ""
    still: str = ""
    goes_with: tuple[str, ...] = ()
    stays: str = ""
    theirs: str = ""
    members: str = ""
    sheet: bool = False
    sheet_rows: Callable[[Reader, Sequence[Row]], Sequence[Mapping[str, Any]]] | None = None


_TABLES: Final = (
    # --- copies and erasures
    RetentionRule(table="backup", stays="where copies are stored"),
    RetentionRule(table="erasure", stays="who must stay erased after a restore"),
    # --- entries and what was matched
    RetentionRule(table="coalition", stays="all rows of the coalition depend on it"),
    RetentionRule(table="source", stays="the state of each source"),
    # Counted from when a source last listed it: old items resurface.
    RetentionRule(
        table="entry",
        term="published",
        since="updated_at",
        still="EXISTS (SELECT 1 FROM entry_key WHERE entry_id = entry.id AND seen_at >= :before)",
    ),
    RetentionRule(table="sighting", goes_with=("entry",)),
    RetentionRule(table="entry_key", goes_with=("entry",)),
    RetentionRule(table="entry_reference", goes_with=("entry",)),
    RetentionRule(table="match", goes_with=("entry",)),
    RetentionRule(table="digest_line", goes_with=("entry",)),
    RetentionRule(table="entry_work", goes_with=("entry",)),
    RetentionRule(table="judgment", goes_with=("entry",), sheet=True),
    RetentionRule(table="recall_sample", term=timedelta(days=400), since="drawn_at"),
    RetentionRule(table="learning_round", term=timedelta(days=30), since="made_at", theirs="person_id"),
    # --- messages
    # A thread stays whole while any message in it is young, a message while it shows something that is stored. That a
    # channel was greeted is never forgotten, or it would be greeted again.
    RetentionRule(
        table="delivery",
        term="messages",
        since="created_at",
        still="""
            state IN ('pending', 'sending', 'retry', 'ambiguous') OR kind = 'hello'
            OR EXISTS (SELECT 1 FROM delivery_entry WHERE delivery_id = delivery.id)
            OR EXISTS (SELECT 1 FROM delivery AS later WHERE later.created_at >= :before AND (
                       later.edits = delivery.id
                       OR later.coalition_id = delivery.coalition_id
                          AND later.channel = delivery.channel AND later.thread = delivery.thread))
        """,
    ),
    RetentionRule(table="delivery_entry", goes_with=("delivery", "entry")),
    RetentionRule(table="delivery_file", goes_with=("delivery",)),
    RetentionRule(table="hold", stays="until posting resumes"),
    RetentionRule(table="recalled", term=timedelta(days=90), since="said_at"),
    # --- people
    RetentionRule(table="person", stays="their actions depend on it; an erased one has no name", sheet=True),
    RetentionRule(table="account", stays="until it is unlinked", theirs="person_id", sheet=True),
    RetentionRule(table="person_role", stays="until it is removed", theirs="person_id", sheet=True),
    RetentionRule(table="web_session", term=timedelta(days=1), since="ends_at", theirs="person_id"),
    RetentionRule(table="member_name", stays="until an administrator changes it", members="member", sheet=True),
    RetentionRule(table="preference", stays="until it is changed", theirs="person_id"),
    RetentionRule(table="mail_address", stays="until it is changed or taken away", theirs="person_id"),
    RetentionRule(table="audit", term="audit", since="at", sheet=True),
    RetentionRule(table="inbox", term=RETENTION, since="seen_at"),
    RetentionRule(table="memo", stays="what the bot must know after a restart"),
    # --- the campaign page
    RetentionRule(table="public_item", stays="what is public, and when it was"),
    RetentionRule(table="subscriber", term=timedelta(days=2), since="asked_at", still="confirmed_at IS NOT NULL"),
    # --- changes made in chat
    RetentionRule(table="overlay", stays="the active changes to watches and sources", sheet=True),
    RetentionRule(table="setting_change", stays="every change of a setting, for undo", sheet=True),
    # --- bills
    RetentionRule(table="bill", stays="the newest record of each bill"),
    RetentionRule(table="roll_call", stays="how Congress voted on our bills"),
    RetentionRule(table="bill_proposal", stays="each is asked about once"),
    # --- deadlines
    RetentionRule(table="duty", stays="until it is removed", sheet=True),
    RetentionRule(table="duty_finding", stays="the evidence for statements on a duty", sheet=True),
    RetentionRule(table="duty_proposal", term=timedelta(days=7), since="made_at"),
    RetentionRule(table="docket", stays="which dockets are followed", sheet=True),
    RetentionRule(table="docket_document", stays="the newest record of each document"),
    RetentionRule(table="docket_lookup", stays="the newest check of each number"),
    RetentionRule(table="docket_comment", stays="the record of what the coalition filed", sheet=True),
    # --- letters and the directory of Congress
    RetentionRule(table="directory", stays="one snapshot of Congress"),
    RetentionRule(table="legislator", stays="one snapshot of Congress"),
    RetentionRule(table="committee", stays="one snapshot of Congress"),
    RetentionRule(table="committee_seat", stays="one snapshot of Congress"),
    # A letter beyond the draft stage is the record of what the coalition sent.
    RetentionRule(
        table="letter",
        term="drafts",
        since="created_at",
        still="""
            state <> 'draft'
            OR EXISTS (SELECT 1 FROM letter_version WHERE letter_id = letter.id AND written_at >= :before)
        """,
        sheet=True,
    ),
    RetentionRule(table="letter_version", goes_with=("letter",), sheet=True),
    RetentionRule(table="letter_approval", goes_with=("letter",), sheet=True),
    RetentionRule(table="letter_confirmation", goes_with=("letter",), sheet=True),
    RetentionRule(table="signature", goes_with=("letter",), members="organisation", sheet=True),
    RetentionRule(table="letter_card", goes_with=("letter",), members="organisation"),
    RetentionRule(table="letter_mail", goes_with=("letter",), sheet=True),
    RetentionRule(table="office_mail", goes_with=("letter",), sheet=True),
    RetentionRule(table="letter_merge", goes_with=("letter",)),
    RetentionRule(table="letter_page", goes_with=("letter",)),
    RetentionRule(table="letter_filing", goes_with=("letter",), sheet=True),
    # A request that nobody confirmed is someone's typing; a confirmed one is the evidence for a signature.
    RetentionRule(
        table="ally_request",
        term=timedelta(days=7),
        since="asked_at",
        still="stage NOT IN ('asked', 'not theirs')",
        members="organisation",
        sheet=True,
    ),
    RetentionRule(table="ally_link", goes_with=("ally_request",)),
    RetentionRule(table="ally_limit", term=timedelta(days=1), since="day"),
    # --- news and the press list
    RetentionRule(
        table="story",
        term="mentions",
        since="opened_at",
        still="EXISTS (SELECT 1 FROM mention WHERE story_id = story.id AND seen_at >= :before)",
        sheet=True,
        sheet_rows=story_rows,
    ),
    RetentionRule(table="mention", goes_with=("story",), sheet=True, sheet_rows=mention_rows),
    RetentionRule(table="mention_shingle", term=COPIES, since="written_at"),
    RetentionRule(table="story_note", goes_with=("story",), sheet=True),
    # Without a sheet: a copy in an export would outlive what its author deletes.
    RetentionRule(table="post", term=POSTS, since="at"),
    RetentionRule(table="redaction", stays="a hash, to prevent adding it again"),
    RetentionRule(table="entity_rule", stays="until it is removed"),
    RetentionRule(table="press_outlet", stays="while one of its reporters is on the list", sheet=True),
    RetentionRule(table="press_contact", stays="until they are removed from the list", sheet=True),
    RetentionRule(table="press_log", term="press", since="at", sheet=True),
    RetentionRule(table="press_embargo", term="press", since="lifts_at", sheet=True),
    RetentionRule(table="press_agreement", goes_with=("press_embargo",), sheet=True),
    RetentionRule(table="press_inquiry", term="press", since="received_at", still="ended_at IS NULL", sheet=True),
    RetentionRule(table="press_card", goes_with=("delivery",)),
    RetentionRule(table="press_suppression", stays="hashes of people who asked not to be on the list"),
)

TABLES: Final[Mapping[str, RetentionRule]] = MappingProxyType({each.table: each for each in _TABLES})


def forget(tx: Transaction, coalition: Coalition, now: datetime) -> dict[str, int]:
    """Delete every expired row and return how many of each table.

    Rows that others refer to may have to wait for the next day.
    """
    gone: dict[str, int] = {}
    for name in reversed(list(SCHEMA)):  # dependent rows go first
        keeping = TABLES[name]
        if keeping.term:
            term = keeping.term if isinstance(keeping.term, timedelta) else getattr(coalition.retention, keeping.term)
            before = to_text(now - term)
            key = SCHEMA[name].key[0]
            sql = f"DELETE FROM {name} WHERE {' AND '.join(_expired(keeping))} RETURNING {key}"
            gone[name] = len(tx.execute(sql, {"before": before, "coalition": coalition.id}))
    return gone


def _expired(keeping: RetentionRule) -> Iterator[str]:
    """The SQL condition for an expired row."""
    yield f"{keeping.since} < :before"
    yield from coalition_conditions(SCHEMA[keeping.table])
    if keeping.still:
        yield f"NOT ({keeping.still})"
    for each in references_to(keeping.table):
        stays = each.table != keeping.table and keeping.table not in TABLES[each.table].goes_with
        if stays and each.when_gone != "SET NULL":
            yield f"NOT EXISTS (SELECT 1 FROM {each.table} WHERE {each.table}.{each.column} = {keeping.table}.id)"
