import { assertEquals } from "@std/assert";
import { type FailedItem, judgeRun } from "../../../lib/downloader/mod.ts";
import type { FailureClass } from "../../../lib/failsafe/mod.ts";

function run(...failures: readonly FailureClass[]): { failed: readonly FailedItem[]; outcomes: object; stopped: null } {
  const failed = failures.map((failure) => ({ key: "k", target: "version:1", path: "p", failure, message: "m" }));
  return { failed, outcomes: {}, stopped: null };
}

Deno.test("judgeRun() has nothing against a run without failures", () => assertEquals(judgeRun(run()), null));

Deno.test("judgeRun() lets what stopped the run come first", () => {
  const stopped = { code: "unsafe", message: "m", hint: null } as const;
  assertEquals(judgeRun({ ...run("integrity"), stopped }), "unsafe");
});

Deno.test("judgeRun() lets wrong bytes beat everything else", () =>
  assertEquals(judgeRun(run("login", "integrity", "dns")), "integrity"));

Deno.test("judgeRun() names the cause that all failures share", () => {
  assertEquals(judgeRun(run("login", "forbidden")), "auth");
  assertEquals(judgeRun(run("stall", "dns", "quota")), "network");
  assertEquals(judgeRun(run("login", "dns")), "failed");
  assertEquals(judgeRun(run("rejected")), "failed");
});

Deno.test("judgeRun() calls a run whose time was over inconclusive only if nothing failed until then", () => {
  const stopped = { code: "inconclusive", message: "m", hint: null } as const;
  assertEquals(judgeRun({ ...run(), stopped }), "inconclusive");
  assertEquals(judgeRun({ ...run("integrity"), stopped }), "integrity");
  assertEquals(judgeRun({ ...run("rejected"), stopped }), "failed");
});
