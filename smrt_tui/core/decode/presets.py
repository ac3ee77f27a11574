"""What the serving stacks in the field write, as data: where text, usage and the rest stand in their events.

A preset is a family with one or more shapes: what it streams, and what it answers in one piece. A shape is known by
its marker. The order of the table is the order in which an unknown event is compared. Nothing is decoded here.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Shape(Struct, frozen=True):
    """One form of event. All paths are JMESPath."""

    marker: str
    """A place where only events of this shape have what `marked_by` says."""
    marked_by: Literal["object", "string", "boolean"] = "string"
    begins: str = ""
    """How the string at the marker begins."""
    text: str | None = None
    reasoning: str | None = None
    tool: str | None = None
    final: str | None = None
    finish: str | None = None
    error: str | None = "error"
    usage_in: str | None = None
    usage_out: str | None = None
    skip_when: str | None = None
    choice: str | None = None
    """The number of the choice that an event is about."""
    choices: str | None = None
    """The key of the list that `[0]` in the paths stands in; empty when the event itself is that list."""
    is_whole: bool = False
    """Whether one event is the whole answer."""
    is_token: bool = False
    """Whether every event with text is exactly one token, special ones included."""
    has_end: bool = False
    """Whether a complete stream always tells a finish reason, the whole text, or the end marker."""


class Preset(Struct, frozen=True):
    """A family of shapes by the name that profiles use."""

    name: str
    about: str
    """One line for people."""
    shapes: tuple[Shape, ...] = ()
    framing: Literal["text", "binary"] | None = None
    """Set when the preset says how bytes become events and there is nothing to look for in them."""


PRESETS: tuple[Preset, ...] = (
    Preset(
        "openai-chat",
        "OpenAI chat completions: vLLM, SGLang, NIM, TGI, LMI, llama.cpp",
        (
            Shape(
                marker="choices[0].delta",
                marked_by="object",
                text="choices[0].delta.content",
                # vLLM renamed reasoning_content to reasoning; both are in the field.
                reasoning="choices[0].delta.reasoning || choices[0].delta.reasoning_content",
                tool="choices[0].delta.tool_calls",
                finish="choices[0].finish_reason",
                usage_in="usage.prompt_tokens",
                usage_out="usage.completion_tokens",
                choice="choices[0].index",
                choices="choices",
                has_end=True,
            ),
            Shape(
                marker="choices[0].message",
                marked_by="object",
                text="choices[0].message.content",
                reasoning="choices[0].message.reasoning || choices[0].message.reasoning_content",
                tool="choices[0].message.tool_calls",
                finish="choices[0].finish_reason",
                usage_in="usage.prompt_tokens",
                usage_out="usage.completion_tokens",
                choice="choices[0].index",
                choices="choices",
                is_whole=True,
            ),
        ),
    ),
    Preset(
        "openai-completions",
        "OpenAI text completions",
        (
            Shape(
                marker="choices[0].text",
                text="choices[0].text",
                finish="choices[0].finish_reason",
                usage_in="usage.prompt_tokens",
                usage_out="usage.completion_tokens",
                choice="choices[0].index",
                choices="choices",
                has_end=True,
            ),
        ),
    ),
    Preset(
        "openai-responses",
        "OpenAI responses: mlflow agents",
        (
            Shape(
                marker="type",
                begins="response.",
                text="[@][?type=='response.output_text.delta'].delta | [0]",
                reasoning=(
                    "([@][?type=='response.reasoning_text.delta'].delta | [0])"
                    " || ([@][?type=='response.reasoning_summary_text.delta'].delta | [0])"
                ),
                tool=(
                    "([@][?type=='response.function_call_arguments.delta'] | [0])"
                    " || ([@][?type=='response.output_item.added'].item | [0])"
                ),
                final="[@][?type=='response.output_item.done'].item.content[0].text | [0]",
                finish=(
                    "([@][?type=='response.completed'].response.status | [0])"
                    " || ([@][?type=='response.incomplete'].response.incomplete_details.reason | [0])"
                ),
                error="response.error || error || ([@][?type=='error'].message | [0])",
                usage_in="response.usage.input_tokens",
                usage_out="response.usage.output_tokens",
                has_end=True,
            ),
            Shape(
                marker="object",
                begins="response",
                text="join('', output[?type=='message'].content[].text)",
                reasoning="join('', output[?type=='reasoning'].summary[].text)",
                tool="output[?type=='function_call'].{id: call_id, name: name, arguments: arguments}",
                finish="status",
                usage_in="usage.input_tokens",
                usage_out="usage.output_tokens",
                is_whole=True,
            ),
        ),
    ),
    Preset(
        "lmi-3p",
        "LMI with the third-party formatter",
        (
            Shape(
                marker="body.generation",
                text="body.generation",
                finish="body.stop_reason",
                usage_in="metering.inputTokenCount || body.prompt_token_count",
                usage_out="metering.outputTokenCount || body.generation_token_count",
                has_end=True,
            ),
        ),
    ),
    Preset(
        "tgi",
        "Text Generation Inference, /invocations and generate_stream",
        (
            Shape(
                marker="token.special",
                marked_by="boolean",
                text="token.text",
                skip_when="token.special || token.special_token",
                final="generated_text",
                finish="details.finish_reason",
                error="error || token.error_msg",
                usage_in="details.input_length",
                usage_out="details.generated_tokens",
                is_token=True,
                has_end=True,
            ),
            Shape(
                marker="[0].generated_text",
                text="[0].generated_text",
                finish="[0].details.finish_reason",
                error="[0].error",
                usage_in="[0].details.input_length",
                usage_out="[0].details.generated_tokens",
                choices="",
                is_whole=True,
            ),
        ),
    ),
    Preset(
        "lmi",
        "LMI (DJL Serving) with `inputs`: JSON lines of tokens",
        (
            Shape(
                marker="token.text",
                text="token.text",
                skip_when="token.special || token.special_token",
                final="generated_text",
                finish="details.finish_reason",
                error="error || token.error_msg",
                usage_in="details.input_length",
                usage_out="details.generated_tokens",
                is_token=True,
                has_end=True,
            ),
            Shape(
                marker="generated_text",
                text="generated_text",
                finish="details.finish_reason",
                usage_in="details.input_length",
                usage_out="details.generated_tokens",
                is_whole=True,
            ),
        ),
    ),
    Preset(
        "lmi-legacy",
        "LMI before rolling batches: `outputs`, one item for each input",
        (Shape(marker="outputs[0]", text="outputs[0]", choices="outputs"),),
    ),
    Preset(
        "jumpstart-llama",
        "JumpStart's Llama 2 containers: the whole answer in one piece",
        (
            Shape(
                marker="[0].generation.content",
                text="[0].generation.content",
                choices="",
                is_whole=True,
            ),
            Shape(marker="generation.content", text="generation.content", is_whole=True),
        ),
    ),
    Preset("generation", "`generation` in every event", (Shape("generation", text="generation"),)),
    Preset("delta", "`delta` in every event", (Shape("delta", text="delta"),)),
    Preset("text", "`text` in every event", (Shape("text", text="text"),)),
    Preset(
        "output",
        "`output` in every event, as a text or with one in it",
        (Shape("output", text="output"), Shape("output.text", text="output.text", is_whole=True)),
    ),
    Preset("completion", "`completion` in every event", (Shape("completion", text="completion"),)),
    Preset("response", "`response` in every event", (Shape("response", text="response"),)),
    Preset(
        "message",
        "`message.content` in every event",
        (Shape("message.content", text="message.content", finish="done_reason"),),
    ),
    Preset("raw-text", "Every byte is text", framing="text"),
    Preset("binary", "Bytes to save, not to read", framing="binary"),
)

UNKNOWN = Shape(
    marker="@",
    usage_in="usage.prompt_tokens || usage.input_tokens",
    usage_out="usage.completion_tokens || usage.output_tokens",
)
"""What is looked for while no shape is known."""


def find_preset(name: str) -> Preset | None:
    """The preset of that name."""
    return next((preset for preset in PRESETS if preset.name == name), None)
