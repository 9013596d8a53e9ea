"""What a document does, from the sentences of its summary."""

from __future__ import annotations

import pytest

from bot.alerts.act import MOST_WORDS, bounded, small
from bot.alerts.cards import Item, digest_line
from bot.alerts.headline import headline
from bot.shared.entry import Agency, Change
from tests.kit.alerts import document
from tests.kit.effort import processor_limit

FWS = Agency("Fish and Wildlife Service", "fish-and-wildlife-service", "interior-department")
EPA = Agency("Environmental Protection Agency", "environmental-protection-agency")
NOAA = Agency(
    "National Oceanic and Atmospheric Administration", "national-oceanic-and-atmospheric-administration", "commerce"
)
TITLE = "Notice"
PERMITS = "approves permits for the skink plans pursuant to"


@pytest.mark.parametrize(
    ("agency", "summary", "sentence"),
    [
        (
            EPA,
            "The Environmental Protection Agency (EPA) is proposing to limit lead in drinking water. It is needed.",
            "EPA proposes to limit lead in drinking water",
        ),
        (
            FWS,
            "We, the U.S. Fish and Wildlife Service (Service), announce our intent to list a mussel, as amended.",
            "Fish and Wildlife Service plans to list a mussel, as amended",
        ),
        (EPA, "This final rule delays the limits on lead.", "EPA delays the limits on lead"),
        (
            EPA,
            "EPA is adopting an airworthiness directive (AD) for planes. This AD was prompted by reports of cracks.",
            "EPA adopts an air safety order for planes, after reports of cracks",
        ),
        (
            EPA,
            "This rule amends Class D and Class E airspace extending upward from 700 feet above the surface in Maine.",
            "EPA amends controlled airspace in Maine",
        ),
        (
            EPA,
            "EPA has filed a petition, submitted by Soy, Inc., proposing that the rules be amended to allow soy.",
            "Soy, Inc. asks to allow soy",
        ),
        (
            EPA,
            "EPA has filed a food petition, submitted by Soy GmbH, proposing that we amend our rules to allow soy.",
            "EPA has received a food petition from Soy GmbH to allow soy",
        ),
        (EPA, "This notice announces that EPA will not enforce a rule.", "EPA will not enforce a rule"),
        (
            EPA,
            "EPA proposes to delete a site from the National Priorities List.",
            "EPA proposes to delete a site from the Superfund list of sites to clean up",
        ),
        (EPA, "EPA is amending its list as authorized under the Water Act.", "EPA amends its list"),
        (EPA, "Since 1988, the EPA has kept a list. This notice lists new sites.", "EPA lists new sites"),
        (
            EPA,
            "In accordance with the Act, notice is hereby given that the Agency has received an application.",
            "EPA has received an application",
        ),
        (
            EPA,
            "This document announces that by letter dated May 1, 2025, Example Railroad (ER) petitioned for a waiver.",
            "Example Railroad petitioned for a waiver",
        ),
        (EPA, "An open meeting of the Example Panel will be held by phone.", "Example Panel will meet by phone"),
        (EPA, "Comments are requested on lead in water.", "EPA asks for comment on lead in water"),
        (EPA, "EPA, as part of its work, is seeking bids.", "EPA seeks bids"),
        (EPA, "EPA is amending, closing, and opening rivers.", "EPA is amending, closing, and opening rivers"),
        (EPA, "This is a notice of a disaster in Example State.", "EPA announces a disaster in Example State"),
        (EPA, "Our report was made. It is long.", "Notice"),
        (
            EPA,
            (
                "The Department of Examples, Bureau of Lead, Example Park has completed an inventory of human remains "
                "and has determined that there is a cultural affiliation between the human remains and Indian Tribes."
            ),
            "Bureau of Lead, Example Park has linked human remains to Indian Tribes",
        ),
        (EPA, "The Agency corrects a rule that was published in the Federal Register on May 1, 2025.",
         "EPA corrects a rule"),
        (
            EPA,
            "The Agency is announcing the availability of a draft guidance entitled “Lead.”",
            "EPA publishes a draft guidance, “Lead”",
        ),
        (EPA, "On Monday, June 2, 2025, the Agency will open bids.", "EPA will open bids"),
        (
            EPA,
            "The Agency announces the availability of funds for cleaning.",
            "EPA announces the availability of funds for cleaning",
        ),
        (
            EPA,
            "The Agency is approving a plan and incorporating it by reference.",
            "EPA approves a plan and incorporates it by reference",
        ),
        (EPA, "The Agency is approving a plan and baking it.", "EPA is approving a plan and baking it"),
        (
            EPA,
            "The Example Board and the Department of Examples are adopting rules on lead.",
            "Example Board and the Department of Examples adopt rules on lead",
        ),
        (
            EPA,
            "The Agency preliminarily finds that pipes described below were sold at prices below normal value.",
            "EPA preliminarily finds that pipes were sold at prices below normal value",
        ),
        (
            EPA,
            "The Agency will hold a public meeting according to the details shown below.",
            "EPA will hold a public meeting",
        ),
        (
            EPA,
            "The Agency announces that the planned meeting on February 12, 2025, of the Example Board is cancelled.",
            "EPA announces that the planned meeting on February 12, 2025, of the Example Board is cancelled",
        ),
        (
            NOAA,
            (
                "In accordance with the Act, as amended, and rules called “Taking of Seals,” notification is hereby "
                "given that a Letter of Authorization (LOA) has been issued to Example, Inc., for the unintentional "
                "taking of seals incidental to surveys in the Gulf."
            ),
            "NOAA has issued a permit to Example, Inc., for harming or disturbing seals during surveys in the Gulf",
        ),
        (
            NOAA,
            (
                "NMFS has issued an incidental harassment authorization to Example City for authorization to take "
                "small numbers of seals incidental to a project."
            ),
            "NOAA has issued a permit to Example City to harm or disturb small numbers of seals during a project",
        ),
        (
            FWS,
            "The Service has received a request from Example City for authorization to take bears incidental to work.",
            "Example City asks for a permit to harm or disturb bears during work",
        ),
        (
            EPA,
            "Under the Clean Harbor Act (CHA), the Agency gives towns rights under the CHA.",
            "EPA gives towns rights under the Clean Harbor Act",
        ),
        (EPA, "The Agency has received a permit application described herein.", "Notice"),
        (EPA, "The Clean Harbor Act of 1990 prohibits lead in harbors.", "Notice"),
        (EPA, "The Clean Harbor Act prohibits lead. This notice announces limits on lead.",
         "EPA announces limits on lead"),
        (EPA, "The Division has a petition before it. The Petitioner requests a channel.", "Notice"),
        (EPA, "Lead is bad. The Agency regulates it. This document corrects a rule on lead.",
         "EPA corrects a rule on lead"),
        (EPA, "This notice informs the public of the annual adjustments to rates.",
         "EPA announces the annual adjustments to rates"),
        (EPA, "The Agency is soliciting bids and requesting plans.", "EPA solicits bids and requests plans"),
        (EPA, "The Agency is correcting a rule by removing rows and replacing lists.",
         "EPA corrects a rule by removing rows and replacing lists"),
        (EPA, "The Agency is issuing this Notice of Intent, in accordance with the Act, to prepare a plan.",
         "EPA plans to prepare a plan"),
        (EPA, "The Agency is temporarily changing the hours of a bridge.",
         "EPA temporarily changes the hours of a bridge"),
        (EPA, "This notice announces an open meeting of a board that will be held on Monday.",
         "EPA will hold an open meeting of a board that will be held on Monday"),
        (EPA, "This notice announces a meeting of its board will be held by phone.",
         "EPA will hold a meeting of its board by phone"),
        (EPA, "The Agency is issuing this Notice to announce the end of a test.", "EPA announces the end of a test"),
        (EPA, "The Agency amends the Harbor Rule, consistent with the requirements of the Clean Harbor Act of 1990.",
         "EPA amends the Harbor Rule"),
        (EPA, "The Agency withdraws the NPRM.", "EPA withdraws the proposed rule"),
        (NOAA, "NMFS announces approval of an application to intentionally take, by lethal methods, sea lions.",
         "NOAA approves an application to kill sea lions"),
        (FWS, "The Service revises rules on incidental take of small numbers of bears.",
         "Fish and Wildlife Service revises rules on harming or disturbing small numbers of bears"),
        (NOAA, "Notice is hereby given that permits and a permit amendment have been issued under the Example Act.",
         "NOAA has issued permits and a permit amendment (its summary does not say to whom) under the Example Act"),
        (FWS, "We announce receipt of an application from Example City for an incidental take permit.",
         "Example City asks for a permit to harm protected species"),
        (FWS, "We announce receipt of an application from Jo Doe and one from Al Roe for two incidental take permits.",
         ("Fish and Wildlife Service has received an application from Jo Doe and one from Al Roe "
            "for two permits")),
        (EPA, "The Agency withdraws the rule titled, “Lead,” published in the Federal Register on May 1, 2025.",
         "EPA withdraws the rule, “Lead”"),
        (EPA, "For each year, the Agency publishes in the Federal Register a notice announcing the pumps to test.",
         "EPA announces the pumps to test"),
        (EPA, "The Agency is issuing this notice to invite bids for pumps.", "EPA invites bids for pumps"),
        (EPA, "EPA is issuing notice of the Secretary's determination under title 38 of the Code that lead is bad.",
         "EPA determines that lead is bad"),
        (NOAA, "Notice is hereby given that a major amendment to Permit No. 22-01 has been issued to Sea Park LLC.",
         "NOAA has issued a major amendment to a permit to Sea Park LLC"),
        (EPA, "The Agency plans a committee for programs authorized under title IV of the Harbor Act, as amended.",
         "EPA plans a committee for programs"),
        (EPA, "Sea Bird Ltd, 8 Elm Road, Bristol, has applied for a permit to film.",
         "Sea Bird Ltd has applied for a permit to film"),
        (EPA, "Jo Doe, Ph.D., Environmental Protection Agency, has requested a permit to film.",
         "Jo Doe, Ph.D., Environmental Protection Agency has requested a permit to film"),
        (EPA, "The Agency solicits nominations for a board.", "EPA asks for nominations for a board"),
        (EPA, "Under the Act, notice is given of a new system of records called Pumps.",
         "EPA plans a new set of records on people called Pumps"),
        (FWS, ("Under the Act, the Example Museum intends to repatriate certain cultural items that meet the "
         "definition of unassociated funerary objects, sacred objects, and/or objects of cultural patrimony and that "
         "have a cultural affiliation with the Indian Tribes or Native Hawaiian organizations in this notice."),
         "Example Museum plans to return burial objects and sacred or cultural objects to Native groups"),
        (FWS, ("Under the Act, the Example Museum intends to carry out the disposition of human remains, associated "
         "funerary objects, and unassociated funerary objects removed from Federal land to the lineal descendants, "
         "Indian Tribe, or Native Hawaiian organization with priority for disposition in this notice."),
         "Example Museum plans to hand over human remains and burial objects to descendants or Native groups"),
        (FWS, ("Under the Act, the Example Museum has completed an inventory of human remains and has determined "
         "that there is no lineal descendant and no Indian Tribe or Native Hawaiian organization with cultural "
         "affiliation."),
         "Example Museum found no descendant or Indian Tribe linked to human remains"),
        (EPA, "The Agency is considering issuance of an amendment to Renewed Operating License No. NPF-3 of a reactor.",
         "EPA may issue an amendment to a renewed license of a reactor"),
        (NOAA, ("Notice is hereby given that Jo Doe, Ph.D., 8 Elm Road, Durham, NC 27700, has been issued a minor "
         "amendment to Permit No. 22-01."),
         "Jo Doe, Ph.D. has been issued a minor amendment to a permit"),
        (EPA, "We are advising the public that we added Belize to the list.", "EPA added Belize to the list"),
        (EPA, "The Agency is publishing this notice regarding the issuance of a guide on lead.",
         "EPA issues a guide on lead"),
        (EPA, "This notice announces the annual updates to the tables of lead.", "EPA updates the tables of lead"),
        (EPA, "This document delays the effective date of the May 1, 2025, final rule on lead.",
         "EPA delays the effective date of a final rule on lead"),
        (FWS, "We invite public comment on permits for whales for which the Service has jurisdiction.",
         "Fish and Wildlife Service asks for comment on permits for whales"),
        (NOAA, "The Sea Institute, Santa Cruz, CA 95064, has applied for a permit to count seals.",
         "Sea Institute has applied for a permit to count seals"),
        (EPA, "The Agency issued an exemption to Example Reactor, LLC.",
         "EPA issued an exemption to Example Reactor, LLC"),
        (EPA, "The Agency is ending a study, “Pools, Ponds,” and denying a petition.",
         "EPA ends a study, “Pools, Ponds,” and denies a petition"),
        (EPA, "The Agency is issuing an environmental assessment and a finding of no significant impact for a dam.",
         "EPA finds no significant environmental impact in a dam"),
        (EPA, "The Agency is confirming the effective date of May 1, 2025, for the direct final rule on pumps.",
         "EPA confirms May 1, 2025 as the start date of a rule on pumps"),
        (EPA, ("EPA is amending its rules by revising the Example[supreg] Cask listing within the “List of "
         "casks” to include Amendment No. 4 to Certificate No. 1."),
         "EPA amends the listing of the Example Cask in the “List of casks”"),
        (EPA, ("This notice announces the approval by operation of law of a compact for class III gaming between the "
         "Example Tribe and the State of New Mexico governing the conduct of games."),
         "EPA approves by default a compact on gaming between the Example Tribe and the State of New Mexico"),
        (EPA, "The Agency announces deadline dates for the receipt of reports from towns.",
         "EPA sets deadlines for reports from towns"),
        (EPA, "We give notice of the Secretary of Commerce's intent to renew a board.", "EPA plans to renew a board"),
    ],
)  # fmt: skip
def test_the_first_sentence_of_a_summary_says_who_does_what(agency, summary, sentence):
    assert headline(document(title=TITLE, summary=summary, agencies=(agency,))).text == sentence


