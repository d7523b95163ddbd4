// For the type checker only: web servers put the package itself at this place, and the modules of the page import it
// as `couchdb-scheduler/index.js`, because a strict Content-Security-Policy allows no import map.
export * from "couchdb-scheduler";
