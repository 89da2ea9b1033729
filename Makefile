# Everything a newcomer needs: `make demo` and `make test` set up what they use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_ARGS ?=
PEERS_PLAIN ?=
BENCH_ARGS ?=
TEST_ARGS ?=

.PHONY: help demo test suite check bench peers docs lock schemas clean

help:
	@echo "make demo   a whole patrol, from rendered footage to indicators (DEMO_ARGS=\"--once --json out.json\")"
	@echo "make test   all checks, and all tests that need nothing but this machine"
	@echo "make check  format, lint, types, import contracts"
	@echo "make bench  the table of measured figures (BENCH_ARGS=\"--json FILE --only NAME\")"
	@echo "make peers  what the figures are compared with, in an environment of its own (1.7 GB; with PEERS_PLAIN=yes another 6 GB)"
	@echo "make docs   generated reference pages and the documentation site"

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $(STAMP)

demo: $(STAMP)
	@$(BIN)/xunhuan demo $(DEMO_ARGS)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# `make -j 2 test` looks at style, types and imports while the tests run.
test: check suite

suite: $(STAMP)
	$(BIN)/pytest -n 2 --dist loadgroup $(TEST_ARGS)

bench: $(STAMP)
	@$(BIN)/python -m tests.benchmarks $(BENCH_ARGS)

# Never part of the project's environment. PEERS_PLAIN=yes also makes what plain pip resolves, to
# compare installed sizes; a torch for processors only, if an index offers one, suffices otherwise.
peers:
	test -x .peers/bin/python || $(PYTHON) -m venv .peers
	.peers/bin/pip install --quiet --disable-pip-version-check -r tests/benchmarks/peer_scripts/requirements.txt
	.peers/bin/python tests/benchmarks/peer_scripts/prepare.py
ifeq ($(PEERS_PLAIN),yes)
	$(PYTHON) -m venv --clear .peers-plain
	.peers-plain/bin/pip install --quiet --disable-pip-version-check ultralytics
	$(PYTHON) -m venv --clear .peers-edge
	.peers-edge/bin/pip install --quiet --disable-pip-version-check ".[edge]"
endif

docs: $(STAMP)
	$(BIN)/python -m tests.architecture.wire_schemas
	$(BIN)/python -m tests.dispatch.states
	$(BIN)/python -m tests.dispatch.indicator_page
	$(BIN)/python -m tests.api.reference
	$(BIN)/mkdocs build --quiet --strict

OF_AN_IMAGE := --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	--no-annotate

# The lock holds exact versions and hashes, and names no package host.
lock:
	$(BIN)/uv pip compile -q pyproject.toml --extra edge --extra server --extra postgres --extra dev \
		--universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--output-file requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra edge --constraint requirements.lock $(OF_AN_IMAGE) \
		--output-file edge/deploy/requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra server --extra postgres \
		--constraint requirements.lock $(OF_AN_IMAGE) --output-file api/deploy/requirements.lock

clean:
	rm -rf $(VENV) .peers .peers-plain .peers-edge .demo site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .bytecode
