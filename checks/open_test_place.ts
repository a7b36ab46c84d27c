import { walk } from "@std/fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { systemClock } from "../lib/base/mod.ts";

/** Where one run of tests works: see {@linkcode openTestPlace}. */
export interface TestPlace extends AsyncDisposable {
  /** All variables of the run and of every process that it starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder for files of the runner itself, which is not for the tests. */
  readonly folder: string;
  /** Find what the tests left in the temporary folder and in the home: its path, and what is in it. */
  readonly findLeft: () => Promise<readonly string[]>;
}

/**
 * What the machine decides: where programs are, whom they trust, and where packages come from. Everything else that a
 * test could meet is the same for everybody: language, colors, home, configuration, temporary folder.
 */
const KEPT = [
  ...["PATH", "DENO_JOBS", "NODE_22", "KILL_STRIDE", "UPDATE_SNAPSHOTS"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "DENO_CERT", "DENO_TLS_CA_STORE"],
  ...["JSR_URL", "NPM_CONFIG_REGISTRY"],
  // Windows starts no program without them.
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROGRAMFILES", "PROGRAMDATA"],
];

/**
 * Make a home, a temporary folder and an environment for one run of tests. Without it, a test meets what the person who
 * runs it has: a terminal, a language, a configuration of ours, files of other programs.
 */
export async function openTestPlace(): Promise<TestPlace> {
  const folder = await makeShortFolder();
  const home = join(folder, "home");
  const temporary = join(folder, "tmp");
  const kept = KEPT.map((name) => [name, Deno.env.get(name)] as const).filter(([, value]) => value !== undefined);
  await Deno.mkdir(home);
  // Git would start another process after each commit, fetch and merge, to look whether there is much to pack.
  await Deno.writeTextFile(join(home, ".gitconfig"), "[maintenance]\n\tauto = false\n");
  await Deno.mkdir(temporary);
  return {
    folder,
    env: {
      // Most tests wait for processes and servers: with one more than there are processors, they take two thirds of the
      // time.
      DENO_JOBS: `${navigator.hardwareConcurrency + 1}`,
      ...Object.fromEntries(kept) as Record<string, string>,
      DENO_DIR: await findDenoDir(),
      DENO_NO_UPDATE_CHECK: "1",
      HOME: home,
      ...Deno.build.os === "windows" ? { USERPROFILE: home, APPDATA: home, LOCALAPPDATA: home } : {},
      TMPDIR: temporary,
      TMP: temporary,
      TEMP: temporary,
      GIT_CONFIG_NOSYSTEM: "1",
      LANG: "C.UTF-8",
      NO_COLOR: "1",
      TERM: "xterm",
      TZ: "UTC",
    },
    async findLeft() {
      const list = () => Array.fromAsync(Deno.readDir(temporary), ({ name }) => join(temporary, name));
      const end = performance.now() + CLEANUP_MS;
      while ((await list()).length > 0 && performance.now() < end) await systemClock.sleep(50);
      const left = (await list()).toSorted();
      // It may still go meanwhile.
      return await Promise.all(left.map((path) => describeLeft(path).catch(() => path)));
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Time for processes that end with the tests, such as a browser, and then remove their files. */
const CLEANUP_MS = 5000;

/** The path of a socket may have a hundred characters, and a browser makes one three folders below this one. */
async function makeShortFolder(): Promise<string> {
  const path = join(await Deno.realPath(tmpdir()), `tests-${crypto.randomUUID().slice(0, 8)}`);
  await Deno.mkdir(path, { mode: 0o700 });
  return path;
}

/** The cache of Deno, which is below the home by default. */
async function findDenoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], stderr: "null" }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** The path, and for a folder the first files in it: they tell who made it. */
async function describeLeft(path: string): Promise<string> {
  const files: string[] = [];
  if ((await Deno.lstat(path)).isDirectory) {
    for await (const file of walk(path, { includeDirs: false })) {
      files.push(relative(path, file.path));
      if (files.length === MOST_FILES) break;
    }
  }
  return files.length === 0 ? path : `${path}: ${files.join(", ")}`;
}

const MOST_FILES = 3;
