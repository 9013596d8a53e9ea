"""Who a news item is about: the shipped rules on look-alikes and real mentions that they were not tuned on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config.media import Entity
from bot.media.news.entities import Entities, Rule, RuleKind
from bot.shared.entry import Entry, Kind
from bot.watch.index import Index
from tests.kit import configs
from tests.kit.alerts import document

ROOT = Path(__file__).parents[3]
COALITION = configs.shipped().coalition
SHIPPED = Entities(COALITION.entities)


def news(title, text="", url="https://herald.example/2026/11/a-story-of-the-day", outlet="The Herald", on=None):
    key = f"url:{url[8:]}"
    return Entry(source="s", kind=Kind.NEWS, identity=(key,), thread=key, title=title, url=url, summary=text or None,
                 outlet=outlet, published=on)  # fmt: skip


def marked(entities, entry):
    return entities.named(entry, Index(entry))


def named(*args, **more):
    return {name.entity for name in marked(SHIPPED, news(*args, **more)).names}


LOOK_ALIKES = (
    ("Polaris recalls 2026 RZR vehicles after fires", "Owners may call the recall hotline."),
    ("Deputies seize Polaris side-by-side and fentanyl in drug trafficking arrest", "Two men were booked."),
    ("Stolen Polaris Ranger leads sheriff to suspected drug trafficking ring", "A trailer was found, too."),
    ("Polaris snowmobile crash survivors thank rescuers", "The two survivors were on a snowmobile."),
    ("Polaris Program's second mission delayed", "Survivors of cancer are to fly along."),
    ("Cancer survivors race Polaris machines for charity", "Each of the survivors had a helmet."),
    ("Survivor 50 Cast Announced", "Returning survivors compete on CBS."),
    ("Polaris Dawn crew returns to Earth", "SpaceX said the astronauts were well."),
    ("Navy tests Polaris missile successor aboard submarine", "The warheads were inert."),
    ("Polaris, the North Star, is closer than thought", "Astronomers measured the Cepheid."),
    ("Polaris Music Prize names its shortlist", "Ten albums are on it."),
    ("Polaris shares slide after weak quarter", "The maker of motorcycles cut its outlook."),
    ("Cast of trafficking film arrives in Cannes", "The actors and the director met the press at the premiere."),
    ("Cast iron foundry cited", "The foundry cast 12 parts."),
    ("CAST AND CREW of the season finale", "The actress said that trafficking was a theme of the episode."),
    ("CIW inmates sue over prison conditions", "The California Institution for Women in Chino holds 1,200."),
    ("New Orleans council votes on worker rights", "By J. Doe, Verite News. The parish has few labor inspectors."),
    ("A cinema verite documentary on factory workers", "The filmmaker followed them for years."),
    ("United Way kickoff raises record sum", "The golf tournament closed the campaign."),
    ("United Way volunteers and police talk drug trafficking", "Volunteers heard about fentanyl."),
    ("Lincoln's war to free the slaves", "The Civil War ended slavery on the plantations."),
    ("How did Lincoln Free the Slaves?", "A human rights lesson about the Civil War and Emancipation."),
    ("Rabbi explains tekiah, shevarim and t'ruah", "Each T'ruah has nine notes of the shofar, a Jewish tradition."),
    ("Party meets at Solidarity Center", "Workers World holds its potluck at the Solidarity Center, W. 24th Street."),
    ("Safe horizon for investors", "A safe horizon is ten years."),
    ("Vital voices in the choir", "The singers' vital voices filled the hall."),
    ("Network for youth opens", "A national youth network of churches."),
    ("S. 3240 would let restaurants sell meals for food stamps", "The bill on restaurant meals, S. 3240, was filed."),
    ("Students attest to slavery's toll", "They attest that trafficking is real."),
    ("Hyundai's HTI recalls", "HTI makes hydraulic parts."),
    ("Gary Haggard plans a charity concert", "His song is called Free the Slaves of Fashion; fans love it."),
)
MENTIONS = (
    ("Anti-trafficking nonprofit Polaris names new chief", "Polaris helps survivors.", {"polaris"}),
    ("Report: illicit massage businesses thrive", "Polaris counts 9,000 illicit massage parlors.", {"polaris"}),
    ("Survivors call for reform", "“It is time,” said a member of the Polaris Project.", {"polaris"}),
    ("LA group CAST helps trafficking survivors", "Kay Buck leads it.", {"cast"}),
    ("Hotel workers trained", "The Coalition to Abolish Slavery & Trafficking trains them.", {"cast"}),
    ("Farmworkers march on Wendy's", "CIW wants it to join the Fair Food Program.", {"ciw"}),
    ("Verité audit finds forced labor in palm oil", "The nonprofit looked at recruitment fees.", {"verite"}),
    ("Verite: migrant workers still pay to work", "Its report on supply chains came out Monday.", {"verite"}),
    ("Garment union wins in Lesotho", "The Solidarity Center backed the workers.", {"solidarity"}),
    ("Rabbis of T’ruah back tomato pickers", "The Jewish clergy marched.", {"truah"}),
    ("Shelter opens in Queens", "Safe Horizon will run it for victims of violence.", {"safehorizon"}),
    ("Runaway youth bill advances", "The National Network for Youth praised it.", {"nn4y"}),
    ("Fewer federal trafficking cases", "The Human Trafficking Institute counted them.", {"hti"}),
    ("Ghana raids free children from slavery", "Free the Slaves, an NGO, works there.", {"fts"}),
    ("Women leaders gather", "Vital Voices Global Partnership hosted them.", {"vitalvoices"}),
    ("United Way Worldwide names chief", "She starts in May.", {"uww"}),
    ("President signs Trafficking Survivors Relief Act", "It clears records.", {"tsra"}),
    ("House takes up TSRA", "The bill lets trafficking survivors clear records.", {"tsra"}),
    ("Coalition urges Congress to fund shelters", "ATEST, an alliance against slavery, wrote a letter.", {"atest"}),
    ("Advocates write", "The Alliance to End Trafficking and Slavery wrote on Monday.", {"atest"}),
    ("Polaris and CAST sue over trafficking grants", "Survivors need them, both said.", {"polaris", "cast"}),
)


@pytest.mark.parametrize(("title", "text"), LOOK_ALIKES, ids=[title[:40] for title, _ in LOOK_ALIKES])
def test_a_look_alike_is_nobody(title, text):
    assert named(title, text) == set()


@pytest.mark.parametrize(("title", "text", "whom"), MENTIONS, ids=[title[:40] for title, *_ in MENTIONS])
def test_a_mention_is_found(title, text, whom):
    assert named(title, text) == whom


def test_nothing_from_a_paper_of_that_name_is_a_mention():
    text = "Verite has learned that recruiters charged workers."
    assert named("Workers sue recruiters", text, outlet="Verite News") == set()
    assert named("Workers sue recruiters", text, url="https://veritenews.org/2026/workers-sue") == set()


@pytest.mark.parametrize(
    ("byline", "result"),
    [
        ("By Jo Q. Baker, Verite. ", set()),
        ("By Jo Baker (Verite) ", set()),
        ("By Jo Baker, staff. Verite tells us that ", {"verite"}),
        ("Verite says that ", {"verite"}),
    ],
)
def test_a_paper_of_that_name_that_signs_is_no_mention(byline, result):
    assert named("Workers sue recruiters", f"{byline}Workers paid for their jobs.") == result


def test_one_word_of_never_outweighs_every_hint_for_a_short_name():
    given = LANTERN | {"never": ["camping"]}
    entities = Entities({"lantern": Entity.model_validate(given)})
    assert marked(entities, news("Lantern hotline on trafficking", "Elsewhere: camping.")).names == ()


def test_text_on_the_own_site_names_it():
    (name,) = marked(SHIPPED, news("Our year", url="https://www.polarisproject.org/blog/our-year-in-review-2026")).names
    assert (name.entity, name.own, name.words) == ("polaris", True, "")
    assert named("Our year", url="https://notpolarisproject.org/our-year-in-review") == set()


def test_a_hit_says_why_it_is_one():
    entry = marked(SHIPPED, news("Trafficking tips lost", "Polaris left victims of exploitation waiting."))
    (name,) = entry.names
    assert (name.words, name.near, name.quoted) == ("Polaris", ("Trafficking", "exploitation"), False)


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("“We are glad,” said Kay Buck of CAST, which helps survivors.", True),
        ("CAST said that trafficking had grown.", True),
        ("CAST chief Kay Buck testified on trafficking.", True),
        ("According to CAST, trafficking has grown.", True),
        ("CAST helps survivors of trafficking in the county, and has for years, the mayor said.", False),
        ("An audit of trafficking cases was late, the mayor said. CAST helps survivors.", False),
        ("CAST helps survivors of trafficking.", False),
        ("Maria Lopez said CAST helps survivors of trafficking.", False),
        ("The mayor, Maria Lopez, told CAST that trafficking had grown.", False),
        ("“It grew,” said CAST chief Kay Buck of trafficking.", True),
    ],
)
def test_a_speaker_is_distinguished_from_a_person_who_is_named(text, speaks):
    assert marked(SHIPPED, news("A bill in the works", text)).names[0].quoted is speaks


LANTERN = {
    "kind": "member",
    "short": [{"words": "Lantern", "since": "2020-01-01"}],
    "near": [{"words": "hotline", "until": "2025-09-30"}, "trafficking"],
    "since": "2019-01-01",
    "until": "2026-12-31",
}


@pytest.mark.parametrize(
    ("year", "text", "result"),
    [
        (2024, "Lantern runs the hotline", True),
        (2026, "Lantern runs the hotline", False),  # another does by then
        (2026, "Lantern fights trafficking", True),
        (2019, "Lantern fights trafficking", False),  # it was not called so yet
        (2028, "Lantern fights trafficking", False),  # it has left
    ],
)
def test_names_and_words_count_in_their_time(year, text, result):
    entities = Entities({"lantern": Entity.model_validate(LANTERN)})
    assert bool(marked(entities, news(text, on=datetime(year, 6, 1, tzinfo=UTC))).names) is result


def test_a_word_far_away_settles_nothing():
    entities = Entities({"lantern": Entity.model_validate(LANTERN)})
    far = "Lantern is a shop. " + "It sells many a thing to many a man. " * 8 + "Elsewhere trafficking was discussed."
    assert marked(entities, news("The week", far)).names == ()
    assert marked(entities, news("Trafficking this week", far)).names != ()  # the headline says what all is about


def test_a_name_s_own_words_do_not_settle_it():
    given = {"kind": "member", "short": ["Trafficking Institute"], "near": ["trafficking"]}
    entities = Entities({"x": Entity.model_validate(given)})
    assert marked(entities, news("The Trafficking Institute meets")).names == ()
    assert marked(entities, news("The Trafficking Institute on trafficking")).names != ()


def test_a_correction_made_in_chat_counts_too():
    rules = [Rule("lantern", RuleKind.BESIDE, "lamp"), Rule("lantern", RuleKind.SITE, "herald.example")]
    for rule in rules:
        entities = Entities({"lantern": Entity.model_validate(LANTERN)}, [rule])
        assert marked(entities, news("Lantern, a lamp, and trafficking")).names == ()


def test_only_news_names_anybody():
    entry = document(title="Notice about Polaris and trafficking")
    assert marked(SHIPPED, entry) is entry
