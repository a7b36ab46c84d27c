import { dirname } from "node:path";
import { type Bilingual, ensurePrivateFolder, systemClock } from "../base/mod.ts";
import { downloadMetric } from "../downloader/mod.ts";
import type { LibraryPresence } from "../library/mod.ts";
import type { MeasuredGauge, MetricReading } from "../metrics/mod.ts";
import {
  type CheckOptions,
  checksFileOf,
  type LibraryObserver,
  type MonitorChecks,
  readChecks,
  stampOfCatalog,
  type StatusChecks,
  type StatusFailingCheck,
} from "../monitor/mod.ts";
import type { HealthPlace } from "./health_check.ts";
import { HEALTH_CHECKS } from "./health_checks.ts";
import { type HealthReport, runHealthChecks } from "./run_health_checks.ts";
import { advanceWatch, chooseUnattended, type HealthWatch } from "./unattended.ts";

/** Calls a function with the installation as `doctor` would see it now, and closes it afterwards. */
export type InHealthPlace = <Result>(
  options: { readonly signal: AbortSignal },
  use: (place: Omit<HealthPlace, "api">) => Promise<Result>,
) => Promise<Result>;

/** Options of {@linkcode UnattendedChecks}. */
export interface UnattendedChecksOptions {
  /** The library's folder, absolute. */
  readonly library: string;
  readonly inPlace: InHealthPlace;
  readonly observer: Pick<LibraryObserver, "last">;
  readonly presence: Pick<LibraryPresence, "gone" | "look">;
}

/** The part of a monitor that runs the checks of `doctor`. */
export class UnattendedChecks implements MonitorChecks {
  readonly #options: UnattendedChecksOptions;
  #watch: HealthWatch = new Map();
  #last: StatusChecks | null = null;
  /** What the catalog's files were like when they were last checked. */
  #stamp: string | null | undefined;
  /** Checks of hosts, and whether a run has asked hosts since they ran. */
  #network: ReadonlySet<string> = new Set();
  #isAskedByRun = false;

  constructor(options: UnattendedChecksOptions) {
    this.#options = options;
  }

  /** The last round; `null` before the first, and while the library is gone. */
  get last(): StatusChecks | null {
    return this.#options.presence.gone === null ? this.#last : null;
  }

  /** The gauge of the checks that began to fail, or did not. */
  get gauge(): MeasuredGauge {
    const series = [...this.#watch].flatMap(([check, { isFailing }]) =>
      isFailing === null ? [] : [{ labels: { check }, value: isFailing ? 1 : 0 }]
    );
    return { definition: downloadMetric("civitai_dl.check.failing"), series };
  }

  /**
   * Read the gauge for the rules, each check with what it found. One that is not known is without data and not absent,
   * which would end its alert; so is a host that failed, once a run has asked it since.
   */
  read(): readonly MetricReading[] {
    if (this.#isRunning()) this.#isAskedByRun = true;
    return HEALTH_CHECKS.map(({ name: check }) => {
      const { isFailing = null, row } = this.#watch.get(check) ?? {};
      const isOld = isFailing === true && this.#isAskedByRun && this.#network.has(check);
      const value = isFailing === null || isOld ? null : Number(isFailing);
      return {
        labels: { check },
        value,
        samples: value === null ? 0 : 1,
        ...row === undefined ? {} : { details: { en: row.measured, ja: row.ja.measured } },
      };
    });
  }

  #isRunning(): boolean {
    return (this.#options.observer.last?.runs.running ?? null) !== null;
  }

  /** Run the checks that an unattended loop may run, one after another; between two rounds, only those that failed. */
  async run({ which, signal }: CheckOptions): Promise<void> {
    const { library, inPlace, presence } = this.#options;
    const failed = new Set([...this.#watch].filter(([, { row }]) => row.status === "fail").map(([name]) => name));
    const isRound = which === "all";
    // LibraryMissing says so, and all checks would.
    if (presence.gone !== null || (!isRound && failed.size === 0)) return;
    const stamp = await stampOfCatalog(library);
    const checks = chooseUnattended(HEALTH_CHECKS, {
      isRunning: this.#isRunning(),
      isCatalogUnchanged: this.#stamp === stamp,
      failed,
    }).filter(({ name }) => isRound || failed.has(name));
    const report = await inPlace({ signal }, (place) => runHealthChecks({ ...place, signal }, { checks }));
    // The disk was unmounted in the meantime: a round writes nothing in the place of a library.
    if (await presence.look(systemClock.now()) !== null) return;
    if (isRound) {
      this.#stamp = stamp;
      this.#network = new Set(HEALTH_CHECKS.filter(({ touches }) => touches === "network").map(({ name }) => name));
      this.#isAskedByRun = false;
    }
    this.#watch = advanceWatch(this.#watch, isRound ? report : onlyGood(report));
    const before = this.#last;
    this.#last = { checkedAt: report.time, failing: listFailing(this.#watch) };
    if (before === null || isNews(before, this.#last)) await this.#write(this.#last);
  }

  /** Leave the round for `status`, unless it says what the file says: an idle disk may sleep. */
  async #write(checks: StatusChecks): Promise<void> {
    const { library } = this.#options;
    const written = await readChecks(library);
    if (written !== null && !isNews(written, checks)) return;
    const file = checksFileOf(library);
    ensurePrivateFolder(dirname(file.path));
    await file.write(checks);
  }
}

/** Between two rounds, a failure may end, but not begin: the rounds in a row count minutes, too. */
function onlyGood<Report extends Pick<HealthReport, "checks">>(report: Report): Report {
  return { ...report, checks: report.checks.filter(({ status }) => status === "ok" || status === "warn") };
}

export function listFailing(watch: HealthWatch): readonly StatusFailingCheck[] {
  return [...watch.values()].filter(({ row }) => row.status === "fail").map(({ row, since }) => {
    const { name, problem, measured, ja, remedy } = row;
    // Whoever asks has another environment, perhaps with a new key.
    const [own, ownJa] = name === "key" ? [OWN_KEY.en, OWN_KEY.ja] : ["", ""];
    return {
      name,
      problem,
      measured: `${measured}${own}`,
      ja: { measured: `${ja.measured}${ownJa}` },
      remedy,
      since,
    };
  });
}

const OWN_KEY: Bilingual = {
  en: "; this is the key that the monitor was started with: restart it to use another one",
  ja: "。モニターの起動時に設定されていたキーです。別のキーを使うには、モニターを再起動してください",
};

/** Whether other checks fail, or for another reason; figures in what they found change all the time. */
function isNews(before: StatusChecks, after: StatusChecks): boolean {
  const kinds = ({ failing }: StatusChecks) => JSON.stringify(failing.map(({ name, problem }) => [name, problem]));
  return kinds(before) !== kinds(after);
}
