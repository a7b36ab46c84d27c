import { type Flag, type FlagsOf, inGroup } from "../../lib/cli/mod.ts";
import { CLIENT_FLAGS, OPERATION_FLAGS, QUOTA_FLAG, RESERVE_FLAG } from "../_frame/flags.ts";

/** Names of the checks, in the order of the table. A test compares them with those of the room. */
export const CHECK_NAMES = [
  "library",
  "api",
  "key",
  "storage",
  "clock",
  "disk",
  "write",
  "hash",
  "permissions",
  "config",
  "catalog",
  "state",
  "rollout",
  "failsafe",
  "instance",
  "progress",
  "speed",
  "memory",
  "timeouts",
  "quota",
  "creators",
  "runs",
  "alerts",
] as const;

/** Flags that say what is checked, and how the API is reached. */
export const PLACE_FLAGS = [
  { name: "offline", type: "boolean", summary: "Use no network" },
  ...OPERATION_FLAGS,
  ...inGroup("Library", [QUOTA_FLAG, RESERVE_FLAG]),
  ...CLIENT_FLAGS,
] as const satisfies readonly Flag[];

/** Values of {@linkcode PLACE_FLAGS}. */
export type PlaceFlags = FlagsOf<typeof PLACE_FLAGS>;
