import { assertEquals } from "@std/assert";
import { type DownloadFacts, noteDownload, noteRepair, type RunSummary } from "../../../lib/downloader/mod.ts";

const RUN: RunSummary = {
  outcomes: { done: 2 },
  fetchedBytes: 30,
  resumedBytes: 0,
  durationMs: 1,
  meanSpeed: 1,
  peakSpeed: 1,
  retries: 0,
  failed: [],
  flagged: [],
  keyHint: "",
  stopped: null,
};
const FACTS: DownloadFacts = {
  left: null,
  plan: { problems: [] },
  targets: [{ type: "user", username: "alice" }, { type: "user", username: "bob" }],
  outageMs: 0.6,
};
const BOB = { target: "user:bob", code: "network", message: "x", failure: "server" } as const;

const fail = (failure: "login" | "gone") => {
  return { key: "file:2:3", target: "version:2", path: "a.safetensors", failure, message: "x" };
};

Deno.test("noteDownload() counts what came, what failed and what is left", () => {
  const run = { ...RUN, outcomes: { done: 2, failed: 1, corrupted: 1, region: 4 }, failed: [fail("gone")] };
  assertEquals(noteDownload(run, { ...FACTS, left: { items: 3, bytes: 9 } }), {
    done: 2,
    failed: 2,
    left: 3,
    leftBytes: 9,
    fetchedBytes: 30,
    silentMs: 1,
    failure: "gone",
    target: null,
    cause: "gone",
  });
});

Deno.test("noteDownload() names a failure only if all failed files share it", () => {
  const { cause, failure } = noteDownload({ ...RUN, failed: [fail("gone"), fail("login")] }, FACTS);
  assertEquals([cause, failure], [null, null]);
});

Deno.test("noteDownload() blames a creator only if others could be listed", () => {
  const one = noteDownload(RUN, { ...FACTS, plan: { problems: [BOB] } });
  assertEquals([one.cause, one.target], ["creator-fails", "user:bob"]);
  const all = noteDownload(RUN, { ...FACTS, plan: { problems: [BOB, { ...BOB, target: "user:alice" }] } });
  assertEquals([all.cause, all.target], ["server", "user:bob"]);
});

Deno.test("noteDownload() takes the cause of an early end before all others", () => {
  const stopped = { code: "unsafe", message: "no room", hint: "Free some" } as const;
  const causeWith = (stop: Partial<NonNullable<RunSummary["stopped"]>>) =>
    noteDownload({ ...RUN, failed: [fail("gone")], stopped: { ...stopped, ...stop } }, FACTS);
  assertEquals(causeWith({}).cause, "unsafe");
  assertEquals(causeWith({ failure: "quota" }).cause, "quota");
  const full = causeWith({ neededBytes: 5 });
  assertEquals([full.cause, full.neededBytes, full.message, full.hint], ["reserve-reached", 5, "no room", "Free some"]);
  const pause = { reason: "every storage has failed", ja: { reason: "x" }, until: null };
  const paused = causeWith({ pause });
  assertEquals([paused.cause, paused.pause], ["paused", pause]);
});

Deno.test("noteRepair() counts what is right again, and leaves what it did not get to", () => {
  const summary = {
    files: 6,
    intact: 1,
    patched: 1,
    fetched: 1,
    broken: 3,
    blocksFetched: 1,
    bytesFetched: 7,
    failed: [fail("login")],
    aside: [],
    replaced: [],
    keyHint: "",
    stopped: null,
  };
  const { done, failed, left, fetchedBytes, cause } = noteRepair(summary);
  assertEquals([done, failed, left, fetchedBytes, cause], [3, 1, 2, 7, "login"]);
});
