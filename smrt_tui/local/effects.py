"""The few things a fault can do, as values. The door and the queue carry them out; `faults` names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from msgspec import Struct

from smrt_tui.core.service import MODES, Mode
from smrt_tui.local.frame_faults import Frames, Pieces
from smrt_tui.local.wire import Answer


class Subject(Struct, frozen=True):
    """What an answer may name."""

    endpoint: str
    container: str
    amount: float


class AnswersInstead(Struct, frozen=True):
    """The container is not asked; this answer goes out."""

    answer: Callable[[Subject], Answer]
    modes: tuple[Mode, ...] = MODES


class WaitsBeforeHead(Struct, frozen=True):
    """Nothing is sent for so many seconds."""

    modes: ClassVar[tuple[Mode, ...]] = MODES


class HangsUp(Struct, frozen=True):
    """The connection closes before any byte of an answer."""

    modes: ClassVar[tuple[Mode, ...]] = MODES


class ShiftsClock(Struct, frozen=True):
    """The service's clock is so many seconds ahead: signatures are judged by it and Date shows it."""

    modes: ClassVar[tuple[Mode, ...]] = MODES


class OnFrames(Struct, frozen=True):
    """The frames of a stream go through this."""

    modes: ClassVar[tuple[Mode, ...]] = ("stream",)
    apply: Callable[[Frames, float], Pieces]


class OnAnswer(Struct, frozen=True):
    """The whole answer of a sync invocation goes through this."""

    modes: ClassVar[tuple[Mode, ...]] = ("sync",)
    apply: Callable[[Answer], Answer]


class Compresses(Struct, frozen=True):
    """The body goes out with Content-Encoding: gzip, as a meddling proxy sends it."""

    modes: ClassVar[tuple[Mode, ...]] = ("sync", "stream")


class JobPlan(Struct, frozen=True):
    """What shall become of an async job."""

    extra_s: float = 0.0
    """The container takes so many seconds longer; of a job that expires, how long it waits."""
    failure_status: int | None = None
    """The container answers this status."""
    expires: bool = False
    """No instance takes it before its time to live is over."""
    is_lost: bool = False
    """Neither an output nor a failure object ever appears."""


class OnJob(Struct, frozen=True):
    """An async job takes another course."""

    modes: ClassVar[tuple[Mode, ...]] = ("async",)
    plan: Callable[[float], JobPlan]


class InContainer(Struct, frozen=True):
    """The container does it by itself: it reads the same header."""

    modes: ClassVar[tuple[Mode, ...]] = ("sync", "stream")


Effect: TypeAlias = (
    AnswersInstead | WaitsBeforeHead | HangsUp | ShiftsClock | OnFrames | OnAnswer | Compresses | OnJob | InContainer
)
