"""`doctor`: check this machine and explain how to fix what is wrong. Nothing is changed, and no network is needed."""

from __future__ import annotations

import os
import pyexpat
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.chat.web.listener import CannotListen, listen
from bot.chat.web.safety import HEADERS
from bot.config.coalition import Coalition
from bot.config.installation import unserved
from bot.config.load import Config, misspelled
from bot.config.settings import Settings
from bot.congress import sync
from bot.ops import backup
from bot.people.model import account, cannot_act
from bot.settings import records
from bot.shared import isolation
from bot.shared.address_guard import is_loopback, permitted
from bot.shared.answer import Finding, State
from bot.shared.wording import number
from bot.store import sqlite
from bot.store.address import Address, File, open_own
from bot.store.database import StoreError

# The oldest versions that work, and why.
_SQLITE: Final = (3, 35)  # the first with RETURNING
_EXPAT: Final = (2, 6)  # https://github.com/libexpat/libexpat/blob/R_2_6_0/expat/Changes: CVE-2023-52425
_OLD_EXPAT: Final = "It comes with Python: a newer patch release has one. Until then, feeds are read under limits."
_FULL: Final = 200_000_000  # bytes free: with less, SQLite's log may soon run out of space
_TIGHT: Final = 2_000_000_000
_LONG_LOG: Final = 256_000_000  # bytes of WAL; SQLite truncates it at 4 MB unless a reader never ends
_BACKED_UP: Final = timedelta(days=7)
_MB: Final = 1_000_000
_ANSWER: Final = 2.0  # seconds for a site on this machine
_HEALTHY: Final = 10  # bytes read of its health page
_TO_ITSELF: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a site bound to every address answers


def examine(settings: Settings, config: Config, store: Address, folder: Path, now: datetime) -> list[Finding]:
    """Check everything that needs no network. `folder`: where the bot is started, with `.env` in it."""
    return [
        _version("SQLite", sqlite.VERSION, _SQLITE, "It comes with Python: install a newer one and recreate .venv."),
        _version("expat", pyexpat.version_info, _EXPAT, _OLD_EXPAT, below=State.LOOK),
        _children(),
        *_rights(settings, store, folder),
        _disk(store, folder),
        *_database(store, config.coalition, now),
        *_tokens(settings, config),
    ]


def machine_slips(settings: Settings, store: Address, folder: Path, now: datetime) -> Iterator[str]:
    """Sentences on what is wrong outside the two files: names of variables, permissions, the disk, the port."""
    yield from map(str, misspelled((*os.environ, *dotenv_values(".env"), *dotenv_values(folder / ".env"))))
    running = store.exists() and store.running(now)
    for finding in (*_rights(settings, store, folder), _disk(store, folder), *port(settings, running=running)):
        if finding.state is State.BAD:
            yield f"{finding.subject}: {finding.sentence}. {finding.next_step}"


def _children() -> Finding:
    """Check whether the processes that parse strangers' files can be isolated."""
    if isolation.version():
        return Finding("parsers", State.GOOD, "isolated from tokens, database and network by the kernel (Landlock)")
    detail = (
        "this system has no Landlock: they run under limits and without the bot's environment, but could read its files"
    )
    return Finding(
        "parsers", State.LOOK, detail, "Use Linux 5.13 or newer with Landlock; 6.7 or newer also closes the network."
    )


def _version(
    name: str, installed: tuple[int, ...], least: tuple[int, ...], advice: str, *, below: State = State.BAD
) -> Finding:
    has, needs = (".".join(map(str, each)) for each in (installed, least))
    if installed >= least:
        return Finding(name, State.GOOD, has)
    return Finding(name, below, f"{has}; it should be {needs} or newer", advice)


def _rights(settings: Settings, store: Address, folder: Path) -> Iterator[Finding]:
    """Check that only the owner can read tokens and drafts, and that not everyone can change the two files."""
    own = [*dict.fromkeys((Path(".env"), folder / ".env"))]  # that of the host of several coalitions too
    if isinstance(store, File):
        own += [store.path.with_name(store.path.name + end) for end in ("", "-wal", "-shm")]
    there = [path for path in own if path.exists()]
    for path in there:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(path.name, State.BAD, "other users of this machine can read it", f"chmod 600 {path}")
    for path in (settings.feeds_file, settings.coalition_file):
        if path.stat().st_mode & stat.S_IWOTH:
            yield Finding(path.name, State.BAD, "any user of this machine can change it", f"chmod o-w {path}")
    if not any(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for path in there):
        yield Finding("rights", State.GOOD, f"{', '.join(map(str, there)) or 'nothing'}: readable only by the owner")


def _disk(store: Address, folder: Path) -> Finding:
    where = store.path.absolute().parent if isinstance(store, File) else folder
    if not where.exists():
        return Finding("disk", State.BAD, f"{where} does not exist", "Create the folder, or correct DATABASE_URL.")
    free = shutil.disk_usage(where).free
    detail = f"{free / _MB:,.0f} MB free at {where}"
    if not os.access(where, os.W_OK):
        return Finding(
            "disk", State.BAD, f"{where} is not writable", "Give write permission to the user that runs the bot."
        )
    if free >= _TIGHT:
        return Finding("disk", State.GOOD, detail)
    advice = "Free some space: the bot stops when it cannot save what it posts."
    return Finding("disk", State.BAD if free < _FULL else State.LOOK, detail, advice)


