/**
 * Nights that need a run under way: a storage that accepts and says nothing, one that does so for more than ten minutes,
 * one that becomes slow, a run that uses more memory than the alert rules allow, and rules that allow less than every run
 * needs.
 * `doctor` is asked as a process of its own, and its first line must name the cause, the second the command that comes
 * next. The nights that need no run under way are in tests/scripts/doctor_test.ts. Takes a quarter of an hour:
 * `deno run -q -P=acceptance tests/acceptance/nights/doctor.ts [silence|long-silence|slow|memory|low-limit]`
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { type RunningProgram, startProgram } from "../../helpers/start_program.ts";
import { tellProgress } from "../_flag.ts";
import { ONE_FILE_EACH } from "../_one_file_each.ts";
import { SilentPort } from "./_silent_port.ts";

const ROOT = join(import.meta.dirname!, "../../..");
const RATE = 200_000;
const SLOW_RATE = 2_000;
const USUAL_LIMIT = "value: 2048 MB";

interface Night {
  readonly name: string;
  /** Bytes of each file of the run. */
  readonly fileSizes?: readonly number[];
  /** Bytes a second that the storage gives each connection before the fault. */
  readonly rate?: number;
  /** Time at full speed before the fault, in milliseconds: enough to learn what is usual. */
  readonly beforeMs: number;
  readonly plant: (place: Planted) => Promise<void> | void;
  /** The longest time until doctor names it, in milliseconds. */
  readonly withinMs: number;
  /** Time after the fault in which doctor must go on naming it while the run is under way, in milliseconds. */
  readonly forMs?: number;
  readonly cause: RegExp;
  readonly command: RegExp;
  /** Does what the command says, and checks that it helps; absent if the trouble is not on this machine. */
  readonly mend?: (command: string, night: { folder: string; running: RunningProgram }) => Promise<void>;
  /** Environment of the run. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a trouble can be planted in. */
interface Planted {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly port: SilentPort;
}

const NIGHTS: readonly Night[] = [
  {
    name: "silence",
    beforeMs: 10_000,
    plant: ({ port }) => port.fallSilent(),
    // The check of the storage waits ten seconds for an answer.
    withinMs: 60_000,
    cause: /^Nothing arrives: no byte from 127\.0\.0\.1:\d+ since \S+ \(\d+s\), and \d+ files? waits?$/,
    command: /^→ curl -sSI --max-time 10 http:\/\/127\.0\.0\.1:\d+$/,
  },
  {
    // The files under way at the fault fail after five minutes, and none of the next ones has a response.
    name: "long-silence",
    beforeMs: 10_000,
    plant: ({ port }) => port.fallSilent(),
    withinMs: 60_000,
    forMs: 660_000,
    cause: /^Nothing arrives: no byte from 127\.0\.0\.1:\d+ since \S+ \([\dms ]+\), and \d+ files? waits?$/,
    command: /^→ curl -sSI --max-time 10 http:\/\/127\.0\.0\.1:\d+$/,
  },
  {
    name: "slow",
    // The server is slow in its next answers: files must be small enough that some begin.
    fileSizes: Array(60).fill(4_000_000),
    beforeMs: 85_000,
    plant: ({ sandbox }) => sandbox.setToxics([{ type: "bandwidth", bytesPerSecond: SLOW_RATE, on: ["storage"] }]),
    withinMs: 60_000,
    cause: /^A host is far slower than usual: 127\.0\.0\.1:\d+: 1\/\d+ of its usual speed since /,
    command: /^→ .* failsafe /,
  },
  {
    name: "memory",
    // A run writes its metrics every ten seconds.
    beforeMs: 15_000,
    rate: 1_000_000,
    // It lets its garbage lie until 256 MiB of it have gathered.
    env: { DENO_V8_FLAGS: "--min-semi-space-size=256,--max-semi-space-size=256" },
    plant: ({ folder }) => limitMemory(folder, 160),
    withinMs: 60_000,
    cause: /^A process uses much memory: \d+ MiB in process \d+; the limit is 160 MiB/,
    command: /^→ kill -INT \d+$/,
    async mend(command, { running }) {
      const [program, ...words] = command.replace("→ ", "").split(" ");
      assert((await new Deno.Command(program!, { args: words }).output()).success, command);
      assertEquals((await running.ended).code, 130);
    },
  },
  {
    name: "low-limit",
    beforeMs: 15_000,
    plant: ({ folder }) => limitMemory(folder, 64),
    withinMs: 30_000,
    cause: /^Memory: \d+ MiB in process \d+; the limit of 64 MiB is below the usual 150 MiB/,
    command: /^→ \$\{EDITOR:-nano\} config\/alerts\.yml$/,
    mend: (_command, { folder }) => limitMemory(folder, 2048),
  },
];

