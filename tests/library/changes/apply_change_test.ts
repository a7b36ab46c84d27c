import { assertEquals, assertRejects } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import type { Library } from "../../../lib/downloader/mod.ts";
import {
  applyChange,
  ChangeLog,
  type ChangePlan,
  emptyTrash,
  finishChanges,
  readForgotten,
  restoreMarks,
  trashPath,
  undoChange,
} from "../../../lib/library/mod.ts";
import { planInverse } from "../../../lib/library/changes/plan_inverse.ts";
import { keep, put, setDate, withLibrary } from "../../helpers/library/kept_library.ts";
import { moveOf, planOf, planTrash, rowAway, treeOf } from "./_changed_library.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function refused(library: Library, plan: ChangePlan): Promise<string> {
  const before = await treeOf(library.root);
  const { message, code } = await assertRejects(() => applyChange(library, plan), KitError);
  assertEquals(code, "unsafe");
  assertEquals(await treeOf(library.root), before);
  assertEquals(await new ChangeLog(library.root).list(), []);
  return message;
}

Deno.test("planInverse() turns each operation around, from the last one to the first", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"));
    const plan = planTrash(library, 1, ["file:1:1"]);
    const inverse = planInverse(plan);
    assertEquals(inverse.operations.map(({ kind }) => kind), ["unmark", "row", "move"]);
    assertEquals(planInverse(inverse), plan);
  }));

Deno.test("applyChange() and undoChange() give the tree and the rows of before", () =>
  withLibrary(async (library) => {
    const { root, catalog } = library;
    await keep(library, 1, bytes("one"), { path: "a/b/c/one.bin" });
    await keep(library, 2, bytes("two"), { path: "a/two.bin" });
    await Deno.mkdir(join(root, "empty"));
    const tree = await treeOf(root);
    const rows = [1, 2].map((id) => catalog.storedItem(`file:${id}:${id}`));
    const record = await applyChange(library, planTrash(library, 1, ["file:1:1", "file:2:2"]));
    assertEquals([record.state, record.files, record.bytes, record.trashBytes], ["applied", 2, 6, 6]);
    assertEquals(await treeOf(root), { empty: "folder" });
    assertEquals([catalog.item("file:1:1"), catalog.itemByPath("a/two.bin")], [null, null]);
    const mark = { target: "model:1", name: "A model", at: "2026-01-02T03:04:05.000Z", change: 1 };
    assertEquals(readForgotten(catalog).list(), [mark]);

    const undone = await undoChange(library, 1);
    assertEquals([undone.state, undone.leftOut, undone.trashBytes], ["undone", [], 0]);
    assertEquals(await treeOf(root), tree);
    assertEquals([1, 2].map((id) => catalog.storedItem(`file:${id}:${id}`)), rows);
    assertEquals(readForgotten(catalog).size, 0);
    assertEquals(await exists(join(root, ".civitai-dl/trash/1")), false);
    await assertRejects(() => undoChange(library, 1), KitError, "Cannot undo change 1: it was undone on");
    await assertRejects(() => undoChange(library, 9), KitError, "the library has none with this number");
  }));

Deno.test("applyChange() moves names in every script", () =>
  withLibrary(async (library) => {
    const names = [
      "модель",
      "模型 v1.0",
      "نموذج",
      "עברית",
      "ไทย",
      "é",
      "e\u0301x",
      "👩‍🚀",
      "-rf",
      "a b  c",
      "%2e%2e",
      "x'\"$(y)",
    ];
    for (const [index, name] of names.entries()) {
      await keep(library, index + 1, bytes(name), { path: `${name}/${name}.bin`, modelId: index + 1 });
    }
    const tree = await treeOf(library.root);
    const keys = names.map((_, index) => `file:${index + 1}:${index + 1}`);
    await applyChange(library, planTrash(library, 1, keys));
    assertEquals(await treeOf(library.root), {});
    await undoChange(library, 1);
    assertEquals(await treeOf(library.root), tree);
  }));

