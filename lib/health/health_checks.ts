import { ALERTS_CHECK } from "./checks/alerts.ts";
import { API_CHECK } from "./checks/api.ts";
import { CATALOG_CHECK } from "./checks/catalog.ts";
import { CLOCK_CHECK } from "./checks/clock.ts";
import { CONFIG_CHECK } from "./checks/config.ts";
import { CREATORS_CHECK } from "./checks/creators.ts";
import { DISK_CHECK } from "./checks/disk.ts";
import { FAILSAFE_CHECK } from "./checks/failsafe.ts";
import { HASH_CHECK } from "./checks/hash.ts";
import { INSTANCE_CHECK } from "./checks/instance.ts";
import { KEY_CHECK } from "./checks/key.ts";
import { LIBRARY_CHECK } from "./checks/library.ts";
import { MEMORY_CHECK } from "./checks/memory.ts";
import { PERMISSIONS_CHECK } from "./checks/permissions.ts";
import { PROGRESS_CHECK, SPEED_CHECK } from "./checks/progress.ts";
import { QUOTA_CHECK } from "./checks/quota.ts";
import { ROLLOUT_CHECK } from "./checks/rollout.ts";
import { RUNS_CHECK } from "./checks/runs.ts";
import { STATE_CHECK } from "./checks/state.ts";
import { STORAGE_CHECK } from "./checks/storage.ts";
import { TIMEOUTS_CHECK } from "./checks/timeouts.ts";
import { WRITE_CHECK } from "./checks/write.ts";
import type { HealthCheck } from "./health_check.ts";

/** All checks, in the order of the table: the library, the network, this machine, the library, the runs. */
export const HEALTH_CHECKS: readonly HealthCheck[] = [
  LIBRARY_CHECK,
  API_CHECK,
  KEY_CHECK,
  STORAGE_CHECK,
  CLOCK_CHECK,
  DISK_CHECK,
  WRITE_CHECK,
  HASH_CHECK,
  PERMISSIONS_CHECK,
  CONFIG_CHECK,
  CATALOG_CHECK,
  STATE_CHECK,
  ROLLOUT_CHECK,
  FAILSAFE_CHECK,
  INSTANCE_CHECK,
  PROGRESS_CHECK,
  SPEED_CHECK,
  MEMORY_CHECK,
  TIMEOUTS_CHECK,
  QUOTA_CHECK,
  CREATORS_CHECK,
  RUNS_CHECK,
  ALERTS_CHECK,
];
