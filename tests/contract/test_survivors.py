"""What people write freely is looked through for what may lead to a survivor before it is kept, in every room."""

from __future__ import annotations

import pytest

from bot.commands.model import Kind, Reply, Role
from tests.kit.alerts import news
from tests.kit.board import every_command
from tests.kit.letters_desk import NEW, Desk

TELLING = "client: Jane Roe, born 3 May 2009, lives at 12 Elm Street, A-123-456-789"
SIGNS = ("an A-number", "a date of birth", "a home address", "a person's name")
NUMBER = "A-123-456-789"  # for fields without room for more
ROOM = 30  # characters: enough for a name and a number

# Where nobody writes of anybody in our care, or where others look.
_LINK, _QUERY = "an address on the web or a citation", "refused where it is no query"
_PRESS = "of somebody of the press"
_REFERENCE = "the number or name of something of ours, a digest, an hour or a day, and nothing else is accepted"
# What an administrator sets, as before in a file: the coalition's own names, addresses, officials and requests.
_SETTINGS = (
    "coalition name", "coalition short", "coalition contact", "coalition zone",
    "letterhead address", "letterhead phone", "letterhead site", "letterhead signer", "letterhead signer-title",
    "member full-name", "member short", "member legal-name", "channel to", "channel at",
    "channel quiet", "route to", "route asks", "route kinds", "route levels", "special-channels admin",
    "special-channels safety", "special-channels press", "office full-name", "office address",
    "office salutation", "office part-of", "office agencies", "office also", "holder full-name", "holder surname",
    "holder source", "holder as-of", "spokesperson person", "spokesperson backup", "spokesperson asks",
    "spokesperson members", "press-contact name", "press-contact phone", "press-contact email",
    "letters channel", "letters bill-records", "coalition speakers",
)  # fmt: skip
_REFERENCES = (
    "people vouch shown", "public show shown", "allies accept shown", "mentions release shown",
    "letter mail shown", "letter approve text", "letter confirm text",
    "letter lock text", "letter file text", "letter sign text", "letter decline text", "letter settle tracking",
    "letter prepare type", "deadlines add asks", "deadlines suggest law", "mentions not-us site",
    "press acknowledge inquiry", "press answered inquiry", "press decline inquiry", "press close inquiry",
    "press reopen inquiry", "press add contact", "press result pitch", "settings ask name", "settings member name",
    "settings channel name", "settings route name", "settings office name", "settings holder name",
    "settings spokesperson name", "letter sign as", "letter decline as", "meeting ask organizations",
    "meeting log organizations",
)  # fmt: skip
LEFT = {
    "allies accept request": "numbers of requests, and nothing else is accepted",
    "allies refuse request": "numbers of requests, and nothing else is accepted",
    "people import csv": "the coalition's own people",
    "people invite address": "one email address, and nothing else is accepted",
    "campaign mail address": "one email address, and nothing else is accepted",
    "allies remove organization": "a name that was recorded, and nothing else is accepted",
    "letter confirm citation": "what the letter itself says, and nothing else is accepted",
    "mentions add url": _LINK,
    "office add asks": "numbers of asks, and nothing else is accepted",
    "office add contact": _REFERENCE,
    "office add phone": "of an office",
    "office save-import draft": _REFERENCE,
    "press add source": _PRESS,
    "press answered link": _LINK,
    "press import csv": _PRESS,
    "press pitch link": _LINK,
    "watch add query": _QUERY,
    "watch edit query": _QUERY,
    **{f"settings {each}": "the coalition's own facts" for each in _SETTINGS},
    **dict.fromkeys(_REFERENCES, _REFERENCE),
    "press add phone": _PRESS,
    **{f"letter fill field-{n}": "as field-1: one look at all of them" for n in range(2, 9)},
}


def free(command):
    """Its parameters in which people write what they like."""
    for param in command.params:
        whatever = param.kind is Kind.LONG or (param.kind is Kind.TEXT and ROOM <= param.longest != 1_000)
        offered = param.choices or (param.complete and param.name != "about")
        if (
            whatever and not offered and not param.check and param.name not in ("entry", "outlet")
        ):  # an id or an address of ours
            yield param