Deno.test("applyChange() refuses a file that was changed or removed since the plan", () =>
  withLibrary(async (library) => {
    const path = await keep(library, 1, bytes("one"));
    const plan = planTrash(library, 1, ["file:1:1"]);
    await setDate(path, new Date(0));
    assertEquals(await refused(library, plan), 'Cannot forget model:1: "models/1.bin" was changed since');
    await Deno.writeTextFile(path, "longer");
    assertEquals(await refused(library, plan), 'Cannot forget model:1: "models/1.bin" was changed since');
    await Deno.remove(path);
    assertEquals(await refused(library, plan), 'Cannot forget model:1: "models/1.bin" is gone');
  }));

Deno.test("applyChange() refuses a place that is taken, and two files for one place", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"));
    await keep(library, 2, bytes("two"));
    await put(library, "new/1.bin", "somebody's");
    const taken = planOf(1, [moveOf(library, "models/1.bin", "new/1.bin")]);
    assertEquals(
      await refused(library, taken),
      'Cannot forget model:1: "models/1.bin" cannot be moved: another file is at "new/1.bin"',
    );
    const same = planOf(1, [
      moveOf(library, "models/1.bin", "new/x.bin"),
      moveOf(library, "models/2.bin", "new/X.bin"),
    ]);
    assertEquals(
      await refused(library, same),
      'Cannot forget model:1: "models/2.bin" cannot be moved: another file is at "new/X.bin"',
    );
  }));

Deno.test("applyChange() refuses a file that nothing describes, and a path out of the library", () =>
  withLibrary(async (library) => {
    await put(library, "models/mine.bin", "mine");
    const mine = planOf(1, [moveOf(library, "models/mine.bin", trashPath(1, "models/mine.bin"), "file:9:9")]);
    assertEquals(
      await refused(library, mine),
      'Cannot forget model:1: "models/mine.bin" is not in the catalog: nothing describes it',
    );
    await keep(library, 1, bytes("one"));
    for (const to of ["../x.bin", "/tmp/x.bin", ".civitai-dl/catalog.db", ".CIVITAI-DL/x", trashPath(2, "x.bin")]) {
      const out = planOf(1, [moveOf(library, "models/1.bin", to)]);
      assertEquals(await refused(library, out), 'Cannot forget model:1: "models/1.bin" would leave the library');
    }
  }));

Deno.test("applyChange() refuses a row that has changed since the plan", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"));
    const plan = planOf(1, [rowAway(library, "file:1:1")]);
    library.catalog.mark("file:1:1", { state: "failed", outcome: "failed", reason: "reset" });
    assertEquals(
      await refused(library, plan),
      'Cannot forget model:1: "models/1.bin" has another row in the catalog now',
    );
  }));

Deno.test("applyChange() takes back what it has done if a move fails or the signal aborts", () =>
  withLibrary(async (library) => {
    for (const id of [1, 2, 3]) await keep(library, id, bytes(`file ${id}`), { path: `${id}/${id}.bin` });
    const tree = await treeOf(library.root);
    const plan = planTrash(library, 1, ["file:1:1", "file:2:2", "file:3:3"]);
    let count = 0;
    const rename = (from: string, to: string): void => {
      if (++count === 3) throw new Deno.errors.PermissionDenied("denied");
      Deno.renameSync(from, to);
    };
    await assertRejects(() => applyChange(library, plan, { rename }), Deno.errors.PermissionDenied);
    assertEquals(await treeOf(library.root), tree);
    const stop = new AbortController();
    const onProgress = ({ files }: { readonly files: number }): void => {
      if (files === 2) stop.abort(new Error("stopped"));
    };
    await assertRejects(() => applyChange(library, plan, { onProgress, signal: stop.signal }), Error, "stopped");
    assertEquals(await treeOf(library.root), tree);
    assertEquals([await new ChangeLog(library.root).list(), library.catalog.totals().count], [[], 3]);
  }));

