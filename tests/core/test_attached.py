"""A file by its beginning: its kind, what its header says, its first lines. Nothing makes it raise."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.attached import attached, npy_array


def npy(header: str, version: int = 1) -> bytes:
    text = header.encode("latin-1")
    length = struct.pack("<H", len(text)) if version == 1 else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text


HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 4), }          \n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 640, 480)


@pytest.mark.parametrize(
    ("path", "head", "kind", "facts"),
    [
        ("a.npy", npy(HEADER), "application/x-npy", ("an array of <f4, shape 1,000 × 4",)),
        ("a.npy", npy(HEADER, 2), "application/x-npy", ("an array of <f4, shape 1,000 × 4",)),
        ("a", npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}"), "application/x-npy", None),
        ("cat", PNG, "image/png", ("640 × 480 pixels",)),
        ("t.parquet", b"PAR1\x15\x04", "application/vnd.apache.parquet", ()),
        ("rows.csv", b"1,2\n", "text/csv", ()),
        ("q.JSON", b"{}", "application/json", ()),
        ("words", b"words", "", ()),
        ("not.csv", b"\x00\x01", "", ()),
        ("empty.csv", b"", "text/csv", ()),
    ],
)
def test_a_file_is_told_by_its_bytes_and_else_by_its_name(
    path: str, head: bytes, kind: str, facts: tuple[str, ...] | None
) -> None:
    found = attached(path, head, len(head))
    assert found.media_type == kind
    assert found.facts == (("an array of <f8, shape scalar",) if facts is None else facts)


def test_text_is_shown_as_far_as_it_was_read_also_where_that_ends_in_a_character() -> None:
    assert attached("a.txt", "caf\u00e9".encode()[:-1], 5).text == "caf"
    assert attached("a.txt", "caf\u00e9".encode()[:-1], 4).text == ""
    assert attached("a.bin", b"a\x00b", 3).text == ""


@pytest.mark.parametrize("header", ["", "{", "[1]", "{'descr': 1}", "__import__('os')", "{'descr': 1, 'shape': 'x'}"])
def test_a_header_that_is_none_is_no_array(header: str) -> None:
    assert npy_array(npy(header)) is None


@given(st.binary(max_size=80), st.booleans())
def test_no_bytes_make_it_raise(data: bytes, is_npy: bool) -> None:
    attached("x", b"\x93NUMPY\x01\x00" + data if is_npy else data, len(data))
