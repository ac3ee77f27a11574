"""YAML text to a plain tree, with the place of every key and value, and a problem for all that a profile cannot hold.

Only what JSON can say comes out: mappings with text keys, lists, text, numbers, booleans and null. Dates stay the text
that was written. Hostile input (nesting, alias bombs, control characters) ends in a problem. Reads no file.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from msgspec import Struct, field

from smrt_tui.core.problem import KeyPath, Problem

if TYPE_CHECKING:
    from yaml import SafeLoader as _FastestLoader
else:  # eight times as fast; not there where PyYAML was built without libyaml
    _FastestLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 64
"""Mappings and lists inside each other."""
MAX_VALUES = 100_000
"""Values in all, aliases counted each time: ten aliases of ten aliases … are a kilobyte of text and a full memory."""

_UNTRUSTED_NESTING = 1_000
"""Openings above which the depth is measured first: libyaml's composer overflows the C stack on deep nesting."""
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML 1.2, 5.1 has no place for."""
_TAG = "tag:yaml.org,2002:"
_TEXT = f"{_TAG}str"
_MERGE = f"{_TAG}merge"

Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


class Loader(_FastestLoader):
    """Composes nodes. Half of PyYAML's time goes into two things that no profile needs, left out here."""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Tags by place in the text: there are none."""

    def ascend_resolver(self) -> None:
        """Tags by place in the text: there are none."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """The tag of a node that has none written. Nearly every bare word begins like nothing but text."""
        if kind is yaml.ScalarNode and (not implicit[0] or value[:1] not in self.yaml_implicit_resolvers):
            return _TEXT
        tag: str = super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]  # as PyYAML has it
        return tag


class Document(Struct):
    """What a YAML text holds."""

    tree: Any = None
    problems: list[Problem] = field(default_factory=list)
    """What YAML itself or this reader objects to; when there is one, the tree may have gaps."""
    root: yaml.Node | None = None
    """What places are looked up in, for what has a problem."""

    def known_path(self, path: KeyPath) -> KeyPath:
        """The longest beginning of the path that stands in the text."""
        return path[: len(self._steps(path))]

    def place(self, path: KeyPath, *, of_key: bool = False) -> Place:
        """Where to point a person who has to change this. A mapping's or list's place is that of its key, if any."""
        steps = self._steps(path)
        if not steps:
            return (1, 1) if self.root is None else _place(self.root)
        key, value = steps[-1]
        return _place(value if key is None or (isinstance(value, yaml.ScalarNode) and not of_key) else key)

    def _steps(self, path: KeyPath) -> list[tuple[yaml.Node | None, yaml.Node]]:
        """The key, where there is one, and the value of each step of the path, as far as it goes."""
        steps: list[tuple[yaml.Node | None, yaml.Node]] = []
        node = self.root
        for step in path:
            found = None if node is None else _step(node, step)
            if found is None:
                break
            steps.append(found)
            node = found[1]
        return steps


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        is_merge = step == "<<"
        pairs = ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
        return next((p for p in pairs if p[0].value == step and (p[0].tag == _MERGE) is is_merge), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None


class _Refused(Exception):
    """Stops the walk at once: the text as a whole is refused."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_document(text: str) -> Document:
    """The tree of a YAML text and every problem in it. Never raises for what the text holds."""
    document = Document()
    foreign = _NOT_YAML.search(text)
    if foreign is not None:
        line, column = _place_of(text, foreign.start())
        problem = Problem((), f"the character U+{ord(foreign[0]):04X} cannot stand in YAML", line, column)
        document.problems.append(problem)
        return document
    try:
        _refuse_deep_nesting(text)
        loader = Loader(text)
        try:
            document.root = loader.get_single_node()
            if document.root is not None:
                document.tree = _Walk(loader, document).value(document.root, ())
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(error, text))
    except _Refused as refused:
        document.problems.append(refused.problem)
    return document


def _place_of(text: str, index: int) -> Place:
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _refuse_deep_nesting(text: str) -> None:
    if sum(map(text.count, ("[", "{", "- ", "? ", "-\n", "?\n", "\n "))) < _UNTRUSTED_NESTING:
        return
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _Refused(_too_deep(event.start_mark))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _too_deep(mark: Any) -> Problem:
    return Problem((), f"values are nested deeper than {MAX_DEPTH} levels", mark.line + 1, mark.column + 1)


