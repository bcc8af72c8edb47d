# The project's commands. Python 3.11 or 3.12 and Node 20.19, or 22.12 or newer, are required.
#
#   make run           sets up the server, builds the page, serves it on http://127.0.0.1:8000 (PORT, HOST)
#   make setup         sets up everything (4 GB with PyTorch and TensorFlow) and builds the page, to train and convert
#   make test          sets up everything (4 GB with PyTorch and TensorFlow) and runs every check and test
#   make check         formatters, linters, types and quick tests of both languages: what to run while working
#   make format        formats all code
#   make dev           the page with hot reload, on the address that Vite prints
#   make bench         speed compared with the peers' graphs (PEERS=folder) and the teacher's (TEACHER=its run directory),
#                      and bytes until the first painted picture
#   make soak          half an hour: 200 visitors for 30 seconds, trainings killed 100 times, 50 megapixels painted
#   make cross-check   converts networks a second way, through onnx-tf, and compares (RUN=folder, else untrained ones)
#   make clean         removes the built page and the caches; environments (.venv*) and runs/ stay
#
# On Linux, PyPI's torch includes CUDA. To get PyTorch's smaller CPU build:
#   PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make test

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: run setup test check check-python check-page format dev soak bench cross-check clean node page chromium

# The versions that the packages support, TensorFlow and Vite above all. Checked before anything is downloaded.
PYTHON_FITS = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))'
NODE_FITS = -e 'const [a, b] = process.versions.node.split("."); process.exit(+(a == 20 ? b < 19 : a == 22 ? b < 12 : a < 22))'

# The first command that is such a Python. A command that does not run, as pyenv's may not, is skipped.
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

LINT_PYTHON = $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
LINT_PAGE = npm --prefix web run check

run: node .venv/ready page
	@exec .venv/bin/python server.py

setup: node .venv-train/ready page

test: node .venv-train/ready page chromium
	$(LINT_PYTHON)
	$(LINT_PAGE)
	npm --prefix web test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Two processes share the files of tests, PyTorch on one thread in each: with one on each core, its threads wait for each
# other while browsers take turns, and trainings take three to five times as long.
test: export OMP_NUM_THREADS = 1

# Both languages at once: each uses one core most of the time.
check: node .venv-train/ready web/node_modules/.package-lock.json
	@$(MAKE) --no-print-directory -j2 --output-sync check-python check-page

check-python:
	$(LINT_PYTHON)
	$(BIN)/python -m pytest -q -m "not browser and not slow"

check-page:
	$(LINT_PAGE)
	npm --prefix web test -- --reporter=dot

format: node .venv-train/ready web/node_modules/.package-lock.json
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	npm --prefix web run format

dev: node web/node_modules/.package-lock.json
	npm --prefix web run dev

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

# ---- set-up: each step runs once, and again only when its sources have changed

.venv/ready: requirements/server.txt
	$(NEED_PYTHON)
	"$(PYTHON)" -m venv .venv
	.venv/bin/python $(PIP) -r requirements/server.txt
	@touch $@

.venv-train/ready: $(REQUIREMENTS:%=requirements/%.txt)
	$(NEED_PYTHON)
	"$(PYTHON)" -m venv .venv-train
	$(BIN)/python $(PIP) $(shell grep '^torch==' requirements/train.txt)
	$(BIN)/python $(PIP) $(REQUIREMENTS:%=-r requirements/%.txt)
	$(BIN)/python $(PIP) --no-deps --editable .
	@touch $@

# Node is needed only after Python's packages are installed, but checked before.
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
