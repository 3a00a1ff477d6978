# The project's commands. Each builds $(VENV) from the lock by itself when it is missing or stale.

VENV ?= .venv
BIN = $(VENV)/bin
PYTHONS = $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3
# More than the two cores that it is made for: much of the time tests wait for processes to start.
JOBS ?= 3

.DEFAULT_GOAL := help
.SUFFIXES:
unexport PYTHONHOME PYTHONPATH PORT
# Compiling every module again in every process is a tenth of the time that the tests take.
unexport PYTHONDONTWRITEBYTECODE
export PIP_USER = 0
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help sandbox test check lint migrations bench bench-short chaos fanout scale pictures fmt lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

sandbox: $(VENV)/runtime ## Try ProdOps in a local workspace, no Slack account needed (PORT=…)
	@$(BIN)/prodops sandbox $(if $(PORT),--port $(PORT))

test: $(VENV)/dev ## Run the tests (ARGS="-k grammar" picks some, JOBS=0 runs them in one process)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: lint test ## All that a change must pass: lint, formatting, types, import contracts, tests

lint: $(VENV)/dev ## Lint, formatting, types and import contracts, without the tests
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

migrations: $(VENV)/dev ## Migrate up, down and up again, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest tests/storage/test_migrations.py $(ARGS)

bench: $(VENV)/dev ## Measure speed and memory beside the bare libraries
	@$(BIN)/python -m bench $(ARGS)

bench-short: $(VENV)/dev ## The same in a minute, with fewer repetitions
	@$(BIN)/python -m bench --short $(ARGS)

chaos: $(VENV)/dev ## Kill replicas while Slack, network and database fail, then reckon up (ARGS="--seed 7")
	@$(BIN)/python -m bench.chaos $(ARGS)

fanout: $(VENV)/dev ## Measure a fan-out beside a bare loop of the client (ARGS="--rounds 9")
	@$(BIN)/python -m bench.fanout $(ARGS)

scale: $(VENV)/dev ## Measure with and beside five million rows of history (ARGS="--shares 500000")
	@$(BIN)/python -m bench.scale $(ARGS)

pictures: $(VENV)/dev ## Take the README's pictures anew, by clicking the story through in Chromium
	@PRODOPS_PICTURES=docs/pictures PRODOPS_REQUIRE_ALL=1 $(BIN)/python -m pytest -q tests/story/test_browser.py

fmt: $(VENV)/dev ## Format the code and put right what lint can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

# Only this form of lock names no registry, holds for all platforms and is read by plain pip too.
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate pyproject.toml --extra build $(ARGS)

lock: $(VENV)/built-for ## Write both locks anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

# --- The virtual environment -----------------------------------------------------------------
# built-for: an empty environment with uv; runtime: what runs ProdOps; dev: what tests it as well.

UV = $(BIN)/uv $(shell cache="$${UV_CACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME/.cache}/uv}"; \
	mkdir -p "$$cache" 2>/dev/null && test -w "$$cache" || echo --no-cache)

# By uv, which is three times as fast; by pip where uv has no wheel, or doesn't know the mirror that
# pip has been set up with. The last word, and its error, is pip's.
uv_install = $(UV) pip install --quiet --compile-bytecode --python $(BIN)/python
pip_install = $(BIN)/python -m pip install -qq
EDITABLE = --no-deps --no-build-isolation --editable .
of_uv = /^uv==/, !/\\$$/

install_lock = $(uv_install) --require-hashes -r $(1) 2>/dev/null || { \
	awk '$(of_uv) { next } { print }' $(1) > $(VENV)/pip.lock; \
	$(pip_install) --require-hashes -r $(VENV)/pip.lock; }

$(VENV)/dev: requirements-dev.lock $(VENV)/runtime
	@$(call install_lock,requirements-dev.lock)
	@touch $@

$(VENV)/runtime: requirements.lock pyproject.toml $(VENV)/built-for
	@$(call install_lock,requirements.lock)
	@$(uv_install) $(EDITABLE) 2>/dev/null || $(pip_install) $(EDITABLE)
	@touch $@

# Scripts in an environment name their folder and their Python: one that was moved or copied with
# the checkout, or whose Python has been replaced since, is built anew.
FACTS = import os, sys; print(os.getcwd(), sys.version.split()[0])
facts = $(BIN)/python -c '$(FACTS)' 2>/dev/null

ifneq ($(shell cat $(VENV)/built-for 2>/dev/null),$(shell $(facts)))
.PHONY: $(VENV)/built-for
endif

# The lock on the Makefile lets two commands that start at once on a fresh clone share one build.
$(VENV)/built-for:
	@exec 9< Makefile; flock 9 2>/dev/null; \
	[ -e $@ ] && [ "$$(cat $@)" = "$$($(facts))" ] && exit 0; \
	for python in $(PYTHONS); do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -c 'import ensurepip, venv' 2>/dev/null && found=$$python && break; \
		bare=$$python; \
	done; \
	if [ -z "$$found" ] && [ "$$bare" ]; then \
		echo "ProdOps: $$bare lacks the venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
		echo "ProdOps needs Python 3.11 or newer; there is none on the PATH (make PYTHON=/path/to/python3 … names one)." >&2; exit 1; \
	fi; \
	echo "Building $(VENV) with $$($$found --version): some 20 seconds, once." >&2; \
	$$found -m venv --clear $(VENV) || exit 1; \
	awk '$(of_uv)' requirements.lock > $(VENV)/uv.lock; \
	$(pip_install) --only-binary :all: --require-hashes -r $(VENV)/uv.lock 2>/dev/null; \
	$(facts) > $@
