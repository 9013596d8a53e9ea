"""Words that apply to any coalition: pages that are not news, and signs that a text may name a person to protect.

coalition.yml adds those of its cause.
"""

from __future__ import annotations

from typing import Final

NOT_NEWS_SITES: Final = (
    "wikipedia.org", "wikidata.org", "congress.gov", "congress.wiki", "govtrack.us", "legiscan.com", "billtrack50.com",
    "trackbill.com", "fastdemocracy.com", "askwhitehouse.com", "politicalemails.org", "crunchbase.com", "guidestar.org",
    "charitynavigator.org", "idealist.org", "linkedin.com", "indeed.com", "glassdoor.com", "zoominfo.com",
    "coursehero.com", "scribd.com",
)  # fmt: skip
NOT_NEWS_STEPS: Final = (
    "category", "categories", "tag", "tags", "author", "authors", "topic", "topics", "search", "archive", "archives",
    "page", "about", "about-us", "who-we-are", "what-we-do", "our-work", "our-team", "staff", "jobs", "careers",
    "donate", "contact", "policy-priorities", "legislation", "documents", "departments", "services", "client-services",
    "programs", "faq", "glossary", "campaign", "campaigns", "initiatives",
)  # fmt: skip
NOT_NEWS_PAGES: Final = (
    "news", "newsroom", "press", "press-releases", "pressroom", "media", "blog", "latest", "stories", "events", "home",
    "resources",
)  # fmt: skip
NAMING_WORDS: Final = (
    "identified as", "missing girl", "missing boy", "missing teen", "missing teenager", "missing child",
    "missing juvenile", "missing runaway", "found dead",
)  # fmt: skip
MINORS: Final = (
    "girl", "boy", "teen", "teenager", "child", "minor", "juvenile", "daughter", "son", "student", "runaway",
)  # fmt: skip
HAPPENED: Final = (
    "rescued", "recovered", "found", "located", "missing", "saved", "freed", "escaped", "abducted", "kidnapped",
    "identified", "named",
)  # fmt: skip
SERVED: Final = (
    "client", "patient", "resident", "plaintiff", "witness", "minor", "girl", "boy", "woman", "man", "child", "youth",
    "teen", "teenager",
)  # fmt: skip
HARM: Final = ("exploited", "forced", "coerced", "raped", "abused", "assaulted", "abducted", "kidnapped")
DID: Final = ("escaped", "fled")
