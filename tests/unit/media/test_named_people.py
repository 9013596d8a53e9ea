"""Who is named in the news: children and people who were harmed are withheld, and others are shown.

The names in `named_people.jsonl` are invented. People who did not write the rule labeled its first 420 items, and the
rule was written on each part after it had been tried on it. At first sight it found 37 of 39 people to protect and
withheld none of 33 others (of the first 140); 27 of 40 and 3 of 40 (the next 80, written to be hard); 16 of 20 and none
of 20 (the next 40); 45 of 80 and 14 of 80 (the next 160, by a writer who had never seen the rule). Then the rule was
turned round: every name next to harm is withheld unless its bearer acts in public. It was rewritten on the first half
of those 160; of the other half it found 39 of 49 at first sight and withheld 7 of 31, and was then repaired with it.
The last 80 items are by the author of the rule, in other styles: at first sight it found 26 of 40 of them and withheld
12 of 40.

`named_people_first_sight.jsonl` (160 items), `named_people_second_sight.jsonl` (320) and
`named_people_third_sight.jsonl` (480) are by three writers who had never seen a rule, and
`named_people_fourth_sight.jsonl` and `named_people_fifth_sight.jsonl` (480 each) by two more. At first sight the rule
of the day found 68 of 80 people to protect in the first and withheld 13 of 80 others; in the two halves of the second
58 and 5, and 60 and 15. Then two models replaced it. They found 69 of 80 in the second half of the second set and
withheld 8 of 80, before they had learned from it; in the third set 226 of 240 and withheld 33 of 240; in the fourth
209 of 240 and withheld 27 of 240; in the fifth 221 of 240 and withheld 29 of 240. The last two writers protect a child
named with an age in any story; since then so do 27 items of the other sets, of games and shows, that were labeled
harmless.

Now the models learn from all these items, and from `tests/unit/people/learned_names.jsonl` by the authors of the
models, who had read what the models got wrong in each set. So these tests say that the models know what they learned;
`tests/bench/test_names.py` says what they find in the texts of a writer they did not learn from. That flatters them
too, but for the third writer: the authors wrote their last items by the errors in the texts of the others.

`named_people_set_aside.jsonl` (320 items) is by a sixth writer. It was kept from the authors, and nothing is learned
from it: what the models make of it is a first sight.
"""

import json
from pathlib import Path

import pytest

from bot.config.coalition import Coalition
from bot.media.news.reading import Care
from bot.shared.entry import Entry, Kind
from bot.watch.index import Index
from tests.unit.media.test_entities import COALITION

SPEAKER = "Evelyn Hartwell"
CARE = Care(COALITION.model_copy(update={"speakers": (SPEAKER,)}))


def labeled(name):
    return [json.loads(line) for line in Path(__file__).with_name(name).read_text("utf-8").splitlines()]


ITEMS = labeled("named_people.jsonl")


def withheld(title, text="", care=CARE):
    entry = Entry(source="s", kind=Kind.NEWS, identity=("x",), thread="x", title=title, summary=text)
    return care.may_name(entry, Index(entry))


@pytest.mark.parametrize("language", ["en", "es"])
def test_of_the_labeled_people_to_protect_nineteen_of_twenty_are_withheld(language):
    items = [item for item in ITEMS if item["withhold"] and item["language"] == language]
    missed = [item["title"] for item in items if not withheld(item["title"], item["summary"])]

    assert len(items) >= 9
    assert len(missed) <= 0.05 * len(items), missed


def test_of_the_labeled_harmless_items_at_most_one_in_twenty_is_withheld():
    items = [item for item in ITEMS if not item["withhold"]]
    hidden = [item["title"] for item in items if withheld(item["title"], item["summary"])]

    assert len(items) >= 30
    assert len(hidden) <= 0.05 * len(items), hidden


@pytest.mark.parametrize("name", ["first", "second", "third", "fourth", "fifth"])
def test_of_items_by_writers_who_saw_no_rule_nineteen_of_twenty_are_right(name):
    items = labeled(f"named_people_{name}_sight.jsonl")
    found = [item["withhold"] for item in items if withheld(item["title"], item["summary"])]

    assert len(items) >= 160
    assert found.count(True) >= 0.475 * len(items)
    assert found.count(False) <= 0.025 * len(items)


def test_of_items_that_nothing_was_learned_from_nineteen_of_twenty_are_right():
    items = labeled("named_people_set_aside.jsonl")
    found = [item["withhold"] for item in items if withheld(item["title"], item["summary"])]

    assert len(items) == 320
    assert found.count(True) >= 152  # 155
    assert found.count(False) <= 8


def test_a_public_speaker_is_shown_until_another_person_is_named_as_harmed():
    assert withheld("Evelyn Hartwell: I was 14, and nobody asked", care=Care(COALITION))
    assert not withheld("Evelyn Hartwell: I was 14, and nobody asked")
    assert withheld("Evelyn Hartwell was 14 when Nadia Moreau was sold")


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("House committee advances bill to clear trafficking survivors’ records - Roll Call", "Roll Call"),
        (
            "Iowa governor signs law to vacate trafficking survivors’ convictions | Des Moines Ledger",
            "Des Moines Ledger",
        ),
        ("Mission to Abolish Slavery and Trafficking opens a shelter for survivors", ""),
        ("Coalition to Abolish Slavery and Trafficking sues over visa delays", ""),
    ],
)
def test_neither_an_outlet_nor_a_cause_in_the_name_of_an_organization_is_a_person(title, outlet):
    entry = Entry(source="s", kind=Kind.NEWS, identity=("x",), thread="x", title=title, outlet=outlet)
    assert not CARE.may_name(entry, Index(entry))


def test_a_person_in_office_counts_if_the_sentence_says_that_they_were_harmed():
    assert not withheld("Senator Ann Castile leads the bill for a trafficked girl")
    assert withheld("Actress Kim Lorne was trafficked at 13")


def test_a_coalition_without_own_words_is_protected_by_the_built_in_ones():
    bare = Care(Coalition(id="x", name="X", short="X", contact="x@example.org", asks={1: {"title": "One"}}))
    assert withheld("Survivor Maribel Quon tells jury of her years there", care=bare)
    assert not withheld("Judge Harold Tyndall opens the session", care=bare)


