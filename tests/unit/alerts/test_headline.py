"""Headlines: ours where a rule can make one, else the source's own title."""

from __future__ import annotations

import pytest

from bot.alerts.bill_milestones import bill_headline, usual_next_step
from bot.alerts.cards import Item, digest_line
from bot.alerts.headline import MAX_LENGTH, headline
from bot.shared.entry import Agency, Change, Kind, Stage
from bot.watch.model import Level, Match, Reason
from tests.kit.alerts import action, document, news
from tests.kit.effort import processor_limit

EXCHANGE = "Self-Regulatory Organizations; An Exchange; Notice of Filing "
FORM = "Agency Information Collection Activities; Proposed eCollection eComments Requested; "


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (
            "Notice of Finding That Certain Seafood Harvested With the Use of Forced Labor Is Being Imported",
            "Finding: Certain Seafood Harvested With the Use of Forced Labor Is Being Imported",
        ),
        (
            "Notice on the Addition of Entities to the Example Act Entity List",
            "CBP updates the Example Act Entity List",
        ),
        (
            "Notice on the Removal of a Company From the Example List",
            "CBP publishes a notice of removal of a company from the Example List",
        ),
        ("Notice Regarding the Example Act Entity List", "CBP publishes a notice on the Example Act Entity List"),
        ("Solicitation of Membership for the Bridge Committee", "CBP seeks members for the Bridge Committee"),
        ("Solicitation for Annual Bridge Award", "CBP calls for submissions for annual bridge award"),
        (
            "Notice of Initial Determination To Remove Bricks From the List Pursuant to Executive Order 13126",
            "CBP proposes to remove bricks from the list",
        ),
        (
            "Notice of Supplemental Funding; Rural Clinics",
            "CBP publishes a notice of supplemental funding, Rural Clinics",
        ),
        ("Approval of Subzone Status; Soy, Inc.", "CBP approves Subzone Status for Soy, Inc."),
        ("Notice of Lodging of Consent Decree", "CBP files in court consent decree"),
        ("National Bridge Week, 2025", "President proclaims National Bridge Week, 2025"),
        ("Notice of Availability and Request for Comment: Crib Standard", "CBP asks for comment on Crib Standard"),
        ("Combined Notice of Filings #1", "CBP lists filings of energy companies"),
        (
            (
                "Example Hydro LLC; Notice of Preliminary Permit Application Accepted for Filing and Soliciting "
                "Comments, Motions To Intervene, and Competing Applications"
            ),
            "CBP asks for comment on an application for a preliminary permit of Example Hydro LLC",
        ),
        (
            (
                "Blue County; Notice of Application for a Surrender of Exemption Accepted for Filing, Soliciting "
                "Comments, Motions To Intervene, and Protests"
            ),
            "CBP asks for comment on an application of Blue County for Surrender of exemption",
        ),
        (
            (
                "Town of Wells; Notice of Application Accepted for Filing, Soliciting Motions To Intervene and "
                "Protests, Ready for Environmental Analysis, and Soliciting Comments"
            ),
            "CBP asks for comment on an application of Town of Wells",
        ),
        (
            "Town of Wells; Notice of Application Accepted for Filing and Soliciting Motions To Intervene and Protests",
            "CBP has received an application of Town of Wells",
        ),
        (
            "Notice of Application and Establishing Intervention Deadline; Example Pipeline Company",
            "CBP has received an application of Example Pipeline Company",
        ),
        (
            "Example Gas, LLC; Notice of Request Under Blanket Authorization and Establishing Intervention Deadline",
            "CBP has received a request of Example Gas, LLC to build under its general permission",
        ),
        ("City of Azusa, California; Notice of Filing", "CBP has received a filing of City of Azusa, California"),
        ("Town of Wells; Notice Soliciting Scoping Comments", "CBP asks for comment on Town of Wells"),
        ("HEARTH Act Approval of the Example Tribe's Ordinance", "CBP approves Example Tribe's Ordinance"),
        (
            "In the Matter of Jo Doe, 9 Garden St.; Order Denying Export Privileges",
            "CBP denies Jo Doe export privileges",
        ),
        (
            "In the Matter of: Jo Doe, Jr., Inmate Number: 1, Example Prison; Order Denying Export Privileges",
            "CBP denies Jo Doe, Jr. export privileges",
        ),
        (
            "In the Matter of: Acme Trading, Inc., 9 Garden St.; Order Denying Export Privileges",
            "CBP denies Acme Trading, Inc. export privileges",
        ),
        (
            "In the Matter of: Jo Doe, Incheon, Korea; Order Denying Export Privileges",
            "CBP denies Jo Doe export privileges",
        ),
        ("Changes in Flood Hazard Determinations", "CBP changes flood maps"),
        (
            "Notice of Lodging of Proposed Consent Decree Amendment Under the Clean Water Act",
            "CBP files a proposed settlement in court under the Clean Water Act",
        ),
        (
            "Water Program Revision for Ohio; Notice of Approval and Opportunity for Public Comment and Public Hearing",
            "CBP tentatively approves water program revision for Ohio",
        ),
        (
            "Application Deadline for Fiscal Year 2025; Small, Rural School Program",
            "CBP sets the deadline to apply in fiscal year 2025 for small, rural school program",
        ),
        (
            (
                "Example Gas, LLC; Notice of Scoping Period Requesting Comments on Environmental Issues for the "
                "Proposed Harmon Creek Project"
            ),
            "CBP asks for comment on the environmental effects of the Harmon Creek Project",
        ),
        (
            "National Institute on Aging; Amended Notice of Meeting",
            "CBP changes a meeting of the National Institute on Aging",
        ),
        (
            "Permits; Order on Petition for Objection to a State Permit for Example Mine",
            "CBP decides on a petition for objection to a state permit for Example Mine",
        ),
        ("Example Cars, Inc., Receipt of Petition for a Decision", "CBP has received a petition of Example Cars, Inc."),
        ("Accreditation and Approval of Example, Inc., as a Laboratory", "CBP approves Example, Inc., as a laboratory"),
        ("Jo Sample, M.D.; Decision and Order", "CBP decides the case of Jo Sample, M.D."),
        (
            "Foreign-Trade Zone (FTZ) 29, Notification of Proposed Production Activity; Example Inc.; (Cameras)",
            "CBP has received notice of planned production by Example Inc.",
        ),
        (
            "Foreign-Trade Zone 24; Application for Subzone; Example, Inc.; Waymart, Pennsylvania",
            "CBP has received an application for Subzone of Example, Inc.; Waymart, Pennsylvania",
        ),
        (
            "Notice Pursuant to the National Cooperative Research and Production Act of 1993-Bridge Lab",
            "CBP has received a filing of the joint research venture Bridge Lab",
        ),
        (
            "Formations of, Acquisitions by, and Mergers of Bank Holding Companies",
            "CBP asks for comment on applications to form, buy or merge holding companies of banks",
        ),
        (
            "Change in Bank Control Notices; Acquisitions of Shares of a Bank or Bank Holding Company",
            "CBP asks for comment on plans to buy shares of banks or their holding companies",
        ),
        (
            EXCHANGE + "and Immediate Effectiveness of Proposed Rule Change Relating to Fees",
            "An Exchange changes its rules about fees",
        ),
        (
            EXCHANGE + "and Immediate Effectiveness of Proposed Rule Change Relating to Amend Fees",
            "An Exchange amends fees",
        ),
        ("Request for Information for the 2027 Report", "CBP asks for information on 2027 report"),
        ("Request for Information: Labor in Supply Chains", "CBP asks for information on Labor in supply chains"),
        ("Request for Public Comment; National Framework", "CBP asks for comment on national framework"),
        ("Example Council; Cancellation of Meeting", "CBP cancels a meeting of the Example Council"),
        ("Meeting of the Example Council", "CBP will hold a meeting of the Example Council"),
        ("Notice With Request for Comment: Adding a Test", "CBP asks for comment on adding a test"),
        (
            "Agency Information Collection Activities: Extension; the Shelter Report",
            "CBP asks for comment on renewing paperwork: The Shelter Report",
        ),
        (
            "Takes of Marine Mammals; Taking Marine Mammals Incidental to Pier Repairs",
            "Harming or disturbing Marine Mammals during Pier Repairs",
        ),
        (
            "Product-Specific Guidance on Iron Sucrose; Draft Guidance for Industry",
            "Product-Specific Guidance on Iron Sucrose; Draft Guidance for Industry",
        ),
        ("Notice of Public Meetings for the Draft Plan", "CBP will hold a meeting on draft plan"),
        ("Comment Request; Payment Enrollment", "CBP asks for comment on payment enrollment"),
        (
            "Information Collection Request Title: Loan Repayment Program, OMB No. 0906-0058-Revision",
            "CBP asks for comment on revising paperwork: Loan Repayment Program",
        ),
        ("Notice Seeking Public Comments on Methods To Prevent It", "CBP asks for comment on methods to prevent it"),
        (
            "Notice of Meeting; National Advisory Committee",
            "CBP will hold a meeting of the National Advisory Committee",
        ),
        (
            "Agency Information Collection Activities; Extension, Without Change, of a Currently Approved Form: T",
            "CBP asks for comment on renewing paperwork without changes: T",
        ),
        (
            FORM.replace("eCollection", "eCollection;") + "New Collection: Survey",
            "CBP asks for comment on new paperwork: Survey",
        ),
        (
            FORM + "Revision of a Currently Approved Collection; Report",
            "CBP asks for comment on revising paperwork: Report",
        ),
        (
            FORM + "Extension Without Change, of a Previously Approved Collection",
            "CBP asks for comment on renewing paperwork without changes that its notice names",
        ),
        ("Safety Zone; Example River, Mile 12", "Safety Zone; Example River, Mile 12"),
        (
            "Notice of Finding That Certain Gloves Are Being, or Are Likely To Be, Imported Into the United States",
            "Finding: Certain Gloves",
        ),
        ("Certain Gloves; Notice of Institution of an Inquiry", "CBP starts an inquiry for certain gloves"),
        ("Notice of Intent To Prepare a Plan", "CBP plans to prepare a plan"),
        (
            "Example Dam, Inc.; Notice of Intent To File an Application",
            "CBP publishes a notice of intent to file an application: Example Dam, Inc.",
        ),
        ("Applications for New Awards; Data Collection", "CBP invites applications for data collection"),
        ("Notice of Request for Public Comments on Wind Turbines", "CBP asks for comment on wind turbines"),
        (
            "Solicitation of Nominations for the Example Board",
            "Solicitation of Nominations for the Example Board",
        ),
        ("Notice of Availability of the Draft Plan", "CBP publishes draft plan"),
        ("Notice of Public Meetings and Request for Comment on Schools", "CBP will hold a meeting on schools"),
        (
            "Agency Information Collection Activity Under OMB Review: Survey",
            "CBP seeks final approval of paperwork: Survey",
        ),
        ("Notice of Availability (NOA) for the Draft Plan", "CBP publishes draft plan"),
        ("Taking and Importing Sea Cows Incidental to a Dock", "Harming or disturbing Sea Cows during a dock"),
        ("Incidental Take of Otters During Construction", "Harming or disturbing Otters during construction"),
        (
            EXCHANGE + "of a Proposed Rule Change To Raise Fees",
            "An Exchange proposes to change its rules to raise fees",
        ),
        (
            EXCHANGE + "and Immediate Effectiveness of a Proposed Rule Change To Raise Fees",
            "An Exchange changes its rules to raise fees",
        ),
        (
            EXCHANGE
            + "of Amendment No. 2 and Order Granting Accelerated Approval of a Proposed Rule Change To Raise Fees",
            "CBP lets An Exchange raise fees",
        ),
        (
            "Example Advisory Committee; Notice of Closed Meetings",
            "CBP will hold a closed meeting of the Example Advisory Committee",
        ),
        ("Draft Guidance on Forms; Availability", "Draft Guidance on Forms; Availability"),
        ("Subject: Victims of Crime Act Grant Program", "Victims of Crime Act Grant Program"),
        ("Free Aid Form (FAF®) Data", "Free Aid Form (FAF) Data"),
        ("Final Flood Determinations", "CBP makes final flood determinations"),
        ("Presidential Determination on Efforts of Others", "President makes a determination on efforts of others"),
        (
            EXCHANGE.replace("Filing ", "Withdrawal of a Proposed Rule Change To Raise Fees"),
            "An Exchange withdraws a rule change to raise fees",
        ),
        (FORM + "Comment Request Loan Servicing", "CBP asks for comment on paperwork: Loan Servicing"),
        (
            FORM.replace("; ", ", ")[:-2] + " Extension Without Change, of a Previously Approved Collection, Aid Form",
            "CBP asks for comment on renewing paperwork without changes: Aid Form",
        ),
        (
            "Agency Information Collection Activities; Comment Request; Renewal Without Change of Reports by Casinos",
            "CBP asks for comment on renewing paperwork without changes: Reports by Casinos",
        ),
        (
            FORM + "AID (Ask, Help) to Shelters (AID) Data",
            "CBP asks for comment on paperwork: AID (Ask, Help) to Shelters Data",
        ),
        (
            FORM + "Shelter Report (Annual; Extension). ",
            "CBP asks for comment on renewing paperwork: Shelter Report",
        ),
        (FORM + "Survey of Shelters (New Collection)", "CBP asks for comment on new paperwork: Survey of Shelters"),
        (
            FORM + "Survey of Shelters, Extension, Without Change",
            "CBP asks for comment on renewing paperwork without changes: Survey of Shelters",
        ),
        (
            FORM + "Harbor and Bridge: Survey of Shelters; New Collection",
            "CBP asks for comment on new paperwork: Harbor and Bridge: Survey of Shelters",
        ),
    ],
)
def test_the_registers_standing_forms_become_plain_words(title, sentence):
    assert headline(document(title=title)).text == sentence


