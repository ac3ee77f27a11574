"""The n-gram model: odds that sum to one, longer contexts first, leaning towards the prompt."""

from __future__ import annotations

import pytest

from smrt_tui.local.containers.language.ngram import NgramModel, Topic, train_ngrams
from smrt_tui.local.containers.language.pieces import BEGIN, END

TWO_TOPICS = """The sea is grey. The sea is calm.

The bread is warm. The bread is dark.

A haiku about bread:

Flour and water."""


@pytest.fixture(scope="module")
def model() -> NgramModel:
    return train_ngrams(TWO_TOPICS)


@pytest.fixture(scope="module")
def bundled() -> NgramModel:
    return train_ngrams()


def odds(model: NgramModel, context: str, prompt: str = "") -> dict[str, float]:
    followers = model.followers(model.vocabulary.encode(context), model.topic(prompt))
    return {model.vocabulary.text_of(token): odd for token, odd in followers.items()}


def test_odds_sum_to_one(model: NgramModel) -> None:
    for context in (" is", "The sea is", "never seen", ":"):
        assert sum(odds(model, context).values()) == pytest.approx(1)


def test_a_longer_context_counts_more(model: NgramModel) -> None:
    after = odds(model, "The sea is")
    assert after[" grey"] > 3 * after[" calm"] > 0
    assert " warm" not in after


def test_the_prompt_leans_the_beginning(bundled: NgramModel) -> None:
    plain = bundled.followers((BEGIN,), bundled.topic(""))
    leaning = bundled.followers((BEGIN,), bundled.topic("Hello"))
    hello = bundled.vocabulary.ids["Hello"]
    assert leaning[hello] > 10 * plain[hello]


def test_a_poem_needs_to_be_asked_for(bundled: NgramModel) -> None:
    haiku = bundled.titles_with["haiku"]
    asked, unasked = bundled.topic("a haiku about terminals").weights, bundled.topic("terminals").weights
    assert max(asked, key=lambda paragraph: asked[paragraph]) in haiku
    assert max(unasked, key=lambda paragraph: unasked[paragraph]) not in haiku


def test_a_prompt_without_known_words_has_no_topic(model: NgramModel) -> None:
    assert model.topic("quantum chromodynamics") == Topic({})


def test_a_paragraph_may_end_or_go_on(model: NgramModel) -> None:
    assert set(odds(model, "The sea is calm.")) >= {"</s>", "\n\n"}


def test_what_was_said_loses_its_weight(bundled: NgramModel) -> None:
    topic = bundled.topic("Hello")
    best = max(topic.weights, key=lambda paragraph: topic.weights[paragraph])
    assert best not in topic.without({best}).weights
    assert topic.without(()) == topic


def test_the_source_of_four_pieces_is_known(bundled: NgramModel) -> None:
    context = bundled.vocabulary.encode("The tide comes twice a")
    (source,) = bundled.sources(context)
    assert source in bundled.paragraphs_with["tide"]
    assert bundled.sources(context[:2]) == set()


def test_an_unknown_context_is_the_end_of_a_sentence(model: NgramModel) -> None:
    assert odds(model, "@") == odds(model, ".")


def test_the_bundled_text_trains_a_model(bundled: NgramModel) -> None:
    assert len(bundled.tokens) > 9000
    assert bundled.paragraphs > 150
    starts = bundled.followers((BEGIN,), Topic({}))
    assert END not in starts and len(starts) > 30
