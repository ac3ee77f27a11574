"""Bodies as serving stacks write them, byte for byte, with what they say. Shared by every test that decodes."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x30\x08\x02\x00\x00\x00"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08\x00\x30\x00\x40\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
)
GIF = b"GIF89a\x40\x00\x30\x00\x80\x00\x00"


def wav(sample_bytes: int) -> bytes:
    """Mono, 16 bits, 8 kHz: 16,000 bytes a second; lengths as a streaming server writes them, unknown."""
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", 0xFFFFFFFF
    )
    return header + b"\x00\x01" * (sample_bytes // 2)


@dataclass(frozen=True)
class Said:
    """What a body says, whatever way it is cut."""

    framing: str
    preset: str | None = None
    text: str = ""
    reasoning: str = ""
    others: tuple[str, ...] = ()
    """The texts of the choices after the first."""
    tools: tuple[tuple[str, str, str], ...] = ()
    finish: str | None = None
    final: str | None = None
    error: str | None = None
    usage: tuple[int | None, int | None] = (None, None)
    is_unterminated: bool = False
    tokens: int = 0
    comments: int = 0
    bad: int = 0


@dataclass(frozen=True)
class Transcript:
    """One body and what it says."""

    name: str
    body: bytes
    said: Said
    content_type: str = ""


def lines(*values: object) -> bytes:
    """JSON lines with Python's own spaces, as most servers write them."""
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


def chat(delta: str, finish: str = "null", rest: str = "") -> str:
    """A chunk as vLLM writes it, without spaces."""
    return (
        '{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":'
        f'{delta},"logprobs":null,"finish_reason":{finish}}}]{rest}}}'
    )


def sse(*data: str, end: str = "\n\n") -> bytes:
    """Events with a space after the colon."""
    return "".join(f"data: {one}{end}" for one in data).encode()


TGI_HI = '{"index":1,"token":{"id":1,"text":" Hi","logprob":-0.1,"special":false},"generated_text":null,"details":null}'
TGI_WORLD = TGI_HI.replace('"index":1', '"index":2').replace(" Hi", " wörld")
TGI_LAST = (
    '{"index":3,"token":{"id":2,"text":"</s>","logprob":-0.1,"special":true},"generated_text":" Hi wörld",'
    '"details":{"finish_reason":"eos_token","generated_tokens":3,"seed":null,"input_length":1}}'
)
TGI_SAID = Said("sse", "tgi", " Hi wörld", finish="eos_token", final=" Hi wörld", usage=(1, 3), tokens=3)

LMI_V15 = (
    '{"index": 0, "token": {"id": 1, "text": "Hel", "logprob": -0.1}, "generated_text": null, "details": null}\n'
    '{"index": 0, "token": {"id": 1, "text": "lo wö", "logprob": -0.1}, "generated_text": null, "details": null}\n'
    '{"index": 0, "token": {"id": 1, "text": " 🙂", "logprob": -0.1}, "generated_text": "Hello wö 🙂", "details": '
    '{"finish_reason": "length", "seed": null, "generated_tokens": 4, "input_length": 1}}\n\n\n'
).encode()
LMI_SAID = Said("json", "lmi", "Hello wö 🙂", finish="length", final="Hello wö 🙂", usage=(1, 4), tokens=3)
LMI_V14 = lines(
    {"token": {"id": 304, "text": "Hel", "log_prob": -0.05}},
    {"token": {"id": 305, "text": "lo", "log_prob": -0.5}},
)

VLLM = (
    chat('{"role":"assistant","content":""}'),
    chat('{"content":"Hi"}'),
    chat('{"content":" wörld\\n"}'),
    chat('{"content":" \\"quoted\\""}'),
    chat('{"content":""}', '"stop"', ',"usage":null'),
    '{"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}',
)
VLLM_SAID = Said("sse", "openai-chat", 'Hi wörld\n "quoted"', finish="stop", usage=(3, 4))

TOOL = (
    chat('{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}'),
    chat('{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\""}}]}'),
    chat('{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}'),
    chat("{}", '"tool_calls"'),
)

