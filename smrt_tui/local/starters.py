"""The endpoints that are there without asking, and the ones of the user's own containers."""

from __future__ import annotations

from collections.abc import Mapping

from smrt_tui.local.container import Container
from smrt_tui.local.containers import starters
from smrt_tui.local.endpoints import Component, Endpoint, Variant, single


def starter_endpoints(own: tuple[tuple[str, str], ...], *, allow_remote: bool) -> dict[str, Endpoint]:
    """Every endpoint by name. Raises `ValueError` for an address of the user's own that cannot be used."""
    endpoints = _built_in(starters())
    for name, url in own:
        from smrt_tui.local.upstream import upstream_container  # loads httpx, which a plain start does not need

        endpoints[name] = single(name, upstream_container(name, url, allow_remote=allow_remote))
    return endpoints


def _built_in(containers: Mapping[str, Container]) -> dict[str, Endpoint]:
    """One endpoint a container, and one for each way in which an endpoint can choose between several."""
    chat, echo, tabular = (containers[name] for name in ("chat", "echo", "tabular"))
    special = (
        Endpoint("two-variants", (Variant("blue", chat, 0.9), Variant("green", echo, 0.1))),
        Endpoint(
            "multi-model",
            (Variant("AllTraffic", echo),),
            models={"echo.tar.gz": echo, "tabular.tar.gz": tabular, "chat.tar.gz": chat},
        ),
        Endpoint(
            "components",
            (Variant("AllTraffic", chat),),
            components={"chat": Component(chat), "echo": Component(echo), "asleep": Component(chat, copies=0)},
        ),
        single("async-only", tabular, "async"),
        single("realtime-only", echo, "realtime"),
    )
    plain = (single(name, container) for name, container in containers.items())
    return {endpoint.name: endpoint for endpoint in (*plain, *special)}
