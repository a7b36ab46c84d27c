import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type EvidenceStep, runSitting } from "../../../checks/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SCRIPT = `if (Deno.args.includes("2")) Deno.exit(2);
if (Deno.args.includes("1")) Deno.exit(1);
if (Deno.args.includes("parts")) await new Promise((end) => setTimeout(end, 60_000));
Deno.writeTextFileSync(Deno.args.at(-1), "{}");
`;

/** Run a sitting of such steps, and abort `timeOver` as soon as the step of that name begins. */
async function runSteps(root: string, ids: readonly string[], endsAt = "") {
  const command = 'ROOT=$PWD && deno run -q --allow-write="$ROOT" "$ROOT/make.ts"';
  await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify({ tasks: { make: { command } } }));
  await Deno.writeTextFile(join(root, "make.ts"), SCRIPT);
  const planned = ids.map((id) => ({
    step: { id, words: ["make", id], conditions: [], isResumable: id === "parts" } as unknown as EvidenceStep,
    state: "to make" as const,
    path: join(root, `${id}.json`),
  }));
  const begun: string[] = [];
  const timeOver = new AbortController();
  const failed = await runSitting(planned, {
    root,
    signal: new AbortController().signal,
    timeOver: timeOver.signal,
    onStep({ step: { id } }) {
      begun.push(id);
      if (id === endsAt) timeOver.abort("the time is over");
      return Promise.resolve();
    },
  });
  const made = (await Array.fromAsync(Deno.readDir(root), ({ name }) => name)).filter((name) =>
    ids.includes(name.replace(/\.json$/, ""))
  );
  return { begun, made, failed };
}

Deno.test("runSitting() goes on after a step that failed or left no report, and names it", () =>
  inTempDir(async (root) => {
    const { begun, made, failed } = await runSteps(root, ["2", "1", "fine"]);
    assertEquals([begun, made], [["2", "1", "fine"], ["fine.json"]]);
    assertEquals(failed.map(({ id }) => id), ["2", "1"]);
    assertStringIncludes(failed[0]!.reason, 'Cannot make "2": "deno task make 2" ended with 2');
  }));

Deno.test("runSitting() stops a step that can go on when the time is over, and lets any other end", () =>
  inTempDir(async (root) => {
    const parts = await runSteps(root, ["parts", "fine"], "parts");
    assertEquals(parts, { begun: ["parts"], made: [], failed: [] });
    const fine = await runSteps(root, ["fine", "parts"], "fine");
    assertEquals(fine, { begun: ["fine"], made: ["fine.json"], failed: [] });
  }));
