# add_room(os FLOOR 1 SOURCES a.cpp b.cpp USES base LIBRARIES fmt::fmt)
#
# One static library per room of common/. A room may use only rooms on lower floors; a breach stops
# the configuration, and so does a link line that names a room outside USES.
function(add_room name)
  cmake_parse_arguments(ROOM "" "FLOOR" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/common)
  set_target_properties(${name} PROPERTIES TWO_CAKES_FLOOR ${ROOM_FLOOR} PREFIX "libtwo_cakes_")
  foreach(used IN LISTS ROOM_USES)
    get_target_property(used_floor ${used} TWO_CAKES_FLOOR)
    if(NOT used_floor LESS ROOM_FLOOR)
      message(FATAL_ERROR "common/${name} (floor ${ROOM_FLOOR}) may not use common/${used} (floor ${used_floor})")
    endif()
  endforeach()
  target_link_libraries(${name} PUBLIC ${ROOM_USES} ${ROOM_LIBRARIES} PRIVATE two_cakes_options)
endfunction()
