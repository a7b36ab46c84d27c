import { assertEquals } from "@std/assert";
import { KitError } from "../../../../lib/base/mod.ts";
import { Interruption } from "../../../../lib/cli/mod.ts";
import { PausedError, scopeOfFailure } from "../../../../lib/downloader/mod.ts";
import { type FailureClass, FailureError } from "../../../../lib/failsafe/mod.ts";
import { FAILURE_CLASSES } from "../../../../lib/problems/mod.ts";

const WELL = { hasAnswered: true, silentTargets: 0 };
const SILENT = { hasAnswered: false, silentTargets: 1 };

Deno.test("scopeOfFailure() ends the run for failures of the machine, and of a service that has not answered yet", () => {
  const ends = (state: typeof WELL) =>
    FAILURE_CLASSES.filter((name) => scopeOfFailure(new FailureError(name, "Cannot list: state"), state) === "run");
  const always: readonly FailureClass[] = ["quota", "refused-host", "disk", "cancelled"];
  assertEquals(ends(WELL).toSorted(), always.toSorted());
  assertEquals(ends(SILENT).toSorted(), [...always, "timeout", "stall", "connection", "dns", "tls"].toSorted());
});

Deno.test("scopeOfFailure() treats a service as down after three consecutive targets, unless it responds in between", () => {
  const server = new FailureError("server", "Cannot list: 500");
  const reach = (silentTargets: number) => scopeOfFailure(server, { hasAnswered: true, silentTargets });
  assertEquals([reach(2), reach(3)], ["target", "run"]);
  const gone = new FailureError("gone", "Cannot find it");
  assertEquals(scopeOfFailure(gone, { hasAnswered: true, silentTargets: 9 }), "target");
});

Deno.test("scopeOfFailure() ends the run for an error that is not a target's failure", () => {
  const paused = new PausedError({ reason: "all is gone", ja: { reason: "全滅です" }, nextCheck: null });
  const ends = [
    paused,
    new Interruption("SIGINT"),
    new KitError("unsafe", "Cannot write"),
    new TypeError("a bug"),
    null,
  ];
  assertEquals(ends.map((error) => scopeOfFailure(error, WELL)), ends.map(() => "run"));
  const own = [new KitError("failed", "Cannot find it"), new KitError("usage", "Cannot list by that")];
  assertEquals(own.map((error) => scopeOfFailure(error, SILENT)), ["target", "target"]);
});
