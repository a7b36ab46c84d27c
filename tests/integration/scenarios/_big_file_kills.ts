import { runProgram, type RunWordsOptions } from "../../../benchmarks/peers/_run_program.ts";
import type { ServedRequest, WebServer } from "../../../benchmarks/peers/_web_server.ts";
import { busyConnections } from "../../../benchmarks/peers/_busy_connections.ts";
import { formatSize, seededRandom, systemClock } from "../../../lib/base/mod.ts";
import { partPathOf, planResume, readJournal, sizeOfExtents } from "../../../lib/transfer/mod.ts";
import { becomes } from "../../helpers/becomes.ts";

/** Options of {@linkcode killAndResume}. */
export interface KillOptions {
  /** The program that fetches the file. */
  readonly words: readonly string[];
  readonly process: Pick<RunWordsOptions, "cwd" | "env" | "signal">;
  /** The final name. */
  readonly path: string;
  readonly bytes: number;
  readonly server: WebServer;
  /** While this file exists, connections are limited. */
  readonly limitedFlag: string;
  readonly kills: number;
  readonly seed: number;
  readonly tell: (text: string) => void;
}

/** The cost of the kills. */
export interface KillFigures {
  /** Bytes that were sent but are in no part, for each kill. */
  readonly lostBytes: readonly number[];
  /** Open connections before each kill. */
  readonly connections: readonly number[];
  /** Runs that ended before they could be killed. */
  readonly missedKills: number;
  /** Total bytes sent by the server. */
  readonly sentBytes: number;
  /** Whether the last run resumed everything from its predecessors. */
  readonly hasResumedAll: boolean;
  /** Peak memory of the last run, which also reads all existing bytes. */
  readonly lastRssBytes: number;
}

/** Kill a transfer at random places, resume each time, and let the last run finish. */
export async function killAndResume(options: KillOptions): Promise<KillFigures> {
  const { words, process, path, bytes, server, limitedFlag, kills, seed, tell } = options;
  const random = seededRandom(seed);
  // At random, but one in each of equal intervals: every run has something to lose.
  const places = Array.from({ length: kills }, (_, index) => bytes * (index + 0.1 + 0.8 * random()) / kills);
  await server.takeRequests();
  let kept = 0;
  let sentBytes = 0;
  let missedKills = 0;
  const lostBytes: number[] = [];
  const connections: number[] = [];
  for (const [index, place] of places.entries()) {
    if (index % 2 === 1) await Deno.writeFile(limitedFlag, new Uint8Array());
    const isKilled = await runUntil(options, place);
    await Deno.remove(limitedFlag).catch(() => {});
    if (!isKilled) {
      missedKills++;
      break;
    }
    const requests = await requestsOfTheDead(server);
    const sent = sum(requests);
    const before = kept;
    kept = await keptBytes(options);
    sentBytes += sent;
    lostBytes.push(sent - (kept - before));
    connections.push(busyConnections(requests));
    tell(
      `kill ${index + 1} at ${formatSize(place)}: ${connections.at(-1)} connections, kept ${formatSize(kept)}, ` +
        `lost ${formatSize(Math.max(0, lostBytes.at(-1)!))}`,
    );
  }
  const last = await runProgram(words, { ...process, bytes });
  sentBytes += sum(await server.takeRequests());
  const { resumedBytes } = JSON.parse(last.stdout);
  await Deno.remove(path);
  return {
    lostBytes,
    connections,
    missedKills,
    sentBytes,
    hasResumedAll: resumedBytes === kept,
    lastRssBytes: last.peakRssBytes ?? 0,
  };
}

function sum(requests: readonly ServedRequest[]): number {
  return requests.reduce((total, request) => total + request.sentBytes, 0);
}

/** Run until the part has the given size, then kill; returns whether it did. */
async function runUntil({ words, process, path }: KillOptions, place: number): Promise<boolean> {
  const { cwd, env } = process;
  const child = new Deno.Command(words[0]!, {
    args: words.slice(1),
    stdin: "null",
    stdout: "null",
    stderr: "null",
    env: { ...env },
    ...cwd === undefined ? {} : { cwd },
  }).spawn();
  let hasEnded = false;
  const ended = child.status.finally(() => hasEnded = true);
  while (!hasEnded && await allocatedBytes(path) < place) await systemClock.sleep(10);
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It has just ended by itself.
    if (!(error instanceof TypeError)) throw error;
  }
  return (await ended).signal === "SIGKILL";
}

/** Disk blocks of the part: its length says nothing while it has gaps. */
async function allocatedBytes(path: string): Promise<number> {
  const info = await Deno.stat(partPathOf(path)).catch(() => null);
  return (info?.blocks ?? 0) * 512;
}

/** What the next run will find. */
async function keptBytes({ path, words }: KillOptions): Promise<number> {
  const journal = await readJournal(path);
  const partBytes = (await Deno.stat(partPathOf(path))).size;
  const identity = journal?.identity ?? { url: words.at(-4)! };
  return sizeOfExtents(planResume({ partBytes, journal, identity, hasHash: true }).extents);
}

/** The server detects a disconnect a little later, and only then reports what it has sent. */
async function requestsOfTheDead(server: WebServer): Promise<readonly ServedRequest[]> {
  const isAlone = async (): Promise<boolean> => {
    const text = await (await fetch(`${server.origin}/status`)).text();
    return /Active connections: 1\b/.test(text);
  };
  if (!await becomes(isAlone, 30_000)) throw new Error("The server still has connections of a process that was killed");
  return await server.takeRequests();
}
