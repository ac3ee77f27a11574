"""Pasted command lines: what curl or the AWS CLI would have sent, as a draft; the rest is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smrt_tui.core.draft import Draft
from smrt_tui.core.errors import SmrtError
from smrt_tui.core.importing import Imported, import_command
from smrt_tui.core.service import packaged_service

AWS = "https://runtime.sagemaker.eu-west-1.amazonaws.com"


def imported(text: str) -> Imported:
    return import_command(text, packaged_service())


def left_out(text: str) -> list[str]:
    return [finding.where for finding in imported(text).findings]


def test_a_curl_command_becomes_a_draft() -> None:
    text = f"""$ curl -sSN -X POST '{AWS}/endpoints/my%20chat/invocations-response-stream' \\
        --aws-sigv4 "aws:amz:eu-west-1:sagemaker" \\
        -H 'Content-Type: application/json' -H'X-Amzn-SageMaker-Accept:text/event-stream' \\
        --header "x-amzn-sagemaker-inference-component: ic" -H "X-Mine: 1" -H "X-Mine: 2" \\
        -d '{{"messages": [{{"content": "it'"'"'s"}}]}}'"""
    assert imported(text) == Imported(
        Draft(
            "stream",
            "my chat",
            (
                ("ContentType", "application/json"),
                ("Accept", "text/event-stream"),
                ("InferenceComponentName", "ic"),
            ),
            (("X-Mine", "1"), ("X-Mine", "2")),
            '{"messages": [{"content": "it\'s"}]}',
        ),
        None,
        "eu-west-1",
        (),
    )


@pytest.mark.parametrize(
    ("path", "mode"),
    [("invocations", "sync"), ("invocations-response-stream", "stream"), ("async-invocations", "async")],
)
def test_the_path_tells_the_mode_and_another_host_stays(path: str, mode: str) -> None:
    found = imported(f"curl http://127.0.0.1:8890/endpoints/e/{path}")
    assert (found.draft, found.endpoint_url, found.region) == (Draft(mode, "e"), "http://127.0.0.1:8890", None)  # type: ignore[arg-type]


def test_what_the_client_writes_itself_is_not_taken_over() -> None:
    text = f"curl {AWS}/endpoints/e/invocations -u AKIA:s3cret -H 'Authorization: AWS4-HMAC-SHA256 s3cret' -H 'Host: x'"
    found = imported(f"{text} -H 'X-Amz-Security-Token: s3cret'")
    assert [finding.where for finding in found.findings] == ["--user", "Authorization", "Host", "X-Amz-Security-Token"]
    assert found.draft == Draft("sync", "e")
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("option", "body", "file"),
    [
        ("--data-binary @in.bin", "", "in.bin"),
        ("-T in.bin", "", "in.bin"),
        ("-d@in.bin", "", "in.bin"),
        ("--data-raw @text", "@text", None),
        ("-d a=1 -d b=2", "a=1&b=2", None),
        ("-da", "a", None),
        ("", "", None),
    ],
)
def test_curls_ways_to_give_a_body(option: str, body: str, file: str | None) -> None:
    draft = imported(f"curl {AWS}/endpoints/e/invocations {option}").draft
    assert (draft.body, draft.body_file) == (body, file)


def test_curls_json_names_its_types() -> None:
    draft = imported(f"curl --json '{{}}' {AWS}/endpoints/e/invocations").draft
    assert (draft.members, draft.body) == ((("ContentType", "application/json"), ("Accept", "application/json")), "{}")


def test_a_browsers_copy_with_escapes_is_read_and_a_pipe_behind_it_is_not() -> None:
    found = imported(rf"""curl {AWS}/endpoints/e/invocations --data-raw $'{{"a": "it\'s"}}' | jq -r .a""")
    assert (found.draft.body, found.findings) == ('{"a": "it\'s"}', ())


def test_the_environment_before_a_command_gives_the_region_and_no_value_of_it_is_shown() -> None:
    text = "AWS_PROFILE=dev AWS_SECRET_ACCESS_KEY=s3cret AWS_REGION=eu-west-3 aws sagemaker-runtime invoke-endpoint"
    found = imported(f"{text} --endpoint-name e --body x out.json")
    assert (found.draft, found.region) == (Draft("sync", "e", body="x"), "eu-west-3")
    assert [(finding.where, finding.message) for finding in found.findings] == [
        ("AWS_PROFILE", "not taken over: name it in the profile: `credentials: {profile: dev}`"),
        ("AWS_SECRET_ACCESS_KEY", "not taken over: a draft holds no environment"),
    ]


def test_a_region_in_the_command_counts_more_than_the_environment() -> None:
    assert imported(f"AWS_REGION=x curl {AWS}/endpoints/e/invocations").region == "eu-west-1"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"curl {AWS}/endpoints/e/invocations -d @- <<E", "--data @-"),
        ("aws sagemaker-runtime invoke-endpoint --body x out", "--endpoint-name"),
    ],
)
def test_what_the_command_itself_does_not_say_is_told(text: str, where: str) -> None:
    found = imported(text)
    assert (found.draft.body_file, [finding.where for finding in found.findings]) == (None, [where])


def test_what_a_draft_has_no_place_for_is_told() -> None:
    text = f"curl {AWS}/endpoints/e/invocations -F a=b -X PUT --retry 3 --http2 -o out -d @f --insecure"
    assert left_out(text) == ["-F", "-X PUT", "--retry", "--insecure", "-d"]


def test_an_aws_command_becomes_a_draft() -> None:
    text = """aws --region us-east-1 sagemaker-runtime invoke-endpoint-async --endpoint-name=e \\
        --content-type application/json --request-ttl-seconds 60 --s3-output-path-extension a/b \\
        --input-location s3://b/k --output json --profile dev out.json"""
    found = imported(text)
    assert found.draft == Draft(
        "async",
        "e",
        (
            ("ContentType", "application/json"),
            ("RequestTTLSeconds", "60"),
            ("S3OutputPathExtension", "a/b"),
            ("InputLocation", "s3://b/k"),
        ),
    )
    assert (found.region, found.endpoint_url) == ("us-east-1", None)
    assert [(f.where, "profile: dev" in f.message) for f in found.findings] == [("--profile", True)]


