import { join } from "node:path";
import { PlanStore, type PlanStoreOptions, type Preview } from "../../../lib/app/mod.ts";
import type { Plan } from "../../../lib/app/plans/plan_shape.ts";
import { DEFAULT_CHOICE, openEngine, openLibrary } from "../../../lib/downloader/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../lib/sandbox/mod.ts";
import { PLAIN } from "../../helpers/library/download_bench.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A store of plans for a library that need not exist, and the sandbox that they are made of. */
export interface Planner {
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly plans: PlanStore;
  /** Ids of plans, in the order of the notices about them. */
  readonly notices: readonly string[];
  /** Wait until a plan is made. */
  made(plan: Plan): Promise<Plan>;
  /** Make a plan of these targets. */
  plan(...targets: readonly string[]): Promise<Plan>;
}

/** What a test changes of the store and of what plans are made with. */
export type PlannerChanges =
  & Pick<Partial<PlanStoreOptions>, "clock" | "onError">
  & Partial<Pick<Preview, "choice" | "given" | "limits">>
  & { readonly token?: string; readonly baseUrl?: string };

/** Run a story with a store of plans. */
export function withPlanner(
  options: SandboxOptions,
  story: (planner: Planner) => Promise<void>,
  changes: PlannerChanges = {},
): Promise<void> {
  return inTempDir(async (folder) => {
    const root = join(folder, "library");
    await using sandbox = await startSandbox({ ...PLAIN, ...options });
    const { clock, onError, choice = DEFAULT_CHOICE, given = [], limits = null } = changes;
    const { token = sandbox.token, baseUrl = sandbox.apiOrigin } = changes;
    const notices: string[] = [];
    const waiting = new Map<string, () => void>();
    await using plans = new PlanStore({
      clock,
      onError,
      hosts: [new URL(baseUrl).host],
      async openPreview({ kind, onEvent, signal }) {
        const library = await openLibrary(root, { command: kind, scratch: true, signal });
        const rates = { modelRate: Infinity, imageRate: Infinity };
        const engine = openEngine({ library, client: { baseUrl, token, ...rates }, onEvent, maxRetries: 0 });
        return {
          engine,
          choice,
          given,
          limits,
          isLayoutGiven: false,
          pace: { modelRate: 1, imageRate: 1 },
          reserveBytes: 1000,
          [Symbol.asyncDispose]() {
            engine[Symbol.dispose]();
            library[Symbol.dispose]();
            return Promise.resolve();
          },
        };
      },
      onChange(id) {
        notices.push(id);
        if (plans.get(id)?.state !== "running") waiting.get(id)?.();
      },
    });
    const made: Planner["made"] = async ({ id }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(id, resolve);
      if (plans.get(id)?.state === "running") await promise;
      return plans.get(id)!;
    };
    await story({
      root,
      sandbox,
      plans,
      notices,
      made,
      plan: (...targets) => made(plans.add({ targets })),
    });
  });
}
