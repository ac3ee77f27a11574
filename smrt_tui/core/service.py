"""The SageMaker Runtime operations as data, read from the service model that botocore ships.

botocore's `sagemaker-runtime/2017-05-13/service-2.json` is the single source of paths, members, header names, limits,
patterns, errors and help texts: nothing of it is typed by hand here, so a new member of a newer botocore appears by
itself. The packaged file is read directly, without importing botocore (31 ms against 185 ms through its Loader).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

from msgspec import Struct

from smrt_tui.core.packaged import packaged_json

Mode: TypeAlias = Literal["sync", "async", "stream"]
MODES: tuple[Mode, ...] = get_args(Mode)

OPERATION_OF_MODE: Mapping[Mode, str] = {
    "sync": "InvokeEndpoint",
    "async": "InvokeEndpointAsync",
    "stream": "InvokeEndpointWithResponseStream",
}

SIGNING_NAME = "sagemaker"
"""The service name in a signature's scope (`signingName` of the model)."""


class Member(Struct, frozen=True):
    """One member of an operation's input or output."""

    name: str
    """The API name, such as CustomAttributes."""
    header: str | None
    """The header that carries it in this operation; None for the body, the path, or a JSON member."""
    location: Literal["header", "uri", "body"]
    kind: str
    """The shape's type: string, integer, blob …"""
    is_required: bool
    is_sensitive: bool
    minimum: int | None
    """Least length in characters or bytes; for an integer, the least value."""
    maximum: int | None
    """The same upwards."""
    pattern: str | None
    """As in the model, in Java's dialect; `matches` applies it."""
    choices: tuple[str, ...]
    doc: str
    """Plain text of the model's documentation."""

    def matches(self, value: str) -> bool:
        """Whether the whole value fits the pattern. Check `maximum` first: the patterns are not made for megabytes."""
        return self.pattern is None or _compiled(self.pattern).fullmatch(value) is not None


class ErrorShape(Struct, frozen=True):
    """An error that the model declares: as an HTTP answer, or (status None) as an exception inside a stream."""

    name: str
    status: int | None
    members: tuple[str, ...]
    doc: str


class Operation(Struct, frozen=True):
    """One operation: where it is posted, what it takes, what it gives."""

    name: str
    mode: Mode
    method: str
    path: str
    """With `{EndpointName}` in it."""
    success_status: int
    inputs: tuple[Member, ...]
    outputs: tuple[Member, ...]
    errors: tuple[ErrorShape, ...]
    stream_errors: tuple[ErrorShape, ...]
    doc: str

    def input(self, name: str) -> Member | None:
        """The input member of that API name."""
        return next((member for member in self.inputs if member.name == name), None)

    def input_by_header(self, header: str) -> Member | None:
        """The input member that this header carries in this operation, whatever the case of the name."""
        wanted = header.lower()
        return next((m for m in self.inputs if m.header is not None and m.header.lower() == wanted), None)

    @property
    def header_members(self) -> tuple[Member, ...]:
        """The inputs that travel as headers, in model order."""
        return tuple(member for member in self.inputs if member.header is not None)


