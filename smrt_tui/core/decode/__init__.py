"""Bytes into events into an answer: framers, the presets of the field, and the decoder that puts them together.

Pure and incremental. Nothing here reads a clock or draws; raw parts stay with the recorder. Begin with `decoder`.
Nothing is imported in this file: to check a profile takes `options` alone.
"""
