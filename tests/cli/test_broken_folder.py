"""`check` on a folder of files broken in every way: each problem with its line and column, and the sound one loads."""

from __future__ import annotations

import os
from pathlib import Path

from smrt_tui.cli.check import run_check
from smrt_tui.cli.options import CheckOptions
from tests.cli.stage import a_stage

E = "endpoint: e\n"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)
FILES: dict[str, tuple[bytes, list[str]]] = {
    "alias": (f"{E}title: *nobody\n".encode(), ["2:8: this is no YAML: found undefined alias"]),
    "bell": (f"{E}title: a\x07b\n".encode(), ["2:9: the character U+0007 cannot stand in YAML"]),
    "bom": (b"\xef\xbb\xbf" + E.encode() + b"mod: sync\n", ["2:1: mod: unknown key; did you mean `mode`?"]),
    "bomb": (BOMB.encode(), ["1:26: more than 100,000 values; aliases count each time they are used"]),
    "bracket": (f"{E}request: {{Accept: a\n".encode(), ["3:1: this is no YAML: while parsing a flow mapping, did not"]),
    "colon": (f"{E}title: a: b\n".encode(), ["2:9: this is no YAML: mapping values are not allowed in this context;"]),
    "crlf": (b"endpoint: e\r\nmode: sink\r\n", ["2:7: mode: 'sink' is not allowed; use 'sync', 'async' or 'stream'"]),
    "deep": (("title: " + "[" * 5_000).encode(), ["1:71: values are nested deeper than 64 levels"]),
    "documents": (f"{E}---\n{E}".encode(), ["2:1: this is no YAML: expected a single document in the stream, but"]),
    "duplicate": (f"{E}mode: sync\nmode: async\n".encode(), ["3:1: mode: this key stands above already, at line 2"]),
    "empty": (b"", ["1:1: a profile is a mapping of keys, such as `endpoint: my-endpoint`"]),
    "huge": (b"#" * (1 << 20) + b"\n", ["1:1: the file is larger than 1,048,576 bytes; put large payloads into a"]),
    "latin1": (f"{E}title: caf\xe9\n".encode("latin-1"), ["2:11: this is no UTF-8 text: byte 0xe9"]),
    "list": (b"- endpoint: e\n", ["1:1: a profile is a mapping of keys, such as `endpoint: my-endpoint`"]),
    "many": (
        f"{E}regoin: x\nclient: {{retry_mode: never, max_attempts: 0}}\npayloads: [{{name: a}}]\n".encode(),
        [
            "2:1: regoin: unknown key; did you mean `region`?",
            "3:22: client.retry_mode: 'never' is not allowed; use 'standard', 'legacy' or 'adaptive'",
            "3:43: client.max_attempts: this is a whole number, at least 1 and at most 10 (it is 0)",
        ],
    ),
    "member": (f"{E}request:\n  Acept: a/b\n".encode(), ["3:3: request.Acept: unknown key; did you mean `Accept`?"]),
    "merge": (
        f"{E}request: &r {{Acept: x}}\npayloads:\n  - name: a\n    request: {{<<: *r}}\n".encode(),
        [
            "2:14: request.Acept: unknown key; did you mean `Accept`?",
            "5:5: payloads[0].request: unknown key; did you mean `Accept`?",
        ],
    ),
    "mixed": (
        f"{E}mode: x\nstream: {{text: 'a[', preset: tgy}}\npayloads: [{{name: a}}, {{name: a}}]\n".encode(),
        [
            "2:7: mode: 'x' is not allowed; use 'sync', 'async' or 'stream'",
            "3:16: stream.text: the path ends too early, at column 3: 'a['",
            "3:30: stream.preset: there is no preset 'tgy'; did you mean `tgi`?",
            "4:30: payloads[1].name: a payload named 'a' stands above already",
        ],
    ),
    "nothing": (f"{E}title:\n".encode(), ["2:7: title: there is no value; write one or leave the key out"]),
    "placeholder": (
        f"{E}title: {{{{name}}}}\n".encode(),
        ["2:9: title: a key must be text; put text with placeholders"],
    ),
    "secret": (
        f"{E}variables: {{k: AKIAABCDEFGHIJKLMNOP}}\n".encode(),
        ["2:16: variables.k: an AWS access key is no part of a profile; name an AWS profile under `credentials:`"],
    ),
    "tab": (f"{E}client:\n\tread_timeout: 5\n".encode(), ["3:1: this is no YAML: while scanning for the next token,"]),
    "tag": (f"{E}title: !mine x\n".encode(), ["2:8: title: the tag !mine has no meaning in a profile"]),
    "types": (
        f"{E}region: 5\nheaders: {{X: {{a: 1}}}}\npayloads: {{}}\n".encode(),
        [
            '2:9: region: this is text; quote it: "5"',
            "3:11: headers.X: this is text, not a mapping",
            "4:1: payloads: this is a list, each item after `- ` (it is {})",
        ],
    ),
    "utf16": ("endpoint: e\n".encode("utf-16"), ["1:1: this is no UTF-8 text: byte 0xff"]),
}
"""By name: what stands in the file, and how each of its problems begins."""


def test_every_problem_of_every_file_is_told_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    for name, (content, _) in FILES.items():
        (folder / f"{name}.yaml").write_bytes(content)
    (folder / "sound.yaml").write_text(E)
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "astray.yaml").symlink_to("nowhere")
    stage = a_stage(tmp_path)
    assert run_check(CheckOptions(folder), stage.environment) == 3
    told = [line.removeprefix(f"{folder}/") for line in stage.stdout.getvalue().decode().splitlines()]
    wanted = {**{name: places for name, (_, places) in FILES.items()}}
    wanted |= {name: ["1:1: this is no ordinary file"] for name in ("astray", "pipe")}
    expected = [f"{name}.yaml:{problem}" for name in sorted(wanted) for problem in wanted[name]]
    cut = [line[: len(problem)] for line, problem in zip(told, expected, strict=False)]
    assert cut == expected
    assert len(told) == len(expected)
