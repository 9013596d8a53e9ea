"""What the campaign page shows: only items that an administrator switched on, and of these only public facts.

An ask and a clip's headline are shown as the administrator saw them. A bill follows its record. A letter is shown while
others can sign it on its own page, and from its lock on. What is not public any more is left out at once: a clip that
was withheld, a withdrawn letter.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeVar

from bot.bills import facts
from bot.bills import wording as bill_wording
from bot.bills.model import BillFacts
from bot.campaign import scorecard
from bot.campaign.scorecard import Scorecard
from bot.commands.model import Refused
from bot.config.load import Config
from bot.congress import records as congress
from bot.congress.address import PRESS
from bot.letters import records as letters
from bot.letters import wording as letter_wording
from bot.letters.allies import signing
from bot.letters.allies.records import has_page
from bot.letters.lifecycle import Dossier, State
from bot.media.news import records as news
from bot.media.news.model import Story
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_in_words
from bot.shared.language import ENGLISH, gettext, ngettext, query, speaking
from bot.shared.plain_text import typographic
from bot.shared.wording import listed, short
from bot.site.public import records
from bot.site.public.records import Kind, PublicItem
from bot.store.database import Reader

PATH: Final = "/campaign"
SIGN: Final = "/sign"
SCORECARD: Final = f"{PATH}/scorecard"
KIT: Final = f"{PATH}/kit"
_POST: Final = 220  # characters of a text to post, with room for the page's address
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskShown:
    """An ask as the page shows it."""

    name: str  # its number
    title: str
    text: str

    @property
    def label(self) -> str:
        return gettext("Ask %(number)s", number=self.name)

    @property
    def summary(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class BillShown:
    """A bill by its record. `backers`: None if the record does not name cosponsors; `as_of` in words."""

    name: str
    label: str
    title: str
    state: str
    sponsor: str
    backers: tuple[str, ...] | None
    count: str
    as_of: str
    page: str  # on congress.gov

    @property
    def summary(self) -> str:
        return ". ".join(part.rstrip(".") for part in (self.state, self.sponsor, self.count) if part) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterShown:
    """A locked letter with its final text and signatures; or, if `is_open`, one that others can sign now."""

    name: str  # its id
    letter: Dossier
    to: str  # the addressees, as locked
    day: date  # of the lock, or on which sign-on closes
    sent: date | None = None
    is_open: bool = False
    members: tuple[signing.Signer, ...]
    allies: tuple[signing.Signer, ...]

    @property
    def label(self) -> str:
        return self.letter.name

    @property
    def title(self) -> str:
        return self.letter.version.subject

    @property
    def count(self) -> str:
        return ngettext("%(num)s organization", "%(num)s organizations", len(self.members) + len(self.allies))

    @property
    def until(self) -> str:
        return gettext("Organizations can sign until %(day)s.", day=day_in_words(self.day))

    @property
    def summary(self) -> str:
        if self.is_open:
            return gettext("To %(office)s.", office=self.to) + " " + self.until
        on = {"office": self.to, "day": day_in_words(self.sent or self.day)}
        if self.sent:
            state = gettext("To %(office)s, sent %(day)s.", **on)
        else:
            state = gettext("To %(office)s, final since %(day)s, not sent yet.", **on)
        signed = gettext("Signed by %(count)s.", count=self.count) if self.members or self.allies else ""
        return f"{state} {signed}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipShown:
    """An article of a clip: its headline, outlet, day and address, and nothing of what was noted."""

    name: str  # its story's id
    mention: str  # id
    label: str
    title: str
    outlet: str
    day: date
    url: str

    @property
    def summary(self) -> str:
        return f"{self.outlet}, {day_in_words(self.day)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardShown:
    """The scorecard by the records of now."""

    card: Scorecard
    name: str = ""  # there is one

    @property
    def label(self) -> str:
        return gettext("Scorecard")

    @property
    def title(self) -> str:
        count = len(self.card.items)
        return ngettext("%(num)s item, every member of Congress", "%(num)s items, every member of Congress", count)

    @property
    def summary(self) -> str:
        return f"{listed([item.name for item in self.card.items], 4)}. {self.card.rule}"

    @property
    def details(self) -> list[str]:
        """What the question before it is shown says besides."""
        return [*self.card.notes, "Every member is on it by name, and it follows the records until you hide it."]


@dataclass(frozen=True, slots=True, kw_only=True)
class KitShown:
    """What members give their own supporters about a bill or a letter: `points` are asks, with their reasons.

    `quoted`: what of the summary is in English on every page.
    """

    name: str  # "L-014", "hr4323-119"
    about: str
    title: str
    summary: str
    quoted: str = field(repr=False)  # no news when it changes
    points: tuple[tuple[str, str, str], ...]  # title, text, because

    @property
    def label(self) -> str:
        return gettext("Kit for %(about)s", about=self.about)

    @property
    def details(self) -> list[str]:
        """What the question before it is shown says besides."""
        calls = "It asks the public to call Congress: on legislation, that is grassroots lobbying (/lobbying log)."
        points = [f"{title}. {because}" for title, _, because in self.points]
        return [*points, "With every member's telephone, by state.", calls]

    @property
    def posts(self) -> tuple[str, ...]:
        """Texts to post, to which the page adds its address. Our own number of a letter says nothing to others."""
        first = self.title if self.about == self.name else f"{self.about}: {self.title}"
        return (first, *(short(text or title, _POST) for title, text, _ in self.points))


Shown = AskShown | BillShown | LetterShown | ClipShown | ScorecardShown | KitShown


@dataclass(frozen=True, slots=True)
class News:
    """An item for feeds and mail, and where it is on the page."""

    item: PublicItem
    shown: Shown

    @property
    def headline(self) -> str:
        if isinstance(self.shown, ClipShown):
            return f"{self.shown.outlet}: {self.shown.title}"
        return f"{self.shown.label}: {self.shown.title}"

    @property
    def path(self) -> str:
        if isinstance(self.shown, LetterShown):
            return f"{SIGN if self.shown.is_open else PATH}/{self.shown.label}{query()}"
        if isinstance(self.shown, ScorecardShown):
            return f"{SCORECARD}{query()}"
        if isinstance(self.shown, KitShown):
            return f"{KIT}/{self.shown.name}{query()}"
        name = self.shown.label if self.item.kind is Kind.CLIP else self.shown.name
        return f"{PATH}{query()}#{self.item.kind.value}-{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage:
    """Everything on the page.

    `changed_at`: when any of it last changed, or was hidden; None if nothing ever was shown. `changes`: the items whose
    content is not what is recorded of them, and its digest.
    """

    asks: tuple[AskShown, ...]
    bills: tuple[BillShown, ...]
    letters: tuple[LetterShown, ...]
    open_letters: tuple[LetterShown, ...]  # the first to close first
    clips: tuple[ClipShown, ...]
    scorecard: ScorecardShown | None = None
    kits: tuple[KitShown, ...] = ()
    news: tuple[News, ...]  # newest first
    changed_at: datetime | None
    changes: tuple[tuple[PublicItem, str], ...]


def load(db: Reader, config: Config, now: datetime, *, extra: PublicItem | None = None) -> CampaignPage:
    """Return the page. `extra`: an item that is not shown yet, for a preview."""
    items = {(item.kind, item.name): item for item in records.items(db)}
    if extra:
        items.pop((extra.kind, extra.name), None)  # it goes last
        items[extra.kind, extra.name] = extra
    pairs = [(item, resolve(db, config, item, now)) for item in items.values()]
    news = [News(item, shown) for item, shown in pairs if shown]

    def of(kind: type[T]) -> list[T]:
        return [each.shown for each in news if isinstance(each.shown, kind)]

    written = sorted(of(LetterShown), key=lambda letter: (letter.day, letter.label))
    changes = tuple((item, current) for item, shown in pairs if (current := digest(shown)) != item.digest)
    return CampaignPage(
        asks=tuple(sorted(of(AskShown), key=lambda ask: int(ask.name))),
        bills=tuple(sorted(of(BillShown), key=lambda bill: (-BillNumber.of(bill.name).congress, bill.name))),
        letters=tuple(each for each in written[::-1] if not each.is_open),
        open_letters=tuple(each for each in written if each.is_open),
        clips=tuple(sorted(of(ClipShown), key=lambda clip: clip.day)[::-1]),
        scorecard=next(iter(of(ScorecardShown)), None),
        kits=tuple(of(KitShown)),
        news=tuple(sorted(news, key=lambda each: (each.item.changed_at, each.headline), reverse=True)),
        # A change that is not recorded yet has no date, and no program may be answered that it has the page.
        changed_at=now if changes else records.changed_at(db),
        changes=changes,
    )


def resolve(db: Reader, config: Config, item: PublicItem, now: datetime) -> Shown | None:
    """Return what the page shows of an item; None if it is not public any more."""
    shown = _find(db, config, item.kind, item.name, now, item.body)
    return None if isinstance(shown, str) else shown


def candidate(db: Reader, config: Config, typed: str, now: datetime) -> tuple[PublicItem, Shown]:
    """Return the item that a person typed ("ask 4", "letter L-014"), as it would be shown. Raises `Refused`."""
    word, _, rest = " ".join(typed.split()).partition(" ")
    kind = next((each for each in Kind if each.value == word.casefold()), None)
    if kind is None:
        raise Refused("Say what: ask 4, bill hr1234-119, letter L-014, clip S-12, scorecard, kit L-014.", param="what")
    shown = _find(db, config, kind, rest, now)
    match shown:
        case str():
            raise Refused(shown, param="what")
        case AskShown():
            body = json.dumps({"name": shown.name, "title": shown.title, "text": shown.text})
        case ClipShown():
            body = f"{shown.mention} {shown.title}"
        case _:
            body = ""
    return PublicItem(kind=kind, name=shown.name, body=body, digest=digest(shown), shown_at=now, changed_at=now), shown


def digest(shown: Shown | None) -> str:
    """A digest of what the page shows, "" if that is nothing. When a record was read is not part of it."""
    match shown:
        case None:
            return ""
        case LetterShown():
            signed = () if shown.is_open else (shown.members, shown.allies)  # while it is open, a signature is no news
            parts: tuple[object, ...] = (shown.letter.version.digest, shown.sent, *signed)
        case BillShown():
            parts = (shown.title, shown.state, shown.sponsor, shown.backers)
        case ScorecardShown():  # a position is no news; its bill's is
            parts = (*(item.name for item in shown.card.items), shown.card.rule)
        case _:
            parts = (shown,)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _why_no_letter(db: Reader, letter: Dossier, now: datetime) -> str:
    """Why everyone must not see this letter; "" if they may."""
    if PRESS in letter.version.addressees:
        return f"{letter.name} is a press release. Release it to the press; the page shows letters."
    if letter.locked_at is None and letter.is_open(now) and has_page(db, letter.id):
        return ""
    if letter.locked_at is None or letter.state is State.WITHDRAWN:
        return (
            f"{letter.name} is {letter.state.value}. Only a locked letter can be shown, or one that others can sign "
            f"now (/allies open {letter.name})."
        )
    if letter.untrue and not letter.is_history:
        return f"{letter.name} was not sent yet and is out of date. {' '.join(letter.untrue)}"
    return ""


# --- helpers ----------------------------------------------------------------------------------------------------------


def _find(db: Reader, config: Config, kind: Kind, name: str, now: datetime, body: str = "") -> Shown | str:
    """What the page shows of an item, by its id or as a person typed it; or else why everyone must not see it.

    `body`: what is stored of an item that is shown.
    """
    shown: Shown | str
    match kind:
        case Kind.ASK:
            shown = _ask(config, name, body)
        case Kind.BILL:
            if bill := _bill(db, config, name.casefold(), now):
                return bill
            shown = f"“{short(name, 40)}” is not one of your bills. /bill list shows them."
        case Kind.LETTER:
            if letter := letters.find(db, name):
                closed = f"{letter.name} cannot be signed now."
                return _why_no_letter(db, letter, now) or _letter(db, config, letter, now) or closed
            shown = f"There is no letter “{short(name, 40)}”. /letter list shows them."
        case Kind.CLIP:
            if story := news.find(db, name):
                gone = f"{story.label} no longer has that article."
                return _why_no_clip(story) or _clip(config, story, body or story.original.id) or gone
            shown = f"There is no story “{short(name, 40)}”. /mentions list shows the newest."
        case Kind.SCORECARD:
            shown = _scorecard(db, config)
        case Kind.KIT:
            shown = _kit(db, config, name, now)
    return shown


def _ask(config: Config, name: str, body: str) -> AskShown | str:
    ask = config.coalition.asks.get(int(name)) if name.isascii() and name.isdigit() and len(name) <= 4 else None
    if ask is None:
        return f"There is no ask “{short(name, 20)}”. There are asks {', '.join(map(str, config.coalition.asks))}."
    current = {"name": str(int(name)), "title": ask.title, "text": ask.text}
    return AskShown(**(json.loads(body) if body else current))


def _scorecard(db: Reader, config: Config) -> ScorecardShown | str:
    try:
        return ScorecardShown(card=scorecard.refuse_empty(scorecard.build(db, config.coalition)))
    except Refused as refused:
        return refused.what


def _kit(db: Reader, config: Config, name: str, now: datetime) -> KitShown | str:
    """A kit for a letter that everyone may see, or for a bill of ours."""
    letter, listing = letters.find(db, name), facts.listing(config.coalition, name.casefold())
    shown = _find(db, config, Kind.LETTER if letter else Kind.BILL, name, now)
    asks = [letter.ask] if letter else listing[0].asks if listing else ()
    if not isinstance(shown, LetterShown | BillShown):
        return shown if isinstance(shown, str) else ""
    own = [config.coalition.asks[ask] for ask in asks if ask in config.coalition.asks]
    written = letter.summary if letter else ""
    return KitShown(
        name=shown.label if isinstance(shown, LetterShown) else shown.name,
        about=shown.label,
        title=shown.title,
        summary=written or shown.summary,
        quoted=written or (shown.to if isinstance(shown, LetterShown) else shown.state.rstrip(".")),
        points=tuple((ask.title, ask.text, ask.because) for ask in own),
    )


def _clip(config: Config, story: Story, body: str) -> ClipShown | None:
    """The article of the story that was shown: its id, and its headline then; None if it was taken away since."""
    mention_id, _, title = body.partition(" ")
    mention = next((each for each in story.mentions if each.id == mention_id), None)
    if mention is None:
        return None
    return ClipShown(
        name=story.id,
        mention=mention.id,
        label=story.label,
        title=title or mention.latest,
        outlet=mention.outlet,
        day=mention.at.astimezone(config.coalition.tz).date(),
        url=mention.url,
    )


def _why_no_clip(story: Story) -> str:
    """Why everyone must not see this story. A released headline was released to the press contact alone."""
    if any(mention.withheld for mention in story.mentions):
        return f"{story.label} may name a minor or someone who was harmed. It is not shown."
    if story.clip is None:
        return f"{story.label} is not a clip. /mentions clip {story.label} makes it one."
    return "" if story.original.url else f"{story.label} has no address."


def _bill(db: Reader, config: Config, id_: str, now: datetime) -> BillShown | None:
    """The bill by its record; None if it is not in one of our families."""
    coalition = config.coalition
    if facts.listing(coalition, id_) is None:
        return None
    about = facts.bill_facts(db, coalition, id_, now=now)
    joined = _backers(db, about)
    with speaking(ENGLISH):  # on a page in another language, too
        status = about.status.rstrip(".")
    sponsor = gettext("Sponsor: %(name)s", name=about.sponsor) if about.sponsor else ""
    was_read = about.as_of is not None
    if joined is None:
        count = gettext("Its cosponsors are not known") if was_read else ""
    else:
        count = bill_wording.cosponsor_summary([seat for _, seat in joined]) if joined else gettext("No cosponsors")
    at = bill_wording.time_text(about.as_of, coalition.tz) if about.as_of else ""
    read = gettext("%(source)s, as of %(time)s", source=about.source, time=at) if at else ""
    directory = congress.stored_directory(db) if joined else None
    as_of = day_in_words(directory.as_of) if directory else ""
    parties = gettext("parties by the directory of Congress of %(day)s", day=as_of) if as_of else ""
    law = ""
    if about.enacted is not None and not about.law:  # of a bill like this one
        how = "introduced with the same text" if about.enacted.same_text else "a bill on the same subject"
        law = f"{about.enacted.bill.label}, {how}, became {about.enacted.law}"
    return BillShown(
        name=id_,
        label=about.bill.label,
        title=about.title,
        state=". ".join(filter(None, (status, law))),
        sponsor=sponsor,
        backers=None if joined is None else tuple(name for name, _ in joined),
        count=count,
        as_of="; ".join(filter(None, (read, parties))),
        page=about.bill.page,
    )


def _backers(db: Reader, about: BillFacts) -> list[tuple[str, tuple[str, str]]] | None:
    """Each cosponsor's name and seat (party, state): of today's members by the directory; None if not known."""
    if about.current_cosponsors is None:
        return None
    members = {member.bioguide: member for member in congress.members(db)}
    backers = []
    for id_, joined in about.current_cosponsors.items():
        member = members.get(id_)
        party, state = (member.party[:1], member.state) if member else (joined.party, joined.state)
        name = f"{member.role.value} {member.full_name}" if member else facts.member_name(joined.name)
        seat = f" ({party}-{state})" if party and state else ""
        backers.append((f"{typographic(name)}{seat}", (party, state)))
    return sorted(backers, key=lambda backer: (backer[1][1], backer[0]))


def _letter(db: Reader, config: Config, letter: Dossier, now: datetime) -> LetterShown | None:
    """The letter as it was locked, or with the newest text that was opened; None if that cannot be signed."""
    if letter.locked_at is None:
        page = signing.page(db, config, letter.id, now)
        if page is None or not page.is_open or page.letter.closes_at is None:
            return None
        return LetterShown(
            name=letter.id,
            letter=page.letter,
            to=letter_wording.recipients(page.letter),
            day=config.coalition.day(page.letter.closes_at),
            is_open=True,
            members=page.members,
            allies=page.allies,
        )
    members, allies = signing.signers(db, config, letter)
    mailed = [mail.on for mail in letters.mail(db, letter.id) if mail.kind == "sent"]
    to = [addressee.name for addressee in letters.locked(db, letter.id)[0].values()]
    return LetterShown(
        name=letter.id,
        letter=letter,
        to=typographic(listed(to, 3)) if to else letter_wording.recipients(letter),
        sent=min(mailed, default=None),
        day=config.coalition.day(letter.locked_at),
        members=members,
        allies=allies,
    )
