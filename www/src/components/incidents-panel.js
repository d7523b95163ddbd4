// @ts-check
// The present incidents, and on demand those of the last 24 hours.

import { html, nothing } from "lit";
import { incidentKey } from "../model/incidents.js";
import { VIEWS } from "../model/location.js";
import { IncidentList } from "./incident-list.js";
import { DayOfIncidents } from "./incident-timeline.js";
import { LightElement } from "./light-element.js";

class IncidentsPanel extends LightElement {
  /** @override */
  static properties = {
    incidents: { attribute: false },
    spells: { attribute: false },
    watched: { attribute: false },
    chosen: { attribute: false },
    canRestart: { attribute: false },
    retrying: { attribute: false },
    clock: { attribute: false },
    showsDay: { state: true },
  };

  constructor() {
    super();
    /** null: not known yet. @type {readonly import("../model/incidents.js").Incident[] | null} */
    this.incidents = null;
    /** @type {readonly import("../model/incident-timeline.js").Spell[]} */
    this.spells = [];
    /** When the page looked. @type {readonly import("../model/incident-timeline.js").Range[]} */
    this.watched = [];
    /** @type {string | null} */
    this.chosen = null;
    this.canRestart = false;
    this.retrying = 0;
    /** @type {{ now(): number }} */
    this.clock = Date;
    this.showsDay = false;
  }

  /** @override */
  render() {
    if (!this.incidents) return nothing;
    const toggle = () => {
      this.showsDay = !this.showsDay;
    };
    return html`
      <incident-list .incidents=${this.incidents} .chosen=${this.chosen} .canRestart=${this.canRestart}
        .retrying=${this.retrying} .clock=${this.clock} .beganOf=${beganIn(this.spells)}>
        <button type="button" class="pill low" aria-expanded=${this.showsDay} @click=${toggle}>Last 24 hours</button>
      </incident-list>
      ${
        this.showsDay
          ? html`<day-of-incidents class="box" .spells=${this.spells} .watched=${this.watched}></day-of-incidents>`
          : nothing
      }`;
  }
}

/**
 * A replication that CouchDB tries again is not failing for that moment: the others say a later time, but the incident lasts.
 *
 * @param {readonly import("../model/incident-timeline.js").Spell[]} spells
 * @returns {IncidentList["beganOf"]}
 */
const beganIn = (spells) => (incident) => {
  const key = incidentKey(incident);
  const began = incident.began ?? incident.since;
  const spell = spells.find((one) => one.to === null && one.key === key);
  return spell && !(Date.parse(began ?? "") <= spell.from) ? new Date(spell.from).toISOString() : began;
};

customElements.define("incident-list", IncidentList);
customElements.define("day-of-incidents", DayOfIncidents);
customElements.define("incidents-panel", IncidentsPanel);

/**
 * Where the list shows only the rows of an incident: they are those of the documents.
 *
 * @param {import("../model/location.js").Place} place
 * @param {import("../model/filter.js").IncidentKey | null} incident null: no longer
 * @returns {import("../model/location.js").Place}
 */
export function narrowedTo(place, incident) {
  const chosen = incident && { cause: incident.cause, side: incident.side, host: incident.host };
  return { ...place, view: VIEWS[0], list: "docs", key: null, filter: { ...place.filter, incident: chosen } };
}
