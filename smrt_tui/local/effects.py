"""The few things a fault can do, as values. The door and the queue carry them out; `faults` names them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from smrt_tui.core.service import MODES, Mode
from smrt_tui.local.frame_faults import Frames, Pieces
from smrt_tui.local.wire import Answer


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer may name."""

    endpoint: str
    container: str
    amount: float


@dataclass(frozen=True, slots=True)
class AnswersInstead:
    """The container is not asked; this answer goes out."""

    answer: Callable[[Subject], Answer]
    modes: tuple[Mode, ...] = MODES


@dataclass(frozen=True, slots=True)
class WaitsBeforeHead:
    """Nothing is sent for so many seconds."""

    modes: ClassVar[tuple[Mode, ...]] = MODES


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The connection closes before any byte of an answer."""

    modes: ClassVar[tuple[Mode, ...]] = MODES


@dataclass(frozen=True, slots=True)
class ShiftsClock:
    """The service's clock is so many seconds ahead: signatures are judged by it and Date shows it."""

    modes: ClassVar[tuple[Mode, ...]] = MODES


@dataclass(frozen=True, slots=True)
class OnFrames:
    """The frames of a stream go through this."""

    modes: ClassVar[tuple[Mode, ...]] = ("stream",)
    apply: Callable[[Frames, float], Pieces]


@dataclass(frozen=True, slots=True)
class OnAnswer:
    """The whole answer of a sync invocation goes through this."""

    modes: ClassVar[tuple[Mode, ...]] = ("sync",)
    apply: Callable[[Answer], Answer]


@dataclass(frozen=True, slots=True)
class Compresses:
    """The body goes out with Content-Encoding: gzip, as a meddling proxy sends it."""

    modes: ClassVar[tuple[Mode, ...]] = ("sync", "stream")


@dataclass(frozen=True, slots=True)
class JobPlan:
    """What shall become of an async job."""

    extra_s: float = 0.0
    """The container takes so many seconds longer; of a job that expires, how long it waits."""
    failure_status: int | None = None
    """The container answers this status."""
    expires: bool = False
    """No instance takes it before its time to live is over."""
    is_lost: bool = False
    """Neither an output nor a failure object ever appears."""


@dataclass(frozen=True, slots=True)
class OnJob:
    """An async job takes another course."""

    modes: ClassVar[tuple[Mode, ...]] = ("async",)
    plan: Callable[[float], JobPlan]


@dataclass(frozen=True, slots=True)
class InContainer:
    """The container does it by itself: it reads the same header."""

    modes: ClassVar[tuple[Mode, ...]] = ("sync", "stream")


Effect: TypeAlias = (
    AnswersInstead | WaitsBeforeHead | HangsUp | ShiftsClock | OnFrames | OnAnswer | Compresses | OnJob | InContainer
)
