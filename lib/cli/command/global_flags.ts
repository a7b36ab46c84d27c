import type { Flag } from "./flag.ts";

const GROUP = "Global options";

/** The flags that every command of every program has. */
export const GLOBAL_FLAGS: readonly Flag[] = [
  { name: "help", short: "h", type: "boolean", summary: "Show this help", group: GROUP },
  { name: "json", type: "boolean", summary: "Print the result as one JSON document", group: GROUP },
  { name: "quiet", short: "q", type: "boolean", summary: "Print the result and errors only", group: GROUP },
  { name: "verbose", type: "boolean", summary: "Print details and the causes of errors", group: GROUP },
  { name: "color", type: "boolean", summary: "Use colors; --no-color or NO_COLOR turns them off", group: GROUP },
];

/** The `--config` flag, for programs that load a configuration file; not part of `GLOBAL_FLAGS`. */
export const CONFIG_FLAG: Flag = {
  name: "config",
  type: "path",
  summary: "Read this configuration file",
  placeholder: "FILE",
  group: GROUP,
};
