import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openEvidence } from "../../lib/base/mod.ts";
import type { LoadReport } from "../../benchmarks/load/mod.ts";
import { command } from "../../scripts/load_test.ts";
import { callCommand } from "../helpers/call_command.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const load = (argv: readonly string[]) => callCommand(command, argv);

Deno.test("load-test refuses what it cannot write or continue, before it begins", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "load.json");
    const cases = [
      { argv: ["--output", join(folder, "a.txt")], says: "a report ends with .json" },
      { argv: ["--files", "19"], says: "--files" },
      { argv: ["--resume", path], says: "there is no such report" },
      { argv: ["--resume", path, "--output", path], says: "--output" },
    ];
    for (const { argv, says } of cases) {
      const { code, err } = await load(argv);
      assertEquals(code, 2, err);
      assertStringIncludes(err, says);
    }
  }));

// A trial of some seconds: two runs of 20 files from a real nginx, of which the second is done by a resumed test.
Deno.test({
  name: "load-test fetches a library from nginx, compares every file, and goes on with the next run",
  // Needs "apt-get install nginx".
  ignore: !await hasProgram("nginx", "-v"),
  fn: () =>
    inTempDir(async (folder) => {
      const path = join(folder, "reports", "load.json");
      const work = join(folder, "work");
      const small = ["--files", "20", "--bytes", "4M", "--creators", "2", "--runs", "1", "--work-folder", work];
      const first = await load([...small, "--output", path]);
      // One run is no proof, and a run of so few bytes may be slow.
      assertEquals(first.code === 1 || first.code === 3, true, first.err + first.out);
      assertStringIncludes(first.err, "Load: 20 files, 4.0 MiB, 2 creators, 1 runs; report ");
      assertEquals(await Array.fromAsync(Deno.readDir(work)), []);
      const read = async () =>
        openEvidence(await Deno.readTextFile(path), { schema: "civitai-dl/load" }) as unknown as LoadReport;
      const report = await read();
      const [run] = report.rounds;
      assertEquals([run!.code, run!.right, run!.messages], [0, run!.files, []]);
      assertEquals([run!.files >= 20, run!.bytes >= 4 << 20, run!.sentBytes], [true, true, run!.bytes]);
      assertEquals([report.claims[0]!.events, report.claims[0]!.trials], [run!.files, run!.files]);

      assertEquals((await load(["--resume", path])).code, 2);
      assertEquals((await load([...small, "--output", path])).code, 4);
      // The test was stopped before its second run.
      const end = { type: "signal", reason: "Stopped" };
      await Deno.writeTextFile(path, JSON.stringify({ ...report, settings: { ...report.settings, runs: 2 }, end }));
      const other = await load(["--resume", path, "--seed", "2"]);
      assertStringIncludes(other.err, "--seed is 2, and the run began with 1");
      const second = await load(["--resume", path, "--work-folder", work]);
      assertEquals(second.code === 1 || second.code === 3, true, second.err + second.out);
      assertEquals((await read()).rounds.map(({ round, right, files }) => [round, right === files]), [[0, true], [
        1,
        true,
      ]]);
    }),
});
