"""Whatever is typed, it is read, refused by name, or answered with what there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.typed import NoVerb, Typed, Unknown, answer, read
from bot.commands.model import Command, Param, Refused, Reply


def _handler(desk, args):
    return Reply()


def _command(verb, *names):
    params = tuple(Param(name, "help", required=number == 0) for number, name in enumerate(names))
    return Command(group="watch", verb=verb, help="help", example="/watch", handler=_handler, params=params)


COMMANDS = (_command("add", "query", "level", "asks"), _command("list"), _command("add all", "name"))
PIECES = st.sampled_from(["/watch", "add", "list", "query:", "level:alert", '"', "“", "”", "\\", ":", " ", "\n", "x"])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(lambda p: "/watch add " + "".join(p))))
def test_any_text_at_all_is_read_or_refused(text):
    try:
        parsed = read(text, COMMANDS)
    except Refused:
        return
    if isinstance(parsed, Typed):
        matching = next(command for command in COMMANDS if command.path == parsed.path)
        assert parsed.args.keys() <= {param.name for param in matching.params}
    else:
        assert isinstance(parsed, NoVerb | Unknown)
        assert answer(parsed, COMMANDS).lines


@given(st.dictionaries(st.sampled_from(["query", "level", "asks"]), st.text()), st.randoms())
def test_any_value_can_be_written_and_is_read_back(args, random):
    written = [f'{name}:"{_escaped(value)}"' for name, value in args.items()]
    random.shuffle(written)

    assert read(f"/watch add {' '.join(written)} ", COMMANDS) == Typed("watch add", args)


def _escaped(value):
    return value.replace("\\", "\\\\").replace('"', '\\"')
