# Two commands: `make run` opens the app, `make test` runs lint, types and every test.
# Both make their own virtual environment in .venv with the versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint types unit js pictures bench clean

run: .venv/.installed
	@if [ -t 1 ]; then $(BIN)/smrt-tui; else $(BIN)/smrt-tui invoke local/chat; fi

test: lint types unit

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-dev
	$(BIN)/mypy

unit: .venv/.installed-dev
	$(BIN)/python -m pytest

pictures: .venv/.installed-dev
	$(BIN)/python -m tests.pictures

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch .venv/.installed $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
