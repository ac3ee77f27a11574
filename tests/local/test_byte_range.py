"""Which bytes a Range header asks for."""

from __future__ import annotations

import pytest

from smrt_tui.local.byte_range import Unsatisfiable, read_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=2-", slice(2, 10)),
        ("bytes=-4", slice(6, 10)),
        ("bytes=-99", slice(0, 10)),
        ("bytes=9-99", slice(9, 10)),
        (None, None),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ],
)
def test_a_range_is_a_slice_and_anything_else_is_the_whole(header: str | None, wanted: slice | None) -> None:
    assert read_range(header, 10) == wanted


@pytest.mark.parametrize(
    ("header", "length"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0)]
)
def test_a_range_behind_the_end_cannot_be_satisfied(header: str, length: int) -> None:
    with pytest.raises(Unsatisfiable):
        read_range(header, length)
