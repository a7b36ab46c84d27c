/**
 * Foundation of all rooms: errors with exit codes, clock, random numbers, parsing and formatting of units and limits,
 * atomic writes, locks, redaction, sealed reports. Imports only the platform.
 *
 * @module
 */
export * from "./files/append_rotated.ts";
export * from "./applies_proxy.ts";
export * from "./block_bytes.ts";
export * from "./evidence/canonical_json.ts";
export * from "./clean_text.ts";
export * from "./clock.ts";
export * from "./closest.ts";
export * from "./units/day_limits.ts";
export * from "./files/disk_usage.ts";
export * from "./units/duration.ts";
export * from "./env.ts";
export * from "./evidence/evidence.ts";
export * from "./evidence/evidence_error.ts";
export * from "./files/file_lock.ts";
export * from "./files/free_space.ts";
export * from "./hosts.ts";
export * from "./files/is_trusted_link.ts";
export * from "./kit_error.ts";
export * from "./listen.ts";
export * from "./machine_name.ts";
export * from "./evidence/open_evidence.ts";
export * from "./files/open_no_follow.ts";
export * from "./files/private_folder.ts";
export * from "./random.ts";
export * from "./units/rate_schedule.ts";
export * from "./redactor.ts";
export * from "./files/remove_if_there.ts";
export * from "./files/remove_locked_folder.ts";
export * from "./evidence/seal_evidence.ts";
export * from "./units/size.ts";
export * from "./files/sync_dir.ts";
export * from "./version.ts";
export * from "./files/write_atomic.ts";
export * from "./evidence/this_machine.ts";
export * from "./evidence/this_program.ts";
export * from "./files/existing_folder.ts";
