"""From a request to steps: one step a token, with its text, its odds and why it was the last one. No clock, no format.

The same model, request and seed give the same steps.
"""

from __future__ import annotations

import codecs
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain, zip_longest
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from smrt_tui.local.containers.language.ngram import LONGEST_CONTEXT, NgramModel, Topic
from smrt_tui.local.containers.language.pieces import BEGIN, END, END_TEXT, Vocabulary
from smrt_tui.local.containers.language.sampling import Sampling, draw
from smrt_tui.local.containers.language.stopping import StopStrings

_THOUGHT_TOKENS = 40
_THOUGHT_SEED = 7919  # a thought must not be the same text as the answer that follows it


class Finish(Enum):
    """Why a text ended."""

    END = "the model ended it"
    STOP = "a stop string came"
    LENGTH = "the token limit was reached"
    TOOL = "a tool is called"


class Channel(Enum):
    """What a step is part of."""

    REASONING = "reasoning"
    TEXT = "text"
    TOOL = "tool"


class Alternative(NamedTuple):
    """A piece that could have come."""

    id: int
    text: str
    logprob: float


class Token(Struct, frozen=True):
    """One sampled piece."""

    id: int
    text: str
    logprob: float
    """Natural logarithm of the model's own probability, before temperature and penalties."""
    top: tuple[Alternative, ...] = ()
    """The most likely pieces at this place, best first."""
    is_special: bool = False
    """The end of the text: a token that is counted but not shown."""


class ToolCall(Struct, frozen=True):
    """A call that the model makes instead of an answer."""

    name: str
    arguments: str
    """JSON text."""


class GenerationRequest(Struct, frozen=True):
    """What a model is asked to write."""

    prompt: str
    """All of the input, as the tokens are counted."""
    about: str
    """The words that it is about: the last question."""
    continues: bool = False
    """Whether the text goes on where the prompt ends; else it begins anew."""
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 256
    stop: tuple[str, ...] = ()
    choices: int = 1
    alternatives: int = 0
    """How many likely pieces each token carries."""
    ignores_end: bool = False
    """Write on when the model would end."""
    reasons: bool = False
    """Think first, then answer."""
    tool: ToolCall | None = None


class Step(Struct, frozen=True):
    """One token of one choice."""

    choice: int
    channel: Channel
    token: Token
    text: str
    """The text that may be shown now; stop strings hold it back, so it is not always the token's own."""
    finish: Finish | None = None
    stop: str | None = None
    """The stop string that came."""


class Completion(Struct, frozen=True):
    """All steps of one choice together."""

    choice: int
    text: str
    reasoning: str
    tool_arguments: str
    tokens: tuple[Token, ...]
    finish: Finish
    stop: str | None


def generate(model: NgramModel, requests: Sequence[GenerationRequest]) -> Iterator[Step]:
    """The steps of all choices of all requests, in turn. Each choice has exactly one step with a finish, its last.

    Choices are numbered through: with two requests of two choices, the second request has the choices 2 and 3.
    """
    wanted = [(request, draft) for request in requests for draft in range(request.choices)]
    texts = [_write(model, request, choice, draft) for choice, (request, draft) in enumerate(wanted)]
    return (step for turn in zip_longest(*texts) for step in turn if step is not None)


def collect(steps: Iterable[Step]) -> tuple[Completion, ...]:
    """The completions of finished steps, by choice."""
    kept: dict[int, list[Step]] = {}
    for step in steps:
        kept.setdefault(step.choice, []).append(step)
    return tuple(_completion(choice, kept[choice]) for choice in sorted(kept))


def _completion(choice: int, steps: Sequence[Step]) -> Completion:
    def text(channel: Channel) -> str:
        return "".join(step.text for step in steps if step.channel is channel)

    last = steps[-1]
    assert last.finish is not None  # generate ends every choice with a finish
    tokens = tuple(step.token for step in steps)
    return Completion(
        choice, text(Channel.TEXT), text(Channel.REASONING), text(Channel.TOOL), tokens, last.finish, last.stop
    )


