import { assertEquals } from "@std/assert";
import { engineOf, STABILITY_KINDS, stabilityKinds, timeoutsOf } from "../../lib/stability/stability_job.ts";

Deno.test("stabilityKinds() downloads with the only engine of a run", () => {
  assertEquals(stabilityKinds("all"), STABILITY_KINDS);
  assertEquals(new Set(stabilityKinds("stable")), new Set(["download:stable", "verify", "update", "plan"]));
  assertEquals(stabilityKinds("stable").length, STABILITY_KINDS.length);
});

Deno.test("engineOf() is the engine of a download, and otherwise the only one of the run", () => {
  assertEquals([engineOf("download:parallel"), engineOf("update"), engineOf("plan", "stable")], [
    ...["parallel", "turbo", "stable"] as const,
  ]);
});

Deno.test("timeoutsOf() fixes and adapts the times of each kind of job in turn", () => {
  assertEquals([0, 9, 10, 19, 20].map(timeoutsOf), ["fixed", "fixed", "adaptive", "adaptive", "fixed"]);
});
