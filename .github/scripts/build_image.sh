#!/usr/bin/env bash
# Builds the container image for every processor into a folder, as push_image.sh pushes it and try_image.sh runs it.
#
# Usage: build_image.sh FOLDER VERSION REVISION
#   PLATFORMS   of the image, such as linux/amd64; both if it is not set
#   BASE        another base than that of the Dockerfile
set -euo pipefail

folder=$1 version=$2 revision=$3
arguments=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision")
if [ -n "${BASE:-}" ]; then arguments+=(--build-arg "BASE=$BASE"); fi

# Health checks exist in this format; in that of OCI they are lost.
buildah build --format docker --platform "${PLATFORMS:-linux/amd64,linux/arm64}" --manifest "civitai-dl:$version" \
  "${arguments[@]}" .
buildah manifest push --all --format v2s2 "civitai-dl:$version" "dir:$folder.plain"
# Registries keep layers compressed; what is compressed now has the digest that it will have there.
skopeo copy --quiet --all --dest-compress "dir:$folder.plain" "dir:$folder"
rm -r "$folder.plain"
