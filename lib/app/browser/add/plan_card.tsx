import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Plan } from "../../api/shapes/plan.ts";
import type { Format } from "../../../status/mod.ts";
import { useApp } from "../context.ts";
import { Badge, Button, Card, Fold } from "../frame/parts.tsx";
import { sayDates } from "../frame/say_dates.ts";
import type { Messages } from "../messages/en.ts";
import { PlanTree } from "./plan_tree.tsx";
import { type Off, totalsOf } from "./selection.ts";

/** A plan that begins below this share of the screen is scrolled to. */
const FAR_DOWN = 0.55;

/** What {@linkcode PlanCard} shows. */
export interface PlanCardProps {
  readonly plan: Plan;
  readonly off: Off;
  readonly onOff: (off: Off) => void;
  /** Receives the order to queue what is selected. */
  readonly onEnqueue: () => void;
  readonly isBusy: boolean;
}

/** A plan that is ready: what would be fetched, what not and why, whether there is room, and the button that queues it. */
export function PlanCard({ plan, off, onOff, onEnqueue, isBusy }: PlanCardProps): VNode {
  const { words, format, language } = useApp();
  const { add: text } = words.value;
  const { nothing, there, models } = plan;
  const number = (value: number): string => format.value.number(value);
  const lang = language.value === "en" ? undefined : "en";
  const hasSomething = models.length + plan.posted.length + plan.truncated > 0;
  const count = totalsOf(plan, off).models;
  useEffect(() => {
    const card = document.getElementById("plan");
    if (card !== null && card.getBoundingClientRect().top > innerHeight * FAR_DOWN) card.scrollIntoView();
  }, [plan.id]);
  return (
    <Card id="plan" title={text.plan} count={hasSomething ? text.models(count, number(count)) : ""}>
      {!hasSomething && (
        <div class="nothing">
          <h3>{text.nothing}</h3>
          {nothing !== null && <p class="soft" lang={lang}>{nothing}</p>}
        </div>
      )}
      {hasSomething && <PlanTree plan={plan} off={off} onOff={onOff} />}
      {there.count > 0 && (
        <p class="soft plan-note">{text.there(number(there.count), format.value.bytes(there.bytes))}</p>
      )}
      <Problems plan={plan} lang={lang} />
      {hasSomething && <PlanFoot plan={plan} off={off} onEnqueue={onEnqueue} isBusy={isBusy} />}
    </Card>
  );
}

function Problems({ plan, lang }: { readonly plan: Plan; readonly lang: string | undefined }): VNode {
  const { words, format } = useApp();
  const { add: text, frame } = words.value;
  const { refused, refusedCount, problems } = plan;
  const unnamed = refusedCount - refused.length;
  return (
    <>
      {problems.length > 0 && (
        <div class="notice" id="plan-problems">
          <b>{text.problems(problems.length, format.value.number(problems.length))}</b>
          <ul lang={lang}>{problems.map(({ target, message }) => <li key={target}>{target}: {message}</li>)}</ul>
        </div>
      )}
      {refusedCount > 0 && (
        <Fold id="plan-refused" text={text.refused(refusedCount, format.value.number(refusedCount))}>
          <RefusedList refused={refused} lang={lang} />
          {unnamed > 0 && <p class="soft">{frame.more(format.value.number(unnamed))}</p>}
        </Fold>
      )}
    </>
  );
}

/** What is not available: the cause in the language of the page, then the program's own words. */
export function RefusedList(
  { refused, lang }: Pick<Plan, "refused"> & { readonly lang: string | undefined },
): VNode {
  const { words, format } = useApp();
  const { causes } = words.value.add;
  return (
    <ul class="rows">
      {refused.map(({ name, reason, code }) => (
        <li key={`${name} ${reason}`}>
          <Badge tone="warn">{causes[code] ?? code}</Badge> <span class="title">{name}</span>
          <p class="soft small" lang={lang}>{sayDates(reason, (iso) => format.value.day(iso))}</p>
        </li>
      ))}
    </ul>
  );
}

/** Files with their size, and pictures, whose sizes Civitai does not state. */
export function totalWords(
  { files, images, bytes }: Plan["wanted"],
  text: Messages["add"],
  format: Format,
): string {
  const facts = [
    ...files === 0 && images > 0
      ? []
      : [text.filesOfSize(text.files(files, format.number(files)), format.bytes(bytes))],
    ...images === 0 ? [] : [text.unknownSizeOf(text.images(images, format.number(images)))],
  ];
  return facts.join(text.factMark);
}

/** The sum of what is selected, the room for it, and the button that queues it. */
function PlanFoot({ plan, off, onEnqueue, isBusy }: Omit<PlanCardProps, "onOff">): VNode {
  const { words, format, canOnlyRead } = useApp();
  const { add: text } = words.value;
  const { number, bytes } = { number: (value: number) => format.value.number(value), bytes: format.value };
  const totals = totalsOf(plan, off);
  const { links, bytes: amount } = plan.quota;
  const free = totals.images === 0 ? text.free : text.freeAfterFiles;
  const after = plan.freeBytes - totals.bytes;
  const isEmpty = totals.files + totals.images <= 0;
  const isTooFull = after < plan.reserveBytes;
  const isOver = (links !== null && totals.files > links.left) || (amount !== null && totals.bytes > amount.left);
  return (
    <div class="plan-foot">
      <div class="plan-sums" role="status">
        <p>
          <span class="soft">{text.selected}:</span> <b id="plan-total">{totalWords(totals, text, format.value)}</b>
        </p>
        <p class={isTooFull ? "warn" : "soft"}>
          {free(bytes.bytes(plan.freeBytes), bytes.bytes(Math.max(0, after)))}
          {isTooFull && ` ${text.tooFull(bytes.bytes(plan.reserveBytes))}`}
        </p>
        {links !== null && <p class="soft">{text.quotaLinks(number(links.left), number(links.limit))}</p>}
        {amount !== null && <p class="soft">{text.quotaBytes(bytes.bytes(amount.left), bytes.bytes(amount.limit))}</p>}
        {isOver && <p class="warn">{text.overQuota}</p>}
      </div>
      <Button
        text={isEmpty ? text.nothingSelected : text.enqueue}
        tone="main"
        icon="queue"
        isDisabled={isEmpty || isBusy || canOnlyRead.value}
        onClick={onEnqueue}
      />
    </div>
  );
}
