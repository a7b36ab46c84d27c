import { assertEquals } from "@std/assert";
import { Segment } from "../../../lib/transfer/segments/_segment.ts";
import { Workload } from "../../../lib/transfer/segments/_workload.ts";

const MIB = 1 << 20;

function begin(load: Workload): Segment {
  const range = load.next()!;
  const segment = new Segment(range, { bufferBytes: MIB, stop: new AbortController(), nowMs: 0 });
  load.begin(segment);
  return segment;
}

function mib(range: readonly [number, number] | null): readonly number[] | null {
  return range?.map((bytes) => bytes / MIB) ?? null;
}

Deno.test("Workload gives a single connection everything", () => {
  const load = new Workload([[0, 400 * MIB]]);
  assertEquals(mib(load.next()), [0, 400]);
});

Deno.test("Workload gives several connections one stripe after another, from the front", () => {
  const load = new Workload([[0, 400 * MIB]]);
  const lead = begin(load);
  load.beginStripes();
  assertEquals(lead.end / MIB, 25);
  const helpers = [begin(load), begin(load)];
  assertEquals(helpers.map((one) => [one.position / MIB, one.end / MIB]), [[25, 50], [50, 75]]);
  lead.recordBytes(25 * MIB, 0);
  load.end(lead);
  assertEquals(mib(load.next()), [75, 100]);
});

Deno.test("Workload leaves no small remainder after the last stripe", () => {
  const load = new Workload([[0, 40 * MIB]]);
  const lead = begin(load);
  load.beginStripes();
  assertEquals([lead.end / MIB, mib(load.next())], [16, [16, 40]]);
});

Deno.test("Workload returns everything to the first connection when it becomes the only one", () => {
  const load = new Workload([[0, 400 * MIB]]);
  const lead = begin(load);
  load.beginStripes();
  const helper = begin(load);
  load.end(helper);
  load.endStripes();
  assertEquals([lead.end / MIB, load.next(), load.remainingBytes / MIB], [400, null, 400]);
});