@pytest.mark.parametrize(
    ("title", "action_", "sentence"),
    [
        (
            (
                "Submission for Office of Management and Budget Review; Survey of Shelters "
                "(Office of Management and Budget #: 0970-0001)"
            ),
            "Request for public comments.",
            "CBP seeks final approval of paperwork: Survey of Shelters",
        ),
        (
            "Proposed Collection; Comment Request for Form 1099-X",
            None,
            "CBP asks for comment on paperwork: Form 1099-X",
        ),
        (
            "Application for a Visa",
            "30-Day notice of information collection.",
            "CBP seeks final approval of paperwork: Application for a Visa",
        ),
        (
            "Agency Information Collection Activities; Proposed Collection of Information; Extension; Shelter Report",
            "60-Day notice.",
            "CBP asks for comment on renewing paperwork: Shelter Report",
        ),
    ],
)
def test_a_form_is_named_without_the_words_around_it_and_says_whether_it_is_at_omb(title, action_, sentence):
    assert headline(document(title=title, action=action_)).text == sentence


ICR = "the Department is proposing {} information collection request (ICR)."


@pytest.mark.parametrize(
    ("summary", "does"),
    [
        (ICR.format("a revision of a currently approved"), "asks for comment on revising paperwork: Aid Form"),
        (ICR.format("an extension without change of a currently approved"),
         "asks for comment on renewing paperwork without changes: Aid Form"),
        (ICR.format("a reinstatement without change of a previously approved"),
         "asks for comment on reinstating paperwork without changes: Aid Form"),
        (ICR.format("a reinstatement with changes of a previously approved"),
         "asks for comment on revising paperwork: Aid Form"),
        (ICR.format("a new"), "asks for comment on new paperwork: Aid Form"),
        ("This is a new collection, and an extension of an existing collection.",
         "asks for comment on paperwork: Aid Form"),
        ("The Department asks for a 3-year extension of the form. There are no changes requested to the form.",
         "asks for comment on renewing paperwork without changes: Aid Form"),
        ("The Department asks for a 3-year extension of the form. There are minor changes requested to the form.",
         "asks for comment on revising paperwork: Aid Form"),
        ("The Department asks for an extension of a collection, the pilot study of the revised form 33.",
         "asks for comment on renewing paperwork: Aid Form"),
        ("Agencies publish each proposed extension or reinstatement of an existing collection of information.",
         "asks for comment on paperwork: Aid Form"),
        ("It approves collections, including extensions and reinstatement of some, and an extension of a collection.",
         "asks for comment on renewing paperwork: Aid Form"),
        ("The Department is requesting the budget office to conduct an emergency review of a revision of a collection.",
         "seeks emergency approval to revise paperwork: Aid Form"),
        ("The collection was approved under emergency review in 2020.", "asks for comment on paperwork: Aid Form"),
    ],
)  # fmt: skip
def test_paperwork_says_whether_it_is_new_changed_or_urgent(summary, does):
    title = "Agency Information Collection Activities; Comment Request; Aid Form"
    assert headline(document(title=title, summary=summary)).text == f"CBP {does}"


