"""Part policies: what each does to a stream, and that none loses a byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.parts import POLICIES, PartPolicy

CHANGES_BYTES = {"crlf", "keep-alive", "bom", "no-final-newline"}


def policy(name: str) -> PartPolicy:
    return next(row for row in POLICIES if row.name == name)


def cut(name: str, flushes: list[bytes], amount: int | None = None) -> list[bytes]:
    row = policy(name)

    async def source() -> AsyncIterator[bytes]:
        for flush in flushes:
            yield flush

    async def collect() -> list[bytes]:
        return [part async for part in row.apply(source(), row.default if amount is None else amount)]

    return asyncio.run(collect())


@pytest.mark.parametrize(
    ("name", "amount", "flushes", "parts"),
    [
        ("per-flush", None, [b"a", b"bc"], [b"a", b"bc"]),
        ("group", 2, [b"a", b"b", b"c"], [b"ab", b"c"]),
        ("bytes", 3, [b"ab", b"cdefgh"], [b"abc", b"def", b"gh"]),
        ("split-utf8", None, ["wörld🙂!".encode()], [b"w\xc3", b"\xb6rld\xf0", b"\x9f\x99\x82!"]),
        ("split-data", None, [b'data: {"a":1}\n\n', b"plain"], [b"da", b'ta: {"a":1}\n\n', b"pl", b"ain"]),
        ("coalesce", 1, [b"a", b"b", b"c"], [b"abc"]),
        ("burst", None, [b"a", b"b"], [b"a", b"b"]),
        ("crlf", None, [b"a\nb\r", b"\nc\n"], [b"a\r\nb\r", b"\nc\r\n"]),
        ("keep-alive", 2, [b"a", b"b", b"c"], [b":\n\n", b"a", b"b", b":\n\n", b"c"]),
        ("bom", None, [b"a", b"b"], [b"\xef\xbb\xbfa", b"b"]),
        ("no-final-newline", None, [b"a\n", b"b\n", b"\n"], [b"a", b"\nb"]),
    ],
)
def test_a_policy_cuts_as_it_says(name: str, amount: int | None, flushes: list[bytes], parts: list[bytes]) -> None:
    assert cut(name, flushes, amount) == parts


@pytest.mark.parametrize("name", [row.name for row in POLICIES if row.name not in CHANGES_BYTES | {"coalesce"}])
@given(flushes=st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=20).map(str.encode)), max_size=6))
def test_no_byte_is_lost_or_moved(name: str, flushes: list[bytes]) -> None:
    assert b"".join(cut(name, flushes)) == b"".join(flushes)


async def test_a_burst_of_a_source_that_breaks_off_keeps_what_had_come() -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"
        raise ConnectionResetError

    seen = []
    with pytest.raises(ConnectionResetError):
        async for part in policy("burst").apply(source(), 0):
            seen.append(part)
    assert seen == [b"a", b"b"]


@given(st.lists(st.text("ab\r\n", max_size=8).map(str.encode), max_size=6))
def test_crlf_works_across_flushes(flushes: list[bytes]) -> None:
    whole = b"".join(flushes).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert b"".join(cut("crlf", flushes)) == whole


def test_every_policy_tells_what_it_does() -> None:
    assert len({row.name for row in POLICIES}) == len(POLICIES)
    assert all(row.does.endswith(".") for row in POLICIES)
