# The front door: verbs only. What they do is in common/setup, runner and charts, and in CMake.
#
#   make 1.2 QUICK=1|FULL=1 TRIALS=n SEED=n ONLY=experiment ARGS="--target host:port"
#            RESULTS=dir MACHINE=name
#   make claims TOPIC=1.2 STRICT=1
#   make predict TOPIC=1.2 ANSWERS=file
#   make grade LAB=event_loop SUBMISSION=dir|tar|zip CASE=name FORMAT=json UNSANDBOXED=1
#   make grade-all LAB=event_loop SUBMISSIONS=dir ENGINE=slurm TO=dir

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:  # -j is for what the verbs call; measurements never run side by side

VERBS := help setup doctor build test test-asan test-tsan report charts claims compare \
         predict notebook handout grade grade-all autograder corpus aa figures peers setup-peers check-slow-server clean

# What the report's interactive charts are drawn with, from npm; without it they are pictures.
PAGE := build/page/.installed

# experiments/1_2_io_cpu/ is the topic 1.2, io_cpu and 1_2_io_cpu.
number   = $(word 1,$(subst _, ,$1)).$(word 2,$(subst _, ,$1))
name     = $(patsubst $(subst .,_,$(call number,$1))_%,%,$1)
folder   = $(strip $(foreach each,$(FOLDERS),$(if $(filter $1,$(each) $(call number,$(each)) $(call name,$(each))),$(each))))
FOLDERS := $(notdir $(patsubst %/,%,$(wildcard experiments/[0-9]*_[0-9]*_*/)))
NUMBERS := $(foreach folder,$(FOLDERS),$(call number,$(folder)))
NAMES   := $(foreach folder,$(FOLDERS),$(call name,$(folder)))
TOPICS  := $(FOLDERS) $(NUMBERS) $(NAMES)
.PHONY: $(VERBS) $(TOPICS)

UNKNOWN := $(filter-out $(VERBS) $(TOPICS) build/%/.configured $(PAGE) .%,$(MAKECMDGOALS))
ifneq ($(UNKNOWN),)
$(error '$(firstword $(UNKNOWN))' is no verb ($(VERBS)) and no topic ($(NUMBERS) $(NAMES)))
endif

ifneq ($(filter predict,$(MAKECMDGOALS)),)
ifeq ($(call folder,$(TOPIC)),)
$(error predict needs a section, TOPIC=1.5$(if $(TOPIC),: '$(TOPIC)' is none of $(NUMBERS) $(NAMES)))
endif
endif

# What the user gives reaches the recipes through the environment: no quoting can go wrong there.
export ANSWERS ARGS BASE CASE ENGINE FORMAT LAB MACHINE NEW ONLY RESULTS SEED SUBMISSION SUBMISSIONS \
       TO TOPIC TRIALS
given   = $(filter-out 0,$($1))
PYTHON  = exec common/setup/find_python.sh
PLACE   = $(if $(RESULTS),--results "$$RESULTS") $(if $(MACHINE),--machine "$$MACHINE")
TRIED   = $(PLACE) $(if $(call given,FULL),--full,--quick) $(if $(TRIALS),--trials "$$TRIALS") \
          $(if $(SEED),--seed "$$SEED") $(if $(ONLY),--only "$$ONLY") --arguments="$$ARGS"
UNGUARDED = $(if $(call given,UNSANDBOXED),--unsandboxed)
RECORDS = $(if $(RESULTS),"$$RESULTS",$(if $(MACHINE),"results/$$MACHINE"))
compile = cmake --build --preset $1 --target $2
CTEST   = ctest --output-on-failure --parallel "$$(nproc)" --test-dir

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 22
	@for topic in $(foreach folder,$(FOLDERS),'$(call number,$(folder)) or $(call name,$(folder))'); \
	  do printf '  %-19s Build, run, draw and judge this topic\n' "$$topic"; done

setup: ## Install what is missing from Debian's packages (nothing, fast, when all is there)
	@exec common/setup/setup.sh

doctor: ## Say what the machine lacks, or what makes its timings doubtful, and the remedies
	@$(PYTHON) --any -B -m common.setup.doctor

build: setup build/release/.configured ## Build everything (release: the only timings that count)
	@$(call compile,release,all)

build/%/.configured: CMakePresets.json | setup
	@cmake --preset $* && touch $@

$(PAGE): $(wildcard common/charts/page/package-lock.json) | setup
	@exec common/charts/page/install.sh

test: setup build/release/.configured $(PAGE) ## Set up, build, and run all tests
	@$(call compile,release,all tests)
	@exec $(CTEST) build/release

test-asan: setup build/asan/.configured ## The tests under AddressSanitizer and UBSan
	@$(call compile,asan,all tests)
	@exec $(CTEST) build/asan

test-tsan: setup build/tsan/.configured ## The tests under ThreadSanitizer
	@$(call compile,tsan,all tests)
	@exec $(CTEST) build/tsan

report: build $(PAGE) ## Run all topics (QUICK; FULL=1: for hours), draw and judge: results/report.html
	@$(PYTHON) -m common.runner --present $(TRIED) all

