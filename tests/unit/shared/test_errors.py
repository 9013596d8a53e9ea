"""A caller of the bot's code can catch each of its errors with one class."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import pytest

from bot.shared import errors
from bot.shared.address_guard import AddressRefused
from bot.shared.errors import CoalitionBotError
from bot.store.database import StoreBusy

BOT = Path(__file__).parents[3] / "bot"
ROOT = "CoalitionBotError"
ROOTS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, CoalitionBotError)}
BUILTIN = [name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)]
A_BASE = re.compile(rf"class \w+\([^:]*\b(?:{'|'.join([ROOT, *BUILTIN])})\b")


def builtin_errors(node: ast.ClassDef) -> list[str]:
    return [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in BUILTIN]


def test_every_exception_class_derives_from_the_common_root():
    strays, derived = [], 0
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(BOT.rglob("*.py"))}
    for path in (path for path, text in texts.items() if A_BASE.search(text)):  # to parse all takes two seconds
        for node in ast.walk(ast.parse(texts[path])):
            if not isinstance(node, ast.ClassDef) or node.name == ROOT:
                continue
            has_root = any(isinstance(base, ast.Name) and base.id in ROOTS for base in node.bases)
            derived += has_root
            if builtin_errors(node) and not has_root:
                strays.append(f"{path.relative_to(BOT)}: {node.name}")
    assert strays == []
    assert derived > 20


@pytest.mark.parametrize(("error", "builtin"), [(StoreBusy, Exception), (AddressRefused, OSError)])
def test_an_error_can_be_caught_by_the_root_and_by_its_builtin_kind(error, builtin):
    assert issubclass(error, CoalitionBotError)
    assert issubclass(error, builtin)
