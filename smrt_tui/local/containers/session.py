"""The session container: remembers what was said in a session, until it is closed or expires.

As the stateful sessions of DJL Serving and of AWS's container standards: a session begins with
`{"requestType": "NEW_SESSION"}`, ends with `{"requestType": "CLOSE"}`, and its id travels in a header. On creation the
container answers `X-Amzn-SageMaker-Session-Id: <id>; Expires=…`, which the service renames for the client.
"""

from __future__ import annotations

import json
import time
from typing import Any

from msgspec import Struct, field

from smrt_tui.local.container import ContainerRequest, ContainerResponse
from smrt_tui.local.containers.answers import answer, json_answer, paced, streamed
from smrt_tui.local.containers.reading import SESSION_ID, header, is_streaming, json_object, pace_s
from smrt_tui.local.containers.surroundings import Surroundings

_CLOSED_SESSION_ID = "X-Amzn-SageMaker-Closed-Session-Id"
_NEW, _CLOSE = "NEW_SESSION", "CLOSE"
_TEXT_KEYS = ("text", "message", "inputs")
_LIFETIME_S = 1200
_LONGEST_TURN = 2000
_PACE_S = 0.02


class _Session(Struct):
    expires: float
    turns: list[str] = field(default_factory=list)


class SessionContainer:
    """Holds the sessions in memory. Every turn prolongs its session."""

    name = "session"

    def __init__(self, surroundings: Surroundings | None = None, lifetime_s: int = _LIFETIME_S) -> None:
        self._surroundings = surroundings or Surroundings()
        self._lifetime_s = lifetime_s
        self._sessions: dict[str, _Session] = {}

    async def invoke(self, request: ContainerRequest) -> ContainerResponse:
        """Opens, closes or goes on with a session; without one, a single turn that nobody remembers."""
        self._forget_expired()
        try:
            payload = json_object(request.body)
            pace = pace_s(request.headers, _PACE_S)
        except ValueError as problem:
            return _refused(str(problem))
        session_id = header(request.headers, SESSION_ID)
        match payload.get("requestType"):
            case None:
                return self._turn(request, payload, session_id, pace)
            case "NEW_SESSION":
                return self._open()
            case "CLOSE":
                return self._close(session_id)
            case other:
                return _refused(f"requestType must be {_NEW} or {_CLOSE}, not {json.dumps(other)}")

    async def ping(self) -> bool:
        """Always ready."""
        return True

    def _open(self) -> ContainerResponse:
        session_id = _as_uuid(self._surroundings.new_id())
        session = _Session(self._surroundings.now() + self._lifetime_s)
        self._sessions[session_id] = session
        headers = ((SESSION_ID, f"{session_id}; Expires={_utc(session.expires)}"),)
        return answer(f"Session {session_id} created".encode(), "text/plain; charset=utf-8", headers=headers)

    def _close(self, session_id: str | None) -> ContainerResponse:
        if session_id is None or self._sessions.pop(session_id, None) is None:
            return _not_found(session_id)
        headers = ((_CLOSED_SESSION_ID, session_id),)
        return answer(f"Session {session_id} closed".encode(), "text/plain; charset=utf-8", headers=headers)

    def _turn(
        self, request: ContainerRequest, payload: dict[str, Any], session_id: str | None, pace: float
    ) -> ContainerResponse:
        session = _Session(0) if session_id is None else self._sessions.get(session_id)
        if session is None:
            return _not_found(session_id)
        said = next((payload[name] for name in _TEXT_KEYS if name in payload), None)
        if not isinstance(said, str) or not 0 < len(said) <= _LONGEST_TURN:
            return _refused(f"text must be a string of 1 to {_LONGEST_TURN} characters")
        if session_id is not None:
            session.expires = self._surroundings.now() + self._lifetime_s
        reply = _reply(session_id, session, said)
        session.turns.append(said)
        if not is_streaming(request.headers):
            return json_answer(reply)
        lines = [json.dumps({key: value}, ensure_ascii=False) + "\n" for key, value in reply.items()]
        return streamed(paced((line.encode(errors="replace") for line in lines), pace), "application/jsonlines")

    def _forget_expired(self) -> None:
        now = self._surroundings.now()
        self._sessions = {name: session for name, session in self._sessions.items() if session.expires > now}


def _reply(session_id: str | None, session: _Session, said: str) -> dict[str, Any]:
    turn = len(session.turns) + 1
    before = f" Before that you said: {'; '.join(session.turns)}." if session.turns else ""
    return {
        "session": session_id,
        "turn": turn,
        "remembered": list(session.turns),
        "answer": f"This is turn {turn}. You said: {said}.{before}",
    }


def _not_found(session_id: str | None) -> ContainerResponse:
    return _refused(f"session not found: {session_id}")


def _refused(message: str) -> ContainerResponse:
    return json_answer({"detail": f"Bad request: {message}"}, status=400)


def _as_uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _utc(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
