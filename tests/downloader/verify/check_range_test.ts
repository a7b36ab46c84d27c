import { assertEquals, assertThrows } from "@std/assert";
import { checkRange } from "../../../lib/downloader/verify/_check_range.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";

const ASKED = { start: 10, end: 20, totalBytes: 100, etag: '"v1"', host: "storage.test", nowMs: 0 };
const RANGE = "bytes 10-19/100";

Deno.test("checkRange() believes exactly the range asked for", () => {
  checkRange(206, new Headers({ "content-range": RANGE, etag: '"v1"' }), ASKED);
  checkRange(206, new Headers({ "content-range": RANGE }), ASKED);
  checkRange(206, new Headers({ "content-range": RANGE, etag: '"v2"' }), { ...ASKED, etag: null });
});

const refusals: [status: number, headers: Record<string, string>, failure: string, retryable: boolean][] = [
  [200, {}, "changed", false],
  [416, {}, "changed", false],
  [206, {}, "changed", false],
  [206, { "content-range": "bytes 10-18/100" }, "changed", false],
  [206, { "content-range": "bytes 10-19/*" }, "changed", false],
  [206, { "content-range": RANGE, etag: '"v2"' }, "changed", false],
  [200, { "content-type": "text/html" }, "unusable", true],
  [403, {}, "expired", true],
  [404, {}, "gone", false],
  [503, { "retry-after": "3" }, "throttled", true],
];

for (const [status, headers, failure, retryable] of refusals) {
  Deno.test(`checkRange() refuses ${status} ${JSON.stringify(headers)} as ${failure}`, () => {
    const error = assertThrows(() => checkRange(status, new Headers(headers), ASKED), FailureError);
    assertEquals([error.failure, error.retryable], [failure as typeof error.failure, retryable]);
  });
}
