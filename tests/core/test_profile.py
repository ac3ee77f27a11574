"""The profile format: everything it takes, every way it refuses, and a schema that agrees with the parser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from smrt_tui.core.problem import Problem
from smrt_tui.core.profile import AsyncOptions, ClientOptions, CredentialsSpec, Payload, Profile, StreamOptions
from smrt_tui.core.profile_check import parse_profile
from smrt_tui.core.profile_schema import json_schema
from smrt_tui.core.service import packaged_service
from smrt_tui.store.locations import starter_profiles


def problems(**keys: Any) -> list[str]:
    """What is wrong with a profile of these keys, `key: message` each."""
    profile, found = parse_profile({"endpoint": "e", **keys})
    assert (profile is None) == bool(found)
    return [f"{problem.key}: {problem.message}" for problem in found]


def test_an_endpoint_is_all_it_takes() -> None:
    assert parse_profile({"endpoint": "e"}) == (Profile(endpoint="e"), ())


def test_every_key_is_taken() -> None:
    profile, found = parse_profile(
        {
            "title": "t",
            "description": "d",
            "endpoint": "e",
            "region": "r",
            "mode": "async",
            "request": {"ContentType": "a/b", "RequestTTLSeconds": 60},
            "headers": {"X-A": 1, "X-B": ["1", 2.5]},
            "credentials": {"profile": "dev"},
            "endpoint_url": "http://x",
            "s3_endpoint_url": "https://y",
            "client": {"connect_timeout": 1, "verify": False, "signature": "v4", "api_version": "2017-05-13"},
            "stream": {"decoder": "sse", "preset": "openai-chat", "text": "a[0].b || c"},
            "async": {"input": "s3://b/p/", "poll": 0.5},
            "variables": {"a": [1, {"b": None}]},
            "payloads": [{"name": "p", "body": "x"}, {"name": "q", "body_file": "f"}],
        }
    )
    assert found == ()
    assert profile is not None
    assert profile.request == {"ContentType": "a/b", "RequestTTLSeconds": "60"}
    assert profile.header_pairs == (("X-A", "1"), ("X-B", "1"), ("X-B", "2.5"))
    assert profile.credentials == CredentialsSpec(profile="dev")
    assert profile.client == ClientOptions(connect_timeout=1, verify=False)
    assert profile.stream == StreamOptions(decoder="sse", preset="openai-chat", text="a[0].b || c")
    assert profile.async_ == AsyncOptions(input="s3://b/p/", poll=0.5)
    assert profile.payloads == (Payload(name="p", body="x"), Payload(name="q", body_file="f"))
    assert (profile.payload("q"), profile.payload("z")) == (profile.payloads[1], None)


@pytest.mark.parametrize("tree", [None, [], "endpoint: e", 5])
def test_what_is_no_mapping_is_no_profile(tree: object) -> None:
    assert parse_profile(tree) == (
        None,
        (Problem((), "a profile is a mapping of keys, such as `endpoint: my-endpoint`"),),
    )


def test_an_endpoint_is_needed() -> None:
    assert parse_profile({})[1] == (Problem((), "`endpoint` is missing"),)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"mod": "sync"}, ["mod: unknown key; did you mean `mode`?"]),
        ({"async_": {}}, ["async_: unknown key; did you mean `async`?"]),
        ({"mode": "batch"}, ["mode: 'batch' is not allowed; use 'sync', 'async' or 'stream'"]),
        ({"mode": None}, ["mode: null is not allowed; use 'sync', 'async' or 'stream'"]),
        ({"region": None}, []),
        ({"title": 5}, ['title: this is text; quote it: "5"']),
        ({"title": True}, ['title: this is text; quote it: "true"']),
        ({"title": None}, ["title: there is no value; write one or leave the key out"]),
        ({"title": {}}, ["title: this is text, not a mapping"]),
        ({"request": {"ContentType": True}}, ['request.ContentType: this is text; quote it: "true"']),
        ({"request": {"contenttype": "x"}}, ["request.contenttype: unknown key; did you mean `ContentType`?"]),
        ({"request": {"EndpointName": "x"}}, ["request.EndpointName: the endpoint has its own key: `endpoint:`"]),
        ({"request": {"Body": "x"}}, ["request.Body: the body has its own key: `body:` of a payload"]),
        ({"request": ["x"]}, ['request: this is a mapping of keys (it is ["x"])']),
        ({"headers": {"A": {"b": 1}}}, ["headers.A[0]: this is text, not a mapping"]),
        ({"credentials": {}}, ["credentials: name exactly one of profile, role_arn, env, anonymous"]),
        ({"credentials": {"env": False}}, ["credentials.env: false is not allowed; use true"]),
        (
            {"credentials": {"env": True, "anonymous": True}},
            ["credentials: name exactly one of profile, role_arn, env, anonymous"],
        ),
        (
            {"endpoint_url": "example.com"},
            ["endpoint_url: 'example.com' is not allowed; write an address such as http://127.0.0.1:8080"],
        ),
        ({"client": None}, ["client: this is a mapping of keys (it is null)"]),
        ({"endpoint": ""}, ["endpoint: '' is not allowed; write something"]),
        ({"client": {"verify": "no"}}, ["client.verify: 'no' is not allowed; use true or false"]),
        ({"client": {"clock_offset": []}}, ["client.clock_offset: this is a number (it is [])"]),
        ({"client": {"retires": 1}}, ["client.retires: unknown key; did you mean `retry_mode`?"]),
        (
            {"client": {"max_attempts": 11}},
            ["client.max_attempts: this is a whole number, at least 1 and at most 10 (it is 11)"],
        ),
        (
            {"client": {"retry_mode": "x"}},
            ["client.retry_mode: 'x' is not allowed; use 'standard', 'legacy' or 'adaptive'"],
        ),
        (
            {"stream": {"preset": "opena-chat"}},
            ["stream.preset: there is no preset 'opena-chat'; did you mean `openai-chat`?"],
        ),
        (
            {"async": {"input": "file:x"}},
            ["async.input: 'file:x' is not allowed; write `inline` or a prefix such as s3://my-bucket/input/"],
        ),
        ({"payloads": {"name": "x"}}, ['payloads: this is a list, each item after `- ` (it is {"name": "x"})']),
        ({"payloads": [{}]}, ["payloads[0]: `name` is missing"]),
        ({"payloads": [{"name": "a", "bdoy": ""}]}, ["payloads[0].bdoy: unknown key; did you mean `body`?"]),
        (
            {"payloads": [{"name": "a", "body": {"a": 1}}]},
            ["payloads[0].body: the body is text; write JSON as a block (`body: |` and the JSON below it)"],
        ),
        (
            {"payloads": [{"name": "a", "body": "", "body_file": "f"}]},
            ["payloads[0]: body and body_file exclude each other"],
        ),
        (
            {"payloads": [{"name": "a"}, {"name": "b"}, {"name": "a"}]},
            ["payloads[2].name: a payload named 'a' stands above already"],
        ),
        (
            {"payloads": [{"name": "a", "request": {"Acept": "x"}}]},
            ["payloads[0].request.Acept: unknown key; did you mean `Accept`?"],
        ),
    ],
    ids=repr,
)
def test_a_mistake_is_told_with_its_key_and_what_is_allowed(keys: dict[str, Any], told: list[str]) -> None:
    assert problems(**keys) == told


def test_all_mistakes_are_told_at_once() -> None:
    told = problems(mod="x", title=5, client={"a": 1, "max_attempts": "x"}, request={"X": 1}, payloads=[{}, 5])
    assert len(told) == 7


def test_a_broken_path_is_told_with_its_column() -> None:
    told = problems(stream={"text": "a[", "reasoning": "fine.path"})
    assert len(told) == 1
    assert re.match(r"stream\.text: .*column 3", told[0])


@pytest.mark.parametrize(
    "keys",
    [
        {"title": "AKIAABCDEFGHIJKLMNOP"},
        {"variables": {"a": [{"b": "key ASIAABCDEFGHIJKLMNOP!"}]}},
        {"payloads": [{"name": "a", "body": '{"k": "AKIAABCDEFGHIJKLMNOP"}'}]},
    ],
)
def test_an_access_key_is_a_problem_wherever_it_is_and_is_not_repeated(keys: dict[str, Any]) -> None:
    told = problems(**keys)
    assert len(told) == 1
    assert "an AWS access key is no part of a profile" in told[0]
    assert "ABCDEFGHIJKLMNOP" not in told[0]


def test_secrets_have_no_key() -> None:
    assert [key for key in problems(credentials={"access_key": "x", "secret_key": "y"}) if "unknown key" in key] != []


@pytest.mark.parametrize(
    ("path", "key"),
    [((), ""), (("a",), "a"), (("payloads", 0, "body"), "payloads[0].body"), ((0, 1, "a", "b", 2), "[0][1].a.b[2]")],
)
def test_a_key_reads_as_a_person_writes_it(path: tuple[str | int, ...], key: str) -> None:
    assert Problem(path, "m").key == key


def test_a_problem_reads_as_compilers_write() -> None:
    assert str(Problem(("a", 0), "no", 3, 7, "f.yaml")) == "f.yaml:3:7: a[0]: no"
    assert str(Problem((), "no", file="f.yaml")) == "f.yaml:1:1: no"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_schema_names_every_member_and_every_key(validator: Draft202012Validator) -> None:
    schema: Any = validator.schema
    members = schema["properties"]["request"]["properties"]
    assert set(members) == set(packaged_service().input_names) - {"EndpointName", "Body"}
    sections = schema["$defs"]
    for value in schema["properties"].values():
        assert value.get("description") or sections[value["$ref"].rpartition("/")[2]]["description"]
    assert "async" in schema["properties"]


@pytest.mark.parametrize("path", sorted(starter_profiles()[0].rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_takes_the_starters(validator: Draft202012Validator, path: Path) -> None:
    assert list(validator.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"mod": "sync"},
        {"mode": "batch"},
        {"request": {"Acept": "x"}},
        {"client": {"max_attempts": 11}},
        {"client": {"retires": 1}},
        {"payloads": [{}]},
        {"payloads": [{"name": "a", "body": {"a": 1}}]},
        {"endpoint_url": "example.com"},
        {"async": {"input": "file:x"}},
        {"headers": {"A": {"b": 1}}},
        {"credentials": {"env": False}},
    ],
    ids=repr,
)
def test_the_schema_refuses_what_the_parser_refuses(validator: Draft202012Validator, keys: dict[str, Any]) -> None:
    assert problems(**keys) != []
    assert not validator.is_valid({"endpoint": "e", **keys})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(Profile.__struct_encode_fields__), ANYTHING, max_size=4))
def test_no_tree_makes_the_parser_raise(tree: dict[str, Any]) -> None:
    profile, found = parse_profile(tree)
    assert (profile is None) == bool(found)
    assert all(problem.message for problem in found)
