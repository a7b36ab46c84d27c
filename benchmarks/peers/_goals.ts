import { LIMIT } from "./_machine_limit.ts";
import { SIDE } from "./_one_file.ts";

/** What the engine may take, as a share of what another side takes. */
export interface Goal {
  /** The engine's side. */
  readonly of: string;
  /** The side that it is compared with. */
  readonly to: string;
  /** The largest share. */
  readonly limit: number;
}

/** The sides of P4. */
export const P4_SIDE = {
  ours: "ours --no-fsync",
  flushed: "ours",
  aria2: "aria2c -j16",
  checked: "aria2c -j16, verified",
  oursInMemory: "ours --no-fsync, in memory",
  checkedInMemory: "aria2c -j16, verified, in memory",
} as const;

/** The sides of P11. */
export const P11_SIDE = {
  large: "ours, large files",
  largePeer: "sha256sum, two at once, large files",
  small: "ours, small files",
  smallPeer: "sha256sum, two at once, small files",
} as const;

/**
 * The goals of the targets that are shares of another side. docs/performance.md states them too, and a test compares
 * the two.
 */
export const GOALS = {
  P1: [
    { of: SIDE.ours, to: SIDE.curl, limit: 0.6 },
    { of: SIDE.ours, to: SIDE.aria2, limit: 0.35 },
    { of: SIDE.flushed, to: SIDE.curlFlushed, limit: 0.45 },
    { of: SIDE.flushed, to: LIMIT, limit: 1.25 },
  ],
  P2: [{ of: SIDE.ours, to: SIDE.curl, limit: 0.8 }, { of: SIDE.ours, to: SIDE.aria2, limit: 0.5 }],
  P3: [{ of: SIDE.ours, to: SIDE.aria2, limit: 1.05 }],
  P4: [
    { of: P4_SIDE.ours, to: P4_SIDE.checked, limit: 1 },
    { of: P4_SIDE.ours, to: P4_SIDE.aria2, limit: 1.5 },
    { of: P4_SIDE.oursInMemory, to: P4_SIDE.checkedInMemory, limit: 2 },
  ],
  P11: [
    { of: P11_SIDE.large, to: P11_SIDE.largePeer, limit: 1.1 },
    { of: P11_SIDE.small, to: P11_SIDE.smallPeer, limit: 3 },
  ],
} as const satisfies Readonly<Record<string, readonly Goal[]>>;

/** The sides of P8 that have a limit. */
export const P8_SIDE = {
  help: "ours --help",
  task: "deno task download --help",
} as const;

/**
 * The limits that are no shares of another side, in bytes and seconds. docs/performance.md states them too, and a test
 * compares the two.
 */
export const LIMITS = {
  /** Peak memory, of a large file and of a long queue. */
  P5: 150e6,
  P8: { [P8_SIDE.help]: 0.06, [P8_SIDE.task]: 0.15 },
} as const;

/** The lines that a chart draws at goals. */
export function sharesOf(goals: readonly Goal[]): readonly { readonly of: string; readonly share: number }[] {
  return goals.map(({ to, limit }) => ({ of: to, share: limit }));
}
