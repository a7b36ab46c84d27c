import { assertEquals, assertMatch } from "@std/assert";
import { quoteWord } from "../../lib/base/mod.ts";
import { programWords } from "../../scripts/_frame/child.ts";
import { TerminalRun } from "../helpers/terminal.ts";
import { atPlace, type Place } from "./_place.ts";

/** Start a download of all models on a terminal. */
function startOn(columns: number, { folder, sandbox, everything }: Place, words: readonly string[] = []): TerminalRun {
  const flags = ["--no-images", "--reserve", "0", "-o", "library", "--base-url", sandbox.apiOrigin, ...words];
  const line = [...programWords(["--allow-all"]), "download", ...everything, ...flags].map(quoteWord).join(" ");
  const env = { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: sandbox.token, NO_PROXY: "127.0.0.1" };
  return new TerminalRun(line, { cwd: folder, env, columns });
}

Deno.test("the progress of a download shows speed, time left and file names in 60 columns", () =>
  atPlace({ toxics: [{ type: "bandwidth", bytesPerSecond: 100_000 }], fileSizes: [2_000_000] }, async (place) => {
    await using terminal = startOn(60, place, ["--yes"]);
    await terminal.until(" left");
    const { lines } = terminal.screen;
    const at = lines.findIndex((line) => line.endsWith(" left"));
    assertMatch(lines[at]!, /\/s, [\dms ]+ left$/);
    assertEquals(lines.filter((line) => line.length > 59 && lines.indexOf(line) >= at), []);
    await terminal.type("\x03");
    assertEquals(await terminal.end(), 130);
  }));

Deno.test("Ctrl-D at the question ends its line", () =>
  atPlace({}, async (place) => {
    await using terminal = startOn(80, place);
    await terminal.until("[y/N] ");
    await terminal.type("\x04");
    assertEquals(await terminal.end(), 0);
    const { lines } = terminal.screen;
    assertMatch(lines.at(-2)!, /^Fetch 3 files, about .*\? \[y\/N\]$/);
    assertEquals(lines.at(-1), "Nothing was fetched, and the plan was discarded");
  }));
