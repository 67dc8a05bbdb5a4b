# Runs PROGRAM in an empty folder. It must succeed and print what SOURCE says in lines that begin
# with "// Prints: ".
set(folder ${PROGRAM}-run)
file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder})
execute_process(COMMAND ${PROGRAM} WORKING_DIRECTORY ${folder} OUTPUT_VARIABLE output
                ECHO_OUTPUT_VARIABLE COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${SOURCE} lines REGEX "^// Prints: ")
if(NOT lines)
  message(FATAL_ERROR "${SOURCE}: expected a line '// Prints: <some words>', found none")
endif()
foreach(line ${lines})
  string(REPLACE "// Prints: " "" words ${line})
  string(FIND "${output}" "${words}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "expected '${words}' to be printed")
  endif()
endforeach()