@pytest.mark.parametrize(
    ("type_", "action_", "does"),
    [
        ("Notice", "Notice; receipt of application for permit.", "is asked to issue a permit to harm or disturb"),
        ("Notice", "Notice; proposed authorization; request for comments on it and possible renewal.",
         "proposes to issue a permit to harm or disturb"),
        ("Notice", "Notice; request for comments on proposed renewal authorization.",
         "proposes to renew a permit to harm or disturb"),
        ("Notice", "Notice; issuance of renewal of authorization.", "renews a permit to harm or disturb"),
        ("Notice", "Notice; issuance of authorizations.", "issues permits to harm or disturb"),
        ("Notice", "Notice of re-issuance of authorization.", "reissues a permit to harm or disturb"),
        ("Notice", "Notice; modification of letter of authorization.", "changes a permit to harm or disturb"),
        ("Proposed Rule", "Proposed rule; request for comments.", "proposes rules that allow harming or disturbing"),
        ("Rule", "Final rule.", "issues rules that allow harming or disturbing"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_permit_to_harm_animals_is_said(type_, action_, does):
    title = "Taking Sea Cows Incidental to Dock Repairs at CBP Bay; Example"
    entry = document(title=title, type=type_, action=action_, summary="It concerns sea cows.")
    assert headline(entry).text == f"CBP {does} sea cows during dock repairs at CBP Bay"


def test_where_the_source_gives_no_agency_the_summary_names_who_acts():
    title = "Submission for Office of Management and Budget Review; Aid Form"
    summary = (
        "The Example Administration for Aid (EAA), Office of Forms (OF) is requesting a 3-year extension of the form."
    )
    made = headline(document(title=title, summary=summary, agencies=()))
    assert made.text == "Example Administration for Aid seeks final approval to renew paperwork: Aid Form"
    anonymous = headline(document(title=title, summary="This notice is requesting an extension.", agencies=()))
    assert anonymous.text.startswith("Seeks final approval ")

    adopted = "In this document, a Report and Order adopted by the Federal Communications Commission sets a fee."
    to_save = "To save money, GSA is issuing this final rule amending the Federal Travel Regulation."
    assert (
        headline(document(title="Fees", type="Rule", summary=adopted, agencies=())).text == "FCC issues a rule on fees"
    )
    assert not headline(document(title="Travel", type="Rule", summary=to_save, agencies=())).text.startswith("To ")


@pytest.mark.parametrize(
    ("title", "change", "sentence"),
    [
        ("Notice of Request for Information for Refined Sugar; Correction", Change.CORRECTION,
         "CBP corrects a notice on request for information for refined sugar"),
        ("Example Board; Notice of Withdrawal of Proposed Rules on Firms", Change.WITHDRAWAL,
         "CBP publishes a notice of withdrawal of proposed rules on firms: Example Board"),
        (f"{EXCHANGE[:-17]}Notice of Withdrawal of a Proposed Rule Change To Waive a Fee", Change.WITHDRAWAL,
         "An Exchange withdraws a rule change to waive a fee"),
        (f"{EXCHANGE[:-17]}Two Exchange; Notice of Withdrawal of Proposed Rule Change To Waive a Fee",
         Change.WITHDRAWAL, "An Exchange (with 1 more) withdraws a rule change to waive a fee"),
        ("eHealth Standards; Correction", Change.CORRECTION, "CBP corrects a notice on eHealth Standards"),
        ("; Correction", Change.CORRECTION, "CBP corrects a notice"),
        ("Raw Honey From Vietnam: Final Results of Antidumping Duty Administrative Review; 2023; Correction",
         Change.CORRECTION, "CBP corrects a notice on raw honey from Vietnam"),
        ("Gloves From India: Preliminary Affirmative Countervailing Duty Determination; Correction",
         Change.CORRECTION, "CBP corrects a notice on gloves from India"),
        ("Medicare Programs; Payment Systems of Hospitals; and Add-On Payments for Drugs; Correcting Amendment",
         Change.CORRECTION, "CBP corrects a notice on payment systems of hospitals"),
        ("Air Plan; Withdrawal of Direct Final Rule", Change.WITHDRAWAL, "CBP withdraws a notice on air plan"),
    ],
)  # fmt: skip
def test_a_change_says_what_was_announced_and_who_withdraws(title, change, sentence):
    assert headline(document(title=title, change=change)).text == sentence


def test_a_change_of_a_proclamation_says_so():
    entry = document(
        title="Steel Day; Correction", type="Presidential Document: Proclamation", change=Change.CORRECTION
    )
    assert headline(entry).text == "CBP corrects a proclamation on Steel Day"


def test_a_title_that_begins_with_a_small_letter_is_no_verb():
    assert headline(document(title="iDirect Fund, et al.")).text == "iDirect Fund, et al."


@pytest.mark.parametrize(
    ("title", "summary", "sentence"),
    [
        (
            "Privacy Act of 1974; System of Records",
            (
                "In accordance with the Privacy Act of 1974, as amended, the Office gives notice of a system titled "
                '"Case Files."'
            ),
            'CBP announces a system, "Case Files"',
        ),
        (
            "Submission for OMB Review; Comment Request",
            "Under the Paperwork Reduction Act of 1995, the Bureau invites comment on a survey. It is voluntary.",
            "CBP seeks final approval of paperwork that its notice names",
        ),
        (
            "Relief Guidelines",
            "The Bureau withdraws a proposed rule which proposed to replace the guidelines on relief for families.",
            "CBP withdraws a proposed rule to replace the guidelines on relief for families",
        ),
        (
            "Amendment of the Statement of Organization, Functions and Delegations",
            "The Office of Forms moves.",
            "CBP amends the statement of organization, functions and delegations",
        ),
        ("Privacy Act of 1974; Matching Program", None, "Privacy Act of 1974; Matching Program"),
        (
            "Notice of Petition for Waiver of Compliance",
            (
                "Under part 211 of title 49, this document provides the public notice that by letter dated May 1, "
                "2025, Union Pacific (UP) petitioned for relief from certain rules on track inspections."
            ),
            "Union Pacific petitioned for relief from certain rules on track inspections",
        ),
        (
            "Marine Mammals; File No. 28727",
            (
                "Notice is hereby given that Jo Doe, Ph.D., Example University, 606 Tower Road, Ithaca, NY 14853 "
                "(Responsible Party: Jo Doe), has applied in due form for a permit to conduct research on whales."
            ),
            ("Jo Doe, Ph.D., Example University has applied for a permit to conduct research on whales"),
        ),
        (
            "Agency Information Collection Activities; Proposed Collection; Comment Request; Extension",
            (
                "The Office seeks comment on its proposal to extend the information collection requirements "
                "contained in the Example Fuels Rule (Rule)."
            ),
            "CBP asks for comment on renewing paperwork: Example Fuels Rule",
        ),
        (
            "Agency Forms Undergoing Paperwork Reduction Act Review",
            None,
            "CBP seeks final approval of paperwork that its notice names",
        ),
        (
            "Intent To Request Extension From OMB of One Current Public Collection of Information: Waiver Program",
            None,
            "CBP asks for comment on paperwork: Waiver Program",
        ),
        (
            "Proposed Information Collection; Comment Request",
            "The Office is forwarding the information collection request summarized below to the budget office.",
            "CBP asks for comment on paperwork that its notice names",
        ),
        (
            "Relief Program 2024; Approval of Information Collection Request",
            "The rule was published on May 29. This document announces approval of the collection.",
            "CBP decides on paperwork: Relief Program 2024",
        ),
        (
            "Agency Information Collection Activities; Notification of Public",
            "The Office gives notice of the discontinuance of a collection of information on plan assets.",
            "CBP decides on paperwork that its notice names",
        ),
        (
            "Information Collection Activities; Comment Request",
            "This pre-clearance program helps. The Bureau is soliciting comments on a new collection, “Wage Records.”",
            "CBP asks for comment on new paperwork: Wage Records",
        ),
        (
            "Intent To Establish a Negotiated Rulemaking Committee",
            "We announce our intention to establish a committee on student loans, authorized under title IV.",
            ("CBP plans to establish a committee on student loans, authorized under title IV"),
        ),
    ],
)
def test_where_the_title_names_nothing_the_summary_does(title, summary, sentence):
    assert headline(document(title=title, summary=summary)).text == sentence


DOES = "To limit lead in pipes, and for other purposes."


@pytest.mark.parametrize(
    ("title", "summary", "sentence"),
    [
        ("H.R. 55 (IH) - Pipe Act of 2027", DOES, "New bill: Pipe Act of 2027 (H.R. 55), to limit lead in pipes"),
        (
            "S. 5 (IS) - Pipe Act",
            f"A bill {DOES[0].lower()}{DOES[1:]}",
            "New bill: Pipe Act (S. 5), to limit lead in pipes",
        ),
        (f"S. 5 (IS) - A bill {DOES.lower()}", DOES, "New bill: To limit lead in pipes (S. 5)"),
        ("S. Res. 5 (IS) - A resolution honoring plumbers.", None, "New resolution: Honoring plumbers (S. Res. 5)"),
        ("H.R. 55 (RH) - Pipe Act", None, "Bill reported by a committee: Pipe Act (H.R. 55)"),
        ("S. Con. Res. 5 (PCS) - Pipes", None, "Resolution on the calendar: Pipes (S. Con. Res. 5)"),
        ("H.R. 55 (EH) - Pipe Act", None, "Bill passed by the House: Pipe Act (H.R. 55)"),
        ("S. 5 (ES) - Pipe Act", None, "Bill passed by the Senate: Pipe Act (S. 5)"),
        ("H.R. 55 (RFS) - Pipe Act", None, "Bill sent to the Senate: Pipe Act (H.R. 55)"),
        ("S. 5 (RDH) - Pipe Act", None, "Bill sent to the House: Pipe Act (S. 5)"),
        ("H.R. 55 (ENR) - Pipe Act", None, "Bill passed by both chambers: Pipe Act (H.R. 55)"),
        ("H.R. 55 (RTH) - Pipe Act", None, "Text of a bill: Pipe Act (H.R. 55)"),
        ("H.R. 55 - Pipe Act", DOES, "H.R. 55 - Pipe Act"),
        (
            "H.R. 55 (IH) - Pipe Act",
            "To amend the Lead Act and the Water Act to limit lead in pipes, and for other purposes.",
            "New bill: Pipe Act (H.R. 55), to limit lead in pipes",
        ),
        (f"H.R. 55 (IH) - {'Pipe ' * 24}Act", DOES, f"New bill: {'Pipe ' * 24}Act (H.R. 55)"),
    ],
)
def test_a_printed_bill_says_how_far_it_is_and_what_it_is_to_do(title, summary, sentence):
    entry = news("a", title, bill="hr55-119", summary=summary, outlet="GovInfo")
    assert headline(entry).text == sentence
    assert digest_line([Item(id="1", entry=entry, matches=())]).text == f"{'GovInfo: ' * (sentence == title)}{sentence}"


def test_a_digest_line_has_titles_of_the_same_words_once():
    items = [Item(id=str(n), entry=news(str(n), title, outlet="Wire"), matches=())
             for n, title in enumerate(("'Lead' Found in the Old Pipes", "‘Lead’ found in the old pipes"))]  # fmt: skip
    assert digest_line(items).text == "Wire: ‘Lead’ found in the old pipes"


BOARD = "Establishment of an Advisory Board"
TASK = "The Secretary asked for a board to advise the Department and to combat online fraud and theft. It meets in May."


@pytest.mark.parametrize(
    ("title", "summary", "matched", "point"),
    [
        (BOARD, TASK, ("summary", "online fraud"), " (to “combat online fraud and theft”)"),
        (
            BOARD,
            "It meets about the Online Fraud Task Force.",
            ("summary", "Online Fraud"),
            " (about the “Online Fraud Task Force”)",
        ),
        (BOARD, TASK, ("title", "Advisory Board"), ""),
        ("Board on Online Fraud", TASK, ("summary", "online fraud"), ""),
        (BOARD, "It meets under the Online Fraud Act.", ("summary", "Online Fraud"), ""),
        (BOARD, "Online fraud of the elderly by phone has grown.", ("summary", "Online fraud"), ""),
        (BOARD, f"It meets on online fraud and {'very ' * 30}more.", ("summary", "online fraud"), ""),
        (BOARD, TASK, ("summary", ""), ""),  # of a withheld entry
        (BOARD, None, ("summary", "online fraud"), ""),
    ],
)
def test_a_headline_without_what_matched_quotes_it_from_the_summary(title, summary, matched, point):
    entry = document(title=title, summary=summary)
    match = Match("w", "w", (), Level.DIGEST, (Reason(*matched),))
    assert headline(entry, [match]).text == headline(entry).text + point


@pytest.mark.parametrize(
    ("summary", "end"),
    [
        ("The list is published. This update adds two entities and eight subsidiaries to the Example List.",
         ": adds two entities and eight subsidiaries"),
        ("The rule amends it by adding 70 entities to the List, under three countries.", ": adds 70 entities"),
        ("It adds 37 entities to the List, which brings the total to 144 entities.", ": adds 37 entities"),
        ("It adds two entities and removes one entity.", ""),
        ("This update adds Gloves Corp. It adds one mill to the first list and one port to the Example List.",
         ": adds one mill"),
        ("It adds one mill to the first list. It also adds one port to the second.", ": new entries"),
        ("This update adds more words.", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_a_notice_on_a_list_says_what_was_added(summary, end):
    title, verb = "Notice Regarding the Example Act Entity List", "updates" if end else "publishes a notice on"
    assert headline(document(title=title, summary=summary)).text == f"CBP {verb} the Example Act Entity List{end}"


@pytest.mark.parametrize(
    ("change", "title", "sentence"),
    [
        (Change.CORRECTION, "Gloves; Correction", "CBP corrects a notice on gloves"),
        (Change.WITHDRAWAL, "Gloves; Notice of Withdrawal", "CBP withdraws a notice on gloves"),
        (Change.WITHDRAWAL, "Withdrawal of the Gloves Rule", "CBP withdraws a notice on gloves rule"),
        (Change.CORRECTION, "Correction to Gloves", "CBP corrects a notice on gloves"),
        (Change.EXTENSION, "Gloves; Extension of Comment Period", "CBP extends the comment period on gloves"),
        (Change.EXTENSION, "Gloves; Extension of Comment Period (2d)", "CBP extends the comment period on gloves"),
        (Change.RESCHEDULING, "Gloves; Shortening of the Comment Period", "CBP changes the comment period on gloves"),
        (
            Change.RESCHEDULING,
            "Gloves; Withdrawal of Extension of Comment Period",
            "CBP changes the comment period on gloves",
        ),
        (Change.REOPENING, "Gloves; Re-Opening the Public Comment Period", "CBP reopens the comment period on gloves"),
        (Change.EXTENSION, "Gloves; Extension of Time for Comments:", "CBP extends the comment period on gloves"),
        (Change.CORRECTION, "Correction of the Record", "CBP corrects a notice on correction of the record"),
        (
            Change.CORRECTION,
            "Notice of Finding That Certain Gloves Are Being, or Are Likely To Be, Imported; Correction",
            "CBP corrects a notice on finding that certain gloves are being, or are likely to be, imported",
        ),
        (
            Change.EXTENSION,
            "Agency Information Collection Activities: New Collection; Example Form; Extension of Comment Period",
            "CBP extends the comment period on example form",
        ),
        (
            Change.WITHDRAWAL,
            "Gloves (FAR Case 2005-012); Withdrawal",
            "CBP withdraws a notice on gloves in federal contracts",
        ),
    ],
)
def test_the_end_of_a_title_does_not_say_again_what_the_label_says(change, title, sentence):
    assert headline(document(title=title, change=change)).text == sentence


@pytest.mark.parametrize(
    ("type_", "action_", "sentence"),
    [
        ("Proposed Rule", None, "CBP proposes a rule on forms"),
        ("Rule", "Interim final rule.", "CBP issues an interim final rule on forms"),
        ("Rule", "Final rule; correction.", "CBP issues a final rule on forms"),
        ("Rule", None, "CBP issues a rule on forms"),
        ("Notice", "Request for information.", "CBP asks for information on forms"),
        ("Presidential Document: Executive Order", None, "President signs an executive order on forms"),
        ("Presidential Document", None, "President signs a directive on forms"),
        ("Rule", "Final rule; delay of effective date.", "CBP delays a rule on forms"),
        ("Notice", "Notice; extension of compliance dates.", "CBP extends the compliance date of forms"),
        ("Notice", "Notice; issuance of permit amendment.", "CBP publishes a notice on forms"),
        ("Notice", "Notice of federal advisory committee meeting.", "CBP will hold a meeting of the forms"),
        ("Notice", "Notice of cancellation of public meeting.", "CBP cancels a meeting of the forms"),
        ("Notice", "Notice of intent to cancel registrations.", "CBP publishes a notice on forms"),
        (
            "Notice",
            "Notice; receipt of requests to voluntarily cancel registrations.",
            "CBP publishes a notice on forms",
        ),
        ("Notice", "Notice of proposed cancellation; request for comments.", "CBP asks for comment on forms"),
        ("Notice", "Notice of petition to postpone the effective date.", "CBP publishes a notice on forms"),
        ("Notice", "Notice and request for comments.", "CBP asks for comment on forms"),
        ("Notice", "Notice; issuance of permits, and of others.", "CBP issues permits for forms"),
        ("Notice", "Notice of issuance of a letter of authorization.", "CBP issues a permit for forms"),
        ("Notice", "Notice; issuance of an incidental harassment authorization.", "CBP issues a permit for forms"),
        ("Notice", "Notice; issuance.", "CBP publishes a notice on forms"),
        ("Notice", "Notice of issuance of forms.", "CBP publishes a notice on forms"),
        ("Notice", "Meeting notice.", "CBP will hold a meeting of the forms"),
        (
            "Notice",
            "Notice. Notice of application for an order under section 6(c).",
            "CBP has received an application of Forms",
        ),
        ("Notice", "Notice of inquiry.", "CBP asks for views on forms"),
        ("Notice", "Grant of petition.", "CBP grants a petition on forms"),
        ("Notice", "Notice of a modified system of records.", "CBP changes a set of records on people: Forms"),
        ("Notice", "Rescindment of a system of records notice.", "CBP ends a set of records on people: Forms"),
        (None, None, "Forms"),
    ],
)
def test_the_stage_of_a_rule_precedes_its_title(type_, action_, sentence):
    assert headline(document(title="Forms", type=type_, action=action_)).text == sentence


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (
            "Defense Federal Acquisition Regulation Supplement: Forced Labor (DFARS Case 2004-D017)",
            "CBP proposes a rule on Forced Labor in federal contracts",
        ),
        ("FAR Case 2005-012, Forced Labor", "CBP proposes a rule on Forced Labor in federal contracts"),
        ("Federal Acquisition Regulation: FAR Case 2005-012, Forced Labor",
         "CBP proposes a rule on Forced Labor in federal contracts"),
    ],
)  # fmt: skip
def test_a_rule_on_contracts_has_no_case_number_and_no_name_of_its_book(title, sentence):
    assert headline(document(title=title, type="Proposed Rule")).text == sentence


def test_agencies_that_publish_together_are_all_named():
    defense, gsa = Agency("Defense Department", "defense-department"), "general-services-administration"
    others = (Agency("General Services Administration", gsa), Agency("Example Space Office", "example-space-office"))
    title = "Federal Acquisition Regulation: FAR Case 2005-012, Forced Labor"

    def said(*agencies: Agency) -> str:
        return headline(document(title=title, type="Proposed Rule", agencies=agencies)).text

    assert said(defense, *others) == (
        "Defense Department, with GSA and Example Space Office, proposes a rule on Forced Labor in federal contracts"
    )
    assert said(defense, Agency("Contracts Office", "contracts-office", "defense-department")) == (
        "Contracts Office proposes a rule on Forced Labor in federal contracts"
    )


def test_what_is_withdrawn_is_the_rule_and_not_the_program_that_it_is_about():
    withdrawn = {"change": Change.WITHDRAWAL, "type": "Proposed Rule", "action": "Withdrawal of proposed rule."}
    made = headline(document(title="Shelter Grant Program", **withdrawn))
    assert made.text == "CBP withdraws a proposed rule on Shelter Grant Program"


PIER = "Marine Mammals {} the Pier Extension Project at the Naval Submarine Base in New London"
BRICKS = "Final Determination To Add Bricks to the List of Products Requiring Certification as to Forced Child Labor"
PIPELINES = "Example Pipeline, L.P.; Example Crossing, L.P.; Creole Pipeline, L.P."
AMENDMENT = "Application for an Amendment and Establishing an Intervention Deadline"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (
            f"Takes of Marine Mammals Incidental to Specified Activities; Taking {PIER.format('Incidental to')}",
            f"Harming or disturbing {PIER.format('during')}",
        ),
        (
            f"Fisheries of the Zone; {BRICKS} and in Seas of Greenland",
            "CBP publishes a notice on final determination to add bricks",
        ),
        (
            f"Notice of {BRICKS} Pursuant to Executive Order 13126 of June 12, 1999, and of {'later ' * 9}years",
            "CBP decides to add bricks to the list of products requiring certification as to Forced Child Labor",
        ),
        (
            f"{PIPELINES}; Notice of {AMENDMENT}",
            f"CBP has received an application of {PIPELINES.replace('; ', ', ')} for amendment",
        ),
    ],
)
def test_a_long_title_loses_its_series_and_its_tail_before_it_is_cut(title, sentence):
    made = headline(document(title=title))
    assert made.text == sentence
    assert made.rest == ("" if sentence.rpartition(": ")[2] in title else title)


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (
            "The meeting will be held Monday, June 2, 2025, through June 11, 2025.",
            "CBP will hold a meeting of the Council on June 2 and June 11, 2025",
        ),
        ("The Council meets June 2-3, 2025.", "CBP will hold a meeting of the Council on June 2-3, 2025"),
        (
            "Monday, June 2 and Tuesday, June 3, 2025.",
            "CBP will hold a meeting of the Council on June 2 and June 3, 2025",
        ),
        (
            "June 2, 2025, and on June 3 in Ohio, and June 3 and 4, 2025.",
            "CBP will hold a meeting of the Council on June 2 and June 3 and 4, 2025",
        ),
        ("Comments are due June 2, 2025.", "CBP will hold a meeting of the Council"),
        (
            "June 2, 2025. Agenda: To review grant applications.",
            "CBP will hold a meeting of the Council on June 2, 2025 to review grant applications",
        ),
        ("The meeting will be held later.", "CBP will hold a meeting of the Council"),
        (None, "CBP will hold a meeting of the Council"),
    ],
)
def test_a_meeting_has_the_day_that_the_document_gives(dates, sentence):
    assert headline(document(title="Notice of Meeting; Council", dates_text=dates)).text == sentence


