import type { Clock } from "../../base/mod.ts";

const LIMIT_MS = 5000;

/** What the system says of itself, or why it says nothing: it stands still, so it may not even answer. */
export async function dumpInTime(dump: () => Promise<string | null>, clock: Clock): Promise<string | null> {
  const over = new AbortController();
  const tooLate = clock.sleep(LIMIT_MS, { signal: over.signal }).then(() => {
    return `no dump: it did not answer within ${LIMIT_MS / 1000}s`;
  });
  // Of no interest once the dump is there.
  tooLate.catch(() => {});
  try {
    return await Promise.race([Promise.resolve().then(dump), tooLate]);
  } catch (error) {
    return `no dump: ${error}`;
  } finally {
    over.abort();
  }
}
