import { assert, assertEquals } from "@std/assert";
import { judgeResponse, type JudgeResponseOptions, type ResponseAction } from "../../lib/transfer/mod.ts";

const WHOLE: JudgeResponseOptions = { offset: 0, totalBytes: null, etag: null, host: "b2.example", nowMs: 0 };
const REST: JudgeResponseOptions = { ...WHOLE, offset: 100, totalBytes: 1000, etag: '"v1"' };

function judge(
  status: number,
  headers: Record<string, string> = {},
  context: JudgeResponseOptions = WHOLE,
): ResponseAction {
  return judgeResponse(status, new Headers(headers), context);
}

Deno.test("judgeResponse() accepts a whole file, with its size if it is announced", () => {
  assertEquals(judge(200, { "content-length": "1000" }), { type: "rewrite", totalBytes: 1000 });
  assertEquals(judge(200), { type: "rewrite", totalBytes: null });
  assertEquals(judge(200, { "content-encoding": "identity" }), { type: "rewrite", totalBytes: null });
});

Deno.test("judgeResponse() takes repeated equal lengths, which fetch joins, as one, and refuses others", () => {
  assertEquals(judge(200, { "content-length": "5, 5" }), { type: "rewrite", totalBytes: 5 });
  for (const length of ["5, 6", "-5", "5x", "1e3", ""]) {
    const action = judge(200, { "content-length": length });
    assertEquals(action.type === "fail" && action.error.failure, "server", length);
  }
});

Deno.test("judgeResponse() accepts a whole file as an unrequested range", () =>
  assertEquals(judge(206, { "content-range": "bytes 0-999/1000" }), { type: "rewrite", totalBytes: 1000 }));

Deno.test("judgeResponse() accepts a whole file as the response to a range", () =>
  assertEquals(judge(200, { "content-length": "7" }, REST), { type: "rewrite", totalBytes: 7 }));

Deno.test("judgeResponse() appends exactly the requested range", () => {
  const range = { "content-range": "bytes 100-999/1000" };
  assertEquals(judge(206, { ...range, etag: '"v1"' }, REST), { type: "append", totalBytes: 1000 });
  assertEquals(judge(206, range, REST), { type: "append", totalBytes: 1000 });
  assertEquals(judge(206, { ...range, etag: '"v9"' }, { ...REST, etag: null }), { type: "append", totalBytes: 1000 });
});

const WRONG_RANGES: readonly [why: string, headers: Record<string, string>, reason: string][] = [
  ["without a range", {}, "has no valid Content-Range"],
  ["with an unknown size", { "content-range": "bytes 100-999/*" }, "has no valid Content-Range"],
  ["that begins elsewhere", { "content-range": "bytes 99-999/1000" }, "is not the requested range"],
  ["that ends early", { "content-range": "bytes 100-500/1000" }, "is not the requested range"],
  ["of another size", { "content-range": "bytes 100-1999/2000" }, "is not the requested range"],
  ["of another object", { "content-range": "bytes 100-999/1000", etag: '"v2"' }, "changed on the server"],
];

for (const [why, headers, reason] of WRONG_RANGES) {
  Deno.test(`judgeResponse() restarts for a 206 ${why}`, () => {
    const action = judge(206, headers, REST);
    assert(action.type === "restart" && action.reason.includes(reason));
  });
}

Deno.test("judgeResponse() detects a complete part and one that is too long", () => {
  assertEquals(judge(416, { "content-range": "bytes */100" }, { ...REST, totalBytes: 100 }), { type: "complete" });
  // It shrank to the size of the part: the part is of the old file.
  assertEquals(judge(416, { "content-range": "bytes */100" }, REST).type, "restart");
  assertEquals(judge(416, { "content-range": "bytes */99" }, REST).type, "restart");
  assertEquals(judge(416, {}, REST).type, "restart");
});

for (const type of ["text/html; charset=utf-8", "Application/JSON", "application/problem+json"]) {
  Deno.test(`judgeResponse() refuses content of type "${type}"`, () => {
    const action = judge(200, { "content-type": type });
    assert(action.type === "fail" && action.error.failure === "unusable" && action.error.hint !== undefined);
  });
}

Deno.test("judgeResponse() refuses an encoded body", () => {
  const action = judge(200, { "content-encoding": "gzip" });
  assert(action.type === "fail" && action.error.message.includes("gzip-encoded"));
});

const FAILURES: readonly [status: number, failure: string, retryable: boolean][] = [
  [400, "expired", true],
  [401, "expired", true],
  [403, "expired", true],
  [404, "gone", false],
  [410, "gone", false],
  [408, "server", true],
  [418, "rejected", false],
  [425, "server", true],
  [429, "throttled", true],
  [500, "server", true],
  [503, "throttled", true],
  [302, "refused-host", false],
];

for (const [status, failure, retryable] of FAILURES) {
  Deno.test(`judgeResponse() classifies a ${status} as "${failure}"`, () => {
    const action = judge(status);
    assert(action.type === "fail");
    assertEquals([action.error.failure, action.error.status, action.error.retryable], [failure, status, retryable]);
  });
}

Deno.test("judgeResponse() reads Retry-After in seconds and as a date", () => {
  for (const value of ["7", new Date(7000).toUTCString()]) {
    const action = judge(503, { "retry-after": value });
    assert(action.type === "fail");
    assertEquals(action.error.retryAfterMs, 7000);
  }
});
