import { assertEquals } from "@std/assert";
import { KitError } from "../../../../lib/base/mod.ts";
import { Interruption } from "../../../../lib/cli/mod.ts";
import { type FailureScope, PausedError, scopeOfFailure } from "../../../../lib/downloader/mod.ts";
import { type FailureClass, FailureError } from "../../../../lib/failsafe/mod.ts";

const WELL = { hasAnswered: true, silentTargets: 0 };
const SILENT = { hasAnswered: false, silentTargets: 1 };

/** The expected scope of each class, while the service is up and before its first response. */
const TABLE: Readonly<Record<FailureClass, readonly [well: FailureScope, silent: FailureScope]>> = {
  timeout: ["target", "run"],
  stall: ["target", "run"],
  connection: ["target", "run"],
  dns: ["target", "run"],
  tls: ["target", "run"],
  server: ["target", "target"],
  unusable: ["target", "target"],
  throttled: ["target", "target"],
  quota: ["run", "run"],
  pagecap: ["target", "target"],
  expired: ["target", "target"],
  login: ["target", "target"],
  forbidden: ["target", "target"],
  "early-access": ["target", "target"],
  gone: ["target", "target"],
  archived: ["target", "target"],
  disabled: ["target", "target"],
  region: ["target", "target"],
  flagged: ["target", "target"],
  rejected: ["target", "target"],
  "refused-host": ["run", "run"],
  integrity: ["target", "target"],
  changed: ["target", "target"],
  "too-large": ["target", "target"],
  tripped: ["target", "target"],
  disk: ["run", "run"],
  cancelled: ["run", "run"],
  unknown: ["target", "target"],
};

for (const [failure, [well, silent]] of Object.entries(TABLE)) {
  Deno.test(`scopeOfFailure() decides whether "${failure}" affects one target or all`, () => {
    const error = new FailureError(failure as FailureClass, "Cannot list: state");
    assertEquals([scopeOfFailure(error, WELL), scopeOfFailure(error, SILENT)], [well, silent]);
  });
}

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
