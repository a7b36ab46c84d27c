import { assertEquals } from "@std/assert";
import { type FailedItem, judgeRun } from "../../../lib/downloader/mod.ts";
import type { FailureClass } from "../../../lib/failsafe/mod.ts";

function run(...failures: readonly FailureClass[]): { failed: readonly FailedItem[]; outcomes: object; stopped: null } {
  const failed = failures.map((failure) => ({ key: "k", target: "version:1", path: "p", failure, message: "m" }));
  return { failed, outcomes: {}, stopped: null };
}

Deno.test("judgeRun() passes a run without failures", () => assertEquals(judgeRun(run()), null));

Deno.test("judgeRun() prefers the reason that stopped the run", () => {
  const stopped = { code: "unsafe", message: "m", hint: null } as const;
  assertEquals(judgeRun({ ...run("integrity"), stopped }), "unsafe");
});

Deno.test("judgeRun() prefers integrity failures to all others", () =>
  assertEquals(judgeRun(run("login", "integrity", "dns")), "integrity"));

Deno.test("judgeRun() returns the failure class that all failures share", () => {
  assertEquals(judgeRun(run("login", "forbidden")), "auth");
  assertEquals(judgeRun(run("stall", "dns", "quota")), "network");
  assertEquals(judgeRun(run("login", "dns")), "failed");
  assertEquals(judgeRun(run("rejected")), "failed");
});

Deno.test("judgeRun() is inconclusive at the deadline only if nothing failed before", () => {
  const stopped = { code: "inconclusive", message: "m", hint: null } as const;
  assertEquals(judgeRun({ ...run(), stopped }), "inconclusive");
  assertEquals(judgeRun({ ...run("integrity"), stopped }), "integrity");
  assertEquals(judgeRun({ ...run("rejected"), stopped }), "failed");
});