def test_grants_are_said_to_be_so():
    assert headline(document(title="Applications for New Awards; Parent Training")).text == (
        "CBP invites applications for parent training"
    )


def test_a_canceled_meeting_is_not_announced_as_a_meeting():
    canceled = document(title="Example Council; Public Meeting", action="Notice of cancellation of public meeting.")
    assert headline(canceled).text == "CBP cancels a meeting of the Example Council"


@pytest.mark.parametrize(
    ("action", "does"),
    [
        ("Final special conditions; request for comments.", "sets"),
        ("Notice of proposed special conditions.", "proposes"),
    ],
)
def test_special_conditions_are_for_a_new_design(action, does):
    entry = document(title="Special Conditions: Example Model 1 Airplane; Battery Fires", action=action)
    assert headline(entry).text == f"CBP {does} safety conditions for example model 1 airplane, battery fires"


def test_a_meeting_that_its_title_cancels_is_not_announced():
    entry = document(title="Example Committee; Notice of Meeting; Cancellation", action="Notice of meeting.")
    assert headline(entry).text == "CBP cancels a meeting of the Example Committee"


def test_a_name_in_a_summary_goes_on_after_u_s():
    summary = "We ask for comment on a project titled Maternity Care—U.S. Hospitals. It is new."
    entry = document(title="Proposed Data Collection Submitted for Public Comment", summary=summary)
    assert headline(entry).text == "CBP asks for comment on paperwork: Maternity Care—U.S. Hospitals"


