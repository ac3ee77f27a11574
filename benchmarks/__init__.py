"""Measurements, always beside a peer in the same run. Nothing here is a test: no figure passes or fails."""
