import { assertEquals, assertStringIncludes } from "@std/assert";
import { findBreaches, type RecordedTransfer } from "../../../lib/stability/concurrency/find_breaches.ts";

function transfer(changes: Partial<RecordedTransfer> = {}): RecordedTransfer {
  return {
    id: "p0-0",
    resource: "/model/a.1.safetensors",
    status: 200,
    start: 0,
    bytes: 2048,
    isWhole: true,
    startedMs: 0,
    endedMs: 10,
    ...changes,
  };
}

const NO_FAULTS = new Set<string>();

Deno.test("findBreaches() finds nothing if each file is read once, whatever is open beside it", () => {
  const other = transfer({ id: "p0-1", resource: "/model/b.2.safetensors", startedMs: 2, endedMs: 9 });
  assertEquals(findBreaches([transfer(), other], NO_FAULTS), []);
});

Deno.test("findBreaches() finds a file that two processes fetch at the same time", () => {
  const other = transfer({ id: "p1-0", startedMs: 9, endedMs: 12 });
  const breaches = findBreaches([other, transfer()], NO_FAULTS);
  assertEquals(breaches.map(({ rule, resource }) => [rule, resource]), [
    ["two writers", "/model/a.1.safetensors"],
    ["double fetch", "/model/a.1.safetensors"],
  ]);
  assertStringIncludes(breaches[0]!.message, "p0-0 and p1-0");
});

Deno.test("findBreaches() permits segments of one file that do not overlap", () => {
  const second = transfer({ id: "p0-1", start: 2048, startedMs: 1 });
  assertEquals(findBreaches([transfer({ status: 206 }), second], NO_FAULTS), []);
  const overlapping = transfer({ id: "p0-1", start: 2047, startedMs: 1 });
  assertEquals(findBreaches([transfer({ status: 206 }), overlapping], NO_FAULTS).map(({ rule }) => rule), [
    "two writers",
  ]);
});

Deno.test("findBreaches() permits one more reading for each fault", () => {
  const again = transfer({ id: "p0-1", startedMs: 20, endedMs: 30 });
  assertEquals(findBreaches([transfer(), again], new Set(["p0-0"])), []);
  // A broken response was never read in full, and what follows it is the first complete one.
  const broken = transfer({ isWhole: false, bytes: 100 });
  assertEquals(findBreaches([broken, again], new Set(["p0-0"])), []);
});

Deno.test("findBreaches() finds a file that is read in full twice, one after the other", () => {
  const again = transfer({ id: "p0-7", startedMs: 20, endedMs: 30 });
  const [breach] = findBreaches([transfer(), again], NO_FAULTS);
  assertEquals(breach?.rule, "double fetch");
  assertStringIncludes(breach!.message, "read in full 2 times after 0 faults: p0-0, p0-7");
  // A redirect is no reading.
  assertEquals(findBreaches([transfer({ status: 302 }), again], NO_FAULTS), []);
});