@pytest.mark.parametrize(("petition", "asks"), [("Petition", "A petition asks"), ("Petitions", "Petitions ask")])
def test_a_petition_is_no_rule_that_is_proposed(petition, asks):
    title = f"{petition} for Reconsideration of Action in Rulemaking Proceeding"
    entry = document(title=title, type="Proposed Rule", action="Petition for Reconsideration.")
    assert headline(entry).text == f"{asks} to reconsider a rule"


def test_a_summary_that_asks_for_information_gives_the_label():
    invites = document(title="Efforts by Foreign Countries", summary="This notice is a request for information.")
    assert headline(invites).text == "CBP asks for information on efforts by foreign countries"


def test_a_long_title_is_cut_at_a_word_and_loses_nothing():
    title = " ".join(f"{first}{second}words" for first in "abcdefgh" for second in "abcdefgh")
    top = headline(document(title=title))
    assert len(top.text) <= MAX_LENGTH
    assert title.startswith(top.text.removeprefix("CBP publishes a notice on ").removesuffix("…"))
    assert top.rest == title


def test_a_missing_title_is_reported_as_missing():
    assert headline(document(title="")).text == "(no title given by the source)"


@pytest.mark.parametrize("title", ["Docket No. 2020-123", "FAR Case 2005-012", "®", " "])
def test_a_title_of_a_number_alone_stays_and_its_digest_line_can_be_written(title):
    entry = document(title=title)
    assert headline(entry).text == (title.strip() or "(no title given by the source)")
    assert digest_line([Item(id="1", entry=entry, matches=())]).text.endswith(headline(entry).text)


