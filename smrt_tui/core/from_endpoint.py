"""A profile's text from what an account says of an endpoint: what it is told, what is guessed, and why, as comments.

The text is for a person to read and change; `parse_profile` takes it as it is. Nothing is asked or written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from smrt_tui.core.account import ComponentSummary, EndpointDescription, VariantSummary
from smrt_tui.core.gallery import Template, template_body, template_members
from smrt_tui.core.image_guess import Guess, guess_style, is_jumpstart
from smrt_tui.core.plain import plain
from smrt_tui.core.profile import CredentialsSpec
from smrt_tui.core.service import Mode
from smrt_tui.core.target import Target

MOST_NAMED = 20
"""Variants, components and containers that are named beside the chosen one."""
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.+]*(?:[-/][A-Za-z0-9_.+]+)*")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What is no text without quotes (YAML 1.1, types `bool` and `null`)."""


class Access(Struct, frozen=True):
    """How the endpoint was reached, as its profile has to say it again."""

    credentials: CredentialsSpec | None = None
    endpoint_url: str | None = None


_NO_ACCESS = Access()


def access_of(target: Target | None) -> Access:
    """What a profile has to say of a target; nothing for None, the local endpoint, which is known by its id."""
    if target is None:
        return _NO_ACCESS
    spec = target.credentials if isinstance(target.credentials, CredentialsSpec) else None
    return Access(spec, target.endpoint_url)


def profile_id_for(target: Target | None, name: str) -> str:
    """What to call an endpoint's profile: below `local/` it goes to the local endpoint, and `mine` is no starter's."""
    return f"{'' if target is not None else 'local/'}mine/{name}"


