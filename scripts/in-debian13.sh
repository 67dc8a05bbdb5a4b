#!/usr/bin/env bash
# Runs COMMAND in this tree as on a Debian 13 machine: in-debian13.sh COMMAND...
#   scripts/in-debian13.sh ./test.sh -L core
# The first run makes the root build/debian13/root, from the mirror that apt is set to here, with
# what build and test need; later runs need no network. Inside, the tree is where it is outside, but
# `build` is build/debian13/build. Remove build/debian13/root to have the root made anew.
# Needs root (or sudo), debootstrap, and 3 GB.
set -euo pipefail

suite=trixie
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
home=$tree/build/debian13
root=$home/root

fail() {
  echo "in-debian13.sh: $1" >&2
  exit 1
}

# "URI SUITE" of each repository in the root: the host's own, of the other release.
repositories() {
  local release uri of component
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    while read -r uri of component; do
      case $component:$of in
        main:"$release"|main:"$release"-updates|main:"$release"-security)
          echo "$uri $suite${of#"$release"}" ;;
      esac
    done | sort --unique
}

# Proxies and other settings of the network, which packages must be fetched with in the root too.
network_settings() {
  apt-config dump | grep --ignore-case --extended-regexp \
    '^Acquire::(http|https|Check-|Force|Languages|Retries)' || true
}

make_root() {
  local new=$root.new mirror sources proxies
  command -v debootstrap >/dev/null ||
    fail "debootstrap is missing: scripts/install-packages.sh ci installs it"
  unshare --mount true || fail "mounts are not allowed here (a container must be privileged)"
  sources=$(repositories)
  mirror=$(awk -v suite="$suite" '$2 == suite { print $1; exit }' <<<"$sources")
  [[ -n $mirror ]] ||
    fail "expected apt to be set to a mirror of Debian for this release, to take $suite from"
  proxies=$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)

  echo "Making $root of $suite from $mirror; this takes some minutes" >&2
  exec 3>&2
  trap 'tail -n 5 "$home/root.log" >&3; fail "made no root; $home/root.log says all" 2>&3' EXIT
  rm -rf --one-file-system "$new"  # of a run that was interrupted
  {
    (
      set -a
      eval "$proxies"
      exec unshare --mount debootstrap --variant=minbase --include=ca-certificates \
        "$suite" "$new" "$mirror"
    )
    awk '{ print "deb", $1, $2, "main" }' <<<"$sources" >"$new/etc/apt/sources.list"
    network_settings >"$new/etc/apt/apt.conf.d/90network"
    echo force-unsafe-io >"$new/etc/dpkg/dpkg.cfg.d/unsafe-io"  # half a root is never used
    printf '[safe]\n\tdirectory = *\n' >"$new/etc/gitconfig"  # the tree may be another user's
    (run_in "$new" scripts/install-packages.sh build test)
    (run_in "$new" apt-get clean)
  } >"$home/root.log" 2>&1
  mv "$new" "$root"
  trap - EXIT
}

# Becomes the command in root $1. The mounts are in a namespace of its own and go with it. The
# environment is a fresh machine's: paths of this one would mislead.
run_in() {
  local in=$1 ccache=${CCACHE_DIR:-$HOME/.cache/ccache} name
  shift
  local environment=(HOME=/ CCACHE_DIR=/ccache LC_ALL=C.UTF-8
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
  for name in TERM http_proxy https_proxy no_proxy; do
    [[ -z ${!name:-} ]] || environment+=("$name=${!name}")
  done
  mkdir -p "$home/build" "$in$tree" "$ccache" "$in/ccache"
  cp --dereference /etc/resolv.conf /etc/hosts "$in/etc/"
  exec unshare --mount bash -euc '
    in=$1 tree=$2 build=$3 ccache=$4
    shift 4
    mount --bind "$tree" "$in$tree"
    mount --bind "$build" "$in$tree/build"
    mount --bind "$ccache" "$in/ccache"
    for folder in proc sys dev; do
      mount --rbind "/$folder" "$in/$folder"
    done
    exec chroot "$in" env --ignore-environment --chdir="$tree" "$@"
  ' bash "$in" "$tree" "$home/build" "$ccache" "${environment[@]}" "$@"
}

if [[ $# -eq 0 ]]; then
  echo "usage: in-debian13.sh COMMAND..." >&2
  exit 2
fi
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null || fail "needs root or sudo"
  exec sudo "$tree/scripts/in-debian13.sh" "$@"
fi
mkdir -p "$home"
(
  flock 9  # one makes the root, others wait
  if [[ ! -d $root ]]; then
    make_root
  fi
) 9>"$home/lock"
run_in "$root" "$@"
