"""Whether a text speaks well or badly of something, by a short list of English words. Knows no media type.

A stand-in for a classifier, with a method that can be checked by hand: each word of the list adds its weight, a
negation up to three words before it turns the sign, an intensifier just before it makes it half as much again, and the
logistic function makes a probability of the sum. A text without any word of the list is undecided: one half.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import islice

NEGATIVE, POSITIVE = "NEGATIVE", "POSITIVE"

_LIST: Mapping[float, str] = {
    3.0: "amazing awesome brilliant delightful excellent fantastic love loved loves perfect wonderful",
    2.4: "beautiful best enjoy enjoyed glad great happy impressive pleased superb thrilled",
    1.6: "clean clear fast fine friendly fun good helpful like liked nice pleasant recommend smooth",
    1.0: "easy okay reliable solid thanks useful well works",
    -1.0: "broke cheap expensive late loud noisy problem problems slow",
    -1.6: "annoying bad boring broken confusing dirty dislike fails hard poor rude sad wrong",
    -2.4: "angry disappointed disappointing fail failed hated mess refund useless waste",
    -3.0: "awful disgusting dreadful hate hates horrible terrible unusable worst worthless",
}
_WEIGHTS: Mapping[str, float] = {word: weight for weight, words in _LIST.items() for word in words.split()}
_NEGATIONS = ("cannot", "hardly", "neither", "never", "no", "not", "nothing", "without")
_INTENSIFIERS = ("absolutely", "extremely", "really", "so", "such", "totally", "very")
_REACH = 3
"""How many words before it a negation is looked for."""
_MOST_WORDS = 10_000
"""Words that count, from the beginning: models of this kind read no text without end either."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def positivity(text: str) -> float:
    """The probability, from 0 to 1, that the text speaks well of what it speaks of."""
    found = islice(_WORD.finditer(text), _MOST_WORDS)
    words = [word[0].lower().replace("\u2019", "'") for word in found]
    total = math.fsum(_weight(words, at) for at in range(len(words)))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _weight(words: list[str], at: int) -> float:
    weight = _WEIGHTS.get(words[at], 0.0)
    if weight and at and words[at - 1] in _INTENSIFIERS:
        weight *= 1.5
    return -weight if any(map(_is_negation, words[max(0, at - _REACH) : at])) else weight


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")