@pytest.mark.parametrize(
    ("type_", "summary"),
    [
        ("Notice", "The Agency regulates lead. The law requires it."),
        ("Notice", "The Example Committee, which advises it, provides a forum for towns."),
        ("Notice", "The Agency asks for comment on these limits."),
        ("Notice", "On May 1, 2025, the Agency published a plan. It removes the duplicates."),
        ("Notice", "This action is necessary to establish limits on lead."),
        ("Proposed Rule", "This rule establishes limits on lead."),
        ("Rule", "The Agency proposes limits on lead."),
        ("Notice", None),
    ],
)
def test_what_is_no_act_of_the_document_leaves_its_title(type_, summary):
    entry = document(title="Example River", type=type_, action="Notice.", summary=summary, agencies=(EPA,))
    assert headline(entry).text == "EPA publishes a notice on Example River"


@pytest.mark.parametrize(
    ("action", "head"),
    [
        ("Notice; receipt of application.", "Example City asks for a permit to harm or disturb bears during work"),
        ("Notice; proposed authorization; request for comments.",
         "Fish and Wildlife Service proposes to grant Example City a permit to harm or disturb bears during work"),
        ("Notice; issuance of authorization.",
         "Fish and Wildlife Service grants Example City a permit to harm or disturb bears during work"),
    ],
)  # fmt: skip
def test_what_became_of_a_request_is_in_its_headline(action, head):
    summary = "The Service has received a request from Example City for authorization to take bears incidental to work."
    assert headline(document(title=TITLE, summary=summary, agencies=(FWS,), action=action)).text == head


