import { formatCount } from "../../lib/base/mod.ts";
import type { ExitReason } from "../../lib/cli/mod.ts";
import { BROKEN_VERDICTS, isCatalogLost, type VerifyResult } from "../../lib/downloader/mod.ts";

/** Say in two lines what is wrong with the files, and what to do; `undefined` if only a rebuild or a look helps. */
export function explainVerify(result: VerifyResult): ExitReason | undefined {
  const { verified: { counts, files, problems } } = result;
  if (isCatalogLost(result)) {
    return { message: "The catalog has none of the files", hint: "Rebuild it with: civitai-dl verify --rebuild" };
  }
  const wrong = BROKEN_VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) =>
    `${counts[verdict]} ${verdict}`
  );
  if (wrong.length === 0) return undefined;
  const first = problems.find(({ verdict }) => (BROKEN_VERDICTS as readonly string[]).includes(verdict));
  const example = first === undefined ? "" : `: ${first.path}: ${first.reason}`;
  return {
    message: `${wrong.join(", ")} of ${formatCount(files, "file")}${example}`,
    hint: "Repair them with: civitai-dl repair",
  };
}
