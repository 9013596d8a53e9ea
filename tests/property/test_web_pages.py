"""Pages with hostile words in every place: nothing becomes markup, and a form comes back as it was filled in."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from bot.chat.web import forms as web_forms
from bot.chat.web.pages import card_view
from bot.chat.web.shell import Templates
from bot.commands.model import Choice, Command, Form, FormField, Param, Refusal
from tests.kit.answers import TODAY
from tests.kit.web_face import form_fields
from tests.property.test_discord_answers import buttons, relaxed
from tests.property.test_discord_answers import forms as any_forms
from tests.property.test_hostile_text import cards, text

TEMPLATES = Templates()
ELEMENTS = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "div", "nav", "ul", "li", "main", "article", "h1",
    "h2", "h3", "p", "strong", "time", "section", "form", "input", "button", "footer", "code", "span", "fieldset",
    "legend", "label", "select", "option", "textarea", "datalist",
}  # fmt: skip
SHELL = {
    "nav": (),
    "actor": None,
    "here": "",
    "site": "Us",
    "token": "t" * 64,
    "request_id": "r" * 32,
    "back": ("Today", "/today"),
    "preview": None,
    "trial": None,
    "nonce": "",
}


def page(template, **values):
    """The page as a browser reads it. Only our own elements and attributes are there, and no address runs anything."""
    text_ = TEMPLATES.render(template, **SHELL | values)
    tree = html.fromstring(text_.encode("utf-8", "replace").decode())
    for element in tree.iter():
        assert element.tag in ELEMENTS, element.tag
        assert not any(name.startswith("on") or name == "style" for name in element.attrib), element.attrib
        for name in ("href", "action"):
            address = element.get(name, "/")
            assert urlsplit(address).scheme in ("", "http", "https", "data"), address
            assert not address.startswith("//")
    return tree


@pytest.mark.long
@relaxed(100)
@given(card=cards, shown=buttons, what=text)
def test_an_answer_has_no_markup_but_ours(card, shown, what):
    view = card_view(replace(card, buttons=shown), TODAY, {})
    tree = page("reply.html", title=what, card=view, file=None, again="")
    assert len(tree.xpath("//article")) == 1
    assert len(tree.xpath("//h1")) == 1


@relaxed(60)
@given(what=text)
def test_a_refusal_has_no_markup_but_ours(what):
    page("message.html", title=what, head=what, text=what)


def plain(text_):
    """Text as HTML can hold it: without what no document may have, and line ends as forms send them."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", text_).replace("\r", "")


def field(n: int, each: FormField) -> FormField:
    choices = tuple(Choice(plain(choice.value), plain(choice.label)) for choice in each.param.choices)
    param = replace(each.param, name=f"field-{n}", help=plain(each.param.help), choices=choices)
    return FormField(param, plain(each.label), plain(each.initial))


def ours(form: Form) -> Form:
    fields = tuple(field(n, each) for n, each in enumerate(form.fields))
    args = {f"arg-{n}": plain(value) for n, value in enumerate(form.args.values())}
    return replace(form, title=plain(form.title), path="watch add", fields=fields, args=args)


def test_an_error_begins_with_its_field_s_label_although_that_has_a_backslash():
    form = Form(title="Add", path="watch add", fields=(FormField(Param("name", "x"), r"Sign for A\1?"),))
    (field_,) = web_forms.form_view(form, {}, Refusal("name is required", "name"))["fields"]
    assert field_.error == r"Sign for A\1? is required"


@pytest.mark.long
@relaxed(80)
@given(form=any_forms.map(ours), what=text, data=st.data())
def test_a_form_that_is_refused_is_shown_as_it_was_filled_in(form, what, data):
    command = Command(
        group="watch",
        verb="add",
        help="Add",
        example="/watch add",
        handler=lambda ctx, args: None,
        params=(*(each.param for each in form.fields), *(Param(name, "x", required=False) for name in form.args)),
    )
    typed = {each.param.name: plain(data.draw(text)).strip("\n") for each in form.fields if not each.param.choices}
    refusal = Refusal(what, next(iter(typed), ""))
    view = web_forms.form_view(form, typed, refusal)
    tree = page("form.html", title=form.title, form=view | {"is_kept": False}, command=command, owner="")
    fields = form_fields(tree.xpath("//form")[0])
    back, _ = web_forms.sent(command, fields)

    assert [each.param.name for each in back.fields] == [each.param.name for each in form.fields]
    assert [(each.label, each.param.help, each.param.choices) for each in back.fields] == [
        (each.label, each.param.help, each.param.choices) for each in form.fields
    ]
    assert {name: fields.get(name) for name in form.args} == dict(form.args)
