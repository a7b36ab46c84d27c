/**
 * Plants a key and signed URLs wherever a run can meet them, in successful and failing runs, and searches everything
 * that it leaves; does the same with all answers of `serve`, which must name no path outside of the library either.
 *
 * Bounds: neither is found in output, logs, catalog, state, sidecars or arguments, and none reaches the storage.
 * Takes a minute: `deno run -q -P=acceptance tests/acceptance/secrets.ts`
 *
 * @module
 */
import { SECRET_SCENARIOS, SERVED_SCENARIOS } from "../integration/scenarios/secret_scenarios.ts";
import { searchForSecrets, type SecretFigures } from "../integration/scenarios/secrets.ts";
import { askForSecrets, type ServedFigures } from "../integration/scenarios/served_secrets.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const figures: SecretFigures[] = [];
  for (const scenario of SECRET_SCENARIOS) figures.push(await searchForSecrets(scenario));
  const served: ServedFigures[] = [];
  for (const scenario of SERVED_SCENARIOS) served.push(await askForSecrets(scenario));
  const sum = (count: (it: SecretFigures) => number) => figures.reduce((total, it) => total + count(it), 0);
  const found = [...figures, ...served].flatMap((it) => it.found);
  const authorizationsAtStorage = sum((it) => it.authorizationsAtStorage);
  const signatures = sum((it) => it.signatures);
  reportFigures({
    scenarios: figures.length,
    signatures,
    searchedBytes: sum((it) => it.searchedBytes),
    answersOfServe: served.reduce((total, it) => total + it.answers.size, 0),
    found,
    authorizationsAtStorage,
    codes: Object.fromEntries(figures.map((it) => [it.name, it.code])),
  }, [
    { name: "no secret found", isMet: found.length === 0 },
    { name: "no key at the storage", isMet: authorizationsAtStorage === 0 },
    { name: "the arguments were seen", isMet: figures.every((it) => it.sawArguments) },
    { name: "signed URLs were used", isMet: signatures > 0 },
    { name: "the good runs ended with 0", isMet: figures.slice(0, 3).every((it) => it.code === 0) },
  ]);
}
