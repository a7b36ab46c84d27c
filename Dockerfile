# The image of civitai-dl; docs/packaging.md says how to build and use it.
#
# One base for both stages: Debian with Deno at /usr/bin/deno, in the version that the project is tested with. Its digest
# could not be read where this was written, so it is pinned by its exact version; Dependabot proposes newer ones.
ARG BASE=docker.io/denoland/deno:debian-2.9.6

# The bundle is the same for every processor, so it is made on that of the builder.
FROM --platform=$BUILDPLATFORM ${BASE} AS build
WORKDIR /source
# Dependencies have a layer of their own, which is used again until the lock file changes.
COPY deno.json deno.lock ./
COPY std/ std/
RUN ["deno", "ci"]
COPY . .
RUN ["deno", "task", "image-files", "--folder", "/image"]

# No command runs in this stage, so an image for another processor needs no emulation. Without the name of the platform,
# Buildah would take the base that it has just fetched for the stage above.
FROM --platform=$TARGETPLATFORM ${BASE}
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="civitai-dl" \
      org.opencontainers.image.description="Keep a local library of Civitai models and images: complete, verified, sorted" \
      org.opencontainers.image.url="https://github.com/civitai-dl/civitai-dl" \
      org.opencontainers.image.documentation="https://github.com/civitai-dl/civitai-dl/blob/main/docs/packaging.md" \
      org.opencontainers.image.source="https://github.com/civitai-dl/civitai-dl" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/denoland/deno:debian-2.9.6"
COPY --from=build --chown=0:0 /image/usr/ /usr/
COPY --from=build --chown=1993:1993 /image/data/ /data/
# Everything that the program writes is in the volume. Deno itself keeps nothing: its cache may be missing.
ENV HOME=/data \
    DENO_DIR=/tmp/deno
WORKDIR /data
VOLUME /data
# The user "deno" of the base, by number, so that Kubernetes can see that it is not root.
USER 1993:1993
STOPSIGNAL SIGTERM
# It asks the monitor's /healthz and touches no disk; a container without --listen has nothing to ask.
HEALTHCHECK --interval=1m --timeout=15s --start-period=30s --retries=2 \
    CMD ["/usr/lib/civitai-dl/health-probe"]
ENTRYPOINT ["civitai-dl"]
CMD ["--help"]
