"""Every template of the gallery is taken by a container of its family, and is written as a sound profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from smrt_tui.client.invoke import RuntimeClient
from smrt_tui.core.decode.decoder import Decoder
from smrt_tui.core.diagnose import diagnose
from smrt_tui.core.diagnose.evidence import of_call
from smrt_tui.core.diagnose.facts import stream_facts
from smrt_tui.core.draft import Draft, ResolvedDraft, draft_of
from smrt_tui.core.gallery import TEMPLATES, Template, draft_from, profile_from
from smrt_tui.core.lint import lint
from smrt_tui.core.profile import AsyncOptions, Profile, StreamOptions
from smrt_tui.core.recorder import Recorder, Verdict
from smrt_tui.core.service import Mode, packaged_service
from smrt_tui.core.target import StaticCredentials, Target
from smrt_tui.core.template import Sources, missing_names, resolve
from smrt_tui.local.containers.dialects.base import MODEL_NAME
from smrt_tui.local.starters import starter_endpoints
from smrt_tui.store.profiles import load_entry
from smrt_tui.store.writing import save_request
from tests.local.containers.media import a_jpeg, a_recording
from tests.local.running import CREDENTIALS, Running, running


class Home(NamedTuple):
    """Where a template's family lives on the local endpoint."""

    endpoint: str
    dialect: str = ""
    """Of the chat container."""
    answers_text: bool = False
    """Whether the stream decodes to text."""


HOMES = {
    "openai-chat": Home("chat", "openai", True),
    "openai-chat-tools": Home("chat", "openai"),
    "openai-vision": Home("chat", "openai", True),
    "nim-chat": Home("chat", "nim", True),
    "openai-responses": Home("chat", "responses", True),
    "lmi-generate": Home("chat", "lmi", True),
    "tgi-generate": Home("chat", "tgi", True),
    "lmi-legacy": Home("chat", "lmi-legacy", True),
    "jumpstart-llama": Home("chat", "jumpstart-llama", True),
    "hf-pipeline": Home("hf-pipeline"),
    "embeddings": Home("embeddings"),
    "embeddings-tei": Home("embeddings"),
    "csv-tabular": Home("tabular"),
    "libsvm-xgboost": Home("tabular"),
    "builtin-json": Home("tabular"),
    "deepar": Home("deepar"),
    "tf-serving": Home("tabular"),
    "triton-v2": Home("triton"),
    "mlflow": Home("tabular"),
    "image-bytes": Home("image-labels"),
    "audio-bytes": Home("audio-levels"),
    "image-generation": Home("image"),
    "speech": Home("speech"),
    "session-open": Home("session"),
}

FILES = {"picture.jpg": a_jpeg(), "recording.wav": a_recording()}
SENT = [(template, mode) for template in TEMPLATES for mode in template.modes]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(starter_endpoints((), allow_remote=False)) as it:
        yield it


SOURCES = Sources(
    environ={},
    read_file=FILES.__getitem__,
    read_base64=lambda path: "aGVsbG8=",
    read_kept=lambda kept: b"",
    new_uuid=lambda: "0",
    now=lambda: "2026-01-01T00:00:00+00:00",
)


def a_request(template: Template, mode: Mode) -> ResolvedDraft:
    home = HOMES[template.name]
    draft = replace(draft_from(template, Draft(mode, home.endpoint)), mode=mode).with_variable("max_tokens", 16)
    draft = draft.with_variable("model", MODEL_NAME)
    quick = [draft.member("CustomAttributes"), f"dialect={home.dialect}" if home.dialect else "", "pace=0"]
    resolved = resolve(draft.with_member("CustomAttributes", "; ".join(filter(None, quick))), SOURCES)
    assert isinstance(resolved, ResolvedDraft)
    return resolved


@pytest.mark.parametrize(("template", "mode"), SENT, ids=[f"{template.name} {mode}" for template, mode in SENT])
async def test_a_container_of_its_family_takes_it(server: Running, template: Template, mode: Mode) -> None:
    target = Target(
        region="us-east-1",
        endpoint_url=server.url,
        s3_endpoint_url=server.url,
        credentials=StaticCredentials(CREDENTIALS.access_key, CREDENTIALS.secret_key),
        async_options=AsyncOptions(poll=0.02),
    )
    client, recorder, request = RuntimeClient({}), Recorder(), a_request(template, mode)
    async for batch in client.invoke(request, target).batches():
        recorder.add(batch)
    await client.close()
    assert (recorder.verdict, recorder.service_fault) == (Verdict.COMPLETE, None)
    assert recorder.parts.total > 0
    decoder = Decoder(StreamOptions(preset=template.preset) if mode == "stream" else None)
    for number, payload in enumerate(recorder.parts.payloads()):
        decoder.push(payload, number, recorder.parts.times[number])
    decoder.close()
    if mode == "stream" and HOMES[template.name].answers_text:
        assert decoder.text.strip()
    found = diagnose(of_call(recorder, request, stream_facts(decoder, recorder)))
    assert [finding for finding in found if finding.where != "timing"] == []  # a busy machine is no fault of a template


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_it_makes_a_sound_profile_that_asks_the_same(template: Template, tmp_path: Path) -> None:
    profile, draft = profile_from(template, "my-endpoint")
    entry = load_entry(save_request(tmp_path, template.name, profile, draft, Path()), template.name)
    assert entry.problems == ()
    assert entry.profile is not None
    assert draft_of(entry.profile) == draft
    assert entry.profile.stream == profile.stream


@pytest.mark.parametrize(("template", "mode"), SENT, ids=[f"{template.name} {mode}" for template, mode in SENT])
def test_there_is_nothing_to_complain_about(template: Template, mode: Mode) -> None:
    draft = draft_from(template, Draft(mode, "e"))
    assert draft.mode == mode
    assert lint(draft, Profile(endpoint="e"), packaged_service()) == ()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_it_lacks_no_variable(template: Template) -> None:
    assert missing_names(draft_from(template, Draft("sync", "e"))) == ()


def test_a_template_takes_the_place_of_the_request_and_of_nothing_else() -> None:
    before = Draft(
        "async", "e", (("TargetVariant", "blue"), ("Accept", "x/y")), (("X", "1"),), "old", None, (("prompt", "mine"),)
    )
    template = next(one for one in TEMPLATES if one.name == "csv-tabular")
    assert draft_from(template, before) == replace(
        before,
        members=(("TargetVariant", "blue"), ("ContentType", "text/csv"), ("Accept", "text/csv")),
        body=template.body,
    )


def test_every_template_has_a_name_and_a_home_that_reads_it() -> None:
    assert [template.name for template in TEMPLATES] == list(HOMES)
    assert "echo" not in {home.endpoint for home in HOMES.values()}  # it takes anything, which proves nothing
