import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { openLibrary, startRebuild } from "../../lib/downloader/mod.ts";
import { Failsafe } from "../../lib/failsafe/mod.ts";
import { judgePermissions } from "../../lib/health/checks/permissions.ts";
import { parseRolloutPlan, RolloutStore } from "../../lib/rollout/mod.ts";
import { plannedFile } from "../helpers/library/kept_library.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { check, placeOf } from "./_health_place.ts";

/** Make a library with some rows; return the path of its catalog. */
async function makeLibrary(root: string, rows = 500): Promise<string> {
  using library = await openLibrary(root, { command: "test" });
  for (let id = 1; id <= rows; id++) library.catalog.plan(plannedFile(id), 0);
  return library.catalog.path;
}

function stateOf(root: string): string {
  return join(root, ".civitai-dl", "state");
}

Deno.test("catalog passes an intact one, and is skipped without a library", () =>
  inTempDir(async (root) => {
    assertEquals((await check("catalog", placeOf(root))).status, "skipped");
    // A monitor is there before the first run.
    await Deno.mkdir(stateOf(root), { recursive: true });
    assertEquals((await check("catalog", placeOf(root))).status, "skipped");
    await makeLibrary(root, 3);
    const found = await check("catalog", placeOf(root));
    assertEquals([found.status, found.figures.files], ["ok", 3]);
  }));

Deno.test("catalog finds pages that were overwritten, and a lost file, and names the commands", () =>
  inTempDir(async (root) => {
    const path = await makeLibrary(root);
    const before = await Deno.readFile(path);
    const damaged = before.slice();
    damaged.fill(0xa5, 8192, damaged.length - 4096);
    await Deno.writeFile(path, damaged);
    const found = await check("catalog", placeOf(root));
    assertEquals(found.status, "fail");
    assertEquals(
      [found.remedy, found.afterwards],
      ["civitai-dl verify --rebuild", "civitai-dl repair"],
    );
    assertEquals(await Deno.readFile(path), damaged);
    await Deno.writeTextFile(path, "this is no database at all".repeat(100));
    assertEquals((await check("catalog", placeOf(root))).status, "fail");
    await Deno.writeTextFile(join(root, "1.safetensors"), "a model");
    await Deno.truncate(path);
    const emptied = await check("catalog", placeOf(root));
    assertEquals([emptied.status, emptied.measured.endsWith("its catalog is empty")], ["fail", true]);
    await Deno.remove(path);
    assertStringIncludes((await check("catalog", placeOf(root))).measured, "its catalog is gone");
    await startRebuild(root);
    const half = await check("catalog", placeOf(root));
    assertEquals([half.status, half.remedy], ["fail", "civitai-dl verify --rebuild"]);
    assertStringIncludes(half.measured, "the rebuild of the catalog is unfinished");
  }));

Deno.test("catalog fails for a catalog of a newer program, which stays as it is", () =>
  inTempDir(async (root) => {
    const path = await makeLibrary(root, 1);
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 99");
    db.close();
    const found = await check("catalog", placeOf(root));
    assertEquals([found.status, found.problem], ["fail", "newer-state"]);
  }));

Deno.test("state names each corrupt file, changes none, and knows newer ones and those set aside", () =>
  inTempDir(async (root) => {
    assertEquals((await check("state", placeOf(root))).status, "skipped");
    await makeLibrary(root, 1);
    const state = stateOf(root);
    await (await Failsafe.open(state))[Symbol.asyncDispose]();
    assertEquals((await check("state", placeOf(root))).status, "ok");
    const aside = join(state, "quota.json.corrupt");
    await Deno.writeTextFile(aside, "{broken");
    const kept = await check("state", placeOf(root));
    assertEquals([kept.status, kept.figures.setAside], ["ok", ["quota.json.corrupt"]]);
    await Deno.remove(aside);
    await Deno.writeTextFile(join(state, "failsafe.json"), '{"schema":"civitai-dl/failsafe","version":1,"mode":');
    await Deno.writeTextFile(
      join(state, "quota.json"),
      '{"schema":"civitai-dl/quota","version":1,"buckets":[{"at":"noon"}]}',
    );
    await Deno.writeTextFile(join(state, "rollout.json"), "\0\0\0\0");
    await Deno.writeTextFile(join(state, "alerts.json"), "[]");
    await Deno.writeTextFile(join(state, "monitor.json"), "42");
    const found = await check("state", placeOf(root));
    assertEquals(found.status, "fail");
    assertEquals(found.figures.corrupt, [
      "alerts.json",
      "failsafe.json",
      "monitor.json",
      "quota.json",
      "rollout.json",
    ]);
    assertEquals(found.remedy, "civitai-dl download");
    assertEquals((await Array.fromAsync(Deno.readDir(state))).filter(({ name }) => name.includes("corrupt")), []);
    // The checks that need these states are skipped, and do not fail in their turn.
    for (const name of ["failsafe", "rollout", "quota"]) {
      assertEquals((await check(name, placeOf(root))).status, "skipped", name);
    }
  }));

