#!/usr/bin/env bash
# Pushes an image that build_image.sh has made, unchanged, and prints its digest. A release also becomes "latest".
#
# Usage: push_image.sh FOLDER REPOSITORY VERSION
set -euo pipefail

folder=$1 repository=$2 version=$3
tags=("$version")
if [[ "$version" != *-* ]]; then tags+=(latest); fi

digest="$(mktemp)"
for tag in "${tags[@]}"; do
  skopeo copy --quiet --all --preserve-digests --digestfile "$digest" "dir:$folder" "docker://$repository:$tag" >&2
done
cat "$digest"
rm "$digest"
