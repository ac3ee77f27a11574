"""What is drawn has the same cells on a terminal that knows clusters and on one that counts code points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from smrt_tui.core.plain import plain
from smrt_tui.ui.steady_cells import SteadyCells, steady

LOOKS = "\ufe0e\ufe0f\U0001f3fb\U0001f3fd\U0001f3ff"
WORDS = st.text(st.sampled_from("a é日⚠❤✔1#👍👩🙂\u20e3" + LOOKS), max_size=12)


def cells_one_by_one(text: str) -> int:
    """As a terminal counts that looks at one code point after the other (tmux 3.3a, measured)."""
    return sum(
        0 if char in "\ufe0e\ufe0f\u20e3\u0301" else 2 if char >= "\U0001f3fb" else cell_len(char) for char in text
    )


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("⚠\ufe0f x", "⚠  x"),
        ("❤\ufe0f", "❤ "),
        ("👍🏽!", "👍!"),
        ("1\ufe0f\u20e3.", "1\u20e3 ."),
        ("日本 e\u0301", "日本 e\u0301"),
        ("\U0001f3fd", ""),
    ],
    ids=["warning", "heart", "thumb", "keycap", "others stay", "alone"],
)
def test_a_cluster_is_drawn_as_its_base_in_as_many_cells(text: str, drawn: str) -> None:
    assert steady(text) == drawn
    assert cell_len(drawn) == cell_len(text) == cells_one_by_one(drawn)


@given(WORDS)
def test_nothing_is_left_that_only_chooses_a_look(text: str) -> None:
    drawn = steady(plain(text))
    assert not any(char in LOOKS for char in drawn)
    assert steady(drawn) == drawn


def test_styles_and_what_is_plain_stay() -> None:
    red = Segment("⚠\ufe0f", Style(color="red"))
    plain_one = Segment("│ abc")
    assert SteadyCells().apply([red, plain_one], Color(0, 0, 0)) == [Segment("⚠ ", red.style), plain_one]
    only_ascii = [Segment("abc")]
    assert SteadyCells().apply(only_ascii, Color(0, 0, 0)) is only_ascii
