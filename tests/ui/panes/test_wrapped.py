"""A growing text as rows: the same however it grew, was resized, looked at or folded."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.ui.panes import wrapped
from smrt_tui.ui.panes.rows import Run
from smrt_tui.ui.panes.wrapped import WrappedText

CHARACTERS = st.sampled_from("ab  \n日é\u0301x")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few lines already make many blocks."""
    monkeypatch.setattr(wrapped, "BLOCK_BYTES", 64)
    monkeypatch.setattr(wrapped, "KEPT_BLOCKS", 3)


def rows_of(text: WrappedText) -> list[str]:
    text.reveal(0, len(text) + 1_000_000)
    return [text.line(row).text for row in range(len(text))]


def settled(text: WrappedText) -> WrappedText:
    while not text.is_settled:
        text.settle()
    return text


def lines(count: int) -> str:
    return "".join(f"line {number} of a text that is wrapped\n" for number in range(count))


@given(st.lists(st.text(CHARACTERS, max_size=60), max_size=12), st.integers(4, 30))
def test_pieces_joined_are_all_there(pieces: list[str], width: int) -> None:
    text = WrappedText(width)
    for piece in pieces:
        text.append(piece)
    assert "".join(rows_of(settled(text))) == "".join(pieces).replace("\n", "")


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(1, 90), st.integers(8, 60))
def test_lines_make_the_same_rows_however_they_come(count: int, piece: int, width: int) -> None:
    whole, pieces = WrappedText(width), WrappedText(width)
    source = lines(count)
    whole.append(source)
    for start in range(0, len(source), piece):
        pieces.append(source[start : start + piece])
    assert rows_of(settled(pieces)) == rows_of(settled(whole))


@settings(max_examples=50)
@given(st.integers(1, 60), st.integers(8, 60), st.integers(8, 60))
def test_another_width_gives_what_that_width_would_have_given(count: int, before: int, after: int) -> None:
    resized, fresh = WrappedText(before), WrappedText(after)
    for text in (resized, fresh):
        text.append(lines(count))
    resized.set_width(after)
    assert rows_of(settled(resized)) == rows_of(settled(fresh))


def test_settling_tells_by_how_much_what_follows_moved() -> None:
    text = WrappedText(60)
    text.append(lines(100))
    text.set_width(12)
    point = text.point(text.place(2000)[0], 0)
    row = text.place(point)[0]
    while not text.is_settled:
        first, moved = text.settle()
        row += moved if first < row else 0
    assert text.place(point)[0] == row


def test_revealing_from_below_keeps_the_distance_to_the_end() -> None:
    text = WrappedText(60)
    text.append(lines(100))
    text.set_width(12)
    last = text.reveal(len(text) - 1, 1)
    row = text.reveal(last - 30, 1000, from_below=True)
    shown = [text.line(number).text for number in range(row, len(text))]
    assert "".join(shown) == "".join(rows_of(settled(text))[-len(shown) :])


@given(st.text(CHARACTERS, min_size=1, max_size=300), st.integers(4, 30))
def test_a_place_and_its_point_are_the_same(source: str, width: int) -> None:
    text = WrappedText(width)
    text.append(source)
    settled(text)
    for row in range(len(text)):
        for index in range(len(text.line(row).text)):
            assert text.place(text.point(row, index)) == (row, index)


def test_copying_gives_the_text_without_the_breaks_of_wrapping() -> None:
    text = WrappedText(10)
    text.append("one two three four five six seven\neight")
    assert text.text_between((4, len(text.raw))) == "two three four five six seven\neight"


def test_styles_begin_where_they_were_appended() -> None:
    text = WrappedText(80)
    text.append("thinking ", "reasoning")
    text.append("said")
    assert text.line(0).runs == (Run(9, "reasoning"), Run(13, ""))


def test_matches_are_found_across_slices_and_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapped, "_SEARCH_BYTES", 7)
    text = WrappedText(80)
    text.append("abc Needle needle NEEDLE nee dle")
    spans = [span for batch in text.find("needle") for span in batch]
    assert spans == [(4, 10), (11, 17), (18, 24)]
    assert [span for batch in text.find("Needle") for span in batch] == [(4, 10)]


def test_folded_lines_do_not_show_and_come_back() -> None:
    text = WrappedText(40)
    text.append(lines(40))
    before = rows_of(settled(text))
    start, end = text.raw.find(b"line 3 "), text.raw.find(b"line 30 ")
    text.hide((start, end))
    assert rows_of(text) == before[:3] + before[30:]
    text.append("one more\n")
    assert rows_of(text)[-1] == "one more"
    assert text.unhide(start)
    assert rows_of(text) == [*before, "one more"]


def test_what_is_appended_after_a_fold_at_the_end_shows() -> None:
    text = WrappedText(40)
    text.append("{\n  1,\n  2\n}\n")
    text.hide((2, len(text.raw)))
    text.append("next\n")
    assert rows_of(text) == ["{", "next"]


def test_a_long_line_without_a_break_is_rows_of_full_width() -> None:
    text = WrappedText(50)
    text.append("x" * 1000)
    assert {len(row) for row in rows_of(settled(text))[:-1]} == {50}


def test_harmful_characters_are_symbols_before_they_are_measured() -> None:
    text = WrappedText(80)
    text.append("a\x1b[31mb\x9b\u202e\x07")
    assert rows_of(text) == ["a␛[31mb⟨U+009B⟩⟨U+202E⟩␇"]


def test_points_stay_in_order_over_rows() -> None:
    text = WrappedText(7)
    text.append(lines(30))
    settled(text)
    assert all(one < other for one, other in pairwise(text.point(row, 0) for row in range(len(text))))


@pytest.mark.parametrize("row", [5, 11, 59_999, 119_998])
def test_a_row_that_was_only_guessed_to_be_there_is_the_next_one_that_is(row: int) -> None:
    """A block not wrapped yet counts more rows than it has when its lines are short: here 6 for 5."""
    text = WrappedText(40)
    text.append("filler text\n" * 100_000)
    assert len(text) == 119_999
    assert text.line(row).text == "filler text"
