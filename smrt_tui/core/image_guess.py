"""What an endpoint's containers most likely take and give, guessed from the names of their images.

A guess is always told as one, with its reason. What a name does not tell stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from smrt_tui.core.gallery import TEMPLATES, Template


class Guess(Struct, frozen=True):
    """A template of the gallery and why it is the likely one."""

    template: Template | None
    """None: nothing is known of the payload."""
    reason: str
    """A sentence without its full stop; image names in it are as the account told them."""


class _Row(Struct, frozen=True):
    pattern: re.Pattern[str]
    """Found in the image's repository and tag, lower case."""
    template: str
    what: str


def _row(pattern: str, template: str, what: str) -> _Row:
    return _Row(re.compile(pattern), template, what)


_EDGE = r"(?:^|[^a-z])"
_IMAGES = (
    _row(r"tgi-inference|text-generation-inference", "tgi-generate", "Text Generation Inference"),
    _row(rf"{_EDGE}tei(?:-|:|$)|text-embeddings-inference", "embeddings-tei", "Text Embeddings Inference"),
    _row(r"djl-inference|djl-serving|djl-neuronx|djl-tensorrtllm|djl-deepspeed", "lmi-generate", "LMI (DJL Serving)"),
    _row(rf"{_EDGE}nim(?:[-:/]|$)", "nim-chat", "NVIDIA NIM"),
    _row(rf"{_EDGE}(?:vllm|sglang)", "openai-chat", "an OpenAI-style server"),
    _row(r"llama[-_.]?cpp", "openai-chat", "llama.cpp"),
    _row(r"huggingface-[a-z-]*inference", "hf-pipeline", "the Hugging Face inference toolkit"),
    _row(r"xgboost", "csv-tabular", "XGBoost, which takes rows as CSV, LIBSVM and more"),
    _row(r"autogluon|linear-learner|lightgbm|catboost|tabtransformer", "csv-tabular", "a model of table rows"),
    _row(r"scikit-learn|sklearn", "csv-tabular", "scikit-learn, whose script decides what it takes"),
    _row(r"forecasting-deepar|deepar", "deepar", "DeepAR"),
    _row(
        r"kmeans|[^a-z]knn|[^a-z]pca|[^a-z]lda|[^a-z]ntm|factorization-machines|randomcutforest|ipinsights",
        "builtin-json",
        "a built-in algorithm",
    ),
    _row(r"image-classification|object-detection|semantic-segmentation", "image-bytes", "a built-in image algorithm"),
    _row(r"triton", "triton-v2", "Triton"),
    _row(r"tensorflow-inference|tensorflow-serving|tf-serving", "tf-serving", "TensorFlow Serving"),
    _row(r"mlflow", "mlflow", "mlflow"),
    _row(r"stable-?diffusion|stabilityai|text-to-image", "image-generation", "a model that makes pictures"),
    _row(r"whisper|speech-recognition", "audio-bytes", "speech recognition"),
)
"""The first that fits counts. Names are those of the AWS Deep Learning Containers and of the projects themselves."""

_BARE = (
    _row(r"pytorch-inference|torchserve", "", "PyTorch with a script of its own, which decides what it takes"),
    _row(r"sagemaker-spark|mxnet-inference|chainer", "", "a framework with a script of its own"),
)
_JUMPSTART = re.compile(r"^s3://jumpstart-(?:private-)?cache-")
_TEMPLATE = {template.name: template for template in TEMPLATES}


def guess_style(images: Sequence[str]) -> Guess:
    """The likely payload style; of several images, the first that tells one."""
    for image in images:
        name = _repository(image)
        for row in (*_IMAGES, *_BARE):
            if row.pattern.search(name):
                return Guess(_TEMPLATE.get(row.template), f"the image {name} is {row.what}")
    if images:
        return Guess(None, f"the image {_repository(images[0])} does not tell what it takes")
    return Guess(None, "no image is told, so nothing is known of what it takes")


def is_jumpstart(model_data: str) -> bool:
    """Whether a model's files lie where JumpStart keeps its own."""
    return _JUMPSTART.match(model_data) is not None


def _repository(image: str) -> str:
    """The image without its registry and digest: `djl-inference:0.33.0-lmi15.0.0-cu128`."""
    name = image.lower().partition("@")[0]
    registry, slash, rest = name.partition("/")
    return rest if slash and ("." in registry or ":" in registry or registry in ("localhost", "local")) else name
