"""The words of a pasted command as a shell would split them, up to where the command ends. Nothing is run or expanded.

Beside POSIX quotes it knows `$'…'`, which browsers and bash write around text with quotes or line ends, and
the `^` before a line end that the command prompt of Windows takes.
"""

from __future__ import annotations

import re

from smrt_tui.core.errors import SmrtError

_PIECE = re.compile(
    r"""
      \$'(?P<ansi>[^'\\]*+(?:\\.[^'\\]*+)*+)'
    | '(?P<single>[^']*+)'
    | "(?P<double>[^"\\]*+(?:\\.[^"\\]*+)*+)"
    | (?P<joined>[\\^]\r?\n)
    | (?P<escaped>\\.)
    | (?P<end>(?:(?<=\s)\d)?[<>]|[|;&\n]|(?<=\s)\#)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(r'\\(?:(["\\$`])|\r?\n)')
_LEFT_OPEN = re.compile(r"""['"\\]""")
_RUN = re.compile(r"(\s+)|(\S+)")
_COMMENTS = re.compile(r"(?:\s*#[^\n]*(?:\n|\Z))+")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}


def command_words(text: str) -> list[str]:
    """The words of the first command of the text, be it megabytes. Raises `SmrtError` for a quote that is left open."""
    text = _COMMENTS.sub("", text, count=1) if _COMMENTS.match(text) else text
    text = text.strip().removeprefix("$ ")
    words, at = _Words(), 0
    for piece in _PIECE.finditer(text):
        words.take(text[at : piece.start()])
        at = piece.end()
        if piece["end"] is not None:
            break
        if piece["joined"] is None:
            words.go_on(_unquoted(piece))
    else:
        words.take(text[at:])
    return words.all()


class _Words:
    """Puts words together. `shlex` takes a second for 170 KB, and minutes for megabytes."""

    def __init__(self) -> None:
        self._whole: list[str] = []
        self._pieces: list[str] = []
        """Of the word that may go on."""

    def take(self, text: str) -> None:
        """Text outside quotes."""
        if _LEFT_OPEN.search(text):
            told = "the command line cannot be read: a quote is left open"
            raise SmrtError(told, f"look near {text.strip()[:40]!r}")
        for blank, run in _RUN.findall(text):
            if blank:
                self._end_word()
            else:
                self._pieces.append(run)

    def go_on(self, text: str) -> None:
        """What stood in quotes: a part of the word, whatever it is."""
        self._pieces.append(text)

    def all(self) -> list[str]:
        """Every word."""
        self._end_word()
        return self._whole

    def _end_word(self) -> None:
        if self._pieces:
            self._whole.append("".join(self._pieces))
            self._pieces = []


def _unquoted(piece: re.Match[str]) -> str:
    """What a quoted or escaped piece stands for."""
    if piece["ansi"] is not None:
        return _unescaped(piece["ansi"])
    if piece["double"] is not None:
        return _IN_DOUBLE.sub(lambda escape: escape[1] or "", piece["double"])
    return piece[0][1:] if piece["single"] is None else piece["single"]


def _unescaped(text: str) -> str:
    """What stands in `$'…'` (bash, "ANSI-C Quoting"); two halves of a surrogate pair become their character."""
    plain = _ESCAPE.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    two, four, eight, octal, letter = escape.groups()
    if letter is not None:
        return _LETTERS.get(letter, letter if letter in "\\'\"?" else escape[0])
    code = int(octal, 8) & 0xFF if octal else int(two or four or eight, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
