"""What an account says, as plain text: one endpoint a line, or one endpoint in full. Pure; control characters become
symbols.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from smrt_tui.core.account import EndpointDescription, EndpointSummary
from smrt_tui.core.from_endpoint import variant_note
from smrt_tui.core.image_guess import guess_style
from smrt_tui.core.job import age_text
from smrt_tui.core.plain import plain

MOST_COMPONENTS = 100
"""Components that are told one by one; an endpoint may have hundreds."""


def endpoint_cells(endpoint: EndpointSummary, now: datetime) -> tuple[str, str, str, str]:
    """Name, state, age and time since the last change, each on one line."""
    return one_line(endpoint.name), one_line(endpoint.status), _age(endpoint.created, now), _age(endpoint.modified, now)


def description_text(described: EndpointDescription, now: datetime) -> str:
    """All that is known of an endpoint, a fact a line."""
    return "\n".join(_lines(described, now))


def filtered(endpoints: Sequence[EndpointSummary], typed: str) -> tuple[EndpointSummary, ...]:
    """The endpoints whose name or state has every typed word in it."""
    words = typed.lower().split()
    return tuple(one for one in endpoints if all(word in f"{one.name} {one.status}".lower() for word in words))


def one_line(text: str) -> str:
    """Text of anybody's on one line, harmless for a terminal."""
    return plain(" ".join(text.split()))


def _lines(described: EndpointDescription, now: datetime) -> Iterator[str]:
    ages = f"made {_age(described.created, now)} ago, changed {_age(described.modified, now)} ago"
    yield f"{one_line(described.name)} · {one_line(described.status)} · {described.region}"
    yield ages if described.created is not None else "its age is not told"
    if described.failure:
        yield f"failed: {one_line(described.failure)}"
    for variant in described.variants:
        yield ""
        yield one_line(f"variant {variant.name} · {variant_note(variant) or 'nothing more is told'}")
        images = dict.fromkeys((*variant.images, *(container.image for container in variant.containers)))
        yield from (f"  image {one_line(image)}" for image in images if image)
        for container in variant.containers:
            if container.is_multi_model:
                yield f"  many models, below {one_line(container.model_data) or 'a prefix that is not told'}"
            if variant.is_direct and container.hostname:
                yield f"  container {one_line(container.hostname)}"
    yield from _beside(described)


def _beside(described: EndpointDescription) -> Iterator[str]:
    if described.components:
        yield ""
        yield f"{len(described.components):,} inference component{'' if len(described.components) == 1 else 's'}"
    for component in described.components[:MOST_COMPONENTS]:
        copies = (
            "" if component.copies is None else f" · {component.copies} cop{'y' if component.copies == 1 else 'ies'}"
        )
        base = f" · adapter of {component.base}" if component.base else ""
        yield f"  {one_line(f'{component.name} · {component.status}{copies}{base}')}"
        if component.image:
            yield f"    image {one_line(component.image)}"
    if described.async_output is not None:
        yield ""
        yield f"async only; answers go to {one_line(described.async_output.output)}"
        if described.async_output.failure:
            yield f"  failures to {one_line(described.async_output.failure)}"
    specials = (
        ("serverless", described.is_serverless),
        ("has an explainer", described.has_explainer),
        ("captures data", described.captures_data),
        (f"shadow variants {', '.join(described.shadows)}", bool(described.shadows)),
    )
    told = [text for text, is_so in specials if is_so]
    if told:
        yield ""
        yield one_line(" · ".join(told))
    yield ""
    yield one_line(f"guess: {guess_style(described.images).reason}")
    yield from (f"not read: {one_line(reason)}" for reason in described.unread)


def _age(then: datetime | None, now: datetime) -> str:
    return "-" if then is None else age_text((now - then).total_seconds())
