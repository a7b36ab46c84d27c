import { assertEquals } from "@std/assert";
import { isCatalogLost, judgeVerify, type RebuildSummary, type VerifyResult } from "../../../lib/downloader/mod.ts";

const NONE = { count: 0, bytes: 0, paths: [] };
const ONE = { count: 1, bytes: 1, paths: ["a.safetensors"] };
const COUNTS = { ok: 1, missing: 0, changed: 0, corrupt: 0, flagged: 0, unreadable: 0, unverified: 0 };

const VERIFIED: VerifyResult["verified"] = {
  files: 1,
  counts: COUNTS,
  parts: NONE,
  stale: NONE,
  unknown: NONE,
  own: { count: 0, bytes: 0, files: [] },
  orphans: NONE,
  replaced: NONE,
  corrupted: NONE,
  bytesRead: 0,
  adopted: 0,
  redated: 0,
  problems: [],
};
const SOUND: VerifyResult = { rebuilt: null, unfinished: null, verified: VERIFIED };
const UNFINISHED = {} as NonNullable<VerifyResult["unfinished"]>;

function rebuilt(facts: Partial<RebuildSummary>): RebuildSummary {
  return { notLookedUp: NONE, lookUpFailure: null, skippedResponses: [], ...facts } as RebuildSummary;
}

function counted(counts: Partial<typeof COUNTS>): VerifyResult["verified"] {
  return { ...VERIFIED, counts: { ...COUNTS, ...counts } };
}

Deno.test("judgeVerify() takes broken files and a lost catalog for a failed check of the content", () => {
  assertEquals(judgeVerify(SOUND), null);
  assertEquals(judgeVerify({ ...SOUND, verified: counted({ missing: 1 }) }), "integrity");
  assertEquals(judgeVerify({ ...SOUND, verified: counted({ changed: 1 }) }), "integrity");
  const missed = rebuilt({ notLookedUp: ONE, lookUpFailure: { code: "auth", message: "x" } });
  assertEquals(judgeVerify({ ...SOUND, rebuilt: missed, verified: counted({ corrupt: 1 }) }), "integrity");
  const lost = { ...SOUND, verified: { ...VERIFIED, files: 0, unknown: ONE } };
  assertEquals([judgeVerify(lost), isCatalogLost(lost)], ["integrity", true]);
  const found = { ...lost, rebuilt: rebuilt({}) };
  assertEquals([judgeVerify(found), isCatalogLost(found)], [null, false]);
});

Deno.test("judgeVerify() says why a rebuild could not look up a file, then that a rebuild is unfinished", () => {
  const missed = { ...SOUND, rebuilt: rebuilt({ notLookedUp: ONE }), unfinished: UNFINISHED };
  assertEquals(judgeVerify(missed), "network");
  const refused = rebuilt({ notLookedUp: ONE, lookUpFailure: { code: "auth", message: "x" } });
  assertEquals(judgeVerify({ ...missed, rebuilt: refused }), "auth");
  assertEquals(judgeVerify({ ...SOUND, unfinished: UNFINISHED, verified: counted({ flagged: 1 }) }), "integrity");
});

Deno.test("judgeVerify() fails for files of which nobody can say that they are right", () => {
  assertEquals(judgeVerify({ ...SOUND, verified: counted({ flagged: 1 }) }), "failed");
  assertEquals(judgeVerify({ ...SOUND, verified: counted({ unreadable: 1 }) }), "failed");
  const skipped = rebuilt({ skippedResponses: [{ kind: "version", name: "version 1", position: 1, reason: "x" }] });
  assertEquals(judgeVerify({ ...SOUND, rebuilt: skipped }), "failed");
  assertEquals(judgeVerify({ ...SOUND, verified: counted({ unverified: 1 }) }), null);
});
