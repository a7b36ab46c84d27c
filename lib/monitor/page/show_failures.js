import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** What went wrong lately, and what to do about it. */
export function showFailures({ status, words, format, now, foreign }) {
  const { failures } = status;
  syncList(byId("failure-list"), failures, {
    keyOf: (failure) => `${failure.time} ${failure.path} ${failure.class}`,
    create: createFailure,
    update(row, failure) {
      const cells = parts(row);
      setText(cells.class, failure.class);
      const cut = failure.path.lastIndexOf("/") + 1;
      setText(cells.folder, failure.path.slice(0, cut));
      setText(cells.name, failure.path.slice(cut));
      setText(cells.time, format.time(failure.time, now));
      setText(cells.message, failure.message);
      setAttribute(cells.message, "lang", foreign);
      cells.remedy.hidden = failure.remedy === "";
      setText(cells.what, words.remedy);
      const translated = Object.hasOwn(words.remedies, failure.class) ? words.remedies[failure.class] : null;
      setText(cells.advice, translated ?? failure.remedy);
      setAttribute(cells.advice, "lang", translated === null ? foreign : null);
    },
  });
  setText(byId("failure-count"), failures.length === 0 ? "" : format.number(failures.length));
  byId("failure-none").hidden = failures.length > 0;
}

function createFailure() {
  const path = make("span", "path", [part("folder", "span", "soft"), part("name", "span", "title")]);
  const head = make("div", "head", [part("class", "span", "badge"), path]);
  head.append(part("time", "span", "end"));
  const remedy = part("remedy", "p", "remedy");
  remedy.append(part("what", "b"), " ", part("advice", "span"));
  return make("li", "", [head, part("message", "p", "detail soft"), remedy]);
}
