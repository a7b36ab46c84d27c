import { join } from "node:path";
import { KitError, seededRandom } from "../../../lib/base/mod.ts";
import {
  DEFAULT_CHOICE,
  download,
  type DownloadEvent,
  type DownloadResult,
  openEngine,
  openLibrary,
  openLibraryRollout,
} from "../../../lib/downloader/mod.ts";
import {
  type Arm,
  armOf,
  bucketOf,
  type RolloutPlan,
  type RolloutRecord,
  RolloutStore,
} from "../../../lib/rollout/mod.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../lib/sandbox/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { PLAIN } from "../../helpers/library/download_bench.ts";
import { type SandboxStorage, serveSandboxFiles } from "../../helpers/servers/sandbox_storage.ts";
import { planOf } from "../../rollout/_plans.ts";

/** A sandbox, its storage, and a library whose rollout has begun. */
export interface RolloutPlace {
  readonly sandbox: Sandbox;
  readonly storage: SandboxStorage;
  readonly root: string;
  readonly store: RolloutStore;
  /** Returns the arm of a file at a share. */
  readonly armOfFile: (fileId: number, percentage: number) => Arm;
  /** Run a download in this process, as the command does. */
  readonly run: (options?: RunOptions) => Promise<RunFigures>;
}

/** Options of a run. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly maxRetries?: number;
  readonly onEvent?: (event: DownloadEvent) => void;
}

/** What a run did. */
export interface RunFigures {
  readonly result: DownloadResult;
  readonly events: readonly DownloadEvent[];
  readonly warnings: readonly string[];
  readonly rollout: RolloutRecord;
}

/** Play a story on a sandbox whose files come from a loopback server, in a library with a rollout. */
export async function withRollout(
  options: {
    readonly folder: string;
    readonly plan: RolloutPlan;
    readonly sandbox?: SandboxOptions;
    /** Whether to choose a salt that puts the first file into the canary at 50 %. */
    readonly wantsCanary?: boolean;
  },
  story: (place: RolloutPlace) => Promise<void>,
): Promise<void> {
  const root = join(options.folder, "library");
  await using storage = serveSandboxFiles();
  await using sandbox = await startSandbox({ ...PLAIN, ...options.sandbox, storageOrigin: storage.origin });
  storage.sandbox = sandbox;
  const versions = new Map([...sandbox.facts()].map(({ fileId, versionId }) => [fileId, versionId]));
  const store = new RolloutStore(join(root, ".civitai-dl", "state"), { command: "test" });
  const keys = [...versions].map(([fileId, versionId]) => `${versionId}:${fileId}`);
  const isWanted = (salt: number): boolean => armOf(bucketOf(keys[0]!, `${salt}`), 50) === "canary";
  const salts = Array.from({ length: 100 }, (_, salt) => salt);
  const salt = options.wantsCanary ? `${salts.find(isWanted)}` : options.plan.salt;
  await store.request({ type: "start", plan: { ...options.plan, salt } });
  await story({
    sandbox,
    storage,
    root,
    store,
    armOfFile: (fileId, percentage) => armOf(bucketOf(`${versions.get(fileId)}:${fileId}`, salt), percentage),
    run: (run = {}) => runOnce({ sandbox, root, store }, run),
  });
}

async function runOnce(
  { sandbox, root, store }: Pick<RolloutPlace, "sandbox" | "root" | "store">,
  { signal = new AbortController().signal, maxRetries, onEvent = () => {} }: RunOptions,
): Promise<RunFigures> {
  using library = await openLibrary(root, { command: "download" });
  const events: DownloadEvent[] = [];
  const warnings: string[] = [];
  const note = (event: DownloadEvent): void => {
    events.push(event);
    onEvent(event);
  };
  const onWarning = (message: string): void => void warnings.push(message);
  await using rollout = await openLibraryRollout(library, { command: "download", onEvent: note, onWarning });
  const rates = { modelRate: Infinity, imageRate: Infinity, downloadRate: Infinity };
  const client = { baseUrl: sandbox.apiOrigin, token: sandbox.token, ...rates };
  using engine = openEngine({
    library,
    client,
    rollout,
    maxRetries,
    profile: PROFILES.turbo,
    durable: false,
    onEvent: note,
  });
  const creators = [...sandbox.catalog.creators()];
  const result = await download({
    ...engine,
    targets: creators.map(({ username }) => ({ type: "user", username }) as const),
    choice: { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 },
    command: "download",
    reserveBytes: 0,
    approve: () => Promise.resolve(true),
    signal,
  });
  await rollout?.[Symbol.asyncDispose]();
  return { result, events, warnings, rollout: await store.read() };
}

/** Figures of a run whose canary fails. */
export interface FailingCanary {
  readonly state: string;
  readonly canaryDownloads: number;
  readonly canaryFailures: number;
  readonly reason: string;
  readonly files: number;
  readonly done: number;
  readonly wrong: number;
}

/** Share of the files that the canary gets: of 300 files, some 55 downloads, which are enough to decide. */
const PERCENTAGE = 20;

/** Download while the server fails 30 % of the canary's requests and 1 % of the others, without retries of a request. */
export async function runFailingCanary(folder: string, seed: number): Promise<FailingCanary> {
  const steps = `{ setWeight: ${PERCENTAGE} }, { analysis: {} }, { pause: 1h }, { setWeight: 50 }, { analysis: {} }, ` +
    "{ setWeight: 100 }";
  const plan = { ...planOf(steps), salt: `fast-${seed}` };
  let figures: FailingCanary | undefined;
  const sandbox = { seed, size: { creators: 1, modelsPerCreator: 300 } };
  await withRollout({ folder, plan, sandbox }, async ({ sandbox, storage, root, run, armOfFile }) => {
    const random = seededRandom(seed);
    let isAborted = false;
    storage.onRequest = ({ fileId }) => {
      const isCanary = !isAborted && armOfFile(fileId, PERCENTAGE) === "canary";
      return random() < (isCanary ? 0.3 : 0.01) ? new Response(null, { status: 500 }) : undefined;
    };
    const onEvent = (event: DownloadEvent): void => {
      if (event.type === "rollout" && event.to === "degraded") isAborted = true;
    };
    const { rollout } = await run({ maxRetries: 0, onEvent });
    const { canary } = rollout.arms;
    using library = await openLibrary(root, { command: "list", mustExist: true, readOnly: true });
    // Files that are complete and have other bytes than the server's.
    let wrong = 0;
    const items = [...library.catalog.items({ kinds: ["file"] })];
    for (const item of items) {
      if (item.state !== "done") continue;
      const bytes = await Deno.readFile(join(root, item.path));
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      if (digest.toUpperCase() !== await sandbox.sha256Of(item.fileId!)) wrong++;
    }
    figures = {
      state: rollout.state,
      canaryDownloads: canary.ok + canary.errors + canary.timeouts + canary.integrity,
      canaryFailures: canary.errors + canary.timeouts + canary.integrity,
      reason: rollout.reason,
      files: items.length,
      done: items.filter((item) => item.state === "done").length,
      wrong,
    };
  });
  if (figures === undefined) throw new KitError("failed", "Cannot report: the story did not end");
  return figures;
}
