import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTempDir } from "../temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DENO = `'${Deno.execPath()}'`;
const CONFIG = `'${join(ROOT, "deno.json")}'`;

/** Where the blocks of pages are run: the home of a reader who has installed the program. */
export interface PagePlace {
  /** The working folder, which is also the home. */
  readonly folder: string;
  /** The home, and a `PATH` that begins with the programs of the place. */
  readonly env: Readonly<Record<string, string>>;
}

/** Create such a place: `civitai-dl` and `deno task` run this checkout, from any folder. */
export function inPagePlace(use: (place: PagePlace) => Promise<void>): Promise<void> {
  return inTempDir(async (outside) => {
    const folder = join(outside, "home");
    const programs = join(outside, "programs");
    for (const path of [folder, programs]) await Deno.mkdir(path);
    const add = (name: string, script: string) =>
      Deno.writeTextFile(join(programs, name), `#!/bin/sh\n${script}`, { mode: 0o755 });
    await add("civitai-dl", PROGRAM);
    await add("deno", TASKS);
    await use({
      folder,
      env: {
        PATH: `${programs}:${Deno.env.get("PATH")}`,
        HOME: folder,
        DENO_DIR: Deno.env.get("DENO_DIR") ?? denoDir(),
        NO_COLOR: "1",
        NO_PROXY: "127.0.0.1",
      },
    });
  });
}

/** Without the flags of V8 that a task has: Deno compiles everything again when the last process had other flags. */
const PROGRAM = `export CIVITAI_DL_COMMAND=civitai-dl
exec ${DENO} run -q --no-prompt -A --config ${CONFIG} '${join(ROOT, "cli.ts")}' "$@"
`;

/** In a checkout of the program, the tasks are its own. */
const TASKS = `unset INIT_CWD
if [ "$1" = task ] && [ ! -e cli.ts ]; then
  shift
  set -- task -q --config ${CONFIG} "$@"
fi
exec ${DENO} "$@"
`;

/** Deno's cache, which the program needs and whose place depends on HOME. */
function denoDir(): string {
  return join(Deno.env.get("XDG_CACHE_HOME") ?? join(Deno.env.get("HOME")!, ".cache"), "deno");
}
