"""/public: what the campaign page shows to everyone. Nothing is shown before an administrator saw it as it will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bot.campaign.scorecard import general_election
from bot.commands.arguments import matching
from bot.commands.model import (
    ADMINISTRATOR,
    SURE,
    Choice,
    Context,
    Group,
    Param,
    Refused,
    Reply,
    answer,
    confirmation_param,
)
from bot.letters import records as letters
from bot.letters.lifecycle import FINAL, State
from bot.media.news import wording as news
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.wording import cap_lines, number, short
from bot.site.public import campaign, records, subscribers
from bot.site.public.campaign import AskShown, BillShown, ClipShown, KitShown, ScorecardShown, Shown
from bot.site.public.records import Kind, PublicItem

PREVIEW: Final = "/preview"  # of the board
_LISTED: Final = 30

slash = Group("public", who=ADMINISTRATOR)


def _candidates(ctx: Context, typed: str) -> Sequence[Choice]:
    """What could be shown: asks, bills, letters and recent clips."""
    coalition = ctx.config.coalition
    bills = [bill for family in coalition.bills.values() for bill in family.bills]
    locked = letters.letters(ctx.tx, FINAL | {State.OPEN})
    named = [
        *((f"ask {number_}", ask.title) for number_, ask in coalition.asks.items()),
        *((f"letter {letter.name}", letter.version.subject) for letter in locked),
        *((f"bill {bill.id}", bill.title) for bill in reversed(bills)),
        *((f"kit {letter.name}", f"for supporters: {letter.version.subject}") for letter in locked),
        *((f"kit {bill.id}", f"for supporters: {bill.title}") for bill in reversed(bills) if bill.follow),
        ("scorecard", "what every member of Congress did on your bills"),
        *((f"clip {story.label}", story.title) for story in news.recent_stories(ctx, news.RECENT) if story.clip),
    ]
    return matching((Choice(name, short(f"{name}: {title}".removesuffix(": "), 100)) for name, title in named), typed)


def _shown_now(ctx: Context, typed: str) -> Sequence[Choice]:
    named = [(_name(each.item, each.shown), each.headline) for each in campaign.load(ctx.tx, ctx.config, ctx.now).news]
    return [Choice(name, short(f"{name}: {head}", 100)) for name, head in named if typed.casefold() in name.casefold()]


_WHAT: Final = Param(
    "what",
    "such as ask 4, bill hr1234-119, letter L-014, clip S-12, scorecard, kit L-014",
    complete=_candidates,
    longest=80,
)
_ON_PAGE: Final = Param("what", "what the page shows, such as ask 4", complete=_shown_now, longest=80)
# A digest of what the question showed: nothing is published unseen.
_SHOWN: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)


_CAMPAIGN: Final = timedelta(days=60)  # before a general election


def _election_near(today: date) -> str:
    """Why a scorecard should not be published today; "" if no general election is near."""
    on = general_election(today)
    if on - today > _CAMPAIGN:
        return ""
    return (
        f"The general election is on {day_in_words(on)}, in {number((on - today).days, 'day')}. A charity that "
        "publishes a scorecard shortly before one may be taken to campaign for or against candidates, which 26 U.S.C. "
        "501(c)(3) forbids (Rev. Rul. 78-248 and 80-282). Not legal advice: ask your counsel."
    )


def _hide_before(today: date) -> str:
    """What is to be decided again of a scorecard that is shown: it follows the records close to an election, too."""
    on = general_election(today)
    return (
        f"The general election is on {day_in_words(on)}: by {day_in_words(on - _CAMPAIGN)}, decide whether to hide it."
    )


@slash.command(
    example="ask {ask}", params=(_WHAT, _SHOWN, confirmation_param("show it before an election")), changes=True
)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show an ask, a bill, a letter or a clip to everyone."""
    if not ctx.config.site:
        raise Refused("There is no web site yet: set WEB_URL in .env (docs/web.md).")
    if ctx.config.coalition.example:
        raise Refused(
            "coalition.yml is still the shipped example, so nothing may be shown in its name. Make it your own, then "
            "remove the line `example: true`."
        )
    item, shown = campaign.candidate(ctx.tx, ctx.config, args["what"], ctx.now)
    name = _name(item, shown)
    digest = item.digest[:16]
    if args.get("shown") != digest:
        preview = f"{ctx.config.site}{PREVIEW}?add={name.replace(' ', '+')}"
        return answer(
            f"Show {name} to everyone?",
            *_lines(shown),
            _hide_before(ctx.today) if isinstance(shown, ScorecardShown) else "",
            Line("See the page as it will be (only administrators can)", preview),
            "Anyone can read, copy and link to it. /public hide takes it off again.",
            buttons=(Button("Show it", "public show", (("what", name), ("shown", digest)), "primary"),),
        )
    why_not = _election_near(ctx.today) if isinstance(shown, ScorecardShown) and args.get(SURE) != "yes" else ""
    if why_not:
        again = Button("Show it before the election", "public show", (("what", name), ("shown", digest), (SURE, "yes")))
        return answer("Show the scorecard before the election?", why_not, buttons=(again,))
    records.show(ctx.tx, item, ctx.actor.person or "")
    ctx.note(name, "not public", "shown on the public page")
    return answer(
        f"Everyone can see {name}",
        Line("See it there", f"{ctx.config.site}{campaign.News(item, shown).path}"),
        "People who subscribed by email get it with the next day's news.",
        buttons=(Button("Hide it again", "public hide", (("what", name),)), Button("What is public", "public list")),
    )


