import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml";
import { join } from "node:path";
import { openLibrary } from "../../lib/downloader/mod.ts";
import BUILT_IN_RULES from "../../config/alerts.yml" with { type: "text" };
import { inTempDir } from "../helpers/temp_dir.ts";

interface Shipped {
  readonly rules: readonly { readonly alert: string; readonly annotations: Readonly<Record<string, string>> }[];
}

Deno.test("the remedy of every shipped rule is Japanese on a Japanese screen, and names the reader's commands", () =>
  inTempDir(async (folder) => {
    const library = join(folder, "library");
    (await openLibrary(library, { command: "test" }))[Symbol.dispose]();
    const shipped = (parse(BUILT_IN_RULES) as Shipped).rules;
    // Each with its own texts, with a condition that always holds, and under a name that no other alert explains.
    const rules = shipped.map(({ alert, annotations: { remedy, remedyJa } }) => ({
      alert: `My${alert}`,
      metric: "library_missing",
      op: ">=",
      value: 0,
      severity: "warning",
      annotations: {
        summary: alert,
        remedy: remedy!.replace("{{check}}", "storage"),
        remedyJa: remedyJa!.replace("{{check}}", "storage"),
      },
    }));
    const receivers = [`file://${join(folder, "notices.jsonl")}`];
    const config = { rules, groupWait: "0s", receivers };
    const path = join(folder, "rules.yml");
    // JSON is YAML.
    await Deno.writeTextFile(path, JSON.stringify(config));
    const run = async (script: string, words: readonly string[]): Promise<string> => {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "-A", "--no-check", `scripts/${script}.ts`, "--library", library, ...words],
        env: { NO_COLOR: "1" },
      }).output();
      return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
    };
    const words = ["--language", "ja"];
    const shown = await run("check_alerts", [...words, "--config", path, "--logs", join(folder, "logs")]);
    const remedies = shown.split("\n").filter((line) => line.startsWith("  対処: "));
    assertEquals(remedies.length, rules.length, shown);
    for (const remedy of remedies) {
      assertMatch(remedy, /[ぁ-ん].*。$/);
      assert(!remedy.includes("civitai-dl "), remedy);
    }
    assertMatch(shown, /deno task doctor [^\n]*--only storage を実行し/);
    assertMatch(shown, /取りやめる場合は deno task rollout [^\n]*end を実行/);
    // The headline has the remedy of the first alert.
    assertMatch(await run("status", words), /\n {2}対処: [^A-Za-z]*。\n/);
    const notices = await Deno.readTextFile(join(folder, "notices.jsonl"));
    assertMatch(notices, /Run deno task doctor [^,]*--only storage,/);
    assert(!notices.includes("civitai-dl doctor"));
  }));
