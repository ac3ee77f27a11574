"""Untrusted text loses its power over a terminal and nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.plain import SYMBOLS, plain, plain_bytes

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ANY_TEXT = st.text(st.characters(exclude_categories=()))

VISIBLE_FORMATS = {
    *range(0x0600, 0x0606),  # Arabic number signs: drawn around the digits that follow
    0x06DD,
    0x0890,
    0x0891,
    0x08E2,
    0x110BD,  # Kaithi number signs
    0x110CD,
    *range(0x13430, 0x13440),  # Egyptian hieroglyph joiners: they arrange visible signs
}


@given(ANY_TEXT)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    left = [
        char
        for char in plain(text)
        if (ord(char) < 0x20 and char not in "\n\t")
        or 0x7F <= ord(char) <= 0x9F
        or 0xD800 <= ord(char) <= 0xDFFF
        or char in BIDI_CONTROLS
    ]
    assert left == []


@given(ANY_TEXT)
def test_what_is_plain_stays_the_same_object(text: str) -> None:
    once = plain(text)
    assert plain(once) is once


@given(ANY_TEXT)
def test_only_harmful_characters_are_replaced(text: str) -> None:
    assert plain(text) == "".join(SYMBOLS.get(ord(char), char) for char in text)


@given(ANY_TEXT)
def test_plain_text_can_be_encoded(text: str) -> None:
    assert plain(text).encode().decode() == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b]0;pwn\x07b\x1b[2Jc\x9bd", "a␛]0;pwn␇b␛[2Jc⟨U+009B⟩d"),
        ("one\ttwo\nthree\r\n", "one\ttwo\nthree␍\n"),
        ("nul\x00del\x7f", "nul␀del␡"),
        ("user\u202etxt.exe", "user⟨U+202E⟩txt.exe"),
        ("a\u2028b\u2029c\u0085d", "a⟨U+2028⟩b⟨U+2029⟩c⟨U+0085⟩d"),
        ("half \ud83d", "half ⟨U+D83D⟩"),
        ("bom\ufeffin\u200dside", "bom⟨U+FEFF⟩in⟨U+200D⟩side"),
        ("tag \U000e0041", "tag ⟨U+E0041⟩"),
        ("wörld 🙂 漢字 ❤\ufe0f", "wörld 🙂 漢字 ❤\ufe0f"),
        ("", ""),
    ],
    ids=["escapes", "lines", "nul", "bidi", "separators", "surrogate", "zero-width", "tags", "clean", "empty"],
)
def test_harmful_characters_become_symbols(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_every_control_and_invisible_format_of_unicode_has_a_symbol() -> None:
    harmful = {
        code for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    } - VISIBLE_FORMATS
    assert harmful - set(SYMBOLS) == {0x09, 0x0A}


def test_every_byte_takes_one_cell_of_a_gutter() -> None:
    cells = plain_bytes(bytes(range(256)))
    assert cells[:0x21] == "␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟ "
    assert cells[0x41:0x44] == "ABC"
    assert cells[0x7F:0x82] == "␡··"
    assert len(cells) == 256
