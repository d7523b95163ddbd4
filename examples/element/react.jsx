// What fails on a CouchDB server, and its replications, as a React component. React 19 sets properties of elements, and adds
// listeners for "on" and the name of an event.

import { Client } from "couchdb-scheduler";
import "couchdb-scheduler/element/define";
import { useMemo, useState } from "react";

export function Replications({ url, username, password }) {
  // Another client would begin again, so it stays the same as long as its options do.
  const client = useMemo(() => new Client(url, { auth: { username, password } }), [url, username, password]);
  const [incident, setIncident] = useState(null);
  const [chosen, setChosen] = useState(null);
  const [error, setError] = useState(null);

  return (
    <section>
      {error && <p role="alert">{error.message}</p>}
      <couchdb-incidents client={client} onincident-chosen={({ detail }) => setIncident(detail.incident)} />
      <couchdb-replications
        client={client}
        incident={incident}
        chosen={chosen}
        searchable
        onreplication-chosen={({ detail }) => setChosen(detail.key)}
        onreplications-error={({ detail }) => setError(detail.error)}
      />
      <p>{chosen ? `Chosen: ${chosen}` : "Choose a replication."}</p>
    </section>
  );
}
