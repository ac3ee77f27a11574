"""The words of a pasted command as a shell would split them, up to where the command ends. Nothing is run or expanded.

Beside POSIX quotes (`shlex`) it knows `$'…'`, which browsers and bash write around text with quotes or line ends, and
the `^` before a line end that the command prompt of Windows takes.
"""

from __future__ import annotations

import re
import shlex

from smrt_tui.core.errors import SmrtError

_PIECE = re.compile(
    r"""
      \$'(?P<ansi>(?:[^'\\]|\\.)*)'
    | (?P<quoted>'[^']*'|"(?:[^"\\]|\\.)*")
    | (?P<joined>[\\^]\r?\n)
    | (?P<escaped>\\.)
    | (?P<end>(?:(?<=\s)\d)?[<>]|[|;&\n]|(?<=\s)\#)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENTS = re.compile(r"(?:\s*#[^\n]*(?:\n|\Z))+")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}


def command_words(text: str) -> list[str]:
    """The words of the first command of the text. Raises `SmrtError` for a quote that is left open."""
    text = _COMMENTS.sub("", text, count=1) if _COMMENTS.match(text) else text
    pieces, at = [], 0
    text = text.strip().removeprefix("$ ")
    for piece in _PIECE.finditer(text):
        pieces.append(text[at : piece.start()])
        at = piece.end()
        if piece["end"] is not None:
            at = len(text)
            break
        pieces.append(_posix(piece))
    try:
        return shlex.split("".join([*pieces, text[at:]]))
    except ValueError as error:
        raise SmrtError(
            f"the command line cannot be read: {str(error).lower()}", "look for a quote left open"
        ) from None


def _posix(piece: re.Match[str]) -> str:
    """A piece as `shlex` reads it."""
    if piece["joined"] is not None:
        return " "
    return piece[0] if piece["ansi"] is None else shlex.quote(_unescaped(piece["ansi"]))


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
