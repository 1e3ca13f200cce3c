# The Python tests: each file is one test of ctest, named after it. They run programs as a user would, so they go with
# every flavour, but for those that run no program of ours: for them one flavour is enough.
function(add_python_test file)
  cmake_parse_arguments(TEST "" "" "LABELS" ${ARGN})
  string(REPLACE "/" "." module ${file})
  add_test(NAME ${module}
           COMMAND ${TWO_CAKES_PYTHON} -B -m unittest tests.${module}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${module} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 300
    ENVIRONMENT "TWO_CAKES_BIN=${CMAKE_BINARY_DIR}/bin;PYTHONDONTWRITEBYTECODE=1")
  two_cakes_sanitizer_environment(${module})
endfunction()

# add_python_tests(runner test_order ...): those of one folder, which is their label.
function(add_python_tests folder)
  foreach(file IN LISTS ARGN)
    add_python_test(${folder}/${file} LABELS ${folder})
  endforeach()
endfunction()

add_python_tests(slow_server
  test_slow_server
  test_slow_server_check
  test_slow_server_clients
  test_slow_server_faults
  test_slow_server_process)

add_python_tests(experiments
  test_birth_cost
  test_blocked_loop
  test_cpu_quota
  test_crash
  test_echo_client
  test_every_experiment
  test_faults
  test_file_reads
  test_frozen_spinner
  test_granularity
  test_hello
  test_ipc
  test_listing_1_1
  test_loop_from_deque
  test_loop_xray
  test_matrix
  test_million_tasks
  test_nginx
  test_notify_when_done
  test_preemptive_cooperative
  test_quota
  test_readiness_backends
  test_separate_memory
  test_str_cli
  test_task_switch
  test_two_cakes
  test_two_requests
  test_waiting_models
  test_where_time_goes)
# The longest of them first, and test_tasks, which is the longest of all under the sanitizers.
set_tests_properties(test_tasks experiments.test_every_experiment experiments.test_faults
                     experiments.test_frozen_spinner experiments.test_ipc experiments.test_waiting_models
                     PROPERTIES COST 20)

if(TWO_CAKES_FLAVOUR STREQUAL "release" OR TWO_CAKES_FLAVOUR STREQUAL "debug")
  add_python_tests(charts
    test_charts
    test_claims
    test_command_line
    test_compare
    test_lanes
    test_page_parts
    test_quoted_figures
    test_report
    test_report_in_browser
    test_results
    test_statistics
    test_tables
    test_verdict_simulation)
  add_python_tests(coursework
    test_cheats
    test_grade
    test_markers
    test_mutants_file
    test_sandbox
    test_screen
    test_speed_ratio
    test_submission)
  add_python_tests(front_door
    test_doctor
    test_find_python
    test_makefile
    test_setup)
  add_python_tests(layering
    test_layering
    test_registered)
  add_python_tests(notebooks
    test_notebooks)
  add_python_tests(peers
    test_peer_servers
    test_peers
    test_slices)
  add_python_tests(predict
    test_predict)
  add_python_tests(runner
    test_bad_input
    test_interruptions
    test_order
    test_present
    test_recording
    test_sections
    test_trials)
  add_python_tests(wait
    test_iocp)
  # No sanitizer has anything to see here: the programs only list their series.
  add_python_tests(experiments
    test_sentences)
  # What takes longest begins first, so that no core waits for it at the end.
  set_tests_properties(notebooks.test_notebooks PROPERTIES COST 70)
  set_tests_properties(charts.test_report charts.test_report_in_browser charts.test_charts
                       predict.test_predict wait.test_iocp PROPERTIES COST 30)
endif()

# A grader builds what it grades with flags of its own, sanitizers too: one flavour is enough.
if(TWO_CAKES_FLAVOUR STREQUAL "release")
  add_python_tests(coursework
    test_autograder
    test_class_table
    test_formats
    test_grade_all
    test_gradescope
    test_guides
    test_objects
    test_shown
    test_slurm
    test_weights)
endif()
