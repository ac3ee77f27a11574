"""The table of actions: complete, without clashes, and kept usable whatever a keymap says."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.keys import _character_to_key

from smrt_tui.ui.actions import ACTION, ACTIONS, bindings, checked_keymap, key_table, keys_of, shown_key
from smrt_tui.ui.commands import command_of

UNDELIVERED = {"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+left_square_bracket", "ctrl+space", "ctrl+z"}
"""Keys that terminals turn into others before an app sees them."""


def test_every_action_has_two_keys_that_terminals_deliver() -> None:
    assert [action.id for action in ACTIONS if len(set(action.keys) - UNDELIVERED) < 2] == []


def test_no_key_is_given_twice() -> None:
    counted = Counter(key for action in ACTIONS for key in action.keys)
    assert [key for key, count in counted.items() if count > 1] == []


def test_every_action_of_the_screen_has_a_command_of_its_name() -> None:
    for action in ACTIONS:
        assert action.app_action or callable(command_of(action.id)), action.id


def test_the_footer_has_eight_entries_at_most_besides_those_of_a_running_call() -> None:
    running = {"cancel", "set-aside"}
    assert len([action for action in ACTIONS if action.is_in_footer and action.id not in running]) == 8


def test_every_key_is_bound_under_its_action() -> None:
    bound = {(binding.key, binding.id) for of_app in (True, False) for binding in bindings(of_app=of_app)}
    assert bound == {(key, action.id) for action in ACTIONS for key in action.keys}


def test_an_override_is_followed() -> None:
    keymap, problems = checked_keymap({"send": "ctrl+y, f5"})
    assert (keymap, problems) == ({"send": "ctrl+y,f5"}, ())
    assert keys_of(ACTION["send"], keymap) == ("ctrl+y", "f5")


@pytest.mark.parametrize(
    ("override", "left"),
    [
        ({"send": "ctrl+q"}, {}),
        ({"quit": "ctrl+y"}, {"quit": "ctrl+y,ctrl+q"}),
        ({"quit": ""}, {"quit": "ctrl+q"}),
        ({"quit": "f5"}, {"quit": "ctrl+q"}),
        ({"help": "f5, ctrl+y"}, {"help": "ctrl+y"}),
    ],
    ids=["quit's key for another", "quit elsewhere", "no quit at all", "quit on send", "half of it is taken"],
)
def test_a_bad_keymap_never_takes_quit_or_another_action_away(override: dict[str, str], left: dict[str, str]) -> None:
    assert checked_keymap(override)[0] == left


def test_two_actions_may_change_places() -> None:
    keymap, problems = checked_keymap({"help": "f2", "switch-mode": "f1"})
    assert (keymap, problems) == ({"help": "f2", "switch-mode": "f1"}, ())


def test_an_unknown_action_is_named_with_its_nearest() -> None:
    assert checked_keymap({"sned": "f5"})[1] == ("keymap: there is no action sned; did you mean send?",)


def test_the_key_table_has_every_key() -> None:
    table = key_table()
    assert [key for action in ACTIONS for key in action.keys if f"`{key}`" not in table] == []


@pytest.mark.parametrize(
    ("key", "shown"), [("ctrl+j", "^j"), ("f5", "f5"), ("alt+enter", "alt+enter"), ("escape", "esc"), ("?", "?")]
)
def test_keys_are_short_in_the_footer(key: str, shown: str) -> None:
    assert shown_key(key) == shown


def test_one_character_keys_are_known_to_textual_by_name() -> None:
    assert [_character_to_key(key) for key in (":", "?")] == ["colon", "question_mark"]
