"""Generation: seeds, limits, choices, thoughts and tool calls, token by token."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from smrt_tui.local.containers.language.generation import (
    Channel,
    Completion,
    Finish,
    GenerationRequest,
    ToolCall,
    collect,
    generate,
)
from smrt_tui.local.containers.language.ngram import NgramModel, train_ngrams
from smrt_tui.local.containers.language.sampling import Sampling

ASKED = GenerationRequest("user: the sea\nassistant:", "the sea", sampling=Sampling(seed=3))


@pytest.fixture(scope="module")
def model() -> NgramModel:
    return train_ngrams()


def completions(model: NgramModel, *requests: GenerationRequest) -> tuple[Completion, ...]:
    return collect(generate(model, requests))


def test_the_same_seed_writes_the_same_text(model: NgramModel) -> None:
    assert completions(model, ASKED) == completions(model, ASKED)


def test_seeds_write_different_texts(model: NgramModel) -> None:
    texts = {completions(model, replace(ASKED, sampling=Sampling(seed=seed)))[0].text for seed in range(10)}
    assert len(texts) > 3


def test_the_limit_is_a_number_of_tokens(model: NgramModel) -> None:
    (completion,) = completions(model, replace(ASKED, max_tokens=5))
    assert (len(completion.tokens), completion.finish) == (5, Finish.LENGTH)
    assert completion.text == "".join(token.text for token in completion.tokens)


def test_the_end_is_a_token_that_is_counted_and_not_shown(model: NgramModel) -> None:
    (completion,) = completions(model, replace(ASKED, max_tokens=8000))
    assert completion.finish is Finish.END
    assert completion.tokens[-1].is_special
    assert "</s>" not in completion.text


def test_a_stop_string_cuts_the_text_exactly(model: NgramModel) -> None:
    (whole,) = completions(model, ASKED)
    stop = whole.text[20:24]
    (cut,) = completions(model, replace(ASKED, stop=(stop,)))
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert (cut.finish, cut.stop) == (Finish.STOP, stop)


def test_text_that_was_held_back_is_not_lost_at_the_limit(model: NgramModel) -> None:
    (whole,) = completions(model, replace(ASKED, max_tokens=4))
    (held,) = completions(model, replace(ASKED, max_tokens=4, stop=(whole.text[-1] + "§",)))
    assert held.text == whole.text


def test_choices_differ_and_take_turns(model: NgramModel) -> None:
    steps = list(generate(model, (replace(ASKED, choices=3, max_tokens=4),)))
    assert [step.choice for step in steps[:6]] == [0, 1, 2, 0, 1, 2]
    assert [completion.choice for completion in collect(steps)] == [0, 1, 2]
    assert sum(step.finish is not None for step in steps) == 3


def test_the_first_choice_is_the_one_without_choices(model: NgramModel) -> None:
    assert completions(model, replace(ASKED, choices=2))[0] == completions(model, ASKED)[0]


def test_requests_of_a_batch_are_numbered_through(model: NgramModel) -> None:
    short = replace(ASKED, max_tokens=2)
    batch = completions(model, replace(short, choices=2), replace(short, about="bread"))
    assert [completion.choice for completion in batch] == [0, 1, 2]


def test_a_prompt_is_continued_where_it_ends(model: NgramModel) -> None:
    asked = replace(ASKED, prompt="The sea is never the same", continues=True, max_tokens=2)
    (completion,) = completions(model, replace(asked, sampling=Sampling(temperature=0)))
    assert completion.text == " twice."


def test_an_ignored_end_goes_on_to_the_limit(model: NgramModel) -> None:
    (completion,) = completions(model, replace(ASKED, max_tokens=500, ignores_end=True))
    assert (len(completion.tokens), completion.finish) == (500, Finish.LENGTH)


def test_log_probabilities_belong_to_the_most_likely_pieces(model: NgramModel) -> None:
    (completion,) = completions(model, replace(ASKED, max_tokens=20, alternatives=3))
    for token in completion.tokens:
        assert token.logprob <= 0
        assert [other.logprob for other in token.top] == sorted((o.logprob for o in token.top), reverse=True)
        assert token.top[0].logprob >= token.logprob


def test_a_thought_comes_before_the_answer_and_counts(model: NgramModel) -> None:
    (completion,) = completions(model, replace(ASKED, reasons=True))
    assert completion.reasoning and completion.text
    assert completion.reasoning != completion.text[: len(completion.reasoning)]
    (plain,) = completions(model, ASKED)
    assert completion.text == plain.text
    assert len(completion.tokens) > len(plain.tokens)


@pytest.mark.parametrize("limit", [1, 3, 10, 60])
def test_a_thought_stays_within_the_limit(model: NgramModel, limit: int) -> None:
    (completion,) = completions(model, replace(ASKED, reasons=True, max_tokens=limit, ignores_end=True))
    assert (len(completion.tokens), completion.finish) == (limit, Finish.LENGTH)


def test_a_tool_call_is_written_piece_by_piece(model: NgramModel) -> None:
    arguments = '{"city": "Zürich 東京"}'
    steps = list(generate(model, (replace(ASKED, tool=ToolCall("get_weather", arguments)),)))
    assert {step.channel for step in steps} == {Channel.TOOL}
    assert "".join(step.text for step in steps) == arguments
    assert [step.finish for step in steps if step.finish] == [Finish.TOOL]
    assert len(steps) > 5