def test_a_long_sentence_ends_where_it_stays_true():
    start, tail = "The Agency approves a plan for the Example River and its banks", "the islands " * 20
    for word, sentence in (
        ("including", "EPA approves a plan for the Example River and its banks"),
        ("which does not cover", ""),
        (
            "in order to clean until June 1, 2025,",
            "EPA approves a plan for the Example River and its banks, in order to clean until June 1, 2025",
        ),
    ):
        made = headline(document(title=TITLE, summary=f"{start}, {word} {tail}.", agencies=(EPA,)))
        assert made.text == sentence or (not sentence and made.text.endswith("…"))
        assert made.rest in ("", TITLE) or made.rest.startswith("…")


@pytest.mark.parametrize(
    "end", ["are not covered by", "that are approved and assigned by", "that the Agency listed in"]
)
def test_a_long_sentence_does_not_end_before_its_verb(end):
    summary = (
        f"The Agency determines that imports of aluminum wire and cable of the Example River {end} {'the order ' * 30}."
    )
    made = headline(document(title=TITLE, summary=summary, agencies=(EPA,)))
    assert made.text.endswith("…") or made.text == TITLE


def test_a_long_sentence_spares_its_law_and_who_sent_what_when_first():
    summary = "The Agency approves a plan, submitted by Example State on May 1, 2025, to limit lead in {} waters."
    made = headline(document(title=TITLE, summary=summary.format("the very " * 4), agencies=(EPA,)))
    assert made.text.startswith("EPA approves a plan to limit lead in the very ")


