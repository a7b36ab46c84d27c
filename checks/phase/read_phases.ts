import { readConfigText } from "../../lib/config/mod.ts";
import { type GateConfig, parseGateConfig } from "../../lib/gate/mod.ts";
import { CHECK_NAMES } from "../house_checks.ts";

/** Default path of the phases file, below the root of a project. */
export const PHASES_FILE = "config/phases.yml";

/**
 * Read the conditions by which a project is judged.
 *
 * @throws {KitError} `usage` with line and column, if it is invalid
 */
export async function readPhases(path: string = PHASES_FILE): Promise<GateConfig> {
  const text = await readConfigText(path, { hint: "Give --phases FILE, or run it in the project's folder" });
  return parseGateConfig(text, { file: path, checks: CHECK_NAMES });
}
