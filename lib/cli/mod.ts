/**
 * Commands as data: flags, parsing, help, completions, manual page, tables, progress, output, exit codes. A script
 * defines its command as an object and ends with `if (import.meta.main) await runMain(command);`.
 *
 * @module
 */
export * from "./command/as_program.ts";
export * from "./terminal/clean_output.ts";
export * from "./terminal/closed_output.ts";
export * from "./command/command.ts";
export * from "./command/config_values.ts";
export * from "./terminal/confirm.ts";
export * from "./terminal/decide_color.ts";
export * from "./errors/describe_error.ts";
export * from "./terminal/display.ts";
export * from "./command/execute.ts";
export * from "./command/exit_notes.ts";
export * from "./command/flag.ts";
export * from "./command/found_value.ts";
export * from "./command/global_flags.ts";
export * from "./command/interruption.ts";
export * from "./terminal/io.ts";
export * from "./command/load_command.ts";
export * from "./command/load_program.ts";
export * from "./terminal/memory_io.ts";
export * from "./command/merge_flags.ts";
export * from "./command/outcome.ts";
export * from "./terminal/pad_text.ts";
export * from "./terminal/paint.ts";
export * from "./command/parse_command.ts";
export * from "./command/parse_flag_value.ts";
export * from "./command/program.ts";
export * from "./terminal/render_bar.ts";
export * from "./help/render_command_line.ts";
export * from "./help/render_completions.ts";
export * from "./errors/render_error.ts";
export * from "./help/render_flag_table.ts";
export * from "./help/render_help.ts";
export * from "./help/render_man_page.ts";
export * from "./terminal/render_result.ts";
export * from "./terminal/render_table.ts";
export * from "./command/resolve_command.ts";
export * from "./command/run_main.ts";
export * from "./terminal/status_area.ts";
export * from "./terminal/system_io.ts";
export * from "./terminal/system_ticker.ts";
export * from "./terminal/terminal_width.ts";
export * from "./terminal/text_width.ts";
export * from "./terminal/truncate_text.ts";
export * from "./help/usage_line.ts";
export {
  type FlagKey,
  type FlagScalarOf,
  type FlagsOf,
  type FlagValueOf,
  inGroup,
  type NumericType,
} from "./command/typed_flags.ts";
export * from "./terminal/wrap_text.ts";
