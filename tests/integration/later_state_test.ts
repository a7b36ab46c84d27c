import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { atPlace } from "../scripts/_place.ts";

/** Every state file of a library with a format of its own, and the commands that work with it. */
const STORES: readonly { readonly name: string; readonly commands: readonly (readonly string[])[] }[] = [
  { name: "failsafe.json", commands: [["download"], ["update"], ["failsafe"]] },
  { name: "rollout.json", commands: [["download"], ["rollout"], ["rollout", "abort", "--reason", "test"]] },
  { name: "quota.json", commands: [["download"], ["update"]] },
  { name: "alerts.json", commands: [["check-alerts"], ["alerts", "status"], ["monitor", "--once"]] },
  { name: "monitor.json", commands: [["monitor", "--once"]] },
];

/** Commands whose `--output` is the library, and which need the API. */
const DOWNLOADS: ReadonlySet<string> = new Set(["download", "update"]);

for (const { name, commands } of STORES) {
  Deno.test(`a ${name} of a later version is refused with exit 4, and stays as it is`, () =>
    atPlace({}, async ({ folder, run, runBare, everything }) => {
      const state = join(folder, "library", ".civitai-dl", "state");
      assertEquals((await run(["download", ...everything])).code, 0);
      const path = join(state, name);
      const text = '{"version":7,"news":["from","the","future"]}\n';
      await Deno.writeTextFile(path, text);
      for (const words of commands) {
        const isDownload = DOWNLOADS.has(words[0]!);
        const targets = words[0] === "download" ? everything : [];
        const { code, stderr } = isDownload
          ? await run([...words, ...targets])
          : await runBare([...words, "--library", "library"]);
        assertEquals(code, 4, `${words.join(" ")}: ${stderr}`);
        assertStringIncludes(stderr, join("library", ".civitai-dl", "state", name));
        assertStringIncludes(stderr, "format 7; this program reads format 1");
        assertEquals(await Deno.readTextFile(path), text);
        const names = (await Array.fromAsync(Deno.readDir(state))).map((entry) => entry.name);
        assert(!names.some((entry) => entry.includes("corrupt")), names.join(" "));
      }
    }));
}
