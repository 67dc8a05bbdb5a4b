# tandem_layer(<name> LINK <libraries...>)
#   One room of the house: static library tandem::<name> from src/<name>/*.cpp with the public
#   headers include/tandem/<name>/*.h. The LibTorch headers are precompiled once, in core.
function(tandem_layer name)
  cmake_parse_arguments(LAYER "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)  # TEMPORARY while rooms are being furnished
    add_library(tandem_${name} INTERFACE)
    add_library(tandem::${name} ALIAS tandem_${name})
    target_link_libraries(tandem_${name} INTERFACE ${LAYER_LINK})
    return()
  endif()
  add_library(tandem_${name} STATIC ${sources})
  add_library(tandem::${name} ALIAS tandem_${name})
  target_include_directories(tandem_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include
                                            PRIVATE ${CMAKE_SOURCE_DIR}/src/${name})
  target_link_libraries(tandem_${name} PUBLIC ${LAYER_LINK} PRIVATE tandem_flags)
  if(name STREQUAL "core")
    target_precompile_headers(tandem_core PRIVATE <torch/torch.h>)
  else()
    target_precompile_headers(tandem_${name} REUSE_FROM tandem_core)
  endif()
endfunction()
