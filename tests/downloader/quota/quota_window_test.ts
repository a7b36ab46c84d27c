import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { formatState, parseState } from "../../../lib/base/mod.ts";
import { QuotaWindow } from "../../../lib/downloader/mod.ts";
import { QUOTA_FORMAT } from "../../../lib/downloader/quota/quota_window.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ONE = { links: 1, bytes: 10 };

Deno.test("QuotaWindow.used() drops what is a day old, and nothing younger", () => {
  const window = new QuotaWindow();
  window.add(START + 4 * MINUTE_MS, ONE);
  window.add(START + 6 * MINUTE_MS, ONE);
  assertEquals(window.sumUsed(START + DAY_MS + 4 * MINUTE_MS), { links: 2, bytes: 20 });
  assertEquals(window.sumUsed(START + DAY_MS + 5 * MINUTE_MS), ONE);
  assertEquals(window.sumUsed(START + DAY_MS + 10 * MINUTE_MS), { links: 0, bytes: 0 });
});

Deno.test("QuotaWindow.roomAt() waits for as many buckets as needed", () => {
  const window = new QuotaWindow();
  for (const minute of [0, 60, 120]) window.add(START + minute * MINUTE_MS, { links: 2, bytes: 100 });
  const now = START + 180 * MINUTE_MS;
  const at = (links: number, bytes: number, limits: { links: number | null; bytes: number | null }) =>
    (window.findFittingTime(now, { links, bytes }, limits) - START) / MINUTE_MS;
  assertEquals(at(1, 0, { links: 7, bytes: null }), 180);
  assertEquals(at(1, 0, { links: 6, bytes: null }), 1445);
  assertEquals(at(3, 0, { links: 6, bytes: null }), 1505);
  assertEquals(at(1, 250, { links: 7, bytes: 300 }), 1565);
});

Deno.test("QuotaWindow has a bounded size", () => {
  const window = new QuotaWindow();
  for (let minute = 0; minute < 10_000; minute++) {
    window.add(START + minute * MINUTE_MS, ONE);
    window.sumUsed(START + minute * MINUTE_MS);
  }
  assertLessOrEqual(window.state().buckets.length, 290);
});

Deno.test("QuotaWindow.from() restores what was written", () => {
  const window = new QuotaWindow();
  window.add(START, ONE);
  window.add(START + 30 * MINUTE_MS, ONE);
  window.limits = { links: 3, bytes: null };
  const written = parseState(formatState(window.state(), QUOTA_FORMAT), QUOTA_FORMAT, "quota.json");
  assertEquals(QuotaWindow.from(written, START + 40 * MINUTE_MS).state(), window.state());
});

Deno.test("QuotaWindow.from() moves future times to now", () => {
  const window = new QuotaWindow();
  window.add(START + 365 * DAY_MS, ONE);
  const again = QuotaWindow.from(window.state(), START);
  assertEquals([again.sumUsed(START), again.sumUsed(START + 2 * DAY_MS).links], [ONE, 0]);
});

const LIMITS = { links: null, bytes: null };
const AT = "2026-01-01T00:00:00Z";

Deno.test.each([
  { fields: {}, names: '"buckets"' },
  { fields: { buckets: [] }, names: '"limits"' },
  { fields: { buckets: [], limits: { links: "3", bytes: null } }, names: '"limits"' },
  { fields: { buckets: [7], limits: LIMITS }, names: '"buckets.0"' },
  { fields: { buckets: [{ at: "soon", links: 1, bytes: 1 }], limits: LIMITS }, names: '"buckets.0"' },
  { fields: { buckets: [{ at: AT, links: -1, bytes: 1 }], limits: LIMITS }, names: '"buckets.0"' },
])("QUOTA_FORMAT refuses $fields", ({ fields, names }) => {
  assertThrows(() => QUOTA_FORMAT.parse(fields), SyntaxError, names);
});
