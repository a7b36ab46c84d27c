import { type EvidenceHeader, writeAtomic } from "../../base/mod.ts";
import { openReport, type OpenReportOptions } from "./open_report.ts";
import type { SoakReport } from "./soak_report.ts";

/** The header of a report, without the fields that the report itself provides. */
export type SoakFacts = Pick<EvidenceHeader, "schema" | "version" | "tool" | "commit" | "machine" | "startedAt"> & {
  /** The settings of the work; a run can be resumed only with equal settings. */
  readonly settings: Readonly<Record<string, unknown>>;
};

/** A whole report, with its header. */
export type SoakEvidence = SoakFacts & SoakReport & { readonly endedAt: string };

/** The report of a run, locked by this process until disposed. */
export interface SoakFiles extends Disposable {
  /** The path of the report. */
  readonly path: string;
  /** The report of the resumed run; `null` for a new run. */
  readonly resumed: SoakEvidence | null;
  /** Complete a report as {@linkcode SoakFiles.write} does, without writing it. */
  complete(report: SoakReport): SoakEvidence;
  /** Replace the report, which is readable at any time; returns it with its header. */
  write(report: SoakReport): Promise<SoakEvidence>;
}

/**
 * Open the report of a run and lock its folder; only one run may use a folder at a time.
 *
 * @param path The path of the report in an existing folder
 * @param facts The header of the report; a resumed run keeps its original settings and start time
 * @param options How to resume a run, such as by {@linkcode resumeSoak}
 * @returns The open report; dispose it to release the lock
 * @throws {KitError} `unsafe` if another run uses the folder or has left its report there; `usage` if there is no report
 * to resume from
 */
export async function openSoakFiles(
  path: string,
  facts: SoakFacts,
  { resume }: Pick<OpenReportOptions<SoakEvidence>, "resume"> = {},
): Promise<SoakFiles> {
  const opened = await openReport(path, { command: "stability", resume });
  const { resumed } = opened;
  const kept = resumed === null ? {} : { startedAt: resumed.startedAt, settings: resumed.settings };
  const complete = (report: SoakReport): SoakEvidence => {
    const endedAt = report.sittings.at(-1)?.endedAt ?? facts.startedAt;
    return { ...facts, ...kept, ...report, endedAt };
  };
  return {
    path,
    resumed,
    complete,
    async write(report) {
      const whole = complete(report);
      await writeAtomic(path, `${JSON.stringify(whole)}\n`);
      return whole;
    },
    [Symbol.dispose]: () => opened[Symbol.dispose](),
  };
}
