"""The gallery: a first request for each family of models that people host, as values to begin with.

Each says what the family's containers take and how their stream is read. Nothing is read or sent here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, convert
from msgspec.structs import replace

from smrt_tui.core.draft import Draft
from smrt_tui.core.service import Mode

if TYPE_CHECKING:
    from smrt_tui.core.profile import JsonValue, Profile

_CHAT: tuple[Mode, ...] = ("stream", "sync")
_WHOLE: tuple[Mode, ...] = ("sync", "async")


class Template(Struct, frozen=True):
    """One family's request."""

    name: str
    """Stable, such as `openai-chat`; also the payload's name."""
    title: str
    """Which containers take it."""
    content_type: str
    accept: str
    """Empty to leave the choice to the container."""
    modes: tuple[Mode, ...]
    """What it is good for; the first is chosen."""
    body: str
    """With placeholders; empty where a file is sent."""
    body_file: str | None = None
    """A file sent byte for byte, beside the profile's file."""
    attributes: str = ""
    """CustomAttributes; empty for none."""
    members: tuple[tuple[str, str], ...] = ()
    """Other members of the API."""
    variables: tuple[tuple[str, JsonValue], ...] = ()
    preset: str = ""
    """The stream preset; empty where reading by itself is enough."""
    decoder: str = ""
    """The stream decoder; empty for `auto`."""
    note: str = ""
    """What to know before sending it."""


_PROMPT: tuple[tuple[str, JsonValue], ...] = (("prompt", "Write a haiku about terminals."), ("max_tokens", 256))
_JSON, _LINES, _EVENTS = "application/json", "application/jsonlines", "text/event-stream"


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


