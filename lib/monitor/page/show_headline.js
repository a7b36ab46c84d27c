import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { findingsOf, isAllWell } from "./headline.js";
import { nameCommands } from "./name_commands.js";

/**
 * Render the worst finding with its remedy, then the progress of the run, then the other problems. Returns the tone of
 * the worst finding.
 */
export function showHeadline(view) {
  const { status, words, now } = view;
  const findings = findingsOf(status, now);
  const [first, ...rest] = findings;
  const { text, todo } = sayFinding(first, view);
  const box = byId("headline");
  setAttribute(box, "data-tone", first.tone);
  setText(byId("headline-tone"), words.tones[first.tone]);
  setText(byId("headline-text"), isAllWell(findings) ? `${text}${words.allWell}` : text);
  showTodo(byId("headline-todo"), todo, words);
  showRun(view);
  syncList(byId("also-list"), rest.filter(hasOwnLine), {
    keyOf: ({ kind, rule }) => `${kind} ${rule ?? ""}`,
    create: createAlso,
    update(row, finding) {
      const cells = parts(row);
      const sentence = sayFinding(finding, view);
      setText(cells.tone, words.tones[finding.tone]);
      setAttribute(cells.tone, "data-tone", finding.tone);
      setText(cells.text, sentence.text);
      // A slower mode is a consequence of the first finding, whose remedy is already shown.
      showTodo(cells.todo, finding.kind === "lowered" ? "" : sentence.todo, words);
    },
  });
  byId("also-list").hidden = byId("also-list").children.length === 0;
  return first.tone;
}

/** Whether a finding gets its own line. Alerts do not, because their card is directly below. */
export function hasOwnLine({ kind, tone }) {
  return kind !== "alert" && (tone === "bad" || tone === "warn");
}

function createAlso() {
  return make("li", "", [
    part("tone", "span", "badge"),
    part("text", "span", "also-text"),
    part("todo", "p", "remedy"),
  ]);
}

/** The text of a finding, and its remedy, which is `""` if there is none. */
export function sayFinding(finding, view) {
  const { text, todo } = view.words.findings[finding.kind](finding, formatters(view));
  const { commands } = view.status;
  return { text: nameCommands(text, commands), todo: nameCommands(todo, commands) };
}

/** The functions that messages use to format numbers and times, and to name problems. */
export function formatters({ status, words, format, now }) {
  const problem = (name) => words.problem(status, name);
  return {
    format,
    count: (value) => format.number(value),
    left: (until) => format.duration(until - now),
    time: (iso) => format.time(iso, now),
    span: (from, until) => format.duration(Date.parse(until) - Date.parse(from)),
    problem,
    remedy: (name, english) => problem(name)?.remedy ?? english,
    failure: (name) => problem(name)?.title ?? name,
  };
}

function showTodo(node, todo, words) {
  node.hidden = todo === "";
  if (node.children.length === 0) node.replaceChildren(make("b"), " ", make("span"));
  setText(node.children[0], words.remedy);
  setText(node.children[1], todo);
}

/** Mode, files, bytes and time left in words; if no downloader runs, how the last run ended. */
export function runWords(view) {
  const { status, words, format } = view;
  const { run, mode, throughput } = status;
  const isFetching = run !== null && run.activity === "fetching";
  const facts = [
    words.modeIs(mode.name),
    ...status.processes === 0 ? [words.lastRun(status.lastRun, formatters(view))] : [],
    ...isFetching ? [words.filesOf(format.number(run.doneFiles), format.number(run.files))] : [],
    ...isFetching && run.bytes > 0 ? [words.ofTotal(format.bytes(run.doneBytes), format.bytes(run.bytes))] : [],
    ...isFetching && run.failedFiles > 0 ? [words.failedSoFar(run.failedFiles, format.number(run.failedFiles))] : [],
    ...status.processes > 0 && isFetching ? [format.speed(throughput.bytesPerSecond)] : [],
    ...isFetching && run.leftMs !== null ? [words.left(format.duration(run.leftMs))] : [],
  ];
  return facts.join(" · ");
}

/** Render what `runWords` says, with a progress bar. */
function showRun(view) {
  const { status, words } = view;
  const { run } = status;
  const isFetching = run !== null && run.activity === "fetching";
  setText(byId("run-words"), runWords(view));
  const track = byId("run-track");
  track.hidden = !isFetching;
  if (!isFetching) return;
  const percent = Math.min(100, Math.floor(shareOf(run) * 100));
  setAttribute(track, "role", "progressbar");
  setAttribute(track, "aria-label", words.runProgress);
  setAttribute(track, "aria-valuemin", "0");
  setAttribute(track, "aria-valuemax", "100");
  setAttribute(track, "aria-valuenow", String(percent));
  track.firstElementChild.style.width = `${percent}%`;
}

/**
 * The progress by bytes if they are known, otherwise by files: a plan may consist only of files without a stated size.
 */
function shareOf({ bytes, doneBytes, files, doneFiles }) {
  if (bytes > 0) return doneBytes / bytes;
  return files > 0 ? doneFiles / files : 0;
}
