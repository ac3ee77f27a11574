"""Wrapping: no character lost, no row too wide, and no difference between a text at once and a text in pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from smrt_tui.core.plain import plain
from smrt_tui.ui.panes.rows import cells
from smrt_tui.ui.panes.wrap import wrap

CHARACTERS = st.sampled_from("ab  \n\té日本\u0301🙂—x")
TEXTS = st.text(CHARACTERS, max_size=200)


def rows_of(text: str, width: int) -> list[str]:
    raw = text.encode()
    starts = [*wrap(raw, width), len(raw)]
    return [raw[start:end].decode() for start, end in pairwise(starts)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("hello world foo", ["hello ", "world foo"]),
        ("a" * 25, ["a" * 10, "a" * 10, "a" * 5]),
        ("日本語テキスト", ["日本語テキ", "スト"]),
        ("e\u0301" * 12, ["e\u0301" * 10, "e\u0301" * 2]),
        ("        longlonglong", ["        lo", "nglonglong"]),
        ("x\n\ny\n", ["x\n", "\n", "y\n"]),
        ("\tab\tcd", ["\tab\t", "cd"]),
        ("", []),
    ],
    ids=["words", "no space", "wide", "combining", "indented", "empty line", "tabs", "nothing"],
)
def test_rows_break_where_a_reader_expects(text: str, rows: list[str]) -> None:
    assert rows_of(text, 10) == rows


@given(TEXTS, st.integers(4, 30))
def test_no_character_is_lost_and_no_row_is_too_wide(text: str, width: int) -> None:
    rows = rows_of(text, width)
    assert "".join(rows) == text
    assert all(cells(row.rstrip("\n").rstrip(" ")) <= width for row in rows)


@given(TEXTS, st.integers(4, 30))
def test_no_row_begins_with_a_combining_mark_of_the_row_before(text: str, width: int) -> None:
    rows = rows_of(text, width)
    torn = [
        row
        for before, row in pairwise(rows)
        if not before.endswith("\n") and get_character_cell_size(row[0]) == 0 and row[0] not in "\n\t"
    ]
    assert torn == []


@settings(max_examples=30)
@given(st.text(max_size=80), st.integers(4, 40))
def test_any_harmless_text_fits(text: str, width: int) -> None:
    assert "".join(rows_of(plain(text), width)) == plain(text)
