// Written by `deno task docs` from config/alerts.yml, config/branches.yml, config/rollout.yml; do not edit.
// deno-fmt-ignore-file

/** The alert rules without a file of one's own. */
export const BUILT_IN_RULES: string = `# yaml-language-server: $schema=alerts.schema.json
# What docs/alerts.md explains. Check it: civitai-dl alerts dry-run. Test it: civitai-dl alerts test config/alerts.test.yml
version: 1

groups:
  # A few failures stay in a window of five minutes for five minutes, so a rate must be too high for longer than that.
  # One timeout in fewer than a hundred downloads is already more than 1 %.
  - name: downloads
    interval: 30s
    rules:
      - alert: HighErrorRate
        metric: error_rate
        op: ">"
        value: 5%
        window: 5m
        minSamples: 20
        for: 5m
        keepFiringFor: 5m
        severity: warning
        annotations:
          summary: "High error rate: {{value}} of the downloads of the last {{window}} failed, more than {{threshold}}"
          remedy: Wait if one host has trouble, the engine slows down by itself; make a new API key if the class is login or forbidden.
          runbook: docs/runbook/high-error-rate.md
      - alert: HighTimeoutRate
        expr: "timeout_rate > 1%"
        window: 5m
        minSamples: 100
        for: 5m
        keepFiringFor: 5m
        severity: critical
        annotations:
          summary: "High timeout rate: {{value}} of the downloads of the last {{window}} timed out, more than {{threshold}}"
          remedy: Look at the network; if one host only is slow, lower --max-connections. Downloads go on where they stood.
          runbook: docs/runbook/high-timeout-rate.md
      - alert: NoProgress
        metric: no_progress_seconds
        value: 60s
        window: 1m
        # A run that has just started says nothing yet; only a byte ends an outage.
        onNoData: keep
        severity: critical
        annotations:
          summary: "No byte has arrived for {{value}} although files wait for some"
          remedy: Check the network, and whether the storage answers. The run tries again by itself for --patience (5 min), then it pauses and ends with exit 6; after the pause (5 min), the same command continues it.
          runbook: docs/runbook/no-progress.md
      - alert: RolloutStopped
        expr: "rollout_stopped > 0"
        severity: warning
        annotations:
          summary: "The rollout of an engine was aborted, or its measurements fail; downloads go on with the stable engine"
          remedy: Look at civitai-dl rollout status; after a fix, civitai-dl rollout retry begins again, rollout end forgets it.
          runbook: docs/runbook/rollout-stopped.md

  - name: machine
    interval: 30s
    rules:
      - alert: HighMemoryUsage
        metric: memory_usage_mb
        value: 2048 MB
        window: 5m
        for: 2m
        keepFiringFor: 5m
        severity: warning
        annotations:
          summary: "High memory usage: {{value}}, more than {{threshold}}"
          remedy: Stop the run with Ctrl-C and start it again, nothing is lost; report it if memory grows again.
          runbook: docs/runbook/high-memory-usage.md
      - alert: HighDiskUsage
        metric: disk_usage_percent
        value: 90%
        window: 5m
        for: 1m
        keepFiringFor: 5m
        severity: warning
        annotations:
          summary: "The library's disk is {{value}} full, more than {{threshold}}"
          remedy: Free some space, or move the library to a larger disk; downloads stop by themselves at the reserve.
          runbook: docs/runbook/high-disk-usage.md
      - alert: LibraryMissing
        expr: "library_missing > 0"
        severity: critical
        annotations:
          summary: "The library is gone: it is not in its folder, and no command works there"
          remedy: Mount its disk; if it was moved, name its new folder. The monitor and the next run go on by themselves.
          runbook: docs/runbook/library-missing.md

      # Two rounds of a monitor have failed by then, so that it needs no "for"; only a monitor knows them.
      - alert: HealthCheckFailing
        expr: "health_check_failing > 0"
        by: [check]
        onNoData: keep
        severity: warning
        annotations:
          summary: "The check {{check}} of doctor fails: {{details}}"
          remedy: Run civitai-dl doctor --only {{check}}, which says what to do next.
          runbook: docs/runbook/health-check-failing.md

  - name: runs
    interval: 30s
    rules:
      - alert: RunFailed
        expr: "run_failed > 0"
        by: [command, exit]
        # Whether a run under way makes it good is known at its end.
        onNoData: keep
        severity: critical
        annotations:
          summary: "The last run failed: {{command}}, exit {{exit}}"
          remedy: The last line of logs/download.log says why and what to do; then run the same command again, it continues.
          runbook: docs/runbook/run-failed.md
      - alert: NoSuccessFor48h
        expr: "seconds_since_success > 48h"
        severity: critical
        annotations:
          summary: "The nightly job has not succeeded for {{value}}"
          remedy: Look whether the timer runs, and at the end of logs/download.log; silence the alert if the job was given up.
          runbook: docs/runbook/no-success.md
      - alert: KeyRejected
        expr: "key_rejected > 0"
        by: [origin]
        severity: critical
        annotations:
          summary: "The service refuses the API key from {{origin}}"
          remedy: Create a new API key at https://civitai.com/user/account, put it in place of that one, and run again.
          runbook: docs/runbook/key-rejected.md
      - alert: ReserveReached
        expr: "reserve_reached > 0"
        severity: critical
        annotations:
          summary: "The disk is at its reserve: downloads leave out what does not fit"
          remedy: Free some space, the live page says how much; or lower --reserve. Then run the same command again.
          runbook: docs/runbook/reserve-reached.md
      - alert: DiskFilling
        expr: "disk_full_in_seconds < 2h"
        for: 5m
        keepFiringFor: 5m
        severity: warning
        annotations:
          summary: "The disk will be at its reserve in {{value}} if it goes on filling"
          remedy: Find out what fills the disk, and free some space before downloads stop.
          runbook: docs/runbook/disk-filling.md

# Warnings wait for a batch of five minutes; critical alerts and their ends are told at once.
route:
  receiver: default
  groupBy: [severity]
  groupWait: 5m
  groupInterval: 5m
  repeatInterval: 4h
  routes:
    - severity: critical
      groupBy: [alertname]
      groupWait: 0s
      groupInterval: 15s

# One message is enough: what fails while nothing arrives is the same trouble, also the run that gave up waiting; timeouts
# are errors, and a refused key or a full disk is why a run failed. Without the library, what is measured is another disk.
inhibit:
  - source: { alertname: LibraryMissing }
    target: [alertname=~NoProgress|RunFailed|NoSuccessFor48h|ReserveReached|DiskFilling|HighDiskUsage]
  - source: { alertname: LibraryMissing }
    target: { alertname: HealthCheckFailing }
  - source: { alertname: NoProgress }
    target: [alertname=~HighErrorRate|HighTimeoutRate]
  - source: { alertname: NoProgress }
    target: [alertname=RunFailed, command=~download|update]
  - source: [alertname=~NoProgress|RunFailed]
    target: [alertname=HealthCheckFailing, check=~api|key|storage|failsafe]
  - source: { alertname: HighTimeoutRate }
    target: { alertname: HighErrorRate }
  - source: { alertname: KeyRejected }
    target: [alertname=~RunFailed|HighErrorRate]
  - source: { alertname: ReserveReached }
    target: [alertname=~RunFailed|HighDiskUsage|DiskFilling]

receivers:
  - name: default
    urls:
      - file:logs/alerts.jsonl
      # - ntfys://ntfy.sh/my-topic
      # \${NAME} is read from the environment only if this file is named: --config config/alerts.yml
      # - slack://hook:\${SLACK_HOOK}@webhook

# A dead man's switch, such as healthchecks.io, that hears from the monitor and calls when it hears nothing.
# heartbeat: { url: "https://hc-ping.com/\${HEARTBEAT_KEY}", every: 1m }
`;

