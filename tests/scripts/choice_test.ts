import { assertEquals } from "@std/assert";
import { parseCommand } from "../../lib/cli/mod.ts";
import { type Choice, DEFAULT_CHOICE, FILTER_FLAGS } from "../../lib/downloader/mod.ts";
import { command } from "../../scripts/download.ts";
import { command as update } from "../../scripts/update.ts";
import { listGiven, readChoice } from "../../scripts/_download/choice.ts";

/** The choice that a command line of `download` makes. */
async function chosen(...words: readonly string[]): Promise<Choice> {
  const flags = parseCommand(command, words).flags as unknown as Parameters<typeof readChoice>[0];
  return await readChoice(flags, { signal: new AbortController().signal });
}

Deno.test("readChoice() makes the default choice without flags", async () => {
  assertEquals(await chosen(), DEFAULT_CHOICE);
});

/** A value that each flag accepts. */
const VALUES: Partial<Record<string, string>> = { since: "2026-01-02", files: "vae", size: "full", type: "VAE" };

for (const [filter, flag] of Object.entries(FILTER_FLAGS)) {
  Deno.test(`FILTER_FLAGS names --${flag}, which sets the filter "${filter}" and nothing else`, async () => {
    const choice = await chosen(`--${flag}`, VALUES[flag] ?? "x");
    const changed = Object.entries(choice).filter(([name, value]) => (
      JSON.stringify(value) !== JSON.stringify(DEFAULT_CHOICE[name as keyof Choice])
    ));
    assertEquals(changed.map(([name]) => name), [filter]);
  });
}

Deno.test("listGiven() lists the fields whose flags are set, and every flag of a repeated field", () => {
  const given = (...words: readonly string[]) => listGiven(parseCommand(update, words));
  assertEquals(given(), []);
  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["--latest-only"], ["versions"]],
    [["--no-images"], ["previews", "gallery"]],
    [["--gallery", "3"], ["gallery"]],
    [["--max-level", "R"], ["levels"]],
    [["--whitelist", "x"], ["baseModels"]],
    [["--format", "GGUF", "--fp", "fp16", "--size", "full"], ["formats", "fps", "sizes"]],
    [["--allow-flagged", "--gallery-age", "1d", "--type", "LORA"], []],
  ];
  for (const [words, fields] of cases) assertEquals(given(...words), fields);
});
