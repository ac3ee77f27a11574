"""How a body is framed, judged by its first bytes: the content type of a stream is often wrong, so it only breaks ties.

The judgement is that of the shortest beginning that decides, so that it does not depend on how the body was cut.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from smrt_tui.core.decode.bom import BOM
from smrt_tui.core.decode.magic import may_become_signature, signature_of
from smrt_tui.core.request import media_type

Framing: TypeAlias = Literal["sse", "json", "text", "binary"]

_BLANK = b" \t\r\n\x1e"
_BEFORE_A_WORD = frozenset({b"", BOM, b"[", BOM + b"["})
"""Beginnings after which a blank decides nothing."""
_FIELD = re.compile(rb"(?:data|event|id|retry) ?:|:")
_FIELD_BEGINNING = re.compile(
    rb"d(?:a(?:t(?:a ?)?)?)?|e(?:v(?:e(?:n(?:t ?)?)?)?)?|i(?:d ?)?|r(?:e(?:t(?:r(?:y ?)?)?)?)?"
)
_ARRAY = re.compile(rb'\[[\[\]{"\-0-9tfnNI]')
"""An opening bracket and what JSON allows after it (NaN and Infinity too, as Python writes them)."""


class Sniffer:
    """Takes the first bytes until they decide."""

    def __init__(self, content_type: str) -> None:
        self._media_type = media_type(content_type)
        self._head = b""
        """What has been seen, without blanks that decide nothing: a handful of bytes."""

    def feed(self, payload: bytes) -> Framing | None:
        """The framing, or None while more bytes are needed. Not to be asked again once it has answered."""
        if self._media_type.startswith(("image/", "audio/", "video/")):
            return "binary"
        for byte in payload:
            if byte in _BLANK and self._head in _BEFORE_A_WORD:
                continue
            self._head += bytes((byte,))
            framing = self._judge(self._head)
            if framing is not None:
                return framing
        return None

    def settle(self) -> Framing:
        """The framing of a body that ended before it was clear."""
        return "binary" if self.is_binary(self._head) else "text"

    def is_binary(self, head: bytes) -> bool:
        """Whether the beginning of a body holds a NUL or breaks UTF-8, and no content type says that it is text."""
        return not self._media_type.startswith("text/") and not _may_be_text(head)

    def _judge(self, head: bytes) -> Framing | None:
        if signature_of(head) is not None:
            return "binary"
        if may_become_signature(head) or BOM.startswith(head):
            return None
        if self.is_binary(head):
            return "binary"
        return _judge_text(head.removeprefix(BOM))


def _judge_text(head: bytes) -> Framing | None:
    if _FIELD.match(head):
        return "sse"
    if head.startswith(b"{"):
        return "json"
    if head == b"[" or _FIELD_BEGINNING.fullmatch(head):
        return None
    return "json" if _ARRAY.match(head) else "text"


def _may_be_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as broken:
        return broken.reason == "unexpected end of data"
    return True