def test_a_long_sentence_ends_before_how_long_it_lasts():
    summary = (
        f"The Agency requires {'the very ' * 4}large works in Example Bay over the course of 5 years from its date."
    )
    made = headline(document(title=TITLE, summary=summary, agencies=(EPA,)))
    assert made.text.endswith(" large works in Example Bay")


def test_a_document_without_an_agency_says_what_is_done():
    summary = "The Department solicits nominations for a board."
    made = headline(document(title=TITLE, summary=summary, agencies=()))
    assert made.text == "Asks for nominations for a board"


@pytest.mark.parametrize(
    ("summary", "author"),
    [
        ("On May 2, 2027, the Consumer Financial Protection Bureau published a rule. It has an error.", "CFPB "),
        (
            "Under a law on roads, the Secretary of Transportation (Secretary) requests names.",
            "Department of Transportation ",
        ),
        (
            "The list of the Department of Labor (DOL), in consultation with the EPA, is new. DOL has it.",
            "Department of Labor ",
        ),
        ("It is on reports issued by the Bureau of International Labor Affairs for the EPA.", "ILAB "),
        ("The prize is a part of the Forest Service initiative.", ""),
        ("It says why. The Forest Service has been sued over it.", ""),
        ("A court ruled on the Forest Service's rule.", ""),
        ("It is submitted to the Office of Management and Budget (OMB) for review.", ""),
        ("It is sent to the Forest Service and to the Coast Guard.", ""),
    ],
)
def test_a_document_without_an_agency_names_who_acts_in_its_summary(summary, author):
    made = headline(document(title="Solicitation for River Award", summary=summary, agencies=()))
    assert made.text == f"{author}{'c' if author else 'C'}alls for submissions for River Award"


