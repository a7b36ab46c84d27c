/**
 * The engine compared with its peers, and the memory that it needs: one file for each target. Available in a checkout only, through
 * `deno task benchmark --peers`.
 *
 * @module
 */
import { help } from "./help.ts";
import { limitedFile } from "./limited_file.ts";
import { memory } from "./memory.ts";
import { plainFile } from "./plain_file.ts";
import { readLibrary } from "./read_library.ts";
import { smallFiles } from "./small_files.ts";
import { tlsFile } from "./tls_file.ts";
import type { PeerTarget } from "./target.ts";

/** All targets, in order. */
export const PEER_TARGETS: readonly PeerTarget[] = [
  plainFile,
  tlsFile,
  limitedFile,
  smallFiles,
  memory,
  help,
  readLibrary,
];

export * from "./measure_targets.ts";
export { PEERS_SCHEMA, peersPage, type PeersReport, verdictOfPeers } from "./peers_report.ts";
export { startOwnedSandbox } from "./_owned_sandbox.ts";
export { ownFolder } from "./_own_folder.ts";
export { planLibrary, serveLibrary } from "./_planned_library.ts";
export { programEnv, programWords } from "./_program_words.ts";
export { randomFile, servedFolder } from "./_random_file.ts";
export { runProgram } from "./_run_program.ts";
export { checkDone, QUIET_WORDS, removeLibrary, userWords } from "./_sandbox_library.ts";
export { findTools, type Tools } from "./_tools.ts";
export { takeTurns } from "./_turns.ts";
export { startWebServer, type WebServer } from "./_web_server.ts";
export * from "./target.ts";
