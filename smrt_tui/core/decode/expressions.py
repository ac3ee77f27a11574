"""JMESPath expressions: compiled, checked, and taken apart as far as they are plain paths.

jmespath is imported when the first expression is compiled, not before. Nothing is evaluated here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

Step: TypeAlias = str | int
Steps: TypeAlias = tuple[Step, ...]
Ast: TypeAlias = Mapping[str, Any]


class Branch(Struct, frozen=True):
    """One alternative of a path: the steps to a value, taken only where another value equals a literal."""

    steps: Steps
    guard: Steps | None = None
    literal: str = ""


class PathError(ValueError):
    """An expression that is no JMESPath. The message says what is wrong and at which column."""


@lru_cache(maxsize=256)
def compiled(expression: str) -> ParsedResult:
    """The compiled expression. Raises `PathError`, also for functions that jmespath would miss only when called."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        result = jmespath.compile(expression)
    except JMESPathError as error:
        raise PathError(_complaint(expression, error)) from error
    for call in _calls(result.parsed):
        _check_call(call)
    return result


def _complaint(expression: str, error: Exception) -> str:
    position = getattr(error, "lex_position", None)
    if position is None:
        return "the path is empty; leave the key out instead"
    token = getattr(error, "token_value", None)
    if token is None or position >= len(expression):
        return f"the path ends too early, at column {len(expression) + 1}: {expression!r}"
    reason = f": {error.message.lower()}" if hasattr(error, "message") else ""
    return f"no JMESPath at column {position + 1}, {str(token)!r}{reason}: {expression!r}"


def _calls(node: Ast) -> Iterator[Ast]:
    if node["type"] == "function_expression":
        yield node
    for child in node["children"]:
        yield from _calls(child)


def _check_call(call: Ast) -> None:
    from jmespath.functions import Functions

    known = Functions.FUNCTION_TABLE.get(call["value"])
    if known is None:
        raise PathError(f"JMESPath has no function {call['value']}()")
    signature = known["signature"]
    given, wanted = len(call["children"]), len(signature)
    if given < wanted or (given > wanted and not (signature and signature[-1].get("variadic"))):
        raise PathError(f"{call['value']}() takes {wanted} argument{'' if wanted == 1 else 's'}, not {given}")


def branches(expression: str) -> tuple[Branch, ...] | None:
    """The alternatives that an expression tries in order; None when it is more than plain paths.

    Plain are names and indexes (`a[0].b`), alternatives (`a || b`), and a path that counts only where a value of the
    same event equals a literal, which JMESPath spells `[@][?a=='x'].b | [0]`.
    """
    return _branches(compiled(expression).parsed)


def _branches(node: Ast) -> tuple[Branch, ...] | None:
    if node["type"] == "or_expression":
        first, second = (_branches(child) for child in node["children"])
        return None if first is None or second is None else first + second
    steps = _steps(node)
    if steps is not None:
        return (Branch(steps),)
    guarded = _guarded(node)
    return None if guarded is None else (guarded,)


def _steps(node: Ast) -> Steps | None:
    match node["type"]:
        case "current" | "identity":
            return ()
        case "field" | "index":
            return (node["value"],)
        case "subexpression" | "index_expression":
            inner = [_steps(child) for child in node["children"]]
            return None if None in inner else tuple(step for steps in inner if steps is not None for step in steps)
        case _:
            return None


def _guarded(node: Ast) -> Branch | None:
    match node:
        case {
            "type": "pipe",
            "children": [
                {
                    "type": "filter_projection",
                    "children": [
                        {"type": "multi_select_list", "children": [{"type": "current"}]},
                        path,
                        {
                            "type": "comparator",
                            "value": "eq",
                            "children": [left, {"type": "literal", "value": literal}],
                        },
                    ],
                },
                {"type": "index_expression", "children": [{"type": "identity"}, {"type": "index", "value": 0}]},
            ],
        } if isinstance(literal, str):
            steps, guard = _steps(path), _steps(left)
            return None if steps is None or guard is None else Branch(steps, guard, literal)
        case _:
            return None
