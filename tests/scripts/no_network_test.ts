import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTask } from "../../scripts/_profiling/read_task.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LINE = '{"timestamp":"2026-01-01T00:00:00.000Z","level":"ERROR","message":"Cannot fetch: no answer within 30s"}';

/** Every command for troubleshooting, with what it is asked, how it may end, and what it prints then. */
const COMMANDS: readonly {
  readonly words: readonly string[];
  readonly codes: readonly number[];
  readonly prints: RegExp;
  /** It runs the built-in sandbox, so this machine itself must be reachable. */
  readonly needsLoopback?: boolean;
}[] = [
  // Catalog and state are corrupt, and the API is out of reach.
  { words: ["health-check"], codes: [1], prints: /^api +fail [^]*^catalog +fail [^]*^state +fail /m },
  {
    words: ["debug-info", "--output", "debug.zip"],
    codes: [0],
    prints: /health\.json|health-check|state\/failsafe\.json/,
  },
  { words: ["analyze-errors"], codes: [0, 3], prints: /no answer within|no lines/i },
  { words: ["analyze-metrics"], codes: [0, 1, 3], prints: /./ },
  { words: ["tune-timeouts"], codes: [0, 2, 3], prints: /./ },
  { words: ["handle-issue", "--log-line", LINE], codes: [0], prints: /^Problem: timeout$/m },
  { words: ["doctor", "timeout"], codes: [0], prints: /^timeout: no answer came in time$/m },
  { words: ["doctor"], codes: [1], prints: /^A connection could not be made, or broke: .*\n→ curl / },
  { words: ["emergency-test", "--only", "version,stable"], codes: [0], prints: /stable/, needsLoopback: true },
  { words: ["memory-test", "--repeat", "1"], codes: [3], prints: /^INCONCLUSIVE: 1 repetition /, needsLoopback: true },
];

/** A library whose catalog and state are junk, and a log. */
async function makeCorruptLibrary(folder: string): Promise<void> {
  const home = join(folder, "downloads", ".civitai-dl");
  await Deno.mkdir(join(home, "state", "active"), { recursive: true, mode: 0o700 });
  await Deno.mkdir(join(folder, "logs"), { mode: 0o700 });
  await Deno.writeTextFile(join(home, "catalog.db"), "junk", { mode: 0o600 });
  for (const name of ["failsafe.json", "rollout.json", "quota.json", "alerts.json", "active/7.json"]) {
    await Deno.writeTextFile(join(home, "state", name), "{broken", { mode: 0o600 });
  }
  await Deno.writeTextFile(join(folder, "logs", "download.log"), `${LINE}\n{cut off`);
}

interface Denied {
  readonly denyNet: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Run a command with the permissions of its task, but without a network. */
async function runOffline(words: readonly string[], folder: string, { denyNet, env }: Denied) {
  const [verb] = words as [string];
  const { flags } = await readTask(verb, ROOT);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", ...flags, denyNet, join(ROOT, "cli.ts"), ...words],
    cwd: folder,
    env: { NO_COLOR: "1", TMPDIR: folder, ...env },
    stdin: "null",
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("every command for troubleshooting works with the network denied and a corrupt state folder", () =>
  inTempDir(async (folder) => {
    await makeCorruptLibrary(folder);
    let hits = 0;
    await using api = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      hits++;
      return Response.json([]);
    });
    const key = { CIVITAI_API_KEY: "0123456789abcdef0123456789abcdef" };
    const offline = {
      denyNet: "--deny-net",
      env: { ...key, CIVITAI_DL_BASE_URL: `http://127.0.0.1:${api.addr.port}` },
    };
    const loopback = { denyNet: "--deny-net=civitai.com,civitai.red,image.civitai.com,b2.civitai.com", env: key };
    for (const { words, codes, prints, needsLoopback } of COMMANDS) {
      const { code, out, err } = await runOffline(words, folder, needsLoopback ? loopback : offline);
      const all = `${words.join(" ")} ended with ${code}\n${out}${err}`;
      assert(codes.includes(code), all);
      assertMatch(code === 2 ? err : out, prints, all);
      assert(!/unexpected|^ +at /m.test(out + err), all);
    }
    // The API would have answered: it was the permission that kept them from it.
    assertEquals(hits, 0);
    // None of them has touched the state.
    const state = join(folder, "downloads", ".civitai-dl", "state");
    assertEquals(await Deno.readTextFile(join(state, "failsafe.json")), "{broken");
  }));