@pytest.mark.parametrize(
    ("option", "body", "file"),
    [
        ("--body fileb://in.bin", "", "in.bin"),
        ("--body file://in.txt", "", "in.txt"),
        ("--body '{\"a\": 1}' --cli-binary-format raw-in-base64-out", '{"a": 1}', None),
        ("--body '{\"a\": 1}'", '{"a": 1}', None),
        ("--body eyJhIjogMX0=", '{"a": 1}', None),
        ("--body abcd --cli-binary-format raw-in-base64-out", "abcd", None),
        ("--body /w==", "/w==", None),
    ],
)
def test_the_aws_clis_ways_to_give_a_body(option: str, body: str, file: str | None) -> None:
    draft = imported(f"aws sagemaker-runtime invoke-endpoint --endpoint-name e {option} out").draft
    assert (draft.body, draft.body_file) == (body, file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "neither a curl nor an aws"),
        ("wget http://x", "neither a curl nor an aws"),
        ("curl", "is no address of an invocation"),
        ("curl https://example.com/", "is no address of an invocation"),
        ("curl 'http://x", "a quote is left open"),
        ("aws s3 ls", "`aws s3 ls` is no invocation"),
        ("aws sagemaker-runtime", "is no invocation"),
        ("aws sagemaker-runtime invoke-endpoint-with-response-stream --endpoint-name e", "is no invocation"),
        ("curl http://[/endpoints/e/invocations", "is no address of an invocation"),
    ],
)
def test_what_is_no_invocation_is_refused(text: str, told: str) -> None:
    with pytest.raises(SmrtError) as refused:
        imported(text)
    assert told in refused.value.message
    assert refused.value.hint


@given(
    st.lists(
        st.sampled_from(["-H", "-d", "--data", "-X", "--json", "-", "--", "a: b", "@f", "--body", "-sS", "=", "''"])
    )
)
def test_no_order_of_words_makes_it_fail(words: list[str]) -> None:
    for start in (f"curl {AWS}/endpoints/e/invocations", "aws sagemaker-runtime invoke-endpoint --endpoint-name e"):
        imported(" ".join([start, *words]))
