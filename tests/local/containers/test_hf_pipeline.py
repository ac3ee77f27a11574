"""The pipeline: labels that follow from the words, in the forms and with the errors of the inference toolkit."""

from __future__ import annotations

import json

import pytest

from smrt_tui.local.container import ContainerResponse
from smrt_tui.local.containers.hf_pipeline import HfPipelineContainer
from smrt_tui.local.containers.sentiment import positivity
from tests.local.containers.asking import ask, json_of

CSV = ("Content-Type", "text/csv")


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("I love SageMaker", True),
        ("What a terrible, useless thing.", False),
        ("It is not bad at all", True),
        ("I don’t like it", False),
        ("GREAT!!!", True),
    ],
)
def test_words_decide(text: str, is_good: bool) -> None:
    assert (positivity(text) > 0.7) is is_good
    assert (positivity(text) < 0.3) is not is_good


def test_a_text_without_known_words_is_undecided_and_a_stronger_one_is_surer() -> None:
    assert positivity("the train leaves at noon") == positivity("") == 0.5
    assert positivity("so good") > positivity("good") > 0.5


def test_a_very_long_text_is_as_sure_as_can_be_and_is_not_read_to_its_end() -> None:
    assert 0 < positivity("awful " * 10_000) < 1e-9
    assert positivity("word " * 10_000 + "awful") == 0.5


async def test_one_text_has_one_label_compact() -> None:
    response = await ask(HfPipelineContainer(), {"inputs": "I love SageMaker", "parameters": {}})
    score = positivity("I love SageMaker")
    assert response == ContainerResponse(
        200,
        (("Content-Type", "application/json"),),
        f'[{{"label":"POSITIVE","score":{score}}}]'.encode(),
    )


async def test_texts_have_a_label_each_in_order() -> None:
    answer = await json_of(HfPipelineContainer(), {"inputs": ["good", "bad"]})
    assert [entry["label"] for entry in answer] == ["POSITIVE", "NEGATIVE"]


@pytest.mark.parametrize("parameters", [{"top_k": None}, {"top_k": 2}, {"return_all_scores": True}])
async def test_all_labels_come_when_asked_for_and_their_scores_sum_to_one(parameters: dict[str, object]) -> None:
    one = await json_of(HfPipelineContainer(), {"inputs": "bad", "parameters": parameters})
    assert [entry["label"] for entry in one] == ["NEGATIVE", "POSITIVE"]
    assert sum(entry["score"] for entry in one) == pytest.approx(1)
    assert await json_of(HfPipelineContainer(), {"inputs": ["bad"], "parameters": parameters}) == [one]


async def test_csv_goes_in_by_its_header_row_and_comes_out() -> None:
    response = await ask(HfPipelineContainer(), b'inputs\ngood\n"bad, really"\n', CSV, ("Accept", "text/csv"))
    assert isinstance(response.body, bytes)
    assert [line.partition(b",")[0] for line in response.body.splitlines()] == [b"label", b"POSITIVE", b"NEGATIVE"]


@pytest.mark.parametrize(
    ("headers", "body", "part"),
    [
        ((("Content-Type", "application/x-npy"),), b"x", "application/x-npy is not supported"),
        ((("Accept", "image/png"),), b'{"inputs": "x"}', "image/png is not supported"),
        ((), b"{", "no JSON"),
        ((), b'{"text": "x"}', "inputs must be a text"),
        ((), b'{"inputs": []}', "inputs must be a text"),
        ((), b'{"inputs": "x", "parameters": {"temperature": 1}}', "no parameter 'temperature'"),
        ((), b'{"inputs": "x", "parameters": {"top_k": 0}}', "top_k must be"),
        ((), b'{"inputs": "x", "parameters": 3}', "parameters must be an object"),
        ((CSV,), b"good\nbad\n", "CSV with Header columns"),
        ((CSV,), b"inputs\n\xff\n", "byte 7"),
    ],
)
async def test_whatever_is_wrong_is_a_400_with_the_object_of_the_model_server(
    headers: tuple[tuple[str, str], ...], body: bytes, part: str
) -> None:
    response = await ask(HfPipelineContainer(), body, *headers)
    assert (response.status, response.headers) == (400, (("Content-Type", "application/json"),))
    assert isinstance(response.body, bytes)
    told = json.loads(response.body)
    assert response.body == json.dumps(told, indent=2).encode() + b"\n"
    assert (told["code"], told["type"]) == (400, "InternalServerException")
    assert part in told["message"]
