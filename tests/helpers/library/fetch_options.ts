import {
  connectionPermits,
  createHostLimits,
  type FetchOptions,
  HostAdmission,
  type RunFailsafe,
  RunMode,
} from "../../../lib/downloader/mod.ts";
import { beginFetch, type SettledFetch } from "../../../lib/downloader/settled_fetch.ts";
import { type LineOptions, openLine, PROFILES } from "../../../lib/transfer/mod.ts";

/** The parts of an engine and of its line that a test chooses. */
export type ChosenOptions =
  & Pick<FetchOptions, "library" | "client" | "clock" | "onEvent">
  & LineOptions
  & Partial<FetchOptions>
  & { readonly failsafe?: RunFailsafe };

/**
 * Options of a run whose engine is made of parts that a test chooses; without limits of time, speed or quota. Dispose
 * them if large files are fetched, unless the test has its own pool of hashers.
 */
export function fetchOptions(chosen: ChosenOptions): FetchOptions & Disposable {
  const { clock, onEvent, profile = PROFILES.resilient, failsafe } = chosen;
  const { mode = new RunMode({ top: profile, failsafe }) } = chosen;
  const limits = createHostLimits({ profile, mode, onEvent, clock });
  const permits = connectionPermits(limits, new HostAdmission({ failsafe, clock }));
  const line = openLine({ permits, ...chosen });
  return {
    line,
    warm: undefined,
    profile,
    mode,
    rollout: undefined,
    quota: undefined,
    progress: undefined,
    countRetries: () => 0,
    signal: new AbortController().signal,
    ...chosen,
    [Symbol.dispose]: () => line[Symbol.dispose](),
  };
}

/** Context to fetch single items. */
export function fetchContext(chosen: ChosenOptions & Partial<Pick<SettledFetch, "allowFlagged">>): SettledFetch {
  const { allowFlagged = false } = chosen;
  return beginFetch(fetchOptions(chosen), { allowFlagged, reserveBytes: 0 });
}
