from __future__ import annotations

import ast
import errno
import socket
import ssl
import string
from pathlib import Path

import httpx
import pytest

import smrt_tui.client
from smrt_tui.client.causes import CallFacts, fault_of
from smrt_tui.client.faults import FAULTS, ClientTrouble, trouble
from smrt_tui.client.http1 import BadResponse

FACTS = CallFacts("host:443", 5, 70, 100, "proxy:3128")
FOLDER = Path(smrt_tui.client.__file__).parent


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def verification(code: int, message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, message
    return error


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


CASES: dict[str, tuple[Exception, str]] = {
    "dns": (caused(httpx.ConnectError(""), socket.gaierror(-2, "Name or service not known")), "dns-failed"),
    "refused": (caused(httpx.ConnectError(""), ConnectionRefusedError(111, "refused")), "connect-refused"),
    "no network": (caused(httpx.ConnectError(""), OSError(errno.ENETUNREACH, "unreachable")), "connect-unreachable"),
    "no host": (caused(httpx.ConnectError(""), OSError(errno.EHOSTUNREACH, "no route")), "connect-unreachable"),
    "connect": (httpx.ConnectError("odd"), "connect-failed"),
    "expired": (caused(httpx.ConnectError(""), verification(10, "certificate has expired")), "tls-expired"),
    "not yet": (caused(httpx.ConnectError(""), verification(9, "not yet valid")), "tls-expired"),
    "self-signed": (caused(httpx.ConnectError(""), verification(18, "self-signed")), "tls-unknown-ca"),
    "unknown authority": (caused(httpx.ConnectError(""), verification(20, "no issuer")), "tls-unknown-ca"),
    "other name": (caused(httpx.ConnectError(""), verification(62, "Hostname mismatch")), "tls-name-mismatch"),
    "other address": (caused(httpx.ConnectError(""), verification(64, "IP mismatch")), "tls-name-mismatch"),
    "revoked": (caused(httpx.ConnectError(""), verification(23, "revoked")), "tls-failed"),
    "plain port": (caused(httpx.ConnectError(""), tls("WRONG_VERSION_NUMBER")), "tls-not-spoken"),
    "alert": (caused(httpx.ConnectError(""), tls("TLSV1_ALERT_INTERNAL_ERROR")), "tls-failed"),
    "reset": (caused(httpx.ReadError(""), ConnectionResetError(104, "reset by peer")), "connection-reset"),
    "upload reset": (caused(httpx.WriteError(""), ConnectionResetError(104, "reset by peer")), "upload-cut"),
    "upload pipe": (caused(httpx.WriteError(""), BrokenPipeError(32, "broken pipe")), "upload-cut"),
    "breach": (caused(httpx.RemoteProtocolError(""), BadResponse("chunk-cut", "2 of 5 bytes")), "chunk-cut"),
    "named below": (caused(httpx.ProxyError(""), trouble("proxy-auth", proxy="p:1")), "proxy-auth"),
    "named": (trouble("region-missing"), "region-missing"),
}


@pytest.mark.parametrize(("error", "code"), CASES.values(), ids=CASES.keys())
def test_the_most_telling_cause_gives_the_name(error: Exception, code: str) -> None:
    assert fault_of(error, FACTS).code == code


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = httpx.ReadError("a"), httpx.ReadError("b")
    first.__cause__, second.__cause__ = second, first
    assert fault_of(first, FACTS).code == "connection-reset"


def test_messages_name_place_and_seconds() -> None:
    found = fault_of(httpx.ReadTimeout(""), FACTS)
    assert found.message == "nothing came from host:443 for 70 s (read_timeout)"
    assert fault_of(caused(httpx.ConnectError(""), socket.gaierror(-2, "unknown")), FACTS).message == (
        "host:443 has no address: unknown"
    )


@pytest.mark.parametrize("code", FAULTS)
def test_every_row_is_a_message_and_something_to_do(code: str) -> None:
    row = FAULTS[code]
    named = {
        name: "fact" for text in (row.message, row.hint) for _, name, _, _ in string.Formatter().parse(text) if name
    }
    filled = trouble(code, **named)
    assert filled.message and filled.hint
    assert "{{" not in filled.message + filled.hint
    assert not filled.message.endswith(".") and not filled.hint.endswith(".")


def test_every_condition_of_the_http_reader_has_a_row() -> None:
    tree = ast.parse((FOLDER / "http1.py").read_text(encoding="utf-8"))
    assert [code for code in _first_arguments(tree, "BadResponse") if code not in FAULTS] == []


def test_every_code_used_anywhere_has_a_row_and_every_row_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.py"))]
    used = {code for text in texts for code in _first_arguments(ast.parse(text), "trouble", "BadResponse")}
    assert used <= set(FAULTS)
    everything = "\n".join(texts)
    assert [code for code in FAULTS if everything.count(f'"{code}"') < 2] == []


def _first_arguments(tree: ast.AST, *functions: str) -> set[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    firsts = [call.args[0] for call in calls if call.func.id in functions and call.args]  # type: ignore[attr-defined]
    return {first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)}


def test_a_trouble_is_an_exception_with_its_words() -> None:
    named = ClientTrouble("code", "what happened", "what to do")
    assert (str(named), named.code, named.message, named.hint) == (
        "what happened",
        "code",
        "what happened",
        "what to do",
    )
