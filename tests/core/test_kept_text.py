"""Which text is too large to be edited is a matter of its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.kept_text import EDITABLE_BYTES, digest_of, is_large, text_bytes


@pytest.mark.parametrize("character", ["a", "é", "€", "😀", "\ud800"])
def test_a_text_is_large_from_the_first_byte_too_many(character: str) -> None:
    fitting = character * (EDITABLE_BYTES // len(text_bytes(character)))
    assert not is_large(fitting)
    assert is_large(fitting + character)


@given(st.text(), st.text())
def test_another_text_has_another_digest(one: str, other: str) -> None:
    assert (digest_of(text_bytes(one)) == digest_of(text_bytes(other))) is (one == other)
