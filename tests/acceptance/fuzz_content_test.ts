import { assert, assertEquals } from "@std/assert";
import { cpuUsage } from "node:process";
import { inTempDir } from "../helpers/temp_dir.ts";
import { BODY, caseFolder, runCase } from "./_fuzz_content_case.ts";
import { FORMATS } from "./_fuzz_files.ts";

/** Time limit of a case; the longest has some hundred KiB. */
const MAX_MS = 1000;
const BODIES = 1500;
const FILES = 120;

for (const kind of [BODY, ...Object.keys(FORMATS)]) {
  Deno.test(`readers of ${kind} survive mutated files: no crash, under a second, nothing outside the library`, () =>
    inTempDir(async (root) => {
      await Deno.mkdir(caseFolder(root, kind), { recursive: true });
      for (let seed = 1; seed <= (kind === BODY ? BODIES : FILES); seed++) {
        const before = cpuUsage();
        assertEquals(await runCase(kind, seed, root), null, `${kind} ${seed}`);
        const { user, system } = cpuUsage(before);
        assert((user + system) / 1000 < MAX_MS, `${kind} ${seed} took ${Math.round((user + system) / 1000)} ms`);
      }
      const names = (await Array.fromAsync(Deno.readDir(root))).map(({ name }) => name);
      assertEquals(names, [kind === BODY ? "library" : "files"]);
    }));
}
