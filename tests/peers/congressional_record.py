"""GovInfo's feeds of the Congressional Record and of committees' reports, and their files, in the printed layout.

The layout is that of issues of 1996 to 2026 which programs keep as test files; the words are invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.peers.feedserver import FeedServer, rss

NOT_FOUND = (
    '<!DOCTYPE html>\n<html lang="en" dir="ltr"><head><title>govinfo</title></head><body>Page not found</body></html>'
)
SPEECH = """
                    TRAFFICKING SURVIVORS RELIEF ACT

  Mr. DURBIN. Madam President, survivors of human trafficking carry
convictions for what they were forced to do. The bill ends that, and
the T visa
remains their road to safety.

[[Page S4242]]

It is late. I ask unanimous consent that a letter be printed in the
Record.
  There being no objection, the material was ordered to be printed in
the Record, as follows:

                                                    July 20, 2026.
     Hon. Dick Durbin,
     U.S. Senate, Washington, DC.
       Dear Senator: We wait years for each T visa, and the law
     allows no such delay.
           Yours,
                                                       The Alliance.

  The PRESIDING OFFICER (Mr. Curtis). The Senator from Florida.
  Ms. VAN HOLLEN of Florida. Mr. President, I thank Mr. DURBIN. for
his words on human trafficking.
  The bill was ordered to a third reading on human trafficking.
  The SPEAKER pro tempore. The time on human trafficking has expired.

                          ____________________
"""
EXTENSION = """
  IN HONOR OF A SHELTER

                                 ______

                          HON. PAUL E. EXAMPLE

                                of ohio

                    in the house of representatives

                         Thursday, July 23, 2026

  Mr. EXAMPLE. Mr. Speaker, the shelter has served survivors of human
trafficking for ten years.
"""
BULLETS = """
<bullet> Mr. McCONNELL. Mr. President, human trafficking is a crime
``against us all.''<bullet>
  Mrs. De La PAZ. Mr. President, I rise on human trafficking.
                             HEALTH CARE
  Mr. President, on another matter, human trafficking harms health.
"""


def part(body: str, *, section: str = "Senate", page: str = "S4241") -> str:
    """A part of an issue, as GovInfo serves it."""
    return (
        "<html>\n<head>\n<title>Congressional Record, Volume 172 Issue 121 (Thursday, July 23, 2026)</title>\n</head>\n"
        "<body><pre>\n[Congressional Record Volume 172, Number 121 (Thursday, July 23, 2026)]\n"
        f"[{section}]\n[Page {page}]\nFrom the Congressional Record Online through the Government Publishing Office "
        f'[<a href="https://www.gpo.gov">www.gpo.gov</a>]\n\n\n{body}\n</pre></body>\n</html>\n'
    )


def parts(listed: Iterable[tuple[str, str, str]]) -> str:
    """The list of an issue's parts: (id, title, the role of a member in it)."""
    rows = "".join(
        f'<relatedItem type="constituent" ID="id-{id_}"><titleInfo><title>{title}</title></titleInfo>'
        f"<extension><accessId>{id_}</accessId><granuleClass>SENATE</granuleClass>"
        f'<congMember bioGuideId="D000563" role="{role}" state="IL"><name type="parsed">Mr. DURBIN</name></congMember>'
        "</extension></relatedItem>"
        for id_, title, role in listed
    )
    return f'<mods xmlns="http://www.loc.gov/mods/v3">{rows}</mods>'


def say_feed(server: FeedServer, path: str, packages: Iterable[tuple[str, str, date]]) -> None:
    """The feed at a path lists these packages: (id, title, day)."""
    items = [
        {
            "title": title,
            "link": f"https://www.govinfo.gov/app/details/{id_}",
            "guid": id_,
            "pubDate": f"{on:%a, %d %b %Y} 09:10:00 +0000",
        }
        for id_, title, on in packages
    ]
    server.say(path, rss(*items))
