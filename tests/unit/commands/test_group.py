"""A decorator declares a command at its handler."""

from bot.app.command_table import in_order
from bot.commands.model import EVERYONE, STAFF, Group, Reply


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


def test_commands_follow_by_group_in_order_of_definition():
    bill, other = Group("bill"), Group("try")
    for group, verb in ((bill, "second"), (other, "only"), (bill, "first"), (bill, "show"), (bill, "list")):
        group.command(verb, "Try")(lambda ctx, args: Reply())
    assert [command.path for command in in_order((bill, other))] == [
        "bill second", "bill first", "bill show", "bill list", "try only"
    ]  # fmt: skip


def test_a_command_knows_the_paths_of_the_last_version():
    slash = Group("people", formerly="campaign")
    slash.command("link", "Try")(lambda ctx, args: Reply())
    slash.command("list", "Try", formerly=["campaign people"])(lambda ctx, args: Reply())
    assert [command.formerly for command in slash.commands] == [("campaign link",), ("campaign people",)]
