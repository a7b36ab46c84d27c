import { assertEquals } from "@std/assert";
import { pooledMap } from "@std/async";
import { type EndCase, tryEnd } from "./_ends.ts";
import { noSmallDisk } from "../helpers/small_disk.ts";

const why = await noSmallDisk();

/** Every pair of values of two columns occurs at least once. */
const MATRIX: readonly (readonly [toxic: string, limit: string, signal: EndCase["signal"], fillsDisk: boolean])[] = [
  ["", "2M", null, true],
  ["", "", "SIGINT", false],
  ["", "2M", "SIGTERM", true],
  ["reset,on=storage", "2M", "SIGINT", true],
  ["reset,on=storage,first=1", "", null, true],
  ["reset,on=storage", "2M", "SIGTERM", false],
  ["stall,on=storage", "2M", "SIGINT", false],
  ["stall:2000000,on=storage,first=1", "2M", null, true],
  ["stall,on=storage", "", "SIGTERM", true],
  ["corrupt,on=storage,first=1", "2M", null, false],
  ["corrupt,on=storage,first=1", "", "SIGINT", true],
  ["slowBody:3ms,on=storage", "2M", "SIGINT", false],
  ["slowBody:3ms,on=storage", "2M", null, true],
];

Deno.test({
  name: `download exits with the right code and no uncaught error, whatever coincides at its end${
    why === null ? "" : ` (left out: ${why})`
  }`,
  ignore: why !== null,
  async fn() {
    const problems: string[] = [];
    const cases = MATRIX.map(([toxic, limit, signal, fillsDisk], index): EndCase => ({
      toxic,
      limit,
      signal,
      fillsDisk,
      engine: index % 3 === 2 ? "stable" : "turbo",
    }));
    // Concurrent, because each waits more than it works.
    for await (const problem of pooledMap(4, cases, problemOf)) if (problem !== null) problems.push(problem);
    assertEquals(problems, []);
  },
});

async function problemOf(end: EndCase): Promise<string | null> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-ends-" });
  try {
    const { problem, stderr } = await tryEnd(folder, end);
    return problem === null ? null : `${JSON.stringify(end)}: ${problem}\n${stderr.slice(-600)}`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
