# add_lab(event_loop SOURCES event_loop.cpp USES base)
#
# The lab in lab/event_loop of this section's folder. Its marked solution is code like any other: compiled with all the
# warnings, among the tests. And one test, lab.event_loop: the solution scores 100, the starter 0, the handout builds
# alone and gives nothing away.
function(add_lab name)
  cmake_parse_arguments(LAB "" "" "SOURCES;USES" ${ARGN})
  list(TRANSFORM LAB_SOURCES PREPEND lab/${name}/)
  if(LAB_SOURCES)
    add_library(lab_${name} OBJECT ${LAB_SOURCES})
    target_include_directories(lab_${name} PRIVATE lab/${name})
    target_link_libraries(lab_${name} PRIVATE ${LAB_USES} Threads::Threads two_cakes_options)
    only_for_tests(lab_${name})
  endif()
  if(TWO_CAKES_FLAVOUR STREQUAL "release" OR TWO_CAKES_FLAVOUR STREQUAL "debug")  # a grading brings its own sanitizers
    add_test(NAME lab.${name} COMMAND ${TWO_CAKES_PYTHON} -B -m unittest -v tests.coursework.gates
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(lab.${name} PROPERTIES LABELS coursework TIMEOUT 600 ENVIRONMENT "TWO_CAKES_LAB=${name}")
  endif()
endfunction()
