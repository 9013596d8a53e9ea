"""A decorator declares a command at its handler."""

from bot.app.command_table import in_order
from bot.commands.model import EVERYONE, STAFF, Group, Reply


def tried(ctx, args):
    """Try."""
    return Reply()


def test_the_handler_stays_what_it_was_and_its_command_has_the_group_s_defaults():
    slash = Group("try", who=STAFF)

    def out(ctx, args):
        """Try.

        Of no concern to who types it.
        """
        return Reply()

    assert slash.command()(out) is out
    (command,) = slash.commands
    assert (command.path, command.example, command.who, command.changes) == ("try out", "/try out", STAFF, False)
    assert command.help == "Try"


def test_a_name_that_python_keeps_for_itself_gets_a_line_below_which_the_verb_has_not():
    slash = Group("try")

    @slash.command()
    def list_(ctx, args):
        """Try."""

    @slash.command()
    def log_out(ctx, args):
        """Try."""

    assert [command.verb for command in slash.commands] == ["list", "log-out"]


def test_a_command_s_own_roles_come_before_the_group_s():
    slash = Group("try", who=STAFF)
    slash.command(verb="in", example="words:x", who=EVERYONE)(tried)
    assert [(command.who, command.example) for command in slash.commands] == [(EVERYONE, "/try in words:x")]


def test_commands_follow_by_group_in_order_of_definition():
    bill, other = Group("bill"), Group("try")
    for group, verb in ((bill, "second"), (other, "only"), (bill, "first"), (bill, "show"), (bill, "list")):
        group.command(verb=verb)(tried)
    assert [command.path for command in in_order((bill, other))] == [
        "bill second", "bill first", "bill show", "bill list", "try only"
    ]  # fmt: skip


def test_a_command_knows_the_paths_of_the_last_version():
    slash = Group("people", formerly="campaign")
    slash.command(verb="link")(tried)
    slash.command(verb="list", formerly=["campaign people"])(tried)
    assert [command.formerly for command in slash.commands] == [("campaign link",), ("campaign people",)]
