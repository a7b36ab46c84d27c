import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { cutJournal } from "../../../lib/soak/records/_cut_journal.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const KEPT = '\n{"interval":0}\n';

Deno.test("cutJournal() truncates a journal completely that starts with an empty line and has nothing to keep", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "a.jsonl");
    for (const [text, left] of [["\n", ""], ["\nhalf", ""], ["\n{}\n", ""], [KEPT, KEPT]] as const) {
      await Deno.writeTextFile(path, text);
      await cutJournal(path, 5);
      assertEquals(await Deno.readTextFile(path), left);
    }
  }));
