import { assert, assertEquals, assertGreater } from "@std/assert";
import { join } from "node:path";
import { type DownloadEvent, openLibrary } from "../../lib/downloader/mod.ts";
import type { SandboxExchange, SandboxOptions, ToxicRule } from "../../lib/sandbox/mod.ts";
import { runProgram } from "../helpers/run_program.ts";
import type { ProgramRun } from "../helpers/start_program.ts";
import { atPlace, type Place } from "./_place.ts";

type Counts = Readonly<Record<string, number>>;

/** The counts that one run reports. */
interface Account {
  readonly counts: Counts;
  readonly retries: number;
}

/** The summary's names of outcomes. */
const OUTCOMES: Readonly<Record<string, string>> = {
  "login needed": "login",
  "region-blocked": "region",
  "downloads disabled": "disabled",
  "early access": "early-access",
};

function readText(stdout: string): Account {
  const rows = [...stdout.matchAll(/^ {2}([a-z -]+?) +(\d+)$/gm)];
  return {
    counts: Object.fromEntries(rows.map(([, name, count]) => [OUTCOMES[name!] ?? name, Number(count)])),
    retries: Number(/^Fetched .*, (\d+) retr(?:y|ies)/m.exec(stdout)?.[1] ?? 0),
  };
}

function readJson(stdout: string): Account {
  const { counts, run } = JSON.parse(stdout);
  return { counts, retries: run.retries };
}

function readEvents(lines: string): readonly DownloadEvent[] {
  return lines.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** The counts of the last event. */
function readSummary(events: readonly DownloadEvent[]): Account {
  const last = events.at(-1);
  assert(last?.type === "summary", `the last event is ${last?.type}`);
  return { counts: last.counts as Counts, retries: last.retries };
}

/** The totals of the other events: the last end of each item, and every retry. */
function addUp(events: readonly DownloadEvent[]): Account {
  const ends = new Map<string, string>();
  const begun = new Set<string>();
  let retries = 0;
  let passes = 0;
  for (const event of events) {
    if (event.type === "retry" || event.type === "api-retry") retries++;
    if (event.type === "pass") passes++;
    if (event.type !== "end") continue;
    if (passes > 0 && begun.has(event.item.key)) retries++;
    begun.add(event.item.key);
    ends.set(event.item.key, event.outcome);
  }
  const groups = Map.groupBy(ends.values(), (outcome) => outcome);
  return { counts: Object.fromEntries([...groups].map(([name, all]) => [name, all.length])), retries };
}

/** Outcomes of queued items: what the plan found is added to one of these only. */
function without(counts: Counts, names: readonly string[]): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !names.includes(name)));
}

/** Runs of one form of output, with a library of its own. */
interface FormRuns {
  readonly library: string;
  readonly run: (words: readonly string[]) => Promise<Account>;
}

/** Run a story in each form of output, each compared with its log. */
async function inEveryForm<T>(place: Place, story: (runs: FormRuns) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (const form of ["text", "json", "events"]) {
    const folder = join(place.folder, form);
    await Deno.mkdir(folder);
    let logged = 0;
    const run = async (words: readonly string[]): Promise<Account> => {
      const { sandbox: { apiOrigin, storageOrigin, token } } = place;
      const flags = ["--base-url", apiOrigin, "--reserve", "0", "-o", "library"];
      if (form !== "text") flags.push(`--${form}`);
      const ran = await runProgram([...words, ...flags], {
        folder,
        origins: [apiOrigin, storageOrigin],
        env: { XDG_CONFIG_HOME: folder, CIVITAI_API_KEY: token },
      });
      const log = await Deno.readTextFile(join(folder, "logs", "download.log"));
      const lines = readEvents(log).slice(logged);
      logged += lines.length;
      // The log has one more than the stream: how the command ended.
      const events = lines.filter(({ type }) => type !== "run-end");
      const account = readForm(form, ran);
      assertEquals(readSummary(events), account, form);
      const sum = addUp(events);
      assertEquals(sum.retries, account.retries, form);
      assertEquals(without(sum.counts, FOUND_BY_PLANS), without(account.counts, FOUND_BY_PLANS), form);
      return account;
    };
    results.push(await story({ library: join(folder, "library"), run }));
  }
  return results;
}

