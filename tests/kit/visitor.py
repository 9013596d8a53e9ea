"""A person at the board who reads what is on the page: they follow links, fill in fields and press buttons by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.kit.web_face import Answered, Browser


class Visitor:
    """Knows no address: a page that does not lead on is a dead end, and the test fails there."""

    def __init__(self, browser: Browser, page: Answered) -> None:
        self._browser, self.page = browser, page

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def links(self) -> list[str]:
        return [_words(each) for each in self.page.page.xpath("//a[@href]")]

    @property
    def buttons(self) -> list[str]:
        return [_words(each) for each in self.page.page.xpath("//main//button[not(@hidden)]")]

    async def follow(self, name: str) -> None:
        """Follow the first link whose name begins so."""
        links = [each for each in self.page.page.xpath("//a[@href]") if _words(each).startswith(name)]
        assert links, f"no link “{name}” among {self.links} on {self.page.url}"
        await self._arrive(await self._browser.get(links[0].get("href")))

    async def press(self, name: str, filled: Mapping[str, str] | None = None, *, nth: int = 0) -> None:
        """Fill in the fields by their labels, and press the button whose name begins so."""
        buttons = [
            each for each in self.page.page.xpath("//main//button[not(@hidden)]") if _words(each).startswith(name)
        ]
        if not buttons and not filled:
            return await self.follow(name)
        assert buttons, f"no button “{name}” among {self.buttons} on {self.page.url}: {self.text}"
        (form,) = buttons[nth].xpath("ancestor::form[1]")
        values = {_name(form, label): value for label, value in (filled or {}).items()}
        own = buttons[nth].get("name")
        return await self._arrive(
            await self._browser.submit(form, values, (own, buttons[nth].get("value")) if own else None)
        )

    async def _arrive(self, page: Answered) -> None:
        assert page.status == 200, f"{page.status} at {page.url}: {page.text}"
        self.page = page


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())


def _name(form: Any, label: str) -> str:
    """The name of the field with this label."""
    for each in form.xpath(".//div[starts-with(@class, 'field')]"):
        shown = _words(each.xpath("(./label | ./fieldset/legend)[1]")[0]).removesuffix("(optional)").strip()
        if shown == label:
            return str(each.xpath(".//*[@name and not(self::button)]/@name")[0])
    raise AssertionError(f"no field “{label}” in {_words(form)}")
