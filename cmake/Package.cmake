# Tandem::tandem, all rooms as one library, which is what others link: by add_subdirectory, or by
# find_package(Tandem) where it is installed.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(rooms GLOBAL PROPERTY TANDEM_ROOMS)
list(TRANSFORM rooms REPLACE "(.+)" "$<TARGET_OBJECTS:tandem_\\1>" OUTPUT_VARIABLE objects)
add_library(tandem_library STATIC ${objects})
add_library(Tandem::tandem ALIAS tandem_library)
set_target_properties(tandem_library PROPERTIES
  OUTPUT_NAME tandem EXPORT_NAME tandem LINKER_LANGUAGE CXX)
target_compile_features(tandem_library PUBLIC cxx_std_20)
target_include_directories(tandem_library PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# What public headers include is PUBLIC; the rest is only linked, and what is headers alone is not
# even that.
target_link_libraries(tandem_library
  PUBLIC Tandem::torch
  PRIVATE fmt::fmt tomlplusplus::tomlplusplus xxHash::xxhash ZLIB::ZLIB PNG::PNG JPEG::JPEG
          Threads::Threads ${TANDEM_OPTIONAL_TARGETS} $<BUILD_INTERFACE:tandem_flags>)

if(NOT TANDEM_INSTALL)
  return()
endif()
set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/Tandem)
install(TARGETS tandem_library EXPORT TandemTargets COMPONENT library)
install(DIRECTORY include/tandem DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT TandemTargets NAMESPACE Tandem:: DESTINATION ${folder} COMPONENT library)
configure_package_config_file(cmake/TandemConfig.cmake.in TandemConfig.cmake
                              INSTALL_DESTINATION ${folder})
write_basic_package_version_file(TandemConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/TandemConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/TandemConfigVersion.cmake
              cmake/LibTorch.cmake cmake/clang_vector.h cmake/FindxxHash.cmake
        DESTINATION ${folder} COMPONENT library)