def test_a_withdrawn_filing_is_withdrawn_first_of_all():
    assert (
        headline(document(title="Forms", stage=Stage.FILED, change=Change.WITHDRAWAL)).text
        == "CBP withdraws a notice on forms"
    )


def test_a_change_is_said_of_a_title_of_any_length():
    assert headline(document(title="Forms " * 200, change=Change.WITHDRAWAL)).text.startswith(
        "CBP withdraws a notice on forms"
    )


def test_news_keeps_its_own_headline():
    assert headline(news("a", "Request for Information: a song")).text == "Request for Information: a song"


@pytest.mark.parametrize(
    "piece", ["notice of addition of a to ", "agency information collection; comment request ", "a"]
)
def test_an_endless_title_costs_no_time(piece):
    with processor_limit(1):
        for kind in Kind:
            headline(document(title=piece * 20_000, kind=kind))


@pytest.mark.parametrize(
    ("step", "text", "sentence"),
    [
        ("Introduced", "Introduced in House", "Introduced: Trafficking Survivors Relief Act (H.R. 4323, 119th)"),
        ("Became law", "Became Private Law No: 119-2.",
         "Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Private Law 119-2"),
        ("Became law", "Became law.", "Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th)"),
        ("Failed in House", "On passage, the objections of the President Failed by the Yeas and Nays: 248 - 177",
         "The veto stands, 248 to 177: Trafficking Survivors Relief Act (H.R. 4323, 119th)"),
        ("Ordered reported", "Ordered to be Reported Unfavorably by the Yeas and Nays: 23 - 23.",
         "Reported unfavorably by committee: Trafficking Survivors Relief Act (H.R. 4323, 119th)"),
        ("Reported", "Reported adversely by the Committee on Homeland Security. H. Rept. 119-11.",
         "Reported unfavorably by committee: Trafficking Survivors Relief Act (H.R. 4323, 119th)"),
        ("Tabled", "Motion to table the veto message to accompany H.R. 4323 agreed to in Senate by Voice Vote.",
         "The veto stands: Trafficking Survivors Relief Act (H.R. 4323, 119th)"),
        ("Action", "Motion to reconsider.",
         "Trafficking Survivors Relief Act (H.R. 4323, 119th): Motion to reconsider."),
    ],
)  # fmt: skip
def test_a_bill_headline_has_its_step_name_and_number(step, text, sentence):
    assert bill_headline([action(text, step)]) == sentence


