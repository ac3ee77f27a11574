"""The JSON Schema of a profile file, and the words of its keys, read from `core.profile` itself.

Apart from `core.profile` because only documents and editors need it: reading the words out of the source takes as long
as loading the models, and every start would pay for it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from msgspec.json import schema_components

from smrt_tui.core import profile
from smrt_tui.core.profile import Profile
from smrt_tui.core.service import MODES, packaged_service


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a profile file, with the members of `request:` from the service model."""
    _, sections = schema_components((Profile,), ref_template="#/$defs/{name}")
    words = key_words()
    for name, model in sections.items():
        for key, subschema in model.get("properties", {}).items():
            if key in words.get(name, {}):
                subschema["description"] = words[name][key]
    for model in (sections["Profile"], sections["Payload"]):
        properties = model["properties"]
        properties["request"] = {**_members_schema(), "description": properties["request"]["description"]}
        properties["headers"]["additionalProperties"] = _HEADER_VALUES
    sections["Profile"]["properties"]["payloads"]["default"] = []
    whole = {**sections.pop("Profile"), "title": "smrt-tui profile"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": sections, **whole}


_HEADER_VALUE = {"type": ["string", "number"]}
_HEADER_VALUES = {"anyOf": [_HEADER_VALUE, {"type": "array", "items": _HEADER_VALUE}]}
"""As a person may write them; `core.profile_check` makes text of numbers before it looks at the types."""


def key_words() -> Mapping[str, Mapping[str, str]]:
    """Section class -> key as it stands in the file -> the string under the field in the source."""
    tree = ast.parse(inspect.getsource(profile))
    return {node.name: dict(_field_words(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _field_words(section: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(section.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value.value if isinstance(below.value, ast.Constant) else None
            if isinstance(text, str):
                yield field.target.id.rstrip("_"), inspect.cleandoc(text)


def _members_schema() -> dict[str, Any]:
    service = packaged_service()
    properties = {}
    for name in service.input_names:
        if name in ("EndpointName", "Body"):
            continue
        modes = service.modes_with(name)
        member = service.operation(modes[0]).input(name)
        assert member is not None  # input_names and modes_with speak of the same operations
        note = "" if len(modes) == len(MODES) else f" (only {', '.join(modes)})"
        properties[name] = {"type": ["string", "integer"], "description": f"{member.doc}{note}"}
    return {"type": "object", "additionalProperties": False, "properties": properties, "default": {}}
