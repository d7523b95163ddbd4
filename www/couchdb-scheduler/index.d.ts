// Only for the type checker: web servers serve the package itself from this folder, and the modules of the page import it
// as `couchdb-scheduler/index.js`, because a strict Content-Security-Policy allows no import map.
export * from "couchdb-scheduler";
