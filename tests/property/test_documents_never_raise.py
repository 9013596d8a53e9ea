"""A document with any content becomes an entry."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.sources.register.documents import document_entry, filing_entry

KEYS = [
    "document_number", "title", "type", "subtype", "action", "abstract", "dates", "agencies", "publication_date",
    "html_url", "pdf_url", "comments_close_on", "effective_on", "docket_ids", "docket_numbers",
    "regulation_id_numbers", "toc_subject", "toc_doc", "correction_of", "filed_at", "subject_1",
]  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2026-11-24")
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "slug", "name", "raw_name", "parent_id"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_json_object_is_an_entry_of_plain_text(doc):
    for entry in (document_entry(doc, "fr"), filing_entry(doc, "pi", None)):
        assert entry.identity[0]
        assert "\x00" not in entry.title
        assert entry.title == " ".join(entry.title.split())
        entry.title.encode()
