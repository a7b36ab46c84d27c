/**
 * The engine compared with its peers, and the memory that it needs: one file for each target. Available in a checkout only, through
 * `deno task benchmark --peers`.
 *
 * @module
 */
import { p1 } from "./p1_plain_file.ts";
import { p2 } from "./p2_tls_file.ts";
import { p3 } from "./p3_limited_file.ts";
import { p4 } from "./p4_small_files.ts";
import { p5 } from "./p5_memory.ts";
import { p8 } from "./p8_help.ts";
import type { PeerTarget } from "./target.ts";

/** All targets, in order. */
export const PEER_TARGETS: readonly PeerTarget[] = [p1, p2, p3, p4, p5, p8];

export * from "./measure_targets.ts";
export { chartOf, ratioCriterion } from "./_criteria.ts";
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
