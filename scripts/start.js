// @ts-check
// `npm start`: sets up what building needs, builds the package, and serves the dashboard until Ctrl-C.
//
// COUCHDB_URL=http://user:password@host:5984 shows a real server instead of the simulator, read-only unless
// `npm start -- --allow-writes` (or ALLOW_WRITES=1) allows changes. PORT is the port (8080, or the next free
// one); HOST is the address, 127.0.0.1 by default; ALLOWED_HOSTS=name,… lists other names of this server.

import { build } from "./build.js";
import { startDevServer } from "./dev-server.js";
import { takeCouchdbEnv } from "./lib/couchdb-env.js";
import { exitOnSignals } from "./lib/run.js";
import { bold, red, Stop, say, start } from "./lib/say.js";

/** Fast, so that hours pass in minutes. */
const FLEET = { docs: 1000, clock: { start: Date.now(), speed: 10 } };

const EXAMPLE = "http://user:password@localhost:5984";

/** Checks `COUCHDB_URL`; returns it, and a copy without its password for printing. @param {string | undefined} text */
function readCouchdbUrl(text) {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Stop(`COUCHDB_URL is not the URL of a server: it looks like ${EXAMPLE}`);
  }
  // A password ends at a raw / ? or #, so the rest would be shown.
  if (url.search || url.hash || url.pathname.includes("@")) {
    throw new Stop(
      `COUCHDB_URL has parts that do not belong there: it looks like ${EXAMPLE}. In a password, / ? # @ are written %2F %3F %23 %40.`,
    );
  }
  return { url: url.href, shown: url.host + url.pathname.replace(/\/$/, "") };
}

function readOptions() {
  const couchdb = readCouchdbUrl(takeCouchdbEnv().COUCHDB_URL);
  const { PORT, HOST, ALLOW_WRITES = "", ALLOWED_HOSTS = "" } = process.env;
  const port = Number(PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Stop("PORT is not a port number.");
  const args = process.argv.slice(2);
  const unknown = args.filter((arg) => arg !== "--allow-writes");
  if (unknown.length > 0) throw new Stop(`Unknown option ${unknown.join(" ")}: the only option is --allow-writes.`);
  if (!["", "0", "1"].includes(ALLOW_WRITES)) throw new Stop("ALLOW_WRITES is 1 or 0.");
  return {
    couchdb,
    port,
    host: HOST || undefined,
    allowWrites: args.length > 0 || ALLOW_WRITES === "1",
    allowedHosts: ALLOWED_HOSTS.split(",").flatMap((name) => name.trim() || []),
  };
}

exitOnSignals();
await start(async () => {
  const { couchdb, allowWrites, ...options } = readOptions();
  await build();
  const server = await startDevServer({ ...options, allowWrites, couchdbUrl: couchdb?.url, simulator: FLEET });
  // Before the line about Ctrl-C: a signal between the old listener and the new one would be lost.
  const end = async () => {
    await server.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal).once(signal, end);
  say(`${bold(server.url)}  shows ${couchdb?.shown ?? `a simulated server with ${FLEET.docs} replications`}`);
  if (couchdb && allowWrites) say("It allows changes: replications can be started and stopped.");
  if (couchdb && !allowWrites) say("It is read-only: `npm start -- --allow-writes` allows changes.");
  if (server.isPublic) {
    const may = allowWrites ? "read and change" : "read";
    const what = couchdb ? `${couchdb.shown} with the credentials of COUCHDB_URL` : "the simulated server";
    say(red(`WARNING: other machines can reach it. Everyone who does can ${may} ${what}.`));
  }
  say("Ctrl-C ends it.");
});
