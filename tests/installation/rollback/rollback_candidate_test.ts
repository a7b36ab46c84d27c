import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import {
  chooseTarget,
  describeProduction,
  findDefaultTarget,
  NO_VERSION_TAGS,
  parseReleaseVersion,
  type ProductionTest,
  type RollbackCandidate,
} from "../../../lib/installation/mod.ts";

function candidate(tag: string, isPassed?: boolean): RollbackCandidate {
  const production: ProductionTest | null = isPassed === undefined ? null : {
    tag,
    sha: tag,
    isPassed,
    isLive: false,
    endedAt: "2026-01-02T03:04:05.000Z",
    source: "reports/x.json",
  };
  return { tag, version: parseReleaseVersion(tag), sha: tag, date: "2026-01-01", production, isInstalled: false };
}

const CANDIDATES = [
  candidate("v2.0.0", true),
  candidate("v1.1.0", false),
  candidate("v1.1.0-rc.1", true),
  candidate("v1.0.3", true),
  candidate("v1.0.2", true),
  candidate("v1.0.1"),
];

Deno.test("chooseTarget() takes the last stable version before the current one that passed", () => {
  assertEquals(chooseTarget(CANDIDATES, { current: "1.2.0" }).tag, "v1.0.3");
  assertEquals(chooseTarget(CANDIDATES, { current: "2.0.1" }).tag, "v2.0.0");
  assertEquals(chooseTarget(CANDIDATES, { current: "1.0.3" }).tag, "v1.0.2");
  // A candidate of 1.1.0 comes before 1.1.0.
  assertEquals(chooseTarget(CANDIDATES, { current: "1.1.0-rc.1" }).tag, "v1.0.3");
});

Deno.test("chooseTarget() takes any version that is named, with and without v", () => {
  assertEquals(chooseTarget(CANDIDATES, { word: "v1.0.1", current: "2.0.0" }).tag, "v1.0.1");
  assertEquals(chooseTarget(CANDIDATES, { word: "2.0.0", current: "1.0.0" }).tag, "v2.0.0");
  const error = assertThrows(() => chooseTarget(CANDIDATES, { word: "v1.0.4", current: "2.0.0" }), KitError);
  assertEquals(error.code, "usage");
  assertStringIncludes(error.hint ?? "", "Did you mean v1.0.");
});

Deno.test("chooseTarget() lists the versions if none is known to be good", () => {
  const error = assertThrows(() => chooseTarget(CANDIDATES, { current: "1.0.2" }), KitError);
  assertEquals([error.code, error.hint], [
    "inconclusive",
    "Name one yourself: civitai-dl rollback v1.0.1. There are v1.0.1 (not tested)",
  ]);
  const none = assertThrows(() => chooseTarget([], { current: "1.0.0" }), KitError);
  assertEquals([none.code, none.hint], ["inconclusive", NO_VERSION_TAGS]);
});

Deno.test("findDefaultTarget() finds what chooseTarget() takes, or else the best version to name", () => {
  assertEquals(findDefaultTarget(CANDIDATES, { current: "1.2.0" }), { target: "v1.0.3", nearest: "v1.1.0" });
  assertEquals(findDefaultTarget(CANDIDATES, { current: "1.0.2" }), { target: null, nearest: "v1.0.1" });
  assertEquals(findDefaultTarget([], { current: "1.0.0" }), { target: null, nearest: null });
});

Deno.test("describeProduction() says what is known", () => {
  assertEquals(describeProduction(null), "not tested");
  assertEquals(describeProduction(CANDIDATES[1]!.production), "FAILED 2026-01-02");
  assertEquals(
    describeProduction({ ...CANDIDATES[0]!.production!, isLive: true }),
    "passed 2026-01-02, with the real site",
  );
});
