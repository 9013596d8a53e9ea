"""What a letter cites, from its draft to its lock: nothing goes out that nobody has confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.commands.model import Role
from bot.letters import lint
from bot.letters.lifecycle import State
from tests.kit.board import words
from tests.kit.letters_desk import GRANTS, REQUEST, Desk, config

SAID = "“The House passed this bill 420-0 last week”, “Senator McCain voted”"
FALSE = "The House passed this bill 420-0 last week under 22 U.S.C. 9999, and Senator McCain voted for it."
QUOTE = "Senator McCain told us: “I will never rest until this is the law of the land.”"


def request(desk, occasion):
    """A letter with one ask that cites nothing, and typed text."""
    return desk.card(
        desk.pol, "letter fill", template="agency-request", to="ovc", ask="2", occasion=occasion, **REQUEST
    )


def lines(card):
    return [line.text for line in card.lines]


def shown(desk, by=None):
    return words(desk.card(by or desk.app, "letter show", letter="L-1"))


# --- naming -----------------------------------------------------------------------------------------------------------


def test_typed_citations_are_reported_to_the_author(desk):
    words_shown = " ".join(lines(request(desk, FALSE)))

    assert f"Cites a vote of 420-0 and 22 U.S.C. 9999 and says {SAID}, which nobody has confirmed." in words_shown
    assert "It cites no law." not in words_shown


def test_a_letter_that_cites_nothing_says_so(desk):
    assert "It cites no law." in lines(request(desk, "The terms are being written now."))


def test_a_letter_that_names_an_act_does_not_count_as_citing_no_law(desk):
    assert "It cites no section of a law." in lines(request(desk, "The Tariff Act is a century old."))


def test_an_approver_sees_unconfirmed_citations_and_a_button(desk):
    request(desk, FALSE)
    desk.card(desk.pol, "letter review", letter="L-1")
    (card,) = desk.sent_to(desk.app)

    assert any(f"22 U.S.C. 9999 and says {SAID}, which nobody has confirmed" in line for line in lines(card))
    assert "Confirm citations" in [button.label for button in card.buttons]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Goods are destroyed (19 U.S.C. 1307; 18 U.S.C. 1593A).", ["19 U.S.C. 1307", "18 U.S.C. 1593A"]),
        (QUOTE, ["the quotation “I will never rest until this is the law of the land.”"]),
    ],
)  # fmt: skip
def test_what_an_edit_brings_in_is_named_though_the_letter_claims_the_same_law(desk, text, named):
    desk.card(desk.pol, "letter draft", template="business-accountability", to="homeland-security", ask="4")
    assert any("19 U.S.C. 1307" in claim.citation for claim in desk.letter().version.claims)

    words_shown = lines(desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text=text, base="1"))
    for name in named:
        assert any(name in line and "nobody has confirmed" in line for line in words_shown), words_shown


def test_words_before_a_claim_take_its_note_away(desk):
    desk.card(desk.pol, "letter draft", template="business-accountability", to="homeland-security", ask="4")
    claim = next(claim.text for claim in desk.letter().version.claims if "19 U.S.C. 1307" in claim.citation)
    number = next(n for n, part in enumerate(parts(desk), start=1) if claim in part)
    words_shown = lines(
        desk.card(
            desk.pol,
            "letter edit",
            letter="L-1",
            paragraph=str(number),
            base="1",
            text=f"It is false that {claim}",
        )
    )

    assert any("wording was removed or changed for 3 claims" in line for line in words_shown), words_shown
    assert all("19 U.S.C. 1307" not in note.claim.citation for note in desk.letter().version.texts[0].written.notes)


@pytest.mark.parametrize(
    "turned", ["It is false that {}", "Nobody claims that {}", "This is a myth: {}", "{} That is wrong.", "Wrong! {}"]
)
def test_a_letter_with_a_claim_that_is_turned_around_is_not_locked(desk, turned):
    desk.card(desk.pol, "letter draft", template="business-accountability", to="homeland-security", ask="4")
    claim = next(claim.text for claim in desk.letter().version.claims if "19 U.S.C. 1307" in claim.citation)
    at = str(next(n for n, part in enumerate(parts(desk), start=1) if claim in part))
    text = parts(desk)[int(at) - 1].replace(claim, turned.format(claim))
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph=at, base="1", text=text)
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()

    refusal = desk.ask(desk.pol, "letter lock", "", letter="L-1", text=desk.text("L-1"))
    assert "which nobody has confirmed" in refusal.what


def test_an_ask_that_cites_an_unconfirmed_law_is_named(tmp_path):
    settings = config()
    ask = settings.coalition.asks[2].model_copy(update={"text": "Enforce 18 U.S.C. 9999. It is hardly used today."})
    settings = replace(
        settings, coalition=settings.coalition.model_copy(update={"asks": settings.coalition.asks | {2: ask}})
    )
    desk = Desk(tmp_path, settings)

    assert any("18 U.S.C. 9999, which nobody has confirmed" in line for line in lines(request(desk, "Now.")))
    ((place, words_shown),) = lint.lint_asks(
        settings.coalition.model_copy(update={"asks": {2: ask}}), date(2026, 11, 26)
    )
    assert place == ("asks", 2, "text")
    assert words_shown.startswith("cites 18 U.S.C. 9999, which nobody has confirmed.")


@pytest.mark.parametrize("place", ["text", "about"])
def test_a_figure_of_the_coalition_s_own_file_is_confirmed_before_the_lock(tmp_path, place):
    settings, figure = config(), "Agencies have lost 44 percent of their inspectors."
    coalition = settings.coalition
    if place == "about":
        changed = coalition.model_copy(update={"about": figure})
    else:
        changes = {"text": "Inspect at least 44 percent of the goods"}
        changed = coalition.model_copy(
            update={"asks": coalition.asks | {2: coalition.asks[2].model_copy(update=changes)}}
        )
    desk = Desk(tmp_path, replace(settings, coalition=changed))
    approved(desk, "Now.")

    assert "44 percent, which nobody has confirmed" in desk.refused(desk.pol, "letter lock", letter="L-1").what
    if place == "about":  # an ask is in the subject, too: two sentences, each confirmed by its mark
        confirm(desk, desk.app, "44 percent", "Annual report, page 3")
        desk.lock("L-1")


def test_a_whole_date_of_an_ask_is_confirmed_before_the_lock(tmp_path):
    settings = config()
    ask = settings.coalition.asks[2].model_copy(update={"text": "Keep the guidance of October 3, 2024"})
    asks = settings.coalition.asks | {2: ask}
    desk = Desk(tmp_path, replace(settings, coalition=settings.coalition.model_copy(update={"asks": asks})))
    approved(desk, "Now.")

    refusal = desk.refused(desk.pol, "letter lock", letter="L-1")

    assert "October 3, 2024, which nobody has confirmed" in refusal.what


def test_what_others_found_needs_a_source_in_the_coalition_s_own_file_too(tmp_path):
    settings = config()
    about = (
        f"{settings.coalition.short} found much itself. The Transit Administration’s own data show a rise in assaults."
    )
    desk = Desk(tmp_path, replace(settings, coalition=settings.coalition.model_copy(update={"about": about})))
    approved(desk, "Now.")

    refusal = desk.refused(desk.pol, "letter lock", letter="L-1")

    assert "says The Transit Administration’s own data show, which nobody has confirmed" in refusal.what
    confirm(desk, desk.app, "The Transit Administration’s own data show", "Yearly report, page 3")
    desk.lock("L-1")


def test_check_names_a_figure_in_the_reason_of_an_ask():
    coalition = config().coalition
    ask = coalition.asks[2].model_copy(update={"because": "Agencies have lost 44 percent of their inspectors."})
    findings = lint.lint_asks(coalition.model_copy(update={"asks": {2: ask}}), date(2026, 11, 26))
    assert [place for place, _ in findings] == [("asks", 2, "because")]


def test_the_docket_of_a_letter_needs_no_confirmation(desk):
    stored = desk.bring(GRANTS)[0]
    desk.drafted(entry=stored.id, template="agency-request", occasion="You published 2026-00001 this week.")
    assert "Cites 2026-00001, which it is about." in shown(desk)


def test_the_words_of_the_document_it_answers_may_be_quoted(desk):
    notice = replace(GRANTS, summary="An applicant must attach a letter of support from the police.")
    stored = desk.bring(notice)[0]
    words_shown = "The notice says: “An applicant must attach a letter of support from the police.”"
    desk.drafted(entry=stored.id, template="agency-request", occasion=words_shown)
    assert "nobody has confirmed" not in shown(desk)


def test_a_title_before_a_comma_is_named_without_the_comma(desk):
    title = "Grants for task forces that serve victims of trafficking are open"
    stored = desk.bring(replace(GRANTS, title=title))[0]
    desk.drafted(entry=stored.id, template="agency-request")
    assert f"“{title},” published" in shown(desk)
    assert f"the quotation “{title}”" in shown(desk)


def test_opening_sign_on_names_what_prevents_the_lock(desk):
    approved(desk)
    card = desk.card(desk.pol, "letter signon", letter="L-1", until="Fri 17:00")
    assert any(f"22 U.S.C. 9999 and says {SAID}, which nobody has confirmed" in line for line in lines(card))


# --- confirming -------------------------------------------------------------------------------------------------------


def approved(desk, occasion=FALSE):
    request(desk, occasion)
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve("L-1")


def confirm(desk, by, citation, source="https://uscode.house.gov/22/9999"):
    return desk.card(by, "letter confirm", letter="L-1", citation=citation, source=source)


def test_the_lock_is_refused_until_an_approver_has_confirmed_each_with_a_source(desk):
    approved(desk)
    refused = desk.refused(desk.pol, "letter lock", letter="L-1")
    said = f"L-001 cites a vote of 420-0 and 22 U.S.C. 9999 and says {SAID}, which nobody has confirmed."
    assert refused.what.startswith(said)

    confirm(desk, desk.app, "22 U.S.C. 9999")
    assert "22 U.S.C. 9999" not in desk.refused(desk.pol, "letter lock", letter="L-1").what
    confirm(desk, desk.bap, "a vote of 420-0", "Roll call 1 of the House")
    confirm(desk, desk.bap, SAID.strip("“”"), "Roll call 1 of the House")
    desk.lock("L-1")

    assert desk.letter().state is State.LOCKED
    assert "Confirmed by App: 22 U.S.C. 9999. Source: https://uscode.house.gov/22/9999" in shown(desk)
    assert "Confirmed by Bap: a vote of 420-0. Source: Roll call 1 of the House" in shown(desk)


def test_who_confirmed_what_from_where_is_in_the_audit(desk):
    approved(desk)
    confirm(desk, desk.app, "22 U.S.C. 9999")
    (noted,) = [change for change in desk.changes() if change.command == "letter confirm"]

    assert noted.after == "confirmed 22 U.S.C. 9999 in version 1, from https://uscode.house.gov/22/9999"


def test_a_sign_on_that_ends_with_an_unconfirmed_citation_notifies_its_author(desk):
    approved(desk)
    desk.card(desk.pol, "letter signon", letter="L-1", until="Fri 17:00")
    desk.compose(days=30)

    assert desk.letter().state is State.OPEN
    assert any("22 U.S.C. 9999" in line for card in desk.sent_to(desk.pol) for line in lines(card))


def test_a_change_of_the_sentence_voids_the_confirmation_and_of_another_does_not(desk):
    approved(desk)
    confirm(desk, desk.app, "22 U.S.C. 9999")
    confirm(desk, desk.app, "a vote of 420-0")
    confirm(desk, desk.app, SAID)

    other = next(n for n, part in enumerate(parts(desk), start=1) if FALSE not in part)
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph=str(other), text="We know it takes work.", base="1")
    assert "nobody has confirmed" not in shown(desk)

    settings = next(n for n, part in enumerate(parts(desk), start=1) if FALSE in part)
    changed = FALSE.replace("under", "despite")
    desk.card(desk.pol, "letter edit", letter="L-1", paragraph=str(settings), text=changed, base="2")
    assert f"Cites a vote of 420-0 and 22 U.S.C. 9999 and says {SAID}, which nobody has confirmed." in shown(desk)


def test_writers_cannot_confirm_citations_in_their_text(desk):
    both = desk.add("Both", Role.POLICY, Role.APPROVER)
    desk.card(both, "letter fill", template="agency-request", to="ovc", ask="2", occasion=FALSE, **REQUEST)

    refused = desk.refused(both, "letter confirm", letter="L-1", citation="22 U.S.C. 9999", source="https://a.gov")
    assert refused.what == "You wrote some of this text. Another approver confirms what it cites."


def test_the_form_confirms_all_of_a_sentence_at_once(desk):
    approved(desk, f"{FALSE} In May, the court called it “settled.”")
    form = desk.form(desk.app, "letter confirm", letter="L-1")
    labels = [choice.label for choice in form.fields[0].param.choices]
    assert len(labels) == 2
    assert labels[0].startswith("a vote of 420-0, 22 U.S.C. 9999 and “The House passed")

    sent = {"citation": form.fields[0].param.choices[0].value, "source": "https://a.gov"}
    card = desk.card(desk.app, form.path, **form.args, **sent)
    assert card.head == f"Confirmed: a vote of 420-0, 22 U.S.C. 9999 and {SAID}"
    assert "2 statements left to confirm." in lines(card)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("In March 2026 the Government Accountability Office found that 80 percent are arrested.",
         "“In March 2026 the Government Accountability Office found”, “80 percent”"),
        ("The bill has passed the Senate.", "“The bill has passed the Senate”"),
        ("That is no longer true.", "“That is no longer true”"),
        ("As a member of the Senate Finance Committee, you can help.", "“Senate Finance Committee”"),
    ],
)  # fmt: skip
def test_what_an_edit_states_of_others_needs_a_source(desk, text, named):
    request(desk, "The terms are being written now.")
    words_shown = lines(desk.card(desk.pol, "letter edit", letter="L-1", paragraph="2", text=text, base="1"))
    assert any(f"Says {named}, which nobody has confirmed." in line for line in words_shown), words_shown
    assert named in shown(desk)


def test_what_the_template_wrote_from_facts_needs_no_source_of_a_person(desk):
    desk.card(desk.pol, "letter draft", template="business-accountability", to="homeland-security", ask="4")
    assert "nobody has confirmed" not in shown(desk)


def test_a_claim_in_other_words_is_named(desk):
    desk.card(desk.pol, "letter draft", template="business-accountability", to="homeland-security", ask="4")
    number, text = next(
        (n, part) for n, part in enumerate(parts(desk), start=1) if "one withhold release order" in part
    )
    text = text.replace("one withhold release order", "nine withhold release orders")
    words_shown = lines(desk.card(desk.pol, "letter edit", letter="L-1", paragraph=str(number), text=text, base="1"))
    assert any("says a claim in other words" in line.lower() for line in words_shown), words_shown


def test_a_citation_that_is_not_there_is_refused(desk):
    approved(desk)
    refused = desk.refused(desk.app, "letter confirm", letter="L-1", citation="1 U.S.C. 1", source="https://a.gov")
    assert (refused.param, refused.what) == ("citation", "It does not cite “1 U.S.C. 1”, or that is already confirmed.")


def parts(desk):
    return [part.text for part in desk.letter().version.texts[0].written.body]
