# Tandem::torch: LibTorch as Tandem and its users compile and link it. Read by Tandem's build and,
# installed, by TandemConfig.cmake, each after find_package(Torch).
if(NOT TARGET Tandem::torch)
  add_library(Tandem::torch INTERFACE IMPORTED)
  target_link_libraries(Tandem::torch INTERFACE ${TORCH_LIBRARIES})
  if(Torch_VERSION VERSION_LESS 2)
    target_compile_options(Tandem::torch INTERFACE
      "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/clang_vector.h>")
  endif()
endif()
