import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { SandboxOptions } from "../../lib/sandbox/mod.ts";
import { call } from "../helpers/call.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import { atPlace } from "./_place.ts";

/** Three creators, of whom the first fails while `broken` names a listing of theirs. */
interface Story {
  readonly folder: string;
  readonly names: readonly string[];
  /** The listings of the first creator that answer with 500. */
  readonly broken: Set<"models" | "images">;
  /** All creators, as a run names them. */
  readonly everybody: readonly string[];
  run(args: readonly string[]): Promise<ProgramRun>;
  /** The first paragraph of doctor, and the arguments of the command that it names. */
  ask(...words: readonly string[]): Promise<{ readonly cause: string; readonly words: readonly string[] }>;
  /** The lines of `failed.txt` without its first one; none if there is no such file. */
  readFailed(): Promise<readonly string[]>;
}

const FEW_IMAGES = ["--gallery", "0", "--max-images", "2"];
const WITH_IMAGES: SandboxOptions = { galleryPerVersion: 6, requireLogin: 0 };

function withCreators(options: SandboxOptions, story: (story: Story) => Promise<void>): Promise<void> {
  return atPlace({ size: { creators: 3, modelsPerCreator: 2 }, ...options }, async ({ folder, sandbox }) => {
    const names = [...sandbox.catalog.creators()].map((creator) => creator.username);
    const broken: Story["broken"] = new Set();
    await using front = openFront(sandbox.apiOrigin, ({ pathname, searchParams }) => {
      const listing = pathname === "/api/v1/models" ? "models" : pathname === "/api/v1/images" ? "images" : null;
      const isBroken = listing !== null && broken.has(listing) && searchParams.get("username") === names[0];
      return isBroken ? Response.json({}, { status: 500 }) : undefined;
    });
    const origins = [front.origin, sandbox.storageOrigin];
    const env = { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: sandbox.token, CIVITAI_DL_BASE_URL: front.origin };
    const always = ["-o", "library", "--reserve", "0", "--yes", "--max-retries", "0"];
    await story({
      folder,
      names,
      broken,
      everybody: ["download", ...names.flatMap((name) => ["--user", name])],
      run: (args) => runProgram([...args, ...always], { folder, origins, env }),
      async ask(...flags) {
        const place = ["--library", join(folder, "library"), "--logs", join(folder, "logs"), "--reserve", "1M"];
        const { out } = await call(["doctor", ...place, "--offline", "--base-url", "http://127.0.0.1:9", ...flags]);
        const [cause = "", command = ""] = out.split("\n\n")[0]!.split("\n→ ");
        const [next = ""] = command.split("\n");
        const words = next.replaceAll(/ --(?:output|logs|base-url) \S+/g, "").split(" ").slice(1);
        return { cause, words };
      },
      async readFailed() {
        const text = await Deno.readTextFile(join(folder, "library", "failed.txt")).catch((error) => {
          if (error instanceof Deno.errors.NotFound) return "";
          throw error;
        });
        return text.trimEnd().split("\n").slice(1);
      },
    });
  });
}

const FINE = { cause: "Nothing is wrong in what was checked.", words: [] };

Deno.test("doctor clears a creator whose models and images could not be listed, once its command has listed them", () =>
  withCreators(WITH_IMAGES, async ({ folder, names, broken, everybody, run, ask }) => {
    broken.add("models").add("images");
    const failed = await run([...everybody, ...FEW_IMAGES]);
    assertEquals(failed.code, 1, failed.stderr);
    const found = await ask();
    assert(found.cause.startsWith(`One creator fails: user:${names[0]} at `), found.cause);
    const log = join(folder, "logs", "download.log");
    assert(!(await Deno.readTextFile(log)).includes(`images of user:${names[0]}"`), "the log has another name");
    broken.clear();
    const again = await run([...found.words, ...FEW_IMAGES]);
    assertEquals(again.code, 0, again.stderr);
    assertEquals(await ask("--only", "creators,runs"), FINE);
  }));

Deno.test("doctor names the images of a creator by the target that a command accepts, until they are listed", () =>
  withCreators(WITH_IMAGES, async ({ folder, names, broken, everybody, run, ask, readFailed }) => {
    broken.add("images");
    const failed = await run([...everybody, ...FEW_IMAGES]);
    assertEquals(failed.code, 1, failed.stderr);
    const target = `user:${names[0]}/images`;
    assertStringIncludes(failed.stdout, `Not planned: ${target}: Cannot list images of user`);
    assertEquals(await readFailed(), [`${target} # not planned: server`]);
    const about = await call(["doctor", `user:${names[0]}`, "--logs", join(folder, "logs"), "--language", "en"]);
    assertMatch(about.out, new RegExp(`^${names[0]}: it could not be listed at .*500`));
    await Deno.remove(join(folder, "library", "failed.txt"));
    const found = await ask("--only", "creators");
    assert(found.cause.startsWith(`One creator fails: ${target} at `), found.cause);
    assertEquals(found.words, ["download", target]);
    broken.clear();
    const again = await run([...found.words, ...FEW_IMAGES]);
    assertEquals(again.code, 0, again.stderr);
    assertEquals(await ask("--only", "creators,runs"), FINE);
    const fine = await call(["doctor", `user:${names[0]}`, "--logs", join(folder, "logs"), "--language", "en"]);
    assertStringIncludes(fine.out, `${names[0]}: nothing failed within a day\n`);
  }));

