import { withBusyProcessors } from "./_busy_processors.ts";
import {
  judgeByBenchmarks,
  judgeByConcurrency,
  judgeByGate,
  judgeByLoad,
  judgeByPairs,
  judgeByStability,
  type Judged,
} from "./_judged.ts";
import { judgeOneRoom } from "./_one_room.ts";
import { ProductCopy } from "./_product_copy.ts";
import { FEW_ROUNDS, SMALL_LOAD } from "./sabotages/of_profiles_and_loads.ts";
import { CALM, ROUGH } from "./sabotages/of_stability.ts";

/** The judges that check a clean copy, by name: the parts of {@linkcode runClean}. */
export const CLEAN_PARTS: readonly string[] = [
  ...["clean-gate", "clean-stability", "clean-benchmarks"],
  ...["clean-concurrency", "clean-pairs", "clean-load"],
  ...["clean-stability-busy", "clean-benchmarks-busy"],
];

const LATER = "/** Nobody needs it yet. */\nexport const LATER = true;\n";

/** A judge's verdict on a clean copy. */
export interface CleanRow {
  readonly part: string;
  readonly code: number;
  /** What failed. */
  readonly failed: readonly string[];
  /** Everything that was judged, in the terms of the judge. */
  readonly words: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** Options of {@linkcode runClean}. */
export interface CleanOptions {
  /** Which of {@linkcode CLEAN_PARTS}. */
  readonly parts: readonly string[];
  /** How often the clean product is soaked; every fifth time while all processors are busy. */
  readonly times: number;
  /** Seed of the first soak; each further one has the next. */
  readonly seed: number;
  /** Called with each row. */
  readonly onRow: (row: CleanRow) => void;
}

/** Let every judge check a commit that changes nothing. */
export async function runClean({ parts, times, seed, onRow }: CleanOptions): Promise<readonly CleanRow[]> {
  await using copy = await ProductCopy.open();
  await copy.commit([]);
  const rows: CleanRow[] = [];
  const look = async (part: string, judging: Promise<Judged>): Promise<void> => {
    const row = rowOf(part, await judging);
    rows.push(row);
    onRow(row);
  };
  const soak = (part: string, number: number): Promise<void> => {
    const words = [...number % 2 === 1 ? ROUGH : CALM, "--seed", String(number)];
    return look(part, judgeByStability(copy, words));
  };
  const busyFrom = seed + times - Math.ceil(times / 5);
  const works: Readonly<Record<string, (part: string) => Promise<void>>> = {
    async "clean-gate"(part) {
      // Touches what most others import, and changes nothing.
      await copy.commit([{ type: "add", path: "lib/failsafe/later.ts", text: LATER }]);
      await look(part, judgeByGate(copy, ["--quick"]));
      await look(part, judgeOneRoom(copy));
    },
    async "clean-stability"(part) {
      for (let number = seed; number < busyFrom; number++) await soak(part, number);
    },
    "clean-benchmarks": (part) => look(part, judgeByBenchmarks(copy, [])),
    "clean-concurrency": (part) => look(part, judgeByConcurrency(copy, ["--models", "500"])),
    "clean-pairs": (part) => look(part, judgeByPairs(copy, FEW_ROUNDS)),
    "clean-load": (part) => look(part, judgeByLoad(copy, SMALL_LOAD)),
    "clean-stability-busy": (part) =>
      withBusyProcessors(async () => {
        for (let number = busyFrom; number < seed + times; number++) await soak(part, number);
      }),
    "clean-benchmarks-busy": (part) => withBusyProcessors(() => look(part, judgeByBenchmarks(copy, []))),
  };
  for (const part of parts) await works[part]!(part);
  return rows;
}

function rowOf(part: string, { code, findings, seconds }: Judged): CleanRow {
  return {
    part,
    code,
    seconds: Math.round(seconds),
    failed: findings.filter(({ isBad }) => isBad).map(({ name }) => name),
    words: Object.fromEntries(findings.map(({ name, words }) => [name, words])),
  };
}
