import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { alertsFile, EMPTY_ALERT_STATE } from "../../lib/alerts/mod.ts";
import { judgeHash } from "../../lib/health/checks/hash.ts";
import { judgeWrite } from "../../lib/health/checks/write.ts";
import { findCause } from "../../lib/health/find_cause.ts";
import { writeRuns } from "../helpers/library/write_runs.ts";
import { mountSmallDisk, noSmallDisk } from "../helpers/small_disk.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { check, placeOf } from "./_health_place.ts";

const why = await noSmallDisk();

Deno.test({
  name: `disk and write fail on a full disk${why === null ? "" : ` (skipped: ${why})`}`,
  ignore: why !== null,
  fn: () =>
    inTempDir(async (folder) => {
      const path = join(folder, "small");
      await Deno.mkdir(path);
      await using disk = (await mountSmallDisk(path, 32 << 20))!;
      assertEquals((await check("write", placeOf(path))).status, "ok");
      disk.fill();
      const space = await check("disk", placeOf(path, { reserveBytes: 1 << 20 }));
      assertEquals([space.status, space.figures.freeBytes], ["fail", 0]);
      assertMatch(space.remedy!, /^du -xah -d 2 /);
      const write = await check("write", placeOf(path));
      assertEquals(write.status, "fail");
      assertStringIncludes(write.measured, "No space left");
      assertEquals((await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name), ["filler"]);
    }),
});

Deno.test("write leaves nothing behind, and measures a library that does not exist yet at its parent", () =>
  inTempDir(async (folder) => {
    const found = await check("write", placeOf(join(folder, "a", "b")));
    assertEquals([found.status, found.figures.folder], ["ok", folder]);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("write never writes through a link in place of its probe", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "precious"), "keep me");
    await Deno.symlink(join(folder, "precious"), join(folder, ".civitai-dl-health.tmp"));
    const found = await check("write", placeOf(folder));
    // The link itself is replaced; what it points to stays.
    assertEquals([found.status, await Deno.readTextFile(join(folder, "precious"))], ["ok", "keep me"]);
  }));

Deno.test("disk judges the reserve of downloads first, then the usage", () =>
  inTempDir(async (folder) => {
    assertEquals((await check("disk", placeOf(folder, { reserveBytes: 2 ** 50 }))).status, "fail");
    assert((await check("disk", placeOf(folder))).status !== "fail");
  }));

Deno.test("disk repeats the forecast of a monitor, which watches the disk for a while", () =>
  inTempDir(async (folder) => {
    const now = Date.now();
    const alert = {
      rule: "DiskFilling",
      fingerprint: "0".repeat(16),
      severity: "warning",
      labels: {},
      annotations: {},
      state: "firing",
      activeAt: now,
      firedAt: now,
      resolvedAt: null,
      breachedAt: now,
      value: 3600,
      end: null,
    } as const;
    const state = join(folder, ".civitai-dl", "state");
    await Deno.mkdir(state, { recursive: true });
    const write = (stage: "firing" | "resolved") =>
      alertsFile(join(state, "alerts.json")).write({
        ...EMPTY_ALERT_STATE,
        evaluatedAt: now,
        alerts: { [alert.fingerprint]: { ...alert, state: stage } },
      });
    await write("firing");
    const found = await check("disk", placeOf(folder));
    assertEquals(found.problem, "disk-filling");
    assertStringIncludes(found.measured, "at its reserve in 1h if it goes on filling");
    await write("resolved");
    assert((await check("disk", placeOf(folder))).problem !== "disk-filling");
  }));

Deno.test("hash measures this machine, and warns below 200 megabits", async () => {
  await inTempDir(async (folder) => {
    assert((await check("hash", placeOf(folder))).figures.bytesPerSecond as number > 1e6);
  });
  assertEquals([judgeHash(24e6).status, judgeHash(25e6).status], ["warn", "ok"]);
});

Deno.test("judgeWrite warns of a disk that is slower than a network", () => {
  const facts = { folder: "/x", disk: "/", exists: true, problem: null };
  assertEquals(judgeWrite({ ...facts, bytesPerSecond: 5e6 }).status, "warn");
  assertEquals(judgeWrite({ ...facts, bytesPerSecond: 50e6 }).status, "ok");
});

Deno.test("disk says how much more must be free for what the last download left, and leads to space first", () =>
  inTempDir(async (root) => {
    const huge = 2 ** 60;
    const end = { exitCode: 4, cause: "reserve-reached", left: 3, leftBytes: 2 * huge, neededBytes: huge };
    await writeRuns(root, [{ at: Date.UTC(2026, 0, 1), command: "download", end }]);
    const space = await check("disk", placeOf(root, { reserveBytes: 0 }));
    assertEquals([space.status, space.problem], ["fail", "reserve-reached"]);
    const { freeBytes, missingBytes } = space.figures;
    assertEquals(missingBytes, huge - Number(freeBytes));
    assertMatch(space.measured, / .+ more must be free for the 3 files that the last download left$/);
    assertMatch(space.ja.measured, /あと .+ の空きが必要です$/);
    assertMatch(space.remedy ?? "", /^du /);
    const rows = [space, await check("runs", placeOf(root))].map((found, index) => (
      { ...found, name: index === 0 ? "disk" : "runs" }
    ));
    assertEquals(findCause(rows)?.name, "disk");
  }));
