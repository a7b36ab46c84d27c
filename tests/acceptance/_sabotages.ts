import type { Sabotage } from "./sabotages/_sabotage.ts";
import { SABOTAGES_OF_CODE } from "./sabotages/of_code.ts";
import { SABOTAGES_OF_CONCURRENCY } from "./sabotages/of_concurrency.ts";
import { SABOTAGES_OF_LARGE_FILES } from "./sabotages/of_large_files.ts";
import { SABOTAGES_OF_PROFILES_AND_LOADS } from "./sabotages/of_profiles_and_loads.ts";
import { SABOTAGES_OF_SPEED } from "./sabotages/of_speed.ts";
import { SABOTAGES_OF_STABILITY } from "./sabotages/of_stability.ts";
import { SABOTAGES_OF_TESTS } from "./sabotages/of_tests.ts";

/** All sabotages; those that are judged in seconds come first. */
export const SABOTAGES: readonly Sabotage[] = [
  ...SABOTAGES_OF_TESTS,
  ...SABOTAGES_OF_CODE,
  ...SABOTAGES_OF_LARGE_FILES,
  ...SABOTAGES_OF_CONCURRENCY,
  ...SABOTAGES_OF_PROFILES_AND_LOADS,
  ...SABOTAGES_OF_SPEED,
  ...SABOTAGES_OF_STABILITY,
];
