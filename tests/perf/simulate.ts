// deno task simulate: fetch libraries on paper while their hosts fail, and write what the failsafe did into
// docs/failsafe.md and its Japanese twin; some 20 s.
import {
  LIBRARIES,
  renderRow,
  simulateTrouble,
  TABLE_HEAD,
  TROUBLES,
} from "../helpers/simulation/simulated_libraries.ts";
import { drawTableTwin } from "../helpers/table_twins.ts";

const ROOT = new URL("../../", import.meta.url);
const PAGE = new URL("docs/failsafe.md", ROOT);
const BEGIN = "<!-- Made by deno task simulate; do not edit. -->\n";
const END = "<!-- The end of what deno task simulate makes. -->\n";

async function formatPage(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", PAGE.pathname] }).output();
  if (!success) throw new Error(`Cannot format "${PAGE.pathname}"`);
}

if (import.meta.main) {
  const page = await Deno.readTextFile(PAGE);
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`Cannot write "${PAGE.pathname}": the marks of the table are gone`);
  // The task may write below dist, but not to the system's temporary folder.
  const dir = new URL("dist/", ROOT).pathname;
  await Deno.mkdir(dir, { recursive: true });
  const rows: string[] = [];
  for (const library of Object.keys(LIBRARIES)) {
    for (const trouble of Object.keys(TROUBLES)) rows.push(renderRow(await simulateTrouble(library, trouble, { dir })));
  }
  const table = `\n${[TABLE_HEAD, ...rows].join("\n")}\n\n`;
  await Deno.writeTextFile(PAGE, page.slice(0, begin + BEGIN.length) + table + page.slice(end));
  await formatPage();
  await drawTableTwin("failsafe.md");
}
