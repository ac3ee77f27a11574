"""Certificates made with the `openssl` program for one test run: an authority and servers of every kind of wrong."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_KEY = "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority in a folder of its own."""

    folder: Path

    @property
    def bundle(self) -> Path:
        """The PEM file that clients are to trust."""
        return self.folder / "ca.pem"

    def server(self, name: str, host: str, *, days: int = 2) -> ssl.SSLContext:
        """A server context with a certificate for a host, signed by this authority; -1 days make it an expired one."""
        key, request, certificate = (self.folder / f"{name}.{suffix}" for suffix in ("key", "csr", "pem"))
        subject = f"subjectAltName=DNS:{host}"
        _openssl("req", "-new", *_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={host}", "-addext", subject)
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(subject)
        signing = ["-CA", self.bundle, "-CAkey", self.folder / "ca.key", "-CAcreateserial", "-extfile", extensions]
        _openssl("x509", "-req", "-in", request, "-out", certificate, "-days", days, *signing)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context


def make_authority(folder: Path) -> Authority:
    """A new authority. Skips the test where there is no openssl program."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl program, which makes the certificates, is not installed")
    extensions = "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign"
    files = "-keyout", folder / "ca.key", "-out", folder / "ca.pem"
    _openssl("req", "-x509", *_KEY, "-days", 2, "-subj", "/CN=test authority", *files, *extensions)
    return Authority(folder)


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
