import { KitError } from "../../base/mod.ts";

/** An address of a receiver or a heartbeat that cannot be used. */
export class AddressError extends KitError {
  /** What is wrong and what to write, without what the address belongs to. */
  readonly problem: string;

  /** Create it; neither text may contain a part of the address that is secret. */
  constructor(subject: string, problem: string) {
    super("usage", `Cannot use the ${subject}: ${problem}`);
    this.problem = problem;
  }
}
