# Writes tandem_build_info.h: version, commit and compiler, for provenance. Run at build time so that
# the commit is that of the build, and rewritten only when something changed.
execute_process(COMMAND git -C ${SOURCE_DIR} describe --always --dirty --abbrev=12
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown")
endif()
set(content "#pragma once\n#define TANDEM_VERSION \"${VERSION}\"\n#define TANDEM_COMMIT \"${commit}\"\n#define TANDEM_COMPILER \"${COMPILER}\"\n")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} previous)
endif()
if(NOT previous STREQUAL content)
  file(WRITE ${OUTPUT} "${content}")
endif()