FREE = {f"{each.path} {param.name}": (each, param) for each in every_command() if each.changes for param in free(each)}


class Office(Desk):
    """`all` may do all; L-1 is open for sign-on, L-2 is locked, L-3 is a draft, L-4 was sent, L-5 has
    a recorded signature."""

    def __init__(self, folder):
        super().__init__(folder)
        self.all = self.add("Everything", *(set(Role) - {Role.REPRESENTATIVE}))
        self.opened()
        self.locked(self.member)
        self.drafted(template="agency-request", occasion="The law says so: 22 U.S.C. 9999.")
        self.card(self.pol, "letter sent", letter=self.locked(self.member).name, via="post")
        self.records(self.member, self.opened().name)
        self.bring(news("a", "Polaris runs the National Human Trafficking Hotline"))
        self.card(self.all, "press add", outlet="Wire", name="Jo Sample")
        self.card(self.all, "press inquiry", **INQUIRY)
        self.card(self.all, "press pitch", contact="P-1", angle="A year of the act")
        self.card(self.all, "press embargo", about="Figures", **HOUR)

    @property
    def member(self):
        return next(iter(self.reps))

    def id_of(self, table, where):
        return self.db.read(f"SELECT id FROM {table} WHERE {where}")[0]["id"]


HOUR = {"lifts": "2026-12-01 10:00", "zone": "ET"}
INQUIRY = {"reporter": "Jo", "outlet": "Wire", "kind": "question", "due": "today 17:00", "question": "What?"}


def given(office, path, name):
    """What else the command takes."""
    return {
        "alerts not-relevant": {"entry": office.id_of("entry", "kind = 'news'"), "reason": "noise"},
        "deadlines add": {
            "basis": "22 U.S.C. 7103", "owed": "A report", "by": "State", "due": "90 days after 2026-12-01",
            "source": "https://a.gov",
        },
        "letter draft": NEW,
        "letter fill": NEW,
        "letter confirm": {"letter": "L-3", "citation": "22 U.S.C. 9999"},
        "letter signon": {"letter": "L-1", "until": "3d"},
        "letter edit": {"letter": "L-3", "text": "A", "paragraph": "1"},
        "letter record": {
            "letter": "L-1", "member": office.member, "evidence": "letter", "signatory": "Sam Roe", "title": "Director",
        },
        "letter decline": {"letter": "L-1"},
        "letter sign": {"letter": "L-1"},
        "deadlines foia": {"id": "d1", "step": "received", "on": "yesterday"},
        "feeds add": {"url": "fmcsa"}, "mentions add": {"url": "https://a.org/b"}, "mentions tag": {"story": "S-1"},
        "watch add": {"query": "labor"},
        "mentions not-us": {"story": "S-1"},
        "meeting ask": {"office": "ovc", "on": "3d"},
        "meeting correct": {"meeting": "M-1"},
        "meeting log": {"office": "ovc", "asked": "A call", "said": "Yes"},
        "press add": {"outlet": "Wire"},
        "office add": {"office": "ovc", "name": "Jo Sample"},
        "letter object": {"letter": "L-5"},
        "letter withdraw": {"letter": "L-1"},
        "letter suggest": {"letter": "L-1"},
        "letter sent": {"letter": "L-2", "via": "post"},
        "letter reply": {"letter": "L-4"},
        "lobbying log": {"kind": "direct", "what": "A call", "cost": "$5"},
        "lobbying correct": {"line": "H-1"},
        "mentions clip": {"story": "S-1"},
        "mentions correction": {"story": "S-1"},
        "mentions follow-up": {"story": "S-1", "on": "3d"},
        "settings ask": {"name": "1"},
        "press answered": {"inquiry": "Q-1"},
        "press decline": {"inquiry": "Q-1"},
        "press embargo": {"about": "E-1", "contact": "P-1"} if name == "agreed" else HOUR,
        "press inquiry": INQUIRY,
        "press note": {"contact": "P-1"},
        "press pitch": {"contact": "P-1", "again": "yes"},
        "press result": {"pitch": office.id_of("press_log", "kind = 'pitch'"), "answer": "yes"},
    }.get(path, {})  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return Office(tmp_path_factory.mktemp("office"))