Deno.test("finishChanges() finishes a change and an undo that a killed process has begun", () =>
  withLibrary(async (library) => {
    const { root } = library;
    for (const id of [1, 2, 3]) await keep(library, id, bytes(`file ${id}`), { path: `${id}/${id}.bin` });
    const tree = await treeOf(root);
    const plan = planTrash(library, 1, ["file:1:1", "file:2:2", "file:3:3"]);
    const log = new ChangeLog(root);
    const record = await log.begin(plan, plan.createdAt);
    // Killed after the first move.
    await Deno.mkdir(join(root, ".civitai-dl/trash/1/1"), { recursive: true });
    await Deno.rename(join(root, "1/1.bin"), join(root, ".civitai-dl/trash/1/1/1.bin"));
    assertEquals((await finishChanges(library)).map(({ id, state, leftOut }) => ({ id, state, leftOut })), [
      { id: 1, state: "applied", leftOut: [] },
    ]);
    assertEquals([await treeOf(root), library.catalog.totals().count], [{}, 0]);
    await log.write({ ...record, state: "undoing" });
    await Deno.mkdir(join(root, "2"));
    await Deno.rename(join(root, ".civitai-dl/trash/1/2/2.bin"), join(root, "2/2.bin"));
    assertEquals((await finishChanges(library))[0]?.state, "undone");
    assertEquals([await treeOf(root), library.catalog.totals().count], [tree, 3]);
    assertEquals(await finishChanges(library), []);
  }));

Deno.test("finishChanges() keeps nobody out of a library because a plan is damaged", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"));
    const plan = planTrash(library, 1, ["file:1:1"]);
    await new ChangeLog(library.root).begin(plan, plan.createdAt);
    await Deno.writeTextFile(join(library.root, ".civitai-dl/changes/1.json"), "{");
    const [finished] = await finishChanges(library);
    assertEquals([finished?.state, finished?.leftOut[0]?.path], ["applied", ".civitai-dl/changes/1.json"]);
    assertEquals(await finishChanges(library), []);
    assertEquals(library.catalog.item("file:1:1")?.state, "done");
  }));

Deno.test("finishChanges() finishes a move to another disk that was killed after the copy", () =>
  withLibrary(async (library) => {
    const path = await keep(library, 1, bytes("one"));
    const plan = planTrash(library, 1, ["file:1:1"]);
    await new ChangeLog(library.root).begin(plan, plan.createdAt);
    const copy = join(library.root, trashPath(1, "models/1.bin"));
    await Deno.mkdir(join(copy, ".."), { recursive: true });
    await Deno.copyFile(path, copy);
    await setDate(copy, (await Deno.stat(path)).mtime!);
    assertEquals((await finishChanges(library))[0]?.leftOut, []);
    assertEquals([await exists(path), await Deno.readTextFile(copy)], [false, "one"]);
  }));

Deno.test("applyChange() and undoChange() copy to another disk and back, with the time of the file", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"), { path: "a/1.bin" });
    const tree = await treeOf(library.root);
    const rename = (): void => {
      throw new Error("Invalid cross-device link (os error 18)");
    };
    await applyChange(library, planTrash(library, 1, ["file:1:1"]), { rename });
    assertEquals(await treeOf(library.root), {});
    assertEquals((await undoChange(library, 1, { rename })).leftOut, []);
    assertEquals(await treeOf(library.root), tree);
  }));

Deno.test("emptyTrash() deletes what is old enough, and the undo says so", () =>
  withLibrary(async (library) => {
    const { root } = library;
    await keep(library, 1, bytes("one"));
    await keep(library, 2, bytes("two"));
    const at = (day: number) => ({ clock: { now: () => Date.UTC(2026, 0, day) } });
    await applyChange(library, planTrash(library, 1, ["file:1:1"]), at(1));
    await applyChange(library, planTrash(library, 2, ["file:2:2"]), at(20));
    const olderThanMs = 30 * 86_400_000;
    assertEquals(await emptyTrash(root, { olderThanMs, ...at(30) }), []);
    assertEquals((await emptyTrash(root, { olderThanMs, ...at(32) })).map(({ id }) => id), [1]);
    assertEquals(await exists(join(root, ".civitai-dl/trash/1")), false);
    assertEquals(await exists(join(root, trashPath(2, "models/2.bin"))), true);
    assertEquals((await new ChangeLog(root).record(1))?.emptiedAt, "2026-02-01T00:00:00.000Z");
    assertEquals((await undoChange(library, 1)).leftOut, [{
      path: "models/1.bin",
      reason: "is no longer in the trash",
    }]);
    assertEquals((await emptyTrash(root, { olderThanMs: 0, ...at(33) })).map(({ id }) => id), [2]);
    assertEquals(await emptyTrash(root, { olderThanMs: 0 }), []);
  }));