_USER = {"role": "user", "content": "{{prompt}}"}
_ASKED: Mapping[str, object] = {
    "messages": [_USER],
    "max_tokens": "{{max_tokens}}",
    "temperature": 0.7,
    "stream": True,
    "stream_options": {"include_usage": True},
}
_WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
_SEEN = [
    {"type": "text", "text": "{{prompt}}"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,{{file_b64:picture.png}}"}},
]
_GENERATE: Mapping[str, object] = {
    "inputs": "{{prompt}}",
    "parameters": {"max_new_tokens": "{{max_tokens}}", "details": True},
    "stream": True,
}
_TENSOR = {"name": "input", "shape": [1, 4], "datatype": "FP32", "data": [5.1, 3.5, 1.4, 0.2]}

TEMPLATES: tuple[Template, ...] = (
    Template(
        name="openai-chat",
        title="Chat, OpenAI style: vLLM, SGLang, TGI, LMI, llama.cpp",
        content_type=_JSON,
        accept=_EVENTS,
        modes=_CHAT,
        body=_json(_ASKED),
        variables=_PROMPT,
        preset="openai-chat",
    ),
    Template(
        name="openai-chat-tools",
        title="Chat with tools, OpenAI style",
        content_type=_JSON,
        accept=_EVENTS,
        modes=_CHAT,
        body=_json({**_ASKED, "tools": [_WEATHER]}),
        variables=(("prompt", "What is the weather in Lisbon?"), ("max_tokens", 256)),
        preset="openai-chat",
        note="Tool calls arrive as fragments and are shown put together.",
    ),
    Template(
        name="openai-vision",
        title="Chat about a picture, OpenAI style",
        content_type=_JSON,
        accept=_EVENTS,
        modes=_CHAT,
        body=_json({**_ASKED, "messages": [{"role": "user", "content": _SEEN}]}),
        variables=(("prompt", "What is in this picture?"), ("max_tokens", 256)),
        preset="openai-chat",
        note="picture.png is looked for beside the profile's file.",
    ),
    Template(
        name="nim-chat",
        title="NVIDIA NIM chat",
        content_type=_JSON,
        accept=_LINES,
        modes=_CHAT,
        body=_json({"model": "{{model}}", **_ASKED}),
        variables=(("model", "meta/llama3-70b-instruct"), *_PROMPT),
        preset="openai-chat",
        note="NIM insists on a model; its stream is server-sent events whatever Accept says.",
    ),
    Template(
        name="openai-responses",
        title="Responses, OpenAI style: mlflow agents",
        content_type=_JSON,
        accept=_EVENTS,
        modes=_CHAT,
        body=_json({"input": [_USER], "stream": True}),
        variables=_PROMPT[:1],
        preset="openai-responses",
    ),
    Template(
        name="lmi-generate",
        title="LMI / DJL Serving, generate",
        content_type=_JSON,
        accept=_LINES,
        modes=_CHAT,
        body=_json(_GENERATE),
        variables=_PROMPT,
        preset="lmi",
    ),
    Template(
        name="tgi-generate",
        title="Text Generation Inference, generate",
        content_type=_JSON,
        accept=_EVENTS,
        modes=_CHAT,
        body=_json(
            {
                **_GENERATE,
                "parameters": {"max_new_tokens": "{{max_tokens}}", "details": True, "return_full_text": False},
            }
        ),
        variables=_PROMPT,
        preset="tgi",
    ),
    Template(
        name="lmi-legacy",
        title="LMI before v15, a list of prompts",
        content_type=_JSON,
        accept=_LINES,
        modes=_CHAT,
        body=_json({"inputs": ["{{prompt}}"], "parameters": {"max_new_tokens": "{{max_tokens}}"}}),
        variables=_PROMPT,
        preset="lmi-legacy",
        decoder="jsonlines",
    ),
    Template(
        name="jumpstart-llama",
        title="JumpStart Llama 2 chat",
        content_type=_JSON,
        accept="",
        modes=_CHAT,
        body=_json({"inputs": [[_USER]], "parameters": {"max_new_tokens": "{{max_tokens}}"}}),
        attributes="accept_eula=true",
        variables=_PROMPT,
        preset="jumpstart-llama",
        decoder="json",
        note="accept_eula=true says that you accept the licence of the model.",
    ),
    Template(
        name="hf-pipeline",
        title="Hugging Face inference toolkit, a pipeline",
        content_type=_JSON,
        accept=_JSON,
        modes=_WHOLE,
        body=_json({"inputs": "I love SageMaker", "parameters": {}}),
    ),
    Template(
        name="embeddings",
        title="Embeddings: vLLM, OpenAI style",
        content_type=_JSON,
        accept=_JSON,
        modes=("sync",),
        body=_json({"input": ["the sea is calm", "the calm of the sea"]}),
    ),
    Template(
        name="embeddings-tei",
        title="Embeddings: TEI, LMI",
        content_type=_JSON,
        accept=_JSON,
        modes=("sync",),
        body=_json({"inputs": ["the sea is calm", "the calm of the sea"]}),
    ),
    Template(
        name="csv-tabular",
        title="Rows as CSV: XGBoost, AutoGluon, Linear Learner",
        content_type="text/csv",
        accept="text/csv",
        modes=_WHOLE,
        body="5.1,3.5,1.4,0.2\n6.2,2.8,4.8,1.8\n",
        note="No header row and no label column.",
    ),
    Template(
        name="libsvm-xgboost",
        title="Rows as LIBSVM: XGBoost",
        content_type="text/libsvm",
        accept=_JSON,
        modes=_WHOLE,
        body="1:5.1 2:3.5 3:1.4 4:0.2\n",
    ),
    Template(
        name="builtin-json",
        title="Instances as JSON: built-in algorithms",
        content_type=_JSON,
        accept=f"{_LINES};verbose=true",
        modes=_WHOLE,
        body=_json({"instances": [{"features": [5.1, 3.5, 1.4, 0.2]}]}),
    ),
    Template(
        name="deepar",
        title="DeepAR forecasts",
        content_type=_JSON,
        accept=_JSON,
        modes=_WHOLE,
        body=_json(
            {
                "instances": [{"start": "2026-01-30 00:00:00", "target": [1.0, 2.0, "NaN", 4.0]}],
                "configuration": {"num_samples": 50, "output_types": ["mean", "quantiles"], "quantiles": ["0.5"]},
            }
        ),
    ),
    Template(
        name="tf-serving",
        title="TensorFlow Serving",
        content_type=_JSON,
        accept=_JSON,
        modes=_WHOLE,
        body=_json({"instances": [[5.1, 3.5, 1.4, 0.2]]}),
        attributes="tfs-model-name=model,tfs-method=predict",
    ),
    Template(
        name="triton-v2",
        title="Triton, KServe v2",
        content_type=_JSON,
        accept=_JSON,
        modes=_WHOLE,
        body=_json({"inputs": [_TENSOR]}),
    ),
    Template(
        name="mlflow",
        title="mlflow models, dataframe_split",
        content_type=_JSON,
        accept=_JSON,
        modes=_WHOLE,
        body=_json(
            {
                "dataframe_split": {
                    "columns": ["sepal_length", "sepal_width", "petal_length", "petal_width"],
                    "data": [[5.1, 3.5, 1.4, 0.2]],
                }
            }
        ),
    ),
    Template(
        name="image-bytes",
        title="A picture: image classification and detection",
        content_type="image/jpeg",
        accept=_JSON,
        modes=_WHOLE,
        body="",
        body_file="picture.jpg",
        note="picture.jpg is looked for beside the profile's file.",
    ),
    Template(
        name="audio-bytes",
        title="A recording: speech recognition",
        content_type="audio/wave",
        accept=_JSON,
        modes=_WHOLE,
        body="",
        body_file="recording.wav",
        note="recording.wav is looked for beside the profile's file.",
    ),
    Template(
        name="image-generation",
        title="Text to image",
        content_type=_JSON,
        accept="image/png",
        modes=("sync", "stream", "async"),
        body=_json({"prompt": "{{prompt}}"}),
        variables=(("prompt", "a quiet harbour at dusk"),),
        note="JumpStart's Stable Diffusion answers Accept application/json;jpeg with Base64 in JSON.",
    ),
    Template(
        name="speech",
        title="Text to speech",
        content_type=_JSON,
        accept="audio/wav",
        modes=("stream", "sync"),
        body=_json({"input": "{{prompt}}", "voice": "{{voice}}", "response_format": "wav"}),
        variables=(("prompt", "Good evening."), ("voice", "casual_male")),
        decoder="binary",
    ),
    Template(
        name="session-open",
        title="Stateful session, its first request",
        content_type=_JSON,
        accept="",
        modes=("sync",),
        body=_json({"requestType": "NEW_SESSION"}),
        members=(("SessionId", "NEW_SESSION"),),
        note="The answer's X-Amzn-SageMaker-New-Session-Id header has the id for the requests that follow.",
    ),
)
"""Text first, then what is not a stream, then media."""


def template_members(template: Template, mode: Mode) -> dict[str, str]:
    """The members of the API that a template sets in a mode, by their API names."""
    is_whole = mode != "stream" and template.accept in (_EVENTS, _LINES)
    named = {
        "ContentType": template.content_type,
        "Accept": _JSON if is_whole else template.accept,
        "CustomAttributes": template.attributes,
        **dict(template.members),
    }
    return {name: value for name, value in named.items() if value}


def template_body(template: Template, mode: Mode) -> str:
    """The body for a mode: one that asks for a stream asks for one piece where no stream comes."""
    if mode == "stream" or '"stream": true' not in template.body:
        return template.body
    return _json({**{k: v for k, v in json.loads(template.body).items() if k != "stream_options"}, "stream": False})


def draft_from(template: Template, draft: Draft) -> Draft:
    """A draft with the template's request in place of its own; endpoint, free headers and other members stay.

    The mode stays where the template has it. A variable that has a value keeps it.
    """
    mode = draft.mode if draft.mode in template.modes else template.modes[0]
    members = {name: value for name, value in draft.members if name not in ("ContentType", "Accept")}
    return replace(
        draft,
        mode=mode,
        members=tuple({**members, **template_members(template, mode)}.items()),
        body=template_body(template, mode),
        body_file=template.body_file,
        variables=tuple({**dict(template.variables), **dict(draft.variables)}.items()),
    )


def profile_from(template: Template, endpoint: str) -> tuple[Profile, Draft]:
    """A profile for an endpoint that takes such requests, and its draft."""
    from smrt_tui.core.profile import Profile

    stream = {key: value for key, value in (("preset", template.preset), ("decoder", template.decoder)) if value}
    profile = convert({"endpoint": endpoint, **({"stream": stream} if stream else {})}, Profile)
    return profile, draft_from(template, Draft(template.modes[0], endpoint))
