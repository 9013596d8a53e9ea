"""Who sees which text of a letter: representatives those that were opened to them, whatever they ask and are sent."""

from __future__ import annotations

import asyncio
import io
import zipfile

import pytest

from bot.commands.model import Refusal, Reply, Role
from bot.letters import records
from bot.letters.lifecycle import State
from bot.outbox.model import from_json
from tests.kit.board import every_command, words
from tests.kit.letters_desk import UNTIL, Desk

BEFORE, AFTER, SUBJECT = "Zebrafinch", "Quokkamoss", "Narwhalbell"  # in texts that nobody opened, nowhere else
NOTE = "Ibexlantern"  # in what staff noted
SECRETS = (BEFORE, AFTER, SUBJECT, NOTE)
THEIRS = [each for each in every_command() if each.group == "letter" and Role.REPRESENTATIVE in each.who]


def edited(desk, text, **subject):
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text=text)
    for new in subject.values():
        desk.card(desk.pol, "letter edit", letter="L-1", subject=new)


def opened(desk):
    """Its first text had a sentence that was taken out before it was opened."""
    desk.drafted()
    edited(desk, f"We ask in {BEFORE}.")
    edited(desk, "We ask in the open.")
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.card(desk.pol, "letter signon", letter="L-1", until=UNTIL)
    desk.signs("cast")
    desk.records("polaris", note=NOTE)


def in_review(desk):
    opened(desk)
    edited(desk, f"We ask in {AFTER}.", subject=f"A {SUBJECT}")


def withdrawn(desk):
    in_review(desk)
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")


def late(desk):
    """Approved again after its deadline, so it was not opened again."""
    in_review(desk)
    desk.compose(days=9)
    desk.approve()
    assert desk.letter().state is State.APPROVED


def sent(desk):
    opened(desk)
    desk.lock()
    desk.compose(minutes=1)
    desk.card(desk.pol, "letter sent", letter="L-1", via="email", note=f"To {NOTE}")
    desk.card(desk.pol, "letter reply", letter="L-1", what=f"They say {NOTE}")


@pytest.fixture(scope="module", params=[opened, in_review, withdrawn, late, sent], ids=lambda stage: stage.__name__)
def desk(request, tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    request.param(desk)
    return desk


def words_of(answer):
    """Everything in an answer, its file unpacked."""
    if isinstance(answer, Refusal):
        return answer.what
    file = answer.file.data if answer.file else b""
    if file.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            file = b"".join(archive.read(name) for name in archive.namelist())
    return f"{answer.card!r} {answer.form!r} {answer.file.name if answer.file else ''} {file.decode(errors='replace')}"


@pytest.mark.long
@pytest.mark.parametrize("command", THEIRS, ids=lambda command: command.path)
def test_no_answer_to_a_representative_has_a_word_of_what_was_not_opened(desk, command):
    expected = {param.name for param in command.params}
    kinds = [{"as": kind} for kind in ("txt", "docx", "csv")] if "as" in expected else [{}]
    since = [{"since": str(number)} for number in range(1, 9)] if "since" in expected else []
    for args in ({}, *kinds, *since):
        letter_args = {"letter": "L-1"} if "letter" in expected else {}
        call = desk.call(desk.reps["cast"], command.path, **letter_args)
        answer = desk.send(type(call)(**{**vars_of(call), "args": letter_args | args}))
        leaks = [secret for secret in SECRETS if secret in words_of(answer)]
        assert not leaks, (args, answer)


def vars_of(call):
    return {name: getattr(call, name) for name in call.__dataclass_fields__}


def test_nothing_that_a_representative_or_the_sign_on_channel_was_sent_has_a_word_of_it(desk):
    """The person for whom a signature was recorded sees the evidence, which is their own."""
    places = [desk.config.coalition.letters.channel, *(f"dm:{rep.id}" for rep in desk.reps.values())]
    for place in places:
        sql = "SELECT d.card, d.id FROM delivery AS d WHERE d.channel = :place"
        for row in desk.db.read(sql, {"place": place}):
            own = place == f"dm:{desk.reps['polaris'].id}"
            card = from_json(row["card"])
            assert not [secret for secret in SECRETS if secret in repr(card) and not (own and secret == NOTE)], card
            files = desk.db.read("SELECT f.* FROM delivery_file AS f WHERE f.delivery_id = :id", {"id": row["id"]})
            assert not [secret for secret in SECRETS if secret in str([dict(file) for file in files])]


def test_what_completion_offers_a_representative_has_no_word_of_it(desk):
    call = desk.call(desk.reps["cast"], "letter show")
    (choice,) = asyncio.run(desk.dispatcher.complete(call, "letter", ""))
    assert not [secret for secret in SECRETS if secret in choice.label]


def test_staff_see_all_of_it(desk):
    shown = [words(desk.card(desk.pol, "letter show", letter="L-1")), words(desk.card(desk.pol, "letter changes",
             letter="L-1", since="2"))]  # fmt: skip
    assert any(secret in text for secret in SECRETS for text in shown)


def test_what_a_representative_reads_is_what_they_signed(tmp_path):
    desk = Desk(tmp_path)
    in_review(desk)
    shown = desk.card(desk.reps["cast"], "letter show", letter="L-1")
    assert "We ask in the open." in words(shown)
    assert shown.byline.startswith("in review · version 3 · ")
    desk.approve()
    assert AFTER in words(desk.card(desk.reps["cast"], "letter show", letter="L-1"))
    changed = desk.card(desk.reps["cast"], "letter changes", letter="L-1")
    assert changed.head == "L-001: version 5 against version 3"
    refused = desk.refused(desk.reps["cast"], "letter changes", letter="L-1", since="4")
    assert refused.what == "Compare with an earlier version: 3."


def test_a_letter_that_is_open_or_locked_has_its_newest_text_opened(tmp_path):
    desk = Desk(tmp_path)
    desk.locked("cast")
    desk.approved()
    desk.lock("L-2")  # without sign-on
    for name in ("L-1", "L-2"):
        assert records.find(desk.db, name, opened=True) == desk.letter(name)
    assert isinstance(desk.ask(desk.reps["hti"], "letter show", letter="L-2"), Reply)
