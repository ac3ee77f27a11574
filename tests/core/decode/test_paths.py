"""The fast way through an event's paths gives what jmespath gives."""

from __future__ import annotations

import jmespath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from smrt_tui.core.decode.expressions import Branch, PathError, branches, compiled
from smrt_tui.core.decode.paths import Paths, is_true
from smrt_tui.core.decode.presets import PRESETS, Shape

KEYS = ("a", "b", "type", "0")
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.floats(-1, 1), st.sampled_from(["", "x", "y", "text"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)),
    max_leaves=12,
)
STEPS = st.lists(st.sampled_from([".a", ".b", ".type", '."0"', "[0]", "[1]", "[-1]"]), max_size=4)
PLAIN = STEPS.map(lambda steps: "".join(["@", *steps]))
GUARDED = st.builds("([@][?{}=='x'].{} | [0])".format, st.sampled_from(KEYS[:3]), st.sampled_from(["a", "b.a", "a[0]"]))
EXPRESSIONS = st.one_of(
    PLAIN,
    GUARDED,
    st.lists(st.one_of(PLAIN, GUARDED), min_size=1, max_size=3).map(" || ".join),
    st.sampled_from(
        ["@", "[0]", "[0].a", "a.b", "a[].b", "length(a)", "join('', a)", "not_null(a, b)", "a | b", "{a: b}"]
    ),
)


def by_jmespath(expression: str, value: object) -> object:
    try:
        return jmespath.search(expression, value)
    except JMESPathError:
        return None


@given(st.lists(EXPRESSIONS, min_size=1, max_size=6), VALUES)
@settings(max_examples=200, deadline=None)
def test_every_value_is_that_of_jmespath(expressions: list[str], value: object) -> None:
    found = Paths(expressions)(value)[: len(expressions)]
    wanted = [by_jmespath(expression, value) for expression in expressions]
    assert [(type(one), one) for one in found] == [(type(one), one) for one in wanted]


def all_paths(shape: Shape) -> list[str]:
    names = ("text", "reasoning", "tool", "final", "finish", "error", "usage_in", "usage_out", "skip_when", "choice")
    return [path for name in names if (path := getattr(shape, name)) is not None]


SHAPES = [shape for preset in PRESETS for shape in preset.shapes]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.marker)
def test_the_paths_of_a_preset_compile(shape: Shape) -> None:
    for path in all_paths(shape):
        compiled(path)
    marker = branches(shape.marker)
    assert marker is not None
    assert len(marker) == 1


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if not shape.is_whole], ids=lambda shape: shape.marker)
def test_the_paths_of_a_streamed_shape_need_no_interpreter(shape: Shape) -> None:
    assert [path for path in all_paths(shape) if branches(path) is None] == []


@given(VALUES)
@example(0)
@example(0.0)
def test_truth_is_that_of_jmespath(value: object) -> None:
    assert is_true(value) == (by_jmespath("!@", value) is False)


def test_plain_expressions_come_apart() -> None:
    assert branches("choices[0].delta.content") == (Branch(("choices", 0, "delta", "content")),)
    assert branches("a || b[-1]") == (Branch(("a",)), Branch(("b", -1)))
    assert branches("[@][?type=='x.y'].delta | [0]") == (Branch(("delta",), ("type",), "x.y"),)
    assert branches("a[].b") is None


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("a..b", "no JMESPath at column 3, '.': 'a..b'"),
        ("a[", "the path ends too early, at column 3: 'a['"),
        ("", "the path is empty; leave the key out instead"),
        ("'a", 'no JMESPath at column 1, "\'a": unclosed \' delimiter: "\'a"'),
        ("#", "no JMESPath at column 1, '#': unknown token #: '#'"),
        ("a[].foo(@)", "JMESPath has no function foo()"),
        ("length(a, b)", "length() takes 1 argument, not 2"),
    ],
)
def test_a_wrong_expression_is_told_with_its_column(expression: str, complaint: str) -> None:
    with pytest.raises(PathError) as caught:
        compiled(expression)
    assert str(caught.value) == complaint
