"""Word pieces: text to token ids and back. Every text has ids, and decoding them gives the text again.

Ids: 0 ends a text, 1 begins one, 2 to 257 are the bytes, and above them the pieces of the training text, the most
frequent first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

END, BEGIN = 0, 1
END_TEXT = "</s>"
_FIRST_BYTE = 2
_FIRST_PIECE = _FIRST_BYTE + 256
_WHOLE_WORD = 8
_LONGEST_PIECE = 24
_PART_LENGTHS = range(2, 5)
_COMMON_PARTS = 600
_WORDS = re.compile(r"\n+| ?\w+|[’']\w+| ?[^\w\s]|\s")


class Vocabulary(Struct, frozen=True):
    """The pieces and their ids."""

    texts: tuple[str, ...]
    """The pieces from id 258 on."""
    ids: dict[str, int]

    def __len__(self) -> int:
        return _FIRST_PIECE + len(self.texts)

    def encode(self, text: str) -> list[int]:
        """The ids of a text: whole pieces where they are known, else the longest known parts, else its bytes."""
        return [token for word in _WORDS.findall(text) for token in self._encode_word(word)]

    def text_of(self, token: int) -> str:
        """The text of one piece; `</s>` for the end. A byte that is no character by itself is U+FFFD."""
        if token >= _FIRST_PIECE:
            return self.texts[token - _FIRST_PIECE]
        return END_TEXT if token == END else self.bytes_of(token).decode(errors="replace")

    def bytes_of(self, token: int) -> bytes:
        """The bytes of one piece; none for the beginning and the end."""
        if token >= _FIRST_PIECE:
            return self.texts[token - _FIRST_PIECE].encode()
        return bytes((token - _FIRST_BYTE,)) if token >= _FIRST_BYTE else b""

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of many pieces."""
        return b"".join(self.bytes_of(token) for token in tokens).decode(errors="replace")

    def _encode_word(self, word: str) -> list[int]:
        known = self.ids.get(word)
        if known is not None:
            return [known]
        tokens = []
        start = 0
        while start < len(word):
            end = self._longest_known(word, start)
            if end > start:
                tokens.append(self.ids[word[start:end]])
            else:
                end = start + 1
                raw = word[start].encode(errors="replace")  # a lone surrogate has no bytes of its own
                tokens += [_FIRST_BYTE + byte for byte in raw]
            start = end
        return tokens

    def _longest_known(self, word: str, start: int) -> int:
        ends = range(min(len(word), start + _LONGEST_PIECE), start, -1)
        return next((end for end in ends if word[start:end] in self.ids), start)


def learn_pieces(text: str) -> Vocabulary:
    """The vocabulary of a text: its words with the blank before them, and common parts of words for unknown ones.

    A long word that is rare is cut into halves.
    """
    words = Counter(_WORDS.findall(text))
    pieces: Counter[str] = Counter(dict.fromkeys(_common_parts(words), 1))
    for word, count in words.items():
        for piece in (word,) if count > 1 or len(word) <= _WHOLE_WORD else _halves(word):
            pieces[piece] += count
    ordered = sorted(pieces, key=lambda piece: (-pieces[piece], piece))
    return Vocabulary(tuple(ordered), {piece: _FIRST_PIECE + rank for rank, piece in enumerate(ordered)})


def _halves(word: str) -> Sequence[str]:
    middle = (len(word) + 1) // 2
    return word[:middle], word[middle:]


def _common_parts(words: Counter[str]) -> Sequence[str]:
    """The most frequent two to four letters in a row."""
    parts: Counter[str] = Counter()
    for word, count in words.items():
        letters = word.lstrip()
        for length in _PART_LENGTHS:
            for start in range(len(letters) - length + 1):
                parts[letters[start : start + length]] += count
    return sorted(parts, key=lambda part: (-parts[part], part))[:_COMMON_PARTS]
