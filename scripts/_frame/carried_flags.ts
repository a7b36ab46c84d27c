/** The flag that names the library, by command: `carriedTo` of each of them. */
export const IN_LIBRARY: Readonly<Record<string, string>> = {
  download: "output",
  update: "output",
  verify: "output",
  repair: "output",
  list: "output",
  status: "library",
  failsafe: "library",
  canary: "library",
  rollout: "library",
  deploy: "library",
  "collect-metrics": "library",
  "check-alerts": "library",
  alerts: "library",
  monitor: "library",
  doctor: "library",
  "health-check": "library",
  "debug-info": "library",
};

/** The flag that names the folder of logs, by command: `carriedTo` of each of them. */
export const IN_LOGS: Readonly<Record<string, string>> = {
  download: "logs",
  update: "logs",
  repair: "logs",
  status: "logs",
  "analyze-metrics": "logs",
  "collect-metrics": "logs",
  "check-alerts": "logs",
  alerts: "logs",
  monitor: "logs",
  doctor: "logs",
  "health-check": "logs",
  "debug-info": "logs",
};

/** The flag that replaces the site, by command: `carriedTo` of each of them. */
export const IN_SANDBOX: Readonly<Record<string, string>> = {
  download: "sandbox",
  update: "sandbox",
  verify: "sandbox",
  repair: "sandbox",
  search: "sandbox",
  doctor: "sandbox",
  "health-check": "sandbox",
  "debug-info": "sandbox",
};

/** The flag that names the address of the API, by command: `carriedTo` of it. */
export const IN_API: Readonly<Record<string, string>> = {
  download: "base-url",
  update: "base-url",
  verify: "base-url",
  repair: "base-url",
  search: "base-url",
  doctor: "base-url",
  "health-check": "base-url",
  "debug-info": "base-url",
};

/** The flag that names the repository, by command: `carriedTo` of each of them. */
export const IN_REPOSITORY: Readonly<Record<string, string>> = {
  branch: "repo",
  release: "repo",
  install: "repo",
  rollback: "repo",
  "production-test": "repo",
  "benchmark-compare": "repo",
  "check-regression": "repo",
};