def test_a_bill_without_a_title_is_named_by_its_number():
    assert (
        bill_headline([action("Passed House.", "Passed House", bill_title=None)])
        == "Passed the House: H.R. 4323, 119th"
    )


def test_steps_say_what_usually_comes_next():
    assert "Senate" in usual_next_step(action("Passed House.", "Passed House"))
    assert usual_next_step(action("Debate", "Action")) == ""


@pytest.mark.parametrize("bill", ["hres5-119", "sres5-119", "hconres5-119", "sconres5-119"])
@pytest.mark.parametrize("step", ["Passed House", "Passed Senate", "Chambers agreed", "Conference report agreed"])
def test_the_president_does_not_come_next_for_a_resolution_that_never_becomes_law(bill, step):
    assert usual_next_step(action("Agreed to.", step, bill=bill)) == ""
    assert "President" in usual_next_step(action("Agreed to.", step, bill="hjres5-119"))


def test_the_end_of_a_twin_of_a_law_names_the_law():
    ended = action("Ended with the 119th Congress. H.R. 4323, with the same text, is Public Law 119-73.", "Died")

    assert bill_headline([ended]).startswith("Ended with its Congress: ")
    assert bill_headline([ended]).endswith(". H.R. 4323, with the same text, is Public Law 119-73")
    assert usual_next_step(ended) == ""


