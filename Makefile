# The verbs of the project. `make help` prints them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run demo check check-pure check-screens check-python test test-long bench
SHELL := /bin/sh
BIN := .venv/bin
# Images and CI set it; every process and every worker of the tests would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE
PURE := not asterisk and not browser and not postgres and not slow and not speech

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## fetch and build all that `make run` needs; does nothing when it is there
	@tools/setup.sh

setup-tests: ## the same for `make test`: Chromium and PostgreSQL besides
	@tools/setup.sh tests

run: setup ## set up, start everything, print the addresses, stay in the foreground (Ctrl-C stops all)
	@exec $(BIN)/callcenter run

demo: setup ## on a running system: simulated callers and seats
	@exec $(BIN)/python -m bench.demo

check: setup ## quick checks: style, types, imports, flows, entries, screens, pure tests (properties with few examples)
	@EXAMPLES=$${EXAMPLES:-few} $(MAKE) -s -j3 --output-sync check-screens check-python check-pure

# Beside each other: much of it works on one core, and some of it waits.
check-pure:
	@$(BIN)/pytest -q -n 3 -m "$(PURE)"

check-screens:
	@tools/check-ui.sh

check-python:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@tools/check-file-length.sh
	@$(BIN)/callcenter flows check
	@$(BIN)/callcenter kb check --form-only

test: setup-tests ## everything: `check` with all examples; real Asterisk, SIPp, Chromium, PostgreSQL besides
	@EXAMPLES=all $(MAKE) -s check
	@$(BIN)/pytest -q -n 2 --dist loadfile --reruns 1 -m "not ($(PURE)) and not long"

test-long: setup-tests ## what `make test` leaves out: the same stories on the other database, a crowd under kills
	@$(BIN)/pytest -q -n 2 --dist loadfile --reruns 1 -m long

bench: setup ## measure: link, menus, figures, search; one run, ratios
	@exec $(BIN)/python -m bench
