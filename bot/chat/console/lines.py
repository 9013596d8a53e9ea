"""The console's input: a pipe, or a keyboard with line editing and suggestions on Tab."""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Protocol

from rich.console import Console

from bot.chat import wording
from bot.commands.model import Choice

# Suggestions for the typed text: `value` replaces the line, `label` is displayed.
Suggest = Callable[[str], Sequence[Choice]]


class Lines(Protocol):
    """A source of input lines. `hint` names the key that lists suggestions."""

    hint: str

    def ask(self, prompt: str, suggest: Suggest | None, text: str = "", *, numbers: bool = False) -> str | None:
        """The next line, None at the end of the input. `text` is prefilled if the terminal supports that;
        `numbers`: a suggestion can be picked by its number.
        """
        ...


class PipedLines:
    """Lines from a pipe or file; each is echoed after its prompt, so the output reads as a conversation."""

    hint = "? and a word for suggestions"

    def __init__(self, lines: Iterable[str], out: Console) -> None:
        self._lines = iter(lines)
        self._out = out

    def ask(self, prompt: str, suggest: Suggest | None, text: str = "", *, numbers: bool = False) -> str | None:  # noqa: ARG002 - the port's
        self._out.print(f"{wording.clean(prompt)} ", end="", markup=False, soft_wrap=True)
        line = next(self._lines, None)
        self._out.print(wording.clean(line or ""), markup=False, soft_wrap=True)
        return line


class Keyboard:
    """A terminal with readline: history, editing, and Tab for suggestions. Ctrl-C and Ctrl-D end the lines.

    With GNU readline, Ctrl-C is a key and no signal. As a signal, it would be lost while a completer runs (readline
    discards the completer's exceptions) and delayed until the next signal if it came before readline waits for a key.
    """

    hint = "Tab for suggestions"

    def __init__(self) -> None:
        import readline  # noqa: PLC0415 - absent from some builds of Python

        self._readline = readline
        self._prompt = ""
        readline.set_completer_delims("")  # a suggestion replaces the whole line
        self._libedit = "libedit" in (readline.__doc__ or "")
        if self._libedit:
            readline.parse_and_bind("bind ^I rl_complete")
        else:
            readline.parse_and_bind("tab: complete")
            readline.parse_and_bind(r'"\C-x\C-k": kill-whole-line')
            readline.parse_and_bind(r'"\C-c": "\C-x\C-k\C-d"')  # Ctrl-D at an empty line ends the input

    def ask(self, prompt: str, suggest: Suggest | None, text: str = "", *, numbers: bool = False) -> str | None:
        self._prompt = f"{wording.clean(prompt)} "
        self._readline.set_completer(self._completer(suggest, numbers=numbers) if suggest else None)
        self._readline.set_startup_hook(lambda: self._readline.insert_text(wording.clean(text)))
        # asyncio's own handler would only cancel the task that waits for this line.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with nullcontext() if self._libedit else _interrupt_key_off(sys.stdin.fileno()):
                return input(self._prompt)
        except (EOFError, KeyboardInterrupt):
            sys.stdout.write("\n")
            return None
        finally:
            signal.signal(signal.SIGINT, before)
            self._readline.set_completer(None)
            self._readline.set_startup_hook(None)

    def _completer(self, suggest: Suggest, *, numbers: bool) -> Callable[[str, int], str | None]:
        def complete(typed: str, state: int) -> str | None:
            if state:
                return None
            offered = list(suggest(typed))
            if (shared := common(typed, offered)) != typed:
                return shared
            self._show(listed(offered, numbers=numbers, values=numbers) or ["No suggestions."])
            return None

        return complete

    def _show(self, shown: Sequence[str]) -> None:
        """Print suggestions under the line, and the line once more."""
        sys.stdout.write("\n" + "\n".join(shown) + f"\n{self._prompt}{self._readline.get_line_buffer()}")
        sys.stdout.flush()


@contextmanager
def _interrupt_key_off(terminal: int) -> Iterator[None]:
    """Let the terminal's Ctrl-C arrive as a key."""
    before = termios.tcgetattr(terminal)
    characters = [*before[6]]
    characters[termios.VINTR] = bytes([os.fpathconf(terminal, "PC_VDISABLE")])
    termios.tcsetattr(terminal, termios.TCSANOW, [*before[:6], characters])
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def keyboard() -> Keyboard | None:
    """The keyboard, or None without a terminal or if Python was built without readline."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        return None
    try:
        return Keyboard()
    except ImportError:
        return None


def common(typed: str, offered: Sequence[Choice]) -> str:
    """The completed line: the only suggestion, or the common beginning of all if it is longer than `typed`."""
    if len(offered) == 1:
        return offered[0].value
    shared = os.path.commonprefix([choice.value for choice in offered])  # noqa: RUF071 - of characters
    return shared if len(shared) > len(typed) and shared.casefold().startswith(typed.casefold()) else typed


def listed(offered: Sequence[Choice], *, numbers: bool, values: bool = False) -> list[str]:
    """Choices as lines: with their numbers, and with `values` if the label does not contain the value."""
    lines = []
    for n, choice in enumerate(offered, 1):
        number = f"{n}. " if numbers else ""
        hidden = values and choice.value.casefold() not in choice.label.casefold()
        lines.append(wording.clean(f"{number}{choice.label}" + (f" ({choice.value})" if hidden else "")))
    return lines
