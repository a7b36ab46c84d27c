import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { openCatalog } from "../../lib/library/mod.ts";
import { denoWords } from "../../scripts/_frame/program_form.ts";
import { PLAIN } from "../helpers/library/download_bench.ts";
import { TerminalRun } from "../helpers/terminal.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { hasProgram } from "../helpers/has_program.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DENO = denoWords().join(" ");
const HAS_TERMINAL = { ignore: !await hasProgram("script", "--version") };

/** How the program is started, and the command that it shows. */
const STARTS = {
  "deno task": {
    line: `env -u INIT_CWD ${Deno.execPath()} task -q --config ${join(ROOT, "deno.json")} download`,
    said: `${DENO} task --config ${join(ROOT, "deno.json")} download`,
  },
  "deno run": {
    line: `${Deno.execPath()} run -q --config ${join(ROOT, "deno.json")} -P=library ${join(ROOT, "cli.ts")} download`,
    said: `${DENO} run -P=library ${join(ROOT, "cli.ts")} download`,
  },
} as const;

/** Start a slow download on a terminal, and press Ctrl-C once during the transfer. */
async function pressOnce(folder: string, sandbox: Sandbox, line: string): Promise<{ code: number; screen: string[] }> {
  const env = { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder, NO_COLOR: "1", TERM: "xterm" };
  await using terminal = new TerminalRun(line, { cwd: folder, env });
  await terminal.until("1/5 files");
  await terminal.type("\x03");
  const code = await terminal.end();
  return { code, screen: [...terminal.screen.lines] };
}

for (const [name, { line, said }] of Object.entries(STARTS)) {
  Deno.test(
    `download under ${name} ends at one Ctrl-C with a report, a clean screen and the command to resume`,
    HAS_TERMINAL,
    () =>
      inTempDir(async (folder) => {
        const size = { creators: 1, modelsPerCreator: 6 };
        await using sandbox = await startSandbox({ ...PLAIN, size, fileBytes: { min: 30_000, max: 40_000 } });
        const creator = [...sandbox.catalog.creators()][0]!.username;
        const words = `--base-url ${sandbox.apiOrigin} --user ${creator} -o "my library" --yes --no-images --reserve 0`;
        const slow = `${words} --limit-rate 20K --engine stable`;
        const { code, screen } = await pressOnce(folder, sandbox, `${line} ${slow}`);
        assertEquals(code, 130, screen.join("\n"));
        const end = screen.findIndex((text) => text.startsWith("Stopping cleanly"));
        assert(end > 0, screen.join("\n"));
        assert(!screen.slice(end).some((text) => /[█░]/.test(text)), screen.join("\n"));
        assertEquals(screen[end + 1], "Fetched:");
        assertMatch(screen.find((text) => text.startsWith("  done"))!, /^ {2}done +\d$/);
        using catalog = openCatalog(join(folder, "my library", ".civitai-dl", "catalog.db"), { readOnly: true });
        const left = catalog.totals({ states: ["planned"] }).count;
        assert(left > 0 && left < 5, `${left}`);
        // The screen is narrower than the line.
        const last = screen.slice(end).join("").replaceAll(/\s+/g, " ");
        const command = `${said} ${slow.replace('"my library"', "'my library'")}`;
        assert(last.endsWith(`${left} left, run again with: ${command}`), last);
      }),
  );
}