def _syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem((), f"this is no YAML: {error}")
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    message = f"this is no YAML: {', '.join(filter(None, (error.context, error.problem)))}"
    return Problem((), message + _syntax_hint(message, _line(text, line)), line, column)


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _syntax_hint(message: str, line: str) -> str:
    if "tab character" in message:
        return "; indent with blanks"
    if "{{" in line:
        return '; put text with placeholders in quotes: "{{name}}"'
    if "mapping values are not allowed" in message:
        return "; put text with a colon in quotes"
    if "another document" in message:
        return "; one profile a file"
    return ""


class _Walk:
    """Turns composed nodes into the tree, noting places and problems on the way."""

    def __init__(self, loader: Any, document: Document) -> None:
        self._loader = loader
        self._document = document
        self._values = 0

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            many = f"more than {MAX_VALUES:,} values; aliases count each time they are used"
            raise _Refused(Problem((), many, *_place(node)))
        if len(path) > MAX_DEPTH:  # an alias that holds itself ends here too
            raise _Refused(_too_deep(node.start_mark))
        if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):  # nearly every value
            return node.value
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged = {**self._merged(value_node, path), **merged}
                continue
            is_plain = key_node.tag == _TEXT and isinstance(key_node, yaml.ScalarNode)
            key: str | None = key_node.value if is_plain else self._key(key_node, path)
            if key is None:
                continue
            where = (*path, key)
            if key in own:
                first = next(other for other, _ in node.value if getattr(other, "value", None) == key)
                self._object(key_node, where, f"this key stands above already, at line {_place(first)[0]}")
                continue
            own[key] = self.value(value_node, where)
        return {**merged, **own}

    def _merged(self, node: yaml.Node, path: KeyPath) -> dict[str, Any]:
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for source in sources:
            value = self.value(source, (*path, "<<"))
            if isinstance(value, dict):
                merged = {**value, **merged}
            else:
                self._object(source, path, "`<<` takes a mapping, such as `<<: *base`")
        return merged

    def _key(self, node: yaml.Node, path: KeyPath) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._object(node, path, 'a key must be text; put text with placeholders in quotes: "{{name}}"')
            return None
        if node.tag == f"{_TAG}null":
            self._object(node, path, "a key must be text; this one is empty")
            return None
        return str(node.value)  # `on`, `1` and `2024-01-01` are keys as they are written

    def _scalar(self, node: yaml.Node, path: KeyPath) -> Any:
        try:
            return constructed(self._loader, node.tag, node.value, path)
        except ValueError as problem:
            self._object(node, path, str(problem))
            return None

    def _object(self, node: yaml.Node, path: KeyPath, message: str) -> None:
        self._document.problems.append(Problem(path, message, *_place(node)))


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def constructed(loader: Any, tag: str, value: str, path: KeyPath) -> Any:
    """The value of a scalar with that tag at that place of a profile. Raises `ValueError` with what is wrong."""
    if _is_text(tag, value, path):
        return value
    if tag.removeprefix(_TAG) not in ("int", "float", "bool", "null"):
        raise ValueError(f"the tag {tag.replace(_TAG, '!!')} has no meaning in a profile")
    try:
        made = loader.construct_object(yaml.ScalarNode(tag, value))
    except (yaml.YAMLError, ValueError) as problem:
        raise ValueError(f"{value[:60]!r} is no {tag.removeprefix(_TAG)}") from problem
    if isinstance(made, float) and not math.isfinite(made):
        raise ValueError(f"JSON has no number {value}; put it in quotes")
    return made


def _is_text(tag: str, value: str, path: KeyPath) -> bool:
    """Whether a bare value is text here, though YAML 1.1 reads more into it, as YAML 1.2 no longer does."""
    match tag.removeprefix(_TAG):
        case "str" | "timestamp":
            return True
        case "bool":
            return value.lower() not in ("true", "false")  # yes, no, on, off
        case "int" | "float":
            return ":" in value or _is_sent_as_typed(path)  # 12:30 is no 750
    return False


def _is_sent_as_typed(path: KeyPath) -> bool:
    """Whether a bare number here becomes a header value, so that `1.10` and `007` go out as they stand."""
    section = path[2:3] if path[:1] == ("payloads",) else path[:1]
    return section in (("request",), ("headers",))
