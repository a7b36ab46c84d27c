import { wholeTarget } from "./target_name.ts";

/** Targets and galleries whose planning failed for a reason that may be temporary, for a second try. */
export class PlanRetries {
  #plans: [name: string, plan: () => Promise<void>][] = [];
  #isOpen = true;

  /** Remember a plan that failed. Return false, if the second tries have begun. */
  add(name: string, plan: () => Promise<void>): boolean {
    if (this.#isOpen) this.#plans.push([name, plan]);
    return this.#isOpen;
  }

  /** Remove and return what failed, without what another of the plans includes, and remember nothing from now on. */
  take(): readonly (readonly [name: string, plan: () => Promise<void>])[] {
    this.#isOpen = false;
    const names = new Set(this.#plans.map(([name]) => name));
    return this.#plans.splice(0).filter(([name]) => wholeTarget(name) === name || !names.has(wholeTarget(name)));
  }
}
