import { formatCount, formatSize } from "../../base/mod.ts";

/** Format a number of trials by what they are, such as `240 runs` or `22.4 GiB`; `n = 240` if that is not known. */
export function formatTrials(trials: number, counted: string): string {
  if (counted === "") return `n = ${trials}`;
  return counted === "bytes" ? formatSize(trials) : `${trials} ${counted}`;
}

/** Say that there are too few trials. */
export function explainFewTrials(trials: number, minCount: number, counted: string): string {
  const [has, least] = counted === ""
    ? [formatCount(trials, "trial"), String(minCount)]
    : [formatTrials(trials, counted), formatTrials(minCount, counted)];
  return `it has ${has}, at least ${least} are required`;
}
