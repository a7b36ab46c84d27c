import { type ConnectionGate, type ConnectionPermit, OPEN_GATE } from "../../../../lib/transfer/mod.ts";

/** Lets everybody through, and knows who has not come back. */
export class CountingGate implements ConnectionGate {
  #inside = 0;
  #peak = 0;

  /** Permits that were not given back. */
  get inside(): number {
    return this.#inside;
  }

  /** Permits at once, at most. */
  get peak(): number {
    return this.#peak;
  }

  async enter(...[host, options]: Parameters<ConnectionGate["enter"]>): Promise<ConnectionPermit> {
    return this.#count(await OPEN_GATE.enter(host, options));
  }

  tryEnter(host: string): ConnectionPermit | null {
    const permit = OPEN_GATE.tryEnter(host);
    return permit === null ? null : this.#count(permit);
  }

  #count(permit: ConnectionPermit): ConnectionPermit {
    this.#peak = Math.max(this.#peak, ++this.#inside);
    let isInside = true;
    return {
      ...permit,
      [Symbol.dispose]: () => {
        if (isInside) this.#inside--;
        isInside = false;
      },
    };
  }
}
