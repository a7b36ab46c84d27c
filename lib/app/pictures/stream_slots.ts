import { RouteError } from "../http/route_error.ts";

/** Limits how many files are sent at once, so that many clients neither wear out a disk nor use up open files. */
export class StreamSlots {
  readonly #limit: number;
  #taken = 0;

  /** @param limit Number of streams at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of streams that may begin now. */
  get free(): number {
    return this.#limit - this.#taken;
  }

  /**
   * Take a slot.
   *
   * @returns Returns the slot; only the first call counts
   * @throws {RouteError} 503 with `Retry-After` if none is free
   */
  take(): () => void {
    if (this.#taken >= this.#limit) {
      const hint = "Try again in some seconds, or end another transfer";
      const headers = { "retry-after": "5" };
      const state = `Cannot send one more file: ${this.#limit} are being sent`;
      throw new RouteError("inconclusive", state, { status: 503, hint, headers });
    }
    this.#taken++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken--;
      isTaken = false;
    };
  }
}
