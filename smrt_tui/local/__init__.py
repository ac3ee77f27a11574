"""A stand-in for SageMaker on loopback. Verifies and encodes on its own: nothing of `client` or botocore is used."""
