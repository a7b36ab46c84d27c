import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { openFront } from "../helpers/servers/api_front.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { downloadWords } from "./scenarios/download_words.ts";
import { startProgram } from "../helpers/start_program.ts";

const LOGIN_PAGE = '<html><a href="/login?returnUrl=%2Fmodel&reason=download-auth">Log in</a></html>';
/** What the download route returns with status 200 in place of a redirect to the file. */
const ANSWERS: readonly (() => Response)[] = [
  () => new Response(LOGIN_PAGE, { headers: { "content-type": "text/html" } }),
  () => Response.json({ error: "Unauthorized" }),
];
const NEVER = 8;
const MOST_SECONDS = 60;

interface LogLine {
  readonly time: string;
  readonly type: string;
  readonly outcome?: string;
  readonly to?: string;
}

async function readLog(folder: string): Promise<readonly LogLine[]> {
  const text = await Deno.readTextFile(join(folder, "logs/download.log"));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("download ends soon after the last of 350 files and names the 8 that never arrive", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      size: { creators: 4, modelsPerCreator: 100 },
      versionsPerModel: { min: 1, max: 1 },
      filesPerVersion: { min: 1, max: 1 },
      imagesPerVersion: { min: 0, max: 0 },
      fileBytes: { min: 1024, max: 4096 },
      outcomes: {},
      requireLogin: 0,
    });
    const facts = [...sandbox.facts()].filter((fact) => fact.creator !== null);
    assertLessOrEqual(350, facts.length);
    const never = new Map(
      facts.filter((_, index) => index % 40 === 20).slice(0, NEVER).map((fact, index) => [fact.versionId, index]),
    );
    assertEquals(never.size, NEVER);
    await using front = openFront(sandbox.apiOrigin, (url) => {
      const version = /^\/api\/download\/models\/(\d+)/.exec(url.pathname)?.[1];
      const index = never.get(Number(version));
      return index === undefined ? undefined : ANSWERS[index % ANSWERS.length]!();
    });
    const words = downloadWords({ apiOrigin: front.origin, catalog: sandbox.catalog }, ["--no-images"]);
    const run = await startProgram(words, {
      folder,
      env: { CIVITAI_API_KEY: sandbox.token },
      origins: [front.origin, sandbox.storageOrigin],
    }).ended;
    const endedAt = Date.now();
    assertEquals(run.code, 1, run.stderr);
    const log = await readLog(folder);
    const done = log.filter((line) => line.type === "end" && line.outcome === "done");
    assertEquals(done.length, facts.length - NEVER);
    const lastGoodAt = Math.max(...done.map((line) => Date.parse(line.time)));
    assertLessOrEqual((endedAt - lastGoodAt) / 1000, MOST_SECONDS);
    for (const fact of facts.filter(({ versionId }) => never.has(versionId))) {
      assertStringIncludes(run.stderr, `of version ${fact.versionId}: `);
    }
    // The response for one file's URL is the fault of neither host nor engine.
    assertEquals(log.filter((line) => line.type === "breaker" || line.type === "mode"), []);
    assert(front.asked.length > facts.length);
  }));
