# What the project stands on: packages of the distribution, nothing fetched. `make setup` installs them.
find_package(Threads REQUIRED)
find_package(benchmark REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(TBB REQUIRED)
find_package(Catch2 REQUIRED)

# The measured clients parse HTTP with nodejs' parser: http_parser, or llhttp, which replaced it.
find_path(HTTP_PARSER_INCLUDE_DIR NAMES http_parser.h llhttp.h REQUIRED)
find_library(HTTP_PARSER_LIBRARY NAMES http_parser llhttp REQUIRED)
add_library(http_parser INTERFACE)
target_include_directories(http_parser SYSTEM INTERFACE ${HTTP_PARSER_INCLUDE_DIR})
target_link_libraries(http_parser INTERFACE ${HTTP_PARSER_LIBRARY})

# Optional. kqueue is part of BSD and macOS; on Linux, libkqueue imitates it.
add_library(kqueue INTERFACE)
find_path(KQUEUE_INCLUDE_DIR NAMES sys/event.h PATH_SUFFIXES kqueue)
find_library(KQUEUE_LIBRARY NAMES kqueue)
if(KQUEUE_INCLUDE_DIR AND KQUEUE_LIBRARY)
  target_include_directories(kqueue SYSTEM INTERFACE ${KQUEUE_INCLUDE_DIR})
  target_link_libraries(kqueue INTERFACE ${KQUEUE_LIBRARY})
endif()

# Optional: io_uring, on Linux.
add_library(uring INTERFACE)
find_path(URING_INCLUDE_DIR NAMES liburing.h)
find_library(URING_LIBRARY NAMES uring)
if(URING_INCLUDE_DIR AND URING_LIBRARY)
  target_include_directories(uring SYSTEM INTERFACE ${URING_INCLUDE_DIR})
  target_compile_definitions(uring INTERFACE TWO_CAKES_HAS_LIBURING)
  target_link_libraries(uring INTERFACE ${URING_LIBRARY})
endif()

# The Python that has numpy, scipy, pandas and matplotlib, though another may come first on PATH.
execute_process(COMMAND ${PROJECT_SOURCE_DIR}/common/setup/find_python.sh
                OUTPUT_VARIABLE TWO_CAKES_PYTHON OUTPUT_STRIP_TRAILING_WHITESPACE
                RESULT_VARIABLE python_missing)
if(python_missing)
  message(FATAL_ERROR "No Python with numpy, scipy, pandas and matplotlib: run `make setup`")
endif()
