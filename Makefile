# Thin calls of the command line: `python -m sufficiency_lib --help` does the same without make.
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
AUTHORITY ?= herefordshire
DATA ?=
REFERENCE ?=

# The interpreter behind an active .venv, so that rebuilding it does not delete what runs the build.
BASE := $(shell $(PYTHON) -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))' 2>/dev/null)
# An environment serves one Python version in one folder: it is built again when either changes.
BUILT_FOR := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) $(CURDIR)
STAMP := $(VENV)/.built

ifneq ($(shell cat $(STAMP) 2>/dev/null),$(BUILT_FOR))
.PHONY: $(STAMP)
endif

.PHONY: help env sample lab appendix run check test proofs coverage bench lock clean

# A run and the tests start many processes, each of which would compile the library again.
unexport PYTHONDONTWRITEBYTECODE

help: ## what each target does
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; \
	  do printf '  make %-10s %s\n' "$$name" "$$text"; done

env: $(STAMP) ## build .venv from the pinned, hashed requirements (made once, then reused)
	@:

$(STAMP): requirements.txt requirements-uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed as '$(PYTHON)'; say another with: make PYTHON=python3.12" >&2; exit 2; }
	@echo "Building the environment in $(VENV): a few minutes the first time"
	@rm -rf $(VENV)
	@$(BASE) -m venv $(VENV) || \
	  { echo "Python cannot make environments here; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@PY=$(PY) sh .ci/install
	@printf '%s\n' '$(BUILT_FOR)' > $(STAMP)

sample: env ## write the synthetic authorities into data/sample
	@$(PY) -m sufficiency_lib sample

lab: sample ## open the notebooks in JupyterLab
	@$(PY) -m sufficiency_lib lab

appendix: sample ## an appendix for each synthetic authority, in outputs/
	@$(PY) -m sufficiency_lib run --all

run: env ## an appendix from your data: make run AUTHORITY=herefordshire DATA=data/local
	@$(PY) -m sufficiency_lib run "$(AUTHORITY)" $(if $(DATA),--data "$(DATA)") $(if $(REFERENCE),--reference "$(REFERENCE)")

check: env ## read and validate your data: make check AUTHORITY=herefordshire DATA=data/local
	@$(PY) -m sufficiency_lib check "$(AUTHORITY)" $(if $(DATA),--data "$(DATA)") $(if $(REFERENCE),--reference "$(REFERENCE)")

# Several processes, each with whole files; what reads notebooks takes seconds to load, and no
# test needs it but those of the notebooks. They run one after another, because kernels started
# at once can be given the same ports, and with the cache of the other tests.
PYTEST := $(PY) -m pytest -q -p no:nbval -n auto --maxprocesses 4 --dist loadfile
NBVAL := SUFFICIENCY_CACHE="$(CURDIR)/.pytest_cache/d/sufficiency-library" \
  $(PY) -m pytest -q -p no:xdist --nbval-lax --nbval-current-env
# Every notebook runs for the appendix; one of them, and the one that is none of it, as opened by hand.
OPENED := notebooks/00_explore.ipynb notebooks/01_data_quality.ipynb

# Every part runs, so that one failure does not hide the next.
test: sample ## the library's tests and doctests, notebooks and the code's style
	@failed=0; \
	$(PYTEST) --doctest-modules -m "not slow" || failed=1; \
	$(NBVAL) $(OPENED) || failed=1; \
	$(PY) -m ruff check . || failed=1; \
	exit $$failed

proofs: sample ## the tests that take minutes: whole editions, the same bytes twice, every notebook
	@failed=0; \
	$(PYTEST) -m slow || failed=1; \
	$(NBVAL) $(filter-out $(OPENED),$(sort $(wildcard notebooks/*.ipynb))) || failed=1; \
	exit $$failed

coverage: sample ## which lines and branches of the library no test runs
	@$(PYTEST) --doctest-modules -m "not slow" --cov --cov-report=term; \
	status=$$?; rm -f .coverage .coverage.*; exit $$status

bench: sample ## what look-ups, measures, forecasts and appendices cost, and how well forecasts hold
	@$(PY) -m benchmarks

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
lock: ## resolve the pins again after a change of bounds: make lock UPGRADE=--upgrade takes newer ones
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH"; \
	$(LOCK) $(UPGRADE) requirements-uv.in -o requirements-uv.txt > /dev/null && \
	$(LOCK) $(UPGRADE) pyproject.toml --extra lab --extra test -o requirements.txt > /dev/null && \
	$(LOCK) pyproject.toml -c requirements.txt -o requirements-run.txt > /dev/null && \
	$(LOCK) $(UPGRADE) benchmarks/requirements-duckdb.in -o benchmarks/requirements-duckdb.txt > /dev/null && \
	$(LOCK) $(UPGRADE) benchmarks/requirements-demand-model.in -o benchmarks/requirements-demand-model.txt > /dev/null

clean: ## remove the environment, the sample and the outputs (never data/local)
	rm -rf $(VENV) data/sample outputs/* .pytest_cache .ruff_cache
