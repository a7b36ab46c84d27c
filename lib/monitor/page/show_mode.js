import { RUNGS } from "./rungs.js";
import { ahead } from "./headline.js";
import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the list of modes, with the current one marked. */
export function showMode({ status, words, format, now }) {
  const { name, since, reason, ja, ceiling, nextCheck } = status.mode;
  syncList(byId("ladder"), RUNGS, {
    keyOf: (rung) => rung,
    create: createRung,
    update(row, rung) {
      const isCurrent = rung === name;
      const { words: label, tag } = parts(row);
      setAttribute(row, "aria-current", isCurrent ? "step" : null);
      setText(label, words.rungs[rung]);
      const tags = [isCurrent ? words.now : "", rung === ceiling && rung !== "turbo" ? words.ceiling : ""];
      setText(tag, tags.filter((text) => text !== "").join(" · "));
      tag.hidden = tag.textContent === "";
    },
  });
  const translated = words.choose(reason, ja.reason);
  setText(byId("mode-reason"), translated.text);
  setAttribute(byId("mode-reason"), "lang", translated.lang);
  const sinceText = words.since(format.time(since, now), format.duration(now - Date.parse(since)));
  const nextMs = ahead(nextCheck, now);
  const next = nextMs === null ? "" : ` · ${words.nextCheck(format.clock(nextMs), format.duration(nextMs - now))}`;
  setText(byId("mode-times"), `${sinceText}${next}`);
}

function createRung(rung) {
  const pip = make("span", "pip");
  pip.setAttribute("aria-hidden", "true");
  const name = make("span", "name", [rung]);
  name.lang = "en";
  const row = make("li", "rung", [pip, name, part("words", "span", "words"), part("tag", "span", "badge")]);
  row.dataset.name = rung;
  return row;
}
