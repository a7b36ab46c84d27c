import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FailureError } from "../../lib/failsafe/mod.ts";
import { fetchRanges, type LineOptions, openLine, type RangesRequest, type Transport } from "../../lib/transfer/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { QuickClock } from "../helpers/quick_clock.ts";

const OBJECT = Uint8Array.from({ length: 100 }, (_, index) => index);

/** A response with these bytes; `breaksAfter` ends it too early. */
function body(
  status: number,
  headers: Record<string, string>,
  bytes: Uint8Array,
  breaksAfter = Infinity,
): ReturnType<Transport> {
  let at = 0;
  return Promise.resolve({
    status,
    headers: new Headers(headers),
    read(target) {
      if (at >= breaksAfter) return Promise.reject(new TypeError("connection reset"));
      const part = bytes.subarray(at, Math.min(at + target.length, breaksAfter));
      target.set(part);
      at += part.length;
      return Promise.resolve(part.length === 0 ? null : part.length);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** The range that a request names. */
function asked(headers: HeadersInit | undefined): readonly [start: number, end: number] {
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(new Headers(headers).get("range") ?? "")!;
  return [Number(start), Number(last) + 1];
}

/** A server of the object. */
function storage(options: { readonly etag?: string; readonly breaks?: readonly number[] } = {}) {
  const ranges: (readonly [number, number])[] = [];
  const conditions: (string | null)[] = [];
  const breaks = [...options.breaks ?? []];
  const transport: Transport = (_, { headers }) => {
    const [start, end] = asked(headers);
    ranges.push([start, end]);
    conditions.push(new Headers(headers).get("if-range"));
    const told = { "content-range": `bytes ${start}-${end - 1}/100`, etag: options.etag ?? '"v1"' };
    return body(206, told, OBJECT.subarray(start, end), breaks.shift());
  };
  return { ranges, conditions, transport };
}

async function fetched(
  transport: Transport,
  request: Partial<RangesRequest> = {},
  options: Partial<LineOptions> = {},
): Promise<Uint8Array> {
  let bytes = new Uint8Array();
  await inTempDir(async (folder) => {
    const path = join(folder, "model.safetensors");
    await Deno.writeFile(path, new Uint8Array(100).fill(255));
    using file = await Deno.open(path, { read: true, write: true });
    const whole: RangesRequest = {
      path,
      file,
      ranges: [{ start: 10, end: 20 }, { start: 60, end: 90 }],
      totalBytes: 100,
      etag: '"v1"',
      resolve: () => Promise.resolve({ url: "https://storage.test/a" }),
      ...request,
    };
    using line = openLine({ transport, clock: new QuickClock(1000), random: () => 0, ...options });
    await fetchRanges(whole, line);
    bytes = await Deno.readFile(path);
  });
  return bytes;
}

Deno.test("fetchRanges() writes each byte to its place and keeps the others", async () => {
  const { transport, ranges } = storage();
  const bytes = await fetched(transport);
  assertEquals([...bytes.subarray(8, 22)], [255, 255, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 255, 255]);
  assertEquals([bytes[59], bytes[60], bytes[89], bytes[90]], [255, 60, 89, 255]);
  assertEquals(ranges, [[10, 20], [60, 90]]);
});

Deno.test("fetchRanges() resumes after the last byte when a body breaks off", async () => {
  const { transport, ranges } = storage({ breaks: [4, 3] });
  const bytes = await fetched(transport, { ranges: [{ start: 10, end: 20 }] });
  assertEquals([...bytes.subarray(10, 20)], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  assertEquals(ranges, [[10, 20], [14, 20], [17, 20]]);
});

Deno.test("fetchRanges() ties all ranges to the validator of the first response if none was known", async () => {
  const { transport, conditions } = storage({ etag: '"v7"' });
  await fetched(transport, { etag: null });
  assertEquals(conditions, [null, '"v7"']);
});

const RANGE = "bytes 10-19/100";
const refusals: [status: number, headers: Record<string, string>, failure: string, retryable: boolean][] = [
  [200, {}, "changed", false],
  [416, {}, "changed", false],
  [206, {}, "changed", false],
  [206, { "content-range": "bytes 10-18/100" }, "changed", false],
  [206, { "content-range": "bytes 10-19/*" }, "changed", false],
  [206, { "content-range": "bytes 10-19/99" }, "changed", false],
  [206, { "content-range": RANGE, etag: '"v2"' }, "changed", false],
  [200, { "content-type": "text/html" }, "unusable", true],
  [403, {}, "expired", true],
  [404, {}, "gone", false],
  [503, { "retry-after": "3" }, "throttled", true],
];

for (const [status, headers, failure, retryable] of refusals) {
  Deno.test(`fetchRanges() refuses ${status} ${JSON.stringify(headers)} as ${failure}`, async () => {
    const transport: Transport = () => body(status, headers, OBJECT.subarray(10, 20));
    const error = await assertRejects(() => fetched(transport, {}, { maxRetries: 0 }), FailureError);
    assertEquals([error.failure, error.retryable], [failure as typeof error.failure, retryable]);
  });
}

Deno.test("fetchRanges() requests a new URL for an expired one, and fails if the new one is refused too", async () => {
  const fresh: boolean[] = [];
  const transport: Transport = () => body(403, {}, OBJECT);
  const resolve: RangesRequest["resolve"] = (options) => {
    fresh.push(options.fresh);
    return Promise.resolve({ url: "https://storage.test/a" });
  };
  const error = await assertRejects(() => fetched(transport, { resolve }, { maxRetries: 9 }), FailureError);
  assertEquals([error.failure, fresh], ["expired", [false, true, true]]);
});
