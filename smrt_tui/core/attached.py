"""What a file that is sent as a payload is, by its beginning: kind, dimensions, the first lines. Reads no file."""

from __future__ import annotations

import ast
import codecs
import struct
from collections.abc import Iterator

from msgspec import Struct

from smrt_tui.core.decode.magic import image_size, signature_of, wav_rate

HEAD_BYTES = 65_536
"""How much of a file is looked at: a JPEG's size may stand behind a colour profile."""
_BY_SUFFIX = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonlines",
    "ndjson": "application/jsonlines",
    "libsvm": "text/libsvm",
    "svm": "text/libsvm",
    "txt": "text/plain",
    "xml": "application/xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
}


class Attached(Struct, frozen=True):
    """One file, as far as it was looked at."""

    path: str
    """As it is written in the draft."""
    size: int
    """Bytes."""
    media_type: str
    """By its first bytes, else by its name; empty when neither tells."""
    facts: tuple[str, ...]
    """What its header says beside that, such as `1,024 × 768 pixels`."""
    text: str
    """The beginning, when it is UTF-8 text; else empty."""
    head: bytes
    """The first bytes."""


def attached(path: str, head: bytes, size: int) -> Attached:
    """What a file with that beginning and of that size is."""
    signature = signature_of(head)
    text = "" if signature else _text(head, is_whole=len(head) >= size)
    suffix = path.rpartition(".")[2].lower()
    kind = signature.media_type if signature else _BY_SUFFIX.get(suffix, "") if text or not size else ""
    return Attached(path, size, kind, tuple(_facts(head, size)), text, head)


def _text(head: bytes, *, is_whole: bool) -> str:
    if b"\x00" in head:
        return ""
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=is_whole)
    except UnicodeDecodeError:
        return ""


def _facts(head: bytes, size: int) -> Iterator[str]:
    pixels = image_size(head)
    if pixels is not None:
        yield f"{pixels[0]:,} × {pixels[1]:,} pixels"
    sound = wav_rate(head)
    if sound is not None:
        yield f"{max(0, size - sound[1]) / sound[0]:.1f} seconds"
    array = npy_array(head)
    if array is not None:
        yield f"an array of {array[0]}, shape {' × '.join(f'{n:,}' for n in array[1]) or 'scalar'}"


def npy_array(head: bytes) -> tuple[str, tuple[int, ...]] | None:
    """The element type and the shape in a NumPy file's header (NEP 1); None when there is none that can be read."""
    if not head.startswith(b"\x93NUMPY") or len(head) < 12:
        return None
    length, begin = (struct.unpack("<H", head[8:10])[0], 10) if head[6] == 1 else (*struct.unpack("<I", head[8:12]), 12)
    try:
        header = ast.literal_eval(head[begin : begin + length].decode("latin-1").strip())
        descr, shape = header["descr"], header["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
        return None
    is_shape = isinstance(shape, tuple) and all(isinstance(n, int) for n in shape)
    return (descr if isinstance(descr, str) else "records", shape) if is_shape else None
