// deno task simulate: fetch libraries on paper while their hosts fail, and write what the failsafe did into
// docs/failsafe.md and its Japanese twin; some 20 s.
import {
  LIBRARIES,
  renderRow,
  simulateTrouble,
  TABLE_HEAD,
  TROUBLES,
} from "../helpers/simulation/simulated_libraries.ts";
import { drawTables } from "../../checks/mod.ts";

const ROOT = new URL("../../", import.meta.url);

if (import.meta.main) {
  const rows: string[] = [];
  for (const library of Object.keys(LIBRARIES)) {
    for (const trouble of Object.keys(TROUBLES)) rows.push(renderRow(await simulateTrouble(library, trouble)));
  }
  await drawTables("failsafe.md", [TABLE_HEAD, ...rows].join("\n"), ROOT.pathname);
}
