"""Multipart uploads: begun, given parts, joined or dropped, by the rules of S3 (user guide, Multipart upload limits).

Values in, values out; what a client is told is raised as `Refused`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec import Struct, field

from smrt_tui.local.object_answers import error
from smrt_tui.local.object_store import ObjectName, ObjectStore, StoredObject, etag_of
from smrt_tui.local.wire import Refused

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

MAX_PART_NUMBER = 10_000
MIN_PART = 5 * 1024 * 1024
"""Bytes of every part but the last."""

_PART = re.compile(r"<Part>(.*?)</Part>", re.DOTALL)
_NUMBER = re.compile(r"<PartNumber>\s*(\d{1,9})\s*</PartNumber>")
_ETAG = re.compile(r"<ETag>\s*(.*?)\s*</ETag>", re.DOTALL)


class _Upload(Struct):
    """One upload that was begun."""

    name: ObjectName
    content_type: str
    metadata: Headers
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """The unfinished uploads of this run. Their parts count as bytes of the store."""

    def __init__(self, store: ObjectStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._uploads: dict[str, _Upload] = {}

    def begin(self, name: ObjectName, content_type: str, metadata: Headers) -> str:
        """The id of a new upload."""
        upload_id = uuid4().hex
        self._uploads[upload_id] = _Upload(name, content_type, metadata)
        return upload_id

    def add(self, name: ObjectName, upload_id: str, number: str, body: bytes) -> str:
        """Keep a part, instead of the one of that number; its ETag. Raises `Refused` and `StoreFull`."""
        upload = self._find(name, upload_id)
        if not number.isdecimal() or not 1 <= int(number) <= MAX_PART_NUMBER:
            message = f"Part number must be an integer between 1 and {MAX_PART_NUMBER}, inclusive"
            raise Refused(error(400, "InvalidArgument", message))
        self._store.reserve(len(body) - len(upload.parts.get(int(number), b"")))
        upload.parts[int(number)] = body
        return etag_of(body)

    def complete(self, name: ObjectName, upload_id: str, listed: bytes) -> StoredObject:
        """Join the parts that a CompleteMultipartUpload document lists into the object. Raises `Refused`."""
        upload = self._find(name, upload_id)
        parts = _chosen(upload, _read_list(listed))
        digests = b"".join(hashlib.md5(part, usedforsecurity=False).digest() for part in parts)
        etag = f'"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"'
        stored = StoredObject(b"".join(parts), upload.content_type, self._now(), upload.metadata, etag)
        self.abort(name, upload_id)
        self._store.put(name, stored)
        return stored

    def abort(self, name: ObjectName, upload_id: str) -> None:
        """Drop an upload with its parts. Raises `Refused`."""
        upload = self._find(name, upload_id)
        del self._uploads[upload_id]
        self._store.reserve(-sum(len(part) for part in upload.parts.values()))

    def _find(self, name: ObjectName, upload_id: str) -> _Upload:
        upload = self._uploads.get(upload_id)
        if upload is None or upload.name != name:
            message = (
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                "aborted or completed."
            )
            raise Refused(error(404, "NoSuchUpload", message, [("UploadId", upload_id)]))
        return upload


def _read_list(listed: bytes) -> Sequence[tuple[int, str]]:
    """Number and ETag of each part that the document lists."""
    text = listed.decode("utf-8", "replace")
    found = [(_NUMBER.search(part), _ETAG.search(part)) for part in _PART.findall(text)]
    pairs = [(int(number[1]), unescape(etag[1]).strip('"')) for number, etag in found if number and etag]
    if not pairs or len(pairs) != len(found):
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise Refused(error(400, "MalformedXML", message))
    return pairs


def _chosen(upload: _Upload, listed: Sequence[tuple[int, str]]) -> Sequence[bytes]:
    """The parts in their order, each one there, unchanged and large enough."""
    numbers = [number for number, _ in listed]
    if numbers != sorted(set(numbers)):
        message = "The list of parts was not in ascending order. Parts must be ordered by part number."
        raise Refused(error(400, "InvalidPartOrder", message))
    for number, etag in listed:
        if number not in upload.parts or etag_of(upload.parts[number]).strip('"') != etag:
            message = (
                "One or more of the specified parts could not be found. The part may not have been uploaded, or the "
                "specified entity tag may not match the part's entity tag."
            )
            raise Refused(error(400, "InvalidPart", message, [("PartNumber", str(number)), ("ETag", etag)]))
    parts = [upload.parts[number] for number in numbers]
    if any(len(part) < MIN_PART for part in parts[:-1]):
        message = "Your proposed upload is smaller than the minimum allowed size"
        raise Refused(error(400, "EntityTooSmall", message, [("MinSizeAllowed", str(MIN_PART))]))
    return parts
