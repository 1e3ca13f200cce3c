# Warnings for all, and the sanitizers of the asan and tsan flavours. A preset sets the flavour.
set(TWO_CAKES_FLAVOUR "release" CACHE STRING "release, debug, asan or tsan; recorded with every result")
set_property(CACHE TWO_CAKES_FLAVOUR PROPERTY STRINGS release debug asan tsan)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(two_cakes_options INTERFACE)
target_compile_options(two_cakes_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                   -Wno-sign-conversion -Wno-missing-field-initializers -fno-omit-frame-pointer)
# g++ 12 sees overruns in moves of std::string where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(two_cakes_options INTERFACE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
endif()

# g++ goes through its memory again and again to find what it can give back: for a file with large headers that is a
# fifth of its time, and hardly less memory. Under 400 MB it needn't look.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options("SHELL:--param ggc-min-heapsize=400000")
endif()

# Most of a file's time goes into its headers, so the files of a target are compiled together, which halves a build from
# scratch. In the debug flavour, the one to work in, each is compiled alone: quick after an edit, and it shows what a file
# forgot to include. Targets whose files answer one question in several ways, with the same names, have UNITY_BUILD off.
if(NOT DEFINED CMAKE_UNITY_BUILD AND NOT TWO_CAKES_FLAVOUR STREQUAL "debug")
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
endif()

if(TWO_CAKES_FLAVOUR STREQUAL "asan")
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all)
elseif(TWO_CAKES_FLAVOUR STREQUAL "tsan")
  set(sanitizers -fsanitize=thread)
  add_compile_options(-Wno-tsan)  # fences in TBB and Asio: see tests/tsan.supp
endif()
if(sanitizers)
  add_compile_options(${sanitizers} -O1 -g1)  # -g1: lines for the reports, and a third less to write
  add_link_options(${sanitizers})
endif()

# command_line_sources(options.cpp ...): a command line is read once, and CLI11 takes twice as long to compile when it is
# optimized, and three times when it is sanitized.
function(command_line_sources)
  set(options -O0)
  if(NOT TWO_CAKES_FLAVOUR MATCHES "release|debug")
    list(APPEND options -fno-sanitize=all)
  endif()
  set_source_files_properties(${ARGV} PROPERTIES SKIP_PRECOMPILE_HEADERS TRUE COMPILE_OPTIONS "${options}")
endfunction()
