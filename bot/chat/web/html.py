"""Render the site's HTML. Everything in a template is escaped."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER: Final = Path(__file__).parent
_STYLE: Final = _FOLDER / "static" / "site.css"
_SCRIPT: Final = _FOLDER / "static" / "preview.js"


class Templates:
    """The templates in `templates/` here and in `folders` of other rooms."""

    def __init__(self, *folders: Path) -> None:
        # Named after their content, so browsers can store them forever.
        self.static = {_static_path(file): file.read_bytes() for file in (_STYLE, _SCRIPT)}
        self._environment = Environment(
            loader=FileSystemLoader([_FOLDER / "templates", *folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals |= {"style_path": _static_path(_STYLE), "script_path": _static_path(_SCRIPT)}

    def render(self, name: str, **values: Any) -> str:
        """Return the page as HTML. Lone surrogates, which no encoding takes, become question marks."""
        text = self._environment.get_template(name).render(values)
        return text.encode("utf-8", "replace").decode()


@cache
def shared_templates(*folders: Path) -> Templates:
    """Return the templates that all coalitions of this process have, so that each is read and compiled once."""
    return Templates(*folders)


def _static_path(file: Path) -> str:
    return f"/static/{sha256(file.read_bytes()).hexdigest()[:12]}{file.suffix}"
