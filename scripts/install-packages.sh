#!/usr/bin/env bash
# Installs the packages of Debian 12 or 13 that Tandem needs: install-packages.sh GROUP...
#   build   compile the program and run the quickstart (Fashion-MNIST comes as a package)
#   test    run the tests; Python's torch is the reference that some compare with
#   bench   run the benchmarks; NumPy and PyTorch are among what they compare with
#   ci      check the format, fuzz, make a Debian 13 on 12
# Asks for root (or sudo) only when something is missing.
set -euo pipefail

build=(git cmake ninja-build g++ ccache libtorch-dev libopenblas0-openmp dataset-fashion-mnist
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libfmt-dev libxxhash-dev zlib1g-dev
  libpng-dev libjpeg62-turbo-dev libarchive-dev libcurl4-openssl-dev
  libssl-dev libboost-dev)
test=(libgtest-dev libgmock-dev python3 python3-numpy python3-torch python3-torchvision)
bench=(python3 python3-numpy python3-pil python3-torch python3-torchvision)
ci=(clang-format clang libclang-rt-dev debootstrap)

wanted=()
for group in "$@"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    bench) wanted+=("${bench[@]}") ;;
    ci) wanted+=("${ci[@]}") ;;
    *) echo "install-packages.sh: expected build, test, bench or ci, got '$group'" >&2; exit 2 ;;
  esac
done
if [[ ${#wanted[@]} -eq 0 ]]; then
  echo "usage: install-packages.sh build|test|bench|ci ..." >&2
  exit 2
fi

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "This needs root or sudo. As root, run: $*" >&2
    exit 1
  fi
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "No dpkg and apt-get here. Install the counterparts of: ${wanted[*]}" >&2
  exit 1
fi
missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed* ]] || missing+=("$package")
done
if [[ ${#missing[@]} -gt 0 ]]; then
  echo "Installing: ${missing[*]}"
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "${missing[@]}"
fi

# LibTorch calls whatever libblas.so.3 is; the reference BLAS is many times slower than OpenBLAS.
# A choice made by hand (MKL, say) is left alone.
blas=$(update-alternatives --get-selections | awk '/^libblas\.so\.3-/ { print $1, $3 }')
if [[ $blas == *" "*/blas/libblas.so.3 ]]; then
  as_root update-alternatives --auto "${blas%% *}"
fi
