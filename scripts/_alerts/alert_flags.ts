import type { Flag } from "../../lib/cli/mod.ts";
import { OPERATION_FLAGS } from "../_frame/flags.ts";

/**
 * Where the rules are. The flag hides the program's own `--config` on purpose: the program's file is then looked for at
 * its usual places.
 */
export const ALERTS_FLAGS: readonly Flag[] = [
  {
    name: "config",
    type: "path",
    summary: "The rules of the alerts; only rules that are named here may use ${VARIABLE}",
    default: "config/alerts.yml",
    placeholder: "FILE",
    group: "Alerts",
  },
  ...OPERATION_FLAGS,
];

/** How often to evaluate. */
export const EVERY_FLAGS: readonly Flag[] = [
  { name: "once", type: "boolean", summary: "Evaluate once; so it is without --every", group: "Alerts" },
  {
    name: "every",
    type: "duration",
    summary: "Go on evaluating this often until stopped",
    min: "1s",
    example: "30s",
    group: "Alerts",
  },
];
