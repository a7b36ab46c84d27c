import { assertEquals } from "@std/assert";
import { judgeAccess } from "../../../../lib/downloader/mod.ts";
import { someModel, someVersion } from "../../_models.ts";

const NOW = Date.UTC(2026, 0, 10);
const options = { nowMs: NOW, tryEarlyAccess: false };

Deno.test("judgeAccess() accepts a public version", () =>
  assertEquals(judgeAccess(someModel(), someVersion(1), options), null));

Deno.test("judgeAccess() refuses archived, removed and disabled versions, with the reason", () => {
  const outcomes = [
    judgeAccess(someModel({ mode: "Archived" }), someVersion(1), options),
    judgeAccess(someModel({ mode: "TakenDown" }), someVersion(1), options),
    judgeAccess(someModel(), someVersion(1, { usageControl: "Generation" }), options),
    judgeAccess(someModel(), someVersion(1, { permanentlyPaid: true }), options),
  ].map((verdict) => [verdict?.state, verdict?.outcome, verdict?.notBefore]);
  assertEquals(outcomes, [
    ["refused", "archived", null],
    ["refused", "removed", null],
    ["refused", "disabled", null],
    ["refused", "early-access", null],
  ]);
});

Deno.test("judgeAccess() defers early access until its date", () => {
  const until = new Date(NOW + 1000).toISOString();
  const version = someVersion(1, { earlyAccessUntil: until });
  assertEquals(judgeAccess(someModel(), version, options), {
    state: "deferred",
    outcome: "early-access",
    reason: `early access until ${until}`,
    notBefore: NOW + 1000,
  });
  assertEquals(judgeAccess(someModel(), version, { ...options, nowMs: NOW + 1000 }), null);
});

Deno.test("judgeAccess() lets the server decide about early access on request, but not about disabled downloads", () => {
  const trying = { ...options, tryEarlyAccess: true };
  const early = someVersion(1, { earlyAccessUntil: "2027-01-01T00:00:00.000Z" });
  assertEquals(judgeAccess(someModel(), early, trying), null);
  assertEquals(judgeAccess(someModel(), someVersion(1, { permanentlyPaid: true }), trying), null);
  assertEquals(judgeAccess(someModel({ mode: "Archived" }), early, trying)?.outcome, "archived");
});