def slips_in(settings: Settings, config: Config) -> Iterator[str]:
    """Sentences on what the files and the settings ask for and cannot have."""
    for at, who in enumerate(map(account, config.coalition.administrators)):
        if who and (why := cannot_act(who, settings.discord_guild_id)):
            yield str(config.coalition_lines.problem(("administrators", at), why))
    allowed = {host.casefold() for host in config.feeds.allow_hosts}
    for id_, source in config.feeds.enabled.items():
        parts = urlsplit(source.url)
        host = parts.hostname or ""
        if _is_inside(host) and allowed.isdisjoint((host, f"{host}:{parts.port}")):
            yield f"source {id_}: {host} is on your own network. To read it, add to feeds.yml: allow_hosts: [{host}]"
        if source.of_mailbox and settings.imap_url is None:
            yield f"source {id_}: it is read by email, and IMAP_URL is not set (docs/mail.md)"
    site, port = urlsplit(settings.web_url or ""), settings.site_bind[1]
    if is_loopback(site.hostname or "") and site.port not in (None, port):
        yield (
            f"WEB_URL names port {site.port} of this machine, but the bot listens on port {port}: unless something "
            f"forwards the one to the other, set WEB_BIND=127.0.0.1:{site.port}"
        )
    if settings.serves_web and not settings.trusted_proxies and not is_loopback(settings.site_bind[0]):
        yield (
            "TRUSTED_PROXIES is not set, but WEB_BIND lets other machines connect: all visitors that a router leads "
            "here share one limit of requests. Set it to the router's address or network (docs/web.md), or to "
            "127.0.0.1 if there is none."
        )


def changed_in_chat(store: Address, files: Config, now: datetime) -> tuple[Sequence[str], Config]:
    """The changes made in chat, a line each, and `files` with them; none without a database, or if it must migrate."""
    if not store.exists() or store.pending():
        return (), files
    with closing(open_own(store, files.coalition.id)) as db:
        return records.changed_in_chat(db, files, now)


def _is_inside(host: str) -> bool:
    try:
        return not permitted(host, inside=False)
    except ValueError:  # a name, not an address
        return host == "localhost"


def port(settings: Settings, *, running: bool = False) -> Iterator[Finding]:
    """Check the port of the web site. Port 0 is any free one. `running`: whether this bot, which may use it, runs."""
    if not settings.serves_web:
        return
    host, port_number = settings.site_bind
    where = f"{host}:{port_number}"
    try:
        listen(host, port_number).close()
    except CannotListen as error:
        if running and _is_our_site(host, port_number):
            yield Finding("port", State.GOOD, f"{where} is used by this bot, which is running")
            return
        yield Finding("port", State.BAD, error.why, error.advice)
    else:
        yield Finding("port", State.GOOD, f"{where} is free")


def _is_our_site(host: str, port_number: int) -> bool:
    """Whether the site that answers there is a coalition-bot's, by its health page and its headers."""
    connection = HTTPConnection(_TO_ITSELF.get(host, host), port_number, timeout=_ANSWER)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.read(_HEALTHY) == b"ok" and all(answer.headers[name] == value for name, value in HEADERS.items())
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _database(store: Address, coalition: Coalition, now: datetime) -> Iterator[Finding]:
    if isinstance(store, File):
        wal = store.path.with_name(f"{store.path.name}-wal")
        size = wal.stat().st_size if wal.exists() else 0
        if size > _LONG_LOG:
            advice = "Restart the bot. If the file grows again, another program keeps the database open."
            yield Finding("database log", State.LOOK, f"{wal.name} takes {size / _MB:,.0f} MB", advice)
    try:
        if waiting := store.pending():
            change = (
                f"{store} opens; this version changes its tables at the next start ({number(len(waiting), 'step')})"
            )
            yield Finding("database", State.LOOK, change, 'Back it up first: docs/operations.md, "Upgrade".')
            return
        db = open_own(store, coalition.id)
    except StoreError as error:
        yield Finding("database", State.BAD, str(error))
        return
    with closing(db):
        yield Finding("database", State.GOOD, f"{store} opens")
        for warning in sync.warnings(db, coalition, now.astimezone(coalition.tz).date()):
            yield Finding("directory of Congress", State.LOOK, warning)
        made = [copy.made_at for copy in backup.recorded_copies(db)]
    yield _backup(max(made, default=None), now)


def _backup(last: datetime | None, now: datetime) -> Finding:
    advice = "Run `coalition-bot backup FILE` every night: docs/operations.md has the line for cron."
    if last is None:
        return Finding("backup", State.LOOK, "none yet", advice)
    detail = f"the last one is from {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return Finding("backup", State.GOOD if now - last < _BACKED_UP else State.LOOK, detail, advice)


def _tokens(settings: Settings, config: Config) -> Iterator[Finding]:
    """Check that the tokens are set. `check --online` tests whether they work."""
    missing: Mapping[str, list[str]] = unserved(settings, config)
    for variable, names in missing.items():
        detail = f"{variable} is not set: messages for {', '.join(names)} would wait"
        advice = "docs/connect.md says where to find it. Put it into the coalition's .env, then restart the bot."
        yield Finding("token", State.BAD, detail, advice)
    if not missing:
        yield Finding("tokens", State.GOOD, "set for every channel")
