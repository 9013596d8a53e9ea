"""The daily digest by mail: one a day at most, what waits first, every ask in order, also when nothing is new."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial

import pytest

from bot.alerts import direct, intake
from bot.app.composing import WAITING, mailed_rooms
from bot.chat.mail.message import Originator, compose
from bot.commands.model import Job
from bot.congress import records as congress
from bot.offices import records as contacts
from bot.outbox import files, holds, queued
from bot.outbox.messages import ANY_ROLE, may_read
from bot.outbox.model import Outgoing, from_json
from bot.people import mail
from bot.shared.answer import Fetched, FetchFailed, Health, Memory
from bot.site import pictures
from bot.store.names import Names
from tests.kit.alerts import document
from tests.kit.board import SOURCE, words
from tests.kit.congress import CHAIR, member, public
from tests.kit.letters_desk import GRANTS, Desk
from tests.kit.mail import FROM, ROSA


class Reader(Desk):
    """Rosa represents Polaris and reads mail; her digest began on Tuesday at 10:00 in Washington."""

    def __init__(self, folder):
        super().__init__(folder)
        self.drawings = 0
        self.rosa = self.reads_mail("Rosa Diaz", "rosa@polaris.test", "polaris")

    def reads_mail(self, name, address, organization):
        self.card(self.admin, "people invite", name=name, address=address, organization=organization)
        return self.reads(self.person(name))

    def reads(self, person):
        with self.db.write() as tx:
            mine = mail.address_of(tx, person.id)
            mail.confirm(tx, mine, self.now)
            mail.choose(tx, mine, self.now, digest=True)
        return person

    def draw(self, job):
        self.drawings += 1
        return pictures.by_week(job)

    def alerted(self, weeks=4):
        """An alert in each of the last weeks."""
        now = self.now
        for week in range(weeks):
            self.now = now - timedelta(weeks=week)
            self.bring(document(f"2026-0007{week}", f"Finding {week}: forced labor"))
        self.now = now

    def attached(self):
        """The files of each digest, oldest first."""
        rows = self.db.read("SELECT id FROM delivery WHERE kind = 'mail digest' ORDER BY seq")
        return [files.load(self.db, row["id"]) for row in rows]

    def digests(self, **later):
        self.now += timedelta(**later)
        for _ in range(2):
            others = partial(mailed_rooms, coalition=self.config.coalition)
            began = self.now - timedelta(days=1)
            direct.compose_mail(self.job, started_at=began, waiting=WAITING, others=others, draw=self.draw)
        return self.digests_of(self.rosa)

    def digests_of(self, person):
        sql = "SELECT card FROM delivery WHERE channel = :me AND kind = 'mail digest' ORDER BY seq"
        return [from_json(row["card"]) for row in self.db.read(sql, {"me": f"mail:{person.id}"})]


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def titles(card):
    return [section.title.split(",")[0] for section in card.sections]


def test_one_a_day_says_so_when_nothing_is_new(reader):
    assert reader.digests() == []
    (card,) = reader.digests(days=1)
    assert card.head == "Wednesday: nothing new"
    assert "Asks 1, 2, 3, 4, 5, 6, 7, 8 and 9" in words(card)
    assert len(reader.digests(hours=3)) == 1
    assert len(reader.digests(days=1)) == 1  # Thanksgiving
    assert len(reader.digests(days=1)) == 2


def test_while_a_source_fails_it_does_not_say_that_nothing_is_new(reader):
    with Job(reader.db, reader.config, reader.now, reader.new_id).write() as work:
        intake.record_failure(work, FetchFailed(Health.BLOCKED, ""), SOURCE, due_at=reader.now)
    (card,) = reader.digests(days=1)
    assert card.head == "Wednesday: nothing new from the sources that answer"
    assert "Nothing new from the sources that answer" in titles(card)


def test_what_waits_comes_first_and_then_the_asks_in_order(reader):
    reader.opened()
    reader.bring(GRANTS)
    reader.now += timedelta(days=1)
    reader.take(SOURCE, Fetched(entries=(), memory=Memory(), health=Health.OK, detail=""))
    (card,) = reader.digests(minutes=20)
    assert card.head.startswith("Wednesday: 1 item waits for you, 1 new item")
    assert "nothing new on asks" in card.head
    assert titles(card)[0] == "Waits for you"
    assert titles(card)[1].startswith("Ask ")
    assert "Nothing new" in titles(card)
    assert "To sign: L-001" in words(card)


def test_nothing_is_listed_twice(reader):
    reader.bring(GRANTS)
    reader.digests(days=1)
    first, second = reader.digests(days=2)
    assert GRANTS.title in words(first)
    assert GRANTS.title not in words(second)


def test_d5_after_the_clock_was_set_back_no_item_is_left_out(reader):
    reader.digests(days=1)
    assert len(reader.digests(days=-1)) == 1
    reader.now += timedelta(hours=2)
    reader.bring(GRANTS)
    assert len(reader.digests(days=1)) == 1  # one a local date
    assert GRANTS.title in words(reader.digests(days=2)[-1])


def test_what_is_due_within_two_weeks_is_last(reader):
    reader.bring(GRANTS)
    assert "Due within two weeks" not in titles(reader.digests(days=1)[0])
    reader.now += timedelta(days=36)
    assert titles(reader.digests()[-1])[-1] == "Due within two weeks"


def test_what_only_policy_staff_may_read_is_in_their_digest_alone(reader):
    reader.card(reader.admin, "people invite", name="Ada Lane", address="ada@home.test", role="policy")
    staff = reader.reads(reader.person("Ada Lane"))
    with reader.db.write() as tx:
        congress.replace(tx, public(), now=reader.now)
    reader.card(reader.pol, "office add", office=member(CHAIR), name="Jo Sample")
    reader.card(reader.pol, "meeting log", office="ovc", asked="A call", said="Soon", promised="a day by Dec 2")
    contact = contacts.all_contacts(reader.db)[0]
    reader.now += timedelta(hours=20)
    with reader.job.write() as work:
        contacts.doubt(work, contact, "has left Congress")
    told = words(reader.digests(hours=4)[-1])
    assert not {"A day", "has left Congress"} & {part for part in ("A day", "has left Congress") if part in told}
    mine = words(reader.digests_of(staff)[-1])
    assert "A day" in mine
    assert "has left Congress. 1 contact to verify" in mine
    assert "Sample" not in mine

    channel, members = f"mail:{staff.id}", reader.config.coalition.members
    (needs,) = queued.required_roles(reader.db, channel)  # where it waits for the mail server
    assert may_read(reader.db, channel, needs, members)
    reader.card(reader.admin, "people role", person=staff.id, give="approver")
    reader.card(reader.admin, "people role", person=staff.id, take="policy")
    assert not may_read(reader.db, channel, needs, members)


def test_the_first_of_a_week_has_the_alerts_by_week_as_one_picture_for_all_readers(reader):
    reader.reads_mail("Ada Lane", "ada@ciw.test", "ciw")
    reader.alerted()
    assert reader.digests(days=1)
    assert reader.attached() == [(), ()], "the week had begun"
    reader.digests(days=5)
    (one,), (other,) = reader.attached()[2:]
    reader.digests(days=1)

    assert one == other
    assert reader.drawings == 1
    assert one.alt.startswith("4 alerts in 26 weeks")
    assert "Ask 4: 4 alerts in 26 weeks, at most 1 in one" in one.alt
    assert reader.attached()[4:] == [(), ()], "once a week"


def test_the_picture_is_within_the_mail_after_its_text_and_its_figures_are_words_too(reader):
    reader.alerted()
    (*_, card) = reader.digests(days=6)
    ((file,),) = reader.attached()
    outgoing = Outgoing(id="1", key="k", channel=ROSA, card=card, files=(file,))
    sent = compose(outgoing, Originator(FROM), reader.now.date(), reader.now)
    message = message_from_bytes(sent.data, policy=default)
    plain, rich = message.iter_parts()
    page, picture = rich.iter_parts()

    assert (message.get_content_type(), rich.get_content_type()) == ("multipart/alternative", "multipart/related")
    assert f'src="cid:{picture["Content-ID"][1:-1]}" alt="{file.alt}"' in page.get_content()
    assert page.get_content().index("<img") > page.get_content().index("Nothing new")
    assert (picture.get_content_disposition(), picture.get_content()) == ("inline", file.data)
    assert file.alt in plain.get_content().splitlines()
    assert "cid:" not in plain.get_content()


def test_a_digest_goes_out_without_a_picture_that_cannot_be_drawn(reader, tmp_path, caplog):
    home = tmp_path / "home"
    shutil.copytree(reader.config.folder / "templates", home / "templates")
    (home / "templates" / "logo.png").write_bytes(b"<svg/>")
    reader.alerted()
    reader.config = replace(reader.config, folder=home)

    assert reader.digests(days=6)
    assert reader.attached() == [()]
    assert "without its picture: templates/logo.png is not a PNG" in caplog.text


def test_an_erased_name_that_a_picture_does_not_show_drops_no_waiting_digest(reader):
    reader.alerted()
    reader.digests(days=6)
    with reader.db.write() as tx:
        assert files.strip(tx, Names(["Kim Doe"]), reader.now, lambda _: True) == []
        assert files.strip(tx, Names(others=["Ask 4"]), reader.now, lambda _: False) == []
        assert [each.unsent for each in files.strip(tx, Names(others=["Ask 4"]), reader.now, lambda _: True)] == [True]


@pytest.mark.parametrize("how", ["held", "unsubscribed", "off"])
def test_nobody_gets_one_who_cannot_or_will_not(reader, how):
    with reader.db.write() as tx:
        mine = mail.address_of(tx, reader.rosa.id)
        if how == "held":
            hold = holds.Hold(f"channel:mail:{reader.rosa.id}", "gone")
            holds.place(tx, hold, now=reader.now, report=True)
        elif how == "off":
            mail.choose(tx, mine, reader.now, digest=False)
        else:
            mail.unsubscribe(tx, mine, reader.now)
    assert reader.digests(days=1) == []


def test_a_representative_of_an_organization_that_left_the_coalition_gets_no_more_messages(reader):
    reader.opened()
    (queued,) = reader.digests(days=1)
    assert "To sign: L-001" in words(queued)
    coalition = reader.config.coalition
    left = {id_: member for id_, member in coalition.members.items() if id_ != "polaris"}
    reader.config = replace(reader.config, coalition=coalition.model_copy(update={"members": left}))

    assert reader.digests(days=1) == [queued]
    for channel in (f"mail:{reader.rosa.id}", f"dm:{reader.rosa.id}"):
        assert may_read(reader.db, channel, ANY_ROLE, coalition.members)
        assert not may_read(reader.db, channel, ANY_ROLE, left)

    reader.card(reader.admin, "people role", person=reader.rosa.id, give="press")
    assert "To sign" not in words(reader.digests(days=1)[-1])


@pytest.mark.long
def test_who_comes_back_after_months_gets_what_is_new_alone(reader):
    here = reader.config
    left = {id_: member for id_, member in here.coalition.members.items() if id_ != "polaris"}
    reader.config = replace(here, coalition=here.coalition.model_copy(update={"members": left}))
    for week in range(8):
        reader.bring(document(f"2026-0001{week}", f"Finding {week}: forced labor"))
        assert reader.digests(days=7) == []
    reader.config = here
    reader.bring(document("2026-00099", "Finding 99: forced labor"))

    (first,) = reader.digests(days=1)
    assert "Finding 99" in words(first)
    assert "1 new item" in first.head