Deno.test("state reports a newer state, and a file in the place of the folder", () =>
  inTempDir(async (root) => {
    await makeLibrary(root, 1);
    const state = stateOf(root);
    await Deno.mkdir(state, { recursive: true });
    await Deno.writeTextFile(join(state, "failsafe.json"), '{"schema":"civitai-dl/failsafe","version":7}');
    const found = await check("state", placeOf(root));
    assertEquals([found.status, found.figures.newer], ["fail", ["failsafe.json"]]);
    await Deno.remove(state, { recursive: true });
    await Deno.writeTextFile(state, "not a folder");
    const misplaced = await check("state", placeOf(root));
    assertEquals([misplaced.status, misplaced.measured], ["fail", `${state} is a file, not a folder`]);
    for (const name of ["failsafe", "rollout", "instance", "permissions", "quota"]) {
      await check(name, placeOf(root));
    }
  }));

Deno.test({
  name: "permissions warns of files that others can read, and names the command that closes them",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (root) => {
      const path = await makeLibrary(root, 1);
      assertEquals((await check("permissions", placeOf(root))).status, "ok");
      await Deno.chmod(path, 0o644);
      await Deno.chmod(join(root, ".civitai-dl"), 0o755);
      const found = await check("permissions", placeOf(root));
      assertEquals([found.status, found.figures.open], ["warn", [join(root, ".civitai-dl"), path]]);
      const [program, ...words] = found.remedy!.split(" ");
      assertEquals(words, ["-R", "go-rwx", join(root, ".civitai-dl")]);
      await new Deno.Command(program!, { args: words }).output();
      assertEquals((await check("permissions", placeOf(root))).status, "ok");
    }),
});

Deno.test("permissions names the command that gives this user its files back", () => {
  const path = (name: string, isOwn: boolean) => ({
    path: name,
    mode: 0o600,
    isOwn,
    isReadable: false,
  });
  const own = judgePermissions([path("/l/catalog.db", true), path("/my l/lock", true)]);
  assertEquals([own.status, own.next], ["fail", "chmod u+rwX /l/catalog.db '/my l/lock'"]);
  const both = judgePermissions([path("/l/catalog.db", true), path("/l/lock", false)]);
  assertEquals(both.next, 'sudo chown "$(id -un)" /l/lock');
  assertEquals(both.then, "chmod u+rwX /l/catalog.db");
});

Deno.test("rollout says where it is, and warns of one that is paused or was aborted", () =>
  inTempDir(async (root) => {
    await makeLibrary(root, 1);
    const store = new RolloutStore(stateOf(root), { command: "test" });
    assertEquals((await check("rollout", placeOf(root))).status, "ok");
    const text =
      "{ version: 1, name: search, from: stable, to: turbo, steps: [{ setWeight: 10 }, { pause: until-promoted }, { setWeight: 100 }] }";
    await store.request({ type: "start", plan: parseRolloutPlan(text) });
    await store.request({ type: "abort", reason: "it is slow" });
    const found = await check("rollout", placeOf(root));
    assertEquals([found.status, found.remedy], ["warn", "civitai-dl rollout status"]);
    assertStringIncludes(found.measured, "it is slow");
  }));

Deno.test("failsafe says the mode and since when; a pause fails", () =>
  inTempDir(async (root) => {
    await makeLibrary(root, 1);
    {
      await using failsafe = await Failsafe.open(stateOf(root));
      failsafe.hold("paused");
    }
    const found = await check("failsafe", placeOf(root));
    assertEquals([found.status, found.figures.mode], ["fail", "paused"]);
    assertStringIncludes(found.measured, "paused since 20");
    {
      await using failsafe = await Failsafe.open(stateOf(root));
      failsafe.hold("stable", { forMs: 60_000 });
    }
    assertEquals((await check("failsafe", placeOf(root))).status, "warn");
    {
      await using failsafe = await Failsafe.open(stateOf(root));
      failsafe.release();
    }
    assertEquals((await check("failsafe", placeOf(root))).status, "ok");
  }));

Deno.test("no check throws, or changes a file, in a state folder full of junk", () =>
  inTempDir(async (root) => {
    const path = await makeLibrary(root, 1);
    const state = stateOf(root);
    await Deno.mkdir(join(state, "active"), { recursive: true });
    await Deno.writeTextFile(path, "junk");
    for (const name of ["failsafe.json", "quota.json", "rollout.json", "alerts.json", "rollout.jsonl"]) {
      await Deno.writeFile(join(state, name), new Uint8Array(1000).fill(255), { mode: 0o600 });
    }
    await Deno.writeTextFile(join(state, "active", "1.json"), "{", { mode: 0o600 });
    await Deno.writeTextFile(join(root, ".civitai-dl", "lock"), "\0not json", { mode: 0o600 });
    const { HEALTH_CHECKS, runHealthChecks } = await import("../../lib/health/mod.ts");
    const { checks } = await runHealthChecks(placeOf(root), { checks: HEALTH_CHECKS });
    const failed = checks.filter(({ status }) => status === "fail").map(({ name }) => name);
    assertEquals(failed, ["catalog", "state"]);
    assert((await Array.fromAsync(Deno.readDir(state))).every(({ name }) => !name.includes("corrupt")));
  }));
