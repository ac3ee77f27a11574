"""Runs every rule over one request and ranks what they say. Holds no rule of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.finding import Finding
from smrt_tui.core.lint import bodies, headers, members
from smrt_tui.core.lint.licence import licence
from smrt_tui.core.lint.secrets import secrets
from smrt_tui.core.lint.subject import Subject, subject_of, subject_of_resolved
from smrt_tui.core.profile import Profile
from smrt_tui.core.service import Service

Rule: TypeAlias = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    members.endpoint_name,
    members.unknown_members,
    members.members_of_another_operation,
    members.illegal_values,
    members.limits,
    members.session,
    members.misplaced_inference_component,
    headers.illegal_headers,
    headers.reserved_headers,
    headers.headers_of_members_set_twice,
    headers.accept_under_the_wrong_name,
    headers.content_type_under_the_wrong_name,
    headers.sagemaker_headers_that_are_none,
    headers.stripped_headers,
    bodies.presence,
    bodies.size,
    bodies.missing_content_type,
    bodies.body_and_content_type,
    bodies.doubly_encoded,
    bodies.stream_flag,
    licence,
    secrets,
)
"""In the order of telling within one severity."""


def lint(draft: Draft, profile: Profile, service: Service, unseen: int = 0) -> tuple[Finding, ...]:
    """What is wrong or suspicious about a draft, worst first; a placeholder without a value is a finding too.

    Of what only sending can tell (files, the environment) nothing is said. `unseen` is how many bytes of the payload
    follow those that the draft has.
    """
    subject, unresolved = subject_of(draft, profile, service, unseen)
    return _ranked([*unresolved, *_run(subject)])


def lint_resolved(draft: ResolvedDraft, profile: Profile, service: Service) -> tuple[Finding, ...]:
    """What is wrong or suspicious about a request that is about to be sent, worst first."""
    return _ranked(_run(subject_of_resolved(draft, profile, service)))


def _run(subject: Subject) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(subject)


def _ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: -finding.severity))
