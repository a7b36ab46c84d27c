/**
 * Builds the container image from a clone with keys in it, for two processors, on a base made of Debian's packages; runs
 * it as the release does; and pushes it to a registry on this machine.
 *
 * Bounds: no key is in any layer; each processor has its own base; everything in `try_image.sh` works without a network,
 * without root and with a read-only root file system; the registry has the same digest.
 * Needs root and the packages buildah, podman, crun, skopeo, debootstrap and docker-registry of Debian 13; asks its
 * mirror and npm. Takes five minutes, or fifteen on a busy machine: `deno run -q -P=acceptance tests/acceptance/container.ts`
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { walk } from "@std/fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { VERSION } from "../../lib/base/mod.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { tellProgress } from "./_flag.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const KEY = "0123456789abcdefPLANTED0123456789";
/** Files of a checkout in which people have keys. */
const KEY_FILES = ["api_key.md", "civitai-dl.env", "civitai-dl.yml", "config/dev.config", "lib/.env"];
const PORT = 5056;
const REGISTRY = `127.0.0.1:${PORT}`;

/** Variables of all programs: their files are in the folder, and they ask no more than a container of this machine may. */
function variablesOf(folder: string): Readonly<Record<string, string>> {
  return {
    HOME: folder,
    STORAGE_DRIVER: "vfs",
    BUILDAH_ISOLATION: "chroot",
    CONTAINERS_CONF: join(folder, "containers.conf"),
    CONTAINERS_STORAGE_CONF: join(folder, "storage.conf"),
    CONTAINERS_REGISTRIES_CONF: join(folder, ".config/containers/registries.conf"),
    PODMAN_IGNORE_CGROUPSV1_WARNING: "1",
  };
}

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a script of Bash in the folder. */
async function bash(script: string, folder: string, env: Readonly<Record<string, string>> = {}): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-o", "pipefail", "-c", script],
    cwd: folder,
    env: { ...variablesOf(folder), ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Run a script that must succeed. */
async function must(script: string, folder: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, stdout, stderr } = await bash(script, folder, env);
  if (code !== 0) throw new Error(`${script}: ended with ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`);
  return stdout.trim();
}

/** The configuration of the container programs. */
async function writeSettings(folder: string): Promise<void> {
  const [files, processes] = (await must('echo "$(ulimit -Hn) $(ulimit -Hu)"', folder)).split(" ");
  await Deno.mkdir(join(folder, ".config/containers"), { recursive: true });
  const texts = {
    // A container must not ask for more than this machine allows.
    "containers.conf":
      `[containers]\ndefault_ulimits = ["nofile=${files}:${files}", "nproc=${processes}:${processes}"]\n`,
    "storage.conf": `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/storage"\nrunroot = "${folder}/run"\n`,
    ".config/containers/registries.conf": `[[registry]]\nlocation = "${REGISTRY}"\ninsecure = true\n`,
    ".config/containers/policy.json": '{"default":[{"type":"insecureAcceptAnything"}]}\n',
    "registry.yml":
      `version: 0.1\nstorage: {filesystem: {rootdirectory: ${folder}/registry}}\nhttp: {addr: "${REGISTRY}"}\n`,
  };
  for (const [name, text] of Object.entries(texts)) await Deno.writeTextFile(join(folder, name), text);
}

/**
 * Push the base to the registry: Debian with this Deno for this processor, and a file of a few bytes in place of that for
 * the other, on which nothing runs. The certificates are those of this machine, which may be behind a proxy of its own.
 */
async function makeBase(folder: string): Promise<string> {
  const base = `${REGISTRY}/denoland/deno:debian-${Deno.version.deno}`;
  await must("debootstrap --variant=minbase --include=ca-certificates trixie root > debootstrap.log", folder);
  await Deno.copyFile(Deno.execPath(), join(folder, "root/usr/bin/deno"));
  await must(
    `rm -f root/var/cache/apt/archives/*.deb root/var/lib/apt/lists/*_*
    chmod 755 root/usr/bin/deno
    cp /etc/ssl/certs/ca-certificates.crt root/etc/ssl/certs/
    chroot root useradd --uid 1993 --user-group deno
    one=$(buildah from scratch)
    buildah copy --quiet "$one" root/ /
    buildah config --env DENO_TLS_CA_STORE=system "$one"
    buildah commit --quiet --rm "$one" localhost/own:1
    mkdir -p other/usr/bin && echo other > other/usr/bin/deno
    two=$(buildah from --arch arm64 scratch)
    buildah copy --quiet "$two" other/ /
    buildah config --arch arm64 "$two"
    buildah commit --quiet --rm "$two" localhost/other:1
    buildah manifest create localhost/base:1 localhost/own:1 localhost/other:1
    buildah manifest push --quiet --all localhost/base:1 "docker://$BASE"
    buildah manifest rm localhost/base:1
    buildah rmi --all --force`,
    folder,
    { BASE: base },
  );
  return base;
}

