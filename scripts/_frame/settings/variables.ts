/** Variables that the program reads, and those of terminals and temporary folders. */
const OWN_VARIABLES = [
  "CIVITAI_API_KEY",
  "CIVITAI_TOKEN",
  "CIVITAI_DL_COMMAND",
  "CIVITAI_DL_OUTPUT",
  "CIVITAI_DL_BASE_URL",
  "CIVITAI_DL_DISABLE_EXPERIMENTAL",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "HOME",
  "APPDATA",
  "LOCALAPPDATA",
  "USERPROFILE",
  "NO_COLOR",
  "FORCE_COLOR",
  "TERM",
  "COLUMNS",
  "INIT_CWD",
  "TMPDIR",
  "TEMP",
];
const PROXY_VARIABLES = [
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "https_proxy",
  "http_proxy",
  "no_proxy",
  "all_proxy",
];
/** The package that converts HTML to Markdown reads the first; the package that parses YAML reads the others. */
const PACKAGE_VARIABLES = ["LOG_PERF", "LOG_STREAM", "LOG_TOKENS"];

/** Every environment variable that the program may read. */
export const VARIABLES: readonly string[] = [...OWN_VARIABLES, ...PROXY_VARIABLES, ...PACKAGE_VARIABLES];

/** The variables of Unix that name a screen; a page asks for them before it offers to open a folder. */
export const SCREEN_VARIABLES = ["DISPLAY", "WAYLAND_DISPLAY"] as const;
