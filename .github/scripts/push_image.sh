#!/usr/bin/env bash
# Pushes an image that build_image.sh has made, unchanged, and prints its digest. The newest release also
# becomes "latest".
#
# Usage: push_image.sh FOLDER REPOSITORY VERSION true|false
set -euo pipefail

folder=$1 repository=$2 version=$3 newest=$4
tags=("$version")
if [ "$newest" = true ]; then tags+=(latest); fi

digest="$(mktemp)"
for tag in "${tags[@]}"; do
  skopeo copy --quiet --all --preserve-digests --digestfile "$digest" "dir:$folder" "docker://$repository:$tag" >&2
done
cat "$digest"
rm "$digest"
