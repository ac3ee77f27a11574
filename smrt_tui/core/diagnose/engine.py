"""Runs the rules over one invocation and ranks what they say. Holds no rule of its own."""

from __future__ import annotations

from collections.abc import Sequence

from smrt_tui.core.diagnose import (
    access_rules,
    availability_rules,
    identity_rules,
    model_rules,
    service_rules,
    stream_rules,
    transport_rules,
)
from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Rule
from smrt_tui.core.finding import Finding, Severity

RULES: tuple[Rule, ...] = (
    *access_rules.RULES,
    *service_rules.RULES,
    *availability_rules.RULES,
    *model_rules.RULES,
    *transport_rules.RULES,
    *stream_rules.RULES,
    *identity_rules.RULES,
)
"""In the order of telling within one severity. A ModelError is the container's word, so rules about SageMaker's own
answers are kept off it by their triggers, not by their place."""

_FALLBACKS = ("model-error", "refused", "job-failed")
"""Said only when nothing says more."""

_NAMED_BY_LINT = ("R41", "R42", "R58")
"""What the lint sees in the request itself, and the answer only confirms."""


def diagnose(evidence: Evidence, lint: Sequence[Finding] = ()) -> tuple[Finding, ...]:
    """What went wrong or looks suspicious, most telling first; empty when nothing does.

    `lint` are the findings about the draft: those that explain a failure (warnings and worse) are told after the
    rules' own, each id once. Where both found the same, the lint's stands in the rule's place: it names the very header
    or byte, and has the repair. A cancelled call is not diagnosed: it ended as the person wanted.
    """
    if evidence.is_cancelled:
        return ()
    fired: dict[str, Finding] = {}
    hidden: set[str] = set()
    for rule in RULES:
        if rule.id in fired or (rule.id in _FALLBACKS and fired):
            continue
        finding = rule.look(evidence)
        if finding is not None:
            fired[rule.id] = finding
            hidden.update(rule.hides)
    told = [finding for id_, finding in fired.items() if id_ not in hidden]
    told.sort(key=lambda finding: -finding.severity)  # stable: the rules' order decides within a severity
    return tuple(_beside(lint, told, hidden) if evidence.has_failed else told)


def _beside(lint: Sequence[Finding], told: Sequence[Finding], hidden: set[str]) -> list[Finding]:
    """The rules' findings, the sharper words of the lint where it found the same, and what it alone found."""
    known = {finding.id for finding in told}
    sharper = {f.id: f for f in reversed(lint) if f.id in known and f.id in _NAMED_BY_LINT}
    alone = [f for f in lint if f.severity >= Severity.WARNING and f.id not in known | hidden]
    return [*(sharper.get(finding.id, finding) for finding in told), *alone]