# The ways in which newspapers name people, by the author of the rule.
HARMED = (
    "Florida man Gary Tibbs gets life for selling stepdaughter",
    "Sentencian a Hugo Lara por vender a su hija",
    "Runaway Kyle Benton, 15, was found at a truck stop",
    "Baby Noah Adams trafficked across state line, police say",
    "Foster child Destiny Wells ran away and was sold within days",
    "The high-school sophomore, Tiana Brooks, had been held for a week",
    "Kyra Johnson was 13 when her uncle trafficked her",
    "Trafficked at 16: the story of Nadia M.",
    "Nadia Moreau, trafficked at 16, now runs a bakery",
    "Nanny Grace Mutua worked 18 hours a day without pay, lawsuit says",
    "Au pair Ingrid Solberg was locked in a basement",
    "Waitress Mei Chen was forced to have sex with customers",
    "Farmworker José Tun says he was threatened and never paid",
    "Police rescue Amber Dawson from motel",
    "How a gang lured Jade Porter into a van",
    "Jury hears from Carla Reyes, who was sold at 12",
    "Her name was Brianna Colt. She was sold at 14.",
    "Bride Fatima Noor, 15, was traded for cattle",
    ("Mother pleads for return of Hailey Stone, missing since March", "The girl is believed to be with a trafficker."),
    "“They took my passport,” says Anita Gurung, who was trafficked to Qatar",
    ("Victim’s mother: my Chloe was only twelve", "Chloe Barnes was groomed online."),
    "Pimp gets life for trafficking Jasmine Ortiz",
    "Man convicted of selling Kayla Dunn, 16",
    ("Escaped: Linh Tran recalls the nail salon", "She was held there for two years."),
    "Survivor Aisha Cole testifies before Senate",
    "The survivor, Aisha Cole, spoke to students",
    "Aisha Cole, a survivor of labor trafficking, sued the hotel",
    "Model Ruby Lane was drugged and sold, she says",
    "Refugee Samira Haddad exploited in garment factory",
    "Tommy Vance, a seventh-grader, was recruited by a gang",
    "Brothers Evan and Luke Hardy, 9 and 11, found in warehouse",
    "Student Emily Rhodes lured through an app",
    "Ukrainian teenager Oksana Bondar vanished from shelter",
    "Maid Lucia Ferraz escaped embassy home after four years",
    "Trial begins for man who sold Sierra Blake when she was 15",
    "Court clears Rhonda Pike, who was forced into prostitution at 17",
    "Boy, 12, identified as Marcus Lane, rescued from brick kiln",
    "Girl found in car trunk is Lena Whitfield, sheriff says",
    "Fisherman Htun Lin spent ten years as a slave at sea",
    "Ex-captive Rosa Delgado sues farm labor contractor",
    "Autopsy: trafficking victim Dawn Ellis died of exposure",
    "“I was sold,” Keisha Burns tells lawmakers",
    "Parents of Molly Sands, 14, sue app over grooming",
    "Sold by her father at 8, Amina Diallo is now a nurse",
    "Una joven, Daniela Pérez, fue vendida en un bar",
    "Rescatan a Karla Méndez, víctima de explotación sexual",
    "Jornalero Mateo Chub fue encerrado y obligado a trabajar",
    "La adolescente Valeria Soto desapareció; su madre la busca",
    "Daniela Ruiz tenía 13 años cuando la vendieron",
    "“Me vendieron a los quince”, dice Marisol Quispe",
    "Bebé Ángel Torres fue vendido por una red",
    "Fue explotada en un taller: Ana Belén Cruz pide justicia",
    "La historia de Rocío Paz, sobreviviente de trata",
    "Detienen al hombre que explotó a Jimena Vela",
    "Liberan a Óscar Mejía, de 16 años, de una finca",
    "La víctima, identificada como Yadira Luna, tenía 17 años",
    "Survivor Maribel Quon Tells Jury of Years in a Massage Parlor",
    "Teen Ashley Marsh Rescued From Traffickers",
    "Trafficking Victim Dawn Ellis Sues Motel Chain",
    "Toddler Rosalie Finch Taken by Trafficking Ring",
    "Andre Baptiste Was Nine When His Uncle Sold Him",
    "Ana Flores Was Forced Into Prostitution at a Cantina",
    "Teen mom Crystal Hayes sold for drug debt",
    "Twins Mia and Zoe Carver, 7, rescued from cult",
    "Authorities identify boy found in well as Liam Brody",
    "Fifteen-year-old Bianca Moore missing; police suspect trafficking",
    "Lawsuit: Uber driver took Paige Long, 17, to motel",
    "High school student Arjun Mehta extorted over photos",
    "Housekeeper Elvira Santos worked as a slave for 10 years",
    "Woman trafficked to Dubai: the ordeal of Joy Eze",
    "Sextortion drove Caleb Norris, 16, to suicide",
    "Nail technician Hoa Pham was paid nothing for three years",
    "Jury awards $5 million to Tamara Finch, who was trafficked at a Red Roof Inn",
    "Shelter resident Monica Ash said she was beaten by her pimp",
    "Deaf farmhand Iván Cruz freed after 20 years",
    "Her ex-boyfriend sold Lauren Kemp online",
    "Kidnapped at 11, Jaycee Moon returns home",
    "Adopted girl Ruth Abel made to clean houses",
    "Cook Binod Thapa’s employer took his passport and beat him",
    "Police: Missing girl, Skylar Dean, may be with older man",
    "Body of teen Jada Flynn found; boyfriend charged with trafficking",
    "Prosecutors say Epstein recruited Annie Marlow when she was 16",
    "Interview: Theresa Vaughn on surviving a trafficking ring",
    "The daughter of a pastor, Gemma Styles, was exploited for years",
    "Elena Markova, 22, was promised a job as a dancer and then locked up",
    "Siblings Tomás and Inés Rey were forced to beg",
    "“He sold me,” Nicole Ferris testified",
    "Remembering Kelsey Ward, killed by her trafficker",
    "Third-grader among rescued: Ty Logan is home",
    "Sheriff says Brittany Cole, 14, ran off with man she met online",
    "Menor identificada como Luisa Parra fue rescatada",
    "Luz Elena Gómez, de 15 años, fue hallada en un motel",
    "Trabajadora doméstica Petrona Xol vivió encerrada ocho años",
    "La sobreviviente Carla Núñez declaró ante el juez",
    "Hermanas Ana y Eva Solís, de 8 y 10 años, rescatadas",
    "Buscan a Dulce Peña, desaparecida a los 13 años",
    "Un niño llamado Mateo era obligado a vender dulces",
    "Obligaron a Julio Cantú a sembrar amapola",
    "Survivor of sex trafficking Janelle Fox pardoned by governor",
    "Trafficked as a child, Barb Amaya-Stone wins in court",
    "Pardon for Sara Kruse, victim who killed her trafficker",
    "Paralegal says Rosie Hale, a ninth-grader, was sold by her coach",
    "Sex ring victim Tori Lane speaks out",
    "Lured from Honduras, Keily Paz, 12, was kept in a Houston apartment",
    "At 15, Shayla Monk was sold on Backpage",
    "The boy, Dominic Ash, had been chained",
    "Missing: Aubrey Knox, 13",
    "Ruth Kamau, a Kenyan maid, says diplomats held her passport",
    "Former foster youth Devon Price recounts being sold",
    "Vietnam-born Kim Ngo worked in a nail bar for no wages",
    "Pregnant teen Alexa Rowe escaped from pimp",
    "Twelve-year-old Jonah Beck found living in cult compound",
    "Camila, 9, and her sister Rosa Duarte, 7, were found in truck",
    "Trafficking survivor Lorna Hayes wins $2 million verdict",
    "Kidnapped schoolgirl Hafsat Bello is free",
    "Plaintiff Julie Marsh was recruited at 16 by Epstein",
    "La menor de edad Fernanda Rojas fue hallada con vida",
    "Secuestrada y vendida: así vivió Patricia Lemus",
    "Víctima de trata, Sonia Ek demanda a hotel",
    "Alumna de sexto grado, Itzel Ramos, fue engañada por internet",
    "El caso de Yuliana Díaz, niña explotada en una mina",
    "Albañil Ramiro Cux trabajó sin paga bajo amenazas",
)
OTHERS = (
    "Jeffrey Stone pleads not guilty to selling girls",
    "Trafficker Dwayne Hobbs sentenced to 40 years for exploiting a minor",
    "Coach Bill Tanner arrested for grooming a student",
    "Teacher Amanda Frey charged with abusing a boy",
    "Sheriff Tom Kincaid: child was rescued within hours",
    "Actress Lena Hart plays a survivor in new drama",
    "Singer Marco Bell gives concert for a trafficked girl’s family",
    "Author Ruth Delaney publishes novel about an enslaved child",
    "Professor Helen Shaw studies how victims are lured",
    "Sen. Carl Dorsey introduces bill to help a survivor clear her record",
    "President Walter Monroe signs survivor relief bill",
    "Ohio girl, 12, rescued from motel",
    "Houston teen escaped traffickers, police say",
    "Texas Department of Public Safety rescued 12 children",
    "Covenant House opens shelter for runaway youth",
    "Polly Klaas Foundation searches for missing child",
    "Megan’s Law and the Mann Act, explained",
    "The Justice for Victims of Trafficking Act, ten years on",
    "Nathan Cole convicted of forcing woman into prostitution",
    "Sex-trafficking defendant Kurt Baines, 38, denies he lured a girl",
    "Detective Joan Pratt found the girl in a motel",
    "FBI arrests Gordon Pell in case of exploited boy",
    "Mayor Lucy Chan honors officer who rescued a child",
    "Dr. Alan Brooks treats victims forced to work",
    "Lawyer Simone Vega asks court to free a trafficked woman",
    "Advocate Nora Quinn: no victim should be arrested",
    "Victim advocate Nora Quinn joins task force",
    "Book review: “The Sold Child” by Peter Langley",
    "Jury finds Derek Shaw guilty of trafficking a teen",
    "Tyson Webb faces life for kidnapping a child",
    "Maria Sanchez elected to lead survivors’ network",
    "United Way of Dallas funds beds for a runaway",
    "Tulane University study: a child is exploited every hour",
    "Child labor found at Hyundai supplier in Alabama",
    "New York Times wins prize for series on child migrants forced to work",
    "Salvation Army rescued 300 people last year",
    "Boy Scouts settle abuse claims",
    "Marriott sued by woman who was trafficked at a hotel in Las Vegas",
    "Nun Sister Agnes Bauer shelters girls who fled",
    "A girl who fled told her story in Nairobi",
    "CEO Brad Nolan steps down after child was harmed at plant",
    "Judge rejects appeal of Alan Gorse, who sold a girl",
    "Witness protection for a victim: what Ruth Avery’s bill would do",
    "Missing Persons Day: what families can do",
    "The bride was 15: why Colorado raised the marriage age",
    "La jueza Marta Solano condenó al hombre que vendió a una niña",
    "Detienen a Ramón Prieto por explotar a una menor",
    "La senadora Elena Ruiz pide proteger a la víctima",
    "El fiscal Jorge Luna dijo que la niña fue rescatada",
    "Condenan a Luis Bravo a 20 años por trata de una adolescente",
    "Niña rescatada en Ciudad Juárez",
    "La ONU pide proteger a cada niño explotado en Ucrania",
    "Human Trafficking Victim Rescued From Houston Motel",
    "Trafficking Survivors Relief Act Signed Into Law",
    "Polaris Names Catherine Duvall Chief Executive",
    "Child Trafficking Ring Leader Gets Life Sentence",
    "Senate Passes Bill To Help Survivor Witnesses",
    "Trafficking Survivor Leadership Council Meets in Washington",
    "Judge Harold Tyndall Sentences Man Who Sold Girl",
    "Justice Department Charges Dozens With Child Exploitation",
    "Former NFL player Rod Simms charged in trafficking of teen",
    "Wife of trafficker, Lila Boone, 44, sentenced",
    "Accused of luring girl, Evan Moss, 33, is extradited",
    "Kevin Bacon-Hall stars in series about a kidnapped boy",
    "Attorney General Pam Rivers announces rescue of 12 girls",
    "Rep. Chris Smithson’s bill would protect every exploited child",
    "Mother Teresa Award goes to shelter for trafficked girls",
    "Vice President Dana Holt visits shelter where girl was rescued",
    "District Attorney Lee Pruitt: teen was not a criminal but a victim",
    "Deputy Mark Olson found missing girl in a shed",
    "Pastor Ray Dunn accused of abusing teen",
    "Soccer star Leo Prado donates to shelter for victim",
    "Oprah Winter speaks at gala for survivors",
    "Pediatrician Nina Rao explains signs that a child is trafficked",
    "Elizabeth Smart Foundation trains police",
    "Ben Roethke arrested after girl escapes from home",
    "Megan Thee Foundation gives grant to house a survivor",
    "The Mann Act and the case of a boxer",
    "In Kansas City, a victim’s story changes a law",
    "Los Angeles teen rescued in sting",
    "Santa Fe police seek help after girl found",
    "Social worker Tia Brand wins award for helping a runaway",
    "Jimmy Carter Center honors work for child victims",
    "Judge Ana Montoya frees woman who was forced into crime",
    "Brian Keller gets 25 years for sex trafficking of a minor",
    "Two plead guilty; ringleader Omar Haddad sold girls, FBI says",
    "Ghislaine Marlow loses appeal over abuse of girls",
    "Interpol rescues 85 in Operation Storm Makers",
    "St. Jude Hospital treats girl who escaped",
    "Amazon and Microsoft join effort to find a missing child",
    "White House names Kelly Adler to lead trafficking office",
    "Thomson Reuters Foundation: child forced to mine cobalt",
    "Uncle Ben Foods sued over forced labor",
    "A Syrian boy was sold in Beirut, UNICEF says",
    "Documentary by Sue Barlow follows a girl who escaped",
    "Cardinal John Weir meets a survivor at the Vatican",
    "Prosecutor: Todd Banks trafficked a teen at three hotels",
    "Officer Will Grady, who rescued a child, retires",
    "Jury acquits Neal Potter of exploiting a minor",
    "La gobernadora Rosa Meza visitó a la niña rescatada",
    "El papa León pide por cada niño esclavo",
    "Save the Children rescata a niña en Puerto Príncipe",
    "Acusan a Raúl Pino, de 45 años, de captar a una menor",
    "Fiscal general Marco Ortiz anuncia rescate de una joven",
    "Sheriff’s deputy Ian Cobb charged with sex trafficking a minor",
    "Alabama Gov. Kay Irving signs child labor bill",
    "Stephen Crane Elementary hosts talk on online grooming",
    "Marilyn Monroe Foundation donates to girls’ shelter",
    "Judge denies bail for Keith Rawley, accused of grooming girl",
    "U.S. Attorney Damian Wells: trafficker preyed on a teen",
    "Trafficking kingpin Victor Salas extradited to Texas",
    "Miss Universe Alina Petrov speaks for trafficked children",
    "Pastor’s wife Gloria Hunt convicted of forced labor",
    "Sister Mary Clarke runs home for survivors",
    "Martin Scorsini film tells story of an enslaved boy",
    "Lady Gaga-Smith sings for survivor",
    "U.S. Rep. Ann Wagner-Cole leads hearing on a girl’s death",
    "Amber Hagerman law turns 30",
    "Jacob Wetterling Resource Center helps families of a missing child",
    "Johns Hopkins study: survivors face debt",
    "Chris Hansen-like sting nets teacher",
    "Taylor Sway donates to victim fund",
    "Fort Worth teen rescued",
    "Senadora Lilly Téllez exige justicia para niña",
    "Autora Laura Restrepo presenta novela sobre una niña esclava",
    "UNICEF: cada niño en Gaza necesita ayuda",
)


