import type { VNode } from "preact";
import { spellCommands, type StatusFailureGroup, type StatusView } from "../../../status/mod.ts";
import { useApp } from "../context.ts";
import { Badge, Card, Fold, Remedy } from "../frame/parts.tsx";

const SHOWN = 4;

/** The recent failures by kind, and what to do about them; the files are collapsed. */
export function FailuresCard({ view }: { readonly view: StatusView }): VNode {
  const { status: { failureGroups }, words, format } = view;
  const files = failureGroups.reduce((sum, group) => sum + group.files, 0);
  const isEmpty = failureGroups.length === 0;
  const row = (group: StatusFailureGroup) => (
    <Group key={`${group.class} ${group.since} ${group.message.slice(0, 20)}`} group={group} view={view} />
  );
  return (
    <Card
      id="failures"
      title={words.failures}
      count={isEmpty ? "" : words.fileCount(files, format.number(files))}
      none={isEmpty ? words.noFailures : null}
    >
      <ul id="failure-list" class="rows">{failureGroups.slice(0, SHOWN).map(row)}</ul>
      {failureGroups.length > SHOWN && (
        <Fold id="failure-more" text={words.more(failureGroups.length - SHOWN)}>
          <ul id="failure-rest" class="rows">{failureGroups.slice(SHOWN).map(row)}</ul>
        </Fold>
      )}
    </Card>
  );
}

function Group({ group, view }: { readonly group: StatusFailureGroup; readonly view: StatusView }): VNode {
  const { status, words, format, now } = view;
  const { files, tries, message, paths, time } = group;
  // The program's own text is English; `lang` lets a screen reader pronounce it as English.
  const foreign = useApp().language.value === "en" ? undefined : "en";
  const problem = words.problem(status, group.class);
  const hidden = files - paths.length;
  return (
    <li>
      <div class="head">
        <Badge>{problem?.title ?? group.class}</Badge>
        <span class="title">{words.failedFiles(files, format.number(files), format.number(tries))}</span>
        <span class="end">{format.time(time, now)}</span>
      </div>
      {problem !== null && <p class="detail">{problem.meaning}</p>}
      <p class="detail soft clamp message" lang={foreign}>{message}</p>
      <Remedy
        text={group.remedy === "" ? "" : spellCommands(problem?.remedy ?? group.remedy, status.commands)}
        lang={problem === null ? foreign ?? null : null}
      />
      {paths.length > 0 && (
        <Fold text={words.whichFiles(files, format.number(files))}>
          <ul class="paths">{paths.map((path) => <li key={path} class="small">{path}</li>)}</ul>
          {hidden > 0 && <p class="soft small">{words.andMore(hidden, format.number(hidden))}</p>}
        </Fold>
      )}
    </li>
  );
}
