import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import {
  addSilence,
  type AlertState,
  AlertStore,
  EMPTY_ALERT_STATE,
  formatAlertState,
  parseAlertState,
} from "../../../lib/alerts/mod.ts";
import { existsSync, KitError } from "../../../lib/base/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { configOf, HOUR, oneRule, START, Story } from "../_story.ts";

const SILENCE = { endsAt: START + HOUR, comment: "c" };

Deno.test("formatAlertState() writes readable times that parseAlertState() restores", () => {
  const story = new Story(configOf(oneRule()));
  story.source.readings = { m: 2 };
  story.state = addSilence(story.state, "Other", SILENCE);
  story.tick();
  const text = formatAlertState(story.state);
  assertStringIncludes(text, '"activeAt":"2026-01-01T00:00:00.000Z"');
  assertEquals(parseAlertState(text), story.state);
  assertEquals(parseAlertState(formatAlertState(EMPTY_ALERT_STATE)), EMPTY_ALERT_STATE);
});

Deno.test("AlertStore creates its folder, stores changes and leaves no other file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "state", "alerts.json");
    const store = new AlertStore(path);
    assertEquals(await store.read(), EMPTY_ALERT_STATE);
    await store.update((state) => addSilence(state, "s", SILENCE));
    assertEquals((await new AlertStore(path).read()).silences, { s: SILENCE });
    const entries = await Array.fromAsync(Deno.readDir(join(folder, "state")));
    assertEquals(entries.map((entry) => entry.name).toSorted(), ["alerts.json", "alerts.lock"]);
  }));

Deno.test("AlertStore writes nothing if nothing changed", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.json");
    const store = new AlertStore(path);
    await store.update((state) => addSilence(state, "s", SILENCE));
    await Deno.utime(path, 1, 1);
    await store.update((state) => ({ ...state }));
    assertEquals((await Deno.stat(path)).mtime?.getTime(), 1000);
  }));

Deno.test("AlertStore moves an unreadable state aside with a warning", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.json");
    const text = '{"version":1,"alerts":7}';
    await Deno.writeTextFile(path, text);
    const warnings: string[] = [];
    const store = new AlertStore(path, { onWarning: (message) => warnings.push(message) });
    assertEquals(await store.read(), EMPTY_ALERT_STATE);
    assertEquals(await Deno.readTextFile(path), text);
    await store.update((state) => addSilence(state, "s", SILENCE));
    assertEquals(await Deno.readTextFile(`${path}.corrupt`), text);
    assertEquals(Object.keys((await store.read()).silences).length, 1);
    assertStringIncludes(warnings.at(-1)!, `moved to "${path}.corrupt", and the alerts start with an empty state`);
  }));

Deno.test("AlertStore refuses a state of a newer version and does not change it", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.json");
    const text = '{"schema":"civitai-dl/alerts-state","version":2,"new":true}';
    await Deno.writeTextFile(path, text);
    const store = new AlertStore(path);
    for (const action of [() => store.read(), () => store.update((state) => state)]) {
      assertEquals((await assertRejects(action, KitError, "format 2")).code, "unsafe");
    }
    assertEquals(await Deno.readTextFile(path), text);
  }));

Deno.test("AlertStore loses no change of concurrent writers", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.json");
    const ids = Array.from({ length: 8 }, (_, index) => `s${index}`);
    await Promise.all(ids.map((id) => new AlertStore(path).update((state) => addSilence(state, id, SILENCE))));
    assertEquals(Object.keys((await new AlertStore(path).read()).silences).toSorted(), ids);
  }));

Deno.test("AlertStore continues in memory while it cannot write, and writes everything later", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.json");
    const warnings: string[] = [];
    const store = new AlertStore(path, { onWarning: (message) => warnings.push(message) });
    // A folder at the temporary path simulates an unwritable disk.
    const obstacle = `${path}.civitai-dl.tmp`;
    await Deno.mkdir(join(obstacle, "in-the-way"), { recursive: true });
    await store.update((state) => addSilence(state, "s", SILENCE));
    assertStringIncludes(warnings.join(), "Cannot write");
    assertEquals(Object.keys((await store.read()).silences).length, 1);
    await Deno.remove(obstacle, { recursive: true });
    await store.update((state) => addSilence(state, "t", SILENCE));
    assertEquals(Object.keys((await new AlertStore(path).read()).silences).length, 2);
  }));

Deno.test("AlertStore.update() touches no file if only the time of evaluation changes, and remembers it", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "alerts.json");
    const store = new AlertStore(path);
    const later = (evaluatedAt: number) => (state: AlertState): AlertState => ({ ...state, evaluatedAt });
    await store.update(later(1000));
    const before = await timesIn(folder);
    assertEquals((await store.update(later(2000))).evaluatedAt, 2000);
    let seenAt = 0;
    await store.update((state) => {
      seenAt = state.evaluatedAt;
      return later(3000)(state);
    });
    assertEquals([seenAt, (await store.read()).evaluatedAt], [2000, 3000]);
    assertEquals(await timesIn(folder), before);
    // Another process changes something else.
    await new AlertStore(path).update((state) => addSilence(state, "s1", SILENCE));
    assertEquals(Object.keys((await store.update(later(4000))).silences), ["s1"]);
  }));

Deno.test("AlertStore.update() keeps the state in memory and creates nothing while its folder is not there", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "library", "state", "alerts.json");
    let isPresent = true;
    const store = new AlertStore(path, { isPresent: () => isPresent });
    await store.update((state) => addSilence(state, "s1", SILENCE));
    await Deno.rename(join(folder, "library"), join(folder, "away"));
    isPresent = false;
    await store.update((state) => addSilence(state, "s2", SILENCE));
    assertEquals(Object.keys((await store.read()).silences), ["s1", "s2"]);
    assertEquals(existsSync(join(folder, "library")), false);
    await Deno.rename(join(folder, "away"), join(folder, "library"));
    isPresent = true;
    await store.update((state) => state);
    assertEquals(Object.keys((await new AlertStore(path).read()).silences), ["s1", "s2"]);
  }));

/** Every file of a folder with the times of its last changes. */
async function timesIn(folder: string): Promise<unknown> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted();
  return await Promise.all(["", ...names].map(async (name) => {
    const { mtime, ctime, size } = await Deno.stat(join(folder, name));
    return [name, mtime, ctime, size];
  }));
}
