// @ts-check
// <couchdb-incidents>: what the failing replications of a database have in common; refreshes itself.

import { html, nothing } from "lit";
import { IncidentList } from "../../www/src/components/incident-list.js";
import { ServerClock } from "../../www/src/model/clock.js";
import { messageOf } from "../../www/src/model/format.js";
import { Incidents, incidentKey } from "../../www/src/model/incidents.js";
import { elementStyles } from "./element-styles.js";
import { WatchController } from "./watch-controller.js";

export class CouchdbIncidents extends IncidentList {
  /** @override */
  static properties = {
    client: { attribute: false },
    database: {},
    failure: { state: true },
  };

  /** @override */
  static styles = [elementStyles, ...IncidentList.styles];

  constructor() {
    super();
    /** @type {import("couchdb-scheduler").Client | null} */
    this.client = null;
    this.database = "_replicator";
    /** Of the last refresh. @type {unknown} */
    this.failure = null;
    this.addEventListener("incident-chosen", (event) => {
      const { incident } = /** @type {CustomEvent} */ (event).detail;
      this.chosen = incident && incidentKey(incident);
    });
    let found = new Incidents();
    const clock = new ServerClock();
    this.clock = clock;
    new WatchController(this, {
      onBegin: () => {
        found = new Incidents();
        this.failure = null;
        this.incidents = null;
      },
      onRefresh: async (delta, isWhole) => {
        const now = found;
        clock.take(delta);
        await now.take(delta);
        if (now !== found) return;
        this.failure = null;
        if (isWhole) this.incidents = now.list;
      },
      onFailure: (error) => {
        this.failure = error;
      },
    });
  }

  /** @override */
  render() {
    return html`${
      this.failure ? html`<p class="failure" part="failure" role="alert">${messageOf(this.failure)}</p>` : nothing
    }${super.render()}`;
  }
}