$(TOPICS): setup build/release/.configured $(PAGE)
	@$(call compile,release,$(call folder,$@))
	@$(PYTHON) -m common.runner --present $(TRIED) $@

charts: ## Draw the recorded results again
	@$(PYTHON) -m common.charts charts $(RECORDS)

claims: ## Judge the chapter's sentences on recorded results: TOPIC=1.5 [STRICT=1]
	@$(PYTHON) -m common.charts claims $(RECORDS) $(if $(TOPIC),--topic "$$TOPIC") \
	  $(if $(call given,STRICT),--strict)

predict: setup build/release/.configured ## Predict, then measure: TOPIC=1.5 [ANSWERS=file]
	@$(call compile,release,$(call folder,$(TOPIC)))
	@$(PYTHON) -m common.predict "$$TOPIC" $(if $(ANSWERS),--answers "$$ANSWERS") $(TRIED)

compare: ## Compare two recorded runs: BASE=dir NEW=dir [FORCE=1] [FAIL_ON_REGRESSION=1]
	$(if $(and $(BASE),$(NEW)),,$(error compare needs two results folders: BASE=dir NEW=dir))
	@$(PYTHON) -m common.charts compare "$$BASE" "$$NEW" --charts build/compare \
	  $(if $(call given,FORCE),--force) $(if $(call given,FAIL_ON_REGRESSION),--fail-on-regression)

notebook: build ## Open the notebooks in Jupyter (HTML=1: run them all, to build/notebooks/*.html)
	@exec common/setup/notebook.sh $(if $(call given,HTML),--html)

handout: setup ## Write what a student gets of a lab: LAB=event_loop [TO=dir]
	$(if $(LAB),,$(error handout needs a lab: LAB=event_loop))
	@$(PYTHON) -B -m common.coursework handout "$$LAB" $(if $(TO),--to "$$TO")

grade: setup ## Grade a submission: LAB=event_loop SUBMISSION=dir|tar|zip [CASE=name] [UNSANDBOXED=1]
	$(if $(and $(LAB),$(SUBMISSION)),,$(error grade needs a lab and a submission: LAB=event_loop SUBMISSION=dir))
	@$(PYTHON) -B -m common.coursework grade "$$LAB" --submission "$$SUBMISSION" \
	  $(if $(CASE),--case "$$CASE") $(if $(FORMAT),--format "$$FORMAT") $(UNGUARDED)

grade-all: setup ## Grade a class: LAB=event_loop SUBMISSIONS=dir [ENGINE=parallel|slurm] [TO=dir]
	$(if $(and $(LAB),$(SUBMISSIONS)),,$(error grade-all needs a lab and a folder: LAB=event_loop SUBMISSIONS=dir))
	@$(PYTHON) -B -m common.coursework grade-all "$$LAB" "$$SUBMISSIONS" $(if $(TO),--to "$$TO") \
	  $(if $(ENGINE),--engine "$$ENGINE") $(UNGUARDED)

autograder: setup ## Pack what a platform wants: LAB=event_loop FORMAT=gradescope|prairielearn|autolab|github [TO=dir]
	$(if $(and $(LAB),$(FORMAT)),,$(error autograder needs a lab and a platform: LAB=event_loop FORMAT=gradescope))
	@$(PYTHON) -B -m common.coursework autograder "$$LAB" --format "$$FORMAT" $(if $(TO),--to "$$TO") $(UNGUARDED)

corpus: setup ## Try the graders on cheats and on mutants of the solutions: [LAB=event_loop]
	@$(PYTHON) -B -m tests.coursework.cheats
	@$(PYTHON) -B -m tests.coursework.mutants $(if $(LAB),"$$LAB")

aa: build ## Run every experiment against itself: its verdicts should all be `same`
	@$(PYTHON) -m common.runner --aa $(TRIED) all
	@$(PYTHON) -m common.charts aa "$${RESULTS:-build/aa}"

figures: setup build/release/.configured ## Measure what the project promises, each figure beside its bound
	@$(call compile,release,all tests)
	@$(PYTHON) tests/figures/figures.py $(if $(TRIALS),--trials "$$TRIALS")

peers: setup build/release/.configured ## Hold our loop against libuv, asio, libevent, asyncio ([QUICK=1] [ONLY=echo,libuv])
	@cmake --preset release >/dev/null
	@$(call compile,release,all peers)
	@$(PYTHON) -B -m tests.peers $(if $(call given,QUICK),--quick) $(if $(TRIALS),--trials "$$TRIALS") \
	  $(if $(ONLY),--only "$$ONLY") $$ARGS

setup-peers: setup ## Install the libraries that `make peers` compares with
	@exec common/setup/setup.sh tests/peers/packages.txt

check-slow-server: setup build/release/.configured ## Check the slow server: 10,000 waiting at once, error under 1 ms
	@$(call compile,release,slow_server_check)
	@exec build/release/bin/slow_server_check

clean: ## Remove build/; recorded results stay
	@rm -rf build
