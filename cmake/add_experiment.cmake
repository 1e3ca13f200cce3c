# add_experiment(matrix SOURCES main.cpp blocking.cpp ... USES work tasks LIBRARIES TBB::tbb)
#
# One call, three things, all named after the experiment's folder (and a target named after its section's
# folder builds all of the section's):
#   bin/matrix       the program, an ordinary Google Benchmark executable
#   smoke.matrix     a test: `matrix --smoke` runs the smallest sweep and checks every answer
#   run-matrix       a target: builds and runs it once, for people
function(add_experiment name)
  cmake_parse_arguments(EXPERIMENT "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name} ${EXPERIMENT_SOURCES})
  target_link_libraries(${name} PRIVATE harness ${EXPERIMENT_USES} ${EXPERIMENT_LIBRARIES} two_cakes_options)
  target_precompile_headers(${name} REUSE_FROM harness)
  add_dependencies(${name} slow_server)
  add_to_section(${name})

  add_test(NAME smoke.${name} COMMAND ${name} --smoke WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(smoke.${name} PROPERTIES LABELS smoke TIMEOUT 120 SKIP_RETURN_CODE 77)
  two_cakes_sanitizer_environment(smoke.${name})
  add_custom_target(run-${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL)
endfunction()

# experiments/1_2_io_cpu/matrix belongs to the target 1_2_io_cpu: what `make 1.2` waits for.
function(add_to_section name)
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR PARENT_PATH section_folder)
  cmake_path(GET section_folder FILENAME section)
  if(NOT TARGET ${section})
    add_custom_target(${section})
  endif()
  add_dependencies(${section} ${name})
endfunction()

# The sanitizers' own settings, the same for every test.
function(two_cakes_sanitizer_environment test)
  set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
    "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp:halt_on_error=1:second_deadlock_stack=1"
    "ASAN_OPTIONS=detect_stack_use_after_return=1"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0"
    "UBSAN_OPTIONS=print_stacktrace=1")
endfunction()
