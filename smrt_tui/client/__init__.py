"""Talks to a SageMaker Runtime endpoint and reports every step as a `core.events` event. Never draws, never stores."""
