import type { CallOutcome, Failsafe } from "../../lib/failsafe/mod.ts";

/** A failure of a storage that answers with errors. */
export const SERVER_FAILURE: CallOutcome = { type: "failed", failure: "server" };

/** Open the breaker of a key: ten failures within twelve seconds of a fake clock. */
export function failTenTimes(
  failsafe: Pick<Failsafe, "admit">,
  clock: { advance(ms: number): void },
  { key = "host", outcome = SERVER_FAILURE }: { readonly key?: string; readonly outcome?: CallOutcome } = {},
): void {
  for (let i = 0; i < 10; i++) {
    clock.advance(1200);
    failsafe.admit(key).finish(outcome);
  }
}
