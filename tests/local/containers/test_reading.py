"""What containers read of a request: any header is taken or refused with a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.local.containers.reading import (
    MediaType,
    accepted,
    attribute,
    attributes,
    choose,
    content_type,
    is_streaming,
    json_object,
    pace_s,
    whole_number,
)

ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


def test_a_media_type_is_read_with_its_parameters() -> None:
    headers = (("content-type", "Application/JSON; charset=utf-8;verbose"),)
    assert content_type(headers) == MediaType("application/json", {"charset": "utf-8", "verbose": ""})


def test_a_missing_content_type_is_empty() -> None:
    assert content_type(()) == MediaType("", {})


def test_several_accepts_keep_their_order() -> None:
    assert [entry.type for entry in accepted((("Accept", "text/csv, application/json;verbose=true"),))] == [
        "text/csv",
        "application/json",
    ]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/csv"),
        ("*/*", "text/csv"),
        ("application/json", "application/json"),
        ("image/png, application/json", "application/json"),
        ("image/png", None),
    ],
)
def test_the_first_accepted_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    headers = () if accept is None else (("Accept", accept),)
    choice = choose(headers, ("text/csv", "application/json"))
    assert (choice.type if choice else None) == chosen


def test_attributes_are_parted_by_semicolons_and_commas() -> None:
    headers = ((ATTRIBUTES, "fault=stall@5; Dialect = tgi,pace=30ms;bare"),)
    assert attributes(headers) == (("fault", "stall@5"), ("dialect", "tgi"), ("pace", "30ms"), ("bare", ""))


def test_the_last_attribute_of_a_name_wins() -> None:
    assert attribute(((ATTRIBUTES, "pace=1;pace=2"),), "pace") == "2"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("pace=30ms", 0.03), ("pace=0", 0.0), ("pace=1.5s", 1.5), ("pace=200us", 0.0002), ("pace=30", 0.03), ("a=b", 0.5)],
)
def test_a_pace_is_read_in_its_unit(text: str, seconds: float) -> None:
    assert pace_s(((ATTRIBUTES, text),), 0.5) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["pace=-1", "pace=", "pace=fast", "pace=61s", "pace=1e3"])
def test_a_wrong_pace_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="such as 30ms"):
        pace_s(((ATTRIBUTES, text),), 0.5)


def test_only_the_streaming_operation_streams() -> None:
    name = "x-amzn-sagemaker-forwarded-api"
    assert is_streaming(((name, "InvokeEndpointWithResponseStream"),))
    assert not is_streaming(((name, "InvokeEndpoint"),))
    assert not is_streaming(())


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"text"', b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="the body is"):
        json_object(body)


@pytest.mark.parametrize("value", [-1, 11, 1.5, "3", True, None])
def test_a_number_out_of_its_limits_names_itself(value: object) -> None:
    with pytest.raises(ValueError, match="parts must be a whole number from 0 to 10"):
        whole_number({"parts": value}, "parts", 5, 0, 10)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_any_custom_attributes_are_read(text: str) -> None:
    headers = ((ATTRIBUTES, text),)
    assert all(name == name.strip().lower() for name, _ in attributes(headers))
