import { extname } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { prepareOutputs } from "../_frame/report/prepare_outputs.ts";
import { GATE_ENDINGS } from "./gate_page.ts";

/**
 * Check that reports can be written, before hours are spent on measuring.
 *
 * @param paths The files
 * @throws {KitError} `usage` if there is no output format for an extension, or a file cannot be written
 */
export async function prepareGateOutputs(paths: readonly string[]): Promise<void> {
  const bad = paths.find((path) => !Object.hasOwn(GATE_ENDINGS, extname(path)));
  if (bad !== undefined) {
    throw new KitError(
      "usage",
      `Cannot write "${bad}": its extension is not one of ${Object.keys(GATE_ENDINGS).join(", ")}`,
    );
  }
  await prepareOutputs(paths);
}
