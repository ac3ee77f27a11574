"""The firehose: parts of exact size and number, batched, stamped or paced."""

from __future__ import annotations

import re
import time

import pytest

from smrt_tui.local.container import Burst
from smrt_tui.local.containers.firehose import FirehoseContainer, Spray, read_spray
from tests.local.containers.asking import STREAM, ask, flushes


async def test_parts_are_numbered_lines_of_the_size_asked_for() -> None:
    parts = await flushes(await ask(FirehoseContainer(), {"parts": 3, "bytes": 16}, STREAM))
    assert parts == [b"0000000000 ....\n", b"0000000001 ....\n", b"0000000002 ....\n"]


async def test_a_part_too_short_for_its_number_keeps_the_last_digits() -> None:
    parts = await flushes(await ask(FirehoseContainer(), {"parts": 12, "bytes": 3}, STREAM))
    assert parts[8:] == [b"08\n", b"09\n", b"10\n", b"11\n"]


@pytest.mark.parametrize("size", [1, 2, 10, 11, 12, 32, 100])
async def test_every_part_has_exactly_its_size(size: int) -> None:
    parts = await flushes(await ask(FirehoseContainer(), {"parts": 70, "bytes": size}, STREAM))
    assert [len(part) for part in parts if isinstance(part, bytes)] == [size] * 70


async def test_a_batch_is_one_flush_of_many_parts() -> None:
    parts = await flushes(await ask(FirehoseContainer(), {"parts": 5, "bytes": 12, "batch": 2}, STREAM))
    assert parts == [
        Burst((b"0000000000 \n", b"0000000001 \n")),
        Burst((b"0000000002 \n", b"0000000003 \n")),
        Burst((b"0000000004 \n",)),
    ]


async def test_a_stamp_is_the_monotonic_time_of_emission() -> None:
    before = time.monotonic_ns()
    parts = await flushes(await ask(FirehoseContainer(), {"parts": 3, "stamp": True}, STREAM))
    stamps = []
    for part in parts:
        assert isinstance(part, bytes)
        match = re.fullmatch(rb"\d{10} (\d{19}) \n", part)
        assert match is not None
        stamps.append(int(match[1]))
    assert before <= stamps[0] <= stamps[1] <= stamps[2] <= time.monotonic_ns()


async def test_an_interval_holds_the_rate() -> None:
    started = time.monotonic()
    parts = await flushes(await ask(FirehoseContainer(), {"parts": 11, "interval_us": 2000}, STREAM))
    assert len(parts) == 11
    assert time.monotonic() - started >= 0.02


async def test_without_a_stream_the_parts_come_in_one_body() -> None:
    response = await ask(FirehoseContainer(), {"parts": 2, "bytes": 12})
    assert response.body == b"0000000000 \n0000000001 \n"


async def test_silence_means_a_thousand_parts() -> None:
    assert read_spray({}) == Spray(1000, 32, 0, 1, is_stamped=False)
    assert len(await flushes(await ask(FirehoseContainer(), b"", STREAM))) == 1000


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({"parts": -1}, "parts must be a whole number from 0 to 100000000, not -1"),
        ({"bytes": 0}, "bytes must be a whole number from 1 to 1048576, not 0"),
        ({"bytes": 31, "stamp": True}, "bytes must be a whole number from 32 to 1048576, not 31"),
        ({"stamp": 1}, "stamp must be true or false"),
        ({"parts": 7000, "bytes": 1000}, "7000 parts of 1000 bytes exceed 6291456 bytes"),
    ],
)
async def test_a_wrong_number_is_a_400_that_names_it(payload: dict[str, object], message: str) -> None:
    response = await ask(FirehoseContainer(), payload)
    assert (response.status, response.body) == (400, message.encode())
