# Everything Tandem needs from outside, found once. scripts/install-packages.sh names the Debian
# packages; another LibTorch (2.x, CUDA) is taken with -DCMAKE_PREFIX_PATH=<its cmake prefix>.
find_package(Torch REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)  # libjpeg-turbo, whose extensions are used
find_package(LibArchive REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_path(TANDEM_MATIO_INCLUDE matio.h REQUIRED)
find_library(TANDEM_MATIO_LIBRARY matio REQUIRED)
find_package(Boost REQUIRED)
find_package(Threads REQUIRED)
find_path(TANDEM_XXHASH_INCLUDE xxhash.h REQUIRED)
find_library(TANDEM_XXHASH_LIBRARY xxhash REQUIRED)
find_package(tomlplusplus REQUIRED)
if(TANDEM_TESTS)
  find_package(GTest REQUIRED)
endif()

add_library(tandem_core_dependencies INTERFACE)
add_library(TandemDependencies::core ALIAS tandem_core_dependencies)
target_include_directories(tandem_core_dependencies SYSTEM INTERFACE
  ${TORCH_INCLUDE_DIRS} ${TANDEM_XXHASH_INCLUDE})
separate_arguments(tandem_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(tandem_core_dependencies INTERFACE ${tandem_torch_flags})
target_link_libraries(tandem_core_dependencies INTERFACE
  ${TORCH_LIBRARIES} fmt::fmt nlohmann_json::nlohmann_json
  tomlplusplus::tomlplusplus ${TANDEM_XXHASH_LIBRARY} Threads::Threads)

# JPEG and PNG.
add_library(tandem_picture_dependencies INTERFACE)
add_library(TandemDependencies::picture ALIAS tandem_picture_dependencies)
target_link_libraries(tandem_picture_dependencies INTERFACE PNG::PNG JPEG::JPEG)

# MATLAB files.
add_library(tandem_dataset_dependencies INTERFACE)
add_library(TandemDependencies::dataset ALIAS tandem_dataset_dependencies)
target_include_directories(tandem_dataset_dependencies SYSTEM INTERFACE ${TANDEM_MATIO_INCLUDE})
target_link_libraries(tandem_dataset_dependencies INTERFACE ${TANDEM_MATIO_LIBRARY})

# Downloads, archives, checksums.
add_library(tandem_fetch_dependencies INTERFACE)
add_library(TandemDependencies::fetch ALIAS tandem_fetch_dependencies)
target_link_libraries(tandem_fetch_dependencies INTERFACE
  LibArchive::LibArchive CURL::libcurl OpenSSL::Crypto)
