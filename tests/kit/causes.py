"""Words of the two examples' causes, and which of them a text has."""

import re

FIRST = (
    "survivor*", "traffick*", "slavery", "victim*", "police", "atest", "polaris", "immokalee", "forced labor", "1307",
    "hr4323", "vacatur", "continued presence", "blue campaign",
)  # fmt: skip
SECOND = ("heat", "shade", "field-heat", "fhsc", "acclimatiz*", "harvest", "picker*", "prairie clinics")


def words_in(text: str, words: tuple[str, ...]) -> list[str]:
    """The words that are in the text; "*" matches any ending."""
    return [word for word in words if re.search(_pattern(word), text, re.IGNORECASE)]


def _pattern(word: str) -> str:
    end = "" if word.endswith("*") else r"(?!\w)"
    return rf"(?<!\w){re.escape(word.removesuffix('*'))}{end}"
