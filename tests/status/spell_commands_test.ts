import { assert, assertEquals } from "@std/assert";
import SHIPPED from "../../config/alerts.yml" with { type: "text" };
import ENGLISH from "../../lib/status/english.ts" with { type: "text" };
import JAPANESE from "../../lib/status/japanese.ts" with { type: "text" };
import SCREEN from "../../lib/monitor/status/screen_words.ts" with { type: "text" };
import { Format } from "../../lib/status/format.ts";
import { japanese } from "../../lib/status/japanese.ts";
import { spellCommands } from "../../lib/status/spell_commands.ts";
import { sayFinding } from "../../lib/status/say_finding.ts";
import { namePageCommands } from "../../lib/monitor/status/page_commands.ts";
import { quietStatus } from "../helpers/servers/sample_status.ts";
import { PROBLEM_IDS, PROBLEMS } from "../../lib/problems/mod.ts";

const COMMANDS = namePageCommands((text) => text.replace("civitai-dl", "deno task"));

Deno.test("spellCommands() names a command as the monitor says, and leaves paths and files alone", () => {
  assertEquals(
    spellCommands("Run civitai-dl doctor; see civitai-dl.yml, /srv/civitai-dl doctor.", COMMANDS),
    "Run deno task doctor; see civitai-dl.yml, /srv/civitai-dl doctor.",
  );
  assertEquals(spellCommands("civitai-dl constructor", COMMANDS), "civitai-dl constructor");
});

Deno.test("the page names the commands of its findings as the monitor was started", () => {
  const now = Date.UTC(2026, 0, 2);
  const view = { status: { ...quietStatus(now), commands: COMMANDS }, words: japanese, format: new Format("ja"), now };
  const { todo } = sayFinding({ kind: "held", tone: "warn", mode: "stable", until: null }, view);
  assertEquals(todo, "固定を解除するには deno task failsafe hold --release を実行します。");
});

Deno.test("the monitor names every command that a text of the page has", () => {
  const remedies = PROBLEM_IDS.flatMap((id) => [PROBLEMS[id].en.remedy, PROBLEMS[id].ja.remedy]);
  const rules = SHIPPED.split("\n").filter((line) => !line.trim().startsWith("#"));
  for (const text of [ENGLISH, JAPANESE, SCREEN, ...remedies, ...rules]) {
    const named = spellCommands(text, COMMANDS);
    const left = [...named.matchAll(/(?<![\w./-])civitai-dl ([a-z][a-z-]*)/g)].map(([, verb]) => verb);
    assertEquals(left, []);
  }
  assert(Object.keys(COMMANDS).length > 5);
});