/** Counts of what plans find without a request. */
const FOUND_BY_PLANS = ["already there", "removed", "archived", "early-access", "disabled"];

function readForm(form: string, { stdout, stderr }: ProgramRun): Account {
  if (form === "text") return readText(stdout);
  if (form === "json") return readJson(stdout);
  try {
    return readSummary(readEvents(stdout));
  } catch (error) {
    throw new Error(stderr, { cause: error });
  }
}

/** Models with images, some with faults. */
const MIXED: SandboxOptions = {
  size: { creators: 1, modelsPerCreator: 8 },
  versionsPerModel: { min: 1, max: 2 },
  imagesPerVersion: { min: 1, max: 2 },
  galleryPerVersion: 3,
  outcomes: { removed: 0.15, takenDown: 0.15, earlyAccess: 0.15 },
};
const WITH_IMAGES = ["--previews", "2", "--gallery", "3", "--max-images", "5"];

async function doneIn(library: string): Promise<number> {
  using opened = await openLibrary(library, { command: "test", readOnly: true });
  return opened.catalog.totals({ states: ["done"] }).count;
}

/** Other names of the library's content: the model and the version of its first file. */
async function namesIn(library: string): Promise<readonly string[]> {
  using opened = await openLibrary(library, { command: "test", readOnly: true });
  const { modelId, versionId } = opened.catalog.items({ kinds: ["file"], states: ["done"] }).next().value!;
  return [`model:${modelId}`, `version:${versionId}`];
}

Deno.test("download counts the same in text, JSON and events, in the first run, the second and by several names", () =>
  atPlace(MIXED, async (place) => {
    const { username } = place.sandbox.catalog.creators().next().value!;
    const words = ["download", "--user", username, ...WITH_IMAGES];
    const [text, ...others] = await inEveryForm(place, async ({ library, run }) => {
      const first = await run(words);
      const second = await run(words);
      const { done, ...refused } = first.counts;
      assertGreater(done!, 20);
      assertGreater(Object.keys(refused).length, 0);
      assertEquals(second.counts, { ...refused, "already there": done! });
      const named = await run([...words, ...await namesIn(library)]);
      assertEquals(named.counts, second.counts);
      assertEquals(await doneIn(library), done);
      return [first, second, named];
    });
    for (const accounts of others) assertEquals(accounts, text);
  }));

Deno.test("download counts the same when it is resumed, and with files that no catalog has", () =>
  atPlace(MIXED, async (place) => {
    const words = ["download", ...place.everything, ...WITH_IMAGES];
    await inEveryForm(place, async ({ library, run }) => {
      const begun = await run([...words, "--max-time", "0s"]);
      assertEquals(begun.counts["done"], undefined);
      const { done, ...refused } = (await run(words)).counts;
      await Deno.remove(join(library, ".civitai-dl"), { recursive: true });
      assertEquals((await run(words)).counts, { ...refused, "already there": done! });
    });
  }));

const TOXICS: readonly ToxicRule[] = [
  { type: "serverError", status: 503, rate: 0.15, on: ["api"] },
  { type: "reset", rate: 0.15, on: ["storage"] },
  { type: "corrupt", rate: 0.1, on: ["storage"] },
];

Deno.test("download counts every retry: of files, wrong bytes, passes and API requests", async () => {
  let faults = 0;
  const onExchange = ({ route, toxics }: SandboxExchange): void => {
    // The key is checked once, whatever the response.
    if (toxics.length > 0 && route !== "/api/v1/me") faults++;
  };
  await atPlace({ size: { creators: 1, modelsPerCreator: 8 }, toxics: [...TOXICS], onExchange }, async (place) => {
    const accounts = await inEveryForm(place, async ({ run }) => {
      const account = await run(["download", ...place.everything, "--no-images"]);
      assertEquals(account.counts, { done: 8 });
      return account;
    });
    assertGreater(faults, 10);
    assertEquals(accounts.reduce((sum, { retries }) => sum + retries, 0), faults);
  });
});
