# Two commands: `make run` opens the app, `make test` runs lint, types and every test.
# Both make their own virtual environment in .venv with the versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint types unit judges docs pictures clean

run: .venv/.installed
	@if [ -t 1 ]; then $(BIN)/smrt-tui; else $(BIN)/smrt-tui invoke local/chat; fi

test: lint types unit

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-dev
	$(BIN)/mypy

unit: .venv/.installed-dev tests/outside/node_modules/.installed
	$(BIN)/python -m pytest -n auto --dist loadfile

docs: .venv/.installed-dev
	$(BIN)/python -m tests.generated_docs

pictures: .venv/.installed-dev
	$(BIN)/python -m tests.pictures

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	$(BIN)/python -m compileall -q smrt_tui
	@touch $@

.venv/.installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q smrt_tui
	@touch .venv/.installed $@

# The AWS SDKs for JavaScript judge the local endpoint where Node is; without it those tests are skipped, and say so.
tests/outside/node_modules/.installed: tests/outside/package.json
	@if command -v npm >/dev/null; then \
	  cd tests/outside && npm install --no-package-lock --no-audit --no-fund --silent || echo "npm install failed: the JavaScript judges are skipped"; \
	else echo "no npm here: the JavaScript judges are skipped"; fi
	@mkdir -p tests/outside/node_modules && touch $@

# Judges that cannot live beside this project's own dependencies, or are large (1 GB): each in an environment of its own.
JUDGES := tests/outside/venvs

judges: .venv/.installed-dev $(JUDGES)/aiobotocore/.installed $(JUDGES)/awscli/.installed $(JUDGES)/containers/.installed
	$(BIN)/python -m pytest tests/outside/test_aiobotocore.py tests/outside/test_aws_cli.py tests/outside/test_containers_of_others.py

$(JUDGES)/aiobotocore/.installed: PACKAGES := aiobotocore==3.10.0
$(JUDGES)/awscli/.installed: PACKAGES := awscli==1.46.3
$(JUDGES)/containers/.installed: PACKAGES := litserve==0.2.19 mlflow==3.17.2 scikit-learn==1.9.1
$(JUDGES)/%/.installed:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check $(PACKAGES)
	@touch $@

clean:
	rm -rf .venv tests/outside/node_modules tests/outside/venvs build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
