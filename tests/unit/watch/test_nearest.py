"""Which ask an entry is nearest to: by several words, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.config import catalog
from bot.config.load import load
from bot.shared.entry import Agency
from bot.watch import drafts, nearest
from bot.watch.engine import judge
from bot.watch.evidence import explain, leaves
from bot.watch.index import Index
from bot.watch.lexicon import shipped
from bot.watch.model import Level, Watch, why
from bot.watch.query import Phrase, parse
from tests.kit.watch import entry

WHALES = [
    "Deny permits for seismic surveys and pile driving that harm whales, dolphins and seals.",
    "Enforce ship speed limits that protect the North Atlantic right whale.",
    "End the entanglement of whales in fishing gear.",
    "Protect beluga whales from noise.",
]
LEAD = [
    "Replace every lead service line within ten years.",
    "Remove lead paint from homes before a child is poisoned.",
    "Ban lead in spices, cookware and toys.",
]
HEALTH = [
    "Train more doctors for rural places, and forgive their loans.",
    "Make telehealth payment permanent.",
    "Stop drug makers from limiting the 340B discounts of rural clinics.",
]


def asks_of(
    statement: list[str], text: str, summary: str = "", *, by: str = "", asked: tuple[str, ...] = ()
) -> tuple[int, ...] | None:
    drafted = drafts.queries([(ask, asked) for ask in statement], shipped(), catalog.bodies(), most_cost=0.02)
    queries = [parse(query) for pair in drafted[1:] for query in pair if query]
    sought = [" ".join(leaf.words) for query in queries for leaf in leaves(query.root) if isinstance(leaf, Phrase)]
    numbered = nearest.of(dict(enumerate(statement, start=1)), asked, catalog.bodies(), shipped(), (), sought)
    return numbered.nearest(entry(text, summary=summary or None, agencies=(Agency(by, by),) if by else ()))


@pytest.mark.parametrize(
    ("statement", "text", "expected"),
    [
        (WHALES, "Taking Marine Mammals Incidental to Seismic Surveys in the Gulf", (1,)),
        (WHALES, "Pile Driving To Improve the Auke Bay Ferry Terminal", (1,)),
        (WHALES, "Speed Rule for the Right Whale", (2,)),
        (WHALES, "Entanglement in Gear", (3,)),
        (LEAD, "Lead Service Line Inventories", (1,)),
        (LEAD, "Residential Lead-Based Paint Hazards", (2,)),
        (HEALTH, "Telehealth Payment in 2026", (2,)),
        (
            ["Keep hours-of-service limits.", "Stop exemptions."],
            "Hours of Service of Drivers; Example Freight, LLC",
            (1,),
        ),
    ],
)
def test_two_telling_words_or_a_pair_name_the_ask(statement, text, expected):
    assert asks_of(statement, text) == expected


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (HEALTH, "Doctoral Dissertation Research Abroad"),
        (HEALTH, "Airworthiness Directives; Saab 340B Airplanes"),
        (WHALES, "North Atlantic Albacore Tuna and Swordfish Quotas"),
        (WHALES, "Consent Decree With Dolphin Shipping"),
        (
            ["Protect the Lifeline program for households with low incomes.", "Stop robocalls."],
            "Low Water at the Income Dam",
        ),
        (LEAD, "Airworthiness Directives: Paint on the Nose of Airplanes"),
        (LEAD, "Codex Committee on Spices, Toys and Cookware"),
    ],
)
def test_a_word_alone_or_without_the_cause_names_none(statement, text):
    assert not asks_of(statement, text)


def test_words_of_few_documents_are_not_of_the_cause_in_those_of_others():
    low_income = ["Protect the Lifeline program for households with low incomes.", "Stop robocalls."]
    fcc = ("federal-communications-commission",)

    def by(agency: str, text: str) -> tuple[int, ...] | None:
        return asks_of(low_income, text, by=agency, asked=fcc)

    assert by("children-and-families-administration", "Low Income Home Energy Assistance") is None
    assert by("food-and-drug-administration", "A Lifeline for Families") is None
    assert by(*fcc, "Lifeline Support for Low-Income Consumers") == (1,)
    assert by(*fcc, "Radio Broadcasting Services") is None
    assert by("", "A Lifeline for Phones: Senators Defend It") == ()


def test_a_word_that_a_document_has_in_names_alone_names_no_ask():
    farms, park = ["Protect wild swine from hunters.", "Plug old oil wells."], "national-park-service"

    def of(title: str, summary: str) -> tuple[int, ...] | None:
        return asks_of(farms, title, summary, by=park, asked=(park,))

    assert of("Return of Objects: Swine Creek Museum", "The Swine Creek Museum plans to return objects.") == ()
    assert of("Swine Creek", "The National Park Service plans to move swine to the Swine Creek Ranch.") == (1,)
    assert of("Swine Creek", "") == (1,)
    named = ["Protect the Camp Lejeune families.", "Plug old oil wells."]
    camp = asks_of(named, "Camp Lejeune Claims", "The Camp Lejeune Justice Act.", by=park, asked=(park,))
    assert camp == (1,)  # the ask has the name, too


def test_a_word_in_names_alone_is_no_second_sign():
    park, asks = "national-park-service", [
        "Return the remains of ancestors to Indian Tribes and Native Hawaiian organizations.",
        "Protect sacred places and historic sites before they are leased.",
        "Pay for Tribal courts.",
    ]  # fmt: skip

    def of(text: str) -> tuple[int, ...] | None:
        title = "Notice of Intended Repatriation: Historic Indian House Association"
        return asks_of(asks, title, f"{text} sacred object to Indian Tribes.", by=park, asked=(park,))

    assert of("The Historic Indian House Association plans to return a") == ()
    assert of("The house plans to return a historic and") == (2,)


def test_words_of_two_clauses_or_of_two_phrases_of_a_watch_make_no_pair():
    homes = ["Remove lead paint from homes.\npublic housing\nvoucher", "Inspect smoke alarms."]
    assert not asks_of(homes, "Fair Market Rents for the Housing Choice Voucher Program", by=HUD, asked=(HUD,))
    listed = ["Inspect public housing, vouchers and lead paint.", "Inspect smoke alarms."]
    assert not asks_of(listed, "Fair Market Rents for the Housing Choice Voucher Program", by=HUD, asked=(HUD,))


SMOKE = [
    "Authorize no tobacco product with candy, fruit or mint flavors. They hook teenagers on nicotine and vaping.",
    "Keep the National Youth Tobacco Survey.",
    "Put graphic warnings on cigarette packs and advertisements.",
]


def test_a_form_title_in_quotation_marks_is_no_name():
    title, fda = "Required Warnings for Cigarette Packages and Advertisements", "food-and-drug-administration"
    assert asks_of(SMOKE, title, f'This notice is on the form entitled, "{title}."', by=fda, asked=(fda,)) == (3,)


def test_words_of_a_summary_alone_name_an_ask_if_they_are_a_good_part_of_it():
    fda, summary = "food-and-drug-administration", "It colors candy, fruit drinks and flavored milk blue."
    assert not asks_of(SMOKE, "Listing of Color Additives Exempt From Certification", summary, by=fda, asked=(fda,))
    flavors = "Candy, fruit and mint flavors of tobacco products hook teenagers on nicotine."
    assert asks_of(SMOKE, "Notice of Meeting", flavors, by=fda, asked=(fda,)) == (1,)


def test_one_phrase_of_a_summary_names_an_ask_of_which_the_entry_has_a_good_part():
    calls = ["Authenticate the ID of callers.", "Show junk fees on broadband labels."]
    fcc = "federal-communications-commission"

    def of(title: str, summary: str) -> tuple[int, ...] | None:
        return asks_of(calls, title, summary, by=fcc, asked=(fcc,))

    assert of("Empowering Broadband Consumers", "The Commission changes the rules on the broadband label.") == (2,)
    assert not of("Satellite Broadband", "The Commission changes the rules on satellites.")


def test_what_a_summary_names_among_many_things_names_no_ask():
    fmcsa = "federal-motor-carrier-safety-administration"
    trucks = ["Keep hours-of-service limits, and grant no exemption from electronic logging devices."]

    def of(summary: str) -> tuple[int, ...] | None:
        return asks_of([*trucks, "Test drivers."], "Motor Carrier Drivers", summary, by=fmcsa, asked=(fmcsa,))

    assert of("It is on electronic logging devices and the hours of service.") == (1,)
    assert of("It is on many things, such as electronic logging devices and the hours of service.") == (1,)
    assert of("Complaints, including coercion, goods, electronic logging devices, hours of service, and brokers.") == ()


def test_a_word_that_many_documents_have_is_no_second_sign():
    water = [
        "Set limits for PFAS in taps.",
        "List PFAS chemicals as hazardous substances under Superfund.",
        "Require factories to report what PFAS they release to the Toxics Release Inventory.",
        "Replace lead service lines.",
        "Protect wells from nitrate.",
        "Fund pipes.",
        "Test schools.",
    ]
    title = "Perfluoroalkyl and Polyfluoroalkyl Substances (PFAS) Data Reporting"
    assert not asks_of(water, title, by=EPA, asked=(EPA,))


def test_a_pair_that_many_documents_have_is_a_second_sign():
    seas = [*WHALES, "Publish stock assessments of marine mammals every year."]
    assert asks_of(seas, "Draft 2024 Marine Mammal Stock Assessment Reports", by=NOAA, asked=(NOAA,)) == (5,)


def test_a_pair_with_a_word_of_two_asks_does_not_name_one_alone():
    smoke = ["Grant no tobacco product application for candy flavors.", "Keep the Youth Tobacco Survey.",
             "Limit nicotine in cigarettes.", "Seize disposable vapes at the ports.", "Put up warnings."]  # fmt: skip
    fda, title = "food-and-drug-administration", "Nominations for the Tobacco Products Scientific Advisory Committee"
    assert asks_of(smoke, title, by=fda, asked=(fda,)) == ()
    assert asks_of(smoke, "Tobacco Product Application for Candy Flavors", by=fda, asked=(fda,)) == (1,)


def test_a_pair_of_two_usual_words_needs_another_sign():
    noaa, stocks = "national-oceanic-and-atmospheric-administration", [*WHALES, "Publish all stock assessments."]
    assert asks_of(stocks, "Western Stock Assessment Review; Public Meeting", by=noaa, asked=(noaa,)) != (5,)
    assert asks_of(stocks, "Speed Rule for the Right Whale", by=noaa, asked=(noaa,)) == (2,)
    tuna = "Adjustments to the 2025 North Atlantic Albacore Tuna and Swordfish Quotas for Fishing"
    assert not asks_of(stocks, tuna, "Whales are not caught.", by=noaa, asked=(noaa,))


def test_a_word_beside_itself_is_no_pair():
    diets = ["School meals have too much sodium. Sodium should have a limit.", "Plug old oil wells."]
    assert not asks_of(diets, "Heparin Sodium in Sodium Chloride Was Not Withdrawn From Sale")


def test_an_asked_agency_with_few_subjects_is_a_second_sign():
    hrsa = "health-resources-and-services-administration"

    assert asks_of(HEALTH, "Telehealth Resource Centers", by=hrsa, asked=(hrsa,)) == (2,)
    assert asks_of(HEALTH, "Telehealth Resource Centers", by=hrsa) is None
    assert asks_of(WHALES, "Sonar Noise", by="commerce-department", asked=("commerce-department",)) is None


VETERANS = [
    "Pay the people of Camp Lejeune for contaminated water.",
    "Decide disability claims within 100 days.",
    "Keep homeless veterans housed: fund vouchers.",
]
LANDS = [
    "Keep the Roadless Rule, which protects backcountry in many states from logging.",
    "Leave Bears Ears and Grand Staircase-Escalante National Monuments as they are.",
    "Offer no oil and gas leases in sage-grouse habitat.",
]
FARMS = [
    "Cancel the food uses of chlorpyrifos.",
    "Restrict seeds coated with neonicotinoids.",
    "Fund organic farming and integrated pest management.",
]
VA, HUD, EPA = (
    "veterans-affairs-department",
    "housing-and-urban-development-department",
    "environmental-protection-agency",
)
BROKERS = ["End forced arbitration in brokerage contracts.", "Keep the right of shareholders to vote by proxy."]
NOAA, SEC = "national-oceanic-and-atmospheric-administration", "securities-and-exchange-commission"
PARKS, FARM_AGENCY, FAA = "national-park-service", "agriculture-department", "federal-aviation-administration"


@pytest.mark.parametrize(
    ("statement", "asked", "by", "text", "expected"),
    [
        (VETERANS, (VA, HUD), VA, "Camp Lejeune Family Member Program", (1,)),
        (VETERANS, (VA, HUD), FAA, "Restricted Areas at Camp Lejeune, NC", ()),
        (VETERANS, (VA, HUD), HUD, "Housing Choice Voucher Program", ()),
        (VETERANS, (VA, HUD), VA, "Legal Services for Homeless Veterans", (3,)),
        (LANDS, (PARKS,), PARKS, "Take of Polar Bears in Two States", ()),
        (LANDS, (PARKS,), PARKS, "Casa Grande Ruins National Monument", ()),
        (LANDS, (PARKS,), PARKS, "Bears Ears Management Plan", (2,)),
        (FARMS, (FARM_AGENCY, EPA), FARM_AGENCY, "Plant Pest Risk Assessment for an Orchid", ()),
        (FARMS, (FARM_AGENCY, EPA), FARM_AGENCY, "Organic Farming Research", (3,)),
        (FARMS, (FARM_AGENCY, EPA), EPA, "Chlorpyrifos; Tolerance Revocation", (1,)),
        (WHALES, (NOAA,), NOAA, "Whales and Pile Replacement at a Naval Station", (1,)),
        (WHALES, (NOAA,), NOAA, "Mooring Dolphins for Ferries", (1,)),
        (BROKERS, (SEC,), SEC, "Retail Brokerage Distribution Fees", ()),
        (BROKERS, (SEC,), SEC, "Brokerage Arbitration", (1,)),
    ],
)
def test_one_word_names_an_ask_only_if_its_watch_looks_for_it_and_no_other_agency_published_it(
    statement, asked, by, text, expected
):
    assert (asks_of(statement, text, by=by, asked=asked) or ()) == expected


def test_a_title_of_other_words_is_of_another_cause():
    fda = "food-and-drug-administration"
    labels = [
        "Show sodium and added sugars in front.",
        "Finish sodium targets.",
        "Ban dyes.",
        "Inspect poultry.",
        "Test spinach.",
    ]
    drug = (
        "Determination That Heparin in a Plastic Container With Water, Glucose and Sodium Was Not Withdrawn From Sale"
    )

    assert asks_of(labels, "Sodium and Added Sugars in Packaged Food", by=fda, asked=(fda,)) == (1,)
    assert asks_of(labels, drug, by=fda, asked=(fda,)) is None


def test_a_department_tells_nothing_of_its_other_agencies_if_one_of_them_is_asked():
    fns, text = "food-and-nutrition-service", "Sugar Imports"
    asks = nearest.of({1: "Limit sugars in school meals."}, (FARM_AGENCY, fns), (), shipped(), (FARM_AGENCY,))
    agencies = {slug: Agency(slug, slug) for slug in (FARM_AGENCY, fns, "foreign-agricultural-service")}

    def by(*slugs: str) -> tuple[int, ...] | None:
        return asks.nearest(entry(text, agencies=tuple(agencies[slug] for slug in slugs)))

    assert by(FARM_AGENCY, "foreign-agricultural-service") is None
    assert by(FARM_AGENCY) is not None
    assert by(FARM_AGENCY, fns) is not None


def test_the_name_of_an_agency_tells_no_ask():
    ask = ["Cancel the loans of students.", "Protect campus-based student aid."]
    education = "education-department"

    assert asks_of(ask, "Federal Student Aid Feedback System", by=education, asked=(education,)) == ()
    assert asks_of(ask, "Campus-Based Student Aid", by=education, asked=(education,)) == (2,)


def test_an_entry_about_as_near_to_two_asks_is_for_both():
    assert asks_of(WHALES, "Seismic Surveys and Gear Entanglement") == (1, 3)


def test_a_noun_of_every_request_is_the_cause_and_its_verb_is_not():
    asked = nearest.of(dict(enumerate(["Protect bees.", "Protect bats.", *LEAD])), (), (), shipped())
    funded = nearest.of({1: "Congress should fund clinics.", 2: "It should fund wards."}, (), (), shipped())

    hospice = ["Pay for hospice care at home that families give.", "Inspect every hospice.", "Tell families of it."]
    assert asked.needed == {("lead",)}
    assert not nearest.of(dict(enumerate(hospice)), (), (), shipped()).needed  # the cause is no family
    assert funded.needed == set()


def test_a_watch_gives_the_nearest_ask_or_the_cause_alone():
    asks = nearest.of(dict(enumerate(HEALTH, start=1)), (), catalog.bodies(), shipped())
    watch = replace(
        Watch("ask-1", "Doctors", (1,), Level.DIGEST, parse("telehealth OR doctor* OR rural")), nearest=asks
    )
    near, far, other = (
        judge(watch, Index(entry(title)))
        for title in ("Telehealth Payment in 2026", "Rural Roads", "Doctoral Research")
    )

    assert near
    assert far
    assert (near.asks, far.asks) == ((2,), ())
    assert why([far], {1: "Doctors"}) == ("“Rural” in the title → your cause; which ask is not clear",)
    assert other is None
    assert explain(watch, entry("Doctoral Research")).lacked == ("more of what your asks say",)


def test_the_words_of_an_asks_watch_count_too(tmp_path):
    coalition, feeds = tmp_path / "coalition.yml", tmp_path / "feeds.yml"
    coalition.write_text(
        "id: ours\nname: Ours\nshort: Ours\ncontact: us@example.org\nzone: America/New_York\n"
        "asks: {1: {title: Protect our rivers}, 2: {title: Train nurses}}\n"
    )
    feeds.write_text(
        "sources: [register]\nchannels: {main: {to: console:main}}\nroutes: [{to: main}]\nadmin: main\nwatches:\n"
        "  rivers: {asks: [1], nearest: true, query: hydropower OR culvert*}\n"
    )

    (match,) = load(feeds, coalition).matcher.match(entry("Hydropower Culverts"))
    common = load(feeds, coalition).matcher.match(entry("Hydropower"))

    assert match.asks == (1,)
    assert not common


def test_a_word_that_many_documents_have_needs_another_of_its_ask():
    quiet = ["Aircraft noise should be measured where people sleep.", "Wheelchairs should be handled with care."]

    def by(agency: str, text: str) -> tuple[int, ...] | None:
        return asks_of(quiet, text, by=agency, asked=(FAA,))

    assert by(FAA, "Airworthiness Directives; Example Aircraft AG Computers") is None
    assert by(FAA, "Example Airport; Noise Compatibility Program") == ()
    assert by(FAA, "Aircraft Noise Certification") == (1,)
    assert by("", "Aircraft Registration") is None


WILDLIFE = "fish-and-wildlife-service"
INSECTS = ["List the monarch butterfly as endangered and protect its habitat.", "Ban pesticides on crops in bloom."]
FLIGHTS = [
    "Make air ambulance companies publish what they charge patients.",
    "Put night vision goggles and warning systems into every medical helicopter.",
    "Pay air ambulances in rural places more.",
]


@pytest.mark.parametrize(
    ("by", "text", "expected"),
    [
        (WILDLIFE, "Endangered Species Status for the Ghost Orchid and Its Habitat", None),
        (WILDLIFE, "Habitat of the Endangered Monarch Butterfly", (1,)),
        ("national-highway-traffic-safety-administration", "Crash Warning System Research", None),
        ("veterans-affairs-department", "Payment for Ambulance Services", ()),
    ],
)
def test_a_word_that_the_publisher_often_has_or_one_phrase_by_another_agency_tells_nothing(by, text, expected):
    assert asks_of(FLIGHTS if by != WILDLIFE else INSECTS, text, by=by, asked=(FAA, WILDLIFE)) == expected


def test_a_rare_word_of_a_title_is_enough_though_words_of_every_document_stand_beside_it():
    trucks, fmcsa = (
        ["Stop exemptions for drivers with epilepsy.", "Keep limits for drivers."],
        ("federal-motor-carrier-safety-administration"),
    )
    water = ["Limit PFAS in taps.", "Replace pipes."]
    chemicals = "Addition of Certain Chemicals (PFAS) to the Toxics Release Inventory for the Next Reporting Year"
    title = "Qualification of Drivers; Exemption Applications; Epilepsy and Seizure Disorders"

    assert asks_of(trucks, title, by=fmcsa, asked=(fmcsa,)) == (1,)
    assert asks_of(trucks, "Commercial Driver's License: Application", by=fmcsa, asked=(fmcsa,)) is None
    assert asks_of(water, chemicals, by=EPA, asked=(EPA,)) == (1,)


def test_words_of_what_an_agency_is_for_name_no_ask():
    homes = ["Remove lead-based paint from public housing.", "Give a voucher to every family that qualifies."]
    assert asks_of(homes, "Transfer of Public Housing Programs", by=HUD, asked=(HUD,)) in (None, ())
    assert asks_of(homes, "Lead-Based Paint in Public Housing", by=HUD, asked=(HUD,)) == (1,)


def test_a_name_that_many_documents_have_weighs_no_more_than_a_word():
    fish = ["The red snapper season in the Gulf should be long enough.", "Trace imported seafood to its vessel."]
    pollock = "Fisheries Off Alaska; Pollock in Statistical Area 630 in the Gulf of Alaska"
    assert not asks_of(fish, pollock, "It prevents exceeding the season allowance.", by=NOAA, asked=(NOAA,))
    assert asks_of(fish, "Gulf Red Snapper Fishing Season", by=NOAA, asked=(NOAA,)) == (1,)