def test_what_a_hostile_action_line_says_after_a_thousand_signs_is_not_read():
    entry = document("2026-00001", "Board of Visitors", action="Notice " * 150 + "cancel")
    assert headline(entry).text == "CBP publishes a notice on Board of Visitors"


def test_a_project_that_modifies_a_terminal_changes_no_permit():
    entry = document(
        title="Takes of Marine Mammals Incidental to Specified Activities; Taking Marine Mammals Incidental to the "
        "Example Terminal Modification Project in Angoon, Alaska",
        summary="NMFS has received a request from Alaska for authorization to take marine mammals incidental to the "
        "work at the pier, the dock, the ramp and the ferry building of the Example Terminal Modification Project.",
        action="Notice; proposed incidental harassment authorization; request for comments.",
    )
    sentence = "NOAA proposes to grant Alaska a permit to harm or disturb marine mammals during the work"
    assert headline(entry).text == sentence


def test_the_long_name_of_a_form_ends_before_its_details():
    name = "Applications and Reporting Requirements for Shelters That Take Part in the Census of Homes and Streets"
    made = headline(document(title=f"{FORM}{name} To Count People on the Street; Extension of a Form"))
    does = "CBP asks for comment on renewing paperwork"
    assert made.text == f"{does}: Applications and Reporting Requirements for Shelters That Take Part"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Environmental Impact Statements; Notice of Availability", "CBP publishes Environmental Impact Statements"),
        ("Notice of Closed Meeting", "CBP will hold a closed meeting"),
        ("Implementation of Duties on Steel", "CBP implements duties on steel"),
        ("Mail; Example Committee; Cancellation of Meeting", "CBP cancels a meeting of the Mail, Example Committee"),
    ],
)
def test_a_noun_of_a_title_becomes_a_verb(title, sentence):
    assert headline(document(title=title)).text == sentence


def test_the_full_title_is_below_a_form_whose_name_is_cut():
    name = "Applications and Reporting Requirements for Shelters That Take Part in the Census of Homes and Streets"
    title = f"{FORM}{name} To Count People on the Street"
    assert headline(document(title=title)).rest == title


def test_a_form_is_named_after_its_number():
    summary = (
        "DOE invites public comments on the extension, with changes, to the Form GC-859 Fuel Data Survey, OMB 1901."
    )
    made = headline(document(title="Agency Information Collection Proposed Extension", summary=summary, agencies=()))
    assert made.text.endswith(": Fuel Data Survey")
