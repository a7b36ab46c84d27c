import { assertEquals } from "@std/assert";
import { type FailureClass, FailureError, type FailureErrorOptions, loadOutcomeOf } from "../../../lib/failsafe/mod.ts";

const failure = (type: FailureClass, options: FailureErrorOptions = {}) =>
  new FailureError(type, "Cannot x: y", options);

const TABLE: readonly [name: string, error: unknown, from: "api" | "storage", outcome: string][] = [
  ["a 429 of the API", failure("throttled", { status: 429 }), "api", "ignored"],
  ["a 429 of a storage", failure("throttled", { status: 429 }), "storage", "refused"],
  ["a 503 of a storage", failure("throttled", { status: 503 }), "storage", "refused"],
  ["a 503 of the API", failure("server", { status: 503 }), "api", "refused"],
  ["the quota, from the download route", failure("quota", { status: 429 }), "api", "ignored"],
  ["the quota, from wherever", failure("quota", { status: 429 }), "storage", "ignored"],
  ["too many pages", failure("pagecap", { status: 429 }), "api", "ignored"],
  ["a 500", failure("server", { status: 500 }), "storage", "failed"],
  ["a 502", failure("server", { status: 502 }), "api", "failed"],
  ["silence", failure("timeout"), "storage", "failed"],
  ["a body that stops", failure("stall"), "storage", "failed"],
  ["no name", failure("dns"), "storage", "failed"],
  ["a platform's timeout", new DOMException("late", "TimeoutError"), "storage", "failed"],
  ["a platform's reset", new Deno.errors.ConnectionReset("reset"), "storage", "failed"],
  ["a 404", failure("gone", { status: 404 }), "storage", "ignored"],
  ["an aged signature", failure("expired", { status: 403 }), "storage", "ignored"],
  ["wrong bytes", failure("integrity"), "storage", "ignored"],
  ["a full disk", failure("disk"), "storage", "ignored"],
  ["the user's stop", new DOMException("stop", "AbortError"), "storage", "ignored"],
  ["anything else", "text", "storage", "ignored"],
];

for (const [name, error, from, outcome] of TABLE) {
  Deno.test(`loadOutcomeOf() maps ${name} of "${from}" to ${outcome}`, () => {
    assertEquals(loadOutcomeOf(error, { from }).type, outcome);
  });
}

Deno.test("loadOutcomeOf() keeps Retry-After", () => {
  const error = failure("throttled", { status: 503, retryAfterMs: 7000 });
  for (const from of ["api", "storage"] as const) {
    assertEquals(loadOutcomeOf(error, { from }), { type: "refused", retryAfterMs: 7000 });
  }
});
