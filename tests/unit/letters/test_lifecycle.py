"""A letter's states, who approves, and how two texts differ, as pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deadlines.model import Claim
from bot.letters import lifecycle, wording
from bot.letters.lifecycle import Decision, Dossier, SignOn, State, StepNotAllowed, Text, Version
from bot.letters.model import Evidence, Paragraph, Shape, Written
from bot.letters.sheet import body
from bot.letters.templates.template import paragraphs
from tests.kit.documents import LAW

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def version(
    *parts: str, subject: str = "An end to it", number: int = 1, to: tuple[str, ...] = ("office:ovc",)
) -> Version:
    written = Written(subject=subject, body=tuple(Paragraph(part) for part in parts))
    return Version(number=number, texts=(Text(written, to),), by="ada", at=NOW)


def letter(state: State = State.DRAFT, **rest) -> Dossier:
    return Dossier(
        id="l", number=14, state=state, template="joint-applications", template_digest="", lobbying="none",
        lobbying_why="",
        version=version("We ask."), created_by="ada", created_at=NOW, **rest,
    )  # fmt: skip


def test_a_letter_s_name_is_its_number():
    assert letter().name == "L-014"
    assert replace(letter(), number=1_234).name == "L-1234"


def stating(*parts: str, **changed: str) -> Version:
    claim = replace(LAW, **changed)
    (text,) = version(*parts).texts
    return replace(version(), texts=(Text(replace(text.written, claims=(claim,)), text.to),))


def test_a_note_follows_the_claim_s_own_sentence_and_goes_when_its_words_do():
    moved = stating("First.", f"So it is. {LAW.text} We ask.").texts[0].written
    assert [[(run.text, bool(run.note)) for run in runs] for runs in moved.runs] == [
        [("First.", False)],
        [(f"So it is. {LAW.text}", True), (" We ask.", False)],
    ]
    for changed in (LAW.text.replace("may", "must"), f"It is false that {LAW.text}", "Nothing."):
        other = stating(changed)
        assert other.texts[0].written.notes == ()
        assert (other.claims, len(other.altered)) == ([], 1)


def test_the_digest_binds_the_source_of_a_claim_but_not_the_day_of_its_last_check():
    before = stating(LAW.text).digest

    assert stating(LAW.text, checked_on=date(2026, 1, 1)).digest == before
    for changed in ({"citation": "18 U.S.C. 3771B"}, {"source": "https://elsewhere.example"}):
        assert stating(LAW.text, **changed).digest != before


def test_a_claim_of_an_earlier_version_has_its_citation_in_its_sentence_and_no_note():
    text = "Survivors may ask a federal court to vacate convictions (18 U.S.C. 3771A)."
    old = stating(text, text=text, citation="")

    assert old.texts[0].written.notes == ()
    assert old.digest == version(text).digest
    assert [claim.cited for claim in old.claims] == [LAW.cited]


ALLOWED = {
    "edit": {State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN},
    "review": {State.DRAFT, State.REVIEW},
    "approve": {State.REVIEW},
    "signon": {State.APPROVED, State.OPEN},
    "sign": {State.OPEN},
    "lock": {State.APPROVED, State.OPEN},
    "sent": {State.LOCKED, State.SENT, State.ANSWERED},
    "reply": {State.SENT, State.ANSWERED},
    "close": {State.SENT, State.ANSWERED},
    "withdraw": {State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN, State.LOCKED},
    "confirm": {State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN},
    "page": {State.OPEN},
    "remind": {State.OPEN},
    "mail": {State.LOCKED, State.SENT, State.ANSWERED},
}
LEADS_TO = {"review": State.REVIEW, "signon": State.OPEN, "lock": State.LOCKED, "sent": State.SENT,
            "reply": State.ANSWERED, "close": State.CLOSED, "withdraw": State.WITHDRAWN}  # fmt: skip


@pytest.mark.parametrize("what", ALLOWED)
@pytest.mark.parametrize("state", State)
def test_allowed_steps_depend_on_the_letter_s_state(what, state):
    if state in ALLOWED[what]:
        stays = (what, state) == ("sent", State.ANSWERED)  # a copy that goes out does not undo the answer
        assert lifecycle.next_state(letter(state), what) is (state if stays else LEADS_TO.get(what, state))
        return
    with pytest.raises(StepNotAllowed, match=r"L-014 is .*, so you cannot .*it.* now"):
        lifecycle.next_state(letter(state), what)


@pytest.mark.parametrize(
    ("state", "what", "event"),
    [
        (State.DRAFT, "lock", "L-014 is still a draft, so you cannot lock it now. Next: /letter review L-014"),
        (
            State.REVIEW,
            "signon",
            "L-014 is in review, so you cannot open it for sign-on now. Next: /letter approve L-014",
        ),
        (State.REVIEW, "sign", "L-014 is in review, so you cannot sign it now."),
        (
            State.APPROVED,
            "remind",
            "L-014 is approved, so you cannot remind anyone about it now. Next: /letter signon L-014",
        ),
        (
            State.LOCKED,
            "edit",
            "L-014 is locked, so you cannot edit it now. /letter duplicate L-014 starts a new draft with its text.",
        ),
        (State.CLOSED, "reply", "L-014 is closed, so you cannot log an answer to it now."),
    ],
)
def test_a_step_that_is_not_allowed_names_the_next_step(state, what, event):
    with pytest.raises(StepNotAllowed) as refused:
        lifecycle.next_state(letter(state), what)
    assert str(refused.value) == event
    assert refused.value.what + refused.value.next_step == event
    assert refused.value.what.endswith(" now.")


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.DRAFT, State.DRAFT),
        (State.REVIEW, State.REVIEW),
        (State.APPROVED, State.REVIEW),
        (State.OPEN, State.REVIEW),
    ],
)
def test_a_new_version_needs_approval_again(state, after):
    other = version("Other.", number=2)
    assert lifecycle.with_version(letter(state), other) == replace(letter(state), version=other, state=after)


@pytest.mark.parametrize("state", [each for each in State if each not in ALLOWED["edit"]])
def test_a_locked_sent_or_withdrawn_letter_gets_no_new_version(state):
    with pytest.raises(StepNotAllowed):
        lifecycle.with_version(letter(state), version("Other.", number=2))


@pytest.mark.parametrize("state", State)
def test_a_letter_that_was_sent_or_withdrawn_is_history(state):
    history = {State.SENT, State.ANSWERED, State.CLOSED, State.WITHDRAWN}
    assert letter(state).is_history is (state in history)


# --- signatures -------------------------------------------------------------------------------------------------------


def sign_on(name: str, of: Version, decision: Decision = Decision.SIGNED, **rest) -> SignOn:
    fields = {
        "organisation": name,
        "decision": decision,
        "legal_name": name,
        "digest": of.digest,
        "person": "ada",
        "at": NOW,
    }
    return SignOn(**fields | rest)


@pytest.mark.parametrize("decision", Decision)
def test_a_signature_counts_for_exactly_the_text_that_was_shown(decision):
    signed, other = version("We ask."), version("We ask!", number=2)
    assert sign_on("cast", signed, decision).counts(signed) is (decision is Decision.SIGNED)
    assert not sign_on("cast", signed, decision).counts(other)


def test_the_signatures_of_a_text_are_in_order_of_their_legal_names():
    text, old = version("We ask."), version("We asked.")
    names = {"z": "alder", "m": "Émile", "c": "Birch", "a": "Birch"}
    sign_ons = {id_: sign_on(id_, text, legal_name=name) for id_, name in names.items()}
    sign_ons |= {"old": sign_on("old", old), "no": sign_on("no", text, Decision.DECLINED)}
    assert list(lifecycle.counted_sign_ons(sign_ons, text)) == ["z", "a", "c", "m"]
    assert lifecycle.counted_sign_ons(sign_ons, text)["a"] == sign_ons["a"]


def test_a_signature_is_recorded_if_staff_had_it_from_elsewhere():
    recorded = {(decision, evidence) for decision in Decision for evidence in (None, *Evidence)
                if sign_on("cast", version("We ask."), decision, evidence=evidence).recorded}  # fmt: skip
    assert recorded == {(Decision.SIGNED, evidence) for evidence in set(Evidence) - {Evidence.PAGE}}


def test_a_signature_that_its_organization_disowned_says_so():
    disowned = sign_on("cast", version("We ask."), evidence=Evidence.EMAIL, note="May 3", objected_at=NOW)
    assert disowned.how == "email: says that it did not sign; May 3"


@pytest.mark.parametrize(
    ("evidence", "note", "how"),
    [(None, "why", "in chat"), (Evidence.EMAIL, "November 3, recorded by Pol", "email: November 3, recorded by Pol"),
     (Evidence.EMAIL, "", "email"), (Evidence.NOT_STATED, "", "recorded"),
     (Evidence.NOT_STATED, "May", "recorded: May")],
)  # fmt: skip
def test_a_signature_says_how_it_was_given(evidence, note, how):
    assert sign_on("cast", version("We ask."), evidence=evidence, note=note).how == how


def test_an_approved_change_reopens_sign_on_before_its_deadline():
    assert lifecycle.after_approval(letter(State.REVIEW), NOW).state is State.APPROVED
    assert lifecycle.after_approval(letter(State.REVIEW, closes_at=NOW + timedelta(hours=1)), NOW).state is State.OPEN
    assert lifecycle.after_approval(letter(State.REVIEW, closes_at=NOW), NOW).state is State.APPROVED


def test_a_letter_is_open_until_the_moment_it_closes():
    open_ = letter(State.OPEN, closes_at=NOW)
    assert open_.is_open(NOW - timedelta(microseconds=1))
    assert not open_.is_open(NOW)
    assert not letter(State.OPEN).is_open(NOW)
    assert not letter(State.APPROVED, closes_at=NOW + timedelta(1)).is_open(NOW)
    assert not letter(State.OPEN, closes_at=NOW + timedelta(1), untrue=("A law.",)).is_open(NOW)


def test_a_letter_has_closed_from_its_deadline_on():
    closing = letter(State.OPEN, closes_at=NOW)
    assert not closing.has_closed(NOW - timedelta(microseconds=1))
    assert closing.has_closed(NOW)
    assert not letter(State.OPEN).has_closed(NOW)


# --- text -------------------------------------------------------------------------------------------------------------


def test_a_text_is_named_by_its_digest_or_the_digits_that_people_are_shown():
    text = version("We ask.")
    assert text.mark == text.digest[:12]
    assert [text.is_text(each) for each in (text.digest, text.mark, text.digest[:11], "")] == [True, True, False, False]
    assert version("We ask.", subject="An end").subject == "An end"


def test_the_digest_of_a_text_is_the_same_in_every_version_of_the_program():
    """Signatures name the text by it: with another one, no signature of a letter that is open would count."""
    assert version("We ask “now”.").digest == "3150267fb17f854813e2c58cfe4686424d780891d38727bf9c03c4d73067bb01"


def test_the_digest_covers_texts_and_addressees():
    one = version("We ask.")
    assert one.digest == version("We ask.", number=7).digest
    assert len({one.digest, version("We ask!").digest, version("We ask.", subject="Other").digest,
                version("We ask.", to=("office:bja",)).digest, version("We", "ask.").digest}) == 5  # fmt: skip


def test_blanks_are_the_texts_in_brackets():
    assert version("On [date] and [date] we meet [somebody].").blanks == ["[date]", "[somebody]"]
    assert version("Section (b)(2) and {{ x }}").blanks == ["{{ x }}"]


@pytest.mark.parametrize(
    ("old", "new", "event"),
    [
        (("We ask.",), ("We ask.", "It is late."), "New paragraph “It is late.”: We ask. […]"),
        (
            ("We ask.", "It is late.", "Thanks."),
            ("We ask.", "Thanks."),
            "Removed the paragraph “It is late.”: We ask. […] Thanks.",
        ),
        (("We ask you.",), ("We ask them.", "It is late."), "“you.” became “them. ¶ It is late.”: We ask […]"),
        (
            ("We ask you now.",),
            ("They ask you now.", "It is late."),
            "New paragraph “It is late.”: They ask you now. […]",
        ),
        (("We ask. It is late.",), ("We ask.", "It is late."), "Two paragraphs now: We ask. […] It is late."),
        (("We ask.", "It is late."), ("We ask. It is late.",), "One paragraph now: We ask. […] It is late."),
    ],
)
def test_added_and_removed_paragraphs_are_called_paragraphs(old, new, event):
    assert lifecycle.changes(version(*old), version(*new, number=2))[-1] == event


def test_a_change_is_shown_with_the_words_around_it():
    old, new = version("The office should end this now, we ask."), version("The office must end this now, we ask.")
    assert lifecycle.changes(old, new) == ["“should” became “must”: The office […] end this now, we"]
    assert lifecycle.changes(old, version("The office should end this now.", number=2))[0].startswith(
        "“now, we ask.” became"
    )
    assert lifecycle.changes(old, replace(new, texts=(Text(new.texts[0].written, ("office:bja",)),)))[0].startswith(
        "The addressees"
    )


def test_a_shared_paragraph_is_changed_for_all_addressees():
    texts = tuple(
        Text(Written(subject="S", body=(Paragraph("Common."), Paragraph(f"For {who}."))), (who,)) for who in "ab"
    )
    changed = lifecycle.with_paragraph(
        texts, Paragraph("Common."), (Paragraph("Shared."), Paragraph("More.", Shape.ITEM))
    )
    assert [[part.text for part in text.written.body] for text in changed] == [
        ["Shared.", "More.", "For a."], ["Shared.", "More.", "For b."]
    ]  # fmt: skip
    alone = lifecycle.with_paragraph(texts, Paragraph("For a."), ())
    assert [len(text.written.body) for text in alone] == [1, 2]


WORDS = st.lists(st.sampled_from(["we", "ask", "now", "must", "should", "end", "it"]), min_size=1, max_size=12)
PARTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=6)


@given(PARTS, PARTS)
def test_two_texts_differ_exactly_where_their_words_do(old, new):
    assert bool(lifecycle.changes(version(*old), version(*new))) is (old != new)


@given(st.lists(st.tuples(WORDS.map(" ".join), st.sampled_from(Shape)), min_size=1, max_size=8))
def test_a_text_comes_back_from_a_form_as_it_went_in(parts):
    there = tuple(Paragraph(text, shape) for text, shape in parts)
    assert tuple(paragraphs(body(there))) == there


def test_a_long_letter_is_compared_by_paragraph_first():
    parts = [f"Paragraph {n} says that the office must end the practice by the end of the year." for n in range(2_000)]
    changed = [*parts[:1_000], "Something else.", *parts[1_001:]]
    assert len(lifecycle.changes(version(*parts), version(*changed))) == 1


# --- claims -----------------------------------------------------------------------------------------------------------

CLAIM = Claim(
    id="duty",
    text="The Act  asks for a\nreport (1 U.S.C. 1).",
    source="https://example.org",
    checked_on=date(2026, 11, 2),
)


def claiming(subject: str, part: str) -> Version:
    written = Written(subject=subject, body=(Paragraph("We ask."), Paragraph(part)), claims=(CLAIM,))
    return Version(number=1, texts=(Text(written, ("office:ovc",)),), by="ada", at=NOW)


@pytest.mark.parametrize(
    ("subject", "part"),
    [
        ("A report", "You know it. The Act asks for a report (1 U.S.C. 1). We ask for it."),
        ("The Act asks for a report (1 U.S.C. 1).", "Please write it."),
    ],
)
def test_a_claim_is_recognized_despite_different_white_space(subject, part):
    assert (claiming(subject, part).claims, claiming(subject, part).altered) == ([CLAIM], [])
    assert (
        wording.claims_line(claiming(subject, part))
        == "1 claim about the law, with its source, checked Mon Nov 2, 2026."
    )


def test_a_claim_whose_words_were_changed_is_altered():
    changed = claiming("A report", "The Act asks for two reports (1 U.S.C. 1).")

    assert (changed.claims, changed.altered) == ([], [CLAIM])


def test_a_sign_on_card_reads_the_signatures_as_often_for_many_members_as_for_few():
    class Counted(dict[str, SignOn]):
        readings = 0

        def items(self):
            self.readings += 1
            return super().items()

    def readings(members: int) -> int:
        signed = Counted({f"m{n}": sign_on(f"m{n}", letter().version) for n in range(members // 2)})
        names = {f"m{n}": f"Member {n}" for n in range(members)}
        opened = letter(State.OPEN, closes_at=NOW + timedelta(days=3))
        status = wording.SignOnStatus(letter=opened, sign_ons=signed, members=names, zone=UTC, now=NOW)
        card = wording.sign_on_card(status)
        assert card.head.endswith(f"{members // 2} of {members}")
        return signed.readings

    assert readings(40) == readings(4)