RESPONSES = (
    '{"type": "response.created", "response": {"status": "in_progress", "error": null}}',
    '{"type": "response.output_text.delta", "item_id": "msg_1", "delta": "Hel"}',
    '{"type": "response.output_text.delta", "item_id": "msg_1", "delta": "lo w\\u00f6rld"}',
    '{"type": "response.output_item.done", "item": {"type": "message", "content": [{"type": "output_text", '
    '"text": "Hello wörld"}]}}',
    '{"type": "response.completed", "response": {"status": "completed", "usage": {"input_tokens": 2, '
    '"output_tokens": 3}}}',
)

STREAMS: tuple[Transcript, ...] = (
    Transcript("tgi", sse(TGI_HI, TGI_WORLD, TGI_LAST), TGI_SAID, "text/event-stream"),
    Transcript("tgi without a space", sse(TGI_HI, TGI_WORLD, TGI_LAST).replace(b"data: ", b"data:"), TGI_SAID),
    Transcript(
        "tgi idle",
        b":\n\n" + sse(TGI_HI) + b":\n\n:\n\n" + sse(TGI_WORLD, TGI_LAST),
        Said(**{**vars(TGI_SAID), "comments": 3}),
    ),
    Transcript(
        "tgi error",
        sse(TGI_HI, '{"error":"Request failed during generation","error_type":"generation"}'),
        Said("sse", "tgi", " Hi", error="Request failed during generation", tokens=1, is_unterminated=True),
    ),
    Transcript("lmi v15", LMI_V15, LMI_SAID, "application/jsonlines"),
    Transcript(
        "lmi v15 error without a line end",
        LMI_V15[: LMI_V15.index(b"\n") + 1] + b'{"code":424,"error":"boom"}',
        Said("json", "lmi", "Hel", error="boom", tokens=1, is_unterminated=True),
    ),
    Transcript("lmi v14", LMI_V14, Said("json", "lmi", "Hello", tokens=2, is_unterminated=True)),
    Transcript(
        "lmi v14 error",
        LMI_V14
        + lines(
            {
                "token": {"id": -1, "text": "", "log_prob": -1, "special_token": True, "error_msg": "boom"},
                "generated_text": "Hello",
                "details": {"finish_reason": "error"},
            }
        ),
        Said("json", "lmi", "Hello", finish="error", final="Hello", error="boom", tokens=2),
    ),
    Transcript(
        "lmi chat",
        lines(*(json.loads(chunk) for chunk in VLLM)) + b"\n",
        Said(**{**vars(VLLM_SAID), "framing": "json"}),
        "application/jsonlines",
    ),
    Transcript(
        "lmi legacy", b'{"outputs": [" a"]}\n{"outputs": [" w\xc3\xb6rld"]}\n', Said("json", "lmi-legacy", " a wörld")
    ),
    Transcript(
        "lmi legacy batch",
        lines({"outputs": ["a", "x"]}, {"outputs": ["b", "y"]}),
        Said("json", "lmi-legacy", "ab", others=("xy",)),
    ),
    Transcript(
        "lmi 3p",
        lines(
            *(
                {
                    "body": {
                        "generation": text,
                        "prompt_token_count": 0,
                        "generation_token_count": n,
                        "stop_reason": why,
                    },
                    "metering": {"outputTokenCount": n, "inputTokenCount": 5},
                    "content_type": "application/jsonlines",
                }
                for n, (text, why) in enumerate((("Hel", None), ("lo", "length")), 1)
            )
        ),
        Said("json", "lmi-3p", "Hello", finish="length", usage=(5, 2)),
    ),
    Transcript("vllm", sse(*VLLM, "[DONE]"), VLLM_SAID, "text/event-stream; charset=utf-8"),
    Transcript("vllm, CRLF", sse(*VLLM, "[DONE]", end="\r\n\r\n"), VLLM_SAID),
    Transcript("vllm, CR", sse(*VLLM, "[DONE]", end="\r\r"), VLLM_SAID),
    Transcript("vllm, single line ends", sse(*VLLM, "[DONE]", end="\n"), VLLM_SAID),
    Transcript("vllm, no last line end", sse(*VLLM) + b"data: [DONE]", VLLM_SAID),
    Transcript("vllm, byte order mark", b"\xef\xbb\xbf" + sse(*VLLM, "[DONE]"), VLLM_SAID),
    Transcript("vllm, content type lies", sse(*VLLM, "[DONE]"), VLLM_SAID, "application/json"),
    Transcript(
        "vllm reasoning",
        sse(
            chat('{"role":"assistant","content":""}'),
            chat('{"reasoning":"Let"}'),
            chat('{"reasoning":" me"}'),
            chat('{"reasoning_content":" see"}'),
            chat('{"content":"4"}'),
            chat('{"content":""}', '"stop"'),
            "[DONE]",
        ),
        Said("sse", "openai-chat", "4", "Let me see", finish="stop"),
    ),
    Transcript(
        "vllm tool call",
        sse(*TOOL, "[DONE]"),
        Said("sse", "openai-chat", tools=(("call_1", "f", '{"a":1}'),), finish="tool_calls"),
    ),
    Transcript(
        "vllm error",
        sse(
            VLLM[1],
            '{"error":{"message":"engine died","type":"InternalServerError","param":null,"code":500}}',
            "[DONE]",
        ),
        Said("sse", "openai-chat", "Hi", error="engine died (InternalServerError)"),
    ),
    Transcript(
        "sse with a bare JSON error",
        sse(VLLM[1]) + b'{"code":424,"error":"boom"}',
        Said("sse", "openai-chat", "Hi", error="boom", is_unterminated=True),
    ),
    Transcript(
        "two choices",
        sse(VLLM[1], VLLM[1].replace('"index":0', '"index":1').replace("Hi", "Yo"), VLLM[4]),
        Said("sse", "openai-chat", "Hi", others=("Yo",), finish="stop"),
    ),
    Transcript(
        "two choices in one event",
        lines(
            {"choices": [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {"content": "b"}}]},
            {"choices": [{"index": 1, "delta": {"content": "c"}, "finish_reason": "stop"}]},
        ),
        Said("json", "openai-chat", "a", others=("bc",)),
    ),
    Transcript(
        "litserve openai",
        sse(
            '{"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel","tool_calls":null},"finish_reason":null}],"usage":null}',
            '{"id":"2","choices":[{"index":0,"delta":{"role":"assistant","content":"lo","tool_calls":null},"finish_reason":null}],"usage":null}',
            '{"id":"3","choices":[{"index":0,"delta":{"role":null,"content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"total_tokens":4,"completion_tokens":1}}',
            "[DONE]",
        ),
        Said("sse", "openai-chat", "Hello", finish="stop", usage=(3, 1)),
    ),
    Transcript(
        "litserve",
        b'{"token": {"text": "Hel"}}\n{"token": {"text": "lo \\ud83d\\ude42"}}\n',
        Said("json", "lmi", "Hello 🙂", tokens=2, is_unterminated=True),
    ),
    Transcript(
        "halves of a surrogate pair",
        b'{"token": {"text": "a\\ud83d"}}\n{"token": {"text": "\\ude42b"}}\n{"token": {"text": "\\ud83d"}}\n',
        Said("json", "lmi", "a🙂b\ufffd", tokens=3, is_unterminated=True),
    ),
    Transcript(
        "lone surrogates",
        b'{"text": "a\\ude42b"}\n{"text": "\\ud83dc"}\n{"text": "\\ud83d"}\n{"text": "d"}\n',
        Said("json", "text", "a\ufffdb\ufffdc\ufffdd"),
    ),
    Transcript(
        "mlflow agent",
        sse('{"delta": "Hel", "index": 0}', '{"delta": "lo", "index": 1}', "[DONE]"),
        Said("sse", "delta", "Hello"),
    ),
    Transcript("mlflow agent error", sse('{"error": "kaboom"}', "[DONE]"), Said("sse", error="kaboom")),
    Transcript(
        "openai responses",
        sse(*RESPONSES, "[DONE]"),
        Said("sse", "openai-responses", "Hello wörld", finish="completed", final="Hello wörld", usage=(2, 3)),
    ),
    Transcript(
        "openai responses with event names",
        b"".join(f"event: {json.loads(one)['type']}\ndata: {one}\n\n".encode() for one in RESPONSES),
        Said("sse", "openai-responses", "Hello wörld", finish="completed", final="Hello wörld", usage=(2, 3)),
    ),
    Transcript(
        "openai completions",
        sse(
            '{"choices":[{"text":"Hel","index":0,"finish_reason":null}]}',
            '{"choices":[{"text":"lo","index":0,"finish_reason":"length"}]}',
        ),
        Said("sse", "openai-completions", "Hello", finish="length"),
    ),
    Transcript(
        "bentoml",
        "Hello wörld 🙂!".encode(),
        Said("text", "raw-text", "Hello wörld 🙂!"),
        "text/event-stream; charset=utf-8",
    ),
    Transcript(
        "torchserve", b"hello hello hello hello world ", Said("text", "raw-text", "hello hello hello hello world ")
    ),
    Transcript(
        "line separators inside strings",
        'data: {"text":"a\u2028b\u0085c\x0bd\u2029e"}\n\n{"text":" f"}\n'.encode(),
        Said("sse", "text", "a\u2028b\u0085c\x0bd\u2029e f"),
    ),
    Transcript(
        "sse of several lines",
        b'data: {"text":\ndata:  "a",\ndata: "n": 1}\n\ndata: {"text": "b"}\n\n',
        Said("sse", "text", "ab"),
    ),
    Transcript(
        "sse of text",
        b"data: Hello\n\ndata:  w\xc3\xb6rld\n\ndata: two\ndata: lines\n\ndata: {\n\ndata: [DONE]\n\n",
        Said("sse", "raw-text", "Hello wörldtwo\nlines{"),
    ),
    Transcript(
        "sse of text, CRLF",
        b"data: Hello\r\ndata: world\r\n\r\ndata:  and on\r\n\r\n",
        Said("sse", "raw-text", "Hello\nworld and on"),
    ),
    Transcript(
        "sse fields",
        b'id: 1\nevent: token\nretry: 10\ndata: {"text":"a"}\n\nid\ndata\n\n: note\nnonsense\ndata: {"text":"b"}\n\n',
        Said("sse", "text", "ab", comments=1, bad=2),
    ),
    Transcript(
        "concatenated values",
        b'{"text":"a}"}{"text":"\\"b\\\\"} \x1e{"text":"\xc3\xb6"},{"text":"d"}',
        Said("json", "text", 'a}"b\\öd'),
    ),
    Transcript("json text sequence", b'\x1e{"text":"a"}\n\x1e{"text":"b"}\n', Said("json", "text", "ab")),
    Transcript(
        "pretty-printed values",
        b"".join(json.dumps({"text": one, "list": [1, {"a": []}]}, indent=2).encode() + b"\n" for one in "ab"),
        Said("json", "text", "ab"),
    ),
    Transcript("an array of events", b'[{"text":"a"},\n {"text":"b"}]', Said("json", "text", "ab")),
    Transcript(
        "junk between lines",
        b'{"text":"a"}\nWARN: hello\n{"text":"b"}\n{"oops": nope}\n{"text":"c"}\n'
        b'{"x": [}\n{"text":"d"} done\n{"text":"e"}\n',
        Said("json", "text", "abcde", bad=4),
    ),
    Transcript(
        "a line cut after a backslash",
        b'{"text":"a"}\n{"text":"lost\\\n{"text":"b"}\n{"text":"c"}\n',
        Said("json", "text", "abc", bad=1),
    ),
    Transcript(
        "a line cut inside a string",
        b'{"text":"a"}\n{"text":"lost \n{"text":"b"}\n{"text":"c"}\n',
        Said("json", "text", "abc", bad=1),
    ),
    Transcript(
        "a line cut outside a string",
        b'{"text":"a"}\n{"n":\n{"text":"b"}\n{"text":"c"}\n',
        Said("json", "text", "abc", bad=1, is_unterminated=True),
    ),
    Transcript("a cut end", b'{"text":"a"}\n{"text":"b', Said("json", "text", "a", bad=1, is_unterminated=True)),
    Transcript(
        "bad UTF-8 in a line",
        b'{"text":"a\xffb"}\n{"text":"\xe2\x82"}\n{"text":"c"}\n',
        Said("json", "text", "a\ufffdb\ufffdc"),
    ),
    Transcript(
        "bad UTF-8 in text",
        b"Hello w\xf6rld, caf\xc3\xa9\xe2\x82",
        Said("text", "raw-text", "Hello w\ufffdrld, café\ufffd", is_unterminated=True),
        "text/plain",
    ),
    Transcript("text with a byte order mark", b"\xef\xbb\xbfid", Said("text", "raw-text", "id")),
    Transcript("text like json", b"{{ template }} and so on", Said("text", "raw-text", "{{ template }} and so on")),
    Transcript("text like an array", b"[Scene 1]\nA beach.", Said("text", "raw-text", "[Scene 1]\nA beach.")),
    Transcript("text like sse", b": comment?\nor: not\n", Said("text", "raw-text", ": comment?\nor: not\n")),
    Transcript("text like a field", b"data is what we have", Said("text", "raw-text", "data is what we have")),
    Transcript(
        "deep nesting",
        b'{"text":"a"}\n' + b"[" * 5000 + b"]" * 5000 + b'\n{"text":"b"}\n',
        Said("json", "text", "ab", bad=1),
    ),
    Transcript("nothing", b"", Said("text", "raw-text")),
    Transcript("blank lines", b"\n\n \n", Said("text", "raw-text", "\n\n \n")),
)

