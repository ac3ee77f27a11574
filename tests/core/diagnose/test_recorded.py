"""For every error answer that real endpoints gave: the right explanation comes first, and is told once."""

from __future__ import annotations

import pytest

from smrt_tui.client.answers import http_fault
from smrt_tui.core.diagnose import StreamFacts, diagnose
from smrt_tui.core.diagnose.evidence import Evidence, of_call
from smrt_tui.core.draft import Draft, ResolvedDraft, apply_fix
from smrt_tui.core.events import Ended, HeadArrived, PartArrived, RequestSent, Started
from smrt_tui.core.finding import DropMember, Finding, RenameHeader, SetMember
from smrt_tui.core.recorder import Recorder
from smrt_tui.core.request import WireRequest
from tests.core.diagnose.recorded import RECORDED, Recorded

URL = "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/my-endpoint/invocations"


def evidence_of(answer: Recorded) -> Evidence:
    """What a rule would look at, had this answer come over the wire."""
    headers = (("x-amzn-RequestId", "1"), *answer.headers)
    if answer.error_type:
        headers += (("x-amzn-ErrorType", answer.error_type),)
    draft = ResolvedDraft(answer.mode, "my-endpoint", tuple(answer.members.items()), answer.typed, answer.sent)
    recorder = Recorder()
    recorder.add(
        (
            Started(0.0, "InvokeEndpoint", WireRequest("POST", URL, (), answer.sent)),
            RequestSent(0.1, b"", answer.typed, len(answer.sent)),
            HeadArrived(0.2, "1.1", answer.status, "", headers),
            PartArrived(0.2, 0, answer.body, 0, (), 0, 0),
            http_fault(0.2, answer.status, "", headers, answer.body),
            Ended(0.3, "fault"),
        )
    )
    return of_call(recorder, draft, StreamFacts())


def findings_of(name: str) -> tuple[Finding, ...]:
    return diagnose(evidence_of(RECORDED[name]))


@pytest.mark.parametrize("name", RECORDED)
def test_the_right_explanation_comes_first(name: str) -> None:
    assert findings_of(name)[0].id == RECORDED[name].id


@pytest.mark.parametrize("name", RECORDED)
def test_one_explanation_is_enough(name: str) -> None:
    assert len(findings_of(name)) == 1


@pytest.mark.parametrize("name", RECORDED)
def test_an_explanation_says_why_and_what_to_do_and_shows_what_it_saw(name: str) -> None:
    finding = findings_of(name)[0]
    assert finding.message and finding.hint and finding.evidence and finding.source
    assert "{" not in finding.message


def test_the_containers_own_words_are_unwrapped() -> None:
    assert findings_of("too many tokens")[0].evidence == (
        "OriginalStatusCode 422: Input validation error: `inputs` must have less than 1000 tokens. Given: 1413"
    )
    assert findings_of("LMI's prediction failure")[0].evidence == "OriginalStatusCode 424: can only join str"
    assert findings_of("vLLM's limit in the OpenAI envelope")[0].evidence == (
        "OriginalStatusCode 400: max_tokens=10000000 cannot be greater than max_model_len"
    )
    assert findings_of("500 in HTML")[0].evidence.startswith("OriginalStatusCode 500: Internal Server Error The server")


FIXES = {
    "EULA": SetMember("CustomAttributes", "accept_eula=true"),
    "EULA beside other attributes": SetMember("CustomAttributes", "trace=1;accept_eula=true"),
    "415 by XGBoost": SetMember("ContentType", "text/csv"),
    "415 by BlazingText": SetMember("ContentType", "application/json"),
    "406": SetMember("Accept", "*/*"),
    "a target model where there is one model": DropMember("TargetModel"),
    "the component in the attributes": SetMember("InferenceComponentName", "jumpstart-dft-hf-text2text-flan-t5"),
    "the component under a misspelt header": RenameHeader(
        "X-Amzn-SageMaker-Inference-Componen", "X-Amzn-SageMaker-Inference-Component"
    ),
}


@pytest.mark.parametrize(("name", "fix"), FIXES.items(), ids=FIXES)
def test_what_the_tool_can_mend_it_offers_to_mend(name: str, fix: SetMember | DropMember | RenameHeader) -> None:
    assert findings_of(name)[0].fix == fix
    answer = RECORDED[name]
    draft = Draft(answer.mode, "my-endpoint", tuple(answer.members.items()), answer.typed)
    assert apply_fix(draft, fix) != draft


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no policy allows it", "in the identity-based policy"),
        ("a service control policy denies it", "The service control policy denies"),
        ("the VPC endpoint's policy does not allow it", "in the policy of the VPC endpoint"),
        ("the key may not be used", "kms:Decrypt"),
    ],
)
def test_a_denial_names_the_policy_that_has_to_change(name: str, told: str) -> None:
    assert told in findings_of(name)[0].hint


def test_a_denied_clock_is_told_in_seconds() -> None:
    assert findings_of("clock skew in words")[0].message.startswith("This machine's clock is 871 s behind the server's")
    assert findings_of("clock skew, ahead")[0].message.startswith("This machine's clock is 900 s ahead of the server's")
