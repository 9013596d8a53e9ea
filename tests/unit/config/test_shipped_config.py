"""The shipped feeds.yml and coalition.yml: they load, agree with each other, and judge things nobody tuned them on.

The tables below are invented: titles such as the Register, Congress and newsrooms write them, and their look-alikes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.load import Config
from bot.media.news.reading import Reading
from bot.shared.bill_record import FLOOR_VOTE, ORDER
from bot.shared.entry import Agency, Change, Entry, Kind, Quote
from bot.shared.plain_text import finder
from bot.watch.engine import Matcher
from bot.watch.model import Level
from tests.kit import configs
from tests.kit.alerts import action

ROOT = Path(__file__).parents[3]
READING = Reading(configs.shipped().coalition)
NOT_WATCHABLE = "the Register cannot show"  # what docs/example.md calls an ask that these sources hardly see
DEPARTMENTS = {
    "u-s-customs-and-border-protection": "homeland-security-department",
    "u-s-citizenship-and-immigration-services": "homeland-security-department",
    "u-s-immigration-and-customs-enforcement": "homeland-security-department",
    "coast-guard": "homeland-security-department",
    "justice-programs-office": "justice-department",
    "federal-bureau-of-investigation": "justice-department",
    "drug-enforcement-administration": "justice-department",
    "children-and-families-administration": "health-and-human-services-department",
    "trade-representative-office-of-united-states": "executive-office-of-the-president",
}
CBP, USCIS = "u-s-customs-and-border-protection", "u-s-citizenship-and-immigration-services"
DHS, DOJ, OJP = "homeland-security-department", "justice-department", "justice-programs-office"
PRESIDENT, HHS = "executive-office-of-the-president", "health-and-human-services-department"
ICE = "u-s-immigration-and-customs-enforcement"
USTR = "trade-representative-office-of-united-states"
FBI = "federal-bureau-of-investigation"
DEA = "drug-enforcement-administration"
STATE = "state-department"
LABOR = "labor-department"
DEFENSE = "defense-department"
EPA = "environmental-protection-agency"
COURTS = "judicial-conference-of-the-united-states"
TRANSPORTATION = "transportation-department"
TREASURY = "treasury-department"
SEC = "securities-and-exchange-commission"


@pytest.fixture(scope="module")
def shipped() -> Config:
    return configs.shipped()


@pytest.fixture(scope="module")
def matcher(shipped: Config) -> Matcher:
    return Matcher(shipped.watches)


def verdict(matcher: Matcher, entry: Entry) -> tuple[str, set[int]]:
    matches = matcher.match(entry)
    levels = {match.level for match in matches}
    level = "alert" if Level.ALERT in levels else "digest" if levels else "none"
    return level, {ask for match in matches for ask in match.asks}


def document(title: str, abstract: str, agency: str | None) -> Entry:
    """As the API gives it: an agency comes with its department; None is a document that names no agency."""
    parent = DEPARTMENTS.get(agency or "")
    named = [Agency(slug.replace("-", " "), slug, up) for slug, up in ((agency, parent), (parent, None)) if slug]
    return Entry(
        source="register",
        kind=Kind.DOCUMENT,
        identity=(f"title:{title}",),
        thread=f"title:{title}",
        title=title,
        summary=abstract or None,
        agencies=tuple(named) or None,
    )


# --- the files ------------------------------------------------------------------------------------------------------


def test_the_shipped_files_say_that_they_are_an_example(shipped):
    assert shipped.feeds.example
    assert shipped.coalition.example


def test_the_example_posts_nowhere_but_to_the_console(shipped):
    assert {channel.to.partition(":")[0] for channel in shipped.feeds.channels.values()} == {"console"}


def test_there_are_nine_asks_and_twelve_members(shipped):
    assert list(shipped.coalition.asks) == list(range(1, 10))
    assert len(shipped.coalition.members) == 12


def test_every_route_and_the_admin_channel_name_a_channel(shipped):
    channels = shipped.feeds.channels.keys()
    assert {route.to for route in shipped.feeds.routes} | {shipped.feeds.admin} <= channels


def test_every_kind_of_entry_reaches_some_channel(shipped):
    routed = {kind for route in shipped.feeds.routes for kind in route.kinds or tuple(Kind)}
    assert routed == set(Kind)


def test_the_page_says_of_every_watch_why_it_is_as_it_is(shipped):
    page = (ROOT / "docs" / "example.md").read_text(encoding="utf-8")
    assert not [id_ for id_ in shipped.feeds.watches if f"| `{id_}` | " not in page]


def test_the_two_files_are_small():
    assert sum((ROOT / name).stat().st_size for name in ("feeds.yml", "coalition.yml")) < 45_000


def test_the_note_of_a_source_that_nobody_saw_working_says_what_is_known_of_it(shipped):
    assert not [id_ for id_, s in shipped.feeds.sources.items() if s.verified == "no" and not s.note]


def test_every_source_that_is_off_says_why(shipped):
    assert not [id_ for id_, source in shipped.feeds.sources.items() if not source.enabled and not source.note]


def test_every_ask_is_watched_or_listed_as_hardly_watchable(shipped):
    watched = {ask for watch in shipped.watches for ask in watch.asks}
    assert watched >= shipped.coalition.asks.keys()
    page = (ROOT / "docs" / "example.md").read_text(encoding="utf-8")
    section = page.partition(NOT_WATCHABLE)[2]
    alerted = {a for w in shipped.watches if w.level is Level.ALERT and Kind.DOCUMENT in w.kinds for a in w.asks}
    for ask in shipped.coalition.asks.keys() - alerted:
        assert re.search(rf"\bAsks? (\d and )?{ask}\b", section)


@pytest.mark.parametrize("step", [step for step in ORDER[: ORDER.index(FLOOR_VOTE)] if step != "Referred"])
def test_every_step_of_our_bills_is_an_alert(matcher, step):
    assert "tsra-milestones" in [match.watch for match in matcher.match(action("On the bill.", step))]


def test_the_followed_bills_are_those_of_the_current_congress(shipped):
    family = shipped.coalition.bills["tsra"]
    assert {bill.id for bill in family.bills if bill.follow} == {"hr4323-119", "s2255-119", "hr1379-119"}
    assert "s3240-119" not in {bill.id for bill in family.bills}


# --- documents ------------------------------------------------------------------------------------------------------

ACTS = [
    (
        "Notice of Finding That Certain Shrimp Produced With Convict, Forced or Indentured Labor Are Imported",
        "",
        CBP,
        {4},
    ),
    ("Revocation of a Finding Concerning Garments Made by Convict, Forced or Indentured Labor", "", CBP, {4}),
    ("Addition of Three Entities to the List Required by Section 2(d)(2)(B) of Public Law 117-78", "", DHS, {4}),
    ("Additions to the UFLPA Entity List", "The Forced Labor Enforcement Task Force adds four entities.", DHS, {4}),
    (
        "Petitions Alleging Prohibited Merchandise",
        "CBP proposes to amend the regulations that implement section 307 of the Tariff Act of 1930, as amended.",
        CBP,
        {4},
    ),
    ("Detention of Merchandise", "This rule shortens the periods that apply under 19 U.S.C. 1307.", CBP, {4}),
    ("Agency Information Collection Activities; New Collection; Forced Labor Allegation Form", "", CBP, {4}),
    (
        "Federal Acquisition Regulation: Combating Trafficking in Persons; Recruitment Fees",
        "DoD, GSA, and NASA are issuing a final rule amending the FAR on recruitment fees.",
        DEFENSE,
        {4},
    ),
    (
        "Charging Policy in Forced Labor Cases",
        "The Department sets out when it will charge under 18 U.S.C. 1593A those who benefit financially.",
        DOJ,
        {4},
    ),
    ("Request for Comments on Trade Measures Against Forced Labor in Fisheries", "", USTR, {4}),
    ("Adjustment of Status of T Nonimmigrants", "USCIS issues an interim final rule.", USCIS, {3}),
    (
        "Requests for Temporary Immigration Relief",
        "ICE sets a time limit for requests for Continued Presence on behalf of victims of human trafficking.",
        ICE,
        {3},
    ),
    ("Request for Information for the 2027 Trafficking in Persons Report", "", STATE, set()),
    (
        "Listening Sessions on Human Trafficking Task Forces",
        "The Office of Justice Programs will hear survivors and service providers.",
        OJP,
        {5, 6, 9},
    ),
    ("Request for Public Comment on a Strategy To Prevent Labor Trafficking", "", HHS, set()),
    (
        "Human Trafficking Victim Services: Proposed Definitions",
        "The Office on Trafficking in Persons seeks public comment on the definitions.",
        HHS,
        set(),
    ),
    ("Motions To Vacate Convictions Under the Trafficking Survivors Relief Act", "", DOJ, {8}),
    ("Forms for Motions in the Federal Courts", "New forms as required by Public Law 119-73.", COURTS, {8}),
    ("Strengthening the Federal Response to Human Trafficking", "", PRESIDENT, set()),
    ("Screening Protocol for Anti-Trafficking Operations", "DHS announces the availability of a protocol.", DHS, set()),
]

ROUTINE = [
    (
        "Agency Information Collection Activities; Extension: Application for T Nonimmigrant Status",
        "",
        USCIS,
        set(),
    ),
    ("Agency Information Collection Activities; Revision: Petition for U Nonimmigrant Status", "", USCIS, set()),
    ("Notice of Information Collection: Forced Labor Questionnaire for Importers; Extension", "", CBP, {4}),
    ("Updated List of Goods Produced by Child Labor or Forced Labor", "", LABOR, {4}),
    (
        "Defense Federal Acquisition Regulation Supplement: Products of Forced Labor From Xinjiang",
        "DoD is amending the DFARS.",
        DEFENSE,
        {4},
    ),
    (
        "Commercial Customs Operations Advisory Committee; Meeting",
        "The agenda includes the work of the Forced Labor Working Group.",
        CBP,
        {4},
    ),
    ("Modernizing H-2 Program Requirements and Worker Protections", "", USCIS, set()),
    ("Notice of Meeting of the United States Advisory Council on Human Trafficking", "", STATE, {9}),
    ("National Human Trafficking Prevention Month, 2027", "", PRESIDENT, set()),
    ("Disqualification of Drivers for Human Trafficking", "FMCSA amends the list of offenses.", TRANSPORTATION, set()),
    ("Submission for OMB Review; Services for Victims of Trafficking Program Data", "", HHS, set()),
    ("Beneficial Ownership", "The rule helps to trace the proceeds of human trafficking.", TREASURY, set()),
    ("Victims of Crime Act Victim Assistance Formula Program; Matching Waivers", "", OJP, {1, 2}),
    ("Agency Information Collection Activities; Extension; OJP Solicitation Template", "", OJP, {1, 2}),
    (
        "Agency Information Collection Activities; Extension; Human Trafficking Task Force Reporting System",
        "",
        OJP,
        {5, 6},
    ),
    ("Agency Information Collection Activities; Blue Campaign Partner Survey", "", DHS, {7}),
    ("Request To Expunge an Arrest Record", "A form for persons whose arrests were expunged.", FBI, {8}),
    ("Accountability in Law Enforcement", "", PRESIDENT, set()),
]

LOOK_ALIKES = [
    (
        "Period of Stay for Academic Student Nonimmigrants",
        "The rule concerns the student nonimmigrant classification.",
        USCIS,
    ),
    ("Schedule of Fees for Consular Services", "The fee for an immigrant visa changes.", STATE),
    ("Asbestos; Restrictions on Use", "The continued presence of asbestos in schools is a concern.", EPA),
    ("Air Plan; Removal of Vacated Provisions", "After the vacatur of the rule EPA removes it.", EPA),
    ("Judicial Review Under Section 307 of the Clean Air Act", "", EPA),
    ("Prevention of Cigarette Trafficking", "The PACT Act requires reports of deliveries.", DOJ),
    ("Schedules of Controlled Substances; Placement of a Fentanyl Analogue", "Drug trafficking is the reason.", DEA),
    (
        "High Intensity Drug Trafficking Areas; Designation",
        "Task forces and outreach against drug trafficking.",
        PRESIDENT,
    ),
    ("Eliminating Wildlife Trafficking", "An interagency report.", "interior-department"),
    (
        "Supplemental Nutrition Assistance Program: Trafficking and Expungement of Benefits",
        "",
        "agriculture-department",
    ),
    ("Proposed Rule Change on the Expungement of Customer Dispute Records by Brokers", "", SEC),
    ("Expungement of Registrations From the Trademark Register", "", "patent-and-trademark-office"),
    ("Taxpayer Advocacy Panel; Meeting", "Advocates discuss outreach.", "internal-revenue-service"),
    ("Columbia Basin Partnership Task Force; Meeting", "The CBP task force meets.", "commerce-department"),
    ("Safety Zone; Ice Boom Operations", "Vessels may be forced to wait; labor is available.", "coast-guard"),
    ("Grant Conditions", "The agency may withhold release of funds until an order is issued.", OJP),
    ("Granting Pardon for Certain Offenses", "", PRESIDENT),
    ("National Crime Victims' Rights Week, 2027", "", PRESIDENT),
    ("September 11th Victim Compensation Fund; Forms", "", DOJ),
    (
        "International Terrorism Victim Expense Reimbursement",
        "The Office for Victims of Crime amends the program.",
        OJP,
    ),
    ("Adverse Effect Wage Rates for H-2A Workers", "The rates protect similarly employed workers.", LABOR),
    ("Conditions in Section 4(a)(3)", "Measures that protect consumers.", "federal-trade-commission"),
    ("Advisory Committee Meeting on Policing and Civil Rights", "", "commission-on-civil-rights"),
    ("Counterfeit Goods Trafficking", "Customs recordation of trademarks.", CBP),
]


@pytest.mark.parametrize(("title", "abstract", "agency", "asks"), ACTS)
def test_an_act_or_an_open_door_is_an_alert(matcher, title, abstract, agency, asks):
    assert verdict(matcher, document(title, abstract, agency)) == ("alert", asks)


def test_a_rule_on_t_visas_is_not_the_departments_listening(matcher):
    title = "Victims of Severe Forms of Trafficking in Persons; Eligibility for “T” Nonimmigrant Status"
    rule = document(title, "DHS proposes to amend its regulations, and requests comments.", USCIS)
    assert verdict(matcher, rule) == ("alert", {3})
    session = document("Listening Session on Trafficking Victims and T Visas", "DHS invites views.", USCIS)
    assert verdict(matcher, session) == ("alert", {3, 9})


@pytest.mark.parametrize(("title", "abstract", "agency", "asks"), ROUTINE)
def test_routine_ceremony_and_other_agencies_work_is_a_digest_line(matcher, title, abstract, agency, asks):
    assert verdict(matcher, document(title, abstract, agency)) == ("digest", asks)


@pytest.mark.parametrize(("title", "abstract", "agency"), LOOK_ALIKES)
def test_a_look_alike_is_not_raised_even_where_the_agency_is_unknown(matcher, title, abstract, agency):
    assert verdict(matcher, document(title, abstract, agency))[0] == "none"
    assert verdict(matcher, document(title, abstract, None))[0] == "none"


@pytest.mark.parametrize(("title", "abstract", "agency", "asks"), ACTS)
def test_a_missing_agency_hides_no_act(matcher, title, abstract, agency, asks):
    assert verdict(matcher, document(title, abstract, None))[0] == "alert"


def test_a_correction_is_a_digest_line_whatever_its_title_repeats(matcher):
    title = "Eligibility for “T” Nonimmigrant Status; Victims of Severe Forms of Trafficking in Persons"
    rule = document(title, "This final rule amends the regulations.", USCIS)
    corrected = document(f"{title}; Correction", "This document corrects an error in the final rule.", USCIS)
    assert verdict(matcher, rule) == ("alert", {3})
    assert verdict(matcher, replace(corrected, change=Change.CORRECTION)) == ("digest", {3})


# Written before they were first judged: what an outside review found missing, too wide, or put on the wrong ask.
MEETINGS_AND_RULES = [
    (
        "Senior Policy Operating Group; Notice of Virtual Listening Session",
        "The interagency group on trafficking in persons invites survivors and service providers.",
        STATE,
        {9},
    ),
    (
        "Public Session of the SPOG Grantmaking Committee",
        "The SPOG coordinates federal work against human trafficking. Register by December 1.",
        STATE,
        {9},
    ),
    ("Conditions of Continued Presence Under 28 CFR Part 1100", "", DHS, {3}),
    ("Request for Comments on Human Trafficking Screening Policies", "", ICE, {9}),
]
LINES = [
    (
        "U.S. Citizenship and Immigration Services Fee Schedule and Changes to Certain Other Requirements",
        "This rule also provides additional fee exemptions for certain humanitarian categories.",
        USCIS,
        {3},
    ),
    (
        "Fee Exemptions for Certain Applicants",
        "USCIS proposes to end the fee exemption of VAWA self-petitioners and applicants for U nonimmigrant status.",
        USCIS,
        {3},
    ),
    (
        "Exchange Visitor Program: Au Pairs",
        "The Department proposes limits on hours and asks for comment.",
        STATE,
        set(),
    ),
    ("Exchange Visitor Program; Au Pair Stipends; Proposed Rule", "", STATE, set()),
    (
        "Authority To Certify Petitions for U and T Visas",
        "The Wage and Hour Division will complete certifications and declarations for workers.",
        LABOR,
        {3},
    ),
    (
        "Guidance on the Use of Race by Federal Law Enforcement Agencies",
        "The Department revises its guidance on racial profiling.",
        DOJ,
        set(),
    ),
    (
        "Agency Information Collection Activities; New Collection: Civil Liberties Complaint Form",
        "The form takes complaints about the conduct of officers.",
        DHS,
        set(),
    ),
    (
        "Procedural Guidelines for the Submission of Information on Forced or Indentured Child Labor",
        "The Department explains how information may be given.",
        LABOR,
        {4},
    ),
    (
        "Improving Protections for Workers in Temporary Agricultural Employment",
        "The rule strengthens worker protections in the H-2A program.",
        LABOR,
        set(),
    ),
]
NOT_OURS = [
    ("Accountability in Law Enforcement by the United States Park Police", "", "interior-department"),
    (
        "Agency Information Collection Activities; Progress Report for Domestic Violence Grantees",
        "Grantees report on training of law enforcement that is victim centered.",
        DOJ,
    ),
    (
        "Agency Information Collection Activities; H-2B Application for Temporary Employment Certification",
        "Employers name the foreign labor recruiters that they use.",
        LABOR,
    ),
    ("Labor Certification of H-2B Employers", "The process protects the rights of workers in the country.", LABOR),
    ("Fee Schedule for Copies of Records", "Students are exempt from the fee.", "national-archives"),
    ("Individual Complaint of Employment Discrimination; Complaint Form", "Civil rights of applicants.", DHS),
    ("Federal Oil and Gas Royalty Complaint Process", "", "interior-department"),
]


@pytest.mark.parametrize(("title", "abstract", "agency", "asks"), MEETINGS_AND_RULES)
def test_a_meeting_or_rule_that_the_review_missed_is_an_alert(matcher, title, abstract, agency, asks):
    assert verdict(matcher, document(title, abstract, agency)) == ("alert", asks)


@pytest.mark.parametrize(("title", "abstract", "agency", "asks"), LINES)
def test_what_touches_survivors_in_passing_is_a_digest_line(matcher, title, abstract, agency, asks):
    assert verdict(matcher, document(title, abstract, agency)) == ("digest", asks)


@pytest.mark.parametrize(("title", "abstract", "agency"), NOT_OURS)
def test_what_only_sounds_like_it_is_not_raised(matcher, title, abstract, agency):
    assert verdict(matcher, document(title, abstract, agency))[0] == "none"


@pytest.mark.parametrize(
    "title",
    [
        "Request for Information for the 2027 Trafficking in Persons Report",
        "Request for Comments: Human Trafficking Framework of the Department of Health and Human Services",
    ],
)
def test_other_agencies_requests_are_not_put_on_our_ask_where_the_agency_is_unknown(matcher, title):
    assert verdict(matcher, document(title, "", None)) == ("alert", set())


def test_an_unknown_agency_s_request_is_put_on_our_ask(matcher):
    title = "Request for Comments on Anti-Trafficking Policing"
    assert verdict(matcher, document(title, "", None)) == ("alert", {9})


# --- bills ----------------------------------------------------------------------------------------------------------


def bill(id_: str, title: str, official: str, *, step: str | None = None, action: str = "") -> Entry:
    return Entry(
        source="bill-status",
        kind=Kind.BILL,
        identity=(f"bill:{id_}",),
        thread=f"bill:{id_}",
        title=action or title,
        summary=official,
        type=step,
        bill=id_,
        bill_title=title,
    )


TSRA = (
    "Trafficking Survivors Relief Act",
    "To provide for the vacating of certain convictions of victims of trafficking.",
)


@pytest.mark.parametrize(
    "step",
    ["Introduced", "Ordered reported", "Reported", "Placed on calendar", "Passed House", "Passed Senate", "Became law"],
)
def test_a_milestone_of_the_followed_bill_is_an_alert_for_its_ask(matcher, step):
    assert verdict(matcher, bill("hr4323-119", *TSRA, step=step, action=f"{step}.")) == ("alert", {8})


@pytest.mark.parametrize("step", ["Referred", "Action"])
def test_its_other_actions_are_digest_lines(matcher, step):
    assert verdict(matcher, bill("hr4323-119", *TSRA, step=step, action=f"{step}.")) == ("digest", {8})


def test_the_policy_coming_back_under_a_new_number_is_an_alert(matcher):
    assert verdict(matcher, bill("s77-120", *TSRA, step="Introduced", action="Introduced in Senate")) == ("alert", {8})


@pytest.mark.parametrize(
    ("id_", "title", "official"),
    [
        ("s3240-119", "Restaurant Meals Act", "A bill to reform the restaurant meals program."),
        ("hr3240-119", "Service Members Act", "To review the records of certain service members."),
        ("s4323-119", "Medicines for Seniors Act", "A bill about the price of medicines."),
        ("hr10-119", "Stop Fentanyl Traffickers Act", "To increase penalties for drug trafficking."),
        ("hr11-119", "Gun Trafficking Prosecution Act", "To prohibit the trafficking of firearms."),
        ("hr12-119", "CAST Act", "To study the trafficking of weapons across the border."),
        ("hres13-119", "Expunging an impeachment of a President.", ""),
        ("hr14-119", "Slavery Memorial Act", "To establish a memorial to the victims of slavery in the United States."),
    ],
)
def test_a_bill_that_shares_only_a_number_or_a_word_is_not_raised(matcher, id_, title, official):
    assert verdict(matcher, bill(id_, title, official))[0] == "none"


@pytest.mark.parametrize(
    ("title", "official"),
    [
        ("Survivors Act", "To extend benefits to survivors of trafficking."),
        ("Hotels Act", "To require training of hotel staff to recognize signs of human trafficking."),
        ("Clean Cotton Act", "To prohibit the import of goods made with forced labor."),
        ("Protecting Children Act", "To increase penalties for child sex trafficking."),
        ("Anti-Trafficking Grants Act", "To amend the grant programs of the Department of Justice."),
    ],
)
def test_a_new_bill_on_the_subject_is_a_digest_line(matcher, title, official):
    assert verdict(matcher, bill("hr900-119", title, official))[0] == "digest"


@pytest.mark.parametrize(
    ("title", "official"),
    [
        ("Crime Victims Fund Stabilization Act", "To provide for deposits into the fund."),
        ("Victim Services Act", "To amend the Victims of Crime Act of 1984 to secure deposits."),
    ],
)
def test_a_bill_on_the_crime_victims_fund_is_a_digest_line_for_ask_1(matcher, title, official):
    assert verdict(matcher, replace(bill("hr900-119", title, official), source="bill-status")) == ("digest", {1})


@pytest.mark.parametrize(
    ("title", "official", "level"),
    [
        ("Future Logging Careers Act", "To exempt certain young people in logging from child labor laws.", "none"),
        ("Tobacco Farms Act", "To deem employment in tobacco fields to be oppressive child labor.", "none"),
        ("Honest Batteries Act", "To prohibit the import of goods from mines that use child labor.", "digest"),
    ],
)
def test_child_labor_counts_where_it_is_abroad_or_forced(matcher, title, official, level):
    assert verdict(matcher, bill("hr900-119", title, official))[0] == level


def test_a_bill_is_raised_by_its_subjects_and_not_by_one_that_is_about_jobs_for_teenagers(matcher):
    raised = replace(bill("hr900-119", "Kids Act", "To help children."), subjects=("Human trafficking",))
    other = replace(raised, subjects=("Youth employment and child labor", "Drug trafficking and controlled substances"))
    assert verdict(matcher, raised)[0] == "digest"
    assert verdict(matcher, other)[0] == "none"


# --- news -----------------------------------------------------------------------------------------------------------


def news(title: str, excerpt: str, outlet: str = "Example Times") -> Entry:
    """With the names in it, as the media room reads it."""
    return READING.read(
        Entry(
            source="news", kind=Kind.NEWS, identity=(title,), thread=title, title=title, summary=excerpt, outlet=outlet
        )
    )[0]


@pytest.mark.parametrize(
    ("title", "excerpt", "asks"),
    [
        ("Governor meets advocates", "Members of the Alliance to End Slavery and Trafficking (ATEST) attended.", set()),
        ("House passes Trafficking Survivors Relief Act", "The bill goes to the Senate.", {8}),
        ("CBP issues withhold release order against seafood", "The agency will detain shipments.", {4}),
        ("ICE rescinds directive on Continued Presence", "Victims of trafficking may wait longer.", {3}),
        ("Watchdog criticizes Polaris over trafficking hotline", "Tips were not forwarded, an audit alleges.", set()),
        ("Report calls for reform of trafficking stings", "Law enforcement should stop arresting workers.", {5, 6}),
        ("Justice Department cuts grants for survivors", "They paid for housing of human trafficking victims.", {1}),
        ("Judge orders release of frozen grants", "The federal money is for anti-trafficking services.", {1}),
        ("Nonprofits sue over canceled grants", "The federal grants helped human trafficking survivors.", {1}),
        ("Shelters in limbo as awards are delayed", "OVC has not announced its anti-trafficking grants.", {1}),
        ("DOJ postpones anti-trafficking funding", "Applicants wait for months.", {1}),
        ("DHS to end Blue Campaign", "Homeland Security will close its campaign on human trafficking.", {7}),
        ("Study finds racial bias in trafficking stings", "Police arrest mostly women of color.", {5, 6}),
    ],
)
def test_news_that_cannot_wait_is_an_alert(matcher, title, excerpt, asks):
    assert verdict(matcher, news(title, excerpt)) == ("alert", asks)


@pytest.mark.parametrize(
    ("title", "excerpt", "asks"),
    [
        ("Twelve arrested in undercover prostitution sting", "Deputies called it a fight against trafficking.", {5, 6}),
        ("State lets trafficking survivors clear records", "The law allows human trafficking victims to expunge.", {8}),
        ("Company pleads guilty in labor trafficking case", "Workers' passports were taken.", {4}),
        ("Farmworkers march", "The Coalition of Immokalee Workers leads it.", set()),
        ("Safe Horizon opens a center", "It will serve survivors of trafficking.", set()),
        ("Sheriff gets federal grant to fight human trafficking", "The money pays for a detective.", set()),
        ("Human trafficking: wear blue", "The Blue Campaign of Homeland Security helps end the heinous crime.", set()),
    ],
)
def test_news_worth_a_line_is_a_digest_line(matcher, title, excerpt, asks):
    assert verdict(matcher, news(title, excerpt)) == ("digest", asks)


@pytest.mark.parametrize(
    ("title", "excerpt"),
    [
        ("Polaris recalls off-road vehicles", "Snowmobiles are not affected; a lawsuit alleges failures."),
        ("The cast of the new season", "Actors were announced; critics were critical."),
        ("Verite News: parish council votes", "New Orleans officials face criticism over jail labor."),
        ("Inmates at CIW sue", "The California Institution for Women faces complaints."),
        ("United Way kicks off annual campaign", "Volunteers raised money at a golf tournament."),
        ("Lincoln and the decision to free the slaves", "A new history of the Civil War."),
        ("Officers seize fentanyl in trafficking case", "Two men were arrested and charged with drug trafficking."),
        ("Senator files S.3240", "The bill reforms the restaurant meals program."),
    ],
)
def test_a_name_or_number_without_the_work_is_not_raised(matcher, title, excerpt):
    assert verdict(matcher, news(title, excerpt))[0] == "none"


# --- grants and pages: judged by what is quoted of their own text ---------------------------------------------------


def grant(title: str, *quoted: str, synopsis: str = "Services for victims of human trafficking.") -> Entry:
    quotes = tuple(Quote(text, 1) for text in quoted)
    agencies = (Agency("Office for Victims of Crime"), Agency("Department of Justice"))
    return Entry(
        source="grants-justice",
        kind=Kind.GRANT,
        identity=("grant:1:posted",),
        thread="grant:1",
        title=title,
        summary=synopsis,
        agencies=agencies,
        quotes=quotes,
    )


@pytest.mark.parametrize(
    ("quoted", "asks"),
    [
        ("Attach a letter of support from the local police department.", {2}),
        ("A memorandum of understanding with a prosecutor's office must be submitted.", {2}),
        ("MOUs signed by each law enforcement partner are due at the time of application.", {2}),
        ("The provider and the law enforcement agency must jointly apply.", {1}),
        ("A separate application is submitted by each of the two partners.", {1}),
        ("Task forces may not use funds for vice operations.", {5, 6}),
        ("Grantees report the number of arrests made in each quarter.", {5, 6}),
        ("A memorandum of agreement with the sheriff is attached.", {2}),
        ("An MOA with law enforcement is signed.", {2}),
        ("Each applicant must name a law enforcement partner.", {2}),
        ("The police department is a co-applicant.", {1}),
        ("Funds may pay for vacatur of convictions and for expungement.", {8}),
        ("Legal representation includes post-conviction relief under Public Law 119-73.", {8}),
    ],
)
def test_a_condition_in_an_announcement_s_own_text_is_an_alert(matcher, quoted, asks):
    assert verdict(matcher, grant("OVC FY 2027 Enhanced Collaborative Model", quoted)) == ("alert", asks)


@pytest.mark.parametrize(
    "quoted",
    [
        (),
        ("Letters of support from a school are welcome.",),
        ("Task forces may apply.",),
    ],
)
def test_an_announcement_of_the_field_without_such_a_condition_is_a_digest_line(matcher, quoted):
    assert verdict(matcher, grant("OVC FY 2027 Housing for Victims", *quoted)) == ("digest", set())


@pytest.mark.parametrize(
    ("title", "synopsis", "quoted"),
    [
        ("BJA FY 2027 Body-Worn Cameras", "Cameras for the police.", "A letter of support from the police is needed."),
        ("Drug Courts", "Against drug trafficking.", "Courts apply on their own."),
    ],
)
def test_an_announcement_of_another_field_is_no_news(matcher, title, synopsis, quoted):
    assert verdict(matcher, grant(title, quoted, synopsis=synopsis)) == ("none", set())


def test_the_phrases_that_are_looked_for_find_what_the_alerts_on_grants_want(shipped):
    """A sentence that no phrase finds is never quoted, so no watch could see it."""
    wanted = finder(shipped.feeds.sources["grants-justice"].phrases)
    for text in (
        *("a letter of support from", "letters of commitment", "memoranda of understanding", "an MOU", "apply jointly"),
        *("joint application", "jointly apply", "two applications", "separate applications", "linked applications"),
        *("vice", "stings", "prostitution", "arrests", "task forces"),
    ):
        assert wanted.search(text), text
