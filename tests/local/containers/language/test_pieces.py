"""Word pieces: every text comes back from its ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.language.ngram import train_ngrams
from smrt_tui.local.containers.language.pieces import BEGIN, END, learn_pieces

VOCABULARY = train_ngrams().vocabulary


@given(st.text(max_size=200))
def test_every_text_comes_back_from_its_ids(text: str) -> None:
    readable = text.encode(errors="replace").decode()
    assert VOCABULARY.decode(VOCABULARY.encode(text)) == readable


@given(st.text(max_size=50))
def test_every_id_is_in_the_vocabulary_and_none_is_special(text: str) -> None:
    assert all(END < BEGIN < token < len(VOCABULARY) for token in VOCABULARY.encode(text))


def test_words_of_the_training_text_are_one_piece_with_their_blank() -> None:
    assert [VOCABULARY.text_of(token) for token in VOCABULARY.encode("The sea isn’t flat.")] == [
        "The",
        " sea",
        " isn",
        "’t",
        " flat",
        ".",
    ]


def test_a_character_that_was_never_seen_is_its_bytes() -> None:
    assert [VOCABULARY.bytes_of(token) for token in VOCABULARY.encode("東")] == [b"\xe6", b"\x9d", b"\xb1"]


def test_a_lone_surrogate_does_not_break_anything() -> None:
    assert VOCABULARY.decode(VOCABULARY.encode("\ud83d")) == "?"


def test_a_long_rare_word_is_cut_into_halves() -> None:
    pieces = learn_pieces("a lighthousekeeper")
    assert " lighthou" in pieces.ids and "sekeeper" in pieces.ids
    assert " lighthousekeeper" not in pieces.ids


def test_frequent_pieces_have_the_lower_ids() -> None:
    pieces = learn_pieces("b a a a")
    assert pieces.ids[" a"] < pieces.ids["b"]


def test_the_end_has_a_name_and_no_bytes() -> None:
    assert (VOCABULARY.text_of(END), VOCABULARY.bytes_of(END), VOCABULARY.bytes_of(BEGIN)) == ("</s>", b"", b"")
