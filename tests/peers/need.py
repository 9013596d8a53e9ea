"""Programs that this project does not install: found, or the test says what is missing.

On a developer's machine a test without its peer is skipped. Where CI is set a skip would be a check that never
ran, so there it fails.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Debian keeps the server's programs out of PATH, a folder a version.
_INITDB = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None, key=lambda p: int(p.parts[-3]))


def _sbin(name: str) -> Path:
    """Where Debian keeps a server, which a user's PATH may leave out."""
    return Path("/usr/sbin") / name


_PLACES = {
    "local-slack": ("LOCAL_SLACK", ("local-slack",), HERE / "node_modules/local-slack-linux-x64/bin/local-slack"),
    "markdown": ("MARKDOWN_PARSERS", (), HERE / "node_modules/discord-markdown-parser"),
    "node": ("NODE", ("node",), None),
    "chromium": ("CHROMIUM", ("chromium", "chromium-browser", "google-chrome"), None),
    "initdb": ("INITDB", ("initdb",), _INITDB),
    "unshare": ("UNSHARE", ("unshare",), None),
    "ip": ("IP", ("ip",), None),
    "smtpd": ("OPENSMTPD", ("smtpd",), _sbin("smtpd")),
    "dovecot": ("DOVECOT", ("dovecot",), _sbin("dovecot")),
    "soffice": ("SOFFICE", ("soffice", "libreoffice"), None),
    "pdftotext": ("PDFTOTEXT", ("pdftotext",), None),
    "pdftoppm": ("PDFTOPPM", ("pdftoppm",), None),
    "systemd-analyze": ("SYSTEMD_ANALYZE", ("systemd-analyze",), None),
}
_HOW = {
    "local-slack": "npm ci --prefix tests/peers (Linux, x64)",
    "markdown": "npm ci --prefix tests/peers",
    "node": "apt-get install nodejs npm",
    "chromium": "apt-get install chromium fonts-noto-color-emoji",
    "initdb": "apt-get install postgresql",
    "unshare": "apt-get install util-linux (Linux only)",
    "ip": "apt-get install iproute2",
    "smtpd": "apt-get install opensmtpd (as root)",
    "dovecot": "apt-get install dovecot-imapd (as root)",
    "soffice": "apt-get install libreoffice-writer-nogui",
    "pdftotext": "apt-get install poppler-utils",
    "pdftoppm": "apt-get install poppler-utils",
    "systemd-analyze": "apt-get install systemd (Linux only)",
}


def find(name: str) -> Path | None:
    variable, commands, place = _PLACES[name]
    if named := os.environ.get(variable):
        return Path(named)
    if place and place.exists():
        return place
    return next((Path(located) for command in commands if (located := shutil.which(command))), None)


def need(name: str) -> Path:
    """The program's path; without it the test is skipped, or fails where CI is set."""
    located = find(name)
    if located is None:
        missing(f"{name} is not here: {_HOW[name]}")
    return located


def missing(why: str) -> None:
    """Skip, saying why; in CI, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"in CI nothing is skipped: {why}")
    pytest.skip(why)
