import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { openDayQuota, parseDayLimits, quotaFile, readDayUse } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const LINK = { url: "https://civitai.com/api/download/models/1?fileId=2", status: 307 };
const NO_LIMITS = { links: null, bytes: null };

Deno.test("readDayUse() prefers the limits that are given, and falls back to those of the last run", () =>
  inTempDir(async (root) => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
    const now = clock.now();
    assertEquals(await readDayUse(root, { limits: null, now }), null);
    const used = { usedLinks: 0, usedBytes: 0, until: null };
    assertEquals(await readDayUse(root, { limits: { links: 3, bytes: null }, now }), {
      links: 3,
      bytes: null,
      ...used,
    });
    {
      await using quota = await openDayQuota({ root }, { limits: parseDayLimits("2"), onWarning: () => {}, clock });
      for (let link = 0; link < 2; link++) quota.countRequest(LINK);
    }
    const full = { usedLinks: 2, usedBytes: 0, until: "2026-01-02T12:05:00.000Z" };
    assertEquals(await readDayUse(root, { limits: null, now }), { links: 2, bytes: null, ...full });
    assertEquals((await readDayUse(root, { limits: { links: 9, bytes: null }, now }))?.until, null);
    assertEquals(await readDayUse(root, { limits: NO_LIMITS, now }), null);
  }));

Deno.test("readDayUse() takes counts that cannot be read for none, and leaves them as they are", () =>
  inTempDir(async (root) => {
    const { path } = quotaFile(root);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, "{");
    assertEquals((await readDayUse(root, { limits: { links: 1, bytes: null }, now: 0 }))?.usedLinks, 0);
    assertEquals(await Deno.readTextFile(path), "{");
  }));
