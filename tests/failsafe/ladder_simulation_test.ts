import { assertEquals, assertLessOrEqual } from "@std/assert";
import { type HostHealth, type LibraryWorld, type SimulatedLibrary, simulateLibrary } from "./_simulate_library.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Files of 2 to 7 GB at 20 MB/s. */
const LARGE = Array.from({ length: 160 }, (_, number) => 100 + number * 83 % 250);
const STORAGES = ["r2.example", "b2.example"];

type Library = Pick<LibraryWorld, "fileSeconds" | "hosts" | "processes">;

const LIBRARIES: Readonly<Record<string, Library>> = {
  "large files": { fileSeconds: LARGE, hosts: STORAGES, processes: 1 },
  "large files of one host": { fileSeconds: LARGE, hosts: ["r2.example"], processes: 1 },
  "few files": { fileSeconds: LARGE.slice(0, 24), hosts: STORAGES, processes: 1 },
  "images only": { fileSeconds: Array.from({ length: 9000 }, () => 1), hosts: ["image.example"], processes: 1 },
  "small and large files": {
    fileSeconds: Array.from({ length: 1200 }, (_, number) => number % 20 === 0 ? 200 : 2),
    hosts: STORAGES,
    processes: 1,
  },
  "two processes": { fileSeconds: LARGE.slice(0, 100), hosts: STORAGES, processes: 2 },
};

/** Trouble between two moments, in minutes. */
const TROUBLES: Readonly<Record<string, (ms: number) => HostHealth>> = {
  "a minute of 500s": during([5, 6], "refusing"),
  "ten minutes of 500s": during([5, 15], "refusing"),
  "ten minutes that cut what flows": during([5, 15], "cutting"),
  "ten minutes without a host": during([5, 15], "gone"),
};

function during([from, to]: readonly [number, number], health: HostHealth): (ms: number) => HostHealth {
  return (ms) => ms >= from * MINUTE && ms < to * MINUTE ? health : "well";
}

async function simulate(library: Library, healthAt: (ms: number) => HostHealth): Promise<SimulatedLibrary> {
  const world = { ...library, healthAt, untilMs: 6 * HOUR };
  if (library.processes === 1) return await simulateLibrary(world);
  const folder = await Deno.makeTempDir();
  try {
    return await simulateLibrary({ ...world, folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [name, library] of Object.entries(LIBRARIES)) {
  for (const [trouble, healthAt] of Object.entries(TROUBLES)) {
    Deno.test(`the ladder bears ${trouble} amid ${name}`, async () => {
      const healthy = await simulate(library, () => "well");
      const { switches, requests, files, mode, topAtMs, pausedBesideTraffic } = await simulate(library, healthAt);
      const story = JSON.stringify(switches);
      assertEquals(healthy.switches, []);
      assertEquals([files, mode], [library.fileSeconds.length, "turbo"], story);
      assertLessOrEqual(switches.length, 8, story);
      const healthyAt = trouble.startsWith("ten") ? 15 * MINUTE : 6 * MINUTE;
      assertLessOrEqual(topAtMs, healthyAt + 5 * MINUTE, story);
      for (const { to, sinceDenialMs } of switches.filter(isDown)) assertLessOrEqual(sinceDenialMs, MINUTE, to);
      assertEquals(pausedBesideTraffic, 0);
      // Where a library makes a call every other minute, those that fail are many times as many.
      const most = Math.max(1.3 * healthy.requests, healthy.requests + 8 * (healthyAt / MINUTE - 5));
      assertLessOrEqual(requests, most, `${requests} of ${healthy.requests}: ${story}`);
    });
  }
}

function isDown({ from, to }: { readonly from: string; readonly to: string }): boolean {
  const rungs = ["turbo", "parallel", "resilient", "stable", "paused"];
  return rungs.indexOf(to) > rungs.indexOf(from);
}
