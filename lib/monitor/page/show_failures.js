import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";
import { fold } from "./fold.js";
import { nameCommands } from "./name_commands.js";

const SHOWN = 4;

/** Render the recent failures by kind, and what to do about them; the files are collapsed. */
export function showFailures(view) {
  const { status, words, format } = view;
  const { failureGroups } = status;
  const options = {
    keyOf: ({ class: name, since, message }) => `${name} ${since} ${message.slice(0, 20)}`,
    create: createGroup,
    update: (row, group) => updateGroup(row, group, view),
  };
  syncList(byId("failure-list"), failureGroups.slice(0, SHOWN), options);
  fold(byId("failure-more"), failureGroups.length - SHOWN, words);
  syncList(byId("failure-rest"), failureGroups.slice(SHOWN), options);
  const files = failureGroups.reduce((sum, group) => sum + group.files, 0);
  setText(byId("failure-count"), failureGroups.length === 0 ? "" : words.fileCount(files, format.number(files)));
  byId("failure-none").hidden = failureGroups.length > 0;
  byId("failures").classList.toggle("empty", failureGroups.length === 0);
}

function updateGroup(row, group, { status, words, format, now, foreign }) {
  const cells = parts(row);
  const problem = words.problem(status, group.class);
  const meaning = problem?.meaning ?? "";
  setText(cells.class, problem?.title ?? group.class);
  setText(cells.files, words.failedFiles(group.files, format.number(group.files), format.number(group.tries)));
  setText(cells.time, format.time(group.time, now));
  setText(cells.meaning, meaning);
  cells.meaning.hidden = meaning === "";
  setText(cells.message, group.message);
  setAttribute(cells.message, "lang", foreign);
  cells.remedy.hidden = group.remedy === "";
  setText(cells.what, words.remedy);
  setText(cells.advice, nameCommands(problem?.remedy ?? group.remedy, status.commands));
  setAttribute(cells.advice, "lang", problem === null ? foreign : null);
  cells.fold.hidden = group.paths.length === 0;
  setText(cells.label, words.whichFiles(group.files, format.number(group.files)));
  syncList(cells.paths, group.paths, {
    keyOf: (path) => path,
    create: () => make("li", "small"),
    update: (item, path) => setText(item, path),
  });
  const hidden = group.files - group.paths.length;
  cells.left.hidden = hidden <= 0;
  setText(cells.left, hidden <= 0 ? "" : words.andMore(hidden, format.number(hidden)));
}

function createGroup() {
  const head = make("div", "head", [part("class", "span", "badge"), part("files", "span", "title")]);
  head.append(part("time", "span", "end"));
  const remedy = part("remedy", "p", "remedy");
  remedy.append(part("what", "b"), " ", part("advice", "span"));
  const folded = part("fold", "details", "fold");
  folded.append(part("label", "summary"), part("paths", "ul", "paths"), part("left", "p", "soft small"));
  return make("li", "", [
    head,
    part("meaning", "p", "detail"),
    part("message", "p", "detail soft clamp"),
    remedy,
    folded,
  ]);
}
