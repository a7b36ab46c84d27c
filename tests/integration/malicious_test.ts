import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { walk } from "@std/fs";
import { basename, join, relative } from "node:path";
import { freeSpaceSync } from "../../lib/base/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import {
  type MaliciousOptions,
  type MaliciousServer,
  QUICK_TRICKS,
  startMaliciousServer,
  STRANGE_ADDRESSES,
} from "./_malicious_server.ts";
import { becomes } from "../helpers/becomes.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { type ProgramRun, startProgram } from "../helpers/start_program.ts";

const TOKEN = "k3y-0123456789abcdef-of-the-user";
/** `--patience` and some retries, on a busy machine. */
const HANG_MS = 120_000;

interface Story {
  /** The working folder of the program; everything around it must stay unchanged. */
  readonly work: string;
  readonly server: MaliciousServer;
  readonly words: readonly string[];
}

/** A nested working folder and a malicious server. */
async function withMalice(options: MaliciousOptions, test: (story: Story) => Promise<void>): Promise<void> {
  await inTempDir(async (folder) => {
    const work = join(folder, "a", "b", "c", "work");
    await Deno.mkdir(join(work, "disk"), { recursive: true });
    await using server = startMaliciousServer(options);
    const words = [
      ...["download", "--user", "mallory", "-o", "disk/library", "--yes", "--base-url", server.apiOrigin],
      ...["--patience", "3s", "--max-retries", "2"],
    ];
    await test({ work, server, words });
    const outside = (await Array.fromAsync(walk(folder))).map(({ path }) => relative(folder, path))
      .filter((path) => !/^a\/b\/c\/work\/(?:disk|logs)\//.test(path));
    assertEquals(outside.sort(), ["", "a", "a/b", "a/b/c", "a/b/c/work", "a/b/c/work/disk", "a/b/c/work/logs"]);
  });
}

function run({ work, server, words }: Story, extra: readonly string[]): Promise<ProgramRun> {
  const { apiOrigin, storageOrigin, wellOrigin } = server;
  const options = { folder: work, env: { CIVITAI_API_KEY: TOKEN }, origins: [apiOrigin, storageOrigin, wellOrigin] };
  return startProgram([...words, ...extra], options).ended;
}

/**
 * What holds after any run: the key stays where it belongs, the terminal is unchanged, the intact files are correct.
 */
async function assertUnharmed({ work, server }: Story, { stdout, stderr, durationMs }: ProgramRun): Promise<void> {
  assert(durationMs < HANG_MS, `took ${durationMs} ms`);
  assertGreater(server.received.api.filter((request) => request.includes(TOKEN)).length, 0);
  assertEquals(server.received.storage.filter((request) => request.includes(TOKEN)), []);
  const text = stdout + stderr;
  assertEquals(
    /uncaught|in promise|unexpected error|\bat (?:async )?\S+ \(?(?:file|ext|node):/i.exec(text),
    null,
    text,
  );
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.exec(text), null);
  assert(!text.includes(TOKEN) && !text.includes("s3cr3t"), text);
  const names = new Map<string, string>();
  for await (const entry of walk(work)) {
    assert(!entry.isSymlink, entry.path);
    if (!entry.isFile) continue;
    names.set(basename(entry.path), entry.path);
    assert(!new TextDecoder("latin1").decode(await Deno.readFile(entry.path)).includes(TOKEN), entry.path);
  }
  for (const [name, bytes] of server.wellFiles) {
    assert(names.has(name), `${name} is not there`);
    assertEquals(await Deno.readFile(names.get(name)!), bytes);
  }
}

Deno.test("download fetches the intact files of a malicious server, refuses the rest and exits with 1", () =>
  withMalice({ tricks: QUICK_TRICKS }, async (story) => {
    const ended = await run(story, ["--no-images", "--reserve", "0"]);
    await assertUnharmed(story, ended);
    assertEquals(ended.code, 1, ended.stderr);
    const { stderr } = ended;
    assertEquals(stderr.match(/^failed: .*the server points to /gm)?.length, STRANGE_ADDRESSES.length, stderr);
    assertEquals(stderr.match(/^failed: .*larger than the limit of 64\.0 MiB/gm)?.length, 2, stderr);
    assertMatch(ended.stdout, /^ {2}done +2$/m);
    const parts = (await Array.fromAsync(walk(story.work, { exts: [".part"] }))).map(({ path }) => path);
    for (const path of parts) assert((await Deno.stat(path)).size < 1 << 20, path);
  }));

Deno.test("download sets wrong bytes aside and exits with 7", () =>
  withMalice({ tricks: ["well", "wrong bytes"] }, async (story) => {
    const ended = await run(story, ["--no-images", "--reserve", "0"]);
    await assertUnharmed(story, ended);
    assertEquals(ended.code, 7, ended.stderr);
    const aside = await Array.fromAsync(Deno.readDir(join(story.work, "disk/library/corrupted")));
    assertEquals(aside.length, 1);
  }));

Deno.test({
  name: "download keeps the disk reserve during endless bodies and frees their space",
  ignore: await noSmallDisk() !== null,
  fn: () =>
    withMalice({ tricks: ["well", "endless chunks", "well"], hasEndlessPictures: true }, async (story) => {
      const diskBytes = 96 << 20;
      const reserveBytes = 48 << 20;
      await using disk = (await mountSmallDisk(join(story.work, "disk"), diskBytes))!;
      let leastBytes = Infinity;
      let isOver = false;
      const ending = run(story, ["--reserve", "48M", "--gallery", "0", "--max-images", "0"]);
      const watching = becomes(() => {
        leastBytes = Math.min(leastBytes, freeSpaceSync(disk.path));
        return isOver;
      }, HANG_MS);
      const ended = await ending;
      isOver = true;
      await watching;
      await assertUnharmed(story, ended);
      assertEquals(ended.code, 4, ended.stderr);
      // A connection gathers at most a megabyte before it checks, and there are eight.
      assertGreater(leastBytes, reserveBytes - (8 << 20));
      assertGreater(freeSpaceSync(disk.path), diskBytes - (8 << 20));
    }),
});

Deno.test("download fails one file if the runtime denies an allowed host", () =>
  withMalice({ tricks: ["well", "to https://9.9.9.9/x", "to data:text/plain,x"] }, async (story) => {
    const ended = await run(story, ["--no-images", "--reserve", "0", "--allow-host", "9.9.9.9"]);
    await assertUnharmed(story, ended);
    assertEquals(ended.code, 1, ended.stderr);
    assertMatch(ended.stderr, /^failed: .*"9\.9\.9\.9": this process may not connect there \(refused-host\)$/m);
    assert(!/allow-host (?:data|ftp)/.test(ended.stderr + ended.stdout));
  }));

for (const host of ["data:", "10.0.0.5", "https://files.example/x"]) {
  Deno.test(`download --allow-host ${host} is a usage error, without a request`, () =>
    inTempDir(async (folder) => {
      await using server = startMaliciousServer({ tricks: ["well"] });
      const words = ["download", "--user", "mallory", "-o", "library", "--yes", "--base-url", "https://civitai.com"];
      const options = { folder, env: { CIVITAI_API_KEY: TOKEN }, origins: [server.apiOrigin] };
      const ended = await startProgram([...words, "--allow-host", host], options).ended;
      assertEquals(ended.code, 2, ended.stderr);
      assertMatch(ended.stderr, /^error: Cannot allow the host ".+": .+\nhint: .+$/m);
      assertEquals(server.received.api, []);
    }));
}
