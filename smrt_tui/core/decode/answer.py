"""The answer as it grows: per choice its text, reasoning, tool calls and why it ended; usage and counts.

It takes frames with the fields that were read out of them and gives each back as a frozen event. Nothing is parsed
here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, count

from msgspec import Struct, field

from smrt_tui.core.decode.channel import Channel
from smrt_tui.core.decode.decoded import Decoded, Kind, Plain, ToolFragment
from smrt_tui.core.decode.moments import Moments
from smrt_tui.core.decode.paths import is_true
from smrt_tui.core.decode.places import Places
from smrt_tui.core.decode.reader import Fields, tool_fragments


class ToolCall(Struct):
    """One call that the model wants made, as far as it has been told."""

    id: str = ""
    name: str = ""
    arguments: Channel = field(default_factory=Channel)
    """JSON text, when it is complete and the model did well."""


class Choice(Struct):
    """One of the answers to one question; nearly always the only one."""

    text: Channel = field(default_factory=Channel)
    reasoning: Channel = field(default_factory=Channel)
    tools: dict[int, ToolCall] = field(default_factory=dict)
    finish: str | None = None
    """Why the model stopped, in its own word."""
    final: str | None = None
    """The whole text as the server repeats it at the end; never part of `text`."""

    @property
    def final_agrees(self) -> bool | None:
        """Whether the repeated text is the streamed one, white space around it aside; None when it was not repeated."""
        return None if self.final is None else self.final.strip() == self.text.text.strip()

    def add_tools(self, fragments: Iterable[ToolFragment], event: int) -> None:
        """Fold fragments of tool calls in."""
        for fragment in fragments:
            call = self.tools.setdefault(fragment.call, ToolCall())
            call.id = fragment.id or call.id
            call.name = fragment.name or call.name
            call.arguments.add(fragment.arguments, event)

    def channels(self) -> tuple[Channel, ...]:
        """Everything in it that grows."""
        return (self.text, self.reasoning, *(call.arguments for call in self.tools.values()))


class Counts(Struct, frozen=True):
    """How many of what was found in a body."""

    events: int
    """Messages of the model, whatever they say."""
    text_events: int
    """Events that added text to any choice."""
    reasoning_events: int
    tokens: int
    """Events that carried exactly one token, special ones included; 0 where the format does not promise that."""
    hidden: int
    """Events whose text was left out: special tokens, or what `skip_when` says."""
    odd: int
    """Values that a text or reasoning path led to and that are no text."""
    comments: int
    bad: int
    """Pieces of the body that are no event."""
    bad_bytes: int


class Answer:
    """Everything decoded so far."""

    def __init__(self) -> None:
        self.choices: dict[int, Choice] = {}
        self.places = Places()
        self.texts = Moments()
        """When events with text were read."""
        self.reasonings = Moments()
        self.usage_in: int | None = None
        """Prompt tokens as the server last told them."""
        self.usage_out: int | None = None
        """Completion tokens, in the same way: a running total is told many times and never summed."""
        self.error: str | None = None
        """The first error told inside the stream."""
        self.is_done = False
        """Whether the end marker came."""
        self._marks: Counter[Kind] = Counter()
        self._tokens = self._hidden = self._odd = self._bad_bytes = 0

    @property
    def counts(self) -> Counts:
        """What was found so far."""
        return Counts(
            events=len(self.places) - self._marks.total(),
            text_events=self.texts.count,
            reasoning_events=self.reasonings.count,
            tokens=self._tokens,
            hidden=self._hidden,
            odd=self._odd,
            comments=self._marks["comment"],
            bad=self._marks["bad"],
            bad_bytes=self._bad_bytes,
        )

    @property
    def has_ended(self) -> bool:
        """Whether the model told that it ended: a finish reason, the whole text once more, or the end marker."""
        return self.is_done or any(c.finish is not None or c.final is not None for c in self.choices.values())

    def choice(self, number: int) -> Choice:
        """The choice of that number, a new one when it has not been heard of."""
        found = self.choices.get(number)
        if found is None:
            found = self.choices[number] = Choice()
        return found

    def take_plain(self, start: int, end: int, text: str, plain: Plain, part: int, at: float) -> Decoded:
        """An event that is nothing but text, of a choice's answer or of its reasoning."""
        is_reasoning, choice_number, is_token = plain
        if is_token:
            self._tokens += 1
        number = self.places.append(start, end, part)
        choice = self.choices.get(choice_number) or self.choice(choice_number)
        added = thought = ""
        if is_reasoning:
            thought = choice.reasoning.add(text, number)
            if thought:
                self.reasonings.add(at)
        else:
            added = choice.text.add(text, number)
            if added:
                self.texts.add(at)
        # Nearly every event is made here, and `Decoded(…)` with its defaults takes twice as long.
        return tuple.__new__(
            Decoded,
            ("event", number, start, end, part, at, added, thought, choice_number, None, None, None, None, (), ""),
        )

    def take_texts(
        self, start: int, sizes: Iterable[int], texts: Sequence[str], parts: Sequence[int], times: Sequence[float]
    ) -> list[Decoded]:
        """Many events that are nothing but text, one after the other without a byte between them, none empty."""
        borders = list(accumulate(sizes, initial=start))
        first = self.places.extend(borders[1:], parts)
        self.choice(0).text.add_many(texts, first)
        self.texts.extend(times)
        rows = zip(count(first), borders, borders[1:], parts, times, texts, strict=False)
        return [tuple.__new__(Decoded, ("event", *row, "", 0, None, None, None, None, (), "")) for row in rows]

    def take_event(
        self, start: int, end: int, choices: Sequence[Fields], part: int, at: float, *, is_token: bool
    ) -> list[Decoded]:
        """An event by the fields of each of its choices; `is_token` where its text is exactly one token."""
        number = self.places.append(start, end, part)
        blank = Decoded("event", number, start, end, part, at)
        taken = [self._take_choice(blank, fields) for fields in choices]
        if is_token and isinstance(choices[0].text, str) and taken[0].error is None:
            self._tokens += 1
        if any(one.text for one in taken):
            self.texts.add(at)
        if any(one.reasoning for one in taken):
            self.reasonings.add(at)
        return taken

    def take_mark(self, kind: Kind, start: int, end: int, note: str, part: int, at: float) -> Decoded:
        """A comment, bad bytes, or the end marker."""
        self._marks[kind] += 1
        if kind == "done":
            self.is_done = True
        elif kind == "bad":
            self._bad_bytes += end - start
        number = self.places.append(start, end, part)
        return Decoded(kind, number, start, end, part, at, note=note)

    def close(self, end: int, part: int, at: float) -> list[Decoded]:
        """What was held back for a second half that never came."""
        return [
            rest
            for number, choice in self.choices.items()
            for rest in self._flush(Decoded("rest", len(self.places), end, end, part, at, choice=number), choice)
        ]

    def _flush(self, blank: Decoded, choice: Choice) -> list[Decoded]:
        if not any(channel.is_holding for channel in choice.channels()):
            return []
        self._marks["rest"] += 1
        number = self.places.append(blank.start, blank.end, blank.part)
        for call in choice.tools.values():
            call.arguments.flush(number)
        return [blank._replace(number=number, text=choice.text.flush(number), reasoning=choice.reasoning.flush(number))]

    def _take_choice(self, blank: Decoded, fields: Fields) -> Decoded:
        choice_number = fields.choice if type(fields.choice) is int else 0
        choice = self.choice(choice_number)
        text, reasoning = self._shown(fields)
        added = choice.text.add(text, blank.number) if text else ""
        thought = choice.reasoning.add(reasoning, blank.number) if reasoning else ""
        one = Decoded(*blank[:6], added, thought, choice_number)
        return one if fields[2:8] == _NOTHING else self._take_rest(one, choice, fields)

    def _shown(self, fields: Fields) -> tuple[str, str]:
        """The text and reasoning to append."""
        if fields.skip_when is not None and is_true(fields.skip_when):
            self._hidden += 1
            return "", ""
        return self._as_text(fields.text), self._as_text(fields.reasoning)

    def _as_text(self, value: object) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        self._odd += 1
        return ""

    def _take_rest(self, one: Decoded, choice: Choice, fields: Fields) -> Decoded:
        tools = () if fields.tool is None else tool_fragments(fields.tool)
        choice.add_tools(tools, one.number)
        finish = _reason(fields.finish)
        choice.finish = finish or choice.finish
        if isinstance(fields.final, str):
            choice.final = fields.final
        error = error_text(fields.error) or ("the finish reason is `error`" if finish == "error" else None)
        self.error = self.error or error
        usage_in, usage_out = _count(fields.usage_in), _count(fields.usage_out)
        self.usage_in = self.usage_in if usage_in is None else usage_in
        self.usage_out = self.usage_out if usage_out is None else usage_out
        return one._replace(finish=finish, error=error, usage_in=usage_in, usage_out=usage_out, tools=tools)


_NOTHING = (None,) * 6


def _reason(value: object) -> str | None:
    return (value if isinstance(value, str) else json.dumps(value)) if is_true(value) else None


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def error_text(value: object) -> str | None:
    """The sentence in whatever a server calls an error: a string, or an object with a message; None for no error."""
    if not is_true(value):
        return None
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return json.dumps(value)
    message = next((value[key] for key in ("message", "msg", "error", "detail") if value.get(key)), None)
    if not isinstance(message, str):
        return json.dumps(value)
    kind = value.get("type") or value.get("code") or value.get("http_status_code")
    return f"{message} ({kind})" if kind else message
