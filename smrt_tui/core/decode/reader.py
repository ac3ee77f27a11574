"""What an event says: finds the shape that fits the first events and reads every event's fields by its paths.

The paths that a profile names go over the shape's, one by one. Nothing is accumulated here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from smrt_tui.core.decode.decoded import Match, Plain, ToolFragment
from smrt_tui.core.decode.expressions import PathError, Steps, branches, compiled
from smrt_tui.core.decode.paths import Paths, is_true, paths_of, value_at
from smrt_tui.core.decode.presets import PRESETS, UNKNOWN, Preset, Shape, find_preset
from smrt_tui.core.decode.shortcut import Shortcut

if TYPE_CHECKING:
    from smrt_tui.core.profile import StreamOptions

PATH_KEYS: Final = (
    "text",
    "reasoning",
    "tool",
    "final",
    "finish",
    "error",
    "usage_in",
    "usage_out",
    "skip_when",
    "choice",
)
"""The order of an event's fields; all but the last are keys of a profile's `stream:` section."""

_TRIES = 32
"""Events without a known shape after which looking for one stops."""


class Fields(NamedTuple):
    """The raw values of one event, null where there is none. Anything may be anything: servers are servers."""

    text: object
    reasoning: object
    tool: object
    final: object
    finish: object
    error: object
    usage_in: object
    usage_out: object
    skip_when: object
    choice: object


class Reader:
    """Reads events, one after the other. The first events decide the shape, and it stays."""

    def __init__(self, options: StreamOptions) -> None:
        self._overrides = _usable_paths(options)
        self._wanted = find_preset(options.preset or "")
        self._tries = _TRIES
        self.preset: Preset | None = None
        """The preset in use; None while, or because, none is known to fit."""
        self.shape: Shape = UNKNOWN
        self._paths = self._compiled(UNKNOWN)
        self._shortcut = Shortcut()
        self.match: Match = self._shortcut.match
        """Knows events like those that were read, without parsing them."""

    def read(self, raw: bytes, value: object) -> list[Fields]:
        """What one JSON value says, and its bytes: one item for each choice in it, nearly always one."""
        if self.preset is None and self._tries:
            self._recognise(value)
        if isinstance(value, list) and value and self.shape.choices != "" and isinstance(value[0], dict):
            return [fields for item in value for fields in self._read_one(item)]
        choices = self._read_one(value)
        if self._shortcut.wants_lessons and len(choices) == 1 and (self.preset is not None or not self._tries):
            self._teach(raw, value, choices[0])
        return choices

    def _read_one(self, value: object) -> list[Fields]:
        first = Fields._make(self._paths(value)[: len(PATH_KEYS)])
        others = _other_choices(value, self.shape.choices)
        if not others:
            return [first]
        return [first, *(self._read_choice(other, number) for number, other in enumerate(others, 1))]

    def _teach(self, raw: bytes, value: object, fields: Fields) -> None:
        """Learn from an event that says nothing but a text or a piece of reasoning."""
        if fields[2:8] != (None,) * 6 or is_true(fields.skip_when) or not (fields.text or fields.reasoning):
            return
        is_reasoning = not fields.text
        said, silent = (fields.reasoning, fields.text) if is_reasoning else (fields.text, fields.reasoning)
        if isinstance(said, str) and silent in (None, ""):
            choice = fields.choice if type(fields.choice) is int else 0
            rows = self._paths.rows
            first = rows[1] if is_reasoning else rows[0]
            plain = Plain(is_reasoning, choice, self.shape.is_token and isinstance(fields.text, str))
            self._shortcut.learn(raw, value, [first, *rows], plain)

    def _read_choice(self, value: object, number: int) -> Fields:
        fields = Fields._make(self._paths(value)[: len(PATH_KEYS)])
        return fields if isinstance(fields.choice, int) else fields._replace(choice=number)

    def _recognise(self, value: object) -> None:
        self._tries -= 1
        presets = [self._wanted, *PRESETS] if self._wanted else PRESETS
        for candidate in _candidates(value):
            for preset in presets:
                for shape in preset.shapes:
                    if _fits(shape, candidate):
                        self.preset, self.shape = preset, shape
                        self._paths = self._compiled(shape)
                        return

    def _compiled(self, shape: Shape) -> Paths:
        return paths_of(*(self._overrides.get(key) or getattr(shape, key) for key in PATH_KEYS))


def _usable_paths(options: StreamOptions) -> Mapping[str, str]:
    """The profile's own paths, without those that do not compile: those are problems of the profile."""
    return {key: path for key, path in own_paths(options).items() if _compiles(path)}


def own_paths(options: StreamOptions) -> Mapping[str, str]:
    """The paths that a profile names itself."""
    named = ((key, getattr(options, key, None)) for key in PATH_KEYS)
    return {key: path for key, path in named if isinstance(path, str)}


def _compiles(path: str) -> bool:
    try:
        compiled(path)
    except PathError:
        return False
    return True


def _candidates(value: object) -> Iterator[object]:
    """The value, and the first item of a list, which may be a whole stream in one array."""
    yield value
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield value[0]


def _fits(shape: Shape, value: object) -> bool:
    found = value_at(value, _marker_steps(shape.marker))
    return isinstance(found, _TYPES[shape.marked_by]) and (not shape.begins or str(found).startswith(shape.begins))


_TYPES: Mapping[str, type] = {"object": dict, "string": str, "boolean": bool}


@lru_cache(maxsize=64)
def _marker_steps(marker: str) -> Steps:
    branch = branches(marker)
    assert branch is not None and len(branch) == 1  # the table says so, and a test of it
    return branch[0].steps


def _other_choices(value: object, key: str | None) -> list[object]:
    """The event once more for each choice after the first, with that choice in the first's place."""
    if key is None:
        return []
    if key == "":
        return [[item] for item in value[1:]] if isinstance(value, list) else []
    if not isinstance(value, dict):
        return []
    items = value.get(key)
    if not isinstance(items, list) or len(items) < 2:
        return []
    return [{key: [item]} for item in items[1:]]


def tool_fragments(value: object) -> tuple[ToolFragment, ...]:
    """The pieces of tool calls in what a tool path leads to: a list of them or one, as OpenAI or others write it."""
    items: Iterable[object] = value if isinstance(value, list) else (value,)
    return tuple(_tool_fragment(item, position) for position, item in enumerate(items) if _is_tool(item))


def _is_tool(item: object) -> bool:
    if isinstance(item, dict):
        return any(key in item for key in ("function", "arguments", "name", "delta"))
    return isinstance(item, str)


def _tool_fragment(item: object, position: int) -> ToolFragment:
    if not isinstance(item, dict):
        return ToolFragment(0, "", "", str(item))
    function = item.get("function")
    inner = {**item, **function} if isinstance(function, dict) else item
    index = _first(inner, "index", "output_index")
    return ToolFragment(
        index if isinstance(index, int) else position,
        _text(_first(inner, "call_id", "id")),
        _text(inner.get("name")),
        _text(_first(inner, "arguments", "delta")),
    )


def _first(item: Mapping[str, object], *keys: str) -> object:
    return next((item[key] for key in keys if item.get(key) is not None), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
