import { assert, assertEquals } from "@std/assert";
import { fetchBigFile } from "./scenarios/big_file.ts";
import { hasProgram } from "../helpers/has_program.ts";

const ignore = !await hasProgram("nginx", "-v");

Deno.test("turbo resumes a large file after kills with little memory", { ignore }, async () => {
  const bytes = 96 << 20;
  const figures = await fetchBigFile({ bytes, smallBytes: 8 << 20, kills: 2, limitRate: "6m", seed: 3 });
  const { lostBytes, missedKills, hasResumedAll, bigRssBytes } = figures;
  assertEquals([lostBytes.length, missedKills, hasResumedAll], [2, 0, true]);
  // Whether segments start before the kill depends on the machine's load; crew_test.ts covers them. The bound is far
  // above the cost of a kill and far below a restart: what is in the sockets depends on the machine.
  assert(Math.max(...lostBytes) < bytes / 2, `${lostBytes}`);
  assert(Math.max(...bigRssBytes) <= 160e6, `${bigRssBytes}`);
});