class Service(Struct, frozen=True):
    """The whole API: three operations, one for each mode."""

    api_version: str
    operations: tuple[Operation, ...]

    def operation(self, mode: Mode) -> Operation:
        """The operation that a mode fires."""
        return next(operation for operation in self.operations if operation.mode == mode)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Every input member of any operation, in the order of first appearance."""
        return tuple(dict.fromkeys(m.name for operation in self.operations for m in operation.inputs))

    def modes_with(self, member: str) -> tuple[Mode, ...]:
        """The modes whose operation takes this member."""
        return tuple(operation.mode for operation in self.operations if operation.input(member) is not None)


def read_service(model: Mapping[str, Any]) -> Service:
    """The operations of a parsed `service-2.json`."""
    shapes = model["shapes"]
    return Service(
        api_version=model["metadata"]["apiVersion"],
        operations=tuple(
            _read_operation(mode, model["operations"][name], shapes) for mode, name in OPERATION_OF_MODE.items()
        ),
    )


@lru_cache(maxsize=1)
def packaged_service() -> Service:
    """The service of the installed botocore, read once from its packaged file.

    Raises `FileNotFoundError` when botocore is installed without its model.
    """
    return read_service(packaged_json("sagemaker-runtime/2017-05-13/service-2.json"))


def _read_operation(mode: Mode, raw: Mapping[str, Any], shapes: Mapping[str, Any]) -> Operation:
    input_shape = shapes[raw["input"]["shape"]]
    output_shape = shapes[raw["output"]["shape"]]
    return Operation(
        name=raw["name"],
        mode=mode,
        method=raw["http"]["method"],
        path=raw["http"]["requestUri"],
        success_status=raw["http"].get("responseCode", 200),
        inputs=_read_members(input_shape, shapes),
        outputs=_read_members(output_shape, shapes),
        errors=tuple(_read_error(entry["shape"], shapes) for entry in raw.get("errors", ())),
        stream_errors=_read_stream_errors(output_shape, shapes),
        doc=_plain(raw.get("documentation", "")),
    )


def _read_members(structure: Mapping[str, Any], shapes: Mapping[str, Any]) -> tuple[Member, ...]:
    required = set(structure.get("required", ()))
    return tuple(
        _read_member(name, reference, shapes[reference["shape"]], is_required=name in required)
        for name, reference in structure["members"].items()
    )


def _read_member(name: str, reference: Mapping[str, Any], shape: Mapping[str, Any], *, is_required: bool) -> Member:
    location = reference.get("location", "body")
    return Member(
        name=name,
        header=reference["locationName"] if location == "header" else None,
        location=location,
        kind=shape["type"],
        is_required=is_required,
        is_sensitive=shape.get("sensitive", False),
        minimum=shape.get("min"),
        maximum=shape.get("max"),
        pattern=shape.get("pattern"),
        choices=tuple(shape.get("enum", ())),
        doc=_plain(reference.get("documentation", shape.get("documentation", ""))),
    )


def _read_error(name: str, shapes: Mapping[str, Any]) -> ErrorShape:
    shape = shapes[name]
    return ErrorShape(
        name=name,
        status=shape.get("error", {}).get("httpStatusCode"),
        members=tuple(shape.get("members", ())),
        doc=_plain(shape.get("documentation", "")),
    )


def _read_stream_errors(output: Mapping[str, Any], shapes: Mapping[str, Any]) -> tuple[ErrorShape, ...]:
    streams = [shapes[m["shape"]] for m in output["members"].values() if shapes[m["shape"]].get("eventstream")]
    return tuple(
        _read_error(reference["shape"], shapes)
        for stream in streams
        for reference in stream["members"].values()
        if shapes[reference["shape"]].get("exception")
    )


@lru_cache(maxsize=64)
def _compiled(java_pattern: str) -> re.Pattern[str]:
    return re.compile(python_pattern(java_pattern))


def python_pattern(java_pattern: str) -> str:
    r"""A pattern of the model in Python's dialect: Java's `\p{ASCII}` and `\p{Print}` have no spelling in `re`."""
    out = []
    in_class = False
    for token in re.findall(r"\\p\{\w+\}|\\.|.", java_pattern, flags=re.DOTALL):
        if token == "[":
            in_class = True
        elif token == "]":
            in_class = False
        if token in _POSIX_RANGES:
            ranges = _POSIX_RANGES[token]
            out.append(ranges if in_class else f"[{ranges}]")
        elif token == r"\z":
            out.append(r"\Z")
        else:
            out.append(token)
    return "".join(out)


_POSIX_RANGES = {r"\p{ASCII}": r"\x00-\x7f", r"\p{Print}": r"\x20-\x7e"}


def _plain(documentation: str) -> str:
    """The model's HTML as text: paragraphs by newlines, list items by bullets."""
    text = re.sub(r"<li>\s*", "\n• ", documentation)
    text = re.sub(r"</(p|dd|dt|note)>|<br\s*/?>", "\n", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)
