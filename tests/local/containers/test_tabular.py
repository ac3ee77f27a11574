"""The tabular container: good predictions, and the manners of the XGBoost container."""

from __future__ import annotations

import json

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.softmax import LABELS, train_softmax
from smrt_tui.local.containers.tabular import TabularContainer
from tests.local.containers.asking import ask, json_of

CSV = ("Content-Type", "text/csv")
FLOWERS = b"5.1,3.5,1.4,0.2\n6.0,2.8,4.3,1.3\n6.7,3.1,5.6,2.2\n"


@pytest.fixture(scope="module")
def tabular() -> TabularContainer:
    return TabularContainer()


async def test_typical_flowers_are_told_apart(tabular: TabularContainer) -> None:
    answer = await json_of(tabular, FLOWERS, CSV, ("Accept", "application/json"))
    assert [prediction["predicted_label"] for prediction in answer["predictions"]] == list(LABELS)


async def test_csv_is_the_answer_when_nobody_says_otherwise(tabular: TabularContainer) -> None:
    response = await ask(tabular, FLOWERS, CSV)
    assert response.headers == (("Content-Type", "text/csv; charset=utf-8"),)
    assert isinstance(response.body, bytes)
    lines = response.body.decode().splitlines()
    assert [len(line.split(",")) for line in lines] == [3, 3, 3]
    assert sum(map(float, lines[0].split(","))) == pytest.approx(1, abs=1e-4)


async def test_every_input_format_gives_the_same_prediction(tabular: TabularContainer) -> None:
    inputs = [
        (CSV, b"5.1,3.5,1.4,0.2"),
        (("Content-Type", "text/libsvm"), b"0 1:5.1 2:3.5 3:1.4 4:0.2"),
        (("X-None", ""), b"1:5.1 2:3.5 3:1.4 4:0.2"),
        (("Content-Type", "application/json; charset=utf-8"), b'{"inputs": [[5.1, 3.5, 1.4, 0.2]]}'),
        (("Content-Type", "application/jsonlines"), b'{"features": [5.1, 3.5, 1.4, 0.2]}\n'),
    ]
    answers = [await ask(tabular, body, kind) for kind, body in inputs]
    assert len({answer.body for answer in answers if isinstance(answer.body, bytes)}) == 1


async def test_jsonlines_has_one_object_a_row(tabular: TabularContainer) -> None:
    response = await ask(tabular, FLOWERS, CSV, ("Accept", "application/jsonlines;verbose=true"))
    assert isinstance(response.body, bytes)
    assert [json.loads(line)["predicted_label"] for line in response.body.splitlines()] == list(LABELS)


async def test_an_empty_body_is_a_204(tabular: TabularContainer) -> None:
    assert await ask(tabular, b"", CSV) == ContainerResponse(204, (), b"")


@pytest.mark.parametrize(
    ("headers", "body", "status", "message"),
    [
        (
            (("Content-Type", "image/png"),),
            b"x",
            415,
            "Content type image/png is not one of text/csv, text/libsvm, text/x-libsvm, application/json, "
            "application/jsonlines",
        ),
        (
            (CSV, ("Accept", "image/png")),
            b"1,2,3,4",
            406,
            "Accept image/png is not one of text/csv, application/json, application/jsonlines",
        ),
        ((CSV,), b"1,2,x,4", 400, "row 1, column 3: 'x' is no number"),
        ((CSV,), b"1,2,\xff,4", 400, "the body is no UTF-8 text: byte 4 does not belong there"),
    ],
)
async def test_refusals_are_plain_text(
    tabular: TabularContainer, headers: tuple[tuple[str, str], ...], body: bytes, status: int, message: str
) -> None:
    assert await ask(tabular, body, *headers) == ContainerResponse(
        status, (("Content-Type", "text/plain; charset=utf-8"),), message.encode()
    )


async def test_ping_trains_the_model(tabular: TabularContainer) -> None:
    assert await tabular.ping()


def test_the_model_is_the_same_for_the_same_seed_and_good() -> None:
    model = train_softmax()
    assert model == train_softmax()
    centre = tuple(model.means)
    assert sum(model.probabilities(centre)) == pytest.approx(1)
    assert model.probabilities((None, None, None, None)) == pytest.approx(model.probabilities(centre))