Deno.test("download takes a creator without posted images for complete, from failed.txt and with all creators", () =>
  withCreators({}, async ({ folder, names, broken, everybody, run, readFailed }) => {
    broken.add("images");
    assertEquals((await run([...everybody, ...FEW_IMAGES])).code, 1);
    const list = join(folder, "library", "failed.txt");
    const target = `user:${names[0]}/images`;
    assertEquals(await readFailed(), [`${target} # not planned: server`]);
    // A run that excludes images tries none.
    assertEquals((await run([...everybody, "--no-images"])).code, 0);
    assertEquals(await readFailed(), [`${target} # not planned: server`]);
    broken.clear();
    const again = await run(["download", "--from", list, ...FEW_IMAGES]);
    assertEquals(again.code, 0, again.stderr);
    assertEquals([again.stdout.includes("What failed"), await readFailed()], [false, []]);
    broken.add("images");
    assertEquals((await run([...everybody, ...FEW_IMAGES])).code, 1);
    broken.clear();
    const whole = await run([...everybody, ...FEW_IMAGES]);
    assertEquals([whole.code, whole.stdout.includes("What failed"), await readFailed()], [0, false, []]);
  }));

Deno.test("download counts a creator once whose models and images fail, and names each target once", () =>
  withCreators(WITH_IMAGES, async ({ folder, names, broken, everybody, run, ask, readFailed }) => {
    broken.add("models").add("images");
    const failed = await run([...everybody, ...FEW_IMAGES]);
    assertEquals(failed.code, 1);
    assertMatch(failed.stderr, new RegExp(`1 target was not planned: user:${names[0]}: `));
    assertEquals(failed.stdout.match(/^(?:Not planned|Planned in part): .*$/gm)?.length, 1);
    assertEquals(await readFailed(), [`user:${names[0]} # not planned: server`]);
    const log = await Deno.readTextFile(join(folder, "logs", "download.log"));
    assert(!log.includes("tried again at the end"), "the log says what is over");
    const { cause } = await ask();
    assert(!cause.includes(" more"), cause);
  }));

Deno.test("download keeps the list that it reads until all of it was tried, so that the same command continues", () =>
  withCreators({ requireLogin: 0 }, async ({ folder, broken, everybody, run, ask, readFailed }) => {
    broken.add("models");
    assertEquals((await run([...everybody, "--no-images"])).code, 1);
    broken.clear();
    const list = ["download", "--from", join(folder, "library", "failed.txt"), "--no-images"];
    const before = await readFailed();
    assertEquals(before.length, 1);
    // The first run has used the links of the day.
    const stopped = await run([...list, "--quota", "1"]);
    assertEquals([stopped.code, await readFailed()], [3, before], stopped.stderr);
    const continued = await run(list);
    assertEquals([continued.code, await readFailed()], [0, []], continued.stderr);
    assertEquals(await ask("--only", "creators,runs"), FINE);
  }));

Deno.test("download names the failure, and no creator, if the only target fails", () =>
  withCreators({ requireLogin: 0 }, async ({ broken, names, run, ask }) => {
    broken.add("models");
    await run(["download", "--user", names[0]!, "--no-images"]);
    const { cause } = await ask("--only", "runs,creators");
    assert(!cause.startsWith("One creator fails"), cause);
  }));

Deno.test("download names a command that tries again with the choice of the run, and so does doctor", () =>
  withCreators(WITH_IMAGES, async ({ folder, broken, everybody, run, ask }) => {
    broken.add("models");
    const words = ["--no-images", "--exclude", "it's *", "--base-model", "Pony,SD 1.5,Illustrious,Flux"];
    const typed = "--base-model Pony --base-model 'SD 1.5' --base-model Illustrious --base-model Flux " +
      String.raw`--exclude 'it'\''s *' --no-images --max-retries 0 --reserve 0`;
    const failed = await run([...everybody, ...words]);
    const list = join(folder, "library", "failed.txt");
    assertEquals(failed.code, 1, failed.stderr);
    assertStringIncludes(failed.stdout, `--from ${list} ${typed}\n`);
    assertStringIncludes(failed.stderr, `--from ${list} ${typed}`);
    assertEquals((await Deno.readTextFile(list)).split("\n")[0], `# civitai-dl download --from failed.txt ${typed}`);
    assertEquals((await ask()).words.join(" "), `download --from ${list} ${typed}`);
  }));
