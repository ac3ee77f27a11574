"""Runs the rules over one invocation and ranks what they say. Holds no rule of its own."""

from __future__ import annotations

from collections.abc import Sequence

from smrt_tui.core.diagnose import access_rules, model_rules, service_rules, stream_rules, transport_rules
from smrt_tui.core.diagnose.evidence import Evidence
from smrt_tui.core.diagnose.rule import Rule
from smrt_tui.core.finding import Finding, Severity

RULES: tuple[Rule, ...] = (
    *access_rules.RULES,
    *service_rules.RULES,
    *model_rules.RULES,
    *transport_rules.RULES,
    *stream_rules.RULES,
)
"""In the order of telling within one severity. A ModelError is the container's word, so rules about SageMaker's own
answers are kept off it by their triggers, not by their place."""

_FALLBACKS = ("model-error", "refused")
"""Said only when nothing says more."""


def diagnose(evidence: Evidence, lint: Sequence[Finding] = ()) -> tuple[Finding, ...]:
    """What went wrong or looks suspicious, most telling first; empty when nothing does.

    `lint` are the findings about the draft: those that explain a failure (warnings and worse) are told after the
    rules' own, each id once. A cancelled call is not diagnosed: it ended as the person wanted.
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
    if evidence.has_failed:
        known = {finding.id for finding in told} | hidden
        told += [f for f in lint if f.severity >= Severity.WARNING and f.id not in known]
    return tuple(told)
