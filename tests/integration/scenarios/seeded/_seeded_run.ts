import { join } from "node:path";
import { seededRandom } from "../../../../lib/base/mod.ts";
import type { HashPool } from "../../../../lib/transfer/mod.ts";
import { QuickClock } from "../../../helpers/quick_clock.ts";
import { CountingGate } from "./_counting_gate.ts";
import { makeSeededPlan } from "./_seeded_plan.ts";
import { SeededServer } from "./_seeded_server.ts";
import { runSeededSession, type SessionContext } from "./_seeded_session.ts";
import { becomes } from "../../../helpers/becomes.ts";

/** The result of a run. */
export interface SeededOutcome {
  readonly seed: number;
  /** `done`, `interrupted`, or the class of a failure, for each session. */
  readonly sessions: readonly string[];
  readonly requests: number;
  readonly faults: readonly string[];
  /** Peak of concurrent connections. */
  readonly peakConnections: number;
  /** Problems, as text. */
  readonly problems: readonly string[];
}

/** Options of {@linkcode runSeeded}. */
export interface SeededRunOptions {
  /** A folder that the run may use. */
  readonly folder: string;
  /** Shared by all runs; a durable session has its own. */
  readonly hashers: HashPool;
  /** Real time after which a session counts as hung. */
  readonly hangMs: number;
  /** Called with each event. */
  readonly tell?: ((text: string) => void) | undefined;
}

/** Speed of the clock of a run. */
const SPEED = 200;
/** Sessions after the last fault: earlier damage may appear once, which costs a restart. */
const CALM_SESSIONS = 3;
/** The other side notices an end a little later. */
const LEAK_MS = 10_000;

/** Fetch the file of a seed through all its faults, until it is complete or unavailable. */
export async function runSeeded(seed: number, options: SeededRunOptions): Promise<SeededOutcome> {
  const start = performance.now();
  const tell = (text: string): void =>
    options.tell?.(`${(performance.now() - start).toFixed(1).padStart(9)} ms  ${text}`);
  const plan = makeSeededPlan(seed);
  const folder = join(options.folder, String(seed));
  const problems: string[] = [];
  const sessions: string[] = [];
  const clock = new QuickClock(SPEED);
  tell(JSON.stringify(plan));
  await Deno.mkdir(folder);
  await using server = await SeededServer.start(plan, { clock, tell });
  const permits = new CountingGate();
  const context: SessionContext = {
    plan,
    server,
    clock,
    permits,
    hangMs: options.hangMs,
    hashers: options.hashers,
    path: join(folder, "style.safetensors"),
    random: seededRandom(seed ^ 0xd1ce),
    tell,
    blame(problem) {
      problems.push(problem);
      tell(`PROBLEM: ${problem}`);
    },
  };
  const isOver = (): boolean => sessions.at(-1) === "done";
  for (const session of plan.sessions) if (!isOver()) sessions.push(await runSeededSession(context, session));
  server.calm();
  for (let count = 0; count < CALM_SESSIONS && !isOver(); count++) {
    sessions.push(await runSeededSession(context, plan.calm));
  }
  // An object that changed on the server while its old hash is published is unavailable.
  const isLost = plan.hashOf !== null && plan.hashOf !== server.current;
  if (!isOver() && !(isLost && sessions.at(-1) === "integrity")) {
    context.blame(`calm, and still not there: ${sessions.at(-1)}`);
  }
  await checkLeaks(context);
  await Deno.remove(folder, { recursive: true });
  const { requests, faults } = server;
  return { seed, sessions, requests, faults: [...faults], peakConnections: permits.peak, problems };
}

/** A finished run must leave nothing open; handles of files are checked after all runs. */
async function checkLeaks({ server, permits, blame }: SessionContext): Promise<void> {
  if (permits.inside !== 0) blame(`leak: ${permits.inside} permits`);
  if (!await becomes(() => server.openConnections === 0, LEAK_MS)) {
    blame(`leak: ${server.openConnections} connections at the server`);
  }
  for (const crash of server.crashes) blame(`the server crashed: ${crash}`);
}
