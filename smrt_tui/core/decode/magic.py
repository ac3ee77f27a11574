"""What kind of bytes these are, by their first few: the signatures of formats that endpoints take and give.

Signatures are those of the formats' own specifications; an ASCII signature is taken only as far as no sentence begins
so. Sizes and durations are read from the header alone.
"""

from __future__ import annotations

import re
import struct

from msgspec import Struct


class Signature(Struct, frozen=True):
    """The first bytes of a format."""

    prefix: bytes
    media_type: str
    suffix: str
    """The usual file name suffix, with its dot."""
    mark: bytes = b""
    """Bytes that must follow at `mark_at`."""
    mark_at: int = 0


SIGNATURES: tuple[Signature, ...] = (
    Signature(b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    Signature(b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    Signature(b"GIF87a", "image/gif", ".gif"),
    Signature(b"GIF89a", "image/gif", ".gif"),
    Signature(b"RIFF", "audio/wav", ".wav", b"WAVE", 8),
    Signature(b"RIFF", "image/webp", ".webp", b"WEBP", 8),
    Signature(b"RIFF", "video/x-msvideo", ".avi", b"AVI ", 8),
    Signature(b"ID3\x02", "audio/mpeg", ".mp3"),
    Signature(b"ID3\x03", "audio/mpeg", ".mp3"),
    Signature(b"ID3\x04", "audio/mpeg", ".mp3"),
    Signature(b"\xff\xfb", "audio/mpeg", ".mp3"),
    Signature(b"\xff\xf3", "audio/mpeg", ".mp3"),
    Signature(b"\xff\xf2", "audio/mpeg", ".mp3"),
    Signature(b"\xff\xf1", "audio/aac", ".aac"),
    Signature(b"\xff\xf9", "audio/aac", ".aac"),
    Signature(b"OggS\x00", "audio/ogg", ".ogg"),
    Signature(b"fLaC\x00", "audio/flac", ".flac"),
    Signature(b"%PDF-", "application/pdf", ".pdf"),
    Signature(b"\x1f\x8b", "application/gzip", ".gz"),
    Signature(b"PK\x03\x04", "application/zip", ".zip"),
    Signature(b"\x93NUMPY", "application/x-npy", ".npy"),
    Signature(b"PAR1\x15", "application/vnd.apache.parquet", ".parquet"),
    Signature(b"\x0a\x23\xd7\xce", "application/x-recordio-protobuf", ".recordio"),
    Signature(b"(\xb5/\xfd", "application/zstd", ".zst"),
)

LONGEST_SIGNATURE = 12
"""Bytes after which every signature has said yes or no."""


_FIRST_BYTES = frozenset(signature.prefix[0] for signature in SIGNATURES)


def signature_of(head: bytes) -> Signature | None:
    """The format that begins with these bytes."""
    if not head or head[0] not in _FIRST_BYTES:
        return None
    return next((signature for signature in SIGNATURES if _fits(signature, head)), None)


def may_become_signature(head: bytes) -> bool:
    """Whether more bytes could make a signature of what are too few now."""
    if not head or head[0] not in _FIRST_BYTES:
        return not head
    return len(head) < LONGEST_SIGNATURE and any(_may_fit(signature, head) for signature in SIGNATURES)


def _fits(signature: Signature, head: bytes) -> bool:
    end = signature.mark_at + len(signature.mark)
    return head.startswith(signature.prefix) and head[signature.mark_at : end] == signature.mark


def _may_fit(signature: Signature, head: bytes) -> bool:
    if len(head) < len(signature.prefix):
        return signature.prefix.startswith(head)
    return head.startswith(signature.prefix) and signature.mark.startswith(head[signature.mark_at :])


def image_size(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG or GIF, from its header; None when it is not in these bytes."""
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    if head.startswith(b"GIF8") and len(head) >= 10:
        return struct.unpack("<HH", head[6:10])
    return _jpeg_size(head) if head.startswith(b"\xff\xd8") else None


_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # ITU-T T.81, table B.1


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(head) and head[position] == 0xFF:
        marker = head[position + 1]
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", head[position + 5 : position + 9])
            return width, height
        if marker == 0xFF:  # a fill byte
            position += 1
        else:
            position += 2 + int.from_bytes(head[position + 2 : position + 4], "big")
    return None


_DATA_CHUNK = re.compile(rb"data(.{4})", re.DOTALL)


def wav_rate(head: bytes) -> tuple[int, int] | None:
    """Bytes a second and the first sample's offset of a WAV, by its header; None when it is not in these bytes."""
    fmt = head.find(b"fmt ", 12)
    chunk = _DATA_CHUNK.search(head, fmt + 24) if fmt >= 0 else None
    if not head.startswith(b"RIFF") or chunk is None:
        return None
    rate = int.from_bytes(head[fmt + 16 : fmt + 20], "little")
    return (rate, chunk.end()) if rate else None
