import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchFlags } from "../../../scripts/_package/launch_flags.ts";
import { shellLauncher } from "../../../scripts/_package/shell_launcher.ts";
import { inTempDir } from "../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DENO = `'${Deno.execPath()}'`;
const CONFIG = `'${join(ROOT, "deno.json")}'`;

/** Where the blocks of pages are run: the home of a reader who has installed the program. */
export interface PagePlace {
  /** The working folder, which is also the home. */
  readonly folder: string;
  /** Nothing of the machine but `PATH`, which begins with the programs of the place. */
  readonly env: Readonly<Record<string, string>>;
  /** A file with the process id of the program that was started last. */
  readonly startedFile: string;
  /** Write a file below the folder. */
  readonly write: (path: string, text: string) => Promise<void>;
}

/**
 * Create such a place. `deno task` runs the tasks of this checkout, from any folder. `civitai-dl` runs in one process for
 * all command lines, which costs a fifth of a process for each; only what Ctrl-C ends is started by the launcher of the
 * packages, with the permissions of its command.
 */
export function inPagePlace(use: (place: PagePlace) => Promise<void>): Promise<void> {
  return inTempDir(async (outside) => {
    const folder = join(outside, "home");
    const programs = join(outside, "programs");
    const startedFile = join(outside, "started");
    for (const path of [folder, programs]) await Deno.mkdir(path);
    const add = async (name: string, script: string) => {
      const text = `#!/bin/sh\necho $$ > '${startedFile}'\n${script}`;
      await Deno.writeTextFile(join(programs, name), text, { mode: 0o755 });
    };
    await using resident = await startResident(join(outside, "pipes"));
    await add("civitai-dl", `${PASS_ENDLESS}\n${resident.launcher}`);
    await add("civitai-dl-process", launcherOfPackages());
    await add("deno", TASKS);
    await use({
      folder,
      startedFile,
      env: {
        PATH: `${programs}:${Deno.env.get("PATH")}`,
        HOME: folder,
        DENO_DIR: Deno.env.get("DENO_DIR") ?? denoDir(),
        NO_COLOR: "1",
        NO_PROXY: "127.0.0.1",
      },
      async write(path, text) {
        await Deno.mkdir(join(folder, path, ".."), { recursive: true });
        await Deno.writeTextFile(join(folder, path), text);
      },
    });
  });
}

/** What never ends gets a process of its own. */
const PASS_ENDLESS = `case "$*" in
  *--once*) ;;
  monitor* | *--every*) exec civitai-dl-process "$@" ;;
esac`;

/** The launcher of the packages, with this checkout in place of the bundle. */
function launcherOfPackages(): string {
  return shellLauncher({ deno: DENO, bundle: `'${join(ROOT, "cli.ts")}'` }, launchFlags())
    .replace("--no-config --no-lock --cached-only", `--config ${CONFIG}`)
    // Deno compiles everything again when a process with other flags of V8 was the last.
    .replaceAll(/ --v8-flags=\S+/g, "");
}

/** In a checkout of the program, the tasks are its own. */
const TASKS = `if [ "$1" = task ] && [ ! -e cli.ts ]; then
  shift
  set -- task -q --config ${CONFIG} "$@"
fi
exec ${DENO} "$@"
`;

/** Start the program that `_resident_program.ts` describes; the launcher passes a command line to it. */
async function startResident(folder: string): Promise<AsyncDisposable & { readonly launcher: string }> {
  await Deno.mkdir(folder);
  const pipes = ["request", "out", "err"].map((name) => join(folder, name));
  await new Deno.Command("mkfifo", { args: pipes }).output();
  const script = fileURLToPath(new URL("_resident_program.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", "--config", join(ROOT, "deno.json"), "-A", script, folder],
  }).spawn();
  return {
    launcher: `export CIVITAI_DL_COMMAND=civitai-dl
cd -- '${folder}' || exit
{ printf '%s\\0' "$OLDPWD" "$#" "$@"; env -0; } > request
cat out &
cat err >&2
wait
read -r code < code
exit "$code"
`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

/** Deno's cache, which the program needs and whose place depends on HOME. */
function denoDir(): string {
  return join(Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME")!, ".cache"), "deno");
}
