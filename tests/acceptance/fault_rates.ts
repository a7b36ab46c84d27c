/**
 * Fetches small files from a storage that cuts, resets or refuses (500) a share of its answers, and measures for each
 * share the useful bytes a minute and how much of the time is idle. A second is idle if no byte comes in it.
 *
 * Bound: at 80 % of faults at most 20 % of the seconds are idle. Takes up to two minutes a share:
 * `deno run -q -P=acceptance tests/acceptance/fault_rates.ts`; `--seconds` bounds each.
 *
 * @module
 */
import { startSandbox, type ToxicRule } from "../../lib/sandbox/mod.ts";
import { childCommand } from "../../scripts/_frame/child.ts";
import { downloadWords } from "../integration/scenarios/download_words.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const SHARES = [0, 0.2, 0.5, 0.8, 0.9];
const MOST_IDLE = 0.2;

interface Figures {
  readonly share: number;
  readonly files: number;
  readonly done: number;
  readonly seconds: number;
  readonly idleShare: number;
  readonly usefulBytesAMinute: number;
  readonly breakersOpened: number;
  readonly lowestMode: string;
}

/** Three independent faults that together hit the share. */
function toxicsOf(share: number): readonly ToxicRule[] {
  const rate = 1 - Math.cbrt(1 - share);
  if (rate === 0) return [];
  const on = ["storage"] as const;
  return [
    { type: "truncate", on, rate },
    { type: "reset", on, rate, seed: 2 },
    // Without Retry-After, which the program would respect.
    { type: "serverError", status: 500, on, rate, seed: 3 },
  ];
}

async function measure(share: number, seconds: number): Promise<Figures> {
  await using sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: 1500 },
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 0 },
    fileBytes: { min: 32_768, max: 131_072 },
    outcomes: {},
    requireLogin: 0,
    toxics: toxicsOf(share),
  });
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-faults-" });
  try {
    const child = childCommand(downloadWords(sandbox, ["--no-images", "--events"]), {
      folder,
      env: { CIVITAI_API_KEY: sandbox.token },
      origins: [sandbox.apiOrigin, sandbox.storageOrigin],
    }).spawn();
    const stop = setTimeout(() => child.kill("SIGINT"), seconds * 1000);
    const drained = child.stderr.pipeTo(new WritableStream());
    const seen = await watch(child.stdout);
    clearTimeout(stop);
    await Promise.all([child.status, drained]);
    return { share, ...seen };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** From the first byte to the last event. */
async function watch(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Omit<Figures, "share">> {
  const busy = new Set<number>();
  const modes: string[] = ["turbo", "parallel", "resilient", "stable", "paused"];
  const seen = { files: 0, done: 0, usefulBytes: 0, breakersOpened: 0, lowest: 0 };
  let startedAt: number | undefined;
  let endedAt = 0;
  let rest = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop()!;
    for (const event of lines.map((line) => JSON.parse(line))) {
      const now = performance.now();
      if (event.type === "plan") seen.files = event.files;
      if (event.type === "mode") seen.lowest = Math.max(seen.lowest, modes.indexOf(event.to));
      if (event.type === "breaker" && event.to === "open") seen.breakersOpened++;
      if (event.type === "start") startedAt ??= now;
      if (event.type === "bytes") busy.add(Math.floor((now - startedAt!) / 1000));
      if (event.type === "end" && event.outcome === "done") {
        seen.done++;
        seen.usefulBytes += event.bytes;
      }
      if (event.type !== "summary") endedAt = now;
    }
  }
  const seconds = (endedAt - (startedAt ?? endedAt)) / 1000;
  const whole = Math.max(1, Math.floor(seconds));
  return {
    files: seen.files,
    done: seen.done,
    seconds: Math.round(seconds),
    idleShare: Number((1 - [...busy].filter((second) => second < whole).length / whole).toFixed(3)),
    usefulBytesAMinute: Math.round(seen.usefulBytes / Math.max(seconds, 1) * 60),
    breakersOpened: seen.breakersOpened,
    lowestMode: modes[seen.lowest]!,
  };
}

if (import.meta.main) {
  const shares = SHARES.includes(numberFlag("share", -1)) ? [numberFlag("share", -1)] : SHARES;
  const table: Figures[] = [];
  for (const share of shares) {
    const figures = await measure(share, numberFlag("seconds", 120));
    tellProgress(JSON.stringify(figures));
    table.push(figures);
  }
  const idle = (share: number) => table.find((row) => row.share === share)?.idleShare ?? 0;
  reportFigures({ table }, [
    { name: "at 80 % of faults at most 20 % idle", isMet: idle(0.8) <= MOST_IDLE },
    { name: "at 50 % of faults at most 20 % idle", isMet: idle(0.5) <= MOST_IDLE },
  ]);
}
