"""Lint: each rule fires where it should and stays silent where it should. A false alarm is a defect."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert
from msgspec.structs import replace

from smrt_tui.core.draft import Draft, ResolvedDraft, apply_fix, draft_of
from smrt_tui.core.finding import (
    DropHeader,
    DropMember,
    Finding,
    Fix,
    RenameHeader,
    ReplaceBody,
    SetMember,
    Severity,
    SwitchMode,
)
from smrt_tui.core.lint import lint, lint_resolved
from smrt_tui.core.lint.json_text import first_break, with_flag, without_options
from smrt_tui.core.profile import Profile
from smrt_tui.core.service import MODES, Mode, packaged_service
from smrt_tui.store.locations import starter_profiles
from smrt_tui.store.profiles import load_catalogue

JSON = (("ContentType", "application/json"),)


def a_draft(mode: Mode = "sync", **keys: Any) -> Draft:
    """A draft that nothing is wrong with, with these keys over it."""
    return Draft(**{"mode": mode, "endpoint": "e", "members": JSON, "body": "{}", **keys})


def a_profile(**keys: Any) -> Profile:
    return convert({"endpoint": "e", **keys}, Profile)


def findings(draft: Draft, **profile: Any) -> tuple[Finding, ...]:
    return lint(draft, a_profile(**profile), packaged_service())


def found(draft: Draft, **profile: Any) -> list[tuple[str, str]]:
    """The ids and places of the findings."""
    return [(finding.id, finding.where) for finding in findings(draft, **profile)]


def members(**values: str) -> tuple[tuple[str, str], ...]:
    return (*JSON, *values.items())


def headers(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"headers": pairs}


@pytest.mark.parametrize("mode", MODES)
def test_a_plain_request_has_nothing_wrong_with_it(mode: Mode) -> None:
    assert findings(a_draft(mode)) == ()


def test_the_starters_have_nothing_to_complain_about() -> None:
    """But for the one that shows what it looks like."""
    told = [
        (entry.id, payload.name, finding.id)
        for entry in load_catalogue(starter_profiles()).entries
        if entry.profile is not None
        for payload in entry.profile.payloads
        for finding in lint(draft_of(entry.profile, payload), entry.profile, packaged_service())
    ]
    assert told == [("local/echo", "stripped-header", "R44")]


@dataclass
class Case:
    """A rule, a draft that breaks it, one that does not, and what the rule says of the first."""

    id: str
    bad: Draft
    good: Draft
    where: str
    severity: Severity
    fix: Fix | None = None
    profile: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.id} {self.where} {self.bad.mode}"


def member_limit(mode: Mode, name: str, longest: int, letter: str = "a") -> Case:
    return Case(
        "member-value",
        a_draft(mode, members=members(**{name: letter * (longest + 1)})),
        a_draft(mode, members=members(**{name: letter * longest})),
        name,
        Severity.ERROR,
    )


CHAT = '{"messages": [], "stream": true}'

CASES = [
    Case("endpoint-name", a_draft(endpoint=""), a_draft(endpoint="a"), "endpoint", Severity.ERROR),
    Case("endpoint-name", a_draft(endpoint="a" * 64), a_draft(endpoint="a" * 63), "endpoint", Severity.ERROR),
    Case("endpoint-name", a_draft(endpoint=".."), a_draft(endpoint="a--b-1"), "endpoint", Severity.ERROR),
    Case("endpoint-name", a_draft(endpoint="a/b"), a_draft(endpoint="A-b"), "endpoint", Severity.ERROR),
    Case(
        "unknown-member",
        a_draft(members=members(TargetVarient="v")),
        a_draft(members=members(TargetVariant="v")),
        "TargetVarient",
        Severity.ERROR,
        DropMember("TargetVarient"),
    ),
    Case(
        "member-not-in-operation",
        a_draft("stream", members=members(TargetModel="m.tar.gz")),
        a_draft("sync", members=members(TargetModel="m.tar.gz")),
        "TargetModel",
        Severity.WARNING,
        DropMember("TargetModel"),
    ),
    *(
        Case(
            "accept-eula",
            a_draft(members=members(CustomAttributes=f"a=1;{written}")),
            a_draft(members=members(CustomAttributes=f"a=1;{right}")),
            "CustomAttributes",
            Severity.WARNING,
            SetMember("CustomAttributes", "a=1;accept_eula=true"),
        )
        for written, right in (
            ("accept_eula=True", "accept_eula=true"),
            ("accept-eula: true", "accept_eula=false"),
            ("ACCEPT_EULA", "my_accept_eula=x"),
        )
    ),
    Case(
        "accept-eula",
        a_draft(body='{"inputs": [[{"role": "user", "content": "Hi"}]]}', members=members(CustomAttributes="a=1")),
        a_draft(body='{"inputs": [["not", "a dialog"]]}'),
        "CustomAttributes",
        Severity.NOTE,
        SetMember("CustomAttributes", "a=1;accept_eula=true"),
    ),
    member_limit("sync", "CustomAttributes", 1024),
    member_limit("stream", "Accept", 1024),
    member_limit("sync", "TargetVariant", 63),
    member_limit("stream", "InferenceId", 64),
    member_limit("sync", "SessionId", 256),
    member_limit("async", "Filename", 32),
    member_limit("async", "S3OutputPathExtension", 512),
    Case(
        "member-value",
        a_draft(members=members(InferenceId="")),
        a_draft(members=members(InferenceId="x")),
        "InferenceId",
        Severity.ERROR,
    ),
    Case(
        "member-value",
        a_draft(members=members(InferenceComponentName="a_b")),
        a_draft(members=members(InferenceComponentName="a-b")),
        "InferenceComponentName",
        Severity.ERROR,
    ),
    Case(
        "member-value",
        a_draft(**headers(("x-amzn-sagemaker-inference-id", "x" * 65))),
        a_draft(**headers(("x-amzn-sagemaker-inference-id", "x" * 64))),
        "x-amzn-sagemaker-inference-id",
        Severity.ERROR,
    ),
    Case(
        "member-number",
        a_draft("async", members=members(InvocationTimeoutSeconds="3601")),
        a_draft("async", members=members(InvocationTimeoutSeconds="3600")),
        "InvocationTimeoutSeconds",
        Severity.ERROR,
    ),
    Case(
        "member-number",
        a_draft("async", members=members(RequestTTLSeconds="59")),
        a_draft("async", members=members(RequestTTLSeconds="60")),
        "RequestTTLSeconds",
        Severity.ERROR,
    ),
    Case(
        "member-number",
        a_draft("async", members=members(RequestTTLSeconds="1.5e3")),
        a_draft("async", members=members(RequestTTLSeconds="1500")),
        "RequestTTLSeconds",
        Severity.ERROR,
    ),
    Case(
        "R41",
        a_draft(members=members(CustomAttributes="a\nX-Evil: 1")),
        a_draft(members=members(CustomAttributes="a; b\tc")),
        "CustomAttributes",
        Severity.ERROR,
    ),
    Case(
        "R41",
        a_draft(members=members(CustomAttributes=" a ")),
        a_draft(members=members(CustomAttributes="a b")),
        "CustomAttributes",
        Severity.ERROR,
        SetMember("CustomAttributes", "a"),
    ),
    Case(
        "R41",
        a_draft(members=members(InferenceId="naïve")),
        a_draft(members=members(InferenceId="naive")),
        "InferenceId",
        Severity.ERROR,
    ),
    Case(
        "R41",
        a_draft(**headers(("X-A", "ü"))),
        a_draft(**headers(("X-A", "u"))),
        "X-A",
        Severity.ERROR,
        DropHeader("X-A"),
    ),
    Case(
        "R41",
        a_draft(**headers(("X A", "1"))),
        a_draft(**headers(("X-A", "1"))),
        "X A",
        Severity.ERROR,
    ),
    Case(
        "R41",
        a_draft(**headers(("X-A:", "1"))),
        a_draft(**headers(("X-A", "1"))),
        "X-A:",
        Severity.ERROR,
        RenameHeader("X-A:", "X-A"),
    ),
    Case(
        "R42",
        a_draft("stream", members=members(SessionId="NEW_SESSION")),
        a_draft("sync", members=members(SessionId="NEW_SESSION")),
        "SessionId",
        Severity.ERROR,
        SwitchMode("sync"),
    ),
    Case(
        "R42",
        a_draft(members=members(SessionId="abc; Expires=2026-01-01T00:00:00Z")),
        a_draft(members=members(SessionId="abc")),
        "SessionId",
        Severity.ERROR,
        SetMember("SessionId", "abc"),
    ),
    Case(
        "R02b",
        a_draft(members=members(CustomAttributes="a=1;InferenceComponentName=ic;b=2")),
        a_draft(members=members(CustomAttributes="a=1;b=2", InferenceComponentName="ic")),
        "CustomAttributes",
        Severity.WARNING,
        SetMember("InferenceComponentName", "ic"),
    ),
    Case(
        "R02b",
        a_draft(members=members(CustomAttributes="a=1; InferenceComponentName=ic; b=2", InferenceComponentName="ic")),
        a_draft(members=members(InferenceComponentName="ic")),
        "CustomAttributes",
        Severity.WARNING,
        SetMember("CustomAttributes", "a=1;b=2"),
    ),
    *(
        Case(
            "reserved-header",
            a_draft(**headers((name, "x"))),
            a_draft(**headers(("User-Agent", "x"))),
            name,
            Severity.WARNING,
            DropHeader(name),
        )
        for name in ("Authorization", "host", "Content-Length", "X-Amz-Date")
    ),
    Case(
        "header-twice",
        a_draft(**headers(("content-type", "text/csv"))),
        a_draft(members=(), **headers(("content-type", "application/json"))),
        "content-type",
        Severity.WARNING,
        DropHeader("content-type"),
    ),
    *(
        Case(
            "R25",
            a_draft(mode, **headers(("accept", "text/csv"))),
            a_draft(mode, **headers(("X-Amzn-SageMaker-Accept", "text/csv"))),
            "accept",
            Severity.WARNING,
            RenameHeader("accept", "X-Amzn-SageMaker-Accept"),
        )
        for mode in ("stream", "async")
    ),
    Case(
        "R26",
        a_draft("async", members=(), **headers(("Content-Type", "application/json"))),
        a_draft("sync", members=(), **headers(("Content-Type", "application/json"))),
        "Content-Type",
        Severity.WARNING,
        RenameHeader("Content-Type", "X-Amzn-SageMaker-Content-Type"),
    ),
    Case(
        "R43",
        a_draft(**headers(("X-Amzn-SageMaker-Inference-Componen", "ic"))),
        a_draft(**headers(("X-Amzn-SageMaker-Inference-Component", "ic"))),
        "X-Amzn-SageMaker-Inference-Componen",
        Severity.WARNING,
        RenameHeader("X-Amzn-SageMaker-Inference-Componen", "X-Amzn-SageMaker-Inference-Component"),
    ),
    Case(
        "R43",
        a_draft("sync", **headers(("X-Amzn-SageMaker-Accept", "text/csv"))),
        a_draft("sync", **headers(("Accept", "text/csv"))),
        "X-Amzn-SageMaker-Accept",
        Severity.WARNING,
        RenameHeader("X-Amzn-SageMaker-Accept", "Accept"),
    ),
    Case(
        "R43",
        a_draft("stream", **headers(("X-Amzn-SageMaker-Target-Model", "m"))),
        a_draft("sync", **headers(("X-Amzn-SageMaker-Target-Model", "m"))),
        "X-Amzn-SageMaker-Target-Model",
        Severity.WARNING,
        DropHeader("X-Amzn-SageMaker-Target-Model"),
    ),
    Case(
        "R43",
        a_draft(**headers(("Custom-Attributes", "a"))),
        a_draft(**headers(("X-Amzn-SageMaker-Custom-Attributes", "a"))),
        "Custom-Attributes",
        Severity.WARNING,
        RenameHeader("Custom-Attributes", "X-Amzn-SageMaker-Custom-Attributes"),
    ),
    Case(
        "R44",
        a_draft(**headers(("X-Trace", "1"))),
        a_draft(**headers(("User-Agent", "me"), ("Accept", "text/csv"))),
        "X-Trace",
        Severity.NOTE,
    ),
    Case("body-missing", a_draft(body=""), a_draft(body="{}"), "body", Severity.WARNING),
    Case(
        "body-missing", a_draft("stream", body=""), a_draft("stream", body_file="f", body=""), "body", Severity.WARNING
    ),
    Case(
        "async-two-inputs",
        a_draft("async", members=members(InputLocation="s3://b/k")),
        a_draft("async", members=members(InputLocation="s3://b/k"), body=""),
        "InputLocation",
        Severity.ERROR,
        DropMember("InputLocation"),
    ),
    Case("async-no-input", a_draft("async", body=""), a_draft("async"), "body", Severity.ERROR),
    Case(
        "body-too-large",
        a_draft("async", body=f'"{"x" * 127_999}"'),
        a_draft("async", body=f'"{"x" * 127_998}"'),
        "body",
        Severity.ERROR,
    ),
    Case(
        "body-too-large",
        a_draft("sync", body=f'"{"x" * 6_291_455}"'),
        a_draft("sync", body=f'"{"x" * 6_291_454}"'),
        "body",
        Severity.ERROR,
    ),
    Case(
        "R08",
        a_draft(members=(), body='{"a": 1}'),
        a_draft(members=(), **headers(("content-type", "application/json"))),
        "ContentType",
        Severity.WARNING,
        SetMember("ContentType", "application/json"),
    ),
    Case(
        "R08",
        a_draft("async", members=(), body="1,2\n3,4"),
        a_draft("async", members=(("InputLocation", "s3://b/k"),), body=""),
        "ContentType",
        Severity.WARNING,
        SetMember("ContentType", "text/csv"),
    ),
    Case(
        "R08",
        a_draft(members=(), body="just words, and more\nwords"),
        a_draft(members=(("ContentType", "text/plain"),), body="just words"),
        "ContentType",
        Severity.WARNING,
    ),
    Case(
        "R46",
        a_draft(body='{\n  "a": 1,\n}'),
        a_draft(body='{\n  "a": 1\n}'),
        "body, line 3, column 1",
        Severity.WARNING,
    ),
    Case("R46", a_draft(body="[NaN]"), a_draft(body='["NaN"]'), "body, line 1, column 2", Severity.WARNING),
    Case(
        "R46",
        a_draft(body="5.1,3.5\n4.9,3.0"),
        a_draft(members=(("ContentType", "text/csv"),), body="5.1,3.5\n4.9,3.0"),
        "body",
        Severity.WARNING,
        SetMember("ContentType", "text/csv"),
    ),
    Case(
        "R46",
        a_draft(members=(("ContentType", "text/csv; header=present"),), body='{"a": 1}'),
        a_draft(members=(("ContentType", "text/csv"),), body="5"),
        "body",
        Severity.WARNING,
        SetMember("ContentType", "application/json"),
    ),
    Case(
        "R46",
        a_draft(members=(("ContentType", "application/jsonlines"),), body='{"a": 1}\n{"a":\n'),
        a_draft(members=(("ContentType", "application/jsonlines"),), body='{"a": 1}\n\n{"a": 2}\n'),
        "body, line 2, column 6",
        Severity.WARNING,
    ),
    Case(
        "R58",
        a_draft(body='"{\\"a\\": 1}"'),
        a_draft(body='"{just a text}"'),
        "body",
        Severity.WARNING,
        ReplaceBody('{"a": 1}'),
    ),
    Case(
        "R34",
        a_draft("stream", body='{"messages": []}'),
        a_draft("stream", body=CHAT),
        "body",
        Severity.WARNING,
        ReplaceBody('{"messages": [], "stream": true}'),
    ),
    Case(
        "R34",
        a_draft("stream", body='{"messages": [], "stream" : false, "n": 1}'),
        a_draft("stream", body='{"inputs": "x"}'),
        "body",
        Severity.WARNING,
        ReplaceBody('{"messages": [], "stream" : true, "n": 1}'),
    ),
    Case(
        "stream-flag",
        a_draft("sync", body=CHAT),
        a_draft("sync", body='{"messages": []}'),
        "body",
        Severity.WARNING,
        ReplaceBody('{"messages": [], "stream": false}'),
    ),
    Case(
        "secret-in-request",
        a_draft(body='{"key": "AKIAABCDEFGHIJKLMNOP"}'),
        a_draft(body='{"key": "AKIAIOSFODNN7EXAMPLE", "also": "XAKIAABCDEFGHIJKLMNOPX"}'),
        "body",
        Severity.WARNING,
    ),
    Case(
        "secret-in-request",
        a_draft(members=members(CustomAttributes="token=Bearer abcdefghijklmnop1234")),
        a_draft(members=members(CustomAttributes="bearer of good news")),
        "CustomAttributes",
        Severity.WARNING,
    ),
    Case(
        "secret-in-request",
        a_draft(body=json.dumps({"aws_secret_access_key": "wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzzzzz"})),
        a_draft(body=json.dumps({"question": "what is an aws_secret_access_key?"})),
        "body",
        Severity.WARNING,
    ),
    Case(
        "unresolved-variable",
        a_draft(body='{"a": "{{a}}"}'),
        a_draft(body='{"a": "{{a}}", "b": "{{env:B}} {{uuid}} {{now}} {{file_b64:c}}"}', variables=(("a", 1),)),
        "body",
        Severity.ERROR,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_fires_where_it_should(case: Case) -> None:
    told = [finding for finding in findings(case.bad, **case.profile) if finding.id == case.id]
    assert [(f.where, f.severity, f.fix) for f in told] == [(case.where, case.severity, case.fix)]
    assert told[0].message


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_is_silent_where_it_should_be(case: Case) -> None:
    assert case.id not in {finding.id for finding in findings(case.good, **case.profile)}


@pytest.mark.parametrize("case", [case for case in CASES if case.fix is not None], ids=str)
def test_a_fix_ends_what_it_fixes(case: Case) -> None:
    """Or leads to a next step, as moving an inference component does."""
    assert case.fix is not None
    fixed = apply_fix(case.bad, case.fix)
    again = [finding for finding in findings(fixed, **case.profile) if finding.id == case.id]
    assert [finding.fix for finding in again] != [case.fix]
    if case.id != "R02b":
        assert again == []


def test_one_wrong_value_is_told_once() -> None:
    assert found(a_draft(members=members(InferenceId=" \n"))) == [("R41", "InferenceId")]
    assert found(a_draft("stream", members=members(SessionId="NEW_SESSION"))) == [("R42", "SessionId")]
    assert found(a_draft("stream", **headers(("Accept", "x")))) == [("R25", "Accept")]


@pytest.mark.parametrize("mode", MODES)
def test_a_header_of_the_operation_is_neither_stripped_nor_misspelt(mode: Mode) -> None:
    for member in packaged_service().operation(mode).header_members:
        told = findings(a_draft(mode, members=(), headers=(((member.header or "").upper(), "60"),)))
        assert not {"R25", "R26", "R43", "R44"} & {finding.id for finding in told}, member.name


def test_an_ignored_accept_beside_the_right_one_is_to_be_dropped() -> None:
    draft = a_draft("stream", members=members(Accept="text/csv"), **headers(("Accept", "text/csv")))
    assert [finding.fix for finding in findings(draft)] == [DropHeader("Accept")]


def test_what_only_sending_can_tell_is_not_judged() -> None:
    draft = a_draft(
        endpoint="{{env:NAME}}",
        members=(("ContentType", "{{env:TYPE}}"), ("InferenceId", "{{uuid}}"), ("SessionId", "{{env:S}}")),
        headers=(("X-Amzn-SageMaker-Target-Variant", "{{env:V}}"),),
    )
    assert findings(draft) == ()


def test_a_variable_is_judged_by_its_value() -> None:
    draft = a_draft(members=members(SessionId="{{s}}"), variables=(("s", "a b"),))
    assert found(draft) == [("member-value", "SessionId")]


def test_the_rest_is_judged_while_a_placeholder_is_unresolved() -> None:
    draft = a_draft(body='{"a": "{{nobody}}"}', members=members(TargetVarient="v"))
    assert {rule for rule, _ in found(draft)} == {"unresolved-variable", "unknown-member"}


def test_a_break_in_the_template_is_told_where_it_was_typed() -> None:
    draft = a_draft(body='{"long": "{{text}}", "b": }', variables=(("text", "x" * 50),))
    assert found(draft) == [("R46", "body, line 1, column 27")]


def test_a_bare_placeholder_is_fine_when_it_becomes_json() -> None:
    assert found(a_draft(body='{"n": {{n}} }', variables=(("n", 5),))) == []


def test_a_payload_that_goes_to_s3_may_be_larger_than_an_inline_one() -> None:
    large = a_draft("async", body=f'"{"x" * 200_000}"')
    assert found(large, **{"async": {"input": "s3://bucket/in/"}}) == []


def test_the_size_of_a_file_is_not_guessed() -> None:
    assert found(a_draft(body="", body_file="large.bin")) == []


def test_a_secret_is_never_repeated() -> None:
    secret = "AKIAABCDEFGHIJKLMNOP"
    told = findings(a_draft(body=json.dumps(secret), members=members(CustomAttributes=secret)))
    assert len(told) == 2
    assert secret not in repr(told)


def test_findings_come_worst_first() -> None:
    draft = a_draft(members=members(TargetVarient="v"), **headers(("X-A", "1"), ("Host", "h")))
    assert [finding.severity for finding in findings(draft)] == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


def test_what_is_about_to_be_sent_is_judged_by_its_bytes() -> None:
    resolved = ResolvedDraft("async", "e", JSON, (), b"x" * 128_001)
    told = lint_resolved(resolved, a_profile(), packaged_service())
    assert [finding.id for finding in told] == ["body-too-large", "R46"]


def test_bytes_that_are_no_text_are_no_json() -> None:
    told = lint_resolved(ResolvedDraft("sync", "e", JSON, (), b'{"a": "\xff"}'), a_profile(), packaged_service())
    assert [finding.message for finding in told] == [
        "the content type says application/json, and the body is no UTF-8 text"
    ]


@pytest.mark.parametrize(
    ("magic", "name"),
    [(b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x00\x01", None)],
)
def test_bytes_suggest_their_content_type(magic: bytes, name: str | None) -> None:
    told = lint_resolved(ResolvedDraft("sync", "e", (), (), magic), a_profile(), packaged_service())
    assert [finding.fix for finding in told] == [SetMember("ContentType", name) if name else None]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("{}", '{"stream": true}'),
        ('{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "stream": true\n}\n'),
        ('{"a": {"stream": false}}', '{"a": {"stream": false}, "stream": true}'),
        ('{"a": "}"}', '{"a": "}", "stream": true}'),
        ('{"stream": false, "a": {"stream": false}}', None),
        ('{"stream": 0}', None),
        ("[]", None),
        ("{", None),
        ("[" * 100_000, None),
    ],
)
def test_a_flag_is_set_without_touching_anything_else(text: str, changed: str | None) -> None:
    assert with_flag(text, "stream", True) == changed


@given(
    st.dictionaries(st.text(max_size=8), st.booleans() | st.text(max_size=8), max_size=4),
    st.sampled_from([None, 2, 4]),
)
def test_a_flag_that_is_set_is_the_only_difference(value: dict[str, Any], indent: int | None) -> None:
    changed = with_flag(json.dumps(value, indent=indent), "stream", True)
    if changed is not None:
        assert json.loads(changed) == {**value, "stream": True}
    else:
        assert "stream" in value


@given(st.text())
def test_any_text_is_json_or_breaks_inside_itself(text: str) -> None:
    broken = first_break(text)
    if broken is not None:
        assert 1 <= broken.line <= text.count("\n") + 1
        assert broken.column >= 1


@given(
    st.sampled_from(MODES),
    st.text(max_size=80),
    st.dictionaries(st.sampled_from(packaged_service().input_names) | st.text(max_size=20), st.text(max_size=80)),
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20))),
    st.text(max_size=200),
)
def test_nothing_that_can_be_typed_makes_lint_fail(
    mode: Mode, endpoint: str, set_members: dict[str, str], typed: list[tuple[str, str]], body: str
) -> None:
    draft = Draft(mode, endpoint, tuple(set_members.items()), tuple(typed), body)
    assert isinstance(findings(draft), tuple)


def test_a_large_body_is_judged_in_reasonable_time() -> None:
    """Patterns must not backtrack over megabytes: the whole lint reads the body a handful of times."""
    body = json.dumps({"messages": [{"content": "aws_secret " * 500_000}]})
    assert "body-too-large" not in {rule for rule, _ in found(a_draft(body=body))}


def test_a_folder_of_starters_is_there() -> None:
    assert starter_profiles() == (Path(__file__).parents[2] / "profiles",)


def test_a_body_beyond_what_is_read_is_judged_by_its_size_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = a_draft(body='{"a": ', members=members(ContentType="application/json"))
    assert [name for name, _ in found(draft)] == ["R46"]
    monkeypatch.setattr("smrt_tui.core.lint.bodies.MOST_READ", 3)
    assert found(draft) == []


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ('{"a": 1, "o": {"b": true}}', '{"a": 1}'),
        ('{"o": {"b": true}, "a": 1}', '{"a": 1}'),
        ('{\n  "a": 1,\n  "o": {"b": true},\n  "c": 2\n}\n', '{\n  "a": 1,\n  "c": 2\n}\n'),
        ('{"a": 1}', None),
        ('{"a": {"o": {"b": true}, "c": 2}}', None),
        ('{"o": {"b": {"c": 1}}, "a": 1}', None),
    ],
)
def test_options_are_taken_out_and_nothing_else(text: str, changed: str | None) -> None:
    assert without_options(text, "o") == changed


def test_the_repair_of_a_streaming_body_takes_its_options_along() -> None:
    """vLLM answers 400 to `stream_options` where nothing is streamed."""
    draft = draft_of(Profile(endpoint="e", request={"ContentType": "application/json"}))
    body = '{"messages": [], "stream": true, "stream_options": {"include_usage": true}}'
    profile = Profile(endpoint="e", request={"ContentType": "application/json"})
    [found] = [one for one in lint(replace(draft, body=body), profile, packaged_service()) if one.id == "stream-flag"]
    assert found.fix == ReplaceBody('{"messages": [], "stream": false}')
