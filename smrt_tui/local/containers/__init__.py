"""The model containers behind the local front door, one file each, and the table of their endpoint names.

They answer as SageMaker's containers do and know nothing of signatures, frames or HTTP. Making them is cheap: what has
to be trained is trained on first use, in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.local.container import Container
from smrt_tui.local.containers.echo import EchoContainer
from smrt_tui.local.containers.firehose import FirehoseContainer
from smrt_tui.local.containers.tabular import TabularContainer

__all__ = ["starters"]


def starters() -> Mapping[str, Container]:
    """A fresh set of all containers, by endpoint name."""
    containers: tuple[Container, ...] = (
        EchoContainer(),
        FirehoseContainer(),
        TabularContainer(),
    )
    return {container.name: container for container in containers}
