import type { Flag } from "../../lib/cli/mod.ts";
import { REPORT_ENDINGS } from "../../lib/report/mod.ts";

/** The flag that writes reports. */
export const OUTPUT_FLAG = {
  name: "output",
  short: "o",
  type: "path",
  summary: `Write a report; ends with ${REPORT_ENDINGS.join(", ")}`,
  placeholder: "FILE",
  multiple: true,
} as const satisfies Flag;
