import { assertEquals } from "@std/assert";
import { type FailureClass, FailureError, type FailureErrorOptions, loadSignalOf } from "../../../lib/failsafe/mod.ts";

const failure = (type: FailureClass, options: FailureErrorOptions = {}) =>
  new FailureError(type, "Cannot x: y", options);

const TABLE: readonly [name: string, error: unknown, from: "api" | "storage", signal: string, outcome: string][] = [
  ["a 429 of the API", failure("throttled", { status: 429 }), "api", "pace", "ignored"],
  ["a 429 of a storage", failure("throttled", { status: 429 }), "storage", "refused", "refused"],
  ["a 503 of a storage", failure("throttled", { status: 503 }), "storage", "refused", "refused"],
  ["a 503 of the API", failure("server", { status: 503 }), "api", "refused", "refused"],
  ["the quota, from the download route", failure("quota", { status: 429 }), "api", "quota", "ignored"],
  ["the quota, from wherever", failure("quota", { status: 429 }), "storage", "quota", "ignored"],
  ["too many pages", failure("pagecap", { status: 429 }), "api", "none", "ignored"],
  ["a 500", failure("server", { status: 500 }), "storage", "failed", "failed"],
  ["a 502", failure("server", { status: 502 }), "api", "failed", "failed"],
  ["silence", failure("timeout"), "storage", "failed", "failed"],
  ["a body that stops", failure("stall"), "storage", "failed", "failed"],
  ["no name", failure("dns"), "storage", "failed", "failed"],
  ["a platform's timeout", new DOMException("late", "TimeoutError"), "storage", "failed", "failed"],
  ["a platform's reset", new Deno.errors.ConnectionReset("reset"), "storage", "failed", "failed"],
  ["a 404", failure("gone", { status: 404 }), "storage", "none", "ignored"],
  ["an aged signature", failure("expired", { status: 403 }), "storage", "none", "ignored"],
  ["wrong bytes", failure("integrity"), "storage", "none", "ignored"],
  ["a full disk", failure("disk"), "storage", "none", "ignored"],
  ["the user's stop", new DOMException("stop", "AbortError"), "storage", "none", "ignored"],
  ["anything else", "text", "storage", "none", "ignored"],
];

for (const [name, error, from, signal, outcome] of TABLE) {
  Deno.test(`loadSignalOf() maps ${name} of "${from}" to ${signal}`, () => {
    const { type, outcome: told } = loadSignalOf(error, { from });
    assertEquals([type, told.type], [signal, outcome]);
  });
}

Deno.test("loadSignalOf() keeps Retry-After, also for the permit", () => {
  const error = failure("throttled", { status: 503, retryAfterMs: 7000 });
  assertEquals(loadSignalOf(error), {
    type: "refused",
    retryAfterMs: 7000,
    outcome: { type: "refused", retryAfterMs: 7000 },
  });
  assertEquals(loadSignalOf(error, { from: "api" }).retryAfterMs, 7000);
});
