"""The model containers behind the local front door, one file each, and the table of their endpoint names.

They answer as SageMaker's containers do and know nothing of signatures, frames or HTTP. Making them is cheap: what has
to be trained is trained on first use, in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.local.container import Container
from smrt_tui.local.containers.audio_levels import AudioLevelsContainer
from smrt_tui.local.containers.chat import ChatContainer
from smrt_tui.local.containers.deepar import DeepArContainer
from smrt_tui.local.containers.dialects import DIALECTS
from smrt_tui.local.containers.echo import EchoContainer
from smrt_tui.local.containers.embeddings import EmbeddingsContainer
from smrt_tui.local.containers.firehose import FirehoseContainer
from smrt_tui.local.containers.hf_pipeline import HfPipelineContainer
from smrt_tui.local.containers.image import ImageContainer
from smrt_tui.local.containers.image_labels import ImageLabelsContainer
from smrt_tui.local.containers.language.ngram import train_ngrams
from smrt_tui.local.containers.session import SessionContainer
from smrt_tui.local.containers.softmax import train_softmax
from smrt_tui.local.containers.speech import SpeechContainer
from smrt_tui.local.containers.tabular import TabularContainer
from smrt_tui.local.containers.trained import Trained
from smrt_tui.local.containers.triton import TritonContainer

__all__ = ["starters"]


_CHATS = {"chat": "openai", "chat-completions": "openai", "chat-openai-jsonl": "lmi"} | {
    f"chat-{dialect}": dialect for dialect in DIALECTS if dialect != "openai"
}
"""Endpoint names of the chat container, and the dialect of each."""


def starters() -> Mapping[str, Container]:
    """A fresh set of all containers, by endpoint name."""
    model, flowers = Trained(train_ngrams), Trained(train_softmax)
    containers: tuple[Container, ...] = (
        *(ChatContainer(name, dialect, model) for name, dialect in _CHATS.items()),
        EchoContainer(),
        TabularContainer(flowers),
        HfPipelineContainer(),
        DeepArContainer(),
        TritonContainer(flowers),
        EmbeddingsContainer(),
        ImageContainer(),
        SpeechContainer(),
        ImageLabelsContainer(),
        AudioLevelsContainer(),
        SessionContainer(),
        FirehoseContainer(),
    )
    return {container.name: container for container in containers}
