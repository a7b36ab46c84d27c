import { join } from "node:path";
import { seededRandom, systemClock } from "../../lib/base/mod.ts";
import { Failsafe, type FailsafeOptions } from "../../lib/failsafe/mod.ts";

/** Everything is a hundred times as fast as in production: many transitions in a minute. */
const QUICK: FailsafeOptions = {
  breakers: { waitMs: 150, maxWaitMs: 600, probeTimeoutMs: 800 },
  modes: {
    downDwellMs: 500,
    upDwellMs: 800,
    maxUpDwellMs: 3000,
    relapseMs: 1000,
    calmMs: 3000,
    goneMs: 1500,
    pauseMs: 700,
    upCalls: 5,
    downCalls: 10,
  },
  groupOf: (key) => key,
};

/** Each host is up for a while and down for a while. */
function isWell(host: number): boolean {
  return Math.floor(Date.now() / (900 + 300 * host)) % 2 === 0;
}

if (import.meta.main) {
  const folder = Deno.args[0]!;
  const random = seededRandom(Deno.pid);
  await using failsafe = await Failsafe.open(join(folder, "state"), {
    ...QUICK,
    onWarning: (message) => Deno.writeTextFileSync(join(folder, "warnings.txt"), `${message}\n`, { append: true }),
  });
  while (true) {
    const host = Math.floor(random() * 3);
    using admission = failsafe.admit(`host-${host}`);
    await systemClock.sleep(1 + random() * 10);
    if (admission.type === "refused") continue;
    if (random() < 0.02) continue;
    admission.finish(isWell(host) ? { type: "ok", durationMs: 5 } : { type: "failed", failure: "server" });
    void failsafe.mode;
  }
}
