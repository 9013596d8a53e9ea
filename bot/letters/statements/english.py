"""Classes of English words by which letters are read. Words of grammar, never names of agencies."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _forms(regular: str, irregular: str) -> tuple[frozenset[str], frozenset[str]]:
    """(present, past) forms of verbs; each of `irregular` is ``say/said`` or ``write/wrote/written``."""
    present, past = set[str](), set[str]()
    for verb in regular.split():
        stem = verb[:-1] if verb[-1] in "ey" else verb
        present |= {verb, f"{verb}s", f"{verb}es", f"{stem}ies"}
        past.add(f"{stem}ied" if verb[-1] == "y" else f"{stem}ed")
    for entry in irregular.split():
        verb, *others = entry.split("/")
        present |= {verb, f"{verb}s"}
        past |= set(others)
    return frozenset(present), frozenset(past)


# --- numbers and days -------------------------------------------------------------------------------------------------

SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
# Words that are a quantity alone: "hundreds of", "tripled", "a majority of".
QUANTITIES: Final = _words(
    "hundreds thousands millions billions trillions dozens scores tens half twofold threefold fourfold fivefold "
    "tenfold double doubled doubles triple tripled triples quadrupled halved majority"
)
FRACTIONS: Final = _words(
    "third thirds quarter quarters fourth fourths fifth fifths sixth sixths seventh sevenths eighth eighths tenth "
    "tenths"
)
PERCENT: Final = _words("percent % percentage per-cent")
SPANS: Final = _words("minute minutes hour hours day days week weeks month months year years")
LABELS: Final = _words(  # "ask 4" is not a count
    "ask asks item items paragraph paragraphs page pages question questions part step phase form appendix attachment "
    "enclosure footnote note exhibit table chapter version room suite box route ward local extension number no option "
    "sentence point reason recommendation bullet"
)
PARTS: Final = _words(  # what a letter counts of itself
    "request requests ask asks thing things point points step steps change changes question questions reason reasons "
    "way ways matter matters item items suggestion suggestions recommendation recommendations measure measures idea "
    "ideas sentence sentences paragraph paragraphs word words part parts sides ends"
)
SMALL_WORDS: Final = _words("a an each every per of in the that to and is are was were has have had for at on by")
NO_COUNTS: Final = _words("9/11 24/7 9-1-1 911 988")
POINTING: Final = _words("these those the both all other such")
READERS: Final = _words("us you")  # and the writers: "two of us"
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS: Final = _words("monday tuesday wednesday thursday friday saturday sunday")
SEASONS: Final = _words("spring summer fall autumn winter")

# --- who speaks -------------------------------------------------------------------------------------------------------

FIRST: Final = _words("we i us me my our ours ourselves")
PRONOUNS: Final = _words("it this that these those which what who there")
SERVED: Final = _words(  # whose words to us are our own experience
    "people person survivor survivors client clients family families worker workers volunteer volunteers neighbor "
    "neighbors women woman men youth children tenants farmworkers mothers members member everyone many some others"
)
EVIDENCE: Final = _words(
    "study studies research researcher researchers report reports data survey surveys audit audits auditor auditors "
    "analysis analyses statistics figures numbers poll polls memo memos document documents investigation "
    "investigations investigator investigators findings finding evaluation evaluations review testimony memorandum "
    "record records evidence literature experience filings transcript ruling opinion manual dashboard spreadsheet "
    "email emails"
)
SCIENCE: Final = _words(
    "study studies research survey surveys data poll polls statistics evidence audit audits evaluation evaluations "
    "figures findings numbers experts"
)
ACCOUNTS: Final = _words("account accounts estimate estimates admission budget count counts website press-release")
DEFINITE: Final = _words("the this that these those its such both neither it he she")
ROLES: Final = _words(
    "expert experts scholar scholars economist economists critic critics analyst analysts prosecutor prosecutors "
    "official officials judge judges court courts officer officers sheriff sheriffs chief chiefs police staff aide "
    "aides lawmaker lawmakers senator senators congressman congresswoman representative representatives doctor "
    "doctors scientist scientists journalist journalists reporter reporters newspaper newspapers press witness "
    "witnesses agent agents lawyer lawyers attorney attorneys professor professors voters americans spokesman "
    "spokeswoman spokesperson predecessor secretary director administrator president governor mayor inspector "
    "commissioner jury grantees task department office agency bureau administration government congress committee "
    "leadership chair chairman grand whistleblower insiders economists advocates providers employers prosecutors "
    "detectives"
)
REPORT_PRESENT, REPORT_PAST = _forms(
    "report conclude estimate state testify announce acknowledge admit warn confirm promise pledge vow describe "
    "declare determine rule recommend note argue claim show reveal document prove agree suggest indicate observe "
    "predict project calculate recognize deny insist assert boast explain maintain demonstrate discover identify "
    "endorse score call label blame accuse rank cite complain believe caution concede allege assess assure attest "
    "certify expect",
    "find/found say/said tell/told write/wrote/written hold/held put/put speak/spoke/spoken swear/swore "
    "show/showed/shown",
)
AUXILIARIES: Final = _words("has have had was were did been be is are being do does")
PAST_AUXILIARIES: Final = _words("has have had was were did hasn't haven't hadn't wasn't weren't didn't")
MODALS: Final = _words(
    "will would shall should can could may might must cannot can't won't wouldn't shouldn't couldn't to let please if "
    "whether unless until once when hope hopes ask asks urge want wish"
)
CONDITIONS: Final = _words("if once until unless whether")
LINKS: Final = _words(  # that start a new clause
    "that which who whom because if while where whereas but or so than since before after until unless although "
    "though when as and"
)
ADVERBS: Final = _words(
    "already also now never not ever just even still long recently since only always often again then itself himself "
    "herself themselves repeatedly openly publicly privately rightly wrongly once finally later again quietly ever so "
    "both all yet simply plainly clearly currently formally officially unanimously largely"
)
NOT_PAST: Final = _words(  # words in -ed that are no past tense
    "need indeed hundred united limited speed seed feed exceed proceed succeed breed bleed greed weed deed creed "
    "agreed-upon unneeded need-based undocumented"
)
IRREGULAR_PAST: Final = _words(
    "began broke brought built bought came chose cut did drew drove fell fought gave got grew kept knew led left lost "
    "made met paid put ran rose sat saw sent set shut spent stood stole struck swore took taught threw understood "
    "went won wrote withdrew hid hurt forbade overrode undid forgot let became"
)
PARTICIPLES: Final = _words(
    "become come overcome run put set cut hit let shut cost sold told held made found said lost"
)
# Deeds that are praise or courtesy, which anyone may say of anyone.
SOFT: Final = _words(
    "been had helped led listened worked served cared welcomed heard joined supported deserved shown earned stood "
    "started become inspired encouraged considered"
)

NOBODY: Final = _words("no none nobody nothing neither no-one")
SPEAKERS: Final = EVIDENCE | ROLES

# --- institutions -----------------------------------------------------------------------------------------------------

OFFICES: Final = _words(  # head nouns of an institution's name
    "department office offices bureau agency administration commission division service services court council board "
    "authority institute institutes center centers academy corps directorate unit customs foundation university "
    "college association society ministry embassy nations union league laboratory task force police patrol"
)
COMMITTEES: Final = _words("committee committees subcommittee subcommittees panel caucus conference")
TITLES: Final = _words(
    "senator sen. sen representative rep. rep congressman congresswoman secretary director judge justice president "
    "governor mayor sheriff chief dr. dr professor attorney chair chairman chairwoman speaker leader commissioner "
    "ambassador general administrator inspector comptroller delegate"
)
ALWAYS_KNOWN: Final = _words(  # parts of names that point at someone named elsewhere
    "department departments office offices bureau agency agencies administration commission committee committees "
    "subcommittee congress senate house president secretary attorney general director court government chair speaker "
    "leader senator representative the of for on and to in at your our their act bill division service board council "
    "majority minority ranking member members federal national u.s u.s. united states american americans washington "
    "capitol hill administrator chairman commissioner deputy assistant acting state states i"
)
ACTORS: Final = _words("congress president senate house court customs government administration leadership")
INSTITUTIONS: Final = OFFICES | ROLES | COMMITTEES
GOVERNMENT: Final = OFFICES - {"center", "centers", "police", "task", "force", "unit", "services", "service"}
SEATS: Final = _words("seat serve serves chair chairs chaired member rank sits sit leads lead")
NOT_ACRONYMS: Final = _words("dc nw ne sw se us usa tv id pdf am pm ok covid p.m a.m faq fyi po ps")

# --- a bill's stages --------------------------------------------------------------------------------------------------

ONE_BILL: Final = _words("bill bills it act resolution measure legislation amendment companion")
BILLS: Final = _words("bill bills it act resolution measure legislation amendment companion text this that reform")
CHAMBERS: Final = _words(
    "house senate chamber chambers committee committees subcommittee panel congress president leadership floor "
    "colleagues members republicans democrats conferees parliamentarian leader speaker"
)
STAGES_PAST: Final = _words(
    "passed cleared approved reported referred introduced reintroduced signed vetoed enacted enrolled rejected "
    "defeated discharged recommitted tabled scheduled adopted sent died filed engrossed amended overridden overrode "
    "hotlined advanced voted marked agreed placed received returned calendared stalled failed blocked killed attached "
    "folded ratified concurred considered debated invoked became become moved shelved postponed pulled withdrawn"
)
STAGES_PRESENT: Final = _words(
    "sits awaits waits rests languishes lies pends heads passes clears becomes reaches faces remains stands goes"
)
STAGES_OF_IT: Final = _words("awaits languishes pends sits")
BEING: Final = _words("is are was were been remains became stays has have lacks")
NO_STATE: Final = _words("not a an our time")
BODIES: Final = _words("chambers house senate congress committee")
STAGE_STATES: Final = _words(
    "law dead pending stuck stalled conference calendar desk floor committee enrolled final vetoed passed cleared "
    "president president’s white statute books suspension override cloture petition rules"
)
STAGE_NOUNS: Final = _words("cloture discharge petition override veto markup vote floor conference suspension rollcall")

# --- what turns a statement -------------------------------------------------------------------------------------------

NEGATIONS: Final = _words(
    "not never no none nobody nothing neither nor nowhere without cannot hardly scarcely n't isn't aren't wasn't "
    "weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't mustn't needn't "
    "refuse refuses refused fail fails failed"
)
DOING: Final = _words("do does don't doesn't")
UNIVERSAL: Final = NOBODY - {"no"}
NOT: Final = _words("never not n't") | {word for word in NEGATIONS if word.endswith("n't")}
BEFORE_VERBS: Final = AUXILIARIES | ADVERBS | NEGATIONS
REVERSALS: Final = _words(
    "repealed lapsed expired overturned rescinded revoked suspended ended stopped ignored abandoned failed refused "
    "missed frozen froze canceled cancelled withdrawn withdrew abolished blocked invalidated vacated superseded "
    "replaced reversed gutted weakened neglected violated breached halted eliminated scrapped dropped dismantled "
    "disbanded struck enjoined waived exempted shelved flouted evaded dodged terminated discontinued dissolved undone"
)
REFUSES: Final = _words("refuses fails ignores violates neglects declines breaks blocks denies flouts misses lacks")
UNTRUE: Final = _words(
    "opposite untrue false reverse contrary wrong inaccurate incorrect myth lie outdated obsolete moot"
)
PLAINLY_UNTRUE: Final = _words("opposite untrue false reverse contrary")
TRUTH: Final = _words("true so case correct right accurate law force binding valid effect")
BELIEF: Final = _words("believe believes believed claim claims claimed say says said think thinks")
BACKWARD: Final = _words("this that it following")  # what a sentence about another one calls it
LEGAL: Final = _words(
    "law laws statute statutes act provision provisions section subsection deadline duty requirement rule rules "
    "notice bill order directive protocol exception protection protections regulation guidance clause ban program "
    "exemption mandate definition policy authority defense exclusion condition curriculum training reports report"
)

# --- requests and procedure -------------------------------------------------------------------------------------------

REQUESTS: Final = _words(
    "ask asks request requests urge urges please hope hopes welcome appreciate grateful glad propose proposes "
    "recommend suggest wish would could should want like encourage invite let"
)
IMPERATIVES: Final = _words(  # that begin a request: "Publish data."
    "add adopt allow amend ban bar build cap change clean close create cut deny disclose end enforce ensure establish "
    "expand extend finalize finish fix fund give guarantee help hire hold improve increase inspect invest issue keep "
    "let limit list lower maintain make monitor open pass pay permit phase prevent prohibit protect provide publish "
    "raise reduce reform release remove repeal replace report require restore review revise set share stop strengthen "
    "support test train update withdraw"
)
ASKS: Final = _words("ask asks asked urge urges urged call request")
PROCEDURE: Final = _words(
    "reply replies answer answers respond response meet meeting meetings met call calls speak spoke talk visit "
    "visited hear write wrote follow available open send join discuss discussion conversation briefing schedule reach "
    "spoke minutes"
)
EVENTS: Final = _words(
    "close closes closed closing expire expires expired end ends ended ending due publish published pass passed "
    "introduced open opens opened begins began effect deadline takes took applications comment comments period "
    "hearing markup vote issued adopted enacted"
)

# --- sentences and titles ---------------------------------------------------------------------------------------------

ABBREVIATIONS: Final = _words(  # whose period does not end a sentence
    "apr aug dec feb jan jul jun mar nov oct sep sept art cf cir cl cong dept doc dr ed eds exec fed gov id inc jr l "
    "mr mrs ms mt no nos p para pp pub rep rept reg sec secs sen sr st stat supp u.s u.s.c v vol"
)
UNCAPITALIZED: Final = _words(  # in a title
    "a an and as at but by for from in into its nor of off on or over per s the to up via with"
)
