# only_for_tests(program ...): built by the target `tests`, not by a plain build. Whoever builds to measure doesn't wait
# for the tests; `make test` builds both.
add_custom_target(tests)

function(only_for_tests)
  set_target_properties(${ARGV} PROPERTIES EXCLUDE_FROM_ALL TRUE)
  add_dependencies(tests ${ARGV})
endfunction()