def test_a_rule_on_contracts_with_a_long_sentence_has_its_title():
    summary = f"DoD is issuing a final rule amending the Federal Acquisition Regulation (FAR) to {'apply a law ' * 20}."
    entry = document(title="Federal Acquisition Regulation: Bridge Steel", summary=summary)
    assert headline(entry).text == "DoD issues a final rule amending the rules on federal contracts"
    corrected = document(title=f"{entry.title}; Correction", change=Change.CORRECTION)
    assert headline(corrected).text == "CBP corrects a notice on bridge steel in federal contracts"


def test_a_long_sentence_ends_before_its_second_purpose():
    summary = "The Board is hosting a meeting to hear how it can count bridges{} and to assist {}."
    ends = {end: headline(document(title=TITLE, summary=summary.format(end, "towns " * 40))).text for end in ("", ",")}
    assert ends[""] == "CBP is hosting a meeting to hear how it can count bridges"
    assert ends[","] == "CBP is hosting a meeting to hear how it can count bridges"


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        ("EPA announces a 90-day finding on a petition to list a mussel.",
         "EPA gives its first finding on a petition to list a mussel"),
        ("EPA corrects errors in the rule that appeared in the May 1, 2025 Federal Register titled “Lead in Pipes”.",
         "EPA corrects errors in the rule “Lead in Pipes”"),
        ("EPA permanently debars Pipes Inc. from grants.", "EPA permanently debars Pipes Inc. from grants"),
        ("EPA is exercising its discretion to not enforce the requirements in 14 CFR 2.6 and 14 CFR 3.8(l) on lead.",
         "EPA will not enforce the requirements on lead"),
        ("EPA amends Regulation Z, which implements the Pipe Act, to limit lead.",
         "EPA amends rules under the Pipe Act to limit lead"),
        ("This notice is a request for information and/or comment on three reports on lead.",
         "EPA asks for information on three reports on lead"),
    ],
)  # fmt: skip
def test_an_act_is_told_without_the_places_of_its_rules(summary, sentence):
    assert headline(document(title=TITLE, summary=summary, agencies=(EPA,))).text == sentence


@pytest.mark.parametrize(
    ("purpose", "told"),
    [
        ("to discuss lead in water", " to discuss lead in water"),
        ("for the Council to discuss lead in water", " to discuss lead in water"),
        ("to review, edit, and adopt its report", ""),
    ],
)
def test_a_meeting_says_its_purpose(purpose, told):
    summary = f"Notice is hereby given of a meeting. The purpose of the meeting is {purpose}."
    entry = document(title="Example Council; Public Meeting", summary=summary, agencies=(EPA,))
    assert headline(entry).text == f"EPA will hold a meeting of the Example Council{told}"


def test_a_law_that_is_joined_with_more_is_not_spared():
    summary = (
        f"EPA adjusts the fines for its {'very ' * 36}old rules under the Example Fines Act of 2015 and its guidance."
    )
    assert " rules and " not in headline(document(title=TITLE, summary=summary, agencies=(EPA,))).text


