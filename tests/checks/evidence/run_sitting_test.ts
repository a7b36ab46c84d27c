import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type EvidenceStep, runSitting } from "../../../checks/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SCRIPT = `if (Deno.args.includes("2")) Deno.exit(2);
if (Deno.args.includes("1")) Deno.exit(1);
Deno.writeTextFileSync(Deno.args.at(-1), "{}");
`;

Deno.test("runSitting() goes on after a step that failed or left no report, and names it", () =>
  inTempDir(async (root) => {
    const command = 'ROOT=$PWD && deno run -q --allow-write="$ROOT" "$ROOT/make.ts"';
    await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify({ tasks: { make: { command } } }));
    await Deno.writeTextFile(join(root, "make.ts"), SCRIPT);
    const planned = ["2", "1", "fine"].map((id) => ({
      step: { id, words: ["make", id], conditions: [] } as unknown as EvidenceStep,
      state: "to make" as const,
      path: join(root, `${id}.json`),
    }));
    const begun: string[] = [];
    const made: string[] = [];
    const failed = await runSitting(planned, {
      root,
      signal: new AbortController().signal,
      onStep: ({ step }) => Promise.resolve(void begun.push(step.id)),
      onMade: ({ step }) => Promise.resolve(void made.push(step.id)),
    });
    assertEquals([begun, made], [["2", "1", "fine"], ["fine"]]);
    assertEquals(failed.map(({ id }) => id), ["2", "1"]);
    assertStringIncludes(failed[0]!.reason, 'Cannot make "2": "deno task make 2" ended with 2');
  }));
