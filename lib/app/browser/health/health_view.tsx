import type { VNode } from "preact";
import type { StatusView } from "../../../status/mod.ts";
import { useApp } from "../context.ts";
import { ViewHeading } from "../frame/parts.tsx";
import { AlertsCard } from "./alerts_card.tsx";
import { DownloadsCard } from "./downloads_card.tsx";
import { EventsCard } from "./events_card.tsx";
import { FailuresCard } from "./failures_card.tsx";
import { HeadlineCard } from "./headline_card.tsx";
import { HostsCard } from "./hosts_card.tsx";
import { MachineCard } from "./machine_card.tsx";
import { ModeCard } from "./mode_card.tsx";
import { ThroughputCard } from "./throughput_card.tsx";

/** How the downloads are doing: what is wrong first, then what goes on, then why. */
export function HealthView(): VNode {
  const { words, status, statusWords, format, now } = useApp();
  const { frame } = words.value;
  const current = status.value;
  const heading = <ViewHeading text={frame.views.health} />;
  if (current === null) {
    return (
      <>
        {heading}
        <p class="none">{frame.loading}</p>
      </>
    );
  }
  const view: StatusView = { status: current, words: statusWords.value, format: format.value, now: now.value };
  return (
    <>
      {heading}
      <HeadlineCard view={view} />
      <div class="columns">
        <div class="column">
          <AlertsCard view={view} />
          <DownloadsCard view={view} />
          <EventsCard view={view} />
          <FailuresCard view={view} />
        </div>
        <div class="column side">
          <ThroughputCard view={view} />
          <ModeCard view={view} />
          <HostsCard view={view} />
          <MachineCard view={view} />
        </div>
      </div>
    </>
  );
}
