#!/usr/bin/env bash
# Keeps a finished study among the results: the records that it planned, without weights, teachers
# and stores, and the report that is made of them. Without a study, renders the reports of all that
# are kept anew.
#
#   scripts/keep-results.sh runs/quickstart     # to results/quickstart
#   scripts/keep-results.sh                     # after a change of the page
set -euo pipefail
run=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."

if [[ -n $run ]]; then
  kept=results/$(basename "$run")
  # What is kept already goes only when its successor is whole.
  copy=$(mktemp -d "results/.keep-XXXXXX")
  trap 'rm -rf "$copy"' EXIT
  chmod 755 "$copy"
  python3 - "$run" <<'END' | (cd "$run" && xargs -0r cp --parents -t "$OLDPWD/$copy")
import json, pathlib, sys
run = pathlib.Path(sys.argv[1])
study = json.loads((run / "study.json").read_text())
files = ["study.json", study["gallery_file"]]
files += [f"trials/{trial['id']}/record.json" for trial in study["planned"]]
missing = [file for file in files if not (run / file).is_file()]
if missing:
    sys.exit(f"{run}: expected a finished study, lacks {missing[0]} and {len(missing) - 1} more")
sys.stdout.write("".join(file + "\0" for file in files))
END
  rm -rf "${kept:?}"
  mv "$copy" "$kept"
fi
for study in results/*/study.json; do
  build/release/tandem report "$(dirname "$study")" >/dev/null
done
