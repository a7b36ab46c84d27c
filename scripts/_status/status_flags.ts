import { type Flag, type FlagsOf, inGroup } from "../../lib/cli/mod.ts";
import { LANGUAGE_FLAG } from "../_frame/language.ts";
import { CLIENT_FLAGS, ENGINE_FLAGS, OPERATION_FLAGS, QUOTA_FLAG } from "../_frame/flags.ts";

/** Flags of `status`: what it shows, and settings that it only names. */
export const STATUS_FLAGS = [
  { name: "watch", setting: "none", type: "boolean", summary: "Show it again every two seconds, until stopped" },
  LANGUAGE_FLAG,
  ...OPERATION_FLAGS,
  ...inGroup("Library", [QUOTA_FLAG]),
  ...ENGINE_FLAGS.filter((flag) => flag.name === "limit-rate"),
  ...CLIENT_FLAGS.filter((flag) => flag.name === "token" || flag.name === "token-file"),
] as const satisfies readonly Flag[];

/** Values of {@linkcode STATUS_FLAGS}. */
export type StatusFlags = FlagsOf<typeof STATUS_FLAGS>;
