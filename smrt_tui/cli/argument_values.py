"""What single arguments have to look like, as the types that argparse asks for. Nothing is opened or asked here."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from smrt_tui.core.profile import JsonValue


def _split(text: str, separator: str, example: str) -> tuple[str, str]:
    name, found, value = text.partition(separator)
    if not found or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form {example}")
    return name.strip(), value


def variable(text: str) -> tuple[str, JsonValue]:
    """NAME=VALUE; a value that is JSON is meant as such."""
    name, value = _split(text, "=", "NAME=VALUE")
    try:
        return name, json.loads(value, parse_constant=_no_json)
    except ValueError:
        return name, value


def _no_json(constant: str) -> NoReturn:
    raise ValueError(constant)  # Python reads NaN and Infinity, JSON has neither


def member(text: str) -> tuple[str, str]:
    """MEMBER=VALUE."""
    return _split(text, "=", "MEMBER=VALUE")


def header(text: str) -> tuple[str, str]:
    """NAME: VALUE, as it is sent."""
    name, value = _split(text, ":", "'NAME: VALUE'")
    return name, value.removeprefix(" ")


def container(text: str) -> tuple[str, str]:
    """NAME=URL."""
    name, where = _split(text, "=", "NAME=URL")
    return name, url(where)


def url(text: str) -> str:
    """An http or https address."""
    if not text.startswith(("http://", "https://")) or len(text.split()) != 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as http://127.0.0.1:8080")
    return text


def port(text: str) -> int:
    """A port, or 0 for any free one."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; 0 to 65535")
    return int(text)