@pytest.mark.parametrize(
    ("title", "sentence", "joined"),
    [
        ("Air Plan; Example River; Lead", "approves a plan", "approves a plan: Example River, lead"),
        ("Medical Devices; Lead Testers", "classifies lead testers in the homes of children and in schools",
         "classifies lead testers in the homes of children and in schools"),
        ("Example Plant, Unit 2; Final Statement", "issues a final statement",
         "issues a final statement: example plant, unit 2"),
        ("Certain Lamps; Notice of Decision Not To Review", "has determined not to review",
         "has determined not to review: certain lamps"),
        ("Old Rivers", f"amends the long and dry rules of its board of appeals on {'very ' * 40}old rivers",
         "amends the long and dry rules of its board of appeals: Old Rivers"),
        ("Lead in the Example River", f"finds that lead is not {'very ' * 40}bad",
         "publishes a notice on lead in the Example River"),
    ],
)  # fmt: skip
def test_what_a_sentence_lacks_or_loses_is_taken_from_the_title(title, sentence, joined):
    made = headline(document(title=title, summary=f"The Agency {sentence}.", agencies=(EPA,))).text
    assert made == f"EPA {joined}"


@pytest.mark.parametrize(
    ("change", "summary", "sentence"),
    [
        (Change.WITHDRAWAL, "The Agency is withdrawing its notice of 2011.", "EPA withdraws a notice on lead"),
        (Change.EXTENSION, "The Agency asks for comment on lead.", "EPA extends the comment period on lead"),
    ],
)  # fmt: skip
def test_a_change_that_the_sentence_says_needs_no_label(change, summary, sentence):
    assert headline(document(title="Lead", change=change, summary=summary, agencies=(EPA,))).text == sentence


@pytest.mark.parametrize(
    "summary",
    [
        "The banks of 1 May grew (they are wet). The Agency proposes this action due to the end of a lighthouse.",
        "Under the Example Safety Act (ESA), towns act. The ESA sets forth a process for standards.",
        "Towns act. The Agency corrects that citation.",
        "Towns act. The Agency provides corrections to that table.",
        "Towns act. We issue the permit under the Example Act.",
        "Towns act. The Agency is revising its earlier notice with",
        "The Agency grants a license (the field to include 22 towns; 31 Rivers.",
    ],
)
def test_what_says_nothing_alone_leaves_the_title(summary):
    entry = document(title="Example River", type="Notice", action="Notice.", summary=summary, agencies=(EPA,))
    assert headline(entry).text == "EPA publishes a notice on Example River"


def test_where_the_source_gives_no_agency_a_later_sentence_is_in_the_documents_own_voice():
    for voice, text in (
        ("The IFR", "Publishes a notice on Example River"),
        ("This notice", "Removes limits on the river: Example River"),
    ):
        summary = f"Towns act under an interim final rule (IFR). {voice} removes limits on the river."
        entry = document(title="Example River", type="Notice", action="Notice.", summary=summary, agencies=())
        assert headline(entry).text.startswith(text.partition(":")[0])


def test_a_law_is_no_author():
    summary = "The Clean Air Act requires states to plan."
    made = headline(document(title="Air Plan; Ohio", summary=summary, agencies=(), action="Proposed rule."))
    assert made.text == "Proposes a rule on air plan, Ohio"


@pytest.mark.parametrize(
    ("title", "does", "start"),
    [
        (f"Waste System; Disposal of Coal Residuals From Utilities; {'Deadlines of Units and More ' * 4}Rule",
         "proposes to modify compliance deadlines for select provisions",
         "proposes to modify compliance deadlines for select provisions"),
        (f"Certain Video Devices, Including {'Cameras, ' * 20}and Parts Thereof",
         "solicits submissions on public interest issues raised by the recommended relief in this case",
         "solicits submissions on public interest issues raised by the recommended relief in this case"),
        ("Quarterly Report", "informs the public about proposed deals of the quarterly report",
         "announces proposed deals of the quarterly report"),
        ("Skink Plans", f"{PERMITS} the Example Act and the Other Example Act under the plan of {'the ' * 3}old lake",
         "approves permits for the skink plans"),
    ],
)  # fmt: skip
def test_a_sentence_stands_without_its_title_if_it_is_long_enough(title, does, start):
    assert headline(document(title=title, summary=f"The Agency {does}.", agencies=(EPA,))).text.startswith(
        f"EPA {start}"
    )


