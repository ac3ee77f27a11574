"""What multipart uploads refuse; that boto3 can use them is told in `tests/outside`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from smrt_tui.local.multipart import MIN_PART, Uploads
from smrt_tui.local.object_store import MAX_STORE, ObjectName, ObjectStore, StoreFull
from smrt_tui.local.wire import Refused

NAME = ObjectName("bucket", "key")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def an_upload(store: ObjectStore | None = None) -> tuple[Uploads, str]:
    uploads = Uploads(store or ObjectStore(), lambda: NOW)
    return uploads, uploads.begin(NAME, "a/b", ())


def listed(*parts: tuple[int, str]) -> bytes:
    inner = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>" for number, etag in parts)
    return f"<CompleteMultipartUpload>{inner}</CompleteMultipartUpload>".encode()


def code(refused: Refused) -> str:
    match = re.search(rb"<Code>(\w+)</Code>", refused.answer.body)
    return match[1].decode() if match else ""


def test_parts_are_joined_by_their_numbers_whatever_order_they_came_in() -> None:
    store = ObjectStore()
    uploads, upload = an_upload(store)
    second = uploads.add(NAME, upload, "2", b"end")
    first = uploads.add(NAME, upload, "1", bytes(MIN_PART))
    stored = uploads.complete(NAME, upload, listed((1, first), (2, second.replace('"', "&quot;"))))
    assert (stored.body, stored.content_type, stored.etag[-3:]) == (bytes(MIN_PART) + b"end", "a/b", '-2"')
    assert store.get(NAME) == stored


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], "MalformedXML"),
        ([(2, "good"), (1, "good")], "InvalidPartOrder"),
        ([(1, "good"), (1, "good")], "InvalidPartOrder"),
        ([(1, "bad")], "InvalidPart"),
        ([(3, "good")], "InvalidPart"),
        ([(1, "good"), (2, "good")], "EntityTooSmall"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_and_the_upload_stays(parts: list[tuple[int, str]], expected: str) -> None:
    uploads, upload = an_upload()
    good = uploads.add(NAME, upload, "1", b"x")
    uploads.add(NAME, upload, "2", b"x")
    with pytest.raises(Refused) as caught:
        uploads.complete(NAME, upload, listed(*((number, good if etag == "good" else etag) for number, etag in parts)))
    assert code(caught.value) == expected
    assert uploads.complete(NAME, upload, listed((1, good))).body == b"x"


@pytest.mark.parametrize("number", ["0", "10001", "-1", "one", ""])
def test_a_part_number_out_of_range_is_refused(number: str) -> None:
    uploads, upload = an_upload()
    with pytest.raises(Refused) as caught:
        uploads.add(NAME, upload, number, b"x")
    assert code(caught.value) == "InvalidArgument"


def test_an_upload_belongs_to_its_object() -> None:
    uploads, upload = an_upload()
    with pytest.raises(Refused) as caught:
        uploads.add(ObjectName("bucket", "other"), upload, "1", b"x")
    assert code(caught.value) == "NoSuchUpload"


def test_parts_count_until_the_upload_is_dropped() -> None:
    store = ObjectStore()
    uploads, upload = an_upload(store)
    uploads.add(NAME, upload, "1", b"x")
    with pytest.raises(StoreFull):
        store.reserve(MAX_STORE)
    uploads.abort(NAME, upload)
    store.reserve(MAX_STORE)
