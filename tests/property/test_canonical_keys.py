import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shared.urls import canonical_key, web_address

_word = st.text(st.sampled_from("abAB01-_.~%é&+"), min_size=1, max_size=6)
_pages = st.builds(
    lambda host, steps, query: f"{host}.org/{'/'.join(steps)}{'?' if query else ''}{'&'.join(query)}",
    st.text(st.sampled_from("abc"), min_size=1, max_size=5),
    st.lists(_word, max_size=3),
    st.lists(st.builds("{}={}".format, st.sampled_from(["id", "p", "q", "DocumentID"]), _word), max_size=3),
)


@given(_pages)
def test_the_key_of_a_key_is_that_key(page):
    key = canonical_key(f"https://{page}")
    assert canonical_key(f"http://{key}") == key


@given(_pages, st.sampled_from(["http://", "https://www.", "https://m.", "https://amp."]), st.sampled_from(["", "#x"]))
def test_scheme_host_prefix_and_fragment_do_not_tell_pages_apart(page, prefix, suffix):
    assert canonical_key(f"{prefix}{page}{suffix}") == canonical_key(f"https://{page}")


@pytest.mark.long
@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.org/", "https://a.org:", "http://["]))
def test_whatever_passes_for_an_address_has_a_key(text, prefix):
    if url := web_address(prefix + text):
        assert re.match(r"https?://", url, re.IGNORECASE)
        canonical_key(url)
