// @ts-check
// The vendor's client. Its rows stay as they are, without normalization.

import { BasicAuthenticator, CloudantV1 } from "@ibm-cloud/cloudant";
import { tally } from "./rows.js";

/** @type {import("./index.js").Connect} */
export function connect(url, credentials) {
  const client = new CloudantV1({ authenticator: new BasicAuthenticator(credentials) });
  client.setServiceUrl(url);
  const docs = async () => (await client.getSchedulerDocs()).result;
  return {
    listDocs: docs,
    listJobs: async () => (await client.getSchedulerJobs({ limit: 1_000_000_000 })).result,
    summary: async () => tally((await docs()).docs),
    async eachDoc(onRow) {
      for (const row of (await docs()).docs) onRow(row);
    },
  };
}
