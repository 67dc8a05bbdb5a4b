# tandem_layer(<name> LINK <libraries...>)
#   One room of the house: static library tandem::<name> from the sources in and below src/<name> (see
#   also tandem_glob), which include each other by their paths from there, with the public headers
#   include/tandem/<name>/*.h. The tensor headers are precompiled once, in core; all of
#   <torch/torch.h> would take every source two seconds longer.
function(tandem_layer name)
  cmake_parse_arguments(LAYER "" "" "LINK" ${ARGN})
  tandem_glob(sources ${PROJECT_SOURCE_DIR}/src/${name} *.cpp)
  add_library(tandem_${name} STATIC ${sources})
  add_library(tandem::${name} ALIAS tandem_${name})
  target_include_directories(tandem_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                                            PRIVATE ${PROJECT_SOURCE_DIR}/src/${name})
  target_link_libraries(tandem_${name} PUBLIC ${LAYER_LINK} PRIVATE tandem_flags)
  if(name STREQUAL "core")
    target_precompile_headers(tandem_core PRIVATE <torch/types.h>)
  else()
    target_precompile_headers(tandem_${name} REUSE_FROM tandem_core)
  endif()
  if(NOT DEFINED CMAKE_UNITY_BUILD)  # as the presets set it, for who takes this project in
    set_target_properties(tandem_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
  endif()
  set_property(GLOBAL APPEND PROPERTY TANDEM_ROOMS ${name})
endfunction()

# add_build_info(<target>): gives it tandem_build_info.h (version, commit, compiler).
function(add_build_info target)
  set(folder ${PROJECT_BINARY_DIR}/build_info)
  add_custom_target(${target}_build_info
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
            "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
            -DOUTPUT=${folder}/tandem_build_info.h -P ${PROJECT_SOURCE_DIR}/cmake/BuildInfo.cmake
    BYPRODUCTS ${folder}/tandem_build_info.h)
  add_dependencies(${target} ${target}_build_info)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
