"""Placeholders: JSON stays JSON, text stays text, and what a value says is never taken for a placeholder."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.finding import Finding, Severity
from smrt_tui.core.kept_text import KeptText
from smrt_tui.core.template import (
    _IN_JSON,
    PLACEHOLDER,
    Sources,
    filled_in,
    missing_names,
    placeholders,
    resolve,
    wanted_names,
)


def missing(path: str) -> Any:
    raise FileNotFoundError(2, "No such file or directory", path)


def read_kept(kept: KeptText) -> bytes:
    if kept.digest == "gone":
        raise SmrtError("the file is gone", "paste it again")
    return {"plain": b"\xff no text", "template": b'{"n": "{{n}}", "at": "{{now}}"}'}[kept.digest]


def sources(**environ: str) -> Sources:
    return Sources(
        environ=environ,
        read_base64=lambda path: "QUJD" if path == "abc.bin" else missing(path),
        read_file=lambda path: b"\xff{{x}}" if path == "abc.bin" else missing(path),
        read_kept=read_kept,
        new_uuid=lambda: "a-uuid",
        now=lambda: "a-time",
    )


def body_of(text: str, environ: dict[str, str] | None = None, **variables: Any) -> str:
    resolved = resolve(Draft("sync", "e", body=text, variables=tuple(variables.items())), sources(**(environ or {})))
    assert isinstance(resolved, ResolvedDraft), resolved
    return resolved.body.decode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ('{"n": "{{n}}"}', '{"n": 256}'),
        ('{"n": "{{ n }}"}', '{"n": 256}'),
        ('{"n": "at most {{n}}"}', '{"n": "at most 256"}'),
        ('{"n": "{{n}}{{n}}"}', '{"n": "256256"}'),
        ('["{{t}}", "{{t}}!"]', r'["say \"hi\"\n", "say \"hi\"\n!"]'),
        ('{"l": "{{l}}", "b": "{{b}}", "z": "{{z}}"}', '{"l": [1, {"a": "ü"}], "b": true, "z": null}'),
        ('{"l": "is {{l}}"}', '{"l": "is [1, {\\"a\\": \\"ü\\"}]"}'),
        ('{"{{k}}": 1, "{{n}}" : 2}', '{"key": 1, "256" : 2}'),
        (r'{"a": "\"{{n}}"}', r'{"a": "\"256"}'),
        (r'{"a": "\"{{n}}\""}', r'{"a": "\"256\""}'),
        ('{"n": {{n}}, "half": ', '{"n": 256, "half": '),
        ('{"a": "{{n}}"}\n{"a": "{{k}}"}', '{"a": 256}\n{"a": "key"}'),
        ('"{{t}}"', r'"say \"hi\"\n"'),
        ("{{n}},{{t}}", '256,say "hi"\n'),
        ("{{t}}", 'say "hi"\n'),
        ("{{t}} [sic]", 'say "hi"\n [sic]'),
        ("plain {{k}} {{z}} {{b}}", "plain key null true"),
        ("{{uuid}} {{now}}", "a-uuid a-time"),
        ('{"i": "{{file_b64:abc.bin}}"}', '{"i": "QUJD"}'),
        ("{{}} {{ }} {{1}} {{a b}} {x} {{{", "{{}} {{ }} {{1}} {{a b}} {x} {{{"),
        ("", ""),
    ],
)
def test_a_body_is_filled(text: str, filled: str) -> None:
    values: dict[str, Any] = {"n": 256, "t": 'say "hi"\n', "l": [1, {"a": "ü"}], "b": True, "z": None, "k": "key"}
    assert body_of(text, **values) == filled


def test_an_environment_variable_is_text() -> None:
    assert body_of('{"a": "{{env:A}}"}', {"A": "5"}) == '{"a": "5"}'


def test_a_variable_may_be_called_as_something_built_in() -> None:
    assert body_of("{{uuid}}", uuid="mine") == "mine"


@pytest.mark.parametrize("text", ['{"p": "{{p}}"}', '{"p": "a {{p}}"}', "say {{p}}", "{{p}}"])
def test_what_a_value_says_is_not_filled_again(text: str) -> None:
    """Else a prompt, or a file's text, could read the environment."""
    assert "{{env:SECRET}}" in body_of(text, {"SECRET": "s3cret"}, p="{{env:SECRET}}")


def test_members_headers_and_the_endpoint_are_filled_as_text() -> None:
    draft = Draft(
        "stream",
        "{{e}}-1",
        (("InferenceId", "{{uuid}}"), ("Accept", "{{e}}")),
        (("X-A", "{{n}}"), ("X-A", "{{env:B}}")),
        "{}",
        None,
        (("e", "end"), ("n", 5)),
    )
    assert resolve(draft, sources(B="b")) == ResolvedDraft(
        "stream", "end-1", (("InferenceId", "a-uuid"), ("Accept", "end")), (("X-A", "5"), ("X-A", "b")), b"{}"
    )


def test_a_body_file_is_sent_byte_for_byte() -> None:
    resolved = resolve(Draft("sync", "e", body="not this", body_file="abc.bin"), sources())
    assert isinstance(resolved, ResolvedDraft)
    assert resolved.body == b"\xff{{x}}"


