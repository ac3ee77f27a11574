"""A picture made small: sampled while its rows come, drawn as half blocks, two pixels a cell. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

Pixel: TypeAlias = tuple[int, int, int]

_ROWS_AT_ONCE = 4


class Picture:
    """Pixels for a number of cells. Call `read_on` until it says that there is no more."""

    def __init__(
        self, rows: Iterator[bytes], size: tuple[int, int], columns: int, lines: int, background: Pixel
    ) -> None:
        """`rows` are RGBA, from the top; they may raise `ValueError`. `size` is width and height in pixels."""
        width, height = size
        scale = min(1.0, columns / width, 2 * lines / height)
        self.columns = max(1, int(width * scale))
        self.height = max(1, int(height * scale))
        self.pixels: list[list[Pixel]] = []
        """Sampled rows from the top, as far as they were read."""
        self.trouble = ""
        """Why reading ended early."""
        self._background = background
        self._wanted = [int((row + 0.5) * height / self.height) for row in range(self.height)]
        self._samples = [int((column + 0.5) * width / self.columns) * 4 for column in range(self.columns)]
        self._rows = enumerate(rows)

    @property
    def lines(self) -> int:
        """Lines of cells, two rows of pixels each."""
        return -(-self.height // 2)

    def read_on(self) -> bool:
        """Read a few rows; whether there are more."""
        for _ in range(_ROWS_AT_ONCE):
            try:
                number, row = next(self._rows)
            except StopIteration:
                return False
            except ValueError as error:
                self.trouble = str(error)
                return False
            while len(self.pixels) < self.height and self._wanted[len(self.pixels)] <= number:
                self.pixels.append([self._blended(row[at : at + 4]) for at in self._samples])
        return len(self.pixels) < self.height

    def _blended(self, rgba: bytes) -> Pixel:
        red, green, blue, alpha = rgba
        if alpha == 255:
            return red, green, blue
        under = 255 - alpha
        below = self._background
        return (
            (red * alpha + below[0] * under) // 255,
            (green * alpha + below[1] * under) // 255,
            (blue * alpha + below[2] * under) // 255,
        )

    def line(self, number: int) -> list[tuple[Pixel, Pixel]]:
        """The cells of a line: the upper pixel and the lower one."""
        upper = self._row(2 * number)
        lower = self._row(2 * number + 1)
        return list(zip(upper, lower, strict=True))

    def _row(self, number: int) -> list[Pixel]:
        return self.pixels[number] if number < len(self.pixels) else [self._background] * self.columns
