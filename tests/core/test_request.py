"""The wire request: byte for byte what botocore's own serializer makes of the same parameters."""

from __future__ import annotations

from typing import Any

import botocore.loaders
import botocore.model
import botocore.serialize
import pytest

from smrt_tui.core.draft import ResolvedDraft
from smrt_tui.core.request import WireRequest, build_request, header, is_json, media_type
from smrt_tui.core.service import MODES, OPERATION_OF_MODE, Member, Mode, packaged_service

BASE = "https://runtime.sagemaker.us-east-1.amazonaws.com"


@pytest.fixture(scope="module")
def model() -> botocore.model.ServiceModel:
    raw = botocore.loaders.Loader().load_service_model("sagemaker-runtime", "service-2")
    return botocore.model.ServiceModel(raw, "sagemaker-runtime")


def value_of(member: Member) -> str:
    return str(member.minimum) if member.kind == "integer" else f"v-{member.name}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("endpoint", ["plain", "with space", "a/b", "ü~x", "a.b_c-d", "%41"])
def test_every_member_goes_out_as_botocore_sends_it(
    model: botocore.model.ServiceModel, mode: Mode, endpoint: str
) -> None:
    operation = packaged_service().operation(mode)
    members = tuple((m.name, value_of(m)) for m in operation.header_members)
    ours = build_request(operation, ResolvedDraft(mode, endpoint, members, (), b"\x00body"), f"{BASE}/")
    parameters: dict[str, Any] = {
        member.name: int(value_of(member)) if member.kind == "integer" else value_of(member)
        for member in operation.header_members
    }
    serializer = botocore.serialize.create_serializer("rest-json", include_validation=False)
    theirs = serializer.serialize_to_request(
        {**parameters, "EndpointName": endpoint, "Body": b"\x00body"}, model.operation_model(OPERATION_OF_MODE[mode])
    )
    assert (ours.method, ours.url, ours.body) == (theirs["method"], BASE + theirs["url_path"], theirs["body"])
    assert dict(ours.headers) == {name: str(value) for name, value in theirs["headers"].items()}


def test_members_come_in_model_order_then_free_headers_as_typed() -> None:
    operation = packaged_service().operation("sync")
    draft = ResolvedDraft(
        "sync",
        "e",
        (("TargetModel", "m"), ("Accept", "a"), ("InputLocation", "s3://not-of-this-operation")),
        (("x-b", "2"), ("X-A", "1"), ("x-b", "1"), ("accept", "again")),
        b"",
    )
    assert build_request(operation, draft, BASE) == WireRequest(
        "POST",
        f"{BASE}/endpoints/e/invocations",
        (
            ("Accept", "a"),
            ("X-Amzn-SageMaker-Target-Model", "m"),
            ("x-b", "2"),
            ("X-A", "1"),
            ("x-b", "1"),
            ("accept", "again"),
        ),
        b"",
    )


def test_a_header_is_found_in_any_case_the_first_wins() -> None:
    headers = (("X-A", "1"), ("x-a", "2"))
    assert (header(headers, "x-A"), header(headers, "y")) == ("1", None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("application/json", "application/json"),
        (" Application/JSON ; charset=utf-8", "application/json"),
        ("", ""),
        (None, ""),
        (";", ""),
    ],
)
def test_a_media_type_is_what_stands_before_the_parameters(written: str | None, read: str) -> None:
    assert media_type(written) == read


@pytest.mark.parametrize("body", [b"{}", b" [1] \n", b'"a"', b"5", b"null", '{"ü": 1}'.encode()])
def test_json_is_json(body: bytes) -> None:
    assert is_json(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{}{}", b"NaN", b"[Infinity]", b"\xff", "{}".encode("utf-16"), b"\xef\xbb\xbf{}", b"[" * 100_000],
    ids=["empty", "open", "two", "NaN", "Infinity", "latin-1", "utf-16", "BOM", "deep"],
)
def test_what_rfc_8259_does_not_allow_is_not(body: bytes) -> None:
    assert not is_json(body)
