import { type HostHealth, type LibraryWorld, type SimulatedLibrary, simulateLibrary } from "./simulate_library.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Files of 2 to 7 GB at 20 MB/s. */
const LARGE = Array.from({ length: 160 }, (_, number) => 100 + number * 83 % 250);
const STORAGES = ["r2.example", "b2.example"];
const RUNGS = ["turbo", "parallel", "resilient", "stable", "paused"];

type Library = Pick<LibraryWorld, "fileSeconds" | "hosts">;

/** Simulated libraries by name. */
export const LIBRARIES: Readonly<Record<string, Library>> = {
  "large files": { fileSeconds: LARGE, hosts: STORAGES },
  "large files of one host": { fileSeconds: LARGE, hosts: ["r2.example"] },
  "few files": { fileSeconds: LARGE.slice(0, 24), hosts: STORAGES },
  "images only": { fileSeconds: Array.from({ length: 9000 }, () => 1), hosts: ["image.example"] },
  "small and large files": {
    fileSeconds: Array.from({ length: 1200 }, (_, number) => number % 20 === 0 ? 200 : 2),
    hosts: STORAGES,
  },
};

/** Troubles from the fifth minute on, and their duration in minutes, by name. */
export const TROUBLES: Readonly<Record<string, { readonly minutes: number; readonly health: HostHealth }>> = {
  "a minute of 500s": { minutes: 1, health: "refusing" },
  "ten minutes of 500s": { minutes: 10, health: "refusing" },
  "ten minutes that cut what flows": { minutes: 10, health: "cutting" },
  "ten minutes without a host": { minutes: 10, health: "gone" },
};

const TROUBLE_FROM_MS = 5 * MINUTE;

/** One library with one trouble. */
export interface SimulatedTrouble {
  readonly healthy: SimulatedLibrary;
  readonly faulty: SimulatedLibrary;
  /** Whether every file was fetched and the ladder ended on its first rung. */
  readonly isComplete: boolean;
  /** Steps down without a failed or refused attempt in the minute before. */
  readonly unfoundedSteps: number;
  /** How long after the trouble the ladder returned to its first rung; `null` if it never left it. */
  readonly backMs: number | null;
  /** Duration of the trouble. */
  readonly troubleMs: number;
}

const healthyRuns = new Map<string, Promise<SimulatedLibrary>>();

/** Simulate a library without and with a trouble. */
export async function simulateTrouble(library: string, trouble: string): Promise<SimulatedTrouble> {
  const { minutes, health } = TROUBLES[trouble]!;
  const endMs = TROUBLE_FROM_MS + minutes * MINUTE;
  const healthy = await healthyRuns.getOrInsertComputed(library, () => simulate(library, () => "well"));
  const faulty = await simulate(library, (ms) => ms >= TROUBLE_FROM_MS && ms < endMs ? health : "well");
  const { switches, files, mode, topAtMs } = faulty;
  const unfounded = switches.filter((step) => isDown(step) && step.sinceDenialMs > MINUTE);
  return {
    healthy,
    faulty,
    unfoundedSteps: unfounded.length,
    troubleMs: minutes * MINUTE,
    isComplete: files === LIBRARIES[library]!.fileSeconds.length && mode === RUNGS[0],
    backMs: switches.length === 0 ? null : topAtMs - endMs,
  };
}

function simulate(name: string, healthAt: (ms: number) => HostHealth): Promise<SimulatedLibrary> {
  return simulateLibrary({ ...LIBRARIES[name]!, healthAt, untilMs: 6 * HOUR });
}

function isDown({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return RUNGS.indexOf(to) > RUNGS.indexOf(from);
}
