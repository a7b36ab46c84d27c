import { walk } from "@std/fs";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { KitError, VERSION } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { PACKAGE_SUMMARY } from "../lib/release/mod.ts";
import { program } from "../cli.ts";
import { runScript } from "./_frame/run_script.ts";
import { requireCheckout } from "./_frame/program_form.ts";
import { debianVersion } from "./_package/debian_version.ts";
import { launchFlags } from "./_package/launch_flags.ts";
import { shellLauncher } from "./_package/shell_launcher.ts";
import { writeProgramFiles } from "./_package/write_program_files.ts";

/** The package that was made. */
interface MadePackage {
  readonly file: string;
  readonly bytes: number;
}

const DEBIAN_VERSION = debianVersion(VERSION);
const LIBRARY = "usr/lib/civitai-dl";
/** What Debian calls the processor of this machine. */
const ARCHITECTURE = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
const UNITS = [
  "civitai-dl-update.service",
  "civitai-dl-update.timer",
  "civitai-dl-verify.service",
  "civitai-dl-verify.timer",
  "civitai-dl-monitor.service",
  "civitai-dl-failed@.service",
];
/** Files of the repository by their places in the package. */
const COPIED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(UNITS.map((name) => [`usr/lib/systemd/system/${name}`, `packaging/debian/${name}`])),
  "usr/share/doc/civitai-dl/copyright": "packaging/debian/copyright",
  "usr/share/lintian/overrides/civitai-dl": "packaging/debian/lintian-overrides",
  "etc/civitai-dl/alerts.yml": "config/alerts.yml",
  "etc/civitai-dl/civitai-dl.yml": "packaging/debian/civitai-dl.yml",
  "etc/civitai-dl/environment": "packaging/debian/environment",
  "etc/civitai-dl/users.txt": "packaging/debian/users.txt",
  "etc/civitai-dl/verify.environment": "packaging/debian/verify.environment",
};
/** Files with a key or a ping URL, for root alone. */
const SECRET = ["etc/civitai-dl/environment", "etc/civitai-dl/verify.environment"];
/** Files that the administrator changes; dpkg keeps them. */
const CONFFILES = Object.keys(COPIED).filter((place) => place.startsWith("etc/")).map((place) => `/${place}\n`).join(
  "",
);
/** Places of the program; the compressed manual page is made from the first. */
const PLACES = {
  man: "usr/share/man/man1/civitai-dl.1",
  bundle: `${LIBRARY}/civitai-dl.js`,
  completions: {
    bash: "usr/share/bash-completion/completions/civitai-dl",
    zsh: "usr/share/zsh/vendor-completions/_civitai-dl",
    fish: "usr/share/fish/vendor_completions.d/civitai-dl.fish",
  },
};

