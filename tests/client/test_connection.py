from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count

import pytest

from smrt_tui.client.connection import MOST_HELD_BYTES, Connection
from smrt_tui.client.seam import Reading


class Ticking:
    """A clock that is one second further each time it is looked at."""

    def __init__(self) -> None:
        self._seconds: Iterator[int] = count(1)

    def __call__(self) -> float:
        return float(next(self._seconds))


@asynccontextmanager
async def a_connection() -> AsyncIterator[tuple[Connection, socket.socket]]:
    """A connection and the other end of its socket."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    connection = Connection(ours, Ticking())
    await asyncio.get_running_loop().create_connection(lambda: connection, sock=ours)
    try:
        yield connection, theirs
    finally:
        await connection.close()
        theirs.close()


async def test_a_read_is_stamped_when_it_comes_and_not_when_it_is_taken() -> None:
    async with a_connection() as (connection, theirs):
        for sent in (b"a", b"b"):
            theirs.send(sent)
            await connection.change(5)
        assert [connection.take_read(), connection.take_read()] == [Reading(1.0, b"a"), Reading(2.0, b"b")]
        assert connection.take_read() is None


async def test_reading_pauses_while_too_much_is_held_and_goes_on_afterwards() -> None:
    async with a_connection() as (connection, theirs):
        transport = connection._transport
        while transport.is_reading():
            connection.data_received(bytes(100_000))
        assert MOST_HELD_BYTES < connection._held_bytes <= MOST_HELD_BYTES + 100_000
        taken = 0
        while not transport.is_reading():
            assert connection.take_read() is not None
            taken += 1
        assert taken > 5
        theirs.send(b"more")
        await connection.change(5)


async def test_silence_runs_into_the_time_out() -> None:
    async with a_connection() as (connection, _):
        with pytest.raises(TimeoutError):
            await connection.change(0.01)


async def test_an_end_is_news_and_makes_it_unfit() -> None:
    async with a_connection() as (connection, theirs):
        assert connection.is_sound
        theirs.close()
        await connection.change(5)
        assert (connection.has_ended, connection.is_sound, connection.error) == (True, False, None)


async def test_bytes_that_nobody_asked_for_make_it_unfit() -> None:
    async with a_connection() as (connection, theirs):
        theirs.send(b"HTTP/1.1 408 Request Timeout\r\n")
        await connection.change(5)
        assert not connection.is_sound


async def test_what_the_kernel_does_not_take_clogs_it_until_it_does() -> None:
    async with a_connection() as (connection, theirs):
        connection.write(bytes(4_000_000))
        assert (connection.is_clogged, connection.is_sound) == (True, False)
        received = 0
        while received < 4_000_000:
            with suppress(BlockingIOError):
                received += len(theirs.recv(1 << 20))
            await asyncio.sleep(0)
        assert (connection.is_clogged, connection.is_sound) == (False, True)
