"""A representative who has no chat account and reads mail: what is mailed to her, and what she does with it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self

from bot.app.letterbox import Letterbox
from bot.chat.mail.frontend import MailFrontend
from bot.chat.mail.message import STOP, Mail, Originator, compose
from bot.config.settings import Settings
from bot.outbox import messages
from bot.outbox.model import Channel, Outgoing, from_json
from bot.people import mail
from bot.store.database import to_text
from tests.kit.letters_desk import Desk
from tests.kit.mail import FROM
from tests.kit.web_face import KEYRING

OURS, THEIRS, SITE = "bot@coalition.test", "rosa@polaris.test", "https://board.coalition.test"


class MailReader:
    """A desk whose representative of Polaris, Rosa, has no chat account and reads mail."""

    def __init__(self, folder: Any, *, address: str = THEIRS, imap_url: str = "imaps://u:p@mail.test") -> None:
        self.desk = desk = Desk(folder)
        invited = {"name": "Rosa Diaz", "address": address, "organization": "polaris"}
        desk.once(lambda: desk.card(desk.admin, "people invite", **invited), "invited", address)
        self.rosa = desk.person("Rosa Diaz")
        self.reported = 0
        self.memory: dict[str, str] = {}
        self.letterbox = Letterbox(
            db=desk.db, config=lambda: desk.config, clock=lambda: desk.now, new_id=desk.new_id,
            channel=self.channel, report_holds=self._report,
        )  # fmt: skip
        self.frontend = MailFrontend(
            Settings(_env_file=None, smtp_url="smtps://u:p@mail.test", mail_from=FROM, imap_url=imap_url),
            self.letterbox,
            keyring=KEYRING,
            clock=lambda: desk.now,
            recall=self.memory.get,
            remember=self.memory.__setitem__,
            tell=lambda text: None,
        )

    def _report(self) -> None:
        self.reported += 1

    def channel(self, name: str) -> Channel | None:
        return messages.direct_channel(self.desk.db, name, {"mail", "slack"})

    @property
    def mine(self) -> Any:
        return mail.address_of(self.desk.db, self.rosa.id)

    def confirmed(self) -> Self:
        self.desk.once(lambda: self.letterbox.confirm(self.mine.token), "confirmed")
        return self

    def mails(self, web: str = SITE) -> list[Mail]:
        """What was mailed to her, oldest first; all of it counts as sent now."""
        desk, mails = self.desk, []
        sql = "SELECT * FROM delivery WHERE platform = 'mail' AND edits IS NULL AND card <> '' ORDER BY seq"
        for row in desk.db.read(sql):
            channel = self.channel(row["channel"])
            if channel and row["channel"].endswith(self.rosa.id):
                keyed = Channel(
                    channel.name, "mail", channel.address, channel.person, channel.token,
                    keyring=KEYRING, reply_to="office@coalition.test",
                )  # fmt: skip
                outgoing = Outgoing(id=row["id"], key=row["key"], channel=keyed, card=from_json(row["card"]))
                mails.append(compose(outgoing, Originator(FROM, reads=True, web=web), desk.now.date(), desk.now))
                with desk.db.write() as tx:
                    sent = "UPDATE delivery SET sent_at = :now, ref = :ref WHERE id = :id AND sent_at IS NULL"
                    tx.execute(sent, {"now": to_text(desk.now), "ref": mails[-1].id, "id": row["id"]})
        return mails

    def cards(self, channel: str) -> list[Any]:
        sql = "SELECT card FROM delivery WHERE channel = :channel ORDER BY seq"
        return [from_json(row["card"]) for row in self.desk.db.read(sql, {"channel": channel})]

    def told(self) -> list[str]:
        """The heads of the messages to the administrators."""
        return [card.head for card in self.cards(self.desk.config.feeds.admin)]

    def unsubscribes(self, token: str, tag: str = STOP) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = THEIRS, f"bot+{tag}@coalition.test", token
        self.frontend.handle(message.as_bytes())

    def bounces(self, sent: Mail, **more: str) -> None:
        self.frontend.handle(report(sent, **more))


def report(
    sent: Mail, action: str = "failed", status: str = "5.1.1", to: str = "", recipient: str = "", id_: str = "",
    part: str = "text/rfc822-headers", server: str = "550 no such user",
) -> bytes:  # fmt: skip
    """The report of a relay that a mail did not arrive (RFC 3464)."""
    return (
        f"From: MAILER-DAEMON@mx.test\r\nTo: {to or sent.sender}\r\nAuto-Submitted: auto-replied\r\n"
        "Return-Path: <>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; {recipient or sent.recipient}\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {server}\r\n\r\n"
        f"--b\r\nContent-Type: {part}\r\n\r\nFrom: {OURS}\r\nMessage-ID: {id_ or sent.id}\r\n"
        "Subject: x\r\n\r\n--b--\r\n"
    ).encode()


def links(mail: Mail) -> dict[str, str]:
    """The links of a mail by their names, in the order of its HTML."""
    from lxml import html

    body = message_from_bytes(mail.data, policy=default).get_body(("html",))
    assert body
    return {str(each.text): str(each.get("href")) for each in html.fromstring(body.get_content()).xpath("//a[@href]")}


def text_of(mail: Mail) -> str:
    body = message_from_bytes(mail.data, policy=default).get_body(("plain",))
    assert body
    return str(body.get_content())


def stop_token(sent: Mail) -> str:
    """The token that the mail program of a reader sends to stop mail."""
    return str(message_from_bytes(sent.data, policy=default)["List-Unsubscribe"]).rpartition("subject=")[2].strip(">")
