"""Cutting a growing text without joining all of it."""

from __future__ import annotations

import pytest

from smrt_tui.core.decode.channel import Channel


@pytest.mark.parametrize("reads", [(), (3,), (1, 5, 8)], ids=["at the end", "once between", "often"])
def test_a_cut_is_the_same_as_a_slice_however_the_text_grew(reads: tuple[int, ...]) -> None:
    channel = Channel()
    for number in range(10):
        channel.add(f"piece {number} ", number)
        if number in reads:
            channel.cut(0)
        if number == 7:
            assert channel.text.endswith("7 ")
    whole = "".join(f"piece {number} " for number in range(10))
    assert [channel.cut(start) for start in range(len(whole) + 2)] == [whole[start:] for start in range(len(whole) + 2)]
    assert channel.cut(3, 40) == whole[3:40]
