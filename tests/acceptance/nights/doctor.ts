/**
 * Two nights that need a run under way: a storage that accepts and says nothing, and one that becomes slow. `doctor` is
 * asked as a process of its own, and its first line must name the cause, the second the command that comes next. The
 * nights that need no run under way are in tests/scripts/doctor_test.ts. Takes two minutes:
 * `deno run -q -P=acceptance tests/acceptance/nights/doctor.ts [silence|slow]`
 *
 * @module
 */
import { assert, assertMatch } from "@std/assert";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { startProgram } from "../../helpers/start_program.ts";
import { tellProgress } from "../_flag.ts";
import { SilentPort } from "./_silent_port.ts";

const RATE = 200_000;
const SLOW_RATE = 2_000;

interface Night {
  readonly name: string;
  /** Time at full speed before the fault, in milliseconds: enough to learn what is usual. */
  readonly beforeMs: number;
  readonly plant: (place: { readonly sandbox: Sandbox; readonly port: SilentPort }) => void;
  /** The longest time until doctor names it, in milliseconds. */
  readonly withinMs: number;
  readonly cause: RegExp;
  readonly command: RegExp;
}

const NIGHTS: readonly Night[] = [
  {
    name: "silence",
    beforeMs: 10_000,
    plant: ({ port }) => port.fallSilent(),
    withinMs: 45_000,
    cause: /^Nothing arrives: no byte from 127\.0\.0\.1:\d+ since \S+ \(\d+s\), and \d files wait$/,
    command: /^→ curl -sSI --max-time 10 http:\/\/127\.0\.0\.1:\d+$/,
  },
  {
    name: "slow",
    beforeMs: 85_000,
    plant: ({ sandbox }) => sandbox.setToxics([{ type: "bandwidth", bytesPerSecond: SLOW_RATE, on: ["storage"] }]),
    withinMs: 60_000,
    cause: /^A host is far slower than usual: 127\.0\.0\.1:\d+: 1\/\d+ of its usual speed since /,
    command: /^→ .* failsafe /,
  },
];

async function play({ name, beforeMs, plant, withinMs, cause, command }: Night): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "civitai-dl-doctor-" });
  await using port = new SilentPort();
  await using sandbox = await startSandbox({
    versionsPerModel: { min: 1, max: 1 },
    filesPerVersion: { min: 1, max: 1 },
    imagesPerVersion: { min: 0, max: 0 },
    galleryPerVersion: 0,
    requireLogin: 0,
    outcomes: {},
    nastyNames: 0,
    size: { creators: 1, modelsPerCreator: 6 },
    fileSizes: [80_000_000],
    storageOrigin: port.origin,
    toxics: [{ type: "bandwidth", bytesPerSecond: RATE, on: ["storage"] }],
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
  const running = startProgram(words, place);
  try {
    await wait(beforeMs);
    assert(port.bytes > 0, "nothing was fetched before the fault");
    plant({ sandbox, port });
    const faultAt = performance.now();
    for (;;) {
      await wait(3000);
      const { stdout } = await startProgram(["doctor", ...library, "--reserve", "0", "--language", "en"], place).ended;
      const [first = "", second = ""] = stdout.split("\n");
      const seconds = Math.round((performance.now() - faultAt) / 1000);
      tellProgress(`${name}: ${seconds} s: ${first}`);
      if (!cause.test(first)) {
        assert(performance.now() - faultAt < withinMs, `${name}: not named after ${seconds} s:\n${stdout}`);
        continue;
      }
      assertMatch(second, command);
      tellProgress(`${name}: named after ${seconds} s: ${first}`);
      return;
    }
  } finally {
    running.kill("SIGKILL");
    await running.ended;
    await Deno.remove(folder, { recursive: true });
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const only = Deno.args[0];
for (const night of NIGHTS) if (only === undefined || night.name === only) await play(night);
