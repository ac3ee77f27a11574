"""A stand-in for SageMaker on loopback, independent of the client: it verifies and encodes by itself.

    server.py      the process: one port, one announcement, a log, an end
    connection.py, wire.py         HTTP/1.1 below the level of a framework, so that faults can break it
    frontdoor.py   the three operations; admission.py (limits of the model), endpoints.py (which container),
                   relay.py (headers in and out), streaming.py (flushes to frames), refusals.py (every error text)
    sigv4.py, framing.py           the signature and the frames, in code of their own
    faults.py      the table of faults; effects.py, frame_faults.py, parts.py, directives.py carry it out
    queue.py, objects.py           async jobs and the object store they read and write
    containers/    the built-in models; container.py is what they and the door owe each other
    upstream.py, contract.py       a container of the user's own, and whether SageMaker would take it

Imports `core` only: no botocore, no client, no screen.
"""
