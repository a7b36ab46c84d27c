import { byId, make, part, parts, setAttribute, setText, syncList } from "./dom.js";

/** Render the content of the library, and disk, memory and processes of the machine. */
export function showMachine({ status, words, format, now }) {
  const { library, disk, memory, processes, checks } = status;
  const states = Object.entries(library?.byState ?? {}).filter(([, count]) => count > 0);
  const facts = library === null ? [{ name: words.library, value: words.noLibrary }] : [
    { name: words.files, value: format.number(library.files) },
    { name: words.size, value: format.bytes(library.bytes) },
    ...states.map(([state, count]) => ({ name: words.states[state] ?? state, value: format.number(count) })),
  ];
  facts.push(
    disk.usedPercent === null ? { name: words.disk, value: words.unknownForNow } : {
      name: words.disk,
      value: words.diskUse(format.percent(disk.usedPercent / 100), format.bytes(disk.freeBytes)),
      percent: disk.usedPercent,
    },
  );
  if (memory.rssBytes !== null) facts.push({ name: words.memory, value: format.bytes(memory.rssBytes) });
  facts.push({ name: words.processes, value: format.number(processes) });
  if (checks !== null) {
    const names = checks.failing.map(({ name }) => name);
    facts.push({ name: words.checks, value: words.checked(names, format.time(checks.checkedAt, now)) });
  }
  syncList(byId("total-list"), facts, {
    keyOf: ({ name }) => name,
    create: createFact,
    update(row, fact) {
      const { name, value, track } = parts(row);
      setText(name, fact.name);
      setText(value, fact.value);
      const isBar = fact.percent !== undefined;
      track.hidden = !isBar;
      row.classList.toggle("bar-fact", isBar);
      if (!isBar) return;
      const tone = fact.percent >= 80 ? "warn" : "plain";
      setAttribute(track, "data-tone", fact.percent >= 90 ? "bad" : tone);
      track.firstElementChild.style.width = `${Math.min(100, Math.max(0, fact.percent))}%`;
    },
  });
}

function createFact() {
  const value = make("dd", "", [part("value")]);
  // The number next to it says the same, so the bar is hidden from screen readers.
  const track = part("track", "div", "track");
  track.setAttribute("aria-hidden", "true");
  track.append(make("div", "bar-fill"));
  value.append(track);
  return make("div", "", [part("name", "dt"), value]);
}
