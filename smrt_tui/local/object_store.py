"""Objects in memory: what async invocations read and write, and S3 requests put and get. No request is known here."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

MAX_STORE = 512 * 1024 * 1024
"""Bytes of all objects and of the parts of unfinished uploads."""


class ObjectName(Struct, frozen=True):
    """`s3://bucket/key`."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


class StoredObject(Struct, frozen=True, dict=True):
    """One object."""

    body: bytes
    content_type: str
    modified: datetime
    metadata: Headers = ()
    """The `x-amz-meta-*` headers it was put with."""
    joined_etag: str = ""
    """Of an object put in parts, which no hash of its whole body gives back."""

    @cached_property
    def etag(self) -> str:
        """In quotes, as S3 makes it: the MD5 of an object put in one piece."""
        return self.joined_etag or etag_of(self.body)


def etag_of(body: bytes) -> str:
    """The ETag of an object, or of a part, put in one piece."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


class StoreFull(Exception):
    """There is no room for another object."""


class ObjectStore:
    """All objects of this run."""

    def __init__(self) -> None:
        self._objects: dict[ObjectName, StoredObject] = {}
        self._bytes = 0

    def put(self, name: ObjectName, stored: StoredObject) -> None:
        """Keep an object, instead of the one that was there. Raises `StoreFull`."""
        before = self._objects.get(name)
        self.reserve(len(stored.body) - (len(before.body) if before else 0))
        self._objects[name] = stored

    def get(self, name: ObjectName) -> StoredObject | None:
        """The object of that name."""
        return self._objects.get(name)

    def reserve(self, size: int) -> None:
        """Count bytes that are kept elsewhere, or (negative) no longer are. Raises `StoreFull`."""
        if size > 0 and self._bytes + size > MAX_STORE:
            raise StoreFull
        self._bytes += size


def parse_s3_uri(uri: str) -> ObjectName | None:
    """The object that `s3://bucket/key` names; None when it names none."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return ObjectName(bucket, key) if uri.startswith("s3://") and bucket and key else None
