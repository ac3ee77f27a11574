"""Lint: what is wrong or suspicious about a request before it is sent. Pure; reads no file and sends nothing."""

from __future__ import annotations

from smrt_tui.core.draft import Draft, ResolvedDraft
from smrt_tui.core.finding import Finding
from smrt_tui.core.profile import Profile
from smrt_tui.core.service import Service


def lint(draft: Draft, profile: Profile, service: Service) -> tuple[Finding, ...]:
    """x"""
    return ()


def lint_resolved(draft: ResolvedDraft, service: Service) -> tuple[Finding, ...]:
    """x"""
    return ()
