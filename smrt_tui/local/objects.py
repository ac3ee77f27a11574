"""The small part of S3 that async invocations need: one object put, got and headed, whole or in parts.

Path-style addresses, SigV4 for service `s3`, the answers and XML errors of S3. Buckets need not be made. Listings,
deletions and everything else are refused in plain words.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from smrt_tui.local.byte_range import Unsatisfiable, read_range
from smrt_tui.local.multipart import Uploads
from smrt_tui.local.object_answers import document, error, exchange_ids, not_implemented, signature_refused
from smrt_tui.local.object_store import MAX_STORE, ObjectName, ObjectStore, StoredObject, StoreFull
from smrt_tui.local.refusals import REGION
from smrt_tui.local.sigv4 import Credentials, verify
from smrt_tui.local.wire import Answer, RawRequest, Refused

if TYPE_CHECKING:
    from smrt_tui.core.request import Headers

MAX_REQUEST = 64 * 1024 * 1024
"""Bytes of one request's body; a larger object comes in parts."""


class ObjectDoor:
    """Answers S3 requests."""

    def __init__(
        self, store: ObjectStore, credentials: Credentials, now: Callable[[], datetime], *, forbids_missing: bool
    ) -> None:
        self._store = store
        self._uploads = Uploads(store, now)
        self._credentials = credentials
        self._now = now
        self._forbids_missing = forbids_missing
        """Whether a missing key is 403, as for an identity without s3:ListBucket."""

    def answer(self, request: RawRequest) -> Answer:
        """The response to one request."""
        try:
            self._check(request)
            return self._carry_out(request)
        except Refused as refused:
            return refused.answer
        except StoreFull:
            return error(503, "SlowDown", f"The object store of this run is full ({MAX_STORE} bytes).")

    def _check(self, request: RawRequest) -> None:
        if request.is_oversize:
            message = f"A request carries no more than {MAX_REQUEST} bytes here: upload the object in parts."
            raise Refused(error(400, "EntityTooLarge", message))
        if (request.header("X-Amz-Content-Sha256") or "").startswith("STREAMING-"):
            raise Refused(
                not_implemented("Uploads in signed chunks (aws-chunked) are not supported: send the body whole.")
            )
        fault = verify(request, self._credentials, REGION, "s3", self._now())
        if fault is not None:
            raise Refused(signature_refused(fault))
        _check_digests(request)

    def _carry_out(self, request: RawRequest) -> Answer:
        name = _object_name(request)
        query = dict(parse_qsl(request.query.decode("latin-1"), keep_blank_values=True))
        query.pop("x-id", None)  # the operation's name, which some SDKs add
        match request.method, sorted(query):
            case "GET" | "HEAD", []:
                return self._get(name, request)
            case "PUT", [] if request.header("x-amz-copy-source") is None:
                return self._put(name, request)
            case "PUT", ["partNumber", "uploadId"] if request.header("x-amz-copy-source") is None:
                etag = self._uploads.add(name, query["uploadId"], query["partNumber"], request.body)
                return Answer(200, (*exchange_ids(), ("ETag", etag)))
            case "POST", ["uploads"]:
                upload_id = self._uploads.begin(name, _content_type(request), _metadata(request))
                return document("InitiateMultipartUploadResult", [*_named(name), ("UploadId", upload_id)])
            case "POST", ["uploadId"]:
                stored = self._uploads.complete(name, query["uploadId"], request.body)
                place = ("Location", f"http://{request.header('Host')}/{name.bucket}/{name.key}")
                return document("CompleteMultipartUploadResult", [place, *_named(name), ("ETag", stored.etag)])
            case "DELETE", ["uploadId"]:
                self._uploads.abort(name, query["uploadId"])
                return Answer(204, exchange_ids())
        raise Refused(_unknown_request())

    def _put(self, name: ObjectName, request: RawRequest) -> Answer:
        if request.header("If-None-Match") == "*" and self._store.get(name) is not None:
            return _precondition_failed("If-None-Match")
        stored = StoredObject(request.body, _content_type(request), self._now(), _metadata(request))
        self._store.put(name, stored)
        return Answer(200, (*exchange_ids(), ("ETag", stored.etag)))

    def _get(self, name: ObjectName, request: RawRequest) -> Answer:
        stored = self._store.get(name)
        if stored is None and self._forbids_missing:
            return error(403, "AccessDenied", "Access Denied")
        if stored is None:
            return error(404, "NoSuchKey", "The specified key does not exist.", [("Key", name.key)])
        if (wanted := request.header("If-Match")) not in (None, "*", stored.etag, stored.etag.strip('"')):
            return _precondition_failed(f"If-Match {wanted}")
        if request.header("If-None-Match") in ("*", stored.etag):
            return Answer(304, (*exchange_ids(), ("ETag", stored.etag)))
        return _slice(stored, request.header("Range"))


def _slice(stored: StoredObject, asked: str | None) -> Answer:
    """The object, or the part of it that was asked for."""
    length = len(stored.body)
    try:
        wanted = read_range(asked, length)
    except Unsatisfiable:
        more = [("RangeRequested", asked or ""), ("ActualObjectSize", str(length))]
        return error(416, "InvalidRange", "The requested range is not satisfiable", more)
    headers = (
        *exchange_ids(),
        ("Last-Modified", format_datetime(stored.modified.astimezone(UTC), usegmt=True)),
        ("ETag", stored.etag),
        *stored.metadata,
        ("Accept-Ranges", "bytes"),
        ("Content-Type", stored.content_type),
    )
    if wanted is None:
        return Answer(200, headers, stored.body)
    place = ("Content-Range", f"bytes {wanted.start}-{wanted.stop - 1}/{length}")
    return Answer(206, (*headers, place), stored.body[wanted])


def _check_digests(request: RawRequest) -> None:
    """Hold the body to the checksums that came with it; of S3's algorithms those that boto3 uses by itself."""
    md5, crc32 = request.header("Content-MD5"), request.header("x-amz-checksum-crc32")
    if md5 is not None and md5 != _base64(hashlib.md5(request.body, usedforsecurity=False).digest()):
        raise Refused(error(400, "BadDigest", "The Content-MD5 you specified did not match what we received."))
    if crc32 is not None and crc32 != _base64(zlib.crc32(request.body).to_bytes(4, "big")):
        raise Refused(error(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum."))


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")


def _object_name(request: RawRequest) -> ObjectName:
    bucket, _, key = unquote(request.path.decode("latin-1")).removeprefix("/").partition("/")
    if not bucket or not key:
        raise Refused(_unknown_request())
    return ObjectName(bucket, key)


def _unknown_request() -> Answer:
    return not_implemented(
        "This request is not supported: this store has PUT, GET and HEAD of one object and uploads in parts."
    )


def _named(name: ObjectName) -> list[tuple[str, str]]:
    return [("Bucket", name.bucket), ("Key", name.key)]


def _content_type(request: RawRequest) -> str:
    return request.header("Content-Type") or "binary/octet-stream"  # S3's own default


def _metadata(request: RawRequest) -> Headers:
    return tuple(
        (key.decode("latin-1"), value.decode("latin-1"))
        for key, value in request.headers
        if key.lower().startswith(b"x-amz-meta-")
    )


def _precondition_failed(condition: str) -> Answer:
    message = "At least one of the pre-conditions you specified did not hold"
    return error(412, "PreconditionFailed", message, [("Condition", condition.partition(" ")[0])])
