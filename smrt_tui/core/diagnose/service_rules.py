"""Rules about a request that does not fit its endpoint: the endpoint's name, its shape, its limits, its sessions.

Whether the service could be reached at all, and was well, is for `availability_rules`.
"""

from __future__ import annotations

import difflib

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Hit, Rule
from smrt_tui.core.diagnose.triggers import either, has_status, named, says, that
from smrt_tui.core.finding import DropHeader, DropMember, Fix, RenameHeader, SetMember, Severity, SwitchMode
from smrt_tui.core.request import header


def _is_validation(evidence: Evidence) -> bool:
    return evidence.code in ("ValidationError", "ValidationException") or evidence.status == 400


def _component_in_attributes(evidence: Evidence) -> str | None:
    for attribute in evidence.members.get("CustomAttributes", "").replace(",", ";").split(";"):
        name, _, value = attribute.partition("=")
        if name.strip().lower() in ("inferencecomponentname", "x-amzn-sagemaker-inference-component"):
            return value.strip()
    return None


def _component_fix(evidence: Evidence) -> Fix | None:
    component = _component_in_attributes(evidence)
    return SetMember("InferenceComponentName", component) if component else None


def _misplaced_component(evidence: Evidence) -> Hit | None:
    component = _component_in_attributes(evidence)
    if not evidence.has_failed or component is None:
        return None
    return Hit("CustomAttributes", evidence.members["CustomAttributes"], (), _component_fix(evidence))


_COMPONENT_HEADER = "X-Amzn-SageMaker-Inference-Component"


def _is_component_missing(evidence: Evidence) -> bool:
    missing = either(named("INFERENCE_COMPONENT_NAME_MISSING"), says(_COMPONENT_MISSING))
    return missing(evidence) is not None


def _misspelt_component_header(evidence: Evidence) -> Hit | None:
    """A typed header that was meant to name the component, when the service says that none does."""
    typed = {name.lower(): name for name, _ in evidence.typed if name.lower() != _COMPONENT_HEADER.lower()}
    near = difflib.get_close_matches(_COMPONENT_HEADER.lower(), typed, n=1, cutoff=0.8)
    if not near or not _is_component_missing(evidence):
        return None
    name = typed[near[0]]
    return Hit(name, name, (("name", name),), RenameHeader(name, _COMPONENT_HEADER))


_COMPONENT_MISSING = r"Inference Component Name header is required"


def _without_target_model(evidence: Evidence) -> Fix:
    typed = next((n for n, _ in evidence.typed if n.lower() == "x-amzn-sagemaker-target-model"), None)
    return DropMember("TargetModel") if typed is None else DropHeader(typed)


def _session_was_not_made(evidence: Evidence) -> str | None:
    if evidence.has_failed or evidence.is_cancelled or evidence.members.get("SessionId") != "NEW_SESSION":
        return None
    if evidence.status is None or header(evidence.answered, "X-Amzn-SageMaker-New-Session-Id"):
        return None
    return "the answer has no X-Amzn-SageMaker-New-Session-Id"


def _bad_session(evidence: Evidence) -> Hit | None:
    session = evidence.members.get("SessionId", "")
    if not evidence.has_failed:
        return None
    if ";" in session:
        return Hit("SessionId", session, (), SetMember("SessionId", session.partition(";")[0]))
    if session == "NEW_SESSION" and evidence.mode == "stream":
        return Hit("SessionId", session, (), SwitchMode("sync"))
    return None


_ASYNC_WORDS = r"\basynchronous\b|async(?:hronous)?[ -]?(?:inference|endpoint|invocation|config)|invokeendpointasync"
"""The message's text is not public; these are the words it cannot do without."""