def profile_of(described: EndpointDescription, access: Access = _NO_ACCESS) -> str:
    """The text of a profile for an endpoint, which `parse_profile` takes."""
    guess = guess_style(described.images)
    template, mode = guess.template, mode_of(described, guess.template)
    blocks = [
        _head(described),
        [*_identity(described, access), *_mode(described, guess, mode)],
        _request(described, template, mode),
        _stream(template, mode),
        [*_comment("Where SageMaker puts the answers:"), *_comment(f"  {described.async_output.output}")]
        if described.async_output is not None
        else [],
        _variables(described, template),
        _payloads(guess, mode),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def mode_of(described: EndpointDescription, template: Template | None) -> Mode:
    """What sending should do: async where nothing else is taken, stream where the image is known to stream."""
    if described.is_async:
        return "async"
    return "sync" if template is None or template.modes[0] == "async" else template.modes[0]


def chosen_component(described: EndpointDescription) -> ComponentSummary | None:
    """The component to call first: one in service with a copy that is up, else any; None when there are none."""
    ready = (one for one in described.components if one.status in ("", "InService") and one.copies != 0)
    return next(ready, next(iter(described.components), None))


def _head(described: EndpointDescription) -> list[str]:
    notes = [f"Made from what SageMaker says of the endpoint {described.name} in {described.region}."]
    if described.status != "InService":
        notes.append(f"Its state was {described.status}{': ' if described.failure else ''}{described.failure}")
    if described.is_serverless:
        notes.append("It is serverless: requests and answers up to 4 MB, 60 seconds, and a slow first call.")
    if described.has_explainer:
        notes.append("It has an explainer: the member EnableExplanations asks for explanations.")
    if described.captures_data:
        notes.append("It captures data: requests and answers are copied to S3.")
    if described.shadows:
        notes.append(f"Shadow variants get copies of requests: {', '.join(described.shadows[:MOST_NAMED])}")
    notes += [f"Not read: {reason}" for reason in described.unread]
    return [line for note in notes for line in _comment(note)]


def _identity(described: EndpointDescription, access: Access) -> Iterator[str]:
    yield f"title: {_scalar(described.name)}"
    yield f"endpoint: {_scalar(described.name)}"
    if described.region:
        yield f"region: {_scalar(described.region)}"
    if access.endpoint_url:
        yield f"endpoint_url: {_scalar(access.endpoint_url)}"
    if access.credentials is not None:
        yield "credentials:"
        for name, value in access.credentials.given.items():
            yield f"  {name}: {_scalar(value) if isinstance(value, str) else 'true'}"


def _mode(described: EndpointDescription, guess: Guess, mode: Mode) -> Iterator[str]:
    if described.is_async:
        yield from _comment("Its configuration has AsyncInferenceConfig: it takes only async invocations.")
    elif mode == "stream":
        yield from _comment(f"Guessed: {guess.reason}, which streams.")
    yield f"mode: {mode}"


def _request(described: EndpointDescription, template: Template | None, mode: Mode) -> list[str]:
    members = {"ContentType": "application/json"} if template is None else template_members(template, mode)
    if mode == "async":
        members.pop("Accept", None)
    lines = [f"  {name}: {_scalar(value)}" for name, value in members.items()]
    lines += _component_lines(described)
    lines += _variant_lines(described)
    lines += _container_lines(described)
    if any(is_jumpstart(container.model_data) for container in described.containers):
        lines += _comment("A JumpStart model. Some take a request only with their licence accepted:", "  ")
        lines += [] if "CustomAttributes" in members else ["  # CustomAttributes: accept_eula=true"]
    return ["request:", *lines]


def _component_lines(described: EndpointDescription) -> Iterator[str]:
    chosen = chosen_component(described)
    if chosen is None:
        return
    yield from _comment("Its inference components; each is called by its name.", "  ")
    yield f"  InferenceComponentName: {_scalar(chosen.name)}{_beside(_component_note(chosen))}"
    others = [one for one in described.components if one is not chosen]
    for other in others[:MOST_NAMED]:
        yield f"  # InferenceComponentName: {_scalar(other.name)}{_beside(_component_note(other))}"
    if len(others) > MOST_NAMED:
        yield from _comment(f"… and {len(others) - MOST_NAMED:,} more", "  ")


def _component_note(component: ComponentSummary) -> str:
    parts = [component.status, "no copy is up" if component.copies == 0 else "", component.image]
    parts += [f"adapter of {component.base}"] if component.base else []
    return ", ".join(part for part in parts if part)


def _variant_lines(described: EndpointDescription) -> Iterator[str]:
    if len(described.variants) < 2 or described.components:
        return
    yield from _comment("Weights choose the variant, unless one is named:", "  ")
    for variant in described.variants[:MOST_NAMED]:
        yield f"  # TargetVariant: {_scalar(variant.name)}{_beside(variant_note(variant))}"


def variant_note(variant: VariantSummary) -> str:
    """A variant in few words: weight, instances, routing."""
    machine = variant.instance_type
    if variant.instances is not None:
        plainly = f"{variant.instances} instance{'' if variant.instances == 1 else 's'}"
        machine = f"{variant.instances} × {machine}" if machine else plainly
    if variant.serverless is not None:
        machine = "serverless"
        if variant.serverless.memory_mb is not None:
            machine += f", {variant.serverless.memory_mb:,} MB"
    weight = "" if variant.weight is None else f"weight {variant.weight:g}"
    idle = "scaled to zero" if variant.instances == 0 else ""
    return ", ".join(part for part in (weight, machine, idle, variant.routing) if part)


def _container_lines(described: EndpointDescription) -> Iterator[str]:
    several = next((container for container in described.containers if container.is_multi_model), None)
    if several is not None:
        where = f" below {several.model_data}" if several.model_data else ""
        yield from _comment(f"Many models behind one endpoint; this names an archive{where}.", "  ")
        yield '  TargetModel: "{{target_model}}"'
    direct = [one.hostname for variant in described.variants if variant.is_direct for one in variant.containers]
    named = [hostname for hostname in direct if hostname]
    if named:
        yield from _comment("Its containers are called one by one.", "  ")
        yield f"  TargetContainerHostname: {_scalar(named[0])}"
        for hostname in named[1:MOST_NAMED]:
            yield f"  # TargetContainerHostname: {_scalar(hostname)}"


def _stream(template: Template | None, mode: Mode) -> list[str]:
    if template is None or mode != "stream":
        return []
    keys: Mapping[str, str] = {"preset": template.preset, "decoder": template.decoder}
    lines = [f"  {key}: {value}" for key, value in keys.items() if value]
    return ["stream:", *lines] if lines else []


def _variables(described: EndpointDescription, template: Template | None) -> list[str]:
    lines = [f"  {name}: {_json(value)}" for name, value in (template.variables if template else ())]
    is_asked = any(container.is_multi_model for container in described.containers)
    note = (
        _comment("{{target_model}} is asked for before the first request; write it here to keep it.")
        if is_asked
        else []
    )
    return [*note, *(["variables:", *lines] if lines else [])]


def _payloads(guess: Guess, mode: Mode) -> list[str]:
    template = guess.template
    if template is None:
        note = _comment(f"Nothing could be guessed: {guess.reason}.")
        return [
            *note,
            *_comment("Write what the model takes."),
            "payloads:",
            "  - name: first",
            "    body: |",
            "      {}",
        ]
    lines = [*_comment(f"Guessed: {guess.reason}."), *_comment(template.note)]
    lines += ["payloads:", f"  - name: {template.name}"]
    if template.body_file is not None:
        return [*lines, f"    body_file: {_scalar(template.body_file)}"]
    body = template_body(template, mode).rstrip("\n")
    return [*lines, "    body: |", *(f"      {line}" for line in body.split("\n"))]


def _comment(text: str, indent: str = "") -> list[str]:
    """A comment of one line; none for an empty text."""
    return [f"{indent}# {_line(text)}"] if text else []


def _beside(note: str) -> str:
    return f"  # {_line(note)}" if note else ""


def _line(text: str) -> str:
    """The text without anything that ends a line or that YAML refuses."""
    return "".join(char if char.isprintable() else " " for char in plain(" ".join(text.split())))


def _scalar(text: str) -> str:
    """The text as a YAML scalar, quoted unless it cannot be taken for anything else."""
    is_bare = _BARE.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if is_bare else _json(_line(text))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
