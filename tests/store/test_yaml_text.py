"""YAML to a tree: what JSON can say, with places, and a problem for everything else. Nothing makes it raise."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.store.yaml_text import MAX_DEPTH, read_document


def told(text: str) -> list[str]:
    return [f"{p.line}:{p.column}: {p.key + ': ' if p.path else ''}{p.message}" for p in read_document(text).problems]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("# nothing\n", None),
        ("a: 1\nb: [x, 1.5, true, null]\n", {"a": 1, "b": ["x", 1.5, True, None]}),
        ("a: 2017-05-13\nb: 2001-12-14t21:59:43.10-05:00", {"a": "2017-05-13", "b": "2001-12-14t21:59:43.10-05:00"}),
        ("a: [yes, no, on, off, True, FALSE]", {"a": ["yes", "no", "on", "off", True, False]}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("on: 1\n5: 2\n2020-01-01: 3", {"on": 1, "5": 2, "2020-01-01": 3}),
        (
            "request: {A: 007, B: 1.10}\nheaders: {C: [1.20, x]}",
            {"request": {"A": "007", "B": "1.10"}, "headers": {"C": ["1.20", "x"]}},
        ),
        (
            "payloads: [{headers: {A: 1.0}, variables: {B: 1.0}}]",
            {"payloads": [{"headers": {"A": "1.0"}, "variables": {"B": 1.0}}]},
        ),
        ("variables: {headers: {A: 1.0}}", {"variables": {"headers": {"A": 1.0}}}),
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("\N{SNOWMAN}: \N{PILE OF POO}", {"\N{SNOWMAN}": "\N{PILE OF POO}"}),
    ],
)
def test_a_text_becomes_what_json_can_say(text: str, tree: Any) -> None:
    document = read_document(text)
    assert (document.tree, document.problems) == (tree, [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "a: b\n\tc: d\n",
            [
                "2:1: this is no YAML: while scanning a plain scalar, "
                "found a tab character that violates indentation; indent with blanks"
            ],
        ),
        (
            "a: b: c\n",
            ["1:5: this is no YAML: mapping values are not allowed in this context; put text with a colon in quotes"],
        ),
        ("a: {{x}} y\n", None),
        ("a: [1,\n", None),
        ("a: *nobody\n", ["1:4: this is no YAML: found undefined alias"]),
        ("a: 1\n---\nb: 2\n", None),
        ("a: 1\na: 2\n", ["2:1: a: this key stands above already, at line 1"]),
        ("a: {{x}}\n", ['1:5: a: a key must be text; put text with placeholders in quotes: "{{name}}"']),
        ("? [a]\n: 1\n", ['1:3: a key must be text; put text with placeholders in quotes: "{{name}}"']),
        ("~: 1\n", ["1:1: a key must be text; this one is empty"]),
        (
            "a: .nan\nb: -.inf\n",
            ["1:4: a: JSON has no number .nan; put it in quotes", "2:4: b: JSON has no number -.inf; put it in quotes"],
        ),
        ("a: !!binary aGk=\n", ["1:4: a: the tag !!binary has no meaning in a profile"]),
        ("a: !!python/object:os.system x\n", ["1:4: a: the tag !!python/object:os.system has no meaning in a profile"]),
        ("a: !mine x\n", ["1:4: a: the tag !mine has no meaning in a profile"]),
        ("a: !!int x\n", ["1:4: a: 'x' is no int"]),
        ("a: {<<: 5}\n", ["1:9: a: `<<` takes a mapping, such as `<<: *base`"]),
        ("a: x\x00\n", ["1:5: the character U+0000 cannot stand in YAML"]),
        ("a: x\nb: \x1b\n", ["2:4: the character U+001B cannot stand in YAML"]),
        ("a: \ud800", ["1:4: the character U+D800 cannot stand in YAML"]),
        ("a: &a [*a]\n", ["1:4: values are nested deeper than 64 levels"]),
    ],
)
def test_what_it_cannot_say_is_a_problem_with_its_place(text: str, problems: list[str] | None) -> None:
    if problems is None:
        assert len(told(text)) == 1
        assert "this is no YAML: " in told(text)[0]
    else:
        assert told(text) == problems


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000,
        "[" * 5_000 + "]" * 5_000,
        "{a: " * 5_000,
        "- " * 5_000,
        "? " * 5_000,
        "".join(" " * n + "a:\n" for n in range(1_500)),
    ],
    ids=["open lists", "lists", "mappings", "dashes", "questions", "indents"],
)
def test_deep_nesting_is_a_problem_and_no_crash(text: str) -> None:
    """libyaml's composer would run over the end of the C stack."""
    assert len(told(text)) == 1


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert told("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert told("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2)) != []


def test_an_alias_bomb_is_a_problem_and_no_memory() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
    )
    assert "more than 100,000 values" in told(bomb)[0]


def test_a_merge_bomb_is_a_problem_and_no_memory() -> None:
    bomb = "a: &a {x: 1}\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{','.join(['*' + chr(97 + n)] * 10)}]}}\n" for n in range(9)
    )
    assert "more than 100,000 values" in told(bomb)[0]


def test_places_are_those_of_the_key_and_of_the_value() -> None:
    document = read_document("a:\n  b:   deep\n  c:\n    - x\n    - y: 1\n")
    assert document.place(("a", "b")) == (2, 8)
    assert document.place(("a", "b"), of_key=True) == (2, 3)
    assert document.place(("a", "c")) == (3, 3)
    assert document.place(("a", "c", 1, "y")) == (5, 10)
    assert document.place(("a", "c", 0)) == (4, 7)


def test_what_is_not_there_is_where_it_would_have_to_be() -> None:
    document = read_document("a:\n  b: 1\n")
    assert document.known_path(("a", "nothing", "deeper")) == ("a",)
    assert document.place(("a", "nothing")) == (1, 1)
    assert document.place(()) == (1, 1)


@given(st.text(alphabet=st.sampled_from("ab: \n-[]{},&*!|>'\"#%@`?\t\\0\x00é")))
def test_no_text_makes_it_raise(text: str) -> None:
    read_document(text)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz", min_size=1), inner, max_size=3),
    max_leaves=5,
)


@given(JSON_VALUES)
def test_what_was_dumped_is_read_back(value: Any) -> None:
    assert read_document(yaml.safe_dump(value, allow_unicode=True)).tree == value
    assert read_document(json.dumps(value, ensure_ascii=False)).tree == value
