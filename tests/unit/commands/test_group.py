"""A decorator declares a command at its handler."""

from bot.app.command_table import _ORDER, COMMANDS, in_order
from bot.commands.group import Group
from bot.commands.model import EVERYONE, STAFF, Reply


def test_the_handler_stays_what_it_was_and_its_command_has_the_group_s_defaults():
    slash = Group("try", who=STAFF)

    def out(ctx, args):
        return Reply()

    assert slash.command("out", "Try")(out) is out
    (command,) = slash.commands
    assert (command.path, command.example, command.who, command.changes) == ("try out", "/try out", STAFF, False)


def test_a_command_s_own_roles_come_before_the_group_s():
    slash = Group("try", who=STAFF)
    slash.command("in", "Try", "words:x", who=EVERYONE)(lambda ctx, args: Reply())
    assert [(command.who, command.example) for command in slash.commands] == [(EVERYONE, "/try in words:x")]


def test_commands_without_a_place_follow_in_order_of_definition():
    bill, other = Group("bill"), Group("try")
    for group, verb in ((bill, "second"), (other, "only"), (bill, "first"), (bill, "show"), (bill, "list")):
        group.command(verb, "Try")(lambda ctx, args: Reply())
    assert [command.path for command in in_order((bill, other))] == [
        "bill list", "bill show", "bill second", "bill first", "try only"
    ]  # fmt: skip


def test_the_order_names_only_commands_that_exist():
    named = {f"{group} {verb}" for group, verbs in _ORDER.items() for verb in verbs.split()}
    assert named <= {command.path for command in COMMANDS}