/** The `deb` task: makes a package for Debian and its relatives, with the Deno that runs the task. */
export const command = defineCommand({
  name: "deb",
  summary: "Make a package for Debian and Ubuntu, with Deno inside, units of systemd and completions",
  flags: [{
    name: "folder",
    type: "path",
    summary: "Folder of the package",
    placeholder: "FOLDER",
    default: "dist/deb",
  }],
  examples: [{ command: "deno task deb && sudo apt install ./dist/deb/civitai-dl_*.deb", summary: "Install it" }],
  exits: { 1: "dpkg-deb is missing, or the package could not be made" },
  async run({ flags, display, signal }): Promise<MadePackage> {
    const root = requireCheckout("deb");
    if (Deno.build.os !== "linux") throw new KitError("usage", "Cannot make the package: this system is not Linux");
    const folder = resolve(flags.folder);
    const staging = join(folder, "package");
    await Deno.remove(staging, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    display.log("Bundling");
    const places = [PLACES.man, PLACES.bundle, ...Object.values(PLACES.completions), ...Object.keys(COPIED)];
    for (const place of [...places, "usr/bin/civitai-dl", "DEBIAN/control"]) {
      await Deno.mkdir(join(staging, dirname(place)), { recursive: true, mode: 0o755 });
    }
    await writeProgramFiles(program, { root, folder: staging, places: PLACES, signal });
    for (const [place, name] of Object.entries(COPIED)) {
      await Deno.copyFile(join(root, name), join(staging, place));
    }
    await compress(join(staging, PLACES.man), join(staging, `${PLACES.man}.gz`));
    await Deno.remove(join(staging, PLACES.man));
    const papers = join(staging, "usr/share/doc/civitai-dl");
    await compress(join(root, "CHANGELOG.md"), join(papers, "changelog.gz"));
    await Deno.writeFile(join(papers, "changelog.Debian.gz"), gzipSync(DEBIAN_CHANGELOG, { level: 9 }));
    await Deno.copyFile(Deno.execPath(), join(staging, LIBRARY, "deno"));
    const launched = { deno: `/${LIBRARY}/deno`, bundle: `/${PLACES.bundle}` };
    await Deno.writeTextFile(join(staging, "usr/bin/civitai-dl"), shellLauncher(launched, launchFlags()));
    await Deno.writeTextFile(join(staging, "DEBIAN/conffiles"), CONFFILES);
    await settleModes(staging);
    await Deno.writeTextFile(join(staging, "DEBIAN/control"), controlOf(await sizeOf(staging)));
    // GitHub would rename a file with a tilde.
    const file = join(folder, `civitai-dl_${VERSION}-1_${ARCHITECTURE}.deb`);
    display.log("Compressing");
    await runDpkg(["--root-owner-group", "-Zgzip", "-z6", "--build", staging, file], signal);
    return { file, bytes: (await Deno.stat(file)).size };
  },
  render: ({ file, bytes }: MadePackage) => `${file}: ${(bytes / 1e6).toFixed(1)} MB\n`,
});

const MAINTAINER = "The civitai-dl authors <civitai-dl@users.noreply.github.com>";

const DEBIAN_CHANGELOG = `civitai-dl (${DEBIAN_VERSION}) unstable; urgency=medium

  * Version ${VERSION}; changelog.gz has its changes.

 -- ${MAINTAINER}  ${new Date(0).toUTCString().replace("GMT", "+0000")}
`;

function controlOf(kibibytes: number): string {
  return `Package: civitai-dl
Version: ${DEBIAN_VERSION}
Architecture: ${ARCHITECTURE}
Maintainer: ${MAINTAINER}
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.27), libgcc-s1, ca-certificates
Section: net
Priority: optional
Homepage: https://github.com/civitai-dl/civitai-dl
Description: local library of Civitai models and images
 ${PACKAGE_SUMMARY}.
 It verifies every file by its hash, and resumes after any interruption. Units
 of systemd, which are off at first, update the library every night, verify
 it every month, and watch over it.
 .
 The package has the runtime Deno inside, because Debian has none.
`;
}

/** Files that only run are executable; files with secrets are for root alone. The mask of the user must not decide. */
async function settleModes(staging: string): Promise<void> {
  for await (const { path, isDirectory } of walk(staging)) await Deno.chmod(path, isDirectory ? 0o755 : 0o644);
  for (const place of ["usr/bin/civitai-dl", `${LIBRARY}/deno`]) await Deno.chmod(join(staging, place), 0o755);
  for (const place of SECRET) await Deno.chmod(join(staging, place), 0o600);
}

/** The size of the installed files in KiB. */
async function sizeOf(staging: string): Promise<number> {
  let bytes = 0;
  for await (const { path } of walk(staging, { includeDirs: false })) bytes += (await Deno.stat(path)).size;
  return Math.ceil(bytes / 1024);
}

async function compress(from: string, to: string): Promise<void> {
  await Deno.writeFile(to, gzipSync(await Deno.readFile(from), { level: 9 }));
}

async function runDpkg(args: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    const { success, stderr } = await new Deno.Command("dpkg-deb", { args: [...args], signal }).output();
    if (success) return;
    throw new KitError("failed", "Cannot make the package: dpkg-deb failed", {
      hint: new TextDecoder().decode(stderr).trim(),
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new KitError("failed", "Cannot make the package: dpkg-deb is not installed", {
      hint: "On Debian it is in the package dpkg",
      cause: error,
    });
  }
}

if (import.meta.main) await runScript(command);