/** The sizes of the layers of each processor. */
async function readLayers(image: string): Promise<Readonly<Record<string, readonly number[]>>> {
  const found: Record<string, readonly number[]> = {};
  const { manifests } = JSON.parse(await Deno.readTextFile(join(image, "manifest.json")));
  for (const { digest, platform } of manifests) {
    const { layers } = JSON.parse(
      await Deno.readTextFile(join(image, `${digest.slice("sha256:".length)}.manifest.json`)),
    );
    found[platform.architecture] = layers.map(({ size }: { readonly size: number }) => size);
  }
  return found;
}

/** Files of an image that have the key in them, packed or not. */
async function findKeys(image: string): Promise<readonly string[]> {
  const found = [];
  for await (const { path, name } of walk(image, { includeDirs: false })) {
    const bytes = await Deno.readFile(path);
    const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    if (new TextDecoder("latin1").decode(content).includes(KEY)) found.push(name);
  }
  return found;
}

/** Containers need a cgroup hierarchy of one kind; a machine with both keeps the older one. */
const OWN_MOUNTS = `mount --make-rprivate /; if [ -d /sys/fs/cgroup/unified ]; then umount /sys/fs/cgroup/unified; fi`;

if (import.meta.main) {
  const folder = parseArgs(Deno.args).folder ?? await Deno.makeTempDir({ prefix: "civitai-dl-container-" });
  let registry: Deno.ChildProcess | undefined;
  try {
    await writeSettings(folder);
    registry = new Deno.Command("docker-registry", {
      args: ["serve", join(folder, "registry.yml")],
      stdout: "null",
      stderr: "null",
    }).spawn();
    tellProgress("A base of Debian's packages");
    const base = await makeBase(folder);
    tellProgress("The image, from a clone with keys in it");
    await must(`git clone --quiet "$ROOT" clone`, folder, { ROOT });
    const clone = join(folder, "clone");
    for (const name of KEY_FILES) await Deno.writeTextFile(join(clone, name), `CIVITAI_API_KEY=${KEY}\n`);
    const image = join(folder, "image");
    const build = `cd clone && .github/scripts/build_image.sh ${image} ${VERSION} "$(git rev-parse HEAD)"`;
    await must(build, folder, { BASE: base });
    const layers = await readLayers(image);
    const keysFound = await findKeys(image);
    tellProgress("A run of it");
    const tried = await bash(
      `unshare --mount bash -e -c '${OWN_MOUNTS}; ${clone}/.github/scripts/try_image.sh ${image} ${VERSION}'`,
      folder,
    );
    if (tried.code !== 0) tellProgress(`${tried.stdout.slice(-2000)}${tried.stderr.slice(-2000)}`);
    tellProgress("A push of it");
    const pushed = await must(
      `${clone}/.github/scripts/push_image.sh ${image} ${REGISTRY}/civitai-dl ${VERSION} true`,
      folder,
    );
    const manifest = await Deno.readFile(join(image, "manifest.json"));
    const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
    const there = await must(`skopeo inspect --raw docker://${REGISTRY}/civitai-dl:latest | sha256sum`, folder);
    reportFigures({ layers, keysFound, tryCode: tried.code, digest, pushed }, [
      { name: "no key in a layer", isMet: keysFound.length === 0 },
      { name: "an image for two processors", isMet: Object.keys(layers).length === 2 },
      { name: "each on its own base", isMet: layers["amd64"]?.[0] !== layers["arm64"]?.[0] },
      { name: "it runs", isMet: tried.code === 0 },
      { name: "the registry has the same digest", isMet: pushed === digest && there.startsWith(digest.slice(7)) },
    ]);
  } finally {
    registry?.kill("SIGTERM");
    await registry?.status;
    await Deno.remove(folder, { recursive: true });
  }
}