def test_what_is_left_out_is_there():
    assert set(LEFT) <= set(FREE)


@pytest.mark.parametrize("name", [name for name in FREE if name not in LEFT])
def test_it_is_asked_about_and_not_kept(office, name):
    command, param = FREE[name]
    before = office.everything()
    person = office.reps[office.member] if command.who == {Role.REPRESENTATIVE} else office.all

    telling = TELLING if len(TELLING) <= param.longest else NUMBER
    answer = office.ask(person, command.path, "", **(given(office, command.path, param.name) | {param.name: telling}))

    assert isinstance(answer, Reply), answer
    assert answer.form, answer
    asked = answer.form.fields[0].param
    assert asked.name == "sure"
    assert asked.help == f"This seems to contain {', '.join(SIGNS if telling == TELLING else SIGNS[:1])}."[:100]
    assert office.everything() == before


def test_what_was_confirmed_is_kept_and_the_audit_says_only_what_it_seemed_to_hold(office):
    office.card(office.all, "press note", contact="P-1", text=TELLING, sure="yes")
    office.card(office.all, "campaign pause", until="1h", why=TELLING, sure="yes")

    office.card(office.all, "press embargo", about=NUMBER, **HOUR, sure="yes")

    noted = [change for change in office.changes() if "confirmed that it" in change.after]
    assert [change.command for change in noted] == ["press note", "campaign pause", "press embargo"]
    assert all("a date of birth" in change.after for change in noted[:2])
    assert "Elm" not in str(noted)
    assert NUMBER not in str(noted)


def test_a_file_is_checked_before_the_store_is_locked():
    """`prepare` runs in a thread, without the writer's lock."""
    handed = [command for command in every_command() if any(param.kind is Kind.FILE for param in command.params)]
    assert {command.path for command in handed} == {"letter allies", "letter upload", "office import"}
    assert [command.path for command in handed if not command.prepare] == []


@pytest.mark.parametrize(
    "text",
    [
        "Ana Lopez told us that she was forced to work.",
        "A client of CAST, Rosa Martinez, was convicted.",
        "Her name is Rosa Martínez and she is a survivor.",
        "Rosa Martinez was trafficked at 14.",
    ],
)
def test_a_survivor_who_is_named_in_a_note_or_a_letter_is_asked_about(office, text):
    for path, args in (
        ("press note", {"contact": "P-1", "text": text}),
        ("letter edit", {"letter": "L-3", "text": text, "paragraph": "1"}),
    ):
        answer = office.ask(office.all, path, "", **args)
        assert isinstance(answer, Reply), answer
        assert answer.form, (path, text)
        assert answer.form.fields[0].param.help == "This seems to contain a person's name."


@pytest.mark.parametrize("text", ["He is at 202-555-0133 until five", "Write to jo@wire.example"])
def test_how_a_reporter_is_reached_raises_no_warning(office, text):
    assert "Note saved for P-1" in office.card(office.all, "press note", contact="P-1", text=text).head


def test_a_question_that_asks_to_meet_a_person_and_names_them_warns_of_both(office):
    asked = INQUIRY | {"question": f"Can we interview a survivor? {TELLING}"}
    refused = office.refused(office.all, "press inquiry", **asked)
    assert "a request to meet a survivor" in refused.what
    assert "a date of birth" in refused.what


def test_of_a_request_to_meet_a_survivor_nothing_is_kept_so_nothing_is_asked(office):
    asked = INQUIRY | {"question": TELLING, "kind": "protected interview"}
    assert "Q-" in office.card(office.all, "press inquiry", **asked).head
    assert "Elm" not in str(office.db.read("SELECT * FROM press_inquiry"))


@pytest.mark.parametrize("name", ["signatory", "title"])
def test_who_signed_elsewhere_is_looked_through_too(office, name):
    answer = office.ask(office.all, "letter record", "", **(given(office, "letter record", name) | {name: TELLING}))
    assert isinstance(answer, Reply), answer
    assert answer.form, answer
    assert answer.form.title == "Please check"
