import type { Clock } from "../../base/mod.ts";

const LIMIT_MS = 5000;

/** Request a state dump and wait up to 5 s, because a hung system may not respond. On failure, return the reason. */
export async function dumpInTime(dump: () => Promise<string | null>, clock: Clock): Promise<string | null> {
  const over = new AbortController();
  const tooLate = clock.sleep(LIMIT_MS, { signal: over.signal }).then(() => {
    return `no dump: it did not answer within ${LIMIT_MS / 1000}s`;
  });
  // The sleep is aborted as soon as the dump has arrived; its rejection is expected.
  tooLate.catch(() => {});
  try {
    return await Promise.race([Promise.resolve().then(dump), tooLate]);
  } catch (error) {
    return `no dump: ${error}`;
  } finally {
    over.abort();
  }
}
