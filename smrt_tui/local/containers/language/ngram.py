"""The n-gram model: which piece follows which, learned from a bundled text, leaning towards what the prompt is about.

For a context it looks up every place of the training text where the last four pieces stood, then three, then two, and
mixes what came next there (Witten and Bell's weights: the more places and the fewer different followers, the more a
longer context counts). Places in paragraphs that share rare words with the prompt weigh more. Nothing is drawn here.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files

from msgspec import Struct

from smrt_tui.local.containers.language.pieces import BEGIN, END, Vocabulary, learn_pieces

LONGEST_CONTEXT = 4
_FOLLOWER_WEIGHT = 0.35
_TOPIC_WEIGHT = 400.0
_TITLE_WEIGHT = 2.0
_COMMON_SHARE = 0.2
_SENTENCE_END = "."
_BREAK = "\n\n"
_FORMS = frozenset(("haiku", "poem", "recipe"))
_UNASKED_FORM_WEIGHT = 0.3
_REQUEST_WORDS = frozenset(("write", "tell", "give", "show", "make", "please", "need", "like", "want"))
_WORD = re.compile(r"[^\W\d_]+")


class Topic(Struct, frozen=True):
    """How much each paragraph has to do with a prompt, from 0 to 1."""

    weights: Mapping[int, float]

    def without(self, paragraphs: Collection[int]) -> Topic:
        """The same without these paragraphs: what was said need not be said again."""
        return Topic({number: weight for number, weight in self.weights.items() if number not in paragraphs})


class NgramModel(Struct, frozen=True):
    """A trained model."""

    vocabulary: Vocabulary
    tokens: Sequence[int]
    """The training text; each paragraph between a beginning and an end, a break after it."""
    paragraph_of: Sequence[int]
    """The paragraph in which each token stands."""
    places: Mapping[tuple[int, ...], Sequence[int]]
    """For every context of one to four pieces, where its followers stand."""
    paragraphs_with: Mapping[str, frozenset[int]]
    """The paragraphs in which a word occurs."""
    titles_with: Mapping[str, frozenset[int]]
    """The paragraphs that have a word in their first sentence."""
    paragraphs: int

    def topic(self, prompt: str) -> Topic:
        """The paragraphs that share rare words with the prompt, the best one with weight 1."""
        scores: defaultdict[int, float] = defaultdict(float)
        asked = _stems(prompt)
        for word in asked:
            found = self.paragraphs_with.get(word, frozenset())
            if word in _REQUEST_WORDS or len(found) > _COMMON_SHARE * self.paragraphs:
                continue
            titled = self.titles_with.get(word, frozenset())
            for paragraph in found:
                weight = _TITLE_WEIGHT if paragraph in titled else 1.0
                scores[paragraph] += weight * math.log(self.paragraphs / len(found)) ** 2
        for form in _FORMS - asked:
            for paragraph in self.titles_with.get(form, frozenset()) & scores.keys():
                scores[paragraph] *= _UNASKED_FORM_WEIGHT
        best = max(scores.values(), default=0.0)
        return Topic({paragraph: (score / best) ** 3 for paragraph, score in scores.items()})

    def followers(self, context: Sequence[int], topic: Topic) -> dict[int, float]:
        """The probability of each piece that may come next; they sum to 1.

        A context that was never seen is taken as the end of a sentence.
        """
        mixed: defaultdict[int, float] = defaultdict(float)
        left = 1.0
        # One piece of context alone makes no sentence: it counts only when nothing longer was ever seen.
        for length in range(min(LONGEST_CONTEXT, len(context)), 0, -1):
            shares = self._shares(tuple(context[-length:]), topic)
            if not shares or (mixed and length == 1):
                continue
            kept = left * self._trust(tuple(context[-length:]), len(shares))
            left -= kept
            for token, share in shares.items():
                mixed[token] += kept * share
        if not mixed:
            return self._shares((self.vocabulary.ids[_SENTENCE_END],), topic)
        total = sum(mixed.values())
        return {token: weight / total for token, weight in mixed.items()}

    def sources(self, context: Sequence[int]) -> set[int]:
        """The paragraphs in which the last pieces stand in this order, as many as the longest context has."""
        places = self.places.get(tuple(context[-LONGEST_CONTEXT:]), ()) if len(context) >= LONGEST_CONTEXT else ()
        return {self.paragraph_of[place] for place in places}

    def _trust(self, context: tuple[int, ...], followers: int) -> float:
        seen = len(self.places.get(context, ()))
        return seen / (seen + _FOLLOWER_WEIGHT * followers) if seen else 0.0

    def _shares(self, context: tuple[int, ...], topic: Topic) -> dict[int, float]:
        weights: defaultdict[int, float] = defaultdict(float)
        for place in self.places.get(context, ()):
            lean = topic.weights.get(self.paragraph_of[place], 0.0)
            weights[self.tokens[place]] += 1.0 + _TOPIC_WEIGHT * lean
        total = sum(weights.values())
        return {token: weight / total for token, weight in weights.items()}


def train_ngrams(text: str | None = None) -> NgramModel:
    """The model of a text; of the bundled one when none is given."""
    if text is None:
        text = files("smrt_tui.local.containers").joinpath("corpus.txt").read_text(encoding="utf-8")
    vocabulary = learn_pieces(text)
    paragraphs = _paragraphs(text)
    tokens: list[int] = []
    paragraph_of: list[int] = []
    for number, paragraph in enumerate(paragraphs):
        framed = [BEGIN, *vocabulary.encode(paragraph), END, vocabulary.ids[_BREAK]]
        tokens += framed
        paragraph_of += [number] * len(framed)
    words, titles = _paragraphs_with(paragraphs), _paragraphs_with([_title(paragraph) for paragraph in paragraphs])
    return NgramModel(vocabulary, tokens, paragraph_of, _places(tokens), words, titles, len(paragraphs))


def _paragraphs(text: str) -> list[str]:
    """The paragraphs; one that ends in a colon belongs to the next."""
    joined: list[str] = []
    for paragraph in text.strip().split("\n\n"):
        if joined and joined[-1].endswith(":"):
            joined[-1] += f"\n\n{paragraph}"
        else:
            joined.append(paragraph)
    return joined


def _places(tokens: Sequence[int]) -> dict[tuple[int, ...], list[int]]:
    """Where each context is followed by what.

    A paragraph's end is followed by the end of the text and by a break; its start follows a break and the beginning.
    """
    places: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    running: list[int] = []
    paragraph: list[int] = []
    for place, token in enumerate(tokens):
        if token == BEGIN:
            paragraph = [BEGIN]
            continue
        histories = (running[-LONGEST_CONTEXT:], paragraph[-LONGEST_CONTEXT:])
        for context in {tuple(history[at:]) for history in histories for at in range(len(history))}:
            places[context].append(place)
        if token != END:
            running.append(token)
            paragraph.append(token)
    return dict(places)


def _paragraphs_with(paragraphs: Sequence[str]) -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, paragraph in enumerate(paragraphs):
        for word in _stems(paragraph):
            found[word].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _title(paragraph: str) -> str:
    return re.split(r"[.:?!\n]", paragraph, maxsplit=1)[0]


def _stems(text: str) -> set[str]:
    """The words in lower case without a plural's s."""
    return {word.lower().removesuffix("s") for word in _WORD.findall(text)}
