import { connectionPermits, createHostLimits, EngineMode, type FetchOptions } from "../../../lib/downloader/mod.ts";
import { beginFetch, type FetchContext } from "../../../lib/downloader/fetch/fetch_context.ts";
import { HostTimeouts } from "../../../lib/failsafe/mod.ts";
import { HashPool, LineMemory, PROFILES } from "../../../lib/transfer/mod.ts";

/** The parts of an engine that a test chooses. */
export type ChosenOptions =
  & Pick<FetchOptions, "library" | "client" | "transport" | "clock" | "onEvent">
  & Partial<FetchOptions>;

/** Options of a run whose engine is made of parts that a test chooses; without limits of time, speed or quota. */
export function fetchOptions(chosen: ChosenOptions): FetchOptions {
  const { clock, onEvent, profile = PROFILES.resilient, mode = new EngineMode({ top: profile, clock }) } = chosen;
  return {
    warm: undefined,
    profile,
    mode,
    rollout: undefined,
    maxRetries: undefined,
    patienceMs: Infinity,
    timeouts: undefined,
    hostTimeouts: new HostTimeouts([]),
    quota: undefined,
    limiter: undefined,
    permits: connectionPermits(createHostLimits({ profile, mode, onEvent, clock }), mode),
    lines: new LineMemory({ clock }),
    durable: true,
    progress: undefined,
    onWait: undefined,
    countRetries: () => 0,
    signal: new AbortController().signal,
    ...chosen,
  };
}

/** Context to fetch single items. */
export function fetchContext(chosen: ChosenOptions & Partial<Pick<FetchContext, "allowFlagged">>): FetchContext {
  const { allowFlagged = false } = chosen;
  return beginFetch(fetchOptions(chosen), { hashers: new HashPool(), allowFlagged, reserveBytes: 0 });
}