def test_a_child_or_a_person_who_was_harmed_is_not_named():
    assert [item for item in HARMED if not withheld(*((item,) if isinstance(item, str) else item))] == []


@pytest.mark.parametrize(
    "headline", ["Girl rescued from motel", "Survivor’s lawsuit goes to trial", "Missing boy found"]
)
@pytest.mark.parametrize(
    "text",
    [
        "The arrest was announced by U.S. Attorney Damian Wells on Monday.",
        "“We are grateful,” said Maria Sanchez, a spokeswoman for the department.",
        "Gary Tibbs, 44, of Tampa, is charged with human trafficking.",
        "The Orlando Police Department and Homeland Security found her.",
        "The suspect, Brian Keller, was booked into jail.",
    ],
)
def test_who_acts_in_the_first_sentence_under_a_headline_about_a_child_is_named(headline, text):
    assert not withheld(headline, text)


def test_officials_defendants_authors_and_organizations_are_named():
    assert [title for title in OTHERS if withheld(title)] == []


@pytest.mark.parametrize(
    ("relative", "accused"),
    [("Grandma", "traffickers"), ("Half-sister", "her recruiter"), ("Nana", "a smuggler"), ("Widow", "the ringleader")],
)
def test_a_relative_of_a_person_who_speaks_of_the_accused_names_a_person_who_was_harmed(relative, accused):
    assert withheld(f"{relative} of Corinne Vasker begs {accused} to let them go")
    assert not withheld(f"{relative} of Corinne Vasker opens a bakery")


@pytest.mark.parametrize("relative", ["Abuelita", "Prima", "Padrino", "Viudo", "Tutora"])
@pytest.mark.parametrize("harm", ["desde que lo reclutaron", "tras su secuestro", "que desapareció en mayo"])
def test_a_spanish_relative_names_a_person_who_was_harmed(relative, harm):
    assert withheld(f"{relative} de Corina Vasquero pide justicia {harm}")
