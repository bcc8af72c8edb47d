# The project's commands. Python 3.11 or 3.12 and Node 20.19, or 22.12 or newer, are all that must be there already.
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
.PHONY: run test soak bench cross-check clean node page chromium

# What the packages run on, TensorFlow and Vite above all. Asked before anything is fetched.
PYTHON_FITS = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))'
NODE_FITS = -e 'const [a, b] = process.versions.node.split("."); process.exit(+(a == 20 ? b < 19 : a == 22 ? b < 12 : a < 22))'

# The first command that is such a Python. One that is there and does not run, as pyenv's may be, is passed over.
PYTHON ?= $(shell for python in python3.11 python3.12 python3 python; do \
	$$python $(PYTHON_FITS) &> /dev/null && echo $$python && break; done)
HAS_PYTHON = $(shell "$(PYTHON)" $(PYTHON_FITS) &> /dev/null && echo yes)
NEED_PYTHON = $(if $(HAS_PYTHON),,$(error Python 3.11 or 3.12 is needed$(if $(PYTHON), (not $(PYTHON))): \
	install it, or name it, as in `make PYTHON=/path/to/python3.12`))
HAS_NODE = $(shell node $(NODE_FITS) &> /dev/null && npm --version &> /dev/null && echo yes)
NEED_NODE = $(if $(HAS_NODE),,$(error Node 20.19, or 22.12 or newer, is needed: install it from nodejs.org))

BIN := .venv-train/bin
REQUIREMENTS := server train convert test
PIP := -m pip install --quiet --disable-pip-version-check

run: node .venv/ready page
	@exec .venv/bin/python server.py

test: node .venv-train/ready page chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm --prefix web run check
	npm --prefix web test
	$(BIN)/python -m pytest

bench: node .venv-train/ready page chromium
	$(BIN)/python bench/run.py $(if $(PEERS),--peers "$(PEERS)") $(if $(TEACHER),--teacher "$(TEACHER)")

soak: node .venv-train/ready page chromium
	SOAK=1 $(BIN)/python -m pytest -s tests/test_server_load.py tests/training/test_survival.py \
		tests/web/test_fifty_megapixels.py

cross-check: node
	bash converter/cross_check.sh $(RUN)

clean:
	rm -rf web/dist .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -not -path './.venv*' -not -path './web/node_modules/*' -exec rm -rf {} +

# ---- set-up: each step runs once, and again only when what it is made from has changed

.venv/ready: requirements/server.txt
	$(NEED_PYTHON)
	"$(PYTHON)" -m venv .venv
	.venv/bin/python $(PIP) -r requirements/server.txt
	@touch $@

.venv-train/ready: $(REQUIREMENTS:%=requirements/%.txt)
	$(NEED_PYTHON)
	"$(PYTHON)" -m venv .venv-train
	$(BIN)/python $(PIP) torch==2.13.0
	$(BIN)/python $(PIP) $(REQUIREMENTS:%=-r requirements/%.txt)
	@touch $@

# Node is needed later than Python's packages are fetched, and asked for before.
node:
	$(if $(wildcard web/node_modules/.package-lock.json),,$(NEED_NODE))

page: web/dist/index.html

PAGE_SOURCES = $(shell find web -type d \( -name node_modules -o -name dist -o -name __pycache__ \) -prune \
	-o -type f -not -name '*.py' -print)

web/dist/index.html: web/node_modules/.package-lock.json $(PAGE_SOURCES)
	npm --prefix web run build
	@touch $@

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	$(NEED_NODE)
	npm --prefix web ci --no-audit --no-fund
	@touch $@

chromium: .venv-train/ready
	@$(BIN)/python bench/chromium.py
