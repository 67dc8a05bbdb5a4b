#!/usr/bin/env bash
# Measures Tandem against its goals and against other ways to do the same: ./bench.sh WHAT
#   targets [bytes|reads|student|label-once]...   target stores; takes about two minutes
#   views [pad-crop|resized-crop|color-jitter|randaugment|train|jpeg]...
#                                                 augmentations; takes about four minutes
# Prints a line "ratio NAME MEDIAN goal GOAL" for each figure, where more is better, and lines for
# people that begin with "#". Wants a quiet machine, and 600 MB in the folder for temporary files.
set -euo pipefail
cd "$(dirname "$0")"

usage() { sed -n '2,/^set /s/^# \?//p' bench.sh; }

case ${1:-} in
  targets|views) ;;
  '') usage; exit 0 ;;
  *) echo "bench.sh: expected targets or views, got '$1'" >&2; usage >&2; exit 2 ;;
esac

{
  scripts/install-packages.sh build bench
  cmake --preset release -DTANDEM_TESTS=OFF -DTANDEM_BENCH=ON
  cmake --build --preset release --parallel "$(nproc)" --target "bench_$1"
} >&2

export OMP_NUM_THREADS=1
read -r load _ </proc/loadavg
echo "# load before: $load (should be near 0)"
TMPDIR=$(mktemp --directory --tmpdir tandem-bench-XXXXXX)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
"build/release/bench/bench_$1" "${@:2}"
