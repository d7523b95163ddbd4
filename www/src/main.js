// @ts-check
// The entry of the page: connects, and shows the dashboard until the user disconnects.

import { announce } from "./components/announce.js";
import { ConnectForm } from "./components/dialogs/connect.js";
import { byId, setText } from "./components/dom.js";
import { configuration } from "./connection/config.js";
import { connectionTo, nameOf } from "./connection/connection.js";
import { needsLogin, troubleOf } from "./connection/trouble.js";
import { tryOutConnection } from "./connection/try-out.js";
import { Dashboard } from "./dashboard.js";
import { forgetClock } from "./model/clock.js";

/** @typedef {import("./connection/connection.js").Connection} Connection */

const form = new ConnectForm(connect, tryOut);
const dashboard = new Dashboard({ onConnected: enter, onLost: leave });
const serverLine = byId("server", HTMLElement);
const tools = byId("tools", HTMLElement);
/** @type {import("./connection/config.js").Configured} */
let configured = { url: null, writes: null };

/** @param {import("./connection/connection.js").Login} login */
function connect(login) {
  try {
    const connection = connectionTo(login);
    // Only what the client accepted, as it understood it: without the password.
    form.remember({ url: connection.client.url, how: login.how, username: connection.username });
    open({ ...connection, writes: connection.client.url === configured.url ? configured.writes : null });
  } catch (error) {
    form.show(troubleOf(error, { ...login, database: "" }));
  }
}

async function tryOut() {
  form.wait();
  open(await tryOutConnection());
}

/** @param {Connection} connection */
function open(connection) {
  form.wait();
  forgetClock();
  dashboard.open(connection);
}

/** The first response has arrived. @param {Connection} connection */
async function enter(connection) {
  form.hide();
  tools.hidden = false;
  serverLine.hidden = false;
  const where = connection.isTryOut
    ? "Simulated server inside this page, ten times as fast as real time"
    : connection.client.url;
  const { writes } = connection;
  const may = writes === null ? "" : writes ? "changes allowed" : "changes refused";
  const show = (/** @type {string} */ name) => setText(serverLine, [where, name, may].filter(Boolean).join(" · "));
  show("");
  announce(`Connected to ${where}`);
  const name = connection.isTryOut ? "" : await nameOf(connection);
  if (dashboard.connection === connection) show(name);
}

/** Returns to the form. @param {Connection} connection @param {unknown} error */
function leave({ client, username }, error) {
  close();
  form.show(troubleOf(error, { url: client.url, username, database: dashboard.database }), needsLogin(error));
}

function close() {
  dashboard.close();
  tools.hidden = true;
  serverLine.hidden = true;
}

/** The configured server may not need a password from the page: a proxy can add it. */
async function begin() {
  configured = await configuration();
  if (configured.url !== null) form.suggest(configured.url);
  const { login } = form;
  if (login.url !== "" && login.url === configured.url && login.how === "none") connect({ ...login, password: "" });
  else form.show();
}

byId("disconnect", HTMLButtonElement).addEventListener("click", () => {
  close();
  form.show();
  form.focus();
});
await begin();
