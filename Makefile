# Two commands: `make demo` sets everything up and runs HEX on the embedded model; `make test` runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: audit demo fuzz test tests types docs pictures clean

demo: $(READY)
	$(BIN)/hex decode --schedules 8,16,32
	$(BIN)/hex vote runs/
	$(BIN)/hex score

# What takes a second first; then the tests, a process a core, and what reads the whole code beside them.
test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mkdocs build --strict --quiet
	$(MAKE) --no-print-directory -j 2 tests types

tests: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal

types: $(READY)
	$(BIN)/mypy

# The documents as a site, in build/site; every link is checked.
docs: $(READY)
	$(BIN)/python docs/commands.py
	$(BIN)/python docs/api.py
	$(BIN)/mkdocs build --strict

# The pictures in the documents, from runs of the embedded model; needs Chromium (Debian: apt-get install chromium).
pictures: $(READY)
	$(BIN)/python docs/pictures/report.py
	$(BIN)/python docs/pictures/recording.py

# The environment, installed anew when what it is made of changes.
$(READY): pyproject.toml setup.py constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "hexcli needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[test,lint,plot,docs]'
	$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true  # as pip does, but on every core; some packages hold broken files
	touch $@

# Damaged and hostile files for every parser, a hundred times as many as in the tests; HEX_FUZZ says how many each.
HEX_FUZZ ?= 2000
fuzz: $(READY)
	HEX_FUZZ=$(HEX_FUZZ) $(BIN)/python -m pytest tests/fuzz --timeout 0

# Known faults of the packages that are pinned (asks pypi.org; in an environment of its own, so that nothing pinned moves).
audit: build/audit/bin/pip-audit
	build/audit/bin/pip-audit -r constraints.txt --no-deps --disable-pip

build/audit/bin/pip-audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
