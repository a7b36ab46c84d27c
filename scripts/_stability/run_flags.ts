import type { Flag } from "../../lib/cli/mod.ts";

/** The flag for the report of a run; its summary names the report that is written without it. */
export const OUTPUT_FLAG = { name: "output", short: "o", type: "path", placeholder: "FILE" } as const satisfies Omit<
  Flag,
  "summary"
>;

/** The flag for the report of a run that goes on. */
export const RESUME_FLAG = {
  name: "resume",
  setting: "none",
  type: "path",
  summary: "Continue the run of this report",
  placeholder: "FILE",
} as const satisfies Flag;
