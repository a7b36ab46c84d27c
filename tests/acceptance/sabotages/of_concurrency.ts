import { judgeByConcurrency } from "../_judged.ts";
import { replace, type Sabotage } from "./_sabotage.ts";

const PATH = "lib/downloader/fetch/fetch_item.ts";

/** Defects that only show if several files are fetched at once. */
export const SABOTAGES_OF_CONCURRENCY: readonly Sabotage[] = [
  {
    // One file in five hundred fails for good if another one is under way.
    name: "lost-race",
    edits: [
      replace(PATH, "const MAX_KNOWN_FOLDERS = 5000;", "const MAX_KNOWN_FOLDERS = 5000;\nlet busy = 0;"),
      replace(
        PATH,
        "  using _claim = await reserveItem(context, item, path);\n",
        "  using _claim = await reserveItem(context, item, path);\n" +
          "  using _leave = { [Symbol.dispose]: () => void busy-- };\n" +
          "  if (busy++ > 0 && (item.fileId ?? 1) * 2654435761 % 2 ** 32 % 500 === 0) {\n" +
          '    throw new FailureError("rejected", "Cannot fetch: sabotaged", { retryable: false });\n  }\n',
      ),
    ],
    judge: (copy) => judgeByConcurrency(copy, ["--models", "2500"]),
    meant: "concurrency_error_rate",
    says: /sabotaged/,
  },
];
