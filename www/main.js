// @ts-check
// The page: connects, then shows and refreshes until it is told otherwise.

import { configuredUrl } from "./config.js";
import { ConnectForm } from "./connect-form.js";
import { SchedulerError } from "./couchdb-scheduler/index.js";
import { Dashboard } from "./dashboard.js";
import { byId, setText } from "./dom.js";
import { recall, remember } from "./remembered.js";
import { repeat } from "./repeat.js";
import { Server } from "./server.js";
import * as status from "./status.js";
import { inWords, needsLogin } from "./words.js";

/** Milliseconds from one refresh to the next. */
const INTERVAL = 5000;

const form = new ConnectForm(connect);
const dashboard = new Dashboard(() => refreshing.restart());
const refreshing = repeat(refresh, INTERVAL);
const serverLine = byId("server", HTMLElement);
const freshness = byId("freshness", HTMLElement);

/** @type {Server | undefined} */
let server;
let username = "";
let isConnected = false;

/** @param {import("./server.js").Login} login */
function connect(login) {
  username = login.username;
  try {
    server = new Server(login);
  } catch (error) {
    return form.show({ ...login, trouble: words(error, login.url) });
  }
  form.wait();
  refreshing.restart();
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<number | undefined>} how long to wait until the next, in ms
 */
async function refresh(signal) {
  if (!server) return undefined;
  try {
    const snapshot = await server.load(dashboard.database, signal);
    if (signal.aborted) return undefined;
    if (!isConnected) enter(server);
    dashboard.show(snapshot);
    status.showSuccess();
    return undefined;
  } catch (error) {
    return signal.aborted ? undefined : fail(error, server.url);
  }
}

/** The first answer has come. @param {Server} connected */
async function enter(connected) {
  isConnected = true;
  remember({ url: connected.url, username });
  form.hide();
  freshness.hidden = false;
  serverLine.hidden = false;
  setText(serverLine, connected.url);
  status.announce(`Connected to ${connected.url}`);
  const name = await connected.name();
  if (name !== "" && server === connected) setText(serverLine, `${connected.url} · ${name}`);
}

/**
 * @param {unknown} error
 * @param {string} url
 * @returns {number | undefined} how long to wait until the next attempt, in ms
 */
function fail(error, url) {
  if (!isConnected || needsLogin(error)) {
    leave({ url, username, trouble: words(error, url), wantsPassword: needsLogin(error) });
    return undefined;
  }
  status.showFailure(`${words(error, url)} It will be asked again.`);
  const seconds = error instanceof SchedulerError ? error.retryAfter : null;
  return seconds === null ? undefined : Math.max(INTERVAL, seconds * 1000);
}

/** Back to the form. @param {Parameters<ConnectForm["show"]>[0]} what */
function leave(what) {
  refreshing.stop();
  server = undefined;
  isConnected = false;
  dashboard.leave();
  status.reset();
  freshness.hidden = true;
  serverLine.hidden = true;
  form.show(what);
}

/**
 * @param {unknown} error
 * @param {string} url
 */
const words = (error, url) => inWords(error, { url, username, database: dashboard.database });

/** The server that the page was told of needs no password from us: whoever serves the page adds it. */
async function begin() {
  const configured = await configuredUrl();
  const { url, username } = recall() ?? { url: configured ?? "", username: "" };
  if (configured !== null && url === configured && username === "") connect({ url, username, password: "" });
  else form.show({ url, username });
}

byId("refresh", HTMLButtonElement).addEventListener("click", refreshing.hurry);
byId("disconnect", HTMLButtonElement).addEventListener("click", () => {
  leave({ url: server?.url ?? "", username });
  byId("url", HTMLInputElement).focus();
});
await begin();
