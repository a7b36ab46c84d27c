/** Prepares or tags 1.1.0 in a process of its own, which a test may kill: `_release_worker.ts ROOT REGISTRY ACTION`. */
import { KitError } from "../../../lib/base/mod.ts";
import {
  openRepository,
  type OperationOptions,
  OperationStore,
  readRepositoryFacts,
  type Repository,
  runOperation,
} from "../../../lib/git/mod.ts";
import { type ProductionText, readProductionReports, type TaggedStage } from "../../../lib/installation/mod.ts";
import {
  parseStrategy,
  planPrepare,
  planStage,
  readReleaseStatus,
  readStrategyStatus,
  type ReleaseStatus,
  surveyReleases,
} from "../../../lib/release/mod.ts";

const STRATEGY = parseStrategy(
  await Deno.readTextFile(new URL("../../../config/branches.yml", import.meta.url)),
  "branches.yml",
);
const DATE = "2026-11-27";

async function survey(repository: Repository) {
  const facts = await readRepositoryFacts(repository, { remote: "origin" });
  return { facts, survey: await surveyReleases(STRATEGY, facts) };
}

function readReports({ root }: Repository): Promise<readonly ProductionText[]> {
  return readProductionReports([`${root}/reports`]);
}

/** Take a step of the release 1.1.0, with gates that pass. */
export async function runRelease(
  repository: Repository,
  action: "prepare" | TaggedStage,
  options: OperationOptions,
): Promise<void> {
  const read = await survey(repository);
  const plan = action === "prepare"
    ? await planPrepare(repository, "1.1.0", { survey: read.survey, date: DATE })
    : await planStage(repository, "1.1.0", {
      stage: action,
      survey: read.survey,
      date: DATE,
      override: null,
      reports: "/reports",
      production: await readReports(repository),
    });
  await runOperation(repository, plan, { ...options, runCheck: () => Promise.resolve(null) });
}

/** Read what `release status` shows. */
export async function readStatus(repository: Repository): Promise<ReleaseStatus> {
  const { facts, survey: surveyed } = await survey(repository);
  const operation = await new OperationStore(repository).readCurrent();
  const { phases } = await readStrategyStatus(STRATEGY, { facts, operation, isOffline: false });
  const production = await readReports(repository);
  return await readReleaseStatus(repository, { survey: surveyed, phases, operation, production, isOffline: false });
}

if (import.meta.main) {
  const [root, registry, action] = Deno.args;
  try {
    await runRelease(await openRepository(root!), action as TaggedStage, { registry: registry! });
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    await Deno.stderr.write(new TextEncoder().encode(`${error.message}\n`));
    Deno.exitCode = error.exitCode;
  }
}
