// @ts-check
// `npm start`: sets up what building needs, builds the package, and serves the dashboard until Ctrl-C.
//
// COUCHDB_URL=http://user:password@host:5984 shows a real server instead of the simulator. PORT is where to listen
// (8080, or the next that is free); HOST on which address, 127.0.0.1 unless told.

import { build } from "./build.js";
import { startDevServer } from "./dev-server.js";
import { exitOnSignals } from "./lib/run.js";
import { bold, Stop, say, start } from "./lib/say.js";

/** A fleet to look at: hours go by in minutes. */
const FLEET = { docs: 1000, clock: { start: Date.now(), speed: 10 } };

/** `COUCHDB_URL`, checked; and without its password, to be printed. */
function readCouchdbUrl() {
  const text = process.env.COUCHDB_URL;
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Stop("COUCHDB_URL is no address of a server: it looks like http://user:password@localhost:5984");
  }
  return { url: url.href, shown: url.host + url.pathname.replace(/\/$/, "") };
}

exitOnSignals();
await start(async () => {
  const couchdb = readCouchdbUrl();
  const port = Number(process.env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Stop("PORT is not a port.");
  await build();
  const server = await startDevServer({ port, host: process.env.HOST, couchdbUrl: couchdb?.url, simulator: FLEET });
  say(`${bold(server.url)}  shows ${couchdb?.shown ?? `a simulated server with ${FLEET.docs} replications`}`);
  say("Ctrl-C ends it.");

  const end = async () => {
    await server.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal).once(signal, end);
});
