"""Objects in memory, and the small part of S3 that async invocations need: PUT, GET and HEAD of one object.

Path-style addresses, SigV4 for service `s3`, the answers and XML errors of S3. Buckets need not be made. Multipart
uploads, listings and everything else are refused in plain words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

from smrt_tui.local.refusals import REGION
from smrt_tui.local.sigv4 import Credentials, Flaw, verify
from smrt_tui.local.wire import Answer, RawRequest, Refused

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

MAX_OBJECT = 64 * 1024 * 1024
MAX_STORE = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ObjectName:
    """`s3://bucket/key`."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object."""

    body: bytes
    content_type: str
    modified: datetime
    metadata: Headers = ()
    """The `x-amz-meta-*` headers it was put with."""

    @property
    def etag(self) -> str:
        """As S3 makes it for an object put in one piece: the MD5 in quotes."""
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


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
        total = self._bytes + len(stored.body) - (len(before.body) if before else 0)
        if total > MAX_STORE:
            raise StoreFull
        self._objects[name] = stored
        self._bytes = total

    def get(self, name: ObjectName) -> StoredObject | None:
        """The object of that name."""
        return self._objects.get(name)


class ObjectDoor:
    """Answers S3 requests."""

    def __init__(
        self, store: ObjectStore, credentials: Credentials, now: Callable[[], datetime], *, forbids_missing: bool
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._now = now
        self._forbids_missing = forbids_missing
        """Whether a missing key is 403, as for an identity without s3:ListBucket."""

    def answer(self, request: RawRequest) -> Answer:
        """The response to one request."""
        try:
            self._check(request)
            name = _object_name(request)
            if request.method == "PUT":
                return self._put(name, request)
            return self._get(name)
        except Refused as refused:
            return refused.answer

    def _check(self, request: RawRequest) -> None:
        if request.is_oversize:
            raise Refused(_error(400, "EntityTooLarge", f"Objects of more than {MAX_OBJECT} bytes are not kept here."))
        if (request.header("X-Amz-Content-Sha256") or "").startswith("STREAMING-"):
            raise Refused(
                _not_implemented("Uploads in signed chunks (aws-chunked) are not supported: send the body whole.")
            )
        fault = verify(request, self._credentials, REGION, "s3", self._now())
        if fault is not None:
            status, code = _CODE_OF_FLAW[fault.flaw]
            raise Refused(_error(status, code, fault.message))

    def _put(self, name: ObjectName, request: RawRequest) -> Answer:
        stored = StoredObject(
            body=request.body,
            content_type=request.header("Content-Type") or "binary/octet-stream",  # S3's own default
            modified=self._now(),
            metadata=tuple(
                (key.decode("latin-1"), value.decode("latin-1"))
                for key, value in request.headers
                if key.lower().startswith(b"x-amz-meta-")
            ),
        )
        try:
            self._store.put(name, stored)
        except StoreFull:
            return _error(503, "SlowDown", f"The object store of this run is full ({MAX_STORE} bytes).")
        return Answer(200, (*_ids(), ("ETag", stored.etag)))

    def _get(self, name: ObjectName) -> Answer:
        stored = self._store.get(name)
        if stored is None and self._forbids_missing:
            return _error(403, "AccessDenied", "Access Denied")
        if stored is None:
            return _error(404, "NoSuchKey", "The specified key does not exist.", name.key)
        headers = (
            *_ids(),
            ("Last-Modified", format_datetime(stored.modified.astimezone(UTC), usegmt=True)),
            ("ETag", stored.etag),
            *stored.metadata,
            ("Content-Type", stored.content_type),
        )
        return Answer(200, headers, stored.body)


def parse_s3_uri(uri: str) -> ObjectName | None:
    """The object that `s3://bucket/key` names; None when it names none."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return ObjectName(bucket, key) if uri.startswith("s3://") and bucket and key else None


def _object_name(request: RawRequest) -> ObjectName:
    bucket, _, key = unquote(request.path.decode("latin-1")).removeprefix("/").partition("/")
    extras = [name for name, _ in parse_qsl(request.query.decode("latin-1"), keep_blank_values=True) if name != "x-id"]
    if request.method not in ("PUT", "GET", "HEAD") or not bucket or not key or extras:
        what = "A multipart upload" if {"uploads", "uploadId"} & set(extras) else "This request"
        raise Refused(_not_implemented(f"{what} is not supported: this store has PUT, GET and HEAD of one object."))
    return ObjectName(bucket, key)


_CODE_OF_FLAW = {
    Flaw.MISSING: (403, "AccessDenied"),
    Flaw.INCOMPLETE: (400, "AuthorizationHeaderMalformed"),
    Flaw.UNKNOWN_KEY: (403, "InvalidAccessKeyId"),
    Flaw.BAD_TOKEN: (400, "InvalidToken"),
    Flaw.SKEWED: (403, "RequestTimeTooSkewed"),
    Flaw.WRONG_SCOPE: (400, "AuthorizationHeaderMalformed"),
    Flaw.PAYLOAD_HASH: (400, "XAmzContentSHA256Mismatch"),
    Flaw.MISMATCH: (403, "SignatureDoesNotMatch"),
}


def _not_implemented(message: str) -> Answer:
    return _error(501, "NotImplemented", message)


def _error(status: int, code: str, message: str, key: str | None = None) -> Answer:
    ids = _ids()
    fields = [("Code", code), ("Message", message)]
    fields += [("Key", key)] if key is not None else []
    fields += [("RequestId", ids[0][1]), ("HostId", ids[1][1])]
    inner = "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for tag, text in fields)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'
    return Answer(status, (*ids, ("Content-Type", "application/xml")), body.encode())


def _ids() -> Headers:
    return (("x-amz-request-id", uuid4().hex[:16].upper()), ("x-amz-id-2", uuid4().hex))
