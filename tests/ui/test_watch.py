"""The watch tells of a change once, when whoever writes is done."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator

from smrt_tui.ui.watch import Watch
from tests.ui.until import eventually


async def test_files_that_are_being_written_are_waited_for() -> None:
    looks: Iterator[Hashable] = iter(("before", "before", "half", "whole", "whole"))
    last: list[Hashable] = []
    told: list[Hashable] = []

    async def look() -> Hashable:
        last.append(next(looks, "whole"))
        return last[-1]

    async def changed() -> None:
        told.append(last[-1])

    task = asyncio.create_task(Watch(look, changed, every_s=0).run())
    await eventually(lambda: len(last) > 8)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (told, last[:5]) == (["whole"], ["before", "before", "half", "whole", "whole"])
