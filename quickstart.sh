#!/usr/bin/env bash
# Installs, builds and runs the main job on Fashion-MNIST: a ladder of teachers, then students under
# three mappings. Ends with a table and a page to look at; a second run resumes and ends in seconds.
# Arguments are passed on to the study: ./quickstart.sh 'seeds=[0, 1]'
set -euo pipefail
cd "$(dirname "$0")"

scripts/install-packages.sh build
cmake --preset release -DTANDEM_TESTS=OFF >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target tandem

exec build/release/tandem study run studies/quickstart.toml "$@"
