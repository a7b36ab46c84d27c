import type { VNode } from "preact";
import {
  findingsOf,
  hasOwnLine,
  isAllWell,
  runWords,
  sayFinding,
  shareOf,
  type StatusView,
} from "../../../status/mod.ts";
import { Badge, Progress, Remedy } from "../frame/parts.tsx";

/** The worst finding with its remedy, then the progress of the run, then the other problems. */
export function HeadlineCard({ view }: { readonly view: StatusView }): VNode {
  const { status: { run }, words, now } = view;
  const findings = findingsOf(view.status, now);
  const [first, ...rest] = findings;
  const { text, todo } = sayFinding(first!, view);
  const others = rest.filter(hasOwnLine);
  return (
    <section id="headline" class="headline" aria-labelledby="headline-text" data-tone={first!.tone}>
      <div class="headline-first">
        <span id="headline-tone" class="headline-tone">{words.tones[first!.tone]}</span>
        <h2 id="headline-text">{isAllWell(findings) ? `${text}${words.allWell}` : text}</h2>
      </div>
      <Remedy id="headline-todo" text={todo} />
      <p id="run-words" class="run-words">{runWords(view)}</p>
      {run?.activity === "fetching" && <Progress label={words.runProgress} share={shareOf(run)} />}
      {others.length > 0 && (
        <ul id="also-list" class="also">
          {others.map((finding) => {
            const said = sayFinding(finding, view);
            return (
              <li key={finding.kind}>
                <Badge tone={finding.tone}>{words.tones[finding.tone]}</Badge>
                <span class="also-text">{said.text}</span>
                {/* A slower mode is a consequence of the first finding, whose remedy is already shown. */}
                <Remedy text={finding.kind === "lowered" ? "" : said.todo} />
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
