# Every command of this project. `make help` lists them.
#
# A target names the system libraries and commands it needs by its own name; Scripts/prepare knows what that means on
# this machine and installs what is missing.

SWIFT ?= swift
PREPARE = ./Scripts/prepare
# Kept apart from the ordinary build, so that neither throws the other's products away.
THREAD_BUILD = .build/thread
# What runs on one thread or in other processes, so that the thread sanitizer would look at it for minutes and see nothing.
SEQUENTIAL = TidyTests DocumentationTests PlantedBugs DurableBugTests SimulationTests Soundness RealGraphs \
	ReferenceInterpreter CrashTests ProcessTests CrashTrial DiskFault Damage AgentCrashTests \
	VendorType RecordedConversation Confine ResilienceTests.MachineTests GuardBugTests CrashingQueue QueueMachine \
	CronYear TriggerBug EventDrill EventBug DeliveryMachine DegradationMachine OTLPDecoding FieldDay TriggerMachine
SOURCES = Package.swift Sources Tests Examples

.PHONY: help demo demo-crash test test-thread soak bench simulate crash docs format lint

help: ## Lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## Runs the example OverdueRequests and writes its report and drawings to out/
	@$(PREPARE) demo
	$(SWIFT) run OverdueRequests --approve yes

demo-crash: ## Kills the example with kill -9 again and again, resumes it, and compares what came of it
	@$(PREPARE) demo-crash
	$(SWIFT) run OverdueRequests crash --out out/crash

test: ## Builds everything and runs all tests
	@$(PREPARE) test
	$(SWIFT) test

test-thread: ## Runs the tests of the libraries under the thread sanitizer
	@$(PREPARE) test-thread
	$(SWIFT) test --sanitize=thread --scratch-path $(THREAD_BUILD) $(SEQUENTIAL:%=--skip %)

simulate: ## Runs the large simulations and property tests in release mode
	@$(PREPARE) simulate
	APUS_SIMULATE=full $(SWIFT) test -c release -Xswiftc -enable-testing --skip TidyTests --skip DocumentationTests

crash: ## Kills processes at every operation of their disk, in every durability
	@$(PREPARE) test
	APUS_CRASH=full $(SWIFT) test --filter CrashTests

soak: ## Ten minutes of field operations in processes that are killed, and a virtual month of the same
	@$(PREPARE) soak
	$(SWIFT) build -c release --product FieldOperations
	$(SWIFT) run -c release FieldOperations month
	$(SWIFT) run -c release FieldOperations soak --minutes 10 --out out/soak

bench: ## Measures the engine in release mode
	@$(PREPARE) bench
	$(SWIFT) run -c release Benchmarks

docs: ## Builds the documentation of each library into out/docs, warnings are errors
	@$(PREPARE) docs
	./Scripts/docs

format: ## Formats all Swift files in place
	@$(PREPARE) format
	$(SWIFT) format --in-place --parallel --recursive $(wildcard $(SOURCES))

lint: ## Fails if a Swift file is not formatted as .swift-format says
	@$(PREPARE) lint
	$(SWIFT) format lint --strict --parallel --recursive $(wildcard $(SOURCES))
