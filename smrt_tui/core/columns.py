"""Columns of numbers for a million things of one kind: a few bytes each, and any of them found in a moment.

What keeps growing is kept as steps from one number to the next, which are small, beside a running total now and then.
A step that does not fit is kept aside, so that no number is ever wrong or refused. Nothing here knows what is counted.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import Final, Literal, TypeAlias, overload

Width: TypeAlias = Literal["B", "H", "I"]
"""One, two or four bytes a step."""

_BLOCK: Final = 256
"""Steps from one running total to the next: what is added up at most to find a number."""

_NANOSECONDS: Final = 1_000_000_000


class Rising:
    """Whole numbers in the order in which they came, each nearly always a little more than the one before."""

    def __init__(self, width: Width) -> None:
        self._steps = array(width)
        self._most = (1 << 8 * self._steps.itemsize) - 1
        self._totals = array("q")
        """The number before every 256th."""
        self._odd_at, self._odd = array("Q"), array("q")
        """Steps that do not fit, and where they belong; in `_steps` they are 0."""
        self.last = 0
        """The latest number; 0 before there is one."""

    def __len__(self) -> int:
        return len(self._steps)

    def append(self, number: int) -> None:
        """Note the next number."""
        count = len(self._steps)
        if count % _BLOCK == 0:
            self._totals.append(self.last)
        step = number - self.last
        self.last = number
        if 0 <= step <= self._most:
            self._steps.append(step)
        else:
            self._odd_at.append(count)
            self._odd.append(step)
            self._steps.append(0)

    def extend(self, numbers: Sequence[int]) -> None:
        """Note numbers that follow each other."""
        if not numbers:
            return
        steps = list(map(sub, numbers, (self.last, *numbers[:-1])))
        if min(steps) < 0 or max(steps) > self._most:
            for number in numbers:
                self.append(number)
            return
        count = len(self._steps)
        first = -count % _BLOCK
        self._totals.extend((self.last, *numbers)[at] for at in range(first, len(numbers), _BLOCK))
        self._steps.extend(steps)
        self.last = numbers[-1]

    def __getitem__(self, index: int) -> int:
        """One number, counted from 0."""
        block = index // _BLOCK
        return self._totals[block] + self._sum(block * _BLOCK, index + 1)

    def before(self, index: int) -> int:
        """The number before the one at `index`; 0 before the first."""
        return self[index - 1] if index else 0

    def step(self, index: int) -> int:
        """By how much a number is more than the one before it."""
        place = bisect_left(self._odd_at, index)
        is_odd = place < len(self._odd_at) and self._odd_at[place] == index
        return self._odd[place] if is_odd else self._steps[index]

    def steps(self, start: int, stop: int) -> list[int]:
        """Some steps, one after the other."""
        found = self._steps[start:stop].tolist()
        for place in range(bisect_left(self._odd_at, start), bisect_left(self._odd_at, stop)):
            found[self._odd_at[place] - start] = self._odd[place]
        return found

    def numbers(self, start: int, stop: int) -> list[int]:
        """Some numbers, one after the other."""
        if start >= min(stop, len(self)):
            return []
        return list(accumulate(self.steps(start, stop), initial=self.before(start)))[1:]

    def first_above(self, limit: int) -> int:
        """The index of the first number that is more than `limit`; how many there are when none is."""
        block = bisect_right(self._totals, limit) - 1
        if block < 0:
            return 0
        start = block * _BLOCK
        within = self.numbers(start, start + _BLOCK)
        return start + bisect_right(within, limit)

    def _sum(self, start: int, stop: int) -> int:
        total = sum(self._steps[start:stop])
        if self._odd:
            places = slice(bisect_left(self._odd_at, start), bisect_left(self._odd_at, stop))
            total += sum(self._odd[places])
        return total


class Stamps(Sequence[float]):
    """Moments in seconds, kept to the nanosecond in four bytes each."""

    def __init__(self) -> None:
        self._nanoseconds = Rising("I")

    def extend(self, moments: Sequence[float]) -> None:
        """Note moments that follow each other."""
        self._nanoseconds.extend([round(at * _NANOSECONDS) for at in moments])

    def __len__(self) -> int:
        return len(self._nanoseconds)

    @overload
    def __getitem__(self, index: int) -> float: ...

    @overload
    def __getitem__(self, index: slice) -> list[float]: ...

    def __getitem__(self, index: int | slice) -> float | list[float]:
        """One moment, or those of a slice without a step."""
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return [number / _NANOSECONDS for number in self._nanoseconds.numbers(start, stop)]
        return self._nanoseconds[_checked(index, len(self))] / _NANOSECONDS

    def __iter__(self) -> Iterator[float]:
        for start in range(0, len(self), _BLOCK):
            yield from self[start : start + _BLOCK]


class Sizes(Sequence[int]):
    """The lengths of things that lie one after the other, in two bytes each, and so where each of them begins."""

    def __init__(self) -> None:
        self._ends = Rising("H")

    def extend(self, sizes: Sequence[int]) -> None:
        """Note lengths of things that follow each other."""
        self._ends.extend(list(accumulate(sizes, initial=self._ends.last))[1:])

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def total(self) -> int:
        """All of them together."""
        return self._ends.last

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> list[int]: ...

    def __getitem__(self, index: int | slice) -> int | list[int]:
        """One length, or those of a slice without a step."""
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return self._ends.steps(start, stop)
        return self._ends.step(_checked(index, len(self)))

    def start(self, index: int) -> int:
        """Where a thing begins; one past the last is where the next will."""
        return self._ends.before(index)

    def holding(self, offset: int) -> int:
        """Which thing holds an offset; the last when it is past all of them."""
        return max(0, min(self._ends.first_above(offset), len(self) - 1))


class Offsets(Sequence[int]):
    """Where things begin that are as far apart as their sizes and a number that hardly ever changes."""

    def __init__(self, sizes: Sizes) -> None:
        """`sizes` gets each thing before this does."""
        self._sizes = sizes
        self._firsts, self._bases, self._gaps = array("Q"), array("q"), array("q")
        """Runs: the first thing, its offset without the sizes before it, and what each thing has beside its size."""
        self._count = 0

    def extend(self, offsets: Sequence[int]) -> None:
        """Note where the next things begin."""
        first, self._count = self._count, self._count + len(offsets)
        starts = accumulate(self._sizes[first : self._count], initial=self._sizes.start(first))
        beside = list(map(sub, offsets, starts))
        if beside == self._expected(first, len(beside)):
            return
        for number, one in enumerate(beside, first):
            self._note(number, one)

    def _expected(self, first: int, count: int) -> list[int]:
        """What the next things have beside the sizes before them, if nothing changes."""
        if not self._firsts or first - self._firsts[-1] < 2:
            return []
        gap = self._gaps[-1]
        base = self._bases[-1] + (first - self._firsts[-1]) * gap
        return list(range(base, base + count * gap, gap)) if gap else [base] * count

    def _note(self, number: int, beside: int) -> None:
        since = number - self._firsts[-1] if self._firsts else 0
        if since == 1:
            self._gaps[-1] = beside - self._bases[-1]
        elif not since or beside != self._bases[-1] + since * self._gaps[-1]:
            self._firsts.append(number)
            self._bases.append(beside)
            self._gaps.append(0)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> list[int]: ...

    def __getitem__(self, index: int | slice) -> int | list[int]:
        """One offset, or those of a slice."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = _checked(index, len(self))
        run = bisect_right(self._firsts, number) - 1
        return self._sizes.start(number) + self._bases[run] + (number - self._firsts[run]) * self._gaps[run]


def _checked(index: int, count: int) -> int:
    if not -count <= index < count:
        raise IndexError(index)
    return index % count
