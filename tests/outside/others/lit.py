"""A container of LitServe's: words streamed as JSON lines. Run where LitServe is installed: `python lit.py PORT`."""

import sys
import time
from collections.abc import Iterator
from typing import Any

import litserve


class Words(litserve.LitAPI):  # type: ignore[misc, name-defined, unused-ignore]  # it is not installed here
    """Says the words it is given, one each 50 ms."""

    def setup(self, device: str) -> None:
        """Nothing to load."""

    # LitServe reads the annotations of the next and the last method as FastAPI's.
    def decode_request(self, request):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, RUF100
        """What is said."""
        return request["inputs"]

    def predict(self, text: str) -> Iterator[str]:
        """A word at a time."""
        for word in text.split():
            yield word
            time.sleep(0.05)

    def encode_response(self, words: Any) -> Any:
        """A JSON line a word; LitServe adds the line ends."""
        for word in words:
            yield {"word": word}


if __name__ == "__main__":
    api = Words(stream=True, api_path="/invocations")
    server = litserve.LitServer(api, healthcheck_path="/ping", accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False, log_level="warning")
