import { assertEquals } from "@std/assert";
import { weighItems } from "../../../lib/stability/facts/weigh_items.ts";

const item = (id: number, sizeBytes: number, isPermanent = false) => ({
  key: `file:1:${id}`,
  source: { kind: "file", id } as const,
  sizeBytes,
  isPermanent,
});
const sent = (id: number, bytes: number) => ({ item: { kind: "file", id } as const, bytes });
const done = (...ids: readonly number[]) => new Map(ids.map((id) => [`file:1:${id}`, { state: "done" }]));

Deno.test("weighItems() compares what was sent with what was fetched, and names what was sent twice", () => {
  const expected = [item(1, 100), item(2, 200), item(3, 300, true), item(4, 400)];
  const served = [sent(1, 60), sent(1, 40), sent(2, 200), sent(2, 200), sent(3, 900), { item: null, bytes: 5000 }];
  assertEquals(weighItems({ expected, served, before: done(4), rows: done(1, 2, 4) }), {
    wantedBytes: 300,
    wireBytes: 500,
    messages: [{ kind: "too_many_bytes", text: "too many bytes: file:1:2: 400 were sent, 200 were wanted" }],
  });
});

Deno.test("weighItems() names what nobody wanted, and leaves out a tenth", () => {
  const expected = [item(1, 100), item(2, 200)];
  const { messages } = weighItems({
    expected,
    served: [sent(1, 110), sent(2, 200)],
    before: done(2),
    rows: done(1, 2),
  });
  assertEquals(messages.map(({ text }) => text), ["too many bytes: file:1:2: 200 were sent, 0 were wanted"]);
});
