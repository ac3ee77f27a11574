"""A parsed YAML tree to a profile, or to all its problems at once.

What a section may hold is said by `core.profile`. Lines and columns belong to `store.profiles`, which has the text; no
file is read here. A literal access key anywhere is a problem, and is not repeated.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

from smrt_tui.core.problem import KeyPath, Problem
from smrt_tui.core.profile import Profile, StreamOptions
from smrt_tui.core.service import packaged_service


def parse_profile(tree: object) -> tuple[Profile | None, tuple[Problem, ...]]:
    """The profile of a parsed YAML tree, or None and every problem found. A profile comes only without problems."""
    if not isinstance(tree, Mapping):
        return None, (Problem((), "a profile is a mapping of keys, such as `endpoint: my-endpoint`"),)
    problems = [
        *_unknown_members(tree),
        *_literal_secrets(tree),
        *_repeated_payload_names(tree),
        *_stream_problems(tree),
    ]
    sendable = _with_text(tree)
    try:
        profile = convert(sendable, Profile)
    except ValidationError:
        return None, (*_section_problems(sendable, Profile, ()), *problems)
    return (None, tuple(problems)) if problems else (profile, ())


def _with_text(tree: Mapping[Any, Any]) -> dict[Any, Any]:
    """The same tree with bare numbers as text where they are sent: that is what people write for header values."""
    changed = dict(tree)
    if isinstance(tree.get("request"), Mapping):
        changed["request"] = {name: _as_text(value) for name, value in tree["request"].items()}
    if isinstance(tree.get("headers"), Mapping):
        changed["headers"] = {name: _as_texts(value) for name, value in tree["headers"].items()}
    if isinstance(tree.get("payloads"), list):
        changed["payloads"] = [_with_text(one) if isinstance(one, Mapping) else one for one in tree["payloads"]]
    return changed


def _as_texts(value: object) -> list[object]:
    return [_as_text(one) for one in value] if isinstance(value, list) else [_as_text(value)]


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _section_problems(tree: Mapping[Any, Any], section: type[Struct], path: KeyPath) -> Iterator[Problem]:
    """Everything that keeps a mapping from being that section: its keys one by one, then what they say together."""
    known = {field.encode_name: field for field in fields(section)}
    found = [
        Problem((*path, str(key)), _unknown_key(str(key), known), is_about_key=True) for key in tree if key not in known
    ]
    for name, field in known.items():
        if name in tree:
            found += _value_problems(tree[name], field.type, (*path, name))
        elif field.required:
            found.append(Problem(path, f"`{name}` is missing"))
    yield from found
    if not found:
        try:
            convert(tree, section)
        except ValidationError as together:
            yield Problem(path, str(together))


def _value_problems(value: object, kind: Any, path: KeyPath) -> Iterator[Problem]:
    one_of = [each for each in get_args(kind) if each is not NoneType] if get_origin(kind) in _UNIONS else [kind]
    kind = kind if value is None else one_of[0]  # whatever may be left out has one type beside
    inner = get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        if isinstance(value, Mapping):
            yield from _section_problems(value, kind, path)
        else:
            yield Problem(path, f"this is a mapping of keys (it is {_shown(value)})")
    elif get_origin(kind) is dict and isinstance(value, Mapping):
        for key, one in value.items():
            yield from _value_problems(one, inner[1], (*path, str(key)))
    elif get_origin(kind) in (tuple, list) and isinstance(value, list):
        for index, one in enumerate(value):
            yield from _value_problems(one, inner[0], (*path, index))
    else:
        yield from _plain_value_problems(value, kind, path)


_UNIONS = (Union, UnionType)


def _plain_value_problems(value: object, kind: Any, path: KeyPath) -> Iterator[Problem]:
    try:
        convert(value, kind)
    except ValidationError:
        yield Problem(path, _objection(value, kind, path))
        return
    if value is False and path[0] == "credentials":
        yield Problem(path, "false is not allowed; use true")


def _objection(value: object, kind: Any, path: KeyPath) -> str:
    plain, *limits = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    if get_origin(plain) is Literal:
        return f"{_shown(value)} is not allowed; use {_listed([repr(one) for one in get_args(plain)])}"
    if get_origin(plain) is dict:
        return f"this is a mapping of keys (it is {_shown(value)})"
    if get_origin(plain) in (tuple, list):
        return f"this is a list, each item after `- ` (it is {_shown(value)})"
    if plain is str and not isinstance(value, str):
        return _not_text(path, value)
    if plain is str:
        return f"{_shown(value)} is not allowed; write {_EXAMPLES.get(str(path[-1]), 'something')}"
    if plain is bool:
        return f"{_shown(value)} is not allowed; use true or false"
    return f"this is a {'whole ' if plain is int else ''}number{_range(limits)} (it is {_shown(value)})"


def _range(limits: Sequence[Meta]) -> str:
    words = [
        f"{word} {limit}"
        for meta in limits
        for word, limit in (("above", meta.gt), ("at least", meta.ge), ("at most", meta.le))
        if limit is not None
    ]
    return f", {' and '.join(words)}" if words else ""


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _shown(value: object) -> str:
    """A value as the file would say it, cut where it is long."""
    text = repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:79]}…"


_EXAMPLES: Mapping[str, str] = {
    "endpoint_url": "an address such as http://127.0.0.1:8080",
    "s3_endpoint_url": "an address such as http://127.0.0.1:9000",
    "input": "`inline` or a prefix such as s3://my-bucket/input/",
}
"""What a value with a pattern looks like, by its key."""


def _not_text(path: KeyPath, value: object) -> str:
    if value is None:
        return "there is no value; write one or leave the key out"
    if path[-1:] == ("body",) and isinstance(value, Mapping | list):
        return "the body is text; write JSON as a block (`body: |` and the JSON below it)"
    if isinstance(value, Mapping | list):
        return f"this is text, not a {'mapping' if isinstance(value, Mapping) else 'list'}"
    return f'this is text; quote it: "{json.dumps(value) if isinstance(value, bool) else value}"'


def _unknown_key(key: str, known: Iterable[str]) -> str:
    allowed = list(known)
    near = difflib.get_close_matches(key, allowed, n=1, cutoff=0.5)
    if near:
        return f"unknown key; did you mean `{near[0]}`?"
    return f"unknown key; allowed are {', '.join(allowed)}"


def _request_sections(tree: Mapping[Any, Any]) -> Iterable[tuple[KeyPath, Mapping[Any, Any]]]:
    if isinstance(tree.get("request"), Mapping):
        yield ("request",), tree["request"]
    payloads = tree.get("payloads")
    for index, payload in enumerate(payloads if isinstance(payloads, list) else []):
        if isinstance(payload, Mapping) and isinstance(payload.get("request"), Mapping):
            yield ("payloads", index, "request"), payload["request"]


@lru_cache(maxsize=1)
def _request_keys() -> tuple[str, ...]:
    return tuple(name for name in packaged_service().input_names if name not in ("EndpointName", "Body"))


def _unknown_members(tree: Mapping[Any, Any]) -> Iterable[Problem]:
    allowed = _request_keys()
    for path, section in _request_sections(tree):
        for name in section:
            if name == "EndpointName":
                yield Problem((*path, name), "the endpoint has its own key: `endpoint:`", is_about_key=True)
            elif name == "Body":
                yield Problem((*path, name), "the body has its own key: `body:` of a payload", is_about_key=True)
            elif name not in allowed:
                yield Problem((*path, str(name)), _unknown_key(str(name), allowed), is_about_key=True)


_ACCESS_KEY_ID = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")


def _literal_secrets(tree: object) -> Iterable[Problem]:
    return _placed_secrets(tree, ()) if _holds_secret(tree) else ()


def _holds_secret(tree: object) -> bool:
    """Whether there is anything to look for; quick, since there hardly ever is."""
    values = [tree]
    while values:
        value = values.pop()
        if isinstance(value, str):
            if ("AKIA" in value or "ASIA" in value) and _ACCESS_KEY_ID.search(value):
                return True
        elif isinstance(value, dict):
            values += value.values()
        elif isinstance(value, list):
            values += value
    return False


def _placed_secrets(tree: object, path: KeyPath) -> Iterable[Problem]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _placed_secrets(value, (*path, str(key)))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _placed_secrets(value, (*path, index))
    elif isinstance(tree, str) and _ACCESS_KEY_ID.search(tree):
        yield Problem(path, "an AWS access key is no part of a profile; name an AWS profile under `credentials:`")


def _stream_problems(tree: Mapping[Any, Any]) -> Iterable[Problem]:
    section = tree.get("stream")
    written = section if isinstance(section, Mapping) else {}
    known = {name: written[name] for name in _PATH_KEYS if isinstance(written.get(name), str)}
    if not known:
        return
    from smrt_tui.core.decode.options import validate_stream_options  # most profiles need no path compiled

    for key, message in validate_stream_options(StreamOptions(**known)):
        yield Problem(("stream", key), message)


_PATH_KEYS = tuple(name for name in StreamOptions.__struct_fields__ if name != "decoder")


def _repeated_payload_names(tree: Mapping[Any, Any]) -> Iterable[Problem]:
    payloads = tree.get("payloads")
    seen: set[str] = set()
    for index, payload in enumerate(payloads if isinstance(payloads, list) else []):
        name = payload.get("name") if isinstance(payload, Mapping) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Problem(("payloads", index, "name"), f"a payload named {name!r} stands above already")
        seen.add(name)
