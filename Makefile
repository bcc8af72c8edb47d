# The project's commands. Python 3.11 and Node 20 are all that must be there already.
#
#   make run           sets up the server, builds the page, serves it on http://127.0.0.1:8000 (PORT, HOST)
#   make test          sets up everything (4 GB with PyTorch and TensorFlow) and runs every check and test
#   make bench         speed beside the peers' graphs (PEERS=folder) and the teacher's (TEACHER=its run directory),
#                      and bytes until the first painted picture
#   make soak          half an hour: 200 visitors for 30 seconds, trainings killed 100 times, 50 megapixels painted
#   make cross-check   converts networks a second way, through onnx-tf, and compares (RUN=folder, else untrained ones)
#   make clean         removes the built page and the caches; environments (.venv*) and runs/ stay
#
# On Linux, PyPI's torch brings CUDA along. To get PyTorch's smaller CPU build:
#   PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make test

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run test soak bench cross-check clean page chromium

# The first command that is a Python 3.11 or newer.
PYTHON ?= $(shell for python in python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && echo $$python && break; done)
BIN := .venv-train/bin
REQUIREMENTS := server train convert test
PIP := -m pip install --quiet --disable-pip-version-check

run: .venv/ready page
	@exec .venv/bin/python server.py

test: .venv-train/ready page chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm --prefix web run check
	npm --prefix web test
	$(BIN)/python -m pytest

bench: .venv-train/ready page chromium
	$(BIN)/python bench/run.py $(if $(PEERS),--peers "$(PEERS)") $(if $(TEACHER),--teacher "$(TEACHER)")

soak: .venv-train/ready page chromium
	SOAK=1 $(BIN)/python -m pytest -s tests/test_server_load.py tests/training/test_survival.py \
		tests/web/test_fifty_megapixels.py

cross-check:
	bash converter/cross_check.sh $(RUN)

clean:
	rm -rf web/dist .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -not -path './.venv*' -not -path './web/node_modules/*' -exec rm -rf {} +

# ---- set-up: each step runs once, and again only when what it is made from has changed

.venv/ready: requirements/server.txt
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed: install it, or name it, as in `make PYTHON=/path/to/python3`))
	$(PYTHON) -m venv .venv
	.venv/bin/python $(PIP) -r requirements/server.txt
	@touch $@

.venv-train/ready: $(REQUIREMENTS:%=requirements/%.txt)
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed: install it, or name it, as in `make PYTHON=/path/to/python3`))
	$(PYTHON) -m venv .venv-train
	$(BIN)/python $(PIP) torch==2.13.0
	$(BIN)/python $(PIP) $(REQUIREMENTS:%=-r requirements/%.txt)
	@touch $@

page: web/dist/index.html

PAGE_SOURCES = $(shell find web -type d \( -name node_modules -o -name dist -o -name __pycache__ \) -prune \
	-o -type f -not -name '*.py' -print)

web/dist/index.html: web/node_modules/.package-lock.json $(PAGE_SOURCES)
	npm --prefix web run build
	@touch $@

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@command -v npm > /dev/null || { echo 'Node 20 or newer is needed: install it from nodejs.org.' >&2; exit 1; }
	npm --prefix web ci --no-audit --no-fund
	@touch $@

chromium: .venv-train/ready
	@$(BIN)/python bench/chromium.py
