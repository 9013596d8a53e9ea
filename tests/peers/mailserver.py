"""A real mail server (OpenSMTPD) and a real mailbox (Dovecot) from Debian, on loopback, in a separate folder.

OpenSMTPD's control socket and queue are at paths that were compiled in, so it runs in a mount namespace in which they
are in the folder; two runs, or one of Debian's own, do not meet. Needs root.
"""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.peers.need import need

OURS, THEIRS, GONE = "coalition.test", "member.test", "gone.test"
PASSWORD = "secret"
_FILTER = Path(__file__).with_name("opensmtpd_filter.py")
_DOVECOT = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot-state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = nobody
    gid = nogroup
    home = {folder}/mail/%{{user}}
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""
_SMTPD = """
filter "faults" proc-exec "{python} -S {filter} {folder}/fault"
table users {{ "@" = "nobody" }}
listen on 127.0.0.1 port {port} hostname "relay.test" filter "faults"
action "box" maildir "{folder}/mail/%{{rcpt.user:strip}}" virtual <users>
action "gone" mda "exit 67" virtual <users>
match from any for domain "{gone}" action "gone"
match from any for domain "{theirs}" action "box"
match from any for domain "{ours}" action "box"
"""


@dataclass
class MailServer:
    """`start` and `kill` the relay; `fail(phase, answer, times)` makes it go wrong; `mails(user)` are what came."""

    folder: Path
    smtp_port: int
    imap_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def smtp(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def imap(self) -> str:
        return f"imap://bot:{PASSWORD}@127.0.0.1:{self.imap_port}/INBOX"

    def start(self) -> None:
        script = (  # the package leaves it to the first start of its service to make the spool
            "mkdir -p /var/spool/smtpd && mount -t tmpfs tmpfs /run "
            f"&& mount --bind {self.folder}/spool /var/spool/smtpd "
            f"&& exec {need('smtpd')} -d -f {self.folder}/smtpd.conf"
        )
        with (self.folder / "smtpd.log").open("ab") as log:
            self.process = subprocess.Popen(
                [need("unshare"), "--mount", "sh", "-c", script], stdout=log, stderr=log, start_new_session=True
            )
        _wait_for(self.smtp_port, self.folder / "smtpd.log")

    def kill(self) -> None:
        """As a power cut would: all of its processes at once."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            _wait_until_closed(self.smtp_port)  # the parent ends first, and its children held the port too

    def fail(self, phase: str, answer: str, times: int = 1) -> None:
        (self.folder / "fault").write_text(f"{phase}|{answer}|{times}", encoding="utf-8")

    def wait_until_hung(self) -> None:
        ends = time.monotonic() + 30
        while not (self.folder / "mail" / "hung").exists() and time.monotonic() < ends:
            time.sleep(0.02)

    def heal(self) -> None:
        (self.folder / "fault").unlink(missing_ok=True)

    def mails(self, user: str, count: int, seconds: float = 30) -> list[EmailMessage]:
        """The mails in the boxes that match `user`, oldest first, once there are at least `count`."""
        ends = time.monotonic() + seconds
        while True:
            boxed = sorted((self.folder / "mail").glob(f"{user}/[cn]*/*.*"), key=lambda path: path.name)
            if len(boxed) >= count or time.monotonic() > ends:
                return [message_from_bytes(path.read_bytes(), policy=default) for path in boxed]
            time.sleep(0.05)

    def taken(self) -> int:
        """How many mails the relay has taken over since it was set up. Killed, it may deliver one of them twice."""
        return (self.folder / "smtpd.log").read_text(encoding="utf-8", errors="replace").count(" smtp envelope ")

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as client:
            client.send_message(message, sender, [to])

    def flood(self, subject: str, count: int) -> None:
        """Mails from strangers to our address."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as client:
            for _ in range(count):
                client.sendmail("", f"bot@{OURS}", f"To: bot@{OURS}\r\nSubject: {subject}\r\n\r\n")

    def unread(self, count: int, seconds: float = 30) -> int:
        """How many unread mails our mailbox has, once there are at least `count`."""
        ends = time.monotonic() + seconds
        while True:
            with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=30) as box:
                box.login("bot", PASSWORD)
                box.select("INBOX")
                unseen = len((box.uid("SEARCH", "UNSEEN")[1][0] or b"").split())
            if unseen >= count or time.monotonic() > ends:
                return unseen
            time.sleep(0.05)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[MailServer]:
    """Both servers in `folder`, which everybody may enter: their parts run as several users."""
    server = MailServer(folder, _free_port(), _free_port())
    for name, mode in (("mail", 0o777), ("spool", 0o711), ("dovecot", 0o755), ("dovecot-state", 0o755)):
        (folder / name).mkdir()
        (folder / name).chmod(mode)
    for path in (folder, *folder.parents):
        if path != Path("/") and path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode | 0o011)
    copied = folder / "filter.py"
    shutil.copy(_FILTER, copied)
    copied.chmod(0o755)
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
    (folder / "smtpd.conf").write_text(
        _SMTPD.format(
            folder=folder, port=server.smtp_port, python=python, filter=copied, gone=GONE, theirs=THEIRS, ours=OURS
        )
    )
    (folder / "dovecot.conf").write_text(_DOVECOT.format(folder=folder, port=server.imap_port, password=PASSWORD))
    with (folder / "dovecot.log").open("ab") as log:
        dovecot = subprocess.Popen([need("dovecot"), "-F", "-c", folder / "dovecot.conf"], stdout=log, stderr=log)
    try:
        server.start()
        _wait_for(server.imap_port, folder / "dovecot.log")
        yield server
    finally:
        server.kill()
        dovecot.terminate()
        dovecot.wait()


@contextlib.asynccontextmanager
async def swallowing(port: int, times: int) -> AsyncIterator[str]:
    """A way to the relay that breaks, `times` times, after a mail was handed over and taken: the answer is lost."""
    left = times

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        handed_over = asyncio.Event()

        async def back() -> None:
            nonlocal left
            while data := await there_reader.read(65_536):
                if handed_over.is_set() and left > 0:
                    left -= 1
                    writer.transport.abort()
                    return
                writer.write(data)
            writer.close()

        async def forth() -> None:
            tail = b""
            with contextlib.suppress(OSError):
                while data := await reader.read(65_536):
                    tail = (tail + data)[-5:]
                    if tail == b"\r\n.\r\n":
                        handed_over.set()
                    there_writer.write(data)
            there_writer.close()

        await asyncio.gather(back(), forth())

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


def _wait_until_closed(port: int, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _wait_for(port: int, log: Path, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}: {log.read_text(encoding='utf-8', errors='replace')[-2_000:]}")