def test_every_placeholder_without_a_value_is_told_with_its_place() -> None:
    draft = Draft(
        "sync",
        "{{e}}",
        (("Accept", "{{a}} {{b}}"),),
        (("X-A", "{{env:NO}}"),),
        '{"a": "{{a}}", "f": "{{file_b64:no.bin}}", "g": "{{oops:1}}", "again": "{{a}}"}',
    )
    told = resolve(draft, sources())
    assert isinstance(told, tuple)
    assert [(finding.where, finding.id, finding.message) for finding in told] == [
        ("Accept", "unresolved-variable", "{{a}} cannot be filled: the variable 'a' has no value"),
        ("Accept", "unresolved-variable", "{{b}} cannot be filled: the variable 'b' has no value"),
        ("X-A", "unresolved-variable", "{{env:NO}} cannot be filled: the environment has no NO"),
        ("endpoint", "unresolved-variable", "{{e}} cannot be filled: the variable 'e' has no value"),
        ("body", "unresolved-variable", "{{a}} cannot be filled: the variable 'a' has no value"),
        ("body", "unreadable-file", "the file 'no.bin' cannot be read: No such file or directory"),
        (
            "body",
            "unresolved-variable",
            "{{oops:1}} cannot be filled: there is no function `oops`; known are env, file_b64",
        ),
    ]


def test_a_body_file_that_cannot_be_read_is_told() -> None:
    told = resolve(Draft("sync", "e", body_file="no.bin"), sources())
    assert isinstance(told, tuple)
    assert [(finding.where, finding.id) for finding in told] == [("body", "unreadable-file")]


def test_a_path_that_is_none_is_told_too() -> None:
    def refuse(path: str) -> Any:
        raise ValueError("embedded null byte")

    odd = Sources({}, refuse, refuse, read_kept, str, str)
    for draft in (Draft("sync", "e", body_file="a\0b"), Draft("sync", "e", body="{{file_b64:a\0b}}")):
        told = resolve(draft, odd)
        assert isinstance(told, tuple)
        assert [finding.id for finding in told] == ["unreadable-file"]


def test_placeholders_are_found_in_order() -> None:
    assert placeholders("{{a}} {{env:B}} {{ c.d-e }} {{file_b64: x y }}") == (
        ("a", None),
        ("env", "B"),
        ("c.d-e", None),
        ("file_b64", " x y"),
    )


def test_deep_nesting_does_not_end_in_a_traceback() -> None:
    assert body_of("[" * 100_000 + "{{n}}", n=1) == "[" * 100_000 + "1"
    assert body_of("5" + "[" * 100_000 + "{{n}}", n=1) == "5" + "[" * 100_000 + "1"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


@given(JSON_VALUES, st.text(max_size=8))
def test_a_template_that_is_json_gives_json_whatever_the_values(value: Any, text: str) -> None:
    template = json.dumps({"whole": "{{v}}", "inside": "<{{t}}>", "k {{t}}": '"{{v}}"'})
    filled = json.loads(body_of(template, v=value, t=text))
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    assert filled == {"whole": value, "inside": f"<{text}>", f"k {text}": f'"{shown}"'}


@given(st.text(st.sampled_from('{}":ab\\ envfile_64[],'), max_size=30))
def test_no_text_makes_it_raise(text: str) -> None:
    resolve(Draft("sync", text, (("A", text),), (("B", text),), text, None, (("a", text),)), sources())


@pytest.mark.parametrize(
    ("kept", "body"),
    [
        (KeptText("plain", 10), b"\xff no text"),
        (KeptText("template", 31, (("n", None), ("now", None))), b'{"n": 5, "at": "a-time"}'),
    ],
)
def test_a_kept_text_is_filled_where_it_has_placeholders_and_is_as_it_is_elsewhere(kept: KeptText, body: bytes) -> None:
    resolved = resolve(Draft("sync", "e", variables=(("n", 5),), body_kept=kept), sources())
    assert isinstance(resolved, ResolvedDraft)
    assert resolved.body == body


def test_the_variables_of_a_kept_text_are_known_without_reading_it() -> None:
    kept = KeptText("gone", 9, (("n", None), ("env", "HOME"), ("uuid", None)))
    draft = Draft("sync", "{{e}}", body="{{not}}", body_kept=kept)
    assert (wanted_names(draft), missing_names(draft)) == (("n", "e"), ("n", "e"))
    assert wanted_names(replace(draft, body_file="f")) == ("e",)


def test_a_kept_text_that_cannot_be_had_is_a_finding() -> None:
    told = resolve(Draft("sync", "e", body_kept=KeptText("gone", 9)), sources())
    assert told == (Finding("kept-payload", Severity.ERROR, "body", "the file is gone", "paste it again"),)


@given(st.lists(st.sampled_from(['"', "{{", "}}", "{", "}", "\\", "a", ":", " ", "env:A", "{{a}}", '"{{a}}"', "\n"])))
def test_filling_looks_at_few_places_and_finds_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)
    for pattern in (PLACEHOLDER, _IN_JSON):
        assert filled_in(pattern, text, lambda m: f"<{m[0]}>") == pattern.sub(lambda m: f"<{m[0]}>", text)
