#!/usr/bin/env bash
# Builds Tandem and runs all its tests. Arguments go to ctest: ./test.sh -L core
set -euo pipefail
cd "$(dirname "$0")"

timed() {
  local what=$1 begin=$SECONDS
  shift
  "$@"
  echo "-- $what took $((SECONDS - begin)) s"
}

timed "Installing" scripts/install-packages.sh build test
timed "Configuring" cmake --preset release -DTANDEM_TESTS=ON
timed "Building" cmake --build --preset release --parallel "$(nproc)"
timed "Testing" ctest --preset release "$@"
