"""What a rule is: one row of the diagnosis table, and how it becomes a finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.finding import Finding, Fix, Severity


class Hit(Struct, frozen=True):
    """Why a rule fired."""

    where: str
    """The header, field, byte or second that shows it."""
    evidence: str
    """What was seen there."""
    facts: tuple[tuple[str, str], ...] = ()
    """Values for the `{…}` of the rule's sentences."""
    fix: Fix | None = None


Trigger: TypeAlias = Callable[[Evidence], Hit | None]


class Rule(Struct, frozen=True):
    """One row. Rows stand in the order of telling: the earlier says more."""

    id: str
    severity: Severity
    trigger: Trigger
    why: str
    """One sentence; `{name}` takes a fact of the hit."""
    hint: str
    """What to do; the same."""
    source: str
    """Where it was seen in public."""
    hides: tuple[str, ...] = ()
    """Rules that would only say the same in general words."""

    def look(self, evidence: Evidence) -> Finding | None:
        """The finding, if the rule fires."""
        hit = self.trigger(evidence)
        if hit is None:
            return None
        facts = dict(hit.facts)
        return Finding(
            id=self.id,
            severity=self.severity,
            where=hit.where,
            message=_filled(self.why, facts),
            hint=_filled(self.hint, facts),
            evidence=hit.evidence,
            source=self.source,
            fix=hit.fix,
        )


def _filled(sentence: str, facts: dict[str, str]) -> str:
    for name, value in facts.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence
