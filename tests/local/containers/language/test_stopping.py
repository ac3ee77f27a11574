"""Stop strings: the text ends exactly before the first one, however it was cut into pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.language.stopping import StopStrings

LETTERS = st.text(alphabet="ab.", max_size=12)
STOPS = st.lists(st.text(alphabet="ab.", min_size=1, max_size=4), max_size=3)


def shown(pieces: list[str], stops: list[str]) -> tuple[str, bool]:
    """All text that is let go, and whether a stop string came."""
    watch = StopStrings(stops)
    text = ""
    for piece in pieces:
        text += watch.feed(piece)
        if watch.matched is not None:
            return text, True
    return text + watch.finish(), False


@given(st.lists(LETTERS, max_size=8), STOPS)
def test_the_text_ends_exactly_before_the_first_stop_string(pieces: list[str], stops: list[str]) -> None:
    text, stopped = shown(pieces, stops)
    whole = "".join(pieces)
    assert whole.startswith(text)
    assert stopped == any(stop in whole for stop in stops)
    if not stopped:
        assert text == whole
    else:
        assert any(whole.startswith(stop, len(text)) for stop in stops)
        assert not any(stop in text for stop in stops)


def test_a_stop_string_across_pieces_is_never_shown() -> None:
    watch = StopStrings(["END"])
    assert [watch.feed(piece) for piece in ("one E", "N", "D two")] == ["one ", "", ""]
    assert watch.matched == "END"


def test_what_was_held_back_comes_when_it_was_no_stop_string() -> None:
    watch = StopStrings(["END"])
    assert [watch.feed(piece) for piece in ("E", "N", "O")] == ["", "", "ENO"]
    assert (watch.feed("E"), watch.finish(), watch.matched) == ("", "E", None)


def test_the_earliest_of_two_stop_strings_wins() -> None:
    watch = StopStrings(["b", "a"])
    assert (watch.feed("xab"), watch.matched) == ("x", "a")


def test_without_stop_strings_nothing_is_held_back() -> None:
    assert StopStrings([]).feed("text") == "text"
