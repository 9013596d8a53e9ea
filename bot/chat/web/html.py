"""Render the site's HTML. Everything in a template is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER: Final = Path(__file__).parent
_STYLE: Final = _FOLDER / "static" / "site.css"


class Templates:
    """The templates in `templates/` here and in `folders` of other rooms."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self.style = _STYLE.read_bytes()
        # Named after its content, so browsers can store it forever.
        self.style_path = f"/static/{sha256(self.style).hexdigest()[:12]}.css"
        self._environment = Environment(
            loader=FileSystemLoader([_FOLDER / "templates", *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["style_path"] = self.style_path

    def render(self, name: str, **values: Any) -> str:
        """Return the page as HTML. Lone surrogates, which no encoding takes, become question marks."""
        text = self._environment.get_template(name).render(values)
        return text.encode("utf-8", "replace").decode()
