import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { program as lazyProgram } from "../../cli.ts";
import type { Env } from "../../lib/base/mod.ts";
import { execute, loadProgram, MemoryIo } from "../../lib/cli/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { readIdentity } from "../../lib/library/mod.ts";
import { IN_LIBRARY } from "../../scripts/_frame/command_index.ts";
import { frameOptions } from "../../scripts/_frame/run_script.ts";
import type { Called } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const program = await loadProgram(lazyProgram);
const { beforeRun } = frameOptions();

/** A library, a memory of its own, and the program with what it does before each command. */
interface Home {
  readonly library: string;
  readonly state: string;
  run(...argv: readonly string[]): Promise<Called>;
}

function atHome(story: (home: Home) => Promise<void>, variables?: Readonly<Record<string, string>>): Promise<void> {
  return inTempDir(async (folder) => {
    const library = join(folder, "library");
    const state = join(folder, "state");
    // Everything happens below the folder of temporary files, where nothing differs.
    const env: Env = (name) => ({ XDG_STATE_HOME: state, TMPDIR: folder, ...variables })[name];
    const run = async (...argv: readonly string[]): Promise<Called> => {
      const io = new MemoryIo();
      const code = await execute(program, argv, { io, env, beforeRun });
      return { code, out: io.out, err: io.err };
    };
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    await story({ library, state, run });
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

/** Take the library away, as an unmounted disk does: an empty folder stays. */
async function unmount(library: string): Promise<void> {
  await Deno.rename(library, `${library}.unmounted`);
  await Deno.mkdir(library);
}

/** What a command needs besides its library. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  download: ["--model", "1"],
  failsafe: ["status"],
  canary: ["--percentage", "10"],
  alerts: ["status"],
  monitor: ["--once"],
  forget: ["model:1"],
  show: ["model:1"],
};
/** Commands that report that the library is gone, among other things, and write nothing to it. */
const REPORTING: ReadonlySet<string> = new Set(["doctor", "health-check", "debug-info", "status"]);

for (const [command, flag] of Object.entries(IN_LIBRARY)) {
  if (REPORTING.has(command)) continue;
  Deno.test(`${command} refuses an empty folder where a library was, and leaves it empty`, () =>
    atHome(async ({ library, run }) => {
      const { id } = (await readIdentity(library))!;
      assertEquals((await run("list", "-o", library)).code, 0);
      await unmount(library);
      const { code, err } = await run(command, ...MORE[command] ?? [], `--${flag}`, library);
      assertEquals(code, 4, err);
      assertStringIncludes(
        err,
        `The library "${library}" is gone: an empty folder is there now (id ${id}, last seen 20`,
      );
      assertStringIncludes(err, "Mount its disk");
      assertMatch(err, /purpose: civitai-dl .* --forget-library/);
      assertEquals(await namesIn(library), []);
    }));
}

for (const command of ["doctor", "health-check", "status"]) {
  for (const place of ["an empty folder", "nothing"]) {
    Deno.test(`${command} says that the library is gone, with ${place} in its place, and creates nothing`, () =>
      atHome(async ({ library, run }) => {
        await run("list", "-o", library);
        await unmount(library);
        if (place === "nothing") await Deno.remove(library);
        const { out, err } = await run(command, "--library", library, ...command === "status" ? [] : ["--offline"]);
        assertMatch(out, new RegExp(`The library .*is gone: .*${place}`), err);
        assertEquals(
          await namesIn(join(library, "..")).then((names) => names.includes("library")),
          place !== "nothing",
        );
        if (place !== "nothing") assertEquals(await namesIn(library), []);
      }));
  }
}

/** Commands that examine the machine as well. */
const EXAMINING: ReadonlySet<string> = new Set(["doctor", "health-check", "debug-info"]);

/** Commands that begin a library, or wait until one begins. */
const BEGINNING: ReadonlySet<string> = new Set(["download", "monitor", "serve"]);

for (const [command, flag] of Object.entries(IN_LIBRARY)) {
  if (BEGINNING.has(command)) continue;
  Deno.test(`${command} refuses a folder that was never a library, and creates nothing there`, () =>
    atHome(async ({ library, run }) => {
      const output = join(library, "..", "debug.zip");
      const more = command === "debug-info" ? ["--output", output] : MORE[command] ?? [];
      const absent = `${library}-2`;
      const empty = `${library}-3`;
      await Deno.mkdir(empty);
      const places = [[absent, "it does not exist"], [empty, "it has no .civitai-dl"]] as const;
      // A machine is examined before its first download, and a disk on which that could not begin.
      for (const [path, state] of EXAMINING.has(command) ? places.slice(0, 1) : places) {
        const { code, out, err } = await run(command, ...more, `--${flag}`, path);
        assertEquals([code, out], [2, ""], err);
        assertStringIncludes(err, `"${path}": ${state}\n`);
        assertStringIncludes(err, `civitai-dl download --output ${path} --user NAME`);
      }
      const names = (await namesIn(join(library, ".."))).filter((name) => name !== "state");
      assertEquals(names.toSorted(), ["library", "library-3"]);
      assertEquals(await namesIn(empty), []);
    }));
}

Deno.test("doctor examines an empty folder that is to be a library, says that it is none yet, and creates nothing", () =>
  atHome(async ({ library, run }) => {
    const empty = `${library}-3`;
    await Deno.mkdir(empty);
    const words = ["--only", "library,disk", "--reserve", "0", "--language", "en", "--library", empty];
    const { code, out, err } = await run("doctor", ...words);
    assertEquals(code, 0, err);
    assertStringIncludes(out, `There is no library yet: nothing was ever downloaded to "${empty}"\n`);
    assertEquals(await namesIn(empty), []);
  }));

Deno.test("doctor checks a machine whose configured library does not exist yet, and says so", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    const variables = { XDG_STATE_HOME: join(folder, "state"), CIVITAI_DL_OUTPUT: library };
    const env: Env = (name) => (variables as Readonly<Record<string, string>>)[name];
    const io = new MemoryIo();
    const words = ["doctor", "--only", "library,disk", "--reserve", "0", "--language", "en"];
    assertEquals(await execute(program, words, { io, env, beforeRun }), 0, io.err);
    assertStringIncludes(io.out, `There is no library yet: nothing was ever downloaded to "${library}"\n`);
    assertStringIncludes(io.out, "→ civitai-dl download --user NAME\n");
    assertEquals(await namesIn(folder), []);
  }));

Deno.test("requireLibrary() tells what is in the place of the library, and where it was moved", () =>
  atHome(async ({ library, run }) => {
    await run("list", "-o", library);
    const moved = `${library}-2`;
    await Deno.rename(library, moved);
    await Deno.mkdir(library);
    assertStringIncludes((await run("list", "-o", library)).err, "an empty folder is there now");
    assertEquals((await run("list", "-o", moved)).code, 0);
    assertStringIncludes((await run("list", "-o", library)).err, `It is at "${moved}" now: name that folder`);
    await Deno.writeTextFile(join(library, "notes.txt"), "mine");
    assertStringIncludes((await run("list", "-o", library)).err, "a folder without a library is there now");
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    assertStringIncludes((await run("list", "-o", library)).err, "another library is there now");
  }));

Deno.test("--forget-library accepts what is in the place of the library, once and for all", () =>
  atHome(async ({ library, run }) => {
    await run("list", "-o", library);
    await Deno.remove(library, { recursive: true });
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    assertEquals((await run("list", "-o", library)).code, 4);
    assertEquals((await run("verify", "-o", library, "--forget-library")).code, 0);
    assertEquals((await run("list", "-o", library)).code, 0);
  }));

/** Commands that fetch or rebuild. */
const FETCHING: ReadonlySet<string> = new Set(["download", "update", "verify", "repair"]);

Deno.test("--forget-library is refused by every command that only looks, which forgets nothing", () =>
  atHome(async ({ library, run }) => {
    await run("list", "-o", library);
    await unmount(library);
    for (const [command, flag] of Object.entries(IN_LIBRARY)) {
      if (FETCHING.has(command)) continue;
      const { code, err } = await run(command, ...MORE[command] ?? [], `--${flag}`, library, "--forget-library");
      assertEquals(code, 2, `${command}: ${err}`);
      assertStringIncludes(err, "civitai-dl download --forget-library");
    }
    assertEquals((await run("list", "-o", library)).code, 4);
  }));

Deno.test("requireLibrary() accepts a copy, and a library that lost its identity", () =>
  atHome(async ({ library, run }) => {
    await run("list", "-o", library);
    const copy = `${library}-copy`;
    await new Deno.Command("cp", { args: ["-a", library, copy] }).output();
    assertEquals((await run("list", "-o", copy)).code, 0);
    await Deno.writeTextFile(join(copy, ".civitai-dl", "library.json"), "{");
    assertEquals((await run("list", "-o", copy)).code, 0);
    assertEquals((await run("list", "-o", library)).code, 0);
  }));

Deno.test("requireLibrary() says nothing where nothing can be remembered", () =>
  atHome(async ({ library, state, run }) => {
    await Deno.writeTextFile(state, "a file in the place of the folder");
    const { code, err } = await run("list", "-o", library);
    assertEquals([code, err], [0, ""]);
    await unmount(library);
    assertEquals((await run("list", "-o", library)).code, 2);
  }));

Deno.test("verify --rebuild takes over files whose library was deleted, but not an empty folder", () =>
  atHome(async ({ library, run }) => {
    await run("list", "-o", library);
    await unmount(library);
    assertEquals((await run("verify", "--rebuild", "--offline", "-o", library)).code, 4);
    await Deno.writeTextFile(join(library, "notes.txt"), "mine");
    const { code, err } = await run("verify", "--rebuild", "--offline", "-o", library);
    assertEquals(code, 0, err);
    assertEquals((await run("list", "-o", library)).code, 0);
  }));
