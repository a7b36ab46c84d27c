import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import type { SandboxExchange } from "../../lib/sandbox/mod.ts";
import { call } from "../helpers/call.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { atPlace } from "./_place.ts";

/** A quiet run whose result goes to a file, as in a nightly job. */
const NIGHTLY = ["--yes", "--quiet"];

/** What a call in this process cannot measure. */
const NO_PROGRAM = { durationMs: 0, peakRssBytes: 0, commandLine: "", processorMs: 0 };

function assertSaid({ code, stderr }: ProgramRun, expected: { readonly code: number; readonly said: RegExp }) {
  assertEquals(code, expected.code, stderr);
  assertMatch(stderr, expected.said);
  assertMatch(stderr, /^hint: \S/m);
  assertEquals(stderr.trimEnd().split("\n").length, 2, stderr);
}

Deno.test("a quiet download says on standard error that its key was revoked after a file", () => {
  const story = { revoke: () => {} };
  const onExchange = ({ item }: SandboxExchange): void => {
    if (item !== null) story.revoke();
  };
  const options = { requireLogin: 1, size: { creators: 1, modelsPerCreator: 8 }, onExchange };
  return atPlace(options, async ({ sandbox, everything, run }) => {
    story.revoke = () => sandbox.setToken("another-token-0123456789");
    const ran = await run([...everything, ...NIGHTLY, "--engine", "stable"]);
    assertSaid(ran, { code: 5, said: /^error: .*API key/ });
    assertMatch(ran.stdout, /^ {2}done +\d$/m);
  });
});

Deno.test("a quiet download says on standard error that its quota is used up after a file", () =>
  atPlace({}, async ({ everything, run }) => {
    const ran = await run([...everything, ...NIGHTLY, "--quota", "1"]);
    assertSaid(ran, { code: 3, said: /^error: .*1 of 1 download links of --quota are used; next at/ });
  }));

Deno.test("a quiet download says on standard error that a creator does not exist", () =>
  atPlace({}, async ({ folder, everything, run }) => {
    const ran = await run([...everything, "--user", "nobodyatall", ...NIGHTLY]);
    assertSaid(ran, { code: 1, said: /^error: 1 target was not planned: user:nobodyatall: / });
    assertStringIncludes(ran.stderr, join(folder, "library", "failed.txt"));
    const json = await run([...everything, "--user", "nobodyatall", "--yes", "--quiet", "--json"]);
    assertEquals(JSON.parse(json.stdout).plan.problems.length, 1);
    assertEquals(JSON.parse(json.stderr).error.exit, 1);
    const events = await run([...everything, "--user", "nobodyatall", "--yes", "--quiet", "--events"]);
    assertMatch(events.stderr, /^error: 1 target was not planned: /);
  }));

