/**
 * Forgets all models of the library of its argument, and undoes that, again and again, until it is killed.
 *
 * @module
 */
import { openLibrary } from "../../lib/downloader/mod.ts";
import { applyChange, ChangeLog, undoChange } from "../../lib/library/mod.ts";
import { planTrash } from "../library/changes/_changed_library.ts";

if (import.meta.main) {
  const [root] = Deno.args;
  using library = await openLibrary(root!, { command: "forget", waitMs: 5000, mustExist: true });
  const log = new ChangeLog(library.root);
  Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
  while (true) {
    const [last] = await log.list();
    if (last?.state === "applied") {
      await undoChange(library, last.id);
      continue;
    }
    const keys = Array.from(library.catalog.items(), ({ key }) => key);
    await applyChange(library, planTrash(library, await log.nextId(), keys));
  }
}
