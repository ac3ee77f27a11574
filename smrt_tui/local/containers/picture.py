"""A landscape for a prompt: a sky, a sun or a moon, and hills in front of it. The same for the same seed.

Only pixels: no file format, no request.
"""

from __future__ import annotations

import colorsys
import math
import random
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

Colour: TypeAlias = tuple[int, int, int]

_LAYERS = 4
_NIGHT_WORDS = ("night", "moon", "star", "dark", "midnight")
_STAR_SHARE = 0.0012


class Scene(Struct, frozen=True):
    """Everything about one picture that is not a pixel yet; lengths are shares of its width and height."""

    is_night: bool
    sky_top: Colour
    sky_bottom: Colour
    light: tuple[float, float, float]
    """Where the sun or the moon stands, and its radius."""
    light_colour: Colour
    layers: tuple[tuple[Colour, tuple[float, ...], float], ...]
    """From the back to the front: colour, the phases of its line, and how high it stands."""


def compose(prompt: str, seed: int) -> Scene:
    """The scene of a prompt."""
    die = random.Random(f"{seed}:{prompt}")
    hue = die.random()
    is_night = any(word in prompt.lower() for word in _NIGHT_WORDS)
    brightness = 0.28 if is_night else 0.9
    return Scene(
        is_night=is_night,
        sky_top=_colour(hue, 0.6, brightness * 0.6),
        sky_bottom=_colour(hue + 0.12, 0.45, brightness),
        light=(0.2 + 0.6 * die.random(), 0.18 + 0.25 * die.random(), 0.05 + 0.06 * die.random()),
        light_colour=_colour(0.14, 0.1 if is_night else 0.45, 1.0),
        layers=tuple(_layer(die, hue, layer, is_night=is_night) for layer in range(_LAYERS)),
    )


def paint(scene: Scene, width: int, height: int, seed: int) -> Iterator[bytes]:
    """The rows from the top, three bytes a pixel."""
    lines = [[_line(phases, base, x / width) * height for x in range(width)] for _, phases, base in scene.layers]
    fronts = [max((i for i, line in enumerate(lines) if line[x] <= 0), default=-1) for x in range(width)]
    die = random.Random(seed)
    for y in range(height):
        for index, line in enumerate(lines):
            fronts = [index if line[x] <= y and index > front else front for x, front in enumerate(fronts)]
        yield _row(scene, fronts, y / height, width / height, die)


def _layer(die: random.Random, hue: float, layer: int, *, is_night: bool) -> tuple[Colour, tuple[float, ...], float]:
    nearness = layer / (_LAYERS - 1)
    value = (0.30 if is_night else 0.78) * (1.0 - 0.72 * nearness) + 0.04
    colour = _colour(hue + 0.05 - 0.1 * nearness, 0.35 + 0.3 * nearness, value)
    phases = tuple(die.random() * math.tau for _ in range(3))
    return colour, phases, 0.52 + 0.13 * layer + 0.03 * die.random()


def _line(phases: Sequence[float], base: float, x: float) -> float:
    """How far from the top a hill's edge is."""
    waves = sum(math.sin(x * math.tau * (1.3 + 1.9 * n) + phase) / (2.0 + 2.2 * n) for n, phase in enumerate(phases))
    return base - 0.075 * waves


def _row(scene: Scene, fronts: Sequence[int], y: float, aspect: float, die: random.Random) -> bytes:
    sky = _mixed(scene.sky_top, scene.sky_bottom, min(1.0, y / 0.7))
    centre_x, centre_y, radius = scene.light
    pixels = bytearray()
    width = len(fronts)
    for x, front in enumerate(fronts):
        if front >= 0:
            pixels += bytes(scene.layers[front][0])
            continue
        away = math.hypot((x / width - centre_x) * aspect, y - centre_y) / radius
        if away <= 1.0:
            pixels += bytes(scene.light_colour)
        elif scene.is_night and away > 1.6 and die.random() < _STAR_SHARE:
            pixels += b"\xff\xff\xf0"
        else:
            pixels += bytes(_mixed(sky, scene.light_colour, max(0.0, 0.5 - away * 0.14)))
    return bytes(pixels)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
