/**
 * Commands as data: flags, parsing, help, completions, manual page, tables, progress, output, exit codes. A script
 * defines its command as an object, and `runMain` runs the program of one or several.
 *
 * @module
 */
export { ClosedOutputError } from "./terminal/closed_output_error.ts";
export {
  type Command,
  type CommandContext,
  defineCommand,
  type Example,
  type LazyCommand,
  type LoadedProgram,
  type Permissions,
  type Program,
  type RenderOptions,
} from "./command/command.ts";
export type { ConfigValues } from "./command/config_values.ts";
export { confirm } from "./terminal/confirm.ts";
export { decideColor } from "./terminal/decide_color.ts";
export { describeError } from "./errors/describe_error.ts";
export { Display, type DisplayOptions } from "./terminal/display.ts";
export type { ErrorDescription } from "./errors/error_description.ts";
export { execute, type ExecuteOptions } from "./run/execute.ts";
export type { Exits } from "./command/exit_notes.ts";
export type { Flag, FlagScalar, FlagSource, FlagType, FlagValue } from "./command/flag.ts";
export { CONFIG_FLAG, GLOBAL_FLAGS } from "./command/global_flags.ts";
export { Interruption } from "./run/interruption.ts";
export type { Io } from "./terminal/io.ts";
export { loadCommand } from "./command/load_command.ts";
export { loadProgram } from "./command/load_program.ts";
export { MemoryIo } from "./terminal/memory_io.ts";
export { mergeFlags } from "./command/merge_flags.ts";
export { type Invocation, nameCommands } from "./name_commands.ts";
export { type ExitReason, Outcome, withExit } from "./run/outcome.ts";
export { padText } from "./terminal/pad_text.ts";
export { createPaint, type Paint } from "./terminal/paint.ts";
export { parseCommand, type ParseCommandOptions, type ParsedCommand } from "./command/parse_command.ts";
export { renderBar } from "./terminal/render_bar.ts";
export { renderCommandLine } from "./help/render_command_line.ts";
export { renderCompletions, type Shell, SHELLS } from "./help/render_completions.ts";
export { renderError } from "./errors/render_error.ts";
export { renderFlagTable } from "./help/render_flag_table.ts";
export { renderManPage } from "./help/render_man_page.ts";
export { renderResult, type RenderResultOptions } from "./run/render_result.ts";
export { type Column, renderFields, renderTable } from "./terminal/render_table.ts";
export { type Request, resolveCommand } from "./command/resolve_command.ts";
export { runMain, type RunMainOptions } from "./run/run_main.ts";
export { StatusArea, type StatusAreaOptions } from "./terminal/status_area.ts";
export { systemIo } from "./terminal/system_io.ts";
export { shortenPath } from "./terminal/shorten_path.ts";
export { textWidth } from "./terminal/text_width.ts";
export { truncateToWidth } from "./terminal/truncate_to_width.ts";
export { asShared, type FlagsOf, inGroup } from "./command/typed_flags.ts";
export { wrapText } from "./terminal/wrap_text.ts";
