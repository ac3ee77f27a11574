"""A model that is trained once, when it is first needed, in a thread: making a container stays cheap."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

Model = TypeVar("Model")


class Trained(Generic[Model]):
    """Holds a way to train a model, then the model. Several containers may share one."""

    def __init__(self, train: Callable[[], Model]) -> None:
        self._train = train
        self._lock = asyncio.Lock()
        self._models: list[Model] = []

    async def get(self) -> Model:
        """The model; the first caller trains it off the event loop and the others wait."""
        async with self._lock:
            if not self._models:
                self._models.append(await asyncio.to_thread(self._train))
        return self._models[0]
