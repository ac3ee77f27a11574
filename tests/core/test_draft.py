"""Drafts: a payload lies over its profile, and a fix changes what it names and nothing else."""

from __future__ import annotations

import pytest
from msgspec import convert
from msgspec.structs import replace

from smrt_tui.core.draft import Draft, apply_fix, draft_of, same_request
from smrt_tui.core.finding import DropHeader, DropMember, Fix, RenameHeader, ReplaceBody, SetMember, SwitchMode
from smrt_tui.core.kept_text import KeptText, digest_of
from smrt_tui.core.profile import Profile
from smrt_tui.core.target import target_of

PROFILE = convert(
    {
        "endpoint": "e",
        "region": "eu-west-1",
        "endpoint_url": "http://x",
        "mode": "stream",
        "request": {"ContentType": "application/json", "Accept": "a"},
        "headers": {"X-A": ["1", "2"], "X-N": ["5"]},
        "variables": {"a": 1, "b": 2},
        "client": {"max_attempts": 2},
        "async": {"poll": 9},
        "payloads": [
            {"name": "first", "body": "{}"},
            {
                "name": "second",
                "mode": "sync",
                "request": {"Accept": "b", "TargetVariant": "v"},
                "headers": {"X-A": ["3"]},
                "variables": {"b": 3, "c": 4},
                "body_file": "f.bin",
            },
        ],
    },
    Profile,
)


def test_the_first_payload_is_taken_when_none_is_named() -> None:
    assert draft_of(PROFILE) == Draft(
        "stream",
        "e",
        (("ContentType", "application/json"), ("Accept", "a")),
        (("X-A", "1"), ("X-A", "2"), ("X-N", "5")),
        "{}",
        None,
        (("a", 1), ("b", 2)),
    )


def test_a_payload_lies_over_its_profile() -> None:
    assert draft_of(PROFILE, PROFILE.payload("second")) == Draft(
        "sync",
        "e",
        (("ContentType", "application/json"), ("Accept", "b"), ("TargetVariant", "v")),
        (("X-A", "1"), ("X-A", "2"), ("X-N", "5"), ("X-A", "3")),
        "",
        "f.bin",
        (("a", 1), ("b", 3), ("c", 4)),
    )


def test_a_mode_that_is_asked_for_wins() -> None:
    assert draft_of(PROFILE, PROFILE.payload("second"), "async").mode == "async"


def test_a_profile_without_payloads_has_an_empty_body() -> None:
    assert draft_of(Profile(endpoint="e")) == Draft("sync", "e")


def test_the_target_is_what_the_profile_says_of_where_and_as_whom() -> None:
    target = target_of(PROFILE)
    assert (target.region, target.endpoint_url, target.credentials) == ("eu-west-1", "http://x", None)
    assert (target.client.max_attempts, target.async_options.poll) == (2, 9)


DRAFT = Draft("stream", "e", (("A", "1"), ("B", "2")), (("X-A", "1"), ("x-a", "2"), ("Y", "3")), "body", "file", ())


@pytest.mark.parametrize(
    ("fix", "fixed"),
    [
        (SetMember("A", "9"), replace(DRAFT, members=(("A", "9"), ("B", "2")))),
        (SetMember("C", "3"), replace(DRAFT, members=(("A", "1"), ("B", "2"), ("C", "3")))),
        (DropMember("A"), replace(DRAFT, members=(("B", "2"),))),
        (DropMember("Z"), DRAFT),
        (RenameHeader("X-a", "X-B"), replace(DRAFT, headers=(("X-B", "1"), ("X-B", "2"), ("Y", "3")))),
        (DropHeader("x-A"), replace(DRAFT, headers=(("Y", "3"),))),
        (SwitchMode("sync"), replace(DRAFT, mode="sync")),
        (ReplaceBody("new"), replace(DRAFT, body="new", body_file=None)),
    ],
    ids=repr,
)
def test_a_fix_changes_what_it_names(fix: Fix, fixed: Draft) -> None:
    assert apply_fix(DRAFT, fix) == fixed


def test_a_variable_is_set_in_its_place() -> None:
    draft = Draft("sync", "e", variables=(("a", 1), ("b", 2)))
    assert draft.with_variable("a", [3]).variables == (("a", [3]), ("b", 2))
    assert draft.with_variable("c", None).variables == (("a", 1), ("b", 2), ("c", None))


def test_a_member_is_read_by_its_name() -> None:
    assert (DRAFT.member("B"), DRAFT.member("Z")) == ("2", None)


def test_a_text_in_a_file_is_the_same_request_as_the_text_itself() -> None:
    kept = KeptText(digest_of(b"body"), 4)
    in_file = replace(DRAFT, body="", body_kept=kept)
    assert same_request(DRAFT, in_file)
    assert same_request(in_file, DRAFT)
    assert same_request(in_file, replace(in_file))
    assert not same_request(replace(DRAFT, body="other"), in_file)
    assert not same_request(replace(DRAFT, mode="sync"), in_file)
    assert not same_request(replace(in_file, body_kept=KeptText(digest_of(b"b"), 1)), in_file)
