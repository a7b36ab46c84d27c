import type { VNode } from "preact";
import type { StatusView } from "../../../status/mod.ts";
import { Card } from "../frame/parts.tsx";

interface Fact {
  readonly name: string;
  readonly value: string;
  /** Shown as a bar too. */
  readonly percent?: number;
}

/** The content of the library, and disk, memory and processes of the machine. */
export function MachineCard({ view }: { readonly view: StatusView }): VNode {
  return (
    <Card id="totals" title={view.words.totals}>
      <dl id="total-list" class="facts">{factsOf(view).map((fact) => <Row key={fact.name} fact={fact} />)}</dl>
    </Card>
  );
}

function factsOf({ status, words, format, now }: StatusView): readonly Fact[] {
  const { library, disk: { usedPercent, freeBytes }, memory, processes, checks } = status;
  const facts: Fact[] = [];
  if (library === null) facts.push({ name: words.library, value: words.noLibrary });
  else {
    facts.push({ name: words.files, value: format.number(library.files) });
    facts.push({ name: words.size, value: format.bytes(library.bytes) });
    const names: Readonly<Record<string, string>> = words.states;
    for (const [state, count] of Object.entries(library.byState)) {
      if (count > 0) facts.push({ name: names[state] ?? state, value: format.number(count) });
    }
  }
  if (usedPercent === null) facts.push({ name: words.disk, value: words.unknownForNow });
  else {
    const value = words.diskUse(format.percent(usedPercent / 100), format.bytes(freeBytes ?? 0));
    facts.push({ name: words.disk, value, percent: usedPercent });
  }
  if (memory.rssBytes !== null) facts.push({ name: words.memory, value: format.bytes(memory.rssBytes) });
  facts.push({ name: words.processes, value: format.number(processes) });
  if (checks !== null) {
    const names = checks.failing.map(({ name }) => name);
    facts.push({ name: words.checks, value: words.checked(names, format.time(checks.checkedAt, now)) });
  }
  return facts;
}

function Row({ fact: { name, value, percent } }: { readonly fact: Fact }): VNode {
  if (percent === undefined) {
    return (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    );
  }
  const tone = percent >= 80 ? "warn" : "plain";
  return (
    <div class="bar-fact">
      <dt>{name}</dt>
      <dd>
        {value}
        {/* The number says the same, so the bar is hidden from screen readers. */}
        <div class="track" aria-hidden="true" data-tone={percent >= 90 ? "bad" : tone}>
          <div class="bar-fill" style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
        </div>
      </dd>
    </div>
  );
}