/** Write the shipped alert rules with another limit of memory. */
async function limitMemory(folder: string, mebibytes: number): Promise<void> {
  const rules = await Deno.readTextFile(join(ROOT, "config/alerts.yml"));
  assertStringIncludes(rules, USUAL_LIMIT);
  await Deno.mkdir(join(folder, "config"), { recursive: true });
  await Deno.writeTextFile(join(folder, "config/alerts.yml"), rules.replace(USUAL_LIMIT, `value: ${mebibytes} MB`));
}

async function play(night: Night): Promise<void> {
  const { name, fileSizes = Array(12).fill(80_000_000), beforeMs, plant, withinMs, forMs = 0, cause, command } = night;
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-doctor-" });
  await using port = new SilentPort();
  await using sandbox = await startSandbox({
    ...ONE_FILE_EACH,
    size: { creators: 1, modelsPerCreator: fileSizes.length },
    fileSizes,
    storageOrigin: port.origin,
    toxics: [{ type: "bandwidth", bytesPerSecond: night.rate ?? RATE, on: ["storage"] }],
  });
  port.leadTo(Number(new URL(sandbox.imageOrigin).port));
  const place = {
    folder,
    env: { CIVITAI_API_KEY: sandbox.token, CIVITAI_DL_BASE_URL: sandbox.apiOrigin, XDG_STATE_HOME: folder },
    origins: [sandbox.apiOrigin, port.origin],
  };
  const models = [...sandbox.catalog.models()].flatMap((model) => ["--model", String(model.id)]);
  const library = ["--library", join(folder, "library")];
  const words = ["download", ...models, "--yes", "--no-images", "--reserve", "0", "-o", join(folder, "library")];
  const running = startProgram(words, { ...place, env: { ...place.env, ...night.env } });
  let isEnded = false;
  running.ended.then(() => isEnded = true);
  try {
    await wait(beforeMs);
    assert(port.bytes > 0, "nothing was fetched before the fault");
    const ask = async (): Promise<string> =>
      (await startProgram(["doctor", ...library, "--reserve", "0", "--language", "en"], place).ended).stdout;
    if (night.mend !== undefined) assert(!cause.test(await ask()), `${name}: named before it is there`);
    await plant({ folder, sandbox, port });
    const faultAt = performance.now();
    let isNamed = false;
    for (;;) {
      await wait(isNamed ? 20_000 : 3000);
      const stdout = await ask();
      const [first = "", second = ""] = stdout.split("\n");
      const seconds = Math.round((performance.now() - faultAt) / 1000);
      tellProgress(`${name}: ${seconds} s: ${first}`);
      if (isNamed && isEnded) return tellProgress(`${name}: the run gave up within ${seconds} s`);
      if (!cause.test(first)) {
        assert(!isNamed && seconds * 1000 < withinMs, `${name}: not named after ${seconds} s:\n${stdout}`);
        continue;
      }
      assertMatch(second, command);
      if (!isNamed) tellProgress(`${name}: named after ${seconds} s`);
      isNamed = true;
      if (seconds * 1000 < forMs) continue;
      if (night.mend === undefined) return;
      await night.mend(second, { folder, running });
      assert(!cause.test(await ask()), `${name}: still named after ${second}`);
      return;
    }
  } finally {
    // The command of a night may have ended it.
    if (!isEnded) running.kill("SIGKILL");
    await running.ended;
    await Deno.remove(folder, { recursive: true });
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const only = Deno.args[0];
for (const night of NIGHTS) if (only === undefined || night.name === only) await play(night);
