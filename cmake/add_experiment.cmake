# add_experiment(matrix SOURCES main.cpp blocking.cpp ... USES work tasks LIBRARIES TBB::tbb)
#
# One call, three things, all named after the experiment's folder:
#   bin/matrix       the program, an ordinary Google Benchmark executable
#   smoke.matrix     a test: `matrix --smoke` runs the smallest sweep and checks every answer
#   run-matrix       a target: builds and runs it once, for people
function(add_experiment name)
  cmake_parse_arguments(EXPERIMENT "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name} ${EXPERIMENT_SOURCES})
  target_link_libraries(${name} PRIVATE harness ${EXPERIMENT_USES} ${EXPERIMENT_LIBRARIES} two_cakes_options)
  add_dependencies(${name} slow_server)

  add_test(NAME smoke.${name} COMMAND ${name} --smoke WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(smoke.${name} PROPERTIES LABELS smoke TIMEOUT 120 SKIP_RETURN_CODE 77)
  two_cakes_sanitizer_environment(smoke.${name})
  add_custom_target(run-${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL)
endfunction()

# The sanitizers' own settings, the same for every test.
function(two_cakes_sanitizer_environment test)
  set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
    "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:halt_on_error=1:second_deadlock_stack=1"
    "ASAN_OPTIONS=detect_stack_use_after_return=1"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
    "UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
