import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { openLibrary } from "../../../../lib/downloader/mod.ts";
import { RolloutStore } from "../../../../lib/rollout/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../../lib/sandbox/mod.ts";
import { command as canary } from "../../../../scripts/canary.ts";
import { command as deploy } from "../../../../scripts/deploy.ts";
import { command as rollout } from "../../../../scripts/rollout.ts";
import { callCommand } from "../../../helpers/call_command.ts";
import { PLAIN } from "../../../helpers/library/download_bench.ts";
import { startProgram } from "../../../helpers/start_program.ts";
import { downloadWords } from "../download_words.ts";

/** Nearly everything is canary, so that a few downloads are enough for a verdict. */
const PLAN = `version: 1
name: fast
from: stable
to: turbo
steps: [{ setWeight: 99 }, { pause: until-promoted }, { setWeight: 100 }]
`;
const COMMANDS = { canary, deploy, rollout };

/** The first request for every other file fails. */
const FAILING: NonNullable<SandboxOptions["toxics"]>[number] = {
  type: "serverError",
  status: 500,
  rate: 0.5,
  first: 1,
  on: ["storage"],
};

/** A canary of a new engine that fails and falls back while files come, and that is deployed once it is cured. */
export async function playCanary(folder: string): Promise<void> {
  const library = join(folder, "library");
  const plan = join(folder, "rollout.yml");
  await Deno.writeTextFile(plan, PLAN);
  const run = async (name: keyof typeof COMMANDS, ...words: readonly string[]) => {
    const { code, err } = await callCommand(COMMANDS[name], [...words, "--library", library, "--plan", plan]);
    assertEquals([name, code], [name, 0], err);
  };
  const store = new RolloutStore(join(library, ".civitai-dl", "state"), { command: "life" });
  await Deno.mkdir(join(library, ".civitai-dl", "state"), { recursive: true });
  await run("canary");
  await using sandbox = await startSandbox({
    ...PLAIN,
    size: { creators: 1, modelsPerCreator: 20 },
    toxics: [FAILING],
  });
  assertMatch(await fetchAll(folder, sandbox), /rollout fast: running → degraded, 0 %/);
  const { state, weight, events } = await store.read();
  assertEquals([state, weight, events.at(-1)!.by], ["degraded", 0, "judge"]);
  await expectEveryFile(library, sandbox);
  await run("rollout", "retry");
  await run("deploy", "--override", "the cure is released");
  const deployed = await store.read();
  assertEquals([deployed.state, deployed.weight, deployed.plan?.to], ["completed", 100, "turbo"]);
}

/** Download everything of a sandbox, as a process of its own; returns what it says. */
async function fetchAll(folder: string, sandbox: Sandbox): Promise<string> {
  const { code, stderr } = await startProgram(downloadWords(sandbox, ["--no-images", "--max-retries", "0"]), {
    folder,
    origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    env: { CIVITAI_API_KEY: sandbox.token, XDG_CONFIG_HOME: folder },
  }).ended;
  assertEquals(code, 0, stderr);
  return stderr;
}

/** Every file of the library is there, with the bytes that the sandbox serves. */
async function expectEveryFile(root: string, sandbox: Sandbox): Promise<void> {
  using library = await openLibrary(root, { command: "list", mustExist: true, readOnly: true });
  const items = [...library.catalog.items({ kinds: ["file"] })];
  assert(items.length >= 15, `${items.length} files`);
  for (const { fileId, path, state } of items) {
    const bytes = await Deno.readFile(join(root, path));
    const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().toUpperCase();
    assertEquals([state, sha256], ["done", await sandbox.sha256Of(fileId!)]);
  }
}