Deno.test("a quiet download says on standard error that files came corrupt; repair fetches them, verify names them", () =>
  atPlace({}, async ({ folder, sandbox, everything, run }) => {
    const callAt = async (...words: readonly string[]): Promise<ProgramRun> => {
      const env = { CIVITAI_API_KEY: sandbox.token };
      const { code, out, err } = await call([...words, "-o", join(folder, "library")], { env });
      return { ...NO_PROGRAM, code, stdout: out, stderr: err };
    };
    const online = ["--base-url", sandbox.apiOrigin, "--logs", join(folder, "logs"), "--reserve", "0"];
    sandbox.setToxics([{ type: "corrupt", on: ["storage"] }]);
    const ran = await run([...everything, ...NIGHTLY]);
    assertSaid(ran, { code: 7, said: /^error: 3 files failed, the first: .*SHA-256/ });
    const verified = await callAt("verify");
    assertMatch(verified.stdout, /^3 files were corrupt when downloaded, and are not in the library: models\//m);
    assertMatch(verified.stdout, /^Fetch them again with: .*repair/m);
    assertSaid(await callAt("repair", "--quiet", ...online), { code: 7, said: /^error: 3 files are still broken; / });
    sandbox.setToxics([]);
    const repaired = await callAt("repair", ...online);
    assertEquals(repaired.code, 0, repaired.stderr);
    assertMatch(repaired.stdout, /^3 broken files: 0 patched by 0 blocks, 3 fetched whole/);
    assertEquals((await callAt("verify")).stdout, "3 files: 3 ok, 0 missing, 0 changed, 0 corrupt, 0 unverified\n");
  }));

for (const isRepaired of [true, false]) {
  const what = isRepaired ? "answers at the end of the run" : "still answers 500";
  Deno.test(`download with a creator whose listing ${what} ends with exit code ${isRepaired ? 0 : 1}`, () =>
    atPlace({ size: { creators: 2, modelsPerCreator: 2 } }, async ({ folder, sandbox, runAt }) => {
      const names = [...sandbox.catalog.creators()].map((creator) => creator.username);
      await using front = openFront(sandbox.apiOrigin, (url) => {
        const isBroken = !isRepaired || !front.asked.some((path) => path.startsWith("/api/download/"));
        const isListing = url.pathname === "/api/v1/models" && url.searchParams.get("username") === names[0];
        return isListing && isBroken ? Response.json({}, { status: 500 }) : undefined;
      });
      const targets = names.flatMap((name) => ["--user", name]);
      const ran = await runAt(front.origin, ["download", ...targets, "--yes", "--max-retries", "0"]);
      assertEquals(ran.code, isRepaired ? 0 : 1, ran.stderr);
      assertMatch(ran.stderr, /cannot be planned: 1 target, tried again at the end of the run/);
      assertEquals(/^Not planned: user:/m.test(ran.stdout), !isRepaired);
      const list = await Deno.readTextFile(join(folder, "library", "failed.txt")).catch(() => "");
      assertEquals(list.includes(`user:${names[0]} # not planned: server`), !isRepaired, list);
    }));
}

const WRONG = "wrong-key-0123456789abcdef";

/** Where a refused key may come from: the flag and the environment that give it, and how the hint names it. */
const ORIGINS: readonly (readonly [
  name: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
])[] = [
  ["--token", ["--token", WRONG], {}, {}],
  ["CIVITAI_API_KEY", [], { CIVITAI_API_KEY: WRONG }, {}],
  ["CIVITAI_TOKEN", [], { CIVITAI_TOKEN: WRONG }, {}],
  ['"my key.txt"', ["--token-file", "my key.txt"], {}, { "my key.txt": WRONG }],
  ['"api_key.md"', [], {}, { "api_key.md": `# My key\n\n${WRONG}\n` }],
  ['"civitai-dl.yml", line 3', [], {}, { "civitai-dl.yml": `# Mine\nreserve: 0\ntoken: ${WRONG}\n` }],
];

for (const [name, words, env, files] of ORIGINS) {
  Deno.test(`a download says that the key to replace is the one from ${name}`, () =>
    atPlace({ requireLogin: 1 }, async ({ folder, sandbox, everything }) => {
      for (const [file, text] of Object.entries(files)) {
        await Deno.writeTextFile(join(folder, file), text, { mode: 0o600 });
      }
      const { apiOrigin, storageOrigin } = sandbox;
      const ran = await runProgram(
        [...everything, "-o", "library", "--reserve", "0", "--no-images", "--base-url", apiOrigin, "--yes", ...words],
        { folder, origins: [apiOrigin, storageOrigin], env: { XDG_CONFIG_HOME: folder, ...env } },
      );
      assertEquals(ran.code, 5, ran.stderr);
      assertStringIncludes(
        ran.stderr,
        `hint: Create a new API key at https://civitai.com/user/account, and put it in place of the one from ${name}`,
      );
    }));
}

Deno.test("a download that ends while the service answers nothing but errors says what to do", () =>
  atPlace({}, async ({ sandbox, runAt }) => {
    await using front = openFront(sandbox.apiOrigin, () => Response.json({}, { status: 503 }));
    const targets = ["a", "b", "c", "d"].flatMap((name) => ["--user", name]);
    const ran = await runAt(front.origin, ["download", ...targets, "--yes", "--max-retries", "0"]);
    assertEquals(ran.code, 6, ran.stderr);
    assertMatch(ran.stderr, /^hint: .*doctor.* says what is wrong; then run the same command again/m);
  }));
