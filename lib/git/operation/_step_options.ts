import type { KitError } from "../../base/mod.ts";
import { git } from "../git.ts";
import type { Repository } from "../open_repository.ts";
import type { OperationTree } from "./_operation_tree.ts";
import type { Act, Acts } from "./act.ts";
import type { ActStep, CheckStep, Step } from "./step.ts";
import { listStepCalls, type NameObject } from "./step_calls.ts";

/** What a step works with. */
export interface StepOptions {
  readonly repository: Repository;
  readonly tree: OperationTree;
  readonly runCheck: (step: CheckStep, folder: string) => Promise<KitError | null>;
  readonly acts: Acts;
  /** Results of the steps before it. */
  readonly results: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  /** The refs that an earlier process may have pushed in this step, as in `Operation`. */
  readonly sent: readonly string[];
  /** Writes down which refs may have been pushed. */
  readonly onSent: (refs: readonly string[]) => Promise<void>;
}

/** Thrown when a step has to wait for a person. */
export class Suspension extends Error {
  /** Why, as a sentence without a period. */
  readonly reason: string;
  /** The error that the command ends with. */
  readonly error: KitError;

  constructor(reason: string, error: KitError) {
    super(reason);
    this.reason = reason;
    this.error = error;
  }
}

/**
 * Name objects by their hashes.
 *
 * @throws {TypeError} If a step refers to one that has no result, which a plan must not do
 */
export function nameByResults(results: Readonly<Record<string, string>>): NameObject {
  return (object) => {
    if ("sha" in object) return object.sha;
    const sha = results[object.step];
    if (sha === undefined) throw new TypeError(`The step "${object.step}" has no result yet`);
    return sha;
  };
}

/** Run the calls of a step, and return the output of the one that is its result. */
export async function runCalls(step: Step, options: StepOptions, tree: string | null): Promise<string | null> {
  let result: string | null = null;
  for (const { args, where, isResult } of listStepCalls(step, nameByResults(options.results))) {
    const cwd = where === "tree" ? tree! : options.repository.root;
    const output = await git(args, { cwd, signal: options.signal });
    if (isResult) result = output.trim();
  }
  return result;
}

/**
 * Return the act of a step.
 *
 * @throws {TypeError} If the command brings no such act, which it must
 */
export function actOf(acts: Acts, { id }: ActStep): Act {
  const act = acts[id];
  if (act === undefined) throw new TypeError(`There is no act "${id}"`);
  return act;
}