RULES: tuple[Rule, ...] = (
    Rule(
        "R01",
        Severity.ERROR,
        says(
            r"Endpoint (?P<endpoint>\S+) of account (?P<account>\d+) not found",
            when=lambda e: not e.is_model_error,
            facts=lambda e: (("region", f" in {e.region}" if e.region else ""),),
        ),
        "The credentials' account {account} has no endpoint {endpoint}{region}: the name is misspelt, the region or the"
        " account is another one, or the endpoint was deleted.",
        "Compare the name with the account's list of endpoints, and check `region:` and the credentials' account.",
        "aws/amazon-sagemaker-examples#293 #559 #1477; BerriAI/litellm#2086 #4499",
        hides=("R51", "R52"),
    ),
    Rule(
        "R02b",
        Severity.ERROR,
        _misplaced_component,
        "The inference component's name is inside CustomAttributes, which SageMaker hands to the container unread.",
        "Set the member InferenceComponentName; it has a header of its own.",
        "langchain-ai/langchain#16150; garystafford/llm-langchain-sql-demo#1",
        hides=("R02", "R43"),
    ),
    Rule(
        "R43",
        Severity.ERROR,
        _misspelt_component_header,
        "There is no header {name}: SageMaker stripped it, so the request names no inference component.",
        f"The header is {_COMPONENT_HEADER}.",
        "BerriAI/litellm#8863",
        hides=("R02",),
    ),
    Rule(
        "R02",
        Severity.ERROR,
        either(
            named("INFERENCE_COMPONENT_NAME_MISSING", fix=_component_fix),
            says(_COMPONENT_MISSING, fix=_component_fix),
        ),
        "The endpoint hosts inference components, and the request does not say which one.",
        f"Set InferenceComponentName to one of the endpoint's components (the header is {_COMPONENT_HEADER}).",
        "langchain-ai/langchain#16150 #14344; BerriAI/litellm#9909",
        hides=("R51",),
    ),
    Rule(
        "R03",
        Severity.ERROR,
        says(r"has no capacity to process this request"),
        "Nothing is running behind the endpoint: it is scaled to zero. This very failure is what makes it scale out.",
        "Send again every ten seconds for some minutes, or raise the component's copy count.",
        "the service's own message",
    ),
    Rule(
        "R04",
        Severity.ERROR,
        either(
            named("TARGET_MODEL_HEADER_NOT_SUPPORTED", fix=_without_target_model),
            says(
                r"is not a multi-model endpoint|does not support target model",
                when=lambda e: not e.is_model_error,
                fix=_without_target_model,
            ),
        ),
        "TargetModel is only for multi-model endpoints, and this is none.",
        "Take TargetModel away; for A/B variants the member is TargetVariant.",
        "aws/amazon-sagemaker-examples#1026 #1216",
    ),
    Rule(
        "R04",
        Severity.ERROR,
        says(r"is missing a target model header", when=lambda e: not e.is_model_error),
        "This is a multi-model endpoint, and the request does not say which model.",
        "Set TargetModel to the model's path below the endpoint's S3 prefix, such as model.tar.gz.",
        "aws/sagemaker-tensorflow-serving-container#166",
    ),
    Rule(
        "R14",
        Severity.ERROR,
        says(r"has oversize body"),
        "The payload is over the 4 MB that a serverless endpoint takes.",
        "Shrink it, or use a real-time or an asynchronous endpoint.",
        "aws/sagemaker-python-sdk#4271; aws/amazon-sagemaker-examples#4485",
        hides=("R12",),
    ),
    Rule(
        "R28",
        Severity.ERROR,
        says(
            r"Value at 'body' failed to satisfy constraint.{0,20}"
            r"Member must have length less than or equal to (?P<limit>\d+)"
        ),
        "This operation takes at most {limit} bytes of payload inline here, and there were more.",
        "For async, place the payload in S3 (`async: {input: s3://bucket/prefix/}`) or name an InputLocation.",
        "aws/aws-sdk-js#4203",
        hides=("R12",),
    ),
    Rule(
        "R12",
        Severity.ERROR,
        either(
            says(r"HTTP content length exceeded (?P<limit>\d+)"),
            that(lambda e: has_status(e, 413), "status"),
        ),
        "The payload is over what SageMaker's front door takes; the container never saw it.",
        "Shrink it, or send it asynchronously through S3.",
        "aws/sagemaker-python-sdk#171; aws/amazon-sagemaker-examples#245",
    ),
    Rule(
        "R42",
        Severity.ERROR,
        _bad_session,
        "The session id cannot be used like this: NEW_SESSION is only for InvokeEndpoint, and what a session's header"
        " says after the `;` is its expiry, not its id.",
        "Open the session with InvokeEndpoint, and use its id up to the `;`.",
        "the service model; deepjavalibrary/djl-serving stateful sessions",
    ),
    Rule(
        "R27",
        Severity.ERROR,
        says(
            _ASYNC_WORDS,
            when=lambda e: _is_validation(e) and e.mode != "async" and not e.is_model_error,
            fix=lambda _: SwitchMode("async"),
        ),
        "An endpoint with an asynchronous configuration takes only InvokeEndpointAsync.",
        "Switch the mode to async.",
        "strands-agents/sdk-python#1969; the SageMaker developer guide",
    ),
    Rule(
        "R27",
        Severity.ERROR,
        says(
            _ASYNC_WORDS,
            when=lambda e: _is_validation(e) and e.mode == "async" and not e.is_model_error,
            fix=lambda _: SwitchMode("sync"),
        ),
        "The endpoint has no asynchronous configuration, so it does not take InvokeEndpointAsync.",
        "Switch the mode to sync or stream.",
        "strands-agents/sdk-python#1969; the SageMaker developer guide",
    ),
    Rule(
        "R51",
        Severity.ERROR,
        says(
            r"target.?container.?hostname|container hostname",
            when=lambda e: _is_validation(e) and not e.is_model_error,
        ),
        "An endpoint with containers in direct mode needs TargetContainerHostname, any other refuses it.",
        "Set TargetContainerHostname to one of the model's containers, or take it away.",
        "the SageMaker developer guide, multi-container endpoints",
    ),
    Rule(
        "R57",
        Severity.WARNING,
        that(_session_was_not_made, "answer headers"),
        "A new session was asked for, and the container did not make one: it is not stateful, or its payload must"
        " ask for it too.",
        'LMI wants {"requestType": "NEW_SESSION"} in the body.',
        "deepjavalibrary/djl-serving stateful sessions",
    ),
)
