"""The whole table on Slack: every command's form, and every group's list, within Slack's limits."""

from __future__ import annotations

import pytest

from bot.chat.slack import render
from bot.chat.slack.incoming import Back
from bot.commands import arguments
from bot.commands.model import Command
from tests.kit.board import every_command
from tests.kit.payloads import check_slack_view

pytestmark = pytest.mark.sqlite  # no store is read
COMMANDS = every_command()
BACK = Back("C0123ABCDEF", "1700000000.000100", "https://hooks.slack.com/actions/T0123ABCDEF/" + "1" * 60)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
def test_a_form_for_it_is_one_that_slack_opens(command: Command):
    form = arguments.form(command, {})
    if form is None:
        return
    view = render.modal(form, BACK)

    check_slack_view(view)
    fields = {block["block_id"]: block for block in view["blocks"]}
    assert view["title"]["text"] in (command.help, f"/{command.path}")  # a window's title has 24 characters
    asked = [param for param in command.params if not param.by_button]
    assert fields.keys() == {param.name for param in asked}
    for param in asked:
        kind = fields[param.name]["element"]["type"]
        assert (kind == "external_select") is bool(param.complete), param.name


@pytest.mark.parametrize("group", sorted({command.group for command in COMMANDS}))
def test_a_group_alone_offers_all_its_commands(group: str):
    commands = [command for command in COMMANDS if command.group == group and not command.hidden]
    view = render.chooser(group, commands, BACK)

    check_slack_view(view)
    assert [option["value"] for option in view["blocks"][0]["element"]["options"]] == [each.path for each in commands]
    assert all(command.example.split()[0] in view["blocks"][-1]["elements"][0]["text"] for command in commands)