def test_an_acronym_is_spelled_out_as_the_summary_has_it_whatever_signs_are_in_it():
    summary = "The Agency proposes to close the FQB. The Fish \\quality Board (FQB) is old."
    entry = document(title=TITLE, summary=summary, agencies=(EPA,))
    assert headline(entry).text == "EPA proposes to close the Fish \\quality Board"


def test_an_acronym_of_the_title_is_spelled_out():
    entry = document(
        title="Duckling Revenue Rules (DRRs) for Banks", summary="The Agency renews the DRRs of 2011.", agencies=(EPA,)
    )
    assert headline(entry).text.startswith("EPA renews the Duckling Revenue Rules of 2011")


def test_an_acronym_of_several_is_spelled_out():
    entry = document(title="Harbor Inviting Notes (HIN)", summary="The Agency withdraws 2025 HINs.", agencies=(EPA,))
    assert headline(entry).text.startswith("EPA withdraws 2025 Harbor Inviting Notes")


def test_what_is_done_is_not_cut_from_a_sentence_that_fits():
    summary = f"The Agency removes the procedures for retired people to request {'very ' * 6}new cards."
    entry = document(
        title="Identification Cards for Members of the Uniformed Services", summary=summary, agencies=(EPA,)
    )
    assert headline(entry).text.endswith(" new cards")


def test_how_much_is_done_is_not_cut_for_a_title_of_the_same_words():
    title = f"Fair Market Rents for Housing Choice Vouchers, {'the Moderate Rehabilitation Program, ' * 4}Year 2025"
    entry = document(title=title, summary="The Agency updates Fair Market Rents for several areas.", agencies=(EPA,))
    assert headline(entry).text == "EPA updates Fair Market Rents for several areas"


def test_a_digest_line_does_not_name_its_agency_twice():
    entry = document(title=TITLE, summary="The Agency delays the limits on lead.", agencies=(EPA,))
    assert digest_line([Item(id="1", entry=entry, matches=())]).text == "EPA delays the limits on lead"
    parents = (Agency("Agriculture Department", "agriculture-department"), FWS)
    entry = document(title=TITLE, summary="The Agriculture Department delays limits.", agencies=parents)
    assert digest_line([Item(id="1", entry=entry, matches=())]).text == "Agriculture Department delays limits"
    entry = document(title=TITLE, summary="NMFS delays limits.", agencies=parents[:1])
    assert digest_line([Item(id="1", entry=entry, matches=())]).text == "NOAA delays limits"


@pytest.mark.parametrize(
    "piece", ["The Agency, ", "in accordance with the ", "A of ", "of section 1 of the A ", "(", "“"]
)
def test_an_endless_summary_costs_no_time(piece):
    with processor_limit(1):
        headline(document(title=TITLE, summary=f"The Agency proposes {piece * 20_000}."))
        headline(document(title=TITLE, summary=piece * 20_000))


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        (
            (
                "The Agency proposes to extend the compliance date applicable to certain entities subject to the "
                "regulation of methylene chloride recently promulgated under the Toxic Substances Control Act (TSCA)."
            ),
            (
                "EPA proposes to extend the compliance date applicable to certain entities subject to the regulation "
                "of methylene chloride"
            ),
        ),
        (
            (
                "EPA is establishing significant new use rules for certain chemical substances that were the subject "
                "of premanufacture notices and a notice of commercial activity that the makers of these sent to us."
            ),
            "EPA establishes rules that require notice before new uses of certain chemical substances",
        ),
        (
            (
                "This rule establishes tolerances for residues of sulfuryl in or on crops which are identified and "
                "discussed later in this document."
            ),
            "EPA establishes limits on pesticide residues of sulfuryl in or on crops",
        ),
        (
            "The Agency reopens the comment period, which is scheduled to end on March 10, 2025, for 60 days.",
            "EPA reopens the comment period for 60 days",
        ),
    ],
)
def test_a_sentence_fits_on_a_phone(summary, sentence):
    assert headline(document(title="Residues", summary=summary, agencies=(EPA,))).text.startswith(sentence)


def test_a_sentence_that_cannot_end_early_ends_as_soon_as_it_can():
    long = f"EPA announces the {'very ' * 9}large works in Example Bay, including a pier, over the course of 5 years."
    assert headline(document(title=TITLE, summary=long, agencies=(EPA,))).text.endswith(" works in Example Bay")


