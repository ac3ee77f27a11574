"""The operations as data agree with botocore's own reading of its model, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import botocore.loaders
import botocore.model
import pytest

from smrt_tui.core.service import MODES, OPERATION_OF_MODE, Mode, packaged_service, python_pattern, read_service


@pytest.fixture(scope="module")
def model() -> botocore.model.ServiceModel:
    raw = botocore.loaders.Loader().load_service_model("sagemaker-runtime", "service-2")
    return botocore.model.ServiceModel(raw, "sagemaker-runtime")


def test_the_packaged_file_is_what_botocores_loader_loads() -> None:
    raw = botocore.loaders.Loader().load_service_model("sagemaker-runtime", "service-2")
    assert read_service(raw) == packaged_service()


@pytest.mark.parametrize("mode", MODES)
def test_an_operation_is_botocores(model: botocore.model.ServiceModel, mode: Mode) -> None:
    ours, theirs = packaged_service().operation(mode), model.operation_model(OPERATION_OF_MODE[mode])
    assert (ours.name, ours.method, ours.path) == (theirs.name, theirs.http["method"], theirs.http["requestUri"])
    assert ours.success_status == theirs.http.get("responseCode", 200)
    assert {error.name: error.status for error in ours.errors} == {
        shape.name: shape.metadata.get("error", {}).get("httpStatusCode") for shape in theirs.error_shapes
    }
    assert [member.name for member in ours.inputs] == list(theirs.input_shape.members)
    assert [member.name for member in ours.outputs] == list(theirs.output_shape.members)


def members() -> list[Any]:
    return [
        pytest.param(operation.mode, member, id=f"{operation.mode} {member.name}")
        for operation in packaged_service().operations
        for member in operation.inputs
    ]


@pytest.mark.parametrize(("mode", "member"), members())
def test_a_member_is_botocores(model: botocore.model.ServiceModel, mode: Mode, member: Any) -> None:
    shape = model.operation_model(OPERATION_OF_MODE[mode]).input_shape
    theirs = shape.members[member.name]
    serialization: Mapping[str, Any] = theirs.serialization
    assert member.location == serialization.get("location", "body")
    assert member.header == (serialization["name"] if member.location == "header" else None)
    assert (member.kind, member.is_required) == (theirs.type_name, member.name in shape.required_members)
    assert (member.minimum, member.maximum) == (theirs.metadata.get("min"), theirs.metadata.get("max"))
    assert member.pattern == theirs.metadata.get("pattern")
    assert member.is_sensitive == theirs.metadata.get("sensitive", False)


def test_the_stream_has_its_own_errors() -> None:
    stream = packaged_service().operation("stream")
    assert {error.name for error in stream.stream_errors} == {"ModelStreamError", "InternalStreamFailure"}
    assert packaged_service().operation("sync").stream_errors == ()


def test_one_member_has_different_headers_per_operation() -> None:
    service = packaged_service()
    accepts = {mode: service.operation(mode).input("Accept") for mode in MODES}
    assert {mode: member.header for mode, member in accepts.items() if member} == {
        "sync": "Accept",
        "async": "X-Amzn-SageMaker-Accept",
        "stream": "X-Amzn-SageMaker-Accept",
    }
    assert service.modes_with("TargetModel") == ("sync",)
    assert service.modes_with("Nothing") == ()


def test_a_header_finds_its_member_in_any_case() -> None:
    found = packaged_service().operation("sync").input_by_header("x-amzn-sagemaker-TARGET-model")
    assert found is not None
    assert found.name == "TargetModel"
    assert packaged_service().operation("stream").input_by_header("Accept") is None


@pytest.mark.parametrize(("mode", "member"), members())
def test_every_pattern_compiles_and_every_document_is_text(mode: Mode, member: Any) -> None:
    if member.pattern is not None:
        re.compile(python_pattern(member.pattern))
    assert not re.search(r"</?\w+>|&\w+;", member.doc)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("EndpointName", ["a", "A1", "a-b", "a--b"], ["", "-a", "a-", "a b", "a/b", "..", "a\n"]),
        ("SessionId", ["NEW_SESSION", "a-1"], ["new_session", "NEW_SESSION2_", "a b", "a;b", "a\n"]),
        ("InferenceId", ["a", "a b ~"], ["", " a", "aä", "a\n", "a\t"]),
        ("CustomAttributes", ["", " a ", "a\tb"], ["ä"]),
        ("TargetModel", ["m.tar.gz", "/dir/m.tar.gz"], [" m", "m\x7f"]),
        ("InferenceComponentName", ["a", "a-b", "a1"], ["", "-a", "a-", "a_b"]),
    ],
)
def test_a_pattern_takes_whole_values(name: str, good: list[str], bad: list[str]) -> None:
    member = packaged_service().operation("sync").input(name)
    assert member is not None
    assert [value for value in good if not member.matches(value)] == []
    assert [value for value in bad if member.matches(value)] == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("Filename", ["a", "a.out", "a-b_c.d"], ["a.b.c", ".a", "a/b", ""]),
        ("S3OutputPathExtension", ["a/b", "x'(y)*"], ["s3://x", "https://x", "s3:", "a b", ""]),
        ("InputLocation", ["s3://b/k", "https://h", "s3://b/a b?c"], ["http://b/k", "s3:///k", "b/k"]),
    ],
)
def test_an_async_pattern_takes_whole_values(name: str, good: list[str], bad: list[str]) -> None:
    member = packaged_service().operation("async").input(name)
    assert member is not None
    assert [value for value in good if not member.matches(value)] == []
    assert [value for value in bad if member.matches(value)] == []


def test_patterns_do_not_backtrack_without_end() -> None:
    for operation in packaged_service().operations:
        for member in operation.inputs:
            member.matches("a" * (member.maximum or 1024) + "!" if member.kind == "string" else "")


@pytest.mark.parametrize(
    ("java", "python"),
    [
        (r"\p{ASCII}*", r"[\x00-\x7f]*"),
        (r"\A\S[\p{Print}]*\z", r"\A\S[\x20-\x7e]*\Z"),
        (r"[^\p{Print}a]\p{Print}", r"[^\x20-\x7ea][\x20-\x7e]"),
        (r"\[\p{ASCII}\]", r"\[[\x00-\x7f]\]"),
    ],
)
def test_javas_classes_are_spelt_out(java: str, python: str) -> None:
    assert python_pattern(java) == python
