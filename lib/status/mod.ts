/**
 * The state of the downloads as one document, what is wrong in it, and how that is said in both languages. It loads in a
 * browser too, so it imports nothing at runtime.
 *
 * @module
 */
export { Format } from "./format.ts";
export { ahead, type Finding, findingsOf, isAllWell, type StatusTone } from "./headline.ts";
export { HOST_TONES, hostLimit, type HostRow, hostRows, hostState } from "./hosts.ts";
export { MODES } from "./modes.ts";
export { spellCommands } from "./spell_commands.ts";
export { sayEvent } from "./say_event.ts";
export { hasOwnLine, runWords, sayFinding, sayingsOf, shareOf, type StatusView } from "./say_finding.ts";
export { english as statusEnglish, type StatusWords } from "./english.ts";
export { japanese as statusJapanese } from "./japanese.ts";
export { wordsOf } from "./words_of.ts";
export {
  LAST_RUN_FIELDS,
  type ReserveReached,
  type StatusAlert,
  type StatusBreaker,
  type StatusChecks,
  type StatusCurrentRun,
  type StatusDamage,
  type StatusDisk,
  type StatusDocument,
  type StatusDownload,
  type StatusEngineMode,
  type StatusEvent,
  type StatusFailingCheck,
  type StatusFailure,
  type StatusFailureGroup,
  type StatusGone,
  type StatusLastRun,
  type StatusLibrary,
  type StatusModeName,
  type StatusRun,
  type StatusSource,
  type StatusThroughput,
  type StatusWaiting,
} from "./status_document.ts";
