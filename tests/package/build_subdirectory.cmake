# Configures the stranger's project and compiles its source and one room, so that rooms are known to
# compile there too; all of Tandem would take minutes.
file(REMOVE_RECURSE ${FOLDER})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER} -DTANDEM=${TANDEM}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${FOLDER}
                        --target CMakeFiles/stranger.dir/main.cpp.o tandem_core
                COMMAND_ERROR_IS_FATAL ANY)
