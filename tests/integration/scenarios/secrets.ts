import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { systemClock } from "../../../lib/base/mod.ts";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { downloadWords } from "./download_words.ts";
import type { SecretScenario } from "./secret_scenarios.ts";
import { Snoop } from "./_snoop.ts";
import { type ProgramRun, type RunningProgram, startProgram } from "../../helpers/start_program.ts";

/** The result of a search for secrets. */
export interface SecretFigures {
  readonly name: string;
  readonly code: number;
  /** Places where the key or a signature was found. */
  readonly found: readonly string[];
  /** Whether the arguments were recorded. */
  readonly sawArguments: boolean;
  /** Bytes of output and files that were searched. */
  readonly searchedBytes: number;
  /** Number of signed URLs that were used. */
  readonly signatures: number;
  /** Requests that sent the key to the storage. */
  readonly authorizationsAtStorage: number;
  /** The end of standard error, to debug a failure. */
  readonly stderr: string;
}

/** Files that contain the key because the scenario put it there. */
const PLANTED = new Set(["api_key.md", "key.txt"]);
/** For command lines with their own targets. */
const NOBODY = { creators: () => [] };
const DECODER = new TextDecoder("latin1");

/** Run one scenario and search everything that it left for its secrets. */
export async function searchForSecrets(scenario: SecretScenario): Promise<SecretFigures> {
  const { storage, api, toxics = [] } = scenario;
  const key = `sown${crypto.randomUUID().replaceAll("-", "")}`;
  await using storageSnoop = new Snoop(typeof storage === "function" ? storage : undefined);
  await using apiSnoop = new Snoop(api);
  await using sandbox = await startSandbox({
    toxics,
    token: scenario.isWrongKey ? "another-key" : key,
    requireLogin: 0.5,
    outcomes: {},
    fileBytes: { min: 2048, max: 300_000 },
    size: { creators: 1, modelsPerCreator: 3 },
    storageOrigin: storageOriginOf(storage, storageSnoop),
  });
  storageSnoop.target = sandbox.imageOrigin;
  apiSnoop.target = sandbox.apiOrigin;
  const apiOrigin = api === undefined ? sandbox.apiOrigin : apiSnoop.origin;
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-secrets-" });
  try {
    const permitted = storage === "notPermitted" ? [] : [sandbox.storageOrigin];
    const program = startProgram(await wordsOf(scenario, { sandbox, apiOrigin, folder, key }), {
      folder,
      env: scenario.keyIn === "environment" ? { CIVITAI_API_KEY: key } : {},
      origins: [apiOrigin, sandbox.imageOrigin, ...permitted],
      isWatched: true,
    });
    if (scenario.isKilled) await killInsideFile(program, sandbox);
    const run = await program.ended;
    const needles = [key, ...storageSnoop.signatures];
    const places = await placesOf(scenario, run, folder);
    return {
      name: scenario.name,
      code: run.code,
      stderr: run.stderr.slice(-500),
      sawArguments: run.commandLine.includes("download"),
      found: [...places].filter(([, text]) => holdsSecret(text, needles)).map(([name]) => `${scenario.name}: ${name}`),
      searchedBytes: [...places.values()].reduce((sum, text) => sum + text.length, 0),
      signatures: storageSnoop.signatures.size,
      authorizationsAtStorage: storageSnoop.authorizations +
        sandbox.log.violations.filter((violation) => violation.type === "authorizationAtStorage").length,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function killInsideFile(program: RunningProgram, sandbox: Sandbox): Promise<void> {
  let isRunning = true;
  program.ended.finally(() => isRunning = false);
  while (isRunning && sandbox.log.storageBytes === 0) await systemClock.sleep(5);
  if (isRunning) program.kill("SIGKILL");
}

/** Whether a text contains a key, or a signature of any URL. */
export function holdsSecret(text: string, needles: readonly string[]): boolean {
  return needles.some((needle) => text.includes(needle)) || /X-Amz-Signature(?:=|%3D)[0-9a-f]{8}/i.test(text);
}

function storageOriginOf(storage: SecretScenario["storage"], snoop: Snoop): string {
  // Port 9 is discard, without a listener.
  if (storage === "down") return "http://127.0.0.1:9";
  return storage === "stranger" ? "https://storage.example.com" : snoop.origin;
}

interface Place {
  readonly sandbox: Sandbox;
  readonly apiOrigin: string;
  readonly folder: string;
  readonly key: string;
}

async function wordsOf(scenario: SecretScenario, place: Place): Promise<string[]> {
  const { keyIn, targets, words = [] } = scenario;
  const { sandbox, apiOrigin, folder, key } = place;
  const extra = ["--previews", "1", "--gallery", "1", "--max-images", "2", ...words];
  if (keyIn === "argument") extra.push("--token", key);
  if (keyIn === "tokenFile") extra.push("--token-file", "key.txt");
  if (keyIn === "tokenFile") await Deno.writeTextFile(join(folder, "key.txt"), `${key}\n`, { mode: 0o600 });
  if (keyIn === "keyFile") await Deno.writeTextFile(join(folder, "api_key.md"), `# Key\n\n${key}\n`);
  if (targets === undefined) return downloadWords({ apiOrigin, catalog: sandbox.catalog }, extra);
  const versionId = sandbox.catalog.modelAt(0).versions[0]!.id;
  return [...downloadWords({ apiOrigin, catalog: NOBODY }, extra), ...targets({ versionId, key })];
}

/** Everything that the run left, as raw bytes. */
async function placesOf(scenario: SecretScenario, run: ProgramRun, folder: string): Promise<Map<string, string>> {
  const places = new Map([["standard output", run.stdout], ["standard error", run.stderr]]);
  const isOwnFault = scenario.keyIn === "argument" || scenario.targets !== undefined;
  if (!isOwnFault) places.set("arguments", run.commandLine);
  for await (const { path, name } of walk(folder, { includeDirs: false })) {
    if (!PLANTED.has(name)) places.set(relative(folder, path), DECODER.decode(await Deno.readFile(path)));
  }
  return places;
}
