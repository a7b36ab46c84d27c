import type { VNode } from "preact";
import { ahead, MODES, type StatusView } from "../../../status/mod.ts";
import { Card } from "../frame/parts.tsx";

/** The modes of the failsafe, with the current one marked, and why it is that one. */
export function ModeCard({ view: { status, words, format, now } }: { readonly view: StatusView }): VNode {
  const { name, since, reason, ja, ceiling, nextCheck } = status.mode;
  const said = words.choose(reason, ja.reason);
  const nextMs = ahead(nextCheck, now);
  const times = [
    words.since(format.time(since, now), format.duration(now - Date.parse(since))),
    ...nextMs === null ? [] : [words.nextCheck(format.clock(nextMs), format.duration(nextMs - now))],
  ];
  return (
    <Card id="mode" title={words.mode}>
      <ol id="ladder" class="ladder">
        {MODES.map((mode) => {
          const tags = [mode === name ? words.now : "", mode === ceiling && mode !== "turbo" ? words.ceiling : ""];
          const tag = tags.filter((text) => text !== "").join(" · ");
          return (
            <li key={mode} class="rung" data-name={mode} aria-current={mode === name ? "step" : undefined}>
              <span class="pip" aria-hidden="true" />
              <span class="name" lang="en">{mode}</span>
              <span class="words">{words.modes[mode]}</span>
              {tag !== "" && <span class="badge">{tag}</span>}
            </li>
          );
        })}
      </ol>
      <p id="mode-reason" class="reason" lang={said.lang ?? undefined}>{said.text}</p>
      <p id="mode-times" class="soft">{times.join(" · ")}</p>
    </Card>
  );
}
