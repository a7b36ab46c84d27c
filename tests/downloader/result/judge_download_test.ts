import { assertEquals } from "@std/assert";
import { findEarlyStop, type JudgedDownload, judgeDownload } from "../../../lib/downloader/mod.ts";

const PLAN: JudgedDownload["plan"] = { problems: [], unreadable: { count: 0 } };
const DONE = { failed: [], outcomes: { done: 1 }, stopped: null };
const WHOLE: JudgedDownload = { plan: PLAN, run: DONE, refused: [], problems: [] };

const stop = (code: "inconclusive" | "unsafe") => ({ code, message: "x", hint: null });
const failed = (failure: "login" | "gone") => {
  return [{ key: "file:2:3", target: "version:2", path: "a.safetensors", failure, message: "x" }];
};

const LOSSES: readonly (readonly [name: string, loss: Partial<JudgedDownload>])[] = [
  ["a target that was not planned", {
    plan: { ...PLAN, problems: [{ target: "user:a", code: "failed", message: "x" }] },
  }],
  ["an entry that could not be read", { plan: { ...PLAN, unreadable: { count: 1 } } }],
  ["a refused target", { refused: [{ target: "model:1", outcome: "archived", message: "x" }] }],
  ["a bad line of a list", { problems: ["line 1: x"] }],
];

Deno.test("judgeDownload() takes the verdict of the queue if all targets were planned", () => {
  assertEquals(judgeDownload(WHOLE), null);
  assertEquals(judgeDownload({ ...WHOLE, run: null }), null);
  assertEquals(judgeDownload({ ...WHOLE, run: { ...DONE, failed: failed("login") } }), "auth");
  assertEquals(judgeDownload({ ...WHOLE, run: { ...DONE, stopped: stop("inconclusive") } }), "inconclusive");
});

for (const [name, loss] of LOSSES) {
  Deno.test(`judgeDownload() fails for ${name}, also in a run whose time is up, but not over a worse verdict`, () => {
    const lossy = { ...WHOLE, ...loss };
    assertEquals(judgeDownload(lossy), "failed");
    assertEquals(judgeDownload({ ...lossy, run: null }), "failed");
    assertEquals(judgeDownload({ ...lossy, run: { ...DONE, stopped: stop("inconclusive") } }), "failed");
    assertEquals(judgeDownload({ ...lossy, run: { ...DONE, stopped: stop("unsafe") } }), "unsafe");
    assertEquals(judgeDownload({ ...lossy, run: { ...DONE, failed: failed("login") } }), "auth");
  });
}

Deno.test("findEarlyStop() finds the error of a run in which no item ended, and no limit of the user", () => {
  assertEquals(findEarlyStop({ outcomes: {}, stopped: stop("unsafe") }), stop("unsafe"));
  assertEquals(findEarlyStop({ outcomes: { done: 1 }, stopped: stop("unsafe") }), null);
  assertEquals(findEarlyStop({ outcomes: {}, stopped: stop("inconclusive") }), null);
  assertEquals(findEarlyStop({ outcomes: {}, stopped: null }), null);
});
