# Everything Tandem needs from outside, found once. scripts/install-packages.sh names the Debian
# packages; another LibTorch (2.x, CUDA) is taken with -DCMAKE_PREFIX_PATH=<its cmake prefix>.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)  # for a project that takes this one in as a folder
find_package(Torch REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)  # libjpeg-turbo, whose extensions are used
find_package(Boost REQUIRED CONFIG)
find_package(Threads REQUIRED)
find_package(xxHash REQUIRED)
find_package(tomlplusplus REQUIRED)
if(TANDEM_APPS)
  find_package(CLI11 REQUIRED)
endif()
if(TANDEM_TESTS)
  find_package(GTest REQUIRED)
endif()
include(OptionalLibrary)
tandem_optional_library(TANDEM_FETCH curl CURL CURL::libcurl "downloads")
tandem_optional_library(TANDEM_FETCH libarchive LibArchive LibArchive::LibArchive "unpacking")
tandem_optional_library(TANDEM_FETCH openssl OpenSSL OpenSSL::Crypto "checksums of what is downloaded")
include(LibTorch)
set_target_properties(Tandem::torch PROPERTIES IMPORTED_GLOBAL ON)

add_library(tandem_core_dependencies INTERFACE)
add_library(TandemDependencies::core ALIAS tandem_core_dependencies)
target_link_libraries(tandem_core_dependencies INTERFACE
  Tandem::torch fmt::fmt nlohmann_json::nlohmann_json tomlplusplus::tomlplusplus xxHash::xxhash
  Threads::Threads ZLIB::ZLIB)
