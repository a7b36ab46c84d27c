import { API_HOSTS, IMAGE_HOSTS, STORAGE_HOSTS } from "../../lib/civitai/mod.ts";
import type { Permissions } from "../../lib/cli/mod.ts";
import { LOCALE_VARIABLES } from "../_frame/language.ts";
import { SCREEN_VARIABLES, VARIABLES } from "../_frame/settings/variables.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
/** Civitai and its storage hosts. The runtime itself refuses a redirect to any other host. */
const CIVITAI_HOSTS = [...new Set([...API_HOSTS, ...IMAGE_HOSTS, ...STORAGE_HOSTS])];
/** Needed for the free space of a disk and the owner of a file. */
const DISK = ["statfs", "uid"];
/** Needed for the name of the folder of temporary working trees. */
const OWN_FOLDER = ["uid", "gid", "username", "homedir"];
/** Needed for the description of the machine in a report. */
const THIS_MACHINE = ["cpus", "systemMemoryInfo", "osRelease"];
const DESKTOP_PROGRAMS = ["notify-send", "osascript", "powershell"];
/** They open a page or a folder: on Linux, macOS and Windows. */
const OPENERS = ["xdg-open", "open", "explorer"];
/** For a server that listens on all addresses of the machine. */
const ALL_ADDRESSES = ["0.0.0.0", "[::]"];

/** What the settings read, and the locale of the user, which selects the language of explanations. */
const EXPLAINING = [...VARIABLES, ...LOCALE_VARIABLES];

/**
 * The permission sets that tasks name. A command with a need of its own may state it in its file instead. The user chooses paths (`--output`), and permission sets have no variables, so a
 * task that writes may write anywhere. A task that starts `deno` again may run any program, because the path of `deno`
 * is not known here.
 */
export const PERMISSION_SETS = {
  library: { read: true, write: true, net: [...CIVITAI_HOSTS, ...LOOPBACK], env: VARIABLES, sys: DISK },
  // As library, with a server.
  serve: {
    read: true,
    write: true,
    net: [...CIVITAI_HOSTS, ...LOOPBACK, ...ALL_ADDRESSES],
    env: [...EXPLAINING, ...SCREEN_VARIABLES],
    sys: ["hostname", ...DISK],
    run: OPENERS,
  },
  search: { read: true, net: [...CIVITAI_HOSTS, ...LOOPBACK], env: VARIABLES, sys: DISK },
  local: { read: true, write: true, env: EXPLAINING, sys: DISK },
  look: { read: true, env: VARIABLES },
  // It writes nothing.
  status: { read: true, env: EXPLAINING, sys: ["hostname", ...DISK] },
  // No network and no state: they must work when everything else fails.
  analyze: { read: true, write: true, env: VARIABLES },
  // Only reads the program itself, and how its launcher is called.
  print: { read: ["./"], env: ["CIVITAI_DL_COMMAND"] },
  // It connects to the hosts of downloads, and writes a probe. A report has no name of the machine.
  doctor: {
    read: true,
    write: true,
    net: [...CIVITAI_HOSTS, ...LOOPBACK],
    env: EXPLAINING,
    sys: ["hostname", ...DISK],
  },
  // These remove the name of the machine, so they have to know it.
  issueReport: { read: true, env: EXPLAINING, sys: ["hostname"] },
  debugInfo: {
    read: true,
    write: true,
    net: [...CIVITAI_HOSTS, ...LOOPBACK],
    env: VARIABLES,
    sys: ["hostname", ...DISK],
  },
  // Receivers may be at any host, and their addresses may use any variable.
  alerts: { read: true, write: true, net: true, env: true, sys: ["hostname", ...DISK], run: DESKTOP_PROGRAMS },
  monitor: {
    read: true,
    write: true,
    net: true,
    env: true,
    sys: ["hostname", ...DISK],
    run: [...DESKTOP_PROGRAMS, ...OPENERS, "systemd-notify"],
  },
  demo: { read: true, write: true, net: ["127.0.0.1"], env: VARIABLES, sys: DISK, run: true },
  selfTest: { read: true, write: true, net: ["127.0.0.1"], env: VARIABLES, sys: DISK },
  sandbox: { read: true, net: ["127.0.0.1", "localhost"], env: VARIABLES, sys: DISK },
  benchmark: { read: true, write: true, net: ["127.0.0.1"], env: true, sys: true, run: true },
  stability: { read: true, write: true, net: ["127.0.0.1"], env: true, sys: true, run: true },
  gate: { read: true, write: true, env: true, sys: true, run: true },
  // They start git and the gate, which may be any program. Only git talks to the remote.
  branch: { read: true, write: true, env: true, sys: OWN_FOLDER, run: true },
  release: { read: true, write: true, env: true, sys: OWN_FOLDER, run: true },
  // They start git, deno and the versions that they install; git inherits the whole environment.
  install: { read: true, write: true, env: true, sys: OWN_FOLDER, run: true },
  rollback: { read: true, write: true, net: ["127.0.0.1"], env: true, sys: OWN_FOLDER, run: true },
  productionTest: {
    read: true,
    write: true,
    net: ["127.0.0.1"],
    env: true,
    sys: [...OWN_FOLDER, ...THIS_MACHINE],
    run: true,
  },
  house: {
    read: true,
    write: [
      "./coverage",
      "./dist",
      "./deno.json",
      "./deno.std.lock",
      "./docs",
      "./config",
      "./lib/app/page/bundle",
      "./scripts/_commands.ts",
      "./scripts/_checkout_commands.ts",
      "./scripts/_frame/command_index.ts",
      "./site/pages",
    ],
    env: true,
    run: true,
  },
  // They start deno, to run the profiled command.
  profiling: { read: true, write: true, env: VARIABLES, run: true },
  // It starts deno, which bundles.
  packaging: { read: true, write: true, env: VARIABLES, run: true },
  // It also starts npm, and git for the tags, which inherits the whole environment.
  npm: { read: true, write: true, env: true, run: true },
  // Starts deno for the linters from npm; writes nothing.
  checking: { read: true, env: true, run: true },
  // It runs commands of the set library in its own process, and measures its memory.
  memory: { read: true, write: true, net: [...CIVITAI_HOSTS, ...LOOPBACK], env: VARIABLES, sys: true },
  acceptance: { read: true, write: true, net: ["127.0.0.1"], env: true, sys: true, run: true },
} satisfies Readonly<Record<string, Permissions>>;
