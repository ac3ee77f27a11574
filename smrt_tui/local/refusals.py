"""The service's own error answers: status, `x-amzn-ErrorType`, JSON body, and the texts that real endpoints send.

Two families: the front door's errors have a capital `Message` (and sometimes `ErrorCode`), the authentication layer's
a small `message`. Nothing decides here whether a request deserves one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from msgspec import Struct

from smrt_tui.local.sigv4 import Flaw, SignatureFault
from smrt_tui.local.wire import Answer

REGION = "us-east-1"
ACCOUNT = "000000000000"
"""Twelve digits, as account ids are; no real account has this one."""

_MESSAGE_MAX = 2048
"""The model's limit of `Message`; long container answers are cut to it."""


def service_error(code: str, status: int, message: str | None, error_code: str | None = None) -> Answer:
    """An error of the front door."""
    members = {"Message": message} if error_code is None else {"ErrorCode": error_code, "Message": message}
    return _json_error(code, status, members)


def gate_error(code: str, status: int, message: str | None) -> Answer:
    """An error of the layer before the front door: authentication and throttling."""
    return _json_error(code, status, {"message": message})


def validation_error(message: str, error_code: str | None = None) -> Answer:
    """A ValidationError, the answer to everything the service refuses to do."""
    return service_error("ValidationError", 400, message, error_code)


def _json_error(code: str, status: int, members: dict[str, str | None]) -> Answer:
    headers = (("x-amzn-ErrorType", code), ("Content-Type", "application/json"))
    return Answer(status, headers, json.dumps(members, separators=(",", ":")).encode())


def unknown_operation(paths: Sequence[str]) -> Answer:
    """Another path or method. What the real service answers is not known; the message is ours."""
    known = ", ".join(f"POST {path}" for path in paths)
    return service_error("UnknownOperationException", 404, f"There is no such operation. There are: {known}.")


def too_large(limit: int) -> Answer:
    """The 413, which is plain text and has no error type. Which N real endpoints name today is not known."""
    return Answer(413, (("Content-Type", "text/plain"),), f"HTTP content length exceeded {limit} bytes.".encode())


def endpoint_not_found(name: str) -> Answer:
    """The message is as real endpoints send it; their ErrorCode is not known."""
    return validation_error(f"Endpoint {name} of account {ACCOUNT} not found.")


def component_name_missing() -> Answer:
    """As real endpoints send it."""
    return validation_error(
        "Inference Component Name header is required for endpoints to which you plan to deploy inference components. "
        "Please include Inference Component Name header or consider using SageMaker models.",
        "INFERENCE_COMPONENT_NAME_MISSING",
    )


def no_capacity() -> Answer:
    """A component that was scaled to zero copies; as real endpoints send it."""
    return validation_error(
        "Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress "
        "(if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API."
    )


def target_model_not_supported(endpoint: str) -> Answer:
    """As real endpoints send it."""
    return validation_error(
        f"Endpoint {endpoint} is not a multi-model endpoint and does not support target model header.",
        "TARGET_MODEL_HEADER_NOT_SUPPORTED",
    )


def target_model_missing(request_id: str) -> Answer:
    """Begins as real endpoints send it; how their sentence ends is not known."""
    return validation_error(f"Request {request_id} is missing a target model header.")


def access_denied(endpoint: str) -> Answer:
    """An identity without the right: the ARN has the endpoint's name in small letters, as in IAM."""
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{endpoint.lower()}"
    return gate_error(
        "AccessDeniedException",
        403,
        f"User: arn:aws:iam::{ACCOUNT}:user/local is not authorized to perform: sagemaker:InvokeEndpoint "
        f"on resource: {arn} because no identity-based policy allows the sagemaker:InvokeEndpoint action",
    )


class ModelTrouble(Struct, frozen=True):
    """What went wrong in a container, as the service tells it."""

    status: int
    """The container's HTTP status; 0 when it gave no answer."""
    message: str
    """The container's body, or the service's own words."""

    def sentence(self, container: str) -> str:
        """The first sentence of the message, up to the model's own words."""
        side = "client" if 400 <= self.status < 500 else "server"
        return f'Received {side} error ({self.status}) from {container} with message "{self.message}"'


def timed_out(container: str) -> ModelTrouble:
    """The container took too long; as real endpoints put it."""
    return ModelTrouble(
        0,
        f"Your invocation timed out while waiting for a response from container {container}. Review the latency "
        "metrics for each container in Amazon CloudWatch, resolve the issue, and try again.",
    )


def gave_no_answer(endpoint: str) -> ModelTrouble:
    """The container is down or hung up; as real endpoints put it."""
    return ModelTrouble(
        0,
        f"Amazon SageMaker could not get a response from the {endpoint} endpoint. This can occur when CPU or memory "
        "utilization is high. To check your utilization, see Amazon CloudWatch. To fix this problem, use an instance "
        "type with more CPU capacity or memory.",
    )


def model_error(trouble: ModelTrouble, endpoint: str, container: str) -> Answer:
    """The 424 that wraps what a container answered. `ErrorCode` of anything but a 4xx is not known, so none is sent."""
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    tail = (
        f". See https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}"
        f"#logEventViewer:group={quote(group)} in account {ACCOUNT} for more information."
    )
    members: dict[str, str | int] = {
        "LogStreamArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}",
        "Message": (trouble.sentence(container) + tail)[:_MESSAGE_MAX],
        "OriginalMessage": trouble.message[:_MESSAGE_MAX],
        "OriginalStatusCode": trouble.status,
    }
    if 400 <= trouble.status < 500:
        members = {"ErrorCode": "CLIENT_ERROR_FROM_MODEL", **members}
    headers = (("x-amzn-ErrorType", "ModelError"), ("Content-Type", "application/json"))
    return Answer(424, headers, json.dumps(members, separators=(",", ":")).encode())


ERROR_OF_FLAW = {
    Flaw.MISSING: "MissingAuthenticationTokenException",
    Flaw.INCOMPLETE: "IncompleteSignatureException",
    Flaw.UNKNOWN_KEY: "UnrecognizedClientException",
    Flaw.BAD_TOKEN: "UnrecognizedClientException",
    Flaw.SKEWED: "InvalidSignatureException",
    Flaw.WRONG_SCOPE: "InvalidSignatureException",
    Flaw.PAYLOAD_HASH: "InvalidSignatureException",
    Flaw.MISMATCH: "InvalidSignatureException",
}
"""What AWS calls each flaw of a signature, at the door of every service."""


def signature_refused(fault: SignatureFault) -> Answer:
    """The answer to a request whose signature is not accepted."""
    return gate_error(ERROR_OF_FLAW[fault.flaw], 403, fault.message)
