"""The commands of /campaign."""

from __future__ import annotations

from typing import Final

from bot.campaign import setup
from bot.campaign.explain import audit, item, why
from bot.campaign.find import PAGE, WORDS, find
from bot.campaign.help import complete, help_
from bot.campaign.personal import follow, follow_choices, followed_choices, me, quiet, unfollow
from bot.campaign.status import WHY, channels, pause, resume, status
from bot.commands.model import STAFF, Choice, Command, Kind, Param, Role
from bot.people.confirm_text import NO_DETAILS

_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})
_CHANNEL: Final = Param("channel", "one channel; everywhere if left out", required=False, complete=channels)
_WHEN: Final = (
    Choice("now", "At once, for alerts"),
    Choice("daily", "In a digest each business day"),
    Choice("weekly", "In a digest on Mondays"),
)

COMMANDS: Final = (
    Command(
        group="campaign",
        verb="setup",
        help="Set up channels, time zone, routes, people and sources; ends with a preview of the digest",
        example="/campaign setup",
        handler=setup.setup,
        params=setup.PARAMS,
        who=_ADMINISTRATOR,
        fetch=setup.fetch_rights,
    ),
    Command(
        group="campaign",
        verb="help",
        help="What you can do here, with examples",
        example="/campaign help",
        handler=help_,
        params=(Param("command", "a command, such as “watch add”", required=False, complete=complete),),
    ),
    Command(
        group="campaign",
        verb="me",
        help="What you follow, your quiet hours, and what waits for you",
        example="/campaign me",
        handler=me,
    ),
    Command(
        group="campaign",
        verb="follow",
        help="Follow an ask, a bill or a state by direct message",
        example='/campaign follow "ask {ask}" when:weekly',
        handler=follow,
        params=(
            Param("what", "an ask, a bill with its Congress, or a state", complete=follow_choices),
            Param("when", "how soon; daily if left out", required=False, choices=_WHEN),
        ),
        changes=True,
    ),
    Command(
        group="campaign",
        verb="unfollow",
        help="Stop following an ask, a bill or a state",
        example="/campaign unfollow {bill}",
        handler=unfollow,
        params=(Param("what", "an ask, a bill or a state that you follow", complete=followed_choices),),
        changes=True,
    ),
    Command(
        group="campaign",
        verb="quiet",
        help="Set hours without direct messages",
        example="/campaign quiet 18:00-08:00 zone:America/Los_Angeles",
        handler=quiet,
        params=(
            Param("hours", "from-to, such as 18:00-08:00; or off"),
            Param("zone", "your time zone; the coalition's if left out", required=False),
        ),
        changes=True,
    ),
    Command(
        group="campaign",
        verb="status",
        help="The state of sources and channels, and what needs attention",
        example="/campaign status",
        handler=status,
        params=(Param("details", "yes: every source and channel", kind=Kind.YES_NO, required=False),),
        who=STAFF,
    ),
    Command(
        group="campaign",
        verb="find",
        help="Search documents, news, letters, stories and notes by words",
        example="/campaign find annual report",
        handler=find,
        params=(WORDS, PAGE),
    ),
    Command(
        group="campaign",
        verb="why",
        help="Why was something posted, or not posted?",
        example="/campaign why 2021-06393",
        handler=why,
        params=(Param("needle", "an address, a Federal Register number, a bill, an id", longest=2_000),),
    ),
    Command(
        group="campaign",
        verb="item",
        help="Show one entry in full",
        example="/campaign item 2021-06393",
        handler=item,
        params=(Param("id", "an id, an address, a Federal Register number, a bill", longest=2_000),),
    ),
    Command(
        group="campaign",
        verb="pause",
        help="Post nothing for a while; reading goes on and nothing is lost",
        example="/campaign pause channel:policy length:2h",
        handler=pause,
        params=(
            _CHANNEL,
            Param("length", "2h, 3d or 1w; until resumed if left out", required=False),
            WHY,
            NO_DETAILS,
        ),
        who=_ADMINISTRATOR,
        changes=True,
    ),
    Command(
        group="campaign",
        verb="resume",
        help="Resume posting",
        example="/campaign resume channel:policy",
        handler=resume,
        params=(_CHANNEL,),
        who=_ADMINISTRATOR,
        changes=True,
    ),
    Command(
        group="campaign",
        verb="audit",
        help="Who changed what, when, from where",
        example="/campaign audit since:7d",
        handler=audit,
        params=(Param("since", "how far back: 12h, 7d, 4w; 7d if left out", required=False),),
        who=_ADMINISTRATOR,
    ),
)
