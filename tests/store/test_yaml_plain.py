"""Reading without places: the same tree as with them, or none at all where a text is unusual or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smrt_tui.store.locations import starter_profiles
from smrt_tui.store.yaml_plain import NotPlain, plain_tree
from smrt_tui.store.yaml_text import MAX_DEPTH, MAX_VALUES, read_document

STARTERS = [path for root in starter_profiles() for path in sorted(root.rglob("*.yaml"))]
FRAGMENTS = (
    *(
        "a: ",
        "b: ",
        "request: ",
        "headers: ",
        "payloads: ",
        "- ",
        "? ",
        "<<: ",
        "~: ",
        "a: a: ",
        "  ",
        "\n",
        "\n  ",
        "\n- ",
    ),
    *(
        "1",
        "007",
        "1.5",
        ".inf",
        "12:30",
        "2020-01-01",
        "yes",
        "true",
        "null",
        "~",
        "",
        "=",
        "x",
        "'q'",
        '"d"',
        "|\n   t\n",
    ),
    *(
        "&n x",
        "&n 1",
        "*n",
        "!!str 1",
        "!t x",
        "{a: 1, b: x}",
        "{a: 1, a: 2}",
        "[1, x]",
        "[",
        "}",
        "---\n",
        "...\n",
        "# c\n",
    ),
)


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_starter_is_read_without_places_and_the_same(path: Path) -> None:
    assert plain_tree(path.read_text()) == read_document(path.read_text()).tree


@settings(max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
def test_a_tree_is_the_one_found_with_places_and_hides_no_problem(text: str) -> None:
    try:
        tree = plain_tree(text)
    except NotPlain:
        return
    document = read_document(text)
    assert (tree, document.problems) == (document.tree, [])
    assert repr(tree) == repr(document.tree)  # 1 is not True


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2",
        "a: &x {b: 1}\nc: *x",
        "a: &x 1\nb: *x",
        "a: &x y\nb: &x z",
        "a: *nowhere",
        "<<: {a: 1}",
        "a: !!str 1",
        "~: 1",
        "[a]: 1",
        "a: .nan",
        "a: [",
        "--- a\n--- b",
        "a: \x00",
        "a: \ud800",
        "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2),
        "[" + "1," * MAX_VALUES + "]",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_unusual_or_wrong_is_left_to_reading_with_places(text: str) -> None:
    with pytest.raises(NotPlain):
        plain_tree(text)


def test_a_text_with_a_name_is_what_its_aliases_stand_for() -> None:
    assert plain_tree("a: &x |\n  1\nb: [*x, *x]") == {"a": "1\n", "b": ["1\n", "1\n"]}