def _write(model: NgramModel, request: GenerationRequest, choice: int, draft: int) -> Iterator[Step]:
    """The steps of one choice; `draft` tells the choices of one request apart."""
    if request.tool is not None:
        return _call_tool(model.vocabulary, request.tool, choice)
    seed = request.sampling.seed + draft
    if not request.reasons:
        return _answer(model, request, choice, seed)
    thought = list(_think(model, request, choice, seed + _THOUGHT_SEED))
    left = request.max_tokens - len(thought)
    if left <= 0:
        return iter([*thought[:-1], replace(thought[-1], finish=Finish.LENGTH)])
    return chain(thought, _answer(model, replace(request, max_tokens=left), choice, seed))


def _answer(model: NgramModel, request: GenerationRequest, choice: int, seed: int) -> Iterator[Step]:
    stops = StopStrings(request.stop)
    for count, token in enumerate(_draw_tokens(model, request, seed), start=1):
        if token.is_special:
            yield Step(choice, Channel.TEXT, token, stops.finish(), Finish.END)
            return
        text = stops.feed(token.text)
        if stops.matched is not None:
            yield Step(choice, Channel.TEXT, token, text, Finish.STOP, stops.matched)
            return
        if count == request.max_tokens:
            yield Step(choice, Channel.TEXT, token, text + stops.finish(), Finish.LENGTH)
            return
        yield Step(choice, Channel.TEXT, token, text)


def _think(model: NgramModel, request: GenerationRequest, choice: int, seed: int) -> Iterator[Step]:
    """A few sentences about the prompt; no stop string and no token limit finishes them."""
    afresh = replace(request, continues=False, ignores_end=False)
    for count, token in enumerate(_draw_tokens(model, afresh, seed), start=1):
        if token.is_special or count > request.max_tokens:
            return
        yield Step(choice, Channel.REASONING, token, token.text)
        if count >= _THOUGHT_TOKENS and token.text.endswith((".", "\n")):
            return


def _call_tool(vocabulary: Vocabulary, tool: ToolCall, choice: int) -> Iterator[Step]:
    tokens = vocabulary.encode(tool.arguments)
    decoder = codecs.getincrementaldecoder("utf-8")()
    for place, token in enumerate(tokens, start=1):
        text = decoder.decode(vocabulary.bytes_of(token), final=place == len(tokens))
        finish = Finish.TOOL if place == len(tokens) else None
        yield Step(choice, Channel.TOOL, Token(token, text, 0.0), text, finish)


def _draw_tokens(model: NgramModel, request: GenerationRequest, seed: int) -> Iterator[Token]:
    """Tokens without end, up to and with the end of the text if the model ends it."""
    die = random.Random(seed)
    topic = model.topic(request.about)
    context = model.vocabulary.encode(request.prompt.rstrip())[-LONGEST_CONTEXT:] if request.continues else [BEGIN]
    seen: Counter[int] = Counter()
    said: set[int] = set()
    while True:
        followers = model.followers(context, topic)
        odds = followers if seen and not request.ignores_end else _going_on(model, followers, topic)
        token = draw(odds, request.sampling, seen, die)
        yield _token(model.vocabulary, token, odds, request.alternatives)
        if token == END:
            return
        if END in followers:  # a paragraph is over: the next one had better be another
            topic = topic.without(said)
        seen[token] += 1
        context = [*context, token][-LONGEST_CONTEXT:]
        said |= model.sources(context)


def _going_on(model: NgramModel, followers: Mapping[int, float], topic: Topic) -> Mapping[int, float]:
    """The odds without the end; those of a beginning where nothing else is left."""
    if END not in followers:
        return followers
    others = {token: odd for token, odd in followers.items() if token != END} or model.followers((BEGIN,), topic)
    total = sum(others.values())
    return {token: odd / total for token, odd in others.items()}


def _token(vocabulary: Vocabulary, token: int, odds: Mapping[int, float], alternatives: int) -> Token:
    ranked = sorted(odds, key=lambda other: (-odds[other], other))[:alternatives] if alternatives else []
    top = tuple(Alternative(other, vocabulary.text_of(other), math.log(odds[other])) for other in ranked)
    text = END_TEXT if token == END else vocabulary.text_of(token)
    return Token(token, text, math.log(odds[token]), top, is_special=token == END)