/** The branch strategy of other repositories. */
export const BUILT_IN_STRATEGY: string = `# yaml-language-server: $schema=./branches.schema.json
# The branch strategy: which branches, versions and tags there are, where branches begin and are merged, and what has to
# pass before. \`deno task branch\` and \`deno task release\` obey it as main has it; docs/branches.md and docs/releases.md
# explain it.
version: 1

remote: origin
# Stable and protected: every commit on it passed the gate of its phase.
main: main
# Where features and phases meet.
develop: develop
# What develop has to pass to become main by \`branch finish develop\`: with features between two phases, and after the
# last one. {phase} is the last phase that is finished.
developGate: [deno, task, gate, --phase, "{phase}", --quick]
# The whole gate of a fix such as 1.1.1, at every stage: the runs of a day and a week are for versions that end with .0.
patchGate: [deno, task, gate, --phase, "{phase}", --quick]
# push: finish-phase, finish-hotfix and release stable push main themselves. pull-request: they push the rest, wait until
# main was merged on the server, and then tag what was merged.
mainBy: push

# What GitHub enforces besides: \`branch protect --write\` derives .github/rulesets from all of this.
protection:
  workflow: .github/workflows/ci.yml
  # The job that needs all others: one that was skipped would count as a success.
  checks: [all-checks]
  # Reviews that a pull request into main needs, with mainBy: pull-request.
  approvals: 1
  # Roles that finish branches by a push. The checks do not bind them: the gate judged what they push.
  finishBy: [maintain, admin]

# The lines of versions, the oldest first: 1.1.x are all versions that begin with 1.1. Each but the first begins once
# the line before it has a release. A line with a phase is where that phase leads: its first release is the phase's. A
# line with a gate of its own passes that one instead of those of the stages below.
lines:
  - { line: 1.0.x, title: Stable version with fixes only, gate: [deno, task, checks] }
  - { line: 1.1.x, title: Measuring and stability, phase: 1 }
  - { line: 1.2.x, title: Timeouts and fallback, phase: 2 }
  - { line: 1.3.x, title: Limited concurrency, phase: 3 }
  - { line: 2.0.x, title: Advanced optimization, phase: 4 }

# The stages of a release, in order: their tags, and the gate that the tagged tree has to pass. {version} is the release
# such as 1.1.0, {number} counts the candidates, {phase} is the phase of the line.
stages:
  - stage: alpha
    tag: v{version}-alpha
    gate: [deno, task, gate, --phase, "{phase}", --quick, --evidence, "{reports}"]
  - stage: beta
    tag: v{version}-beta
    gate: [deno, task, gate, --phase, "{phase}", --evidence, "{reports}"]
  - stage: candidate
    tag: v{version}-rc.{number}
    gate: [deno, task, gate, --phase, "{phase}", --evidence, "{reports}"]
  - stage: stable
    tag: v{version}
    gate: [deno, task, gate, --phase, "{phase}", --evidence, "{reports}"]

# In names, {phase} and {version} come from the lines above, {minor} is the version without its last number, and {name}
# is a word of the user. In gates, {reports} is the folder of reports in the user's checkout.
branches:
  - kind: phase
    name: performance/phase{phase}
    from: main
    into: [develop, main]
    gate: [deno, task, gate, --phase, "{phase}", --evidence, "{reports}"]
    tag: v{version}-phase{phase}
    beside: ["benchmark/phase{phase}-test"]
  - kind: feature
    name: feature/{name}
    from: develop
    into: [develop]
    gate: [deno, task, gate, --phase, "1", --quick, --target, develop]
  - kind: hotfix
    name: hotfix/{name}
    from: main
    into: [main, develop]
    gate: [deno, task, gate, --phase, "1", --quick]
  # Without a gate here: a release passes the one of its line and stage, whichever command merges it.
  - kind: release
    name: release/v{minor}-candidate
    also: ["release/v{version}-candidate", "release/v{version}-alpha", "release/v{version}-beta"]
    from: main
    into: [main, develop]
  - kind: experimental
    name: experimental/{name}
    from: develop
  - kind: benchmark
    name: benchmark/{name}
    from: main
`;

/** The plan of a rollout without a file of one's own. */
export const BUILT_IN_PLAN: string = `# yaml-language-server: $schema=./rollout.schema.json
# How a library moves from one engine to a faster one; docs/rollout.md explains the words.
# Begin with civitai-dl canary --percentage 10, or civitai-dl rollout start. A rollout that is under way keeps the steps
# that it began with.
version: 1
name: turbo

# Text that decides which files are in the canary; another text gives other files. The name if absent.
# salt: turbo

# Files outside of the canary, and all files after an abort, are fetched by the first profile.
from: stable
to: turbo

steps:
  - setWeight: 10
  - analysis: {}
  - pause: 1h
  - setWeight: 50
  - analysis: {}
  - setWeight: 100

# The judge. An analysis may have its own: analysis: { minSamples: 100 }.
thresholds:
  healthy: 1%
  failing: 5%
  alpha: 4%
  beta: 5%
  maxDrop: 25%
  speedAlpha: 0.1%
  minSamples: 50
  maxSourceErrors: 4
`;
