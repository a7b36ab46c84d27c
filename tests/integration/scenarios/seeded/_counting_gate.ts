import { type ConnectionPermit, type ConnectionPermits, UNLIMITED_PERMITS } from "../../../../lib/transfer/mod.ts";

/** Grants every permit, and counts those that are not returned. */
export class CountingGate implements ConnectionPermits {
  #inside = 0;
  #peak = 0;

  /** Permits that were not returned. */
  get inside(): number {
    return this.#inside;
  }

  /** Peak of concurrent permits. */
  get peak(): number {
    return this.#peak;
  }

  async acquire(...[host, options]: Parameters<ConnectionPermits["acquire"]>): Promise<ConnectionPermit> {
    return this.#count(await UNLIMITED_PERMITS.acquire(host, options));
  }

  tryAcquire(host: string): ConnectionPermit | null {
    const permit = UNLIMITED_PERMITS.tryAcquire(host);
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
