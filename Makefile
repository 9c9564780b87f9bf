# What a person runs is what CI runs.

.PHONY: run test check lint coverage bench tools setup interop pictures web web-check docs docs-check dist dist-check crash soak \
	suite-rust suite-pages suite-desktop suite-crm suite-oidc suite-asterisk suite-docs suite-talisma suite-crash

# The programs that tests run, built as `cargo test --workspace` builds them. With other features, most crates would be compiled again.
PROGRAMS = cargo build --quiet --workspace --bin cordboard --example dump

# Starts the demo floor; `make run ARGS="--port-base 9000"` moves its ports.
run: tools web
	cargo run --profile demo -p cordboard --bin cordboard -- demo $(ARGS)

# Sets up what is missing and passes everything. Suites wait for half of their time, so two run side by side, the longest first.
# Each shows its output when it ends.
test: setup web
	cargo test --workspace --no-run
	$(MAKE) --jobs=2 --keep-going --output-sync=target \
		suite-rust suite-desktop suite-crm lint suite-asterisk suite-docs suite-oidc suite-crash suite-pages suite-talisma

# Quick: lints, unit tests, who depends on whom, and what is pure.
check: lint
	cargo test --workspace --lib --bins --no-fail-fast
	cargo test -p cordboard --test it -- arrows:: purity:: rust_version:: sources:: words::

# Form, lints, dependencies, documentation.
lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	./scripts/deny
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

# How much of each crate the tests run, as a table.
coverage: web
	./scripts/coverage

# The pages that the binary carries.
web: web/node_modules/.package-lock.json
	cd web && npm run --silent build

web-check: web
	$(PROGRAMS)
	$(MAKE) suite-pages

# The documentation as the program serves it at /docs, in web/dist/docs. `mdbook build docs` makes a book of the same pages.
docs: web/node_modules/.package-lock.json
	cd web && npm run --silent docs

# Links, generated parts, and every command and sample of README.md and docs/; `make docs-check ARGS=docs/api.md` checks one page.
docs-check: web
	cd web && npm run --silent check --workspace docs
	$(PROGRAMS)
	./interop/docs/run target/debug/cordboard $(ARGS)

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	./scripts/setup build
	cd web && npm ci --no-audit --no-fund
	touch $@

# Against peers that others wrote. They are fetched into the build folder.
interop: web
	$(PROGRAMS)
	$(MAKE) --keep-going suite-talisma suite-desktop suite-crm suite-oidc suite-asterisk suite-docs suite-crash

# The suites expect the pages and programs to be built.
suite-rust:
	cargo test --workspace --no-fail-fast

# The browser's reducer is run by the server's stories.
suite-pages:
	target/debug/examples/dump target/transcripts
	cd web && npm run --silent check && npm test --silent
	cd interop && ../web/node_modules/.bin/biome ci desktop max crm oidc asterisk

suite-desktop suite-crm suite-oidc suite-asterisk suite-docs suite-talisma: suite-%:
	./interop/$*/run

suite-crash:
	./interop/endurance/run crash 3

# A hundred kills under load, then a full and a broken disk, for which it needs root. Takes 10 minutes.
crash: web
	$(PROGRAMS)
	./interop/endurance/run crash 100
	./interop/endurance/run disk

# An hour of load. Memory, open files and threads must not grow.
soak: web
	$(PROGRAMS)
	./interop/endurance/run soak 3600

# The pictures of the documentation, in docs/images.
pictures: web
	$(PROGRAMS)
	./interop/desktop/run target/debug/cordboard --pictures

# The figures, with their method and the fsync policy beside them.
bench:
	cargo run --release -p cordboard --bin cordboard -- bench

# What is shipped, in target/dist: a Debian package, an archive, npm packages, a file for a container, a bill of materials, checksums.
dist: web
	./scripts/dist

# What is shipped, in a clean Debian 12 with systemd: docs/install.md from the installation to the removal. As root.
dist-check:
	./scripts/dist-check

# What a build needs, and what the tests need beyond that. Both install what is missing.
tools:
	./scripts/setup build

setup:
	./scripts/setup
