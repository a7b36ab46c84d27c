#!/usr/bin/env bash
# Runs an image that build_image.sh has made, without a network, without rights, and with a root file system that cannot
# be written: it downloads from the sandbox into a volume, verifies it, and is healthy.
#
# Usage: try_image.sh FOLDER VERSION
set -euo pipefail

folder=$1 version=$2
image="$(podman pull --quiet "dir:$folder")"
volume="$(podman volume create)"
limits=(--network=none --read-only --read-only-tmpfs=false --cap-drop=all --security-opt=no-new-privileges
  --volume "$volume:/data")
run() { podman run --rm "${limits[@]}" "$image" "$@"; }

run --version | grep --fixed-strings --line-regexp "civitai-dl $version"
# It makes temporary files; a download makes none.
podman run --rm "${limits[@]}" --tmpfs /tmp "$image" self-test
run demo
run download --sandbox --query copper --limit 3 --yes --output library
run verify --deep --output library

# A container that goes on is healthy, and stops cleanly when it is told.
container="$(podman run --detach "${limits[@]}" "$image" monitor --library library)"
podman healthcheck run "$container"
podman stop --time 20 "$container"
podman logs "$container"
code="$(podman wait "$container")"
podman rm "$container"
podman volume rm "$volume"
[ "$code" -ne 137 ] || { echo "::error::It had to be killed"; exit 1; }
