import { assertEquals, assertStringIncludes } from "@std/assert";
import { command } from "../../scripts/evidence.ts";
import { evidenceText } from "../helpers/evidence/gate_evidence.ts";
import { callCommand } from "../helpers/call_command.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("evidence says what is missing and what it takes, and begins nothing with --dry-run", () =>
  inTempDir(async (folder) => {
    const places = ["--work-folder", `${folder}/work`, "--output", `${folder}/docs`];
    const [words] = await readCommands("docs/evidence/README.md", "deno task evidence --dry-run");
    const { code, out, err } = await callCommand(command, [...words!.slice(3), "--time", "3h", ...places]);
    assertEquals(code, 3, err);
    assertStringIncludes(err, "stability-4h");
    assertStringIncludes(err, "This sitting: benchmark-phase-4, stability-4h; about 3h on two idle cores");
    assertStringIncludes(out, "10 of 10 reports are missing");
    assertStringIncludes(out, "environments: deno task environments test");
    // Nothing was made, not even a folder.
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    const short = await callCommand(command, ["--dry-run", "--short", "--time", "30m", ...places]);
    assertStringIncludes(short.err, "stability-2h");
    assertEquals(short.err.includes("stability-4h"), false);
    assertStringIncludes(short.out, "10 of 10 reports are missing");
    const long = await callCommand(command, ["--dry-run", "--long", "--json", ...places]);
    assertEquals(JSON.parse(long.out).steps.length, 12);
  }));

Deno.test("evidence ends with 1 if what is missing cannot be made, and with 2 if nothing fits into the sitting", () =>
  inTempDir(async (folder) => {
    const sit = (...words: readonly string[]) =>
      callCommand(command, [...words, "--work-folder", `${folder}/work`, "--output", `${folder}/docs`]);
    const short = await sit("--only", "concurrency", "--time", "2m");
    assertEquals(short.code, 2, short.err);
    assertStringIncludes(short.err, "Cannot make concurrency: not made in parts, and too long for this sitting");
    assertStringIncludes(short.err, "Give --time 15m or more");
    // No checkout has this tag before its phase 1 is finished.
    const { steps } = JSON.parse((await sit("--dry-run", "--only", "benchmark-phase-3", "--json")).out);
    const isMakeable = steps[0].obstacle === null;
    assertEquals((await sit("--dry-run", "--only", "benchmark-phase-3")).code, isMakeable ? 3 : 1);
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("evidence refuses a step that does not exist, and names those that do", async () => {
  const { code, err } = await callCommand(command, ["--dry-run", "--only", "everything"]);
  assertEquals(code, 2);
  assertStringIncludes(err, "there is no such step");
  assertStringIncludes(err, "paired-stability-turbo");
});

Deno.test("evidence --publish copies no report of a part of a gate, and says what it is", () =>
  inTempDir(async (folder) => {
    const part = evidenceText({ schema: "civitai-dl/gate", phase: "4", isPartial: true });
    for (const name of ["work", "docs"]) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}/gate.json`, part);
    }
    const places = ["--work-folder", `${folder}/work`, "--output", `${folder}/docs`];
    const { code, out, err } = await callCommand(command, ["--publish", ...places]);
    assertEquals(code, 3, err);
    assertStringIncludes(
      out,
      "gate.json is of no use to the gate: its isPartial is true, and the condition asks for false",
    );
    assertEquals(out.includes("Published"), false);
    assertEquals(await Deno.readTextFile(`${folder}/docs/gate.json`), part);
  }));
