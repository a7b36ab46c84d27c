/**
 * The ground floor: errors with codes, clock, random, units and limits as people write them, atomic writes, locks, redaction, sealed reports.
 * Imports the platform only.
 *
 * @module
 */
export * from "./append_rotated.ts";
export * from "./applies_proxy.ts";
export * from "./block_bytes.ts";
export * from "./canonical_json.ts";
export * from "./clean_text.ts";
export * from "./clock.ts";
export * from "./closest.ts";
export * from "./day_limits.ts";
export * from "./disk_usage.ts";
export * from "./duration.ts";
export * from "./env.ts";
export * from "./evidence.ts";
export * from "./evidence_error.ts";
export * from "./file_lock.ts";
export * from "./free_space.ts";
export * from "./hosts.ts";
export * from "./is_trusted_link.ts";
export * from "./kit_error.ts";
export * from "./listen.ts";
export * from "./machine_name.ts";
export * from "./open_evidence.ts";
export * from "./open_no_follow.ts";
export * from "./private_folder.ts";
export * from "./random.ts";
export * from "./rate_schedule.ts";
export * from "./redactor.ts";
export * from "./remove_if_there.ts";
export * from "./remove_locked_folder.ts";
export * from "./seal_evidence.ts";
export * from "./size.ts";
export * from "./sync_dir.ts";
export * from "./version.ts";
export * from "./write_atomic.ts";
