"""Faults on demand: one table, a row a fault.

A fault is chosen with `fault=name@amount` in CustomAttributes. Where the amount counts attempts, the fault passes once
the client says (`amz-sdk-request: attempt=3`) that so many attempts have failed; without it the fault stays.
"""

from __future__ import annotations

from msgspec import Struct

from smrt_tui.core.service import Mode
from smrt_tui.local import frame_faults as harm
from smrt_tui.local import refusals
from smrt_tui.local.effects import (
    AnswersInstead,
    Compresses,
    Effect,
    HangsUp,
    InContainer,
    JobPlan,
    OnAnswer,
    OnFrames,
    OnJob,
    ShiftsClock,
    Subject,
    WaitsBeforeHead,
)
from smrt_tui.local.wire import Answer


class Amount(Struct, frozen=True):
    """The number after `@`."""

    counts: str
    """What it counts; empty when the fault takes none."""
    default: float


NONE = Amount("", 0)
PARTS = Amount("parts", 3)
SECONDS = Amount("seconds", 3)
STATUS = Amount("status", 500)
ATTEMPTS = Amount("attempts", 0)
"""Zero: the fault stays."""


class Fault(Struct, frozen=True):
    """One row of the table."""

    name: str
    amount: Amount
    effect: Effect
    does: str
    """What will happen, in a sentence."""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The kinds of invocation it can happen to."""
        return self.effect.modes


def _html(_: Subject) -> Answer:
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>"
    return Answer(200, (("Server", "proxy"), ("Content-Type", "text/html")), page)


def _unavailable(_: Subject) -> Answer:
    page = b"<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>"
    return Answer(503, (("Cache-Control", "no-cache"), ("Content-Type", "text/html")), page)


def _model_error(subject: Subject) -> Answer:
    trouble = refusals.ModelTrouble(int(subject.amount), '{"error":"the model was asked to fail"}')
    return refusals.model_error(trouble, subject.endpoint, subject.container)


def _model_timeout(subject: Subject) -> Answer:
    return refusals.model_error(refusals.timed_out(subject.container), subject.endpoint, subject.container)


def _model_gone(subject: Subject) -> Answer:
    return refusals.model_error(refusals.gave_no_answer(subject.endpoint), subject.endpoint, subject.container)


def _expired_token(_: Subject) -> Answer:
    return refusals.gate_error("ExpiredTokenException", 403, "The security token included in the request is expired")


def _not_ready(_: Subject) -> Answer:
    return refusals.service_error(
        "ModelNotReadyException", 429, "Model is not ready for inference requests. Please retry in a few seconds."
    )  # the real text is not known


def _internal_failure(_: Subject) -> Answer:
    return refusals.service_error("InternalFailure", 500, "An internal failure occurred.")  # the real text is not known


def _dependency(_: Subject) -> Answer:
    message = "Your request caused an exception with an internal dependency. Contact customer support."
    return refusals.service_error("InternalDependencyException", 530, message)


def _throttled(_: Subject) -> Answer:
    return refusals.gate_error("ThrottlingException", 400, None)


def _no_capacity(_: Subject) -> Answer:
    return refusals.no_capacity()


def _too_large(_: Subject) -> Answer:
    return refusals.too_large(6_291_456)


def _access_denied(subject: Subject) -> Answer:
    return refusals.access_denied(subject.endpoint)


def _wrong_length(answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, answer.body, claimed_length=len(answer.body) + 100)


_SYNC: tuple[Mode, ...] = ("sync",)
_LIVE: tuple[Mode, ...] = ("sync", "stream")

FAULTS: tuple[Fault, ...] = (
    Fault("slow-first-byte", SECONDS, WaitsBeforeHead(), "Keeps silent for N seconds before the response head."),
    Fault(
        "slow-first-part",
        SECONDS,
        OnFrames(harm.wait_first),
        "Sends the response head at once and the first part N seconds later.",
    ),
    Fault("stall", PARTS, OnFrames(harm.stall), "Sends N parts, then nothing, with the connection open."),
    Fault(
        "stream-timeout",
        PARTS,
        OnFrames(harm.time_exceeded),
        "Sends N parts, then ModelStreamError ModelInvocationTimeExceeded.",
    ),
    Fault("stream-broken", PARTS, OnFrames(harm.stream_broken), "Sends N parts, then ModelStreamError StreamBroken."),
    Fault(
        "internal-stream-failure", PARTS, OnFrames(harm.internal_failure), "Sends N parts, then InternalStreamFailure."
    ),
    Fault(
        "unmodelled-exception",
        PARTS,
        OnFrames(harm.unmodelled),
        "Sends N parts, then an exception that the API does not declare.",
    ),
    Fault(
        "error-frame",
        PARTS,
        OnFrames(harm.error_frame),
        "Sends N parts, then a frame of message type error, all of it in headers.",
    ),
    Fault(
        "unknown-event",
        PARTS,
        OnFrames(harm.unknown_event),
        "After N parts an event of an unknown type comes, then the stream goes on.",
    ),
    Fault(
        "initial-response",
        NONE,
        OnFrames(harm.initial_response),
        "The stream begins with an initial-response frame, which this service never sends.",
    ),
    Fault(
        "truncated-frame",
        PARTS,
        OnFrames(harm.truncated),
        "Sends N parts and half a frame, then ends the response properly.",
    ),
    Fault(
        "bad-crc", PARTS, OnFrames(harm.bad_message_crc), "After N parts a frame comes whose message checksum is wrong."
    ),
    Fault(
        "bad-prelude-crc",
        PARTS,
        OnFrames(harm.bad_prelude_crc),
        "After N parts a frame comes whose prelude checksum is wrong.",
    ),
    Fault("cut", PARTS, OnFrames(harm.cut), "Sends N parts, then closes the connection inside a chunk."),
    Fault("reset", PARTS, OnFrames(harm.reset), "Sends N parts, then resets the connection (TCP RST)."),
    Fault("hang-up", NONE, HangsUp(), "Closes the connection without any answer."),
    Fault("html", ATTEMPTS, AnswersInstead(_html), "Answers 200 with a web page, as a captive proxy does."),
    Fault("gzip", NONE, Compresses(), "Compresses the body, as a meddling proxy does."),
    Fault(
        "wrong-length", NONE, OnAnswer(_wrong_length), "Claims 100 bytes more than come, then closes the connection."
    ),
    Fault(
        "model-error", STATUS, AnswersInstead(_model_error, _LIVE), "ModelError (424) around a container's status N."
    ),
    Fault(
        "model-timeout",
        NONE,
        AnswersInstead(_model_timeout, _LIVE),
        "ModelError (424) with status 0: the container took too long.",
    ),
    Fault(
        "model-gone",
        NONE,
        AnswersInstead(_model_gone, _LIVE),
        "ModelError (424) with status 0: the container gave no answer.",
    ),
    Fault(
        "throttle",
        ATTEMPTS,
        AnswersInstead(_throttled),
        "ThrottlingException: 400 and an empty message, for the first N attempts.",
    ),
    Fault(
        "cold-model",
        ATTEMPTS,
        AnswersInstead(_not_ready, _SYNC),
        "ModelNotReadyException (429), for the first N attempts.",
    ),
    Fault(
        "no-capacity",
        ATTEMPTS,
        AnswersInstead(_no_capacity),
        "ValidationError: the component is scaled to zero, for the first N attempts.",
    ),
    Fault("too-large", NONE, AnswersInstead(_too_large), "413 in plain text, as for a body over the limit."),
    Fault(
        "internal-failure",
        ATTEMPTS,
        AnswersInstead(_internal_failure),
        "InternalFailure (500), for the first N attempts.",
    ),
    Fault("unavailable", ATTEMPTS, AnswersInstead(_unavailable), "503 with a web page, for the first N attempts."),
    Fault(
        "dependency-failure",
        ATTEMPTS,
        AnswersInstead(_dependency, _SYNC),
        "InternalDependencyException (530), for the first N attempts.",
    ),
    Fault(
        "access-denied",
        NONE,
        AnswersInstead(_access_denied),
        "AccessDeniedException (403): the identity may not invoke.",
    ),
    Fault("expired-token", NONE, AnswersInstead(_expired_token), "ExpiredTokenException (403): the session is over."),
    Fault(
        "clock-skew",
        Amount("seconds", 600),
        ShiftsClock(),
        "The service's clock is N seconds ahead of yours, so your signature has expired.",
    ),
    Fault(
        "in-band",
        PARTS,
        InContainer(),
        "The chat container answers 200, then puts an error object into its own stream.",
    ),
    Fault(
        "async-slow",
        Amount("seconds", 5),
        OnJob(lambda seconds: JobPlan(extra_s=seconds)),
        "The container takes N seconds longer; from InvocationTimeoutSeconds on the job fails.",
    ),
    Fault(
        "async-failing",
        STATUS,
        OnJob(lambda status: JobPlan(failure_status=int(status))),
        "The container answers N, so a failure object appears.",
    ),
    Fault(
        "async-expiring",
        Amount("seconds", 2),
        OnJob(lambda seconds: JobPlan(extra_s=seconds, expires=True)),
        "No instance takes the job, and after N seconds (or RequestTTLSeconds) it expires.",
    ),
    Fault(
        "async-never",
        NONE,
        OnJob(lambda _: JobPlan(is_lost=True)),
        "Neither an output nor a failure object ever appears.",
    ),
)
