import { walk } from "@std/fs";
import { join, relative } from "node:path";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { type ServedApi, startServed } from "../../helpers/served_program.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { Snoop, type SnoopAnswer } from "./_snoop.ts";
import { holdsSecret } from "./secrets.ts";

/** A server of the page that could tell secrets. */
export interface ServedScenario {
  readonly name: string;
  /** How the program gets its key. */
  readonly keyIn: "environment" | "tokenFile" | "keyFile";
  /** A key that Civitai does not know. */
  readonly isWrongKey?: boolean;
  readonly storage?: SnoopAnswer;
  readonly api?: SnoopAnswer;
}

/** The result of a search of everything that a server answers. */
export interface ServedFigures {
  readonly name: string;
  /** Answers and files with a key, a signature or a path outside of the library. */
  readonly found: readonly string[];
  /** The last status of each route. */
  readonly answers: ReadonlyMap<string, number>;
  /** Number of signed URLs that were used. */
  readonly signatures: number;
  readonly searchedBytes: number;
}

const CHECKOUT = new URL("../../../", import.meta.url).pathname.slice(0, -1);
const DECODER = new TextDecoder("latin1");
/** Files that have the key because the scenario put it there. */
const PLANTED = new Set(["api_key.md", "key.txt"]);

/** Ask a server all that it answers while it plans and fetches, and search it for secrets. */
export async function askForSecrets(scenario: ServedScenario): Promise<ServedFigures> {
  const places = new Map<string, string>();
  const answers = new Map<string, number>();
  const key = `sown${crypto.randomUUID().replaceAll("-", "")}`;
  await using storage = new Snoop(scenario.storage);
  await using api = new Snoop(scenario.api);
  await using sandbox = await startSandbox({
    token: scenario.isWrongKey ? "another-key" : key,
    requireLogin: 0.5,
    outcomes: {},
    fileBytes: { min: 2048, max: 300_000 },
    size: { creators: 1, modelsPerCreator: 3 },
    storageOrigin: storage.origin,
  });
  storage.target = sandbox.imageOrigin;
  api.target = sandbox.apiOrigin;
  const [creator] = [...sandbox.catalog.creators()];
  const [fact] = [...sandbox.facts()];
  let found: readonly string[] = [];
  await inTempDir(async (folder) => {
    const words = ["--previews", "1", "--gallery", "1", "--max-images", "2", "--max-retries", "0", "--patience", "1s"];
    if (scenario.keyIn === "tokenFile") words.push("--token-file", join(folder, "key.txt"));
    await Deno.writeTextFile(join(folder, "key.txt"), `${key}\n`, { mode: 0o600 });
    if (scenario.keyIn === "keyFile") await Deno.writeTextFile(join(folder, "api_key.md"), `# Key\n\n${key}\n`);
    const env: Record<string, string> = scenario.keyIn === "environment" ? { CIVITAI_API_KEY: key } : {};
    await using served = await startServed({ folder, apiOrigin: api.origin, words, env });
    const ask: ServedApi["ask"] = async (method, path, body, headers) => {
      const answer = await served.ask(method, path, body, headers);
      const route = `${method} ${path.replace("../../api/v1/", "")}`;
      answers.set(route, answer.status);
      places.set(`${route} ${places.size}`, answer.text);
      return answer;
    };
    const events = await followEvents(served.url);
    await askEverything({ ...served, ask }, {
      creator: creator!.username,
      modelId: fact!.modelId,
      sha256: (await fact!.sha256()).toLowerCase(),
      secretUrl: `https://civitai.com/api/download/models/${fact!.versionId}?token=${key}`,
    });
    places.set("events", await events.end());
    places.set("output", served.said());
    const needles = [key, ...storage.signatures];
    found = [...places].filter(([, text]) => holdsSecret(text, needles) || holdsOtherPath(text, folder))
      .map(([name]) => name);
    for await (const { path, name } of walk(folder, { includeDirs: false })) {
      const text = PLANTED.has(name) ? "" : DECODER.decode(await Deno.readFile(path));
      places.set(relative(folder, path), text);
      if (holdsSecret(text, needles)) found = [...found, relative(folder, path)];
    }
  });
  return {
    name: scenario.name,
    found: found.map((place) => `${scenario.name}: ${place}`),
    answers,
    signatures: storage.signatures.size,
    searchedBytes: [...places.values()].reduce((sum, text) => sum + text.length, 0),
  };
}

/** What a server is asked for. */
interface Asked {
  readonly creator: string;
  /** Id of a model of the library. */
  readonly modelId: number;
  /** SHA-256 of a file of the library. */
  readonly sha256: string;
  /** An address that has the key. */
  readonly secretUrl: string;
}

/** Plan, fetch and update, then ask every route, with ids that exist and with ids that do not. */
async function askEverything(
  { ask, planned }: Pick<ServedApi, "ask" | "planned">,
  { creator, modelId, sha256, secretUrl }: Asked,
): Promise<void> {
  const { body: begun } = await ask("POST", "plans", { targets: [`user:${creator}`, secretUrl] });
  await planned(begun.id);
  await ask("POST", "plans", { targets: [secretUrl], secretUrl });
  await ask("POST", "queue", { targets: [secretUrl] });
  const { body: entry } = await ask("POST", "queue", { targets: [`user:${creator}`] });
  let last = entry;
  // An obstacle, such as a key that was revoked, lets it wait, and says why.
  while (last.state === "running" || (last.state === "waiting" && last.reason === null)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { body } = await ask("GET", "queue");
    last = body.entries.find(({ id }: { readonly id: number }) => id === entry.id);
  }
  const { body: updates } = await ask("POST", "updates");
  await planned(updates.id);
  const { body: document } = await ask("GET", "openapi.json");
  const ids = [begun.id, String(entry.id), String(modelId), sha256, secretUrl];
  for (const [path, operations] of Object.entries<Readonly<Record<string, unknown>>>(document.paths)) {
    if (path.endsWith("/events")) continue;
    for (const method of Object.keys(operations).map((name) => name.toUpperCase())) {
      for (const id of path.includes("{") ? ids : [""]) {
        await ask(method, `../..${path.replaceAll(/\{\w+\}/g, encodeURIComponent(id))}`, {});
      }
    }
  }
}

/** Gather the events of a server. */
async function followEvents(url: string): Promise<{ readonly end: () => Promise<string> }> {
  const { body } = await fetch(`${url}api/v1/events`);
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const reading = (async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value;
  })();
  return {
    async end() {
      await reader.cancel();
      await reading;
      return text;
    },
  };
}

/** Whether a text names a path outside of the library: of the working folder, the program or the user. */
function holdsOtherPath(text: string, folder: string): boolean {
  const rest = text.replaceAll(new RegExp(`${RegExp.escape(folder)}/library(?![\\w.-])`, "g"), "")
    // Commands to copy name the checkout that the server was started from.
    .replaceAll(`--config ${CHECKOUT}/deno.json`, "");
  const homes = [Deno.env.get("HOME") ?? CHECKOUT, CHECKOUT, folder];
  return homes.some((path) => path.length > 1 && rest.includes(path));
}
