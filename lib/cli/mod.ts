/**
 * Commands as data: flags, parsing, help, completions, manual page, tables, progress, output, exit codes. A script
 * describes its command and ends with `if (import.meta.main) await runMain(command);` the rest happens here.
 *
 * @module
 */
export * from "./as_program.ts";
export * from "./clean_output.ts";
export * from "./closed_output.ts";
export * from "./command.ts";
export * from "./config_values.ts";
export * from "./confirm.ts";
export * from "./decide_color.ts";
export * from "./describe_error.ts";
export * from "./display.ts";
export * from "./execute.ts";
export * from "./exit_notes.ts";
export * from "./flag.ts";
export * from "./flag_values.ts";
export * from "./global_flags.ts";
export * from "./interruption.ts";
export * from "./io.ts";
export * from "./load_command.ts";
export * from "./load_program.ts";
export * from "./memory_io.ts";
export * from "./merge_flags.ts";
export * from "./outcome.ts";
export * from "./pad_text.ts";
export * from "./paint.ts";
export * from "./parse_command.ts";
export * from "./parse_flag_value.ts";
export * from "./program.ts";
export * from "./render_bar.ts";
export * from "./render_command_line.ts";
export * from "./render_completions.ts";
export * from "./render_error.ts";
export * from "./render_flag_table.ts";
export * from "./render_help.ts";
export * from "./render_man_page.ts";
export * from "./render_result.ts";
export * from "./render_table.ts";
export * from "./resolve_command.ts";
export * from "./run_main.ts";
export * from "./status_area.ts";
export * from "./system_io.ts";
export * from "./system_ticker.ts";
export * from "./terminal_width.ts";
export * from "./text_width.ts";
export * from "./truncate_text.ts";
export * from "./usage_line.ts";
export * from "./wrap_text.ts";
