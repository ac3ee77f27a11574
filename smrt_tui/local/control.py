"""The neighbours of the runtime at the same address: SageMaker's own API and CloudWatch Logs, as far as they tell about
endpoints here.

JSON 1.1, signed for `sagemaker` or `logs`. List and Describe only: nothing can be made, changed or deleted. What an
operation answers is in `control_answers`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from msgspec import Struct

from smrt_tui.local.container_log import ContainerLogs
from smrt_tui.local.control_answers import AccountAnswers
from smrt_tui.local.endpoints import Endpoint
from smrt_tui.local.json_answers import Operations, json_answer, json_error
from smrt_tui.local.log_answers import LogAnswers
from smrt_tui.local.refusals import ERROR_OF_FLAW, REGION
from smrt_tui.local.sigv4 import Credentials, verify
from smrt_tui.local.wire import Answer, RawRequest, Refused

TARGET = "X-Amz-Target"


class _Service(Struct, frozen=True):
    """One service that is spoken here."""

    signing_name: str
    operations: Operations


class ControlDoor:
    """Answers requests that name an operation by `X-Amz-Target`."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        credentials: Credentials,
        logs: ContainerLogs,
        now: Callable[[], datetime],
    ) -> None:
        self._credentials = credentials
        self._now = now
        self._services = {
            "SageMaker": _Service("sagemaker", AccountAnswers(endpoints, now()).operations),
            "Logs_20140328": _Service("logs", LogAnswers(logs).operations),
        }

    def answer(self, request: RawRequest) -> Answer:
        """The response to one request."""
        request_id = ("x-amzn-RequestId", str(uuid4()))
        try:
            answer = self._answer(request)
        except Refused as refused:
            answer = refused.answer
        return Answer(answer.status, (request_id, *answer.headers), answer.body)

    def _answer(self, request: RawRequest) -> Answer:
        prefix, _, operation = (request.header(TARGET) or "").partition(".")
        service = self._services.get(prefix)
        if service is None or request.method != "POST":
            raise Refused(json_error("UnknownOperationException", f"There is no service {prefix} at this address."))
        fault = verify(request, self._credentials, REGION, service.signing_name, self._now())
        if fault is not None:
            raise Refused(json_error(ERROR_OF_FLAW[fault.flaw], fault.message))
        carry_out = service.operations.get(operation)
        if carry_out is None:
            known = ", ".join(service.operations)
            raise Refused(
                json_error("UnknownOperationException", f"{operation} is not spoken here. There are: {known}.")
            )
        return json_answer(carry_out(_members(request)))


def _members(request: RawRequest) -> Mapping[str, Any]:
    try:
        members = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        members = None
    if request.is_oversize or not isinstance(members, dict):
        raise Refused(json_error("SerializationException", "The body is no JSON object."))
    return members