WHOLE: tuple[Transcript, ...] = (
    Transcript(
        "chat completion",
        b'{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"hm","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}',
        Said("json", "openai-chat", "Hi", "hm", finish="stop", usage=(3, 1)),
        "application/json",
    ),
    Transcript(
        "tgi",
        b'[{"generated_text":"Hi","details":{"finish_reason":"length","generated_tokens":1}}]',
        Said("json", "tgi", "Hi", finish="length", usage=(None, 1)),
    ),
    Transcript("batch", b'[{"generated_text":"a"},{"generated_text":"b"}]', Said("json", "tgi", "a", others=("b",))),
    Transcript("lmi", b'{"generated_text":"Hi"}\n', Said("json", "lmi", "Hi")),
    Transcript(
        "jumpstart llama",
        b'[{"generation":{"role":"assistant","content":" Hi"}}]',
        Said("json", "jumpstart-llama", " Hi"),
    ),
    Transcript(
        "responses",
        b'{"object":"response","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":1,"output_tokens":2}}',
        Said("json", "openai-responses", "Hi", finish="completed", usage=(1, 2)),
    ),
    Transcript("predictions", b'{"predictions": [{"score": 0.4386}]}', Said("json")),
    Transcript("csv", b"0.82,0.17\n", Said("text", "raw-text", "0.82,0.17\n"), "text/csv"),
    Transcript(
        "embeddings",
        b'{"object":"list","data":[{"embedding":[0.1,-2e-3]}],"usage":{"prompt_tokens":2,"total_tokens":2}}',
        Said("json", usage=(2, None)),
    ),
    Transcript("png", PNG, Said("binary"), "image/png"),
    Transcript("wav", wav(320), Said("binary")),
    Transcript("recordio", b"\n#\xd7\xce\x05abcde", Said("binary")),
    Transcript("pcm", b"AB\x00\x01", Said("binary")),
)


def every_cut(body: bytes) -> Sequence[tuple[bytes, bytes]]:
    """The body cut in two, at every byte."""
    return [(body[:cut], body[cut:]) for cut in range(len(body) + 1)]
