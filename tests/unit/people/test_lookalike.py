"""Which names could pass for a member's, whatever they are spelled with."""

from __future__ import annotations

import pytest

from bot.shared.lookalikes import Lookalikes, is_odd

MEMBERS = Lookalikes({
    "polaris": ("Polaris", "Polaris Project"),
    "cast": ("Coalition to Abolish Slavery and Trafficking", "CAST"),
    "truah": ("T’ruah: The Rabbinic Call for Human Rights", "T’ruah"),
    "verite": ("Verite",),
})  # fmt: skip


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("Polaris.", "polaris"), ("P\u043elaris", "polaris"), ("Polaris (national office)", "polaris"),
        ("POLARlS", "polaris"), ("P0laris", "polaris"), ("Ｐｏｌａｒｉｓ", "polaris"), ("Pol\u200baris", "polaris"),
        ("Pol aris, Inc.", "polaris"), ("The Polaris", "polaris"), ("\u03a1ol\u0251ris", "polaris"),
        ("polaris project", "polaris"), ("𝐏olaris", "polaris"), ("Polar\u0131s", "polaris"),
        ("C.A.S.T.", "cast"), ("Coalition to Abolish Slavery & Trafficking", "cast"), ("T'ruah", "truah"),
        ("Vérité", "verite"), ("Veríte [US]", "verite"), ("Polaris Industries", None), ("Étoile", None), ("", None),
        ("\u0412\u0441\u0435\u043c\u0438\u0440\u043d\u044b\u0439", None), ("???????", None),
    ],
)  # fmt: skip
def test_a_name_that_reads_like_a_member_s_is_reported(name, member):
    assert MEMBERS.same(name) == member


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("Polaris Industries", "polaris"), ("Friends of CAST", "cast"), ("Castle Rock", None), ("Good Org", None),
        ("Youth Polaris-Project West", "polaris"),
    ],
)  # fmt: skip
def test_a_name_that_contains_a_member_s_is_reported(name, member):
    assert MEMBERS.holds(name) == member


@pytest.mark.parametrize(("name", "odd"), [("Étoile Niños", False), ("\u041c\u0438\u0440", True), ("Co\u0433p", True)])
def test_letters_of_another_alphabet_are_reported(name, odd):
    assert is_odd(name) is odd
