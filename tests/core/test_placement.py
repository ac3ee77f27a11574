"""Where an async payload goes: one answer for all who ask."""

from __future__ import annotations

import pytest

from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.placement import Placement, placed, placement_of, placement_told

DRAFT = ResolvedDraft("async", "e", (("ContentType", "text/csv"),), (), b"1,2")


@pytest.mark.parametrize(
    ("own", "wanted", "placement"),
    [
        (None, "inline", Placement("inline")),
        (None, "s3://bucket", Placement("upload", "s3://bucket/")),
        (None, "s3://bucket/in/", Placement("upload", "s3://bucket/in/")),
        ("s3://mine/x", "inline", Placement("object", "s3://mine/x")),
        ("s3://mine/x", "s3://bucket/in/", Placement("object", "s3://mine/x")),
    ],
)
def test_a_members_own_location_wins_over_the_profile(own: str | None, wanted: str, placement: Placement) -> None:
    assert placement_of(own, wanted) == placement


def test_an_uploaded_body_is_named_and_not_sent() -> None:
    ready, location = placed(DRAFT, "s3://bucket/in", lambda: "name")
    assert location == "s3://bucket/in/name"
    assert (ready.members[-1], ready.body) == (("InputLocation", location), b"")
    assert placed(DRAFT, "inline", lambda: "name") == (DRAFT, "")


@pytest.mark.parametrize(
    ("placement", "size", "told"),
    [
        (Placement("inline"), 3, "3 bytes go in the request"),
        (Placement("upload", "s3://b/in/"), 2_000, "2,000 bytes are uploaded to a new object under s3://b/in/ first"),
        (Placement("object", "s3://b/x"), 0, "the object s3://b/x is the payload"),
        (Placement("object", "s3://b/x"), 3, "the object s3://b/x is the payload; the body of 3 bytes is not sent"),
    ],
)
def test_it_is_told_in_a_line(placement: Placement, size: int, told: str) -> None:
    assert placement_told(placement, size) == told
