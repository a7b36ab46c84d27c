import { cpuUsage } from "node:process";
import { runCase } from "./_fuzz_content_case.ts";

/** A request of the watchdog: a number of cases of one kind, from a seed on. */
export interface CaseOrder {
  readonly kind: string;
  readonly root: string;
  readonly from: number;
  readonly end: number;
}

/** A message to the watchdog: a case starts, a case failed, or all are done. */
export type CaseNews =
  | { readonly type: "begin"; readonly seed: number }
  | { readonly type: "problem"; readonly seed: number; readonly problem: string }
  | { readonly type: "end"; readonly slowestMs: number; readonly slowest: number };

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<CaseOrder>) => void) | null;
  postMessage(news: CaseNews): void;
};

worker.onmessage = async ({ data: { kind, root, from, end } }) => {
  let slowestMs = 0;
  let slowest = from;
  for (let seed = from; seed < end; seed++) {
    worker.postMessage({ type: "begin", seed });
    const before = cpuUsage();
    const problem = await runCase(kind, seed, root);
    const { user, system } = cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > slowestMs) {
      slowestMs = ms;
      slowest = seed;
    }
    if (problem !== null) worker.postMessage({ type: "problem", seed, problem });
  }
  worker.postMessage({ type: "end", slowestMs, slowest });
};
