"""Forecasts: they follow from the series, in the form and within the limits of the built-in algorithm."""

from __future__ import annotations

from typing import Any

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.deepar import DeepArContainer
from smrt_tui.local.containers.forecast import HORIZON, mean, paths, quantile
from tests.local.containers.asking import ask, json_of

START = "2026-01-30 00:00:00"


def a_request(target: list[Any], **configuration: Any) -> dict[str, Any]:
    return {"instances": [{"start": START, "target": target}], "configuration": configuration}


def test_a_steady_climb_goes_on_in_every_path() -> None:
    assert paths([1.0, 2.0, 3.0], 2, 4) == ((4.0, 5.0, 6.0, 7.0),) * 2


def test_a_weekly_pattern_comes_again() -> None:
    week = [1.0, 2.0, 3.0, 4.0, 5.0, 9.0, 8.0]
    assert paths(week * 2, 1, 9) == ((*week, 1.0, 2.0),)


def test_a_gap_counts_as_the_value_before_it_and_a_lone_value_stays() -> None:
    assert paths([None, 3.0, None], 1, 2) == paths([3.0, 3.0, 3.0], 1, 2) == ((3.0, 3.0),)
    assert paths([5.0], 1, 2) == ((5.0, 5.0),)


def test_paths_are_drawn_from_the_changes_seen_and_are_the_same_again() -> None:
    series = [1.0, 2.0, 1.0, 4.0, 2.0]
    ways = paths(series, 50, 3)
    assert ways == paths(series, 50, 3)
    assert len(set(ways)) > 10
    assert {round(way[0] - series[-1]) for way in ways} == {1, -1, 3, -2}


def test_quantiles_lie_between_neighbours_in_proportion() -> None:
    ways = ((1.0,), (2.0,), (3.0,), (5.0,))
    assert (*mean(ways), *quantile(ways, 0.5), *quantile(ways, 0.9)) == pytest.approx((2.75, 2.5, 4.4))


async def test_the_answer_has_what_was_asked_for() -> None:
    asked = a_request(
        [1, 2, "NaN", 4], num_samples=30, output_types=["mean", "quantiles", "samples"], quantiles=["0.9"]
    )
    (prediction,) = (await json_of(DeepArContainer(), asked))["predictions"]
    ways = paths([1.0, 2.0, None, 4.0], 30)
    assert prediction == {
        "mean": mean(ways),
        "quantiles": {"0.9": quantile(ways, 0.9)},
        "samples": [list(way) for way in ways],
    }
    assert len(prediction["mean"]) == HORIZON


async def test_without_a_configuration_mean_and_nine_quantiles_come_a_series_at_a_time() -> None:
    series = {"start": START, "target": [1, 2], "cat": [0, 2], "dynamic_feat": [[1.0, 2.0]]}
    predictions = (await json_of(DeepArContainer(), {"instances": [series, series | {"cat": 1}]}))["predictions"]
    assert predictions[0] == predictions[1]
    assert list(predictions[0]["quantiles"]) == [f"0.{tenth}" for tenth in range(1, 10)]


@pytest.mark.parametrize(
    ("request_", "part"),
    [
        ({}, "instances must be a list"),
        ({"instances": []}, "instances must be a list"),
        ({"instances": [{"target": [1]}]}, "instance 1 must be an object with start"),
        ({"instances": [{"start": "soon", "target": [1]}]}, 'not "soon"'),
        ({"instances": [{"start": 5, "target": [1]}]}, "not 5"),
        (a_request([]), "target must be a list of numbers"),
        (a_request(["NaN", None]), "no value that is a number"),
        (a_request([1, "x"]), 'target 2: "x" is no number'),
        (a_request([True]), "true is no number"),
        (a_request([10**400]), "too large"),
        (a_request([1], num_samples=0), "num_samples must be"),
        (a_request([1], output_types=["median"]), "output_types must be"),
        (a_request([1], quantiles=["1.5"]), "quantiles must be"),
        (a_request([1], quantiles=["x"]), "quantiles must be"),
        ({"instances": [{"start": START, "target": [1], "cat": "a"}]}, "cat must be"),
        ({"instances": [{"start": START, "target": [1], "dynamic_feat": [1]}]}, "dynamic_feat must be"),
        ({"instances": [{"start": START, "target": [1]}], "configuration": 1}, "configuration must be"),
    ],
)
async def test_a_wrong_form_is_told(request_: dict[str, Any], part: str) -> None:
    response = await ask(DeepArContainer(), request_)
    assert response.status == 400
    assert isinstance(response.body, bytes)
    assert part in response.body.decode()


async def test_other_types_are_refused() -> None:
    plain = (("Content-Type", "text/plain; charset=utf-8"),)
    assert await ask(DeepArContainer(), b"1,2", ("Content-Type", "text/csv")) == ContainerResponse(
        415, plain, b"Content type text/csv is not one of application/json"
    )
    assert await ask(DeepArContainer(), a_request([1]), ("Accept", "text/csv")) == ContainerResponse(
        406, plain, b"Accept text/csv is not one of application/json"
    )
