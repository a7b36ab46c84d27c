import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../lib/base/mod.ts";
import { RunMode } from "../../../lib/downloader/mod.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import type { CatalogItem } from "../../../lib/library/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import type { SettledFetch } from "../../../lib/downloader/settled_fetch.ts";
import { ProfileSlots } from "../../../lib/downloader/arms/profile_slots.ts";
import { runInArm } from "../../../lib/downloader/arms/run_in_arm.ts";
import { becomes } from "../../helpers/becomes.ts";

Deno.test("runInArm starts an item that waits for the slot of a careful mode when the mode rises", async () => {
  await using failsafe = Failsafe.inMemory();
  failsafe.hold("stable");
  const decision = { attempt: "1", arm: "canary", profile: "turbo", isMeasured: false } as const;
  const context = {
    rollout: {
      decide: () => Promise.resolve(decision),
      begin: () => ({ signal: new AbortController().signal, [Symbol.dispose]() {} }),
      poll() {},
      record: () => Promise.resolve(),
    },
    mode: new RunMode({ top: PROFILES.turbo, failsafe }),
    signal: new AbortController().signal,
    clock: systemClock,
    onEvent() {},
    library: { root: "missing" },
  } as unknown as SettledFetch;
  const started: string[] = [];
  const finish = Promise.withResolvers<void>();
  const slots = new ProfileSlots();
  const all = [1, 2, 3].map((id) =>
    runInArm(context, { kind: "file", path: `${id}.safetensors`, versionId: 1, fileId: id } as CatalogItem, {
      slots,
      isLastTry: false,
      async run({ profile }) {
        started.push(profile.name);
        await finish.promise;
        return null;
      },
    })
  );
  assert(await becomes(() => started.length === 1, 5000));
  failsafe.release();
  await becomes(() => started.length === 3, 5000);
  const startedAtOnce = [...started];
  finish.resolve();
  await Promise.all(all);
  assertEquals(startedAtOnce, ["stable", "turbo", "turbo"]);
});
