import { KitError } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import {
  type RequestResult,
  type RolloutPlan,
  type RolloutRequest,
  type RolloutStatus,
  RolloutStore,
} from "../../lib/rollout/mod.ts";
import { findStateFolder } from "../_frame/library/find_library.ts";
import { describeStart } from "./describe_start.ts";
import { explainForLibrary } from "./explain_for_library.ts";
import { readRolloutPlan } from "./read_rollout_plan.ts";
import type { RolloutFlags } from "./rollout_flags.ts";

type Context = Pick<CommandContext<RolloutFlags>, "flags" | "sourceOf" | "display">;

/**
 * Apply a request to the rollout of a library, or show what it would do.
 *
 * @throws {KitError} `unsafe` or `inconclusive` if it was refused, `usage` if there is no library
 */
export async function changeRollout(
  context: Context,
  request: RolloutRequest,
  options: { readonly command: string },
): Promise<RolloutStatus> {
  const store = await openRollout(context, options.command);
  await assertSamePlan(context, store, request);
  if (request.type === "start") {
    const { rollout, error } = await store.preview(request);
    if (error === null && rollout.plan !== null) context.display.notice(describeStart(rollout.plan, rollout.weight));
  }
  const result = context.flags.dryRun ? await store.preview(request) : await store.request(request);
  if (result.error !== null) throw result.error;
  return { ...explainForLibrary(context, result.rollout), done: describe(result, context.flags.dryRun) };
}

/** Open the rollout of the library that the flags name. */
export async function openRollout({ flags, display }: Context, command: string): Promise<RolloutStore> {
  const folder = await findStateFolder(flags);
  return new RolloutStore(folder, { command, onWarning: (message) => display.notice(`warning: ${message}`) });
}

function describe({ done }: RequestResult, isDryRun: boolean): string | null {
  return isDryRun ? `Would be done: ${done}` : done;
}

/** Requests that go on with a rollout. The others begin one, or must work whatever the file says. */
const CONTINUING: ReadonlySet<RolloutRequest["type"]> = new Set(["promote", "set-weight", "resume", "retry"]);

/** Refuse to go on with another rollout than the one that the user's file describes. */
async function assertSamePlan(context: Context, store: RolloutStore, { type }: RolloutRequest): Promise<void> {
  if (!CONTINUING.has(type)) return;
  const active = await peekPlan(store);
  const { plan, file } = await readRolloutPlan(context);
  if (active === null || file === null || active.name === plan.name) return;
  throw new KitError("unsafe", `Cannot go on: the rollout of the library is "${active.name}", not "${plan.name}"`, {
    hint: `"${file}" describes "${plan.name}"; end "${active.name}" before you start that: civitai-dl rollout abort`,
  });
}

/** Read the plan of the rollout; `null` if there is none, or if it cannot be read, which the request itself reports. */
async function peekPlan(store: RolloutStore): Promise<RolloutPlan | null> {
  try {
    return (await store.peek()).plan;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