Deno.test("undoChange() names what the trash has no more, and takes the mark back all the same", () =>
  withLibrary(async (library) => {
    const { root, catalog } = library;
    for (const id of [1, 2]) await keep(library, id, bytes(`file ${id}`));
    await applyChange(library, planTrash(library, 1, ["file:1:1", "file:2:2"]));
    await Deno.remove(join(root, trashPath(1, "models/2.bin")));
    const { leftOut, state } = await undoChange(library, 1);
    assertEquals([state, leftOut], ["undone", [{ path: "models/2.bin", reason: "is no longer in the trash" }]]);
    assertEquals([catalog.item("file:1:1")?.state, catalog.item("file:2:2")], ["done", null]);
    assertEquals(readForgotten(catalog).size, 0);
  }));

Deno.test("undoChange() overwrites nothing, and refuses before a later change is undone", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"));
    await applyChange(library, planOf(1, [moveOf(library, "models/1.bin", "new/1.bin")]));
    const row = library.catalog.storedItem("file:1:1")!;
    await applyChange(
      library,
      planOf(2, [
        moveOf(library, "new/1.bin", trashPath(2, "new/1.bin")),
        { kind: "row", key: row.key, before: row, after: null },
      ]),
    );
    const { hint } = await assertRejects(() => undoChange(library, 1), KitError, "change 2 has moved its files on");
    assertEquals(hint, "Undo that one first: civitai-dl undo 2");
    await put(library, "new/1.bin", "somebody's");
    await assertRejects(() => undoChange(library, 2), KitError, 'another file is at "new/1.bin"');
    assertEquals(await Deno.readTextFile(join(library.root, "new/1.bin")), "somebody's");
  }));

Deno.test("applyChange() and undoChange() move a link as it is, and leave linked folders alone", () =>
  withLibrary(async (library) => {
    const { root } = library;
    await Deno.mkdir(join(root, "real"));
    await Deno.symlink("real", join(root, "models"));
    await keep(library, 1, bytes("one"));
    await Deno.writeTextFile(join(root, "target.bin"), "elsewhere");
    await Deno.symlink("../target.bin", join(root, "real/link.bin"));
    const tree = await treeOf(root);
    const key = "file:1:1";
    await applyChange(
      library,
      planOf(1, ["models/1.bin", "models/link.bin"].map((path) => moveOf(library, path, trashPath(1, path), key))),
    );
    assertEquals(Object.keys(await treeOf(root)), ["models", "real", "target.bin"]);
    await undoChange(library, 1);
    assertEquals(await treeOf(root), tree);
  }));

Deno.test("restoreMarks() marks in a new catalog what changes have forgotten and nobody has taken back", () =>
  withLibrary(async (library) => {
    const mark = (id: number, target: string): ChangePlan => planOf(id, [{ kind: "mark", target, name: null }]);
    await applyChange(library, mark(1, "model:1"));
    await applyChange(library, mark(2, "user:Ann"));
    await applyChange(library, mark(3, "version:3"));
    await undoChange(library, 3);
    const before = readForgotten(library.catalog).list();
    for (const { target } of before) library.catalog.setNote(`forgotten:${target}`, null);
    assertEquals(await restoreMarks(library), 2);
    assertEquals(readForgotten(library.catalog).list(), before);
    const forgotten = readForgotten(library.catalog);
    assertEquals(forgotten.find({ modelId: 2, creator: "ANN" })?.change, 2);
    assertEquals(forgotten.find({ modelId: 2, creator: "Bea" }), null);
  }));

Deno.test("ChangeLog.find() refuses a plan that is damaged or leads out of the library", () =>
  withLibrary(async (library) => {
    await keep(library, 1, bytes("one"));
    const log = new ChangeLog(library.root);
    await applyChange(library, planTrash(library, 1, ["file:1:1"]));
    const file = join(library.root, ".civitai-dl/changes/1.json");
    const text = await Deno.readTextFile(file);
    for (const damaged of ["", "{", text.replace("models/1.bin", "../../x.bin"), text.replace('"move"', '"run"')]) {
      await Deno.writeTextFile(file, damaged);
      await assertRejects(() => log.find(1), KitError, "is missing or damaged");
      await assertRejects(() => undoChange(library, 1), KitError, "is missing or damaged");
    }
    assertEquals(await log.nextId(), 2);
  }));
