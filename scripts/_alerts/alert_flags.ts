import { type FlagsOf, inGroup } from "../../lib/cli/mod.ts";
import { OPERATION_FLAGS } from "../_frame/flags.ts";

/**
 * Flags that specify rules, library and logs. Here, `--config` specifies the rules file and deliberately hides the
 * program's own `--config`; the program's configuration file is then read from its default locations.
 */
export const ALERTS_FLAGS = [
  ...inGroup("Alerts", [{
    name: "config",
    type: "path",
    summary: "File of the alert rules; only a file that is named here may use ${VARIABLE}",
    default: "config/alerts.yml",
    placeholder: "FILE",
  }]),
  ...OPERATION_FLAGS,
] as const;

/** Values of {@linkcode ALERTS_FLAGS}. */
export type AlertsFlags = FlagsOf<typeof ALERTS_FLAGS>;
