#!/usr/bin/env bash
# Keeps a finished study among the results: its records, without weights, teachers and stores, and
# the report that is made of them. Without a study, renders the reports of all that are kept anew.
#
#   scripts/keep-results.sh runs/quickstart     # to results/quickstart
#   scripts/keep-results.sh                     # after a change of the page
set -euo pipefail
run=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."

if [[ -n $run ]]; then
  kept=results/$(basename "$run")
  rm -rf "${kept:?}"
  mkdir -p "$kept"
  (cd "$run" && find study.json gallery trials -name weights -prune -o -type f -print0 |
    grep -zE '^(study\.json|gallery/.*|trials/[^/]+/record\.json)$' |
    xargs -0 cp --parents -t "$OLDPWD/$kept")
fi
for study in results/*/study.json; do
  build/release/tandem report "$(dirname "$study")" >/dev/null
done
