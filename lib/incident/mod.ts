/**
 * Incidents: the steps from the first minute of an emergency to the last step of the recovery, and a timeline that
 * records them. The timeline of an incident is one file in `logs/incidents/`.
 *
 * @module
 */
export {
  INCIDENT_PROBLEMS,
  type IncidentProblem,
  type IncidentStage,
  type IncidentStep,
  incidentSteps,
} from "./incident_steps.ts";
export { type IncidentStatus, judgeIncident, type StepState, type StepStatus } from "./judge_incident.ts";
export { renderTimeline } from "./render_timeline.ts";
export {
  closeIncident,
  findOpenIncident,
  type Incident,
  type IncidentEntry,
  noteIncident,
  recordCommand,
  startIncident,
} from "./timeline.ts";
