import { assertEquals } from "@std/assert";
import { parseCommand } from "../../lib/cli/mod.ts";
import { type Choice, DEFAULT_CHOICE, FILTER_FLAGS } from "../../lib/downloader/mod.ts";
import { command } from "../../scripts/download.ts";
import { readChoice } from "../../scripts/_download/choice.ts";

/** The choice that a command line of `download` makes. */
async function chosen(...words: readonly string[]): Promise<Choice> {
  const flags = parseCommand(command, words).flags as unknown as Parameters<typeof readChoice>[0];
  return await readChoice(flags, { signal: new AbortController().signal });
}

Deno.test("readChoice() makes the default choice without flags", async () => {
  assertEquals(await chosen(), DEFAULT_CHOICE);
});

/** A value that each flag accepts. */
const VALUES: Partial<Record<string, string>> = { since: "2026-01-02", files: "vae", size: "full" };

for (const [filter, flag] of Object.entries(FILTER_FLAGS)) {
  Deno.test(`FILTER_FLAGS names --${flag}, which sets the filter "${filter}" and nothing else`, async () => {
    const choice = await chosen(`--${flag}`, VALUES[flag] ?? "x");
    const changed = Object.entries(choice).filter(([name, value]) => (
      JSON.stringify(value) !== JSON.stringify(DEFAULT_CHOICE[name as keyof Choice])
    ));
    assertEquals(changed.map(([name]) => name), [filter]);
  });
}
