import type { TargetIdentity } from "./target_name.ts";

/** A target or gallery, and what plans it. */
export interface RetriedPlan {
  /** The target. */
  readonly target: TargetIdentity;
  /** Plans it again. */
  readonly plan: () => Promise<void>;
}

/** Targets and galleries whose planning failed for a reason that may be temporary, for a second try. */
export class PlanRetries {
  #plans: RetriedPlan[] = [];
  #isOpen = true;

  /** Remember a plan that failed. Return false, if the second tries have begun. */
  add(target: TargetIdentity, plan: () => Promise<void>): boolean {
    if (this.#isOpen) this.#plans.push({ target, plan });
    return this.#isOpen;
  }

  /** Remove and return what failed, without what another of the plans includes, and remember nothing from now on. */
  take(): readonly RetriedPlan[] {
    this.#isOpen = false;
    const names = new Set(this.#plans.map(({ target }) => target.name));
    return this.#plans.splice(0).filter(({ target: { partOf } }) => partOf === undefined || !names.has(partOf));
  }
}
