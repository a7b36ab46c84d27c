import type { VersionCheck } from "../../lib/release/mod.ts";

/** Whether an installation is to take a newer version. */
export interface UpdateAdvice {
  /** The version in use. */
  readonly current: string;
  /** The version to take; `null` to stay. */
  readonly take: string | null;
  /** The newest version that any installation takes; `null` if there is none after this one. */
  readonly newest: string | null;
  /** Why, in words. */
  readonly reason: string;
}

/** Result of `self-update --check`. */
export interface CheckedUpdate extends UpdateAdvice {
  readonly action: "check";
  /** The command that updates this program. */
  readonly command: string;
}

/** There is nothing to take. */
export interface StayedUpdate extends UpdateAdvice {
  readonly action: "stay";
  readonly take: null;
}

/** A release whose signature was verified, and nothing was changed. */
export interface PlannedUpdate {
  readonly action: "plan";
  /** The version in use before; `null` if none was. */
  readonly from: string | null;
  readonly to: string;
  /** The file that would be downloaded. */
  readonly program: string;
  readonly sizeBytes: number;
  /** Id of the key that signed the release. */
  readonly keyId: string;
  /** Whether it is installed already, so that nothing would be downloaded. */
  readonly isInstalled: boolean;
  readonly folder: string;
}

/** A finished update. */
export interface DoneUpdate {
  readonly action: "done";
  /** The version in use before; `null` if none was. */
  readonly from: string | null;
  readonly to: string;
  readonly folder: string;
  /** The command that goes back. */
  readonly undo: string;
  readonly keyId: string;
  /** Bytes that were downloaded, and those that a killed update had left. */
  readonly fetchedBytes: number;
  readonly resumedBytes: number;
  readonly checks: readonly VersionCheck[];
  readonly durationMs: number;
}

/** What the `self-update` command returns. */
export type UpdateResult = CheckedUpdate | StayedUpdate | PlannedUpdate | DoneUpdate;
