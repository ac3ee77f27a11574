"""How a request picks a container, without a container being asked."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from smrt_tui.core.service import Mode
from smrt_tui.local.endpoints import Component, Endpoint, Route, Variant, choose, single
from smrt_tui.local.starters import starter_endpoints
from smrt_tui.local.wire import Refused
from tests.local.running import Scripted

A, B = Scripted(name="a"), Scripted(name="b")
VARIANTS = Endpoint("ab", (Variant("a", A, 3.0), Variant("b", B, 1.0)))
MODELS = Endpoint("models", (Variant("AllTraffic", A),), models={"m/b.tar.gz": B})
COMPONENTS = Endpoint("parts", (Variant("AllTraffic", A),), components={"b": Component(B), "off": Component(A, 0)})


def route(endpoint: Endpoint, mode: Mode = "sync", **members: str) -> Route:
    return choose(endpoint, mode, members, "request-1", random.Random(7))


def refusal(endpoint: Endpoint, mode: Mode = "sync", **members: str) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        route(endpoint, mode, **members)
    body: dict[str, str] = json.loads(caught.value.answer.body)
    return body


def test_traffic_follows_the_weights() -> None:
    dice = random.Random(7)
    counted = Counter(choose(VARIANTS, "sync", {}, "r", dice).variant for _ in range(4000))
    assert 0.7 < counted["a"] / 4000 < 0.8


def test_a_target_is_reached() -> None:
    assert route(VARIANTS, TargetVariant="b") == Route(B, "b")
    assert route(MODELS, TargetModel="m/b.tar.gz") == Route(B, "AllTraffic", "/models/m/b.tar.gz/invoke")
    assert route(COMPONENTS, InferenceComponentName="b") == Route(B, "AllTraffic")


@pytest.mark.parametrize(
    ("endpoint", "members", "code", "message"),
    [
        (VARIANTS, {"TargetVariant": "c"}, "", "Variant c not found in endpoint ab. It has: a, b."),
        (VARIANTS, {"TargetContainerHostname": "c"}, "", "Endpoint ab has no containers to address directly."),
        (VARIANTS, {"TargetModel": "m"}, "TARGET_MODEL_HEADER_NOT_SUPPORTED", "Endpoint ab is not a multi-model"),
        (
            VARIANTS,
            {"InferenceComponentName": "x"},
            "",
            "Inference Component x not found in endpoint ab. It has: none.",
        ),
        (MODELS, {}, "", "Request request-1 is missing a target model header."),
        (MODELS, {"TargetModel": "m"}, "", "Target model m not found. This endpoint has: m/b.tar.gz."),
        (COMPONENTS, {}, "INFERENCE_COMPONENT_NAME_MISSING", "Inference Component Name header is required"),
        (COMPONENTS, {"InferenceComponentName": "off"}, "", "Inference Component has no capacity"),
    ],
)
def test_what_reaches_no_container_is_refused(
    endpoint: Endpoint, members: dict[str, str], code: str, message: str
) -> None:
    body = refusal(endpoint, "sync", **members)
    assert body.get("ErrorCode", "") == code
    assert body["Message"].startswith(message)


def test_real_endpoints_are_of_one_kind() -> None:
    assert "asynchronous" in refusal(single("x", A, "async"), "stream")["Message"]
    assert "real-time" in refusal(single("x", A, "realtime"), "async")["Message"]
    assert route(single("x", A), "async") == route(single("x", A), "stream")


def test_the_starters_have_one_endpoint_a_container_and_one_a_way_to_choose() -> None:
    endpoints = starter_endpoints((), allow_remote=False)
    assert {"echo", "chat", "tabular", "firehose"} <= set(endpoints)
    assert {"two-variants", "multi-model", "components", "async-only", "realtime-only"} <= set(endpoints)
    assert all(name == endpoint.name for name, endpoint in endpoints.items())