@slash.command(example="ask {ask}", params=(_ON_PAGE,), changes=True)
def hide(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take something off the public page."""
    wanted = " ".join(args["what"].split()).casefold()
    name, item = next(((name, item) for name, item, _ in _items(ctx) if name.casefold() == wanted), ("", None))
    if item is None:
        what = short(args["what"], 40)
        raise Refused(f"“{what}” is not on the public page. /public list shows what is.", param="what")
    records.hide(ctx.tx, item.kind, item.name, ctx.now)
    subscribers.refresh(ctx)
    ctx.note(name, "shown on the public page", "not public")
    return answer(
        f"{name[0].upper()}{name[1:]} is no longer public",
        "Copies that others made, such as search engines, are beyond the bot's reach.",
        buttons=(Button("Show it again", "public show", (("what", name),)),),
    )


@slash.command()
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List what everyone can see, and the page's address."""
    site = ctx.config.site
    items = _items(ctx)
    if not items:
        return answer(
            "Nothing is public; the page is off",
            "" if site else "It also needs the web site: WEB_URL in .env (docs/web.md).",
            buttons=(Button("Show something", "public show"),),
        )
    lines = [f"{name}: {_state(ctx, shown)}" for name, _, shown in items]
    count = subscribers.count(ctx.tx)
    unserved = "It is not served: WEB_URL is not set (docs/web.md)."
    page = Line("The public page", f"{site}{campaign.PATH}") if site else unserved
    return answer(
        f"{number(len(items), 'item is', 'items are')} public",
        page,
        *cap_lines(lines, _LISTED),
        foot=f"{number(count, 'subscriber')} by email",
        buttons=(Button("Show something", "public show"), Button("Hide something", "public hide")),
    )


# --- helpers ----------------------------------------------------------------------------------------------------------


def _lines(shown: Shown) -> list[str]:
    """What everyone will see of it."""
    match shown:
        case AskShown():
            return [shown.title, shown.text]
        case BillShown():
            names = f"With their names: {short(', '.join(shown.backers), 600)}." if shown.backers else ""
            return [shown.title, shown.summary, names, shown.as_of or "Its record has not been read yet."]
        case ClipShown():
            return [shown.title, shown.summary, shown.url]
        case ScorecardShown() | KitShown():
            return [shown.title, shown.summary, *shown.details]
        case _:
            if shown.is_open:
                after = "When it is locked, its final text, its PDF and who signed it are shown instead."
                return [shown.title, shown.summary, f"How many signed, and a link to its page. {after}"]
            signed = [each.legal_name for each in (*shown.members, *shown.allies)]
            names = f"Its final text, its PDF, and who signed it: {short(', '.join(signed), 600)}." if signed else ""
            return [shown.title, shown.summary, names or "Its final text and its PDF. No organization signed it."]


def _name(item: PublicItem, shown: Shown | None) -> str:
    """An item as people type it: "ask 4", "letter L-014"."""
    if shown is not None and item.kind in (Kind.LETTER, Kind.CLIP):
        return f"{item.kind.value} {shown.label}"
    return f"{item.kind.value} {item.name}".rstrip()


def _items(ctx: Context) -> list[tuple[str, PublicItem, Shown | None]]:
    """Every item that was switched on, with its name, and what the page shows of it: None if it leaves it out."""
    items = [(item, campaign.resolve(ctx.tx, ctx.config, item, ctx.now)) for item in records.items(ctx.tx)]
    return [(_name(item, shown), item, shown) for item, shown in items]


def _state(ctx: Context, shown: Shown | None) -> str:
    if shown is None:
        return "left out, because it is no longer public"
    if isinstance(shown, ScorecardShown):
        return f"{shown.title}. {_election_near(ctx.today) or _hide_before(ctx.today)}"
    if isinstance(shown, AskShown):
        ask = ctx.config.coalition.asks[int(shown.name)]
        if (ask.title, ask.text) != (shown.title, shown.text):
            return f"{shown.title} (its text has changed since; show it again to show the new one)"
    return shown.title
