"""Command lines split as a shell splits them, with bash as the judge."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.errors import SmrtError
from smrt_tui.core.shell_words import command_words


@pytest.mark.parametrize(
    "text",
    [
        """a 'b c' "d \\"e\\"" f\\ g h'i'"j" """,
        r"""a $'it\'s\n\t\\ \x41\u00e9\101\q'""",
        "a \\\n  b \\\n  c",
        "a 'b\nc' d",
        """a '{"x": "|;&<>"}' "#" \\| x#y""",
        "a b # not c\n",
        "a b\\\nc 'd \\\ne' \"f \\\ng\"",
        r'''"\" \\ \n \q" '' "" "\`\$"''',
    ],
)
def test_words_are_those_that_bash_makes(text: str) -> None:
    script = "printf '%s\\0' " + text
    told = subprocess.run(["bash", "-c", script], capture_output=True, check=True, timeout=20).stdout
    assert command_words(text) == told.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    "rest", ["| jq .x", "> out", ">out", "2>/dev/null", "&& echo b", "; b", "<<E\n{}\nE", "\nb", "& b"]
)
def test_a_command_ends_where_another_begins_or_a_file_is_named(rest: str) -> None:
    assert command_words(f"a -s 1 {rest}") == ["a", "-s", "1"]


def test_comments_before_it_a_prompt_and_line_ends_of_windows_are_passed_over() -> None:
    assert command_words("# first\n  # then\n$ a ^\r\n  b \\\r\n c") == ["a", "b", "c"]
    assert command_words("# nothing else") == command_words("") == []


def test_a_surrogate_pair_is_its_character() -> None:
    assert command_words(r"$'\ud83d\ude42 \ud83d'") == ["🙂 �"]


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a \\"])
def test_a_quote_left_open_is_told(text: str) -> None:
    with pytest.raises(SmrtError, match="cannot be read"):
        command_words(text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_what_a_shell_would_quote_is_read_back(words: list[str]) -> None:
    assert command_words(shlex.join(["x", *words])) == ["x", *words]


def test_a_payload_of_megabytes_takes_no_time_to_speak_of() -> None:
    payload = '{"a": "' + "it's a word " * 100_000 + '"}'
    for quoted in (shlex.quote(payload), '"' + payload.replace('"', '\\"') + '"'):
        assert command_words(f"x -d {quoted} end") == ["x", "-d", payload, "end"]
