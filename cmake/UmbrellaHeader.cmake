# include/tandem/tandem.h includes every public header, and docs/api.md has a sentence on each
# and on no other:
#   cmake -P cmake/UmbrellaHeader.cmake             fails and names those that are missing or gone
#   cmake -DWRITE=ON -P cmake/UmbrellaHeader.cmake  writes it anew
cmake_minimum_required(VERSION 3.25)
set(include ${CMAKE_CURRENT_LIST_DIR}/../include)
file(GLOB headers RELATIVE ${include} ${include}/tandem/*/*.h)
set(umbrella ${include}/tandem/tandem.h)

if(WRITE)
  list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
  string(JOIN "" lines ${headers})
  file(WRITE ${umbrella} "#pragma once

// All of Tandem; a single header of it compiles faster. Written by cmake/UmbrellaHeader.cmake.

${lines}")
  return()
endif()

file(STRINGS ${umbrella} included REGEX "^#include \"tandem/")
list(TRANSFORM included REPLACE "#include \"(.+)\"" "\\1")
set(missing ${headers})
set(gone ${included})
list(REMOVE_ITEM missing "" ${included})
list(REMOVE_ITEM gone "" ${headers})
if(missing OR gone)
  message(FATAL_ERROR "tandem/tandem.h misses [${missing}] and includes [${gone}], which are not "
                      "there; cmake -DWRITE=ON -P cmake/UmbrellaHeader.cmake writes it anew")
endif()

file(READ ${CMAKE_CURRENT_LIST_DIR}/../docs/api.md api)
set(unsaid)
set(sayable)
foreach(header IN LISTS headers)
  string(REPLACE "tandem/" "" in_room ${header})
  cmake_path(GET header FILENAME alone)
  if(NOT api MATCHES "[|] `(${in_room}|${alone})` [|] [^|]+ [|]")
    list(APPEND unsaid ${header})
  endif()
  list(APPEND sayable ${in_room} ${alone})
endforeach()
if(unsaid)
  message(FATAL_ERROR "docs/api.md says nothing of [${unsaid}]")
endif()

string(REGEX MATCHALL "\n[|] `[^`;]+[.]h` [|]" said "${api}")
list(TRANSFORM said REPLACE "\n[|] `(.+)` [|]" "\\1")
list(REMOVE_ITEM said "" ${sayable})
if(said)
  message(FATAL_ERROR "docs/api.md has rows on [${said}], which are no public headers")
endif()
