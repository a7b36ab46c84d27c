/**
 * Foundation of all rooms: errors with exit codes, clock, random numbers, parsing and formatting of units and limits,
 * atomic writes, locks, redaction, reports. Imports only the platform.
 *
 * @module
 */
export { messageOf } from "./message_of.ts";
export { mayUseProxy } from "./may_use_proxy.ts";
export { BLOCK_BYTES } from "./block_bytes.ts";
export { canonicalJson } from "./evidence/canonical_json.ts";
export { cleanLines, cleanText, escapeJsonControls, removeInvisible, truncateText } from "./clean_text.ts";
export { type Clock, systemClock } from "./clock.ts";
export { closest } from "./closest.ts";
export { compareText } from "./compare_text.ts";
export { editDistance } from "./edit_distance.ts";
export { asIs, type Bilingual, inBoth, type Language, LANGUAGES } from "./bilingual.ts";
export { formatCount, isCount } from "./units/count.ts";
export { type DayLimits, parseDayLimits } from "./units/day_limits.ts";
export { type DiskUsage, diskUsage, mountPoint } from "./files/disk_usage.ts";
export { existsSync } from "./files/exists_sync.ts";
export { formatDuration, parseDuration, sayDuration } from "./units/duration.ts";
export { endProcess } from "./end_process.ts";
export { type Env, rememberEnv, systemEnv } from "./env.ts";
export type { Evidence, EvidenceCommit, EvidenceHeader, EvidenceMachine, EvidenceTool } from "./evidence/evidence.ts";
export { EvidenceError, type EvidenceProblem } from "./evidence/evidence_error.ts";
export {
  acquireLock,
  type AcquireLockOptions,
  type FileLock,
  findLockHolder,
  inspectLock,
  type LockHolder,
  type LockState,
} from "./files/file_lock.ts";
export { freeSpace, freeSpaceSync } from "./files/free_space.ts";
export { HastyClock } from "./hasty_clock.ts";
export { type AddressKind, classifyAddress, isLoopback } from "./hosts.ts";
export { type HostTimeout, parseHostTimeout } from "./units/host_timeout.ts";
export { isTrustedLink } from "./files/is_trusted_link.ts";
export {
  DISK_CODE,
  type ErrorCode,
  type Exit,
  EXIT_CODES,
  EXITS,
  type ExitVerdict,
  INTERRUPT_CODES,
  judgeExit,
  STOP_CODES,
  SUCCESS_CODES,
} from "./exit_codes.ts";
export { KitError, type KitErrorOptions } from "./kit_error.ts";
export { isReachable } from "./files/is_reachable.ts";
export { isRecord } from "./is_record.ts";
export { isDenoError } from "./is_deno_error.ts";
export { listen } from "./listen.ts";
export { machineName } from "./machine_name.ts";
export { type OperatingSystem, operatingSystem } from "./operating_system.ts";
export { openEvidence, type OpenEvidenceOptions } from "./evidence/open_evidence.ts";
export {
  assertPlainFile,
  openNoFollow,
  openNoFollowSync,
  readTextNoFollow,
  readTextNoFollowSync,
} from "./files/open_no_follow.ts";
export {
  assertTrustedFolder,
  ensurePrivateFolder,
  PRIVATE_FILE_MODE,
  restrictPermissions,
} from "./files/private_folder.ts";
export { quoteWord, shell } from "./quote_word.ts";
export { type Random, seededRandom } from "./random.ts";
export { parseRateSchedule, type RateSchedule, type RateSpan } from "./units/rate_schedule.ts";
export { createRedactor, type Redactor, type RedactorOptions } from "./redaction/redactor.ts";
export { renameAtOnce, renameFile, renameFileSync } from "./files/rename_file.ts";
export { NewerStateError, refuseNewer } from "./files/refuse_newer.ts";
export { removeIfExists } from "./files/remove_if_exists.ts";
export { removeLockedFolder } from "./files/remove_locked_folder.ts";
export { setAside, setAsideSync } from "./files/set_aside.ts";
export { listIfExists, readTextIfExists } from "./files/read_if_exists.ts";
export { isSystemPathError } from "./files/is_system_path_error.ts";
export { readReason } from "./files/read_reason.ts";
export { formatShare } from "./units/share.ts";
export { formatSize, parseSize } from "./units/size.ts";
export { TextError } from "./units/text_error.ts";
export {
  asFields,
  formatState,
  parseState,
  type StateFields,
  StateFile,
  type StateFormat,
} from "./files/state_file.ts";
export { lstatSyncOrNull, statOrNull, statSyncOrNull } from "./files/stat_or_null.ts";
export { syncDir } from "./files/sync_dir.ts";
export { isDiskFault, type SystemFault, systemFault } from "./files/system_fault.ts";
export { type Flushable, syncFile } from "./files/sync_file.ts";
export { VERSION } from "./version.ts";
export { within } from "./within.ts";
export { temporaryPathOf, writeAtomic, writeAtomicSync } from "./files/write_atomic.ts";
export { type UnwrittenFile, writeFiles } from "./files/write_files.ts";
export { thisMachine } from "./evidence/this_machine.ts";
export { thisProgram } from "./evidence/this_program.ts";
export { existingFolder } from "./files/existing_folder.ts";
