# Every target sets up what it needs: a machine with Python 3.11 or later, git and make is enough.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Where an environment forbids to keep compiled modules, each of the hundreds of programs that tests start compiles anew.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough; `make PYTHON=/path/to/python ...` takes another.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# One more than the cores of a small machine: tests wait for browsers, databases and servers.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder
# The service on this machine alone, with SQLite, the shipped model and a demonstration's accounts.
SERVE := $(BIN)/ltu-triage serve --demo --data out/service --sample docs/examples/attendance.xlsx
# Scores the invented attendance list and explains one client. Some of its rows know too little to be scored: the
# command says so with 3, and for this list that is right.
DEMO_LIST := $(BIN)/ltu-triage score docs/examples/attendance.xlsx -o out/attendance-scored.xlsx \
	--mapping docs/examples/attendance-mapping.yaml --on 2026-10-31 --explain 40

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help setup run mlflow demo-list test quick coverage soak check fix content governance pictures bench lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): requirements/dev.txt requirements/uv.txt pyproject.toml hatch_build.py scripts/bootstrap.sh
	@scripts/bootstrap.sh "$(PYTHON)" "$(VENV)"
	@touch $@

setup: $(READY)  ## make .venv with the locked tools (each target below does it when needed)

run: $(READY)  ## start the adviser's service at 127.0.0.1:8000; it prints sign-in links
	$(SERVE)

mlflow: $(READY)  ## start the analysts' MLflow server at 127.0.0.1:5000 (settings: mlflow/server.env)
	scripts/mlflow-server.sh $(VENV)

demo-list: $(READY)  ## score the example attendance list into out/
	@mkdir -p out
	$(DEMO_LIST) || [ $$? -eq 3 ]

test: $(READY)  ## all tests but the soak tests
	$(PYTEST) -m "not soak"

quick: $(READY)  ## the unit and golden tests that need nothing started: under a minute together
	$(PYTEST) -n 2 -m "not slow and not soak" tests/unit tests/golden

coverage: $(READY)  ## the same tests as `make test`, with the branches that they take; half as long again
	$(PYTEST) -m "not soak" --cov --cov-report=term

soak: $(READY)  ## the tests that are too long for `make test`
	HYPOTHESIS_PROFILE=soak $(PYTEST) -m soak

check: $(READY)  ## lint, format, types and import contracts; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict triage
	$(BIN)/lint-imports

fix: $(READY)  ## repair what can be repaired: lint and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

content: $(READY)  ## check the content in full and keep its data for a quick start
	$(BIN)/python -m experiments.check_content

governance: $(READY)  ## write the model's and the content's figures into docs/governance
	$(BIN)/python -m experiments.governance

pictures: $(READY)  ## take the pictures of the guides from the running service (needs Chromium)
	$(BIN)/python -m experiments.pictures

bench: $(READY)  ## measure speed and memory (docs/benchmarks.md)
	$(BIN)/python -m experiments.bench

lock: $(READY)  ## resolve requirements/*.txt anew
	$(LOCK) --upgrade requirements/uv.in -o requirements/uv.txt
	$(LOCK) --upgrade pyproject.toml --extra lists --extra web --extra postgres --extra learn --extra signing --extra tuning --group dev -o requirements/dev.txt

clean:  ## remove everything that make made
	rm -rf $(VENV) build dist out .coverage .coverage.* htmlcov .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