def test_a_sentence_that_ends_before_its_subject_takes_the_title():
    summary = (
        "The Agency is extending the period for submitting comments by 60 days to allow stakeholders interested in the "
        "proposed rule on Methylene Chloride additional time to review the proposed rule and collect the data."
    )
    made = headline(document(title="Methylene Chloride", summary=summary, agencies=(EPA,)))
    assert made.text == "EPA extends the period for submitting comments by 60 days: Methylene Chloride"


def test_a_title_that_is_a_heading_of_its_kind_is_no_tail_of_a_sentence_that_says_enough():
    does, kind = (
        "Sea Bird Ltd has applied for a permit to conduct research on humpback whales",
        "Marine Mammals; File No. 1",
    )
    assert (
        headline(document(title=kind, summary=f"{does} in the south.", agencies=(NOAA,))).text == f"{does} in the south"
    )


def test_a_longer_sentence_that_has_no_word_of_its_subject_takes_the_title():
    summary = "FAA announces a petition seeking relief from specified requirements of Federal Aviation Regulations."
    made = headline(document(title="Petitions; Example Air Service of Alaska", summary=summary, agencies=()))
    assert made.text == f"{summary[:-1]}: Example Air Service of Alaska"


def test_a_missing_title_is_no_tail():
    entry = document(title="", summary="The Agency proposes limits on lead.", agencies=(EPA,))
    assert headline(entry).text == "EPA proposes limits on lead: (no title given by the source)"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Amend Its Fee Schedule Regarding Dedicated Cores", "amend its fee schedule regarding dedicated cores"),
        (
            "List Shares of the Fidelity Ethereum Fund To Permit Options",
            "list shares of the Fidelity Ethereum Fund to permit options",
        ),
        ("Veterans' Advisory Committee on Rehabilitation", "Veterans' Advisory Committee on Rehabilitation"),
        (
            "General Services Administration Acquisition Regulation",
            "General Services Administration Acquisition Regulation",
        ),
        ("Monthly Fee for 10 Gb Physical Ports", "monthly fee for 10 Gb physical ports"),
        ("Growth Partners, LLC", "Growth Partners, LLC"),
        ("Austria and France", "Austria and France"),
        ("Wyoming Regulatory Program", "Wyoming Regulatory Program"),
        ("Offshore Alaskan Minerals and Resources", "Offshore Alaskan Minerals and Resources"),
        ("Filing of the Annual Report", "filing of the Annual Report"),
        ("Implementation of the Access to Formula Act", "implementation of the Access to Formula Act"),
    ],
)
def test_a_sentence_writes_a_title_without_capitals_but_for_names(title, sentence):
    assert small(title) == sentence


def test_a_name_that_the_summary_has_in_a_sentence_keeps_its_capitals():
    summary = "The agency asks what to say in the Trafficking in Persons Report, and about “Sharing of Data” by states."
    title = "2026 Trafficking in Persons Report and Sharing of Data"
    assert small(title, summary) == "2026 Trafficking in Persons Report and sharing of data"
    assert small("Training, Lodging, and Meals", "It pays for Training, Lodging, and Meals.") == (
        "Training, Lodging, and Meals"
    )


def test_a_headline_of_more_than_twenty_words_ends_with_a_clause_or_a_phrase():
    text = "EPA removes the rule for the old bridge over the Example River in Green Bay, Ohio, that boats pass, and it"
    assert len(text.split()) > MOST_WORDS
    assert bounded(text) == "EPA removes the rule for the old bridge over the Example River in Green Bay, Ohio"


def test_a_headline_is_not_cut_within_the_name_of_an_act():
    text = "USDA corrects a rule on how families of all of the states buy food under the Access to Formula Act of 2022"
    assert (
        bounded(f"{text} and related provisions")
        == "USDA corrects a rule on how families of all of the states buy food"
    )
    shorter = text.replace(" of all of the states", "")
    assert bounded(f"{shorter} in all states and related provisions") == f"{shorter} in all states"


def test_an_acronym_that_few_know_is_the_agencys_name_if_there_is_room():
    mines = Agency("Mine Safety and Health Administration", "mine-safety-and-health-administration")
    entry = document(title="Mines", summary="MSHA proposes limits on dust in mines.", agencies=(mines,))
    assert headline(entry).text == "Mine Safety and Health Administration proposes limits on dust in mines"
