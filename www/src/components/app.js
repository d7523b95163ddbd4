// @ts-check
// The whole page: connects, and shows the dashboard until the user disconnects.

import { html, nothing } from "lit";
import { configuration, connectionIn, UNCONFIGURED } from "../connection/config.js";
import { nameOf, release } from "../connection/connection.js";
import { recall, remember } from "../connection/remembered.js";
import { needsLogin, troubleOf } from "../connection/trouble.js";
import { tryOutConnection } from "../connection/try-out.js";
import { fragmentOf, goTo, readFragment, START } from "../model/location.js";
import { announce } from "./announce.js";
import "./connect-form.js";
import "./dashboard.js";
import { fleetAt, orderIn } from "./fleet-at.js";
import { LightElement } from "./light-element.js";
import { readOnlySwitch, serverLine, TITLE, whereIs } from "./masthead.js";
import { freshness } from "./notice.js";
import { SeveralServers } from "./several-servers.js";

/**
 * @typedef {import("../connection/connection.js").Connection} Connection
 * @typedef {import("../connection/fleet.js").Fleet} Fleet
 * @typedef {import("../connection/trouble.js").Trouble} Trouble
 * @typedef {import("../model/location.js").Place} Place
 */

class ReplicationsApp extends LightElement {
  /** @override */
  static properties = {
    place: { state: true },
    fleet: { state: true },
    hasEntered: { state: true },
    serverName: { state: true },
    mayWrite: { state: true },
    configured: { state: true },
    isFormOpen: { state: true },
    isConnecting: { state: true },
    trouble: { state: true },
    wantsPassword: { state: true },
  };

  constructor() {
    super();
    this.place = readFragment();
    /** What is shown, or about to be. @type {Fleet | null} */
    this.fleet = null;
    /** Whether the first response of the server has arrived. */
    this.hasEntered = false;
    this.serverName = "";
    /** The opposite of the read-only switch. */
    this.mayWrite = false;
    this.configured = UNCONFIGURED;
    /** @type {SeveralServers | null} */
    this.several = null;
    /** Whether the browser keeps the server that the user connects to. */
    this.isRemembered = false;
    this.isFormOpen = false;
    this.isConnecting = false;
    /** Why the page is not connected (any more). @type {Trouble | null} */
    this.trouble = null;
    /** Whether another password could help. */
    this.wantsPassword = false;
    addEventListener("hashchange", () => this.#go(readFragment()));
    void this.#begin();
  }

  /** In place of what index.html says until then. @override */
  connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
  }

  // ------------------------------------------------------------------------------ connect, disconnect

  /** The configured server may not need a password from the page: a proxy can add it. */
  async #begin() {
    this.configured = await configuration();
    const { url } = this.configured;
    this.several = this.#severalOf(this.configured);
    if (this.several.isOn) return this.several.go(this.place);
    const known = recall();
    const isOpen = !known || (known.username === "" && known.how !== "session" && (known.url || url) === url);
    if (url !== null && isOpen) this.#connect({ url, how: "none", username: "", password: "" });
    else this.isFormOpen = true;
  }

  /** @param {CustomEvent<import("./connect-form.js").LoginRequest>} event */
  #logIn({ detail: { isRemembered, ...login } }) {
    if (!isRemembered) remember(null);
    this.isRemembered = isRemembered;
    const url = this.#connect(login);
    // Only what the client accepted, as it understood it: without the password.
    if (isRemembered && url) remember({ url, how: login.how, username: login.username });
  }

  /** @param {import("../connection/connection.js").Login} login @returns {string | undefined} the URL if it is one */
  #connect(login) {
    try {
      const connection = connectionIn(this.configured, login);
      const { url } = connection.client;
      this.#open(connection);
      return url;
    } catch (error) {
      this.#showForm(troubleOf(error, { ...login, database: "" }));
    }
    return undefined;
  }

  async #tryOut() {
    this.#wait();
    // It is gone with the page.
    this.isRemembered = false;
    try {
      this.#open(await tryOutConnection());
    } catch (error) {
      this.#showForm(troubleOf(error, { url: location.href, username: "", database: "" }));
    }
  }

  #wait() {
    this.isConnecting = true;
    this.trouble = null;
  }

  /** @param {Trouble | null} [trouble] @param {boolean} [wantsPassword] */
  #showForm(trouble = null, wantsPassword = false) {
    this.isFormOpen = true;
    this.isConnecting = false;
    this.trouble = trouble;
    this.wantsPassword = wantsPassword;
  }

  /** @param {Connection} connection */
  #open(connection) {
    this.#wait();
    this.#follow(connection, false);
  }

  /** Shows the fleet of the place's database. @param {Connection} connection @param {boolean} hasResponded */
  #follow(connection, hasResponded) {
    this.fleet?.stop();
    const fleet = fleetAt(this.place, connection, hasResponded);
    this.fleet = fleet;
    fleet.watchJobs(this.place.list === "jobs");
    fleet.subscribe({
      onRefresh: ({ list, hasRecovered }) => {
        if (!this.hasEntered) this.#enter(connection);
        if (hasRecovered && list === this.place.list) announce("The server responds again");
        this.requestUpdate();
      },
      onFailure: ({ error, retryAt }) => {
        if (retryAt === null) this.#lose(fleet, error);
        this.requestUpdate();
      },
    });
    fleet.start();
  }

  /** The first response has arrived. @param {Connection} connection */
  async #enter(connection) {
    // Otherwise nothing would have the focus.
    if (document.activeElement?.closest("connect-form, start-page")) this.find("#content").focus();
    this.hasEntered = true;
    this.isFormOpen = false;
    this.isConnecting = false;
    announce(`Connected to ${whereIs(connection)}`);
    if (this.several?.isOn) this.#keep(this.several, connection);
    if (this.fleet?.database !== this.place.database) this.#follow(connection, true);
    const name = connection.isTryOut ? "" : await nameOf(connection);
    if (this.fleet?.connection === connection) this.serverName = name;
  }

  /** A retry would not help. @param {Fleet} fleet @param {unknown} error */
  #lose(fleet, error) {
    this.#close();
    this.#showForm(fleet.troubleOf(error), needsLogin(error));
    if (!this.several?.isOn) return;
    const { connection } = fleet;
    if (needsLogin(error)) this.several.forget(connection);
    this.find("connect-form").fill({ ...connection, url: connection.client.url });
  }

  #close() {
    this.fleet?.stop();
    this.fleet = null;
    this.hasEntered = false;
    this.serverName = "";
    this.mayWrite = false;
    document.title = TITLE;
  }

  async #disconnect() {
    const connection = this.fleet?.connection;
    if (this.several?.isOn && connection) {
      this.several.forget(connection);
      await this.#showServers();
    } else {
      this.#close();
      this.#showForm();
      await this.updateComplete;
      const form = this.find("connect-form");
      await form.updateComplete;
      form.focusFirst();
    }
    // Nothing shows it any more.
    if (connection) release(connection);
  }

  // ------------------------------------------------------------------------------ several servers

  /** @param {import("../connection/config.js").Configured} configured */
  #severalOf(configured) {
    return new SeveralServers(configured, {
      connectionOf: (login) => connectionIn(configured, login),
      open: (connection, isRemembered) => {
        this.isRemembered = isRemembered;
        this.#open(connection);
      },
      close: () => {
        this.#close();
        this.isConnecting = false;
        this.isFormOpen = false;
      },
      askFor: (login) => void this.#askFor(login),
      update: () => this.requestUpdate(),
    });
  }

  get #areServersShown() {
    return this.several?.isOn === true && !this.isFormOpen && !this.hasEntered;
  }

  /** @override */
  updated() {
    this.several?.show(this.#areServersShown);
  }

  /** @param {SeveralServers} several @param {Connection} connection */
  #keep(several, connection) {
    this.place = { ...this.place, server: several.keep(connection, this.isRemembered) };
    goTo(this.place, { replaces: true });
  }

  /** @param {Omit<import("../connection/connection.js").Login, "password">} login */
  async #askFor(login) {
    this.#showForm();
    await this.updateComplete;
    await this.find("connect-form").fill(login);
  }

  async #showServers() {
    // The user does not wait for it any more.
    if (!this.hasEntered) this.#close();
    const { several, fleet } = this;
    if (several && fleet && !several.isOn) {
      several.isOn = true;
      this.isRemembered = recall() !== null;
      this.#keep(several, fleet.connection);
    }
    goTo(START);
    this.#go(START);
    this.isFormOpen = false;
    this.isConnecting = false;
    await this.updateComplete;
    await this.find("start-page")?.updateComplete;
    this.find("#start-page-title")?.focus();
  }

  // ------------------------------------------------------------------------------ place

  /** @param {Place} asked */
  #go(asked) {
    const before = this.place;
    // Jobs belong to no database: keep the present one.
    const place = asked.list === "jobs" ? { ...asked, database: before.database } : asked;
    this.place = place;
    if (this.several?.isOn && place.server !== before.server) return this.several.go(place);
    const { fleet } = this;
    if (!fleet) return;
    if (this.hasEntered && place.database !== fleet.database) return this.#follow(fleet.connection, true);
    fleet.watchJobs(place.list === "jobs");
    const { filter, order } = before;
    if (!isSame({ filter: place.filter }, { filter })) fleet.filterBy(place.filter);
    if (!isSame({ order: place.order }, { order })) fleet.orderBy(orderIn(fleet, place.order));
  }

  // ------------------------------------------------------------------------------ display

  /** @override */
  render() {
    const { fleet, hasEntered } = this;
    const failure = hasEntered && fleet ? fleet[this.place.list].failure : null;
    const trouble = failure && fleet ? fleet.troubleOf(failure.error) : null;
    return html`
      <header class="masthead">
        <a class="skip-link" href="#content" id="skip" @click=${this.#skip}>Skip to the replications</a>
        <img src="icon.svg" alt="" width="22" height="22">
        <h1>Replications</h1>
        ${
          hasEntered && fleet
            ? html`${serverLine(fleet.connection, this.serverName)}
              <div class="masthead-tools">
                ${freshness(fleet[this.place.list])} ${readOnlySwitch(!this.mayWrite, () => this.#switch())}
                <button type="button" id="servers" @click=${this.#showServers}>Servers</button>
                <button type="button" id="disconnect" @click=${this.#disconnect}>Disconnect</button>
              </div>`
            : nothing
        }
      </header>
      <failure-notice .words=${trouble ? [trouble.message, ...trouble.remedy].join(" ") : ""}
        .retryAt=${failure?.retryAt ?? null} @hurry=${() => fleet?.[this.place.list].hurry()}></failure-notice>
      <main id="content" tabindex="-1">${this.#start()} ${this.#dashboard()}</main>`;
  }

  /** What is shown before a server is. */
  #start() {
    return html`${this.#areServersShown ? this.several?.render() : nothing}
      <connect-form .isOpen=${this.isFormOpen} .isBusy=${this.isConnecting} .trouble=${this.trouble}
        .wantsPassword=${this.wantsPassword} .suggestedUrl=${this.several?.isOn ? null : this.configured.url}
        .canGoBack=${this.several?.isOn ?? false} @login=${this.#logIn} @try-out=${this.#tryOut} @back=${this.#showServers}></connect-form>`;
  }

  #dashboard() {
    if (!this.hasEntered) return nothing;
    return html`<replications-dashboard class="dashboard" id="dashboard" .fleet=${this.fleet} .place=${this.place}
      .mayWrite=${this.mayWrite}></replications-dashboard>`;
  }

  #switch() {
    if (this.fleet?.connection.writes !== false) this.mayWrite = !this.mayWrite;
    else this.find("action-dialogs").explainWrites(this.fleet);
  }

  /** The fragment has another meaning here. @param {Event} event */
  #skip(event) {
    event.preventDefault();
    if (this.hasEntered) this.find("replications-dashboard").focusRow();
    else this.find("#content").focus();
  }
}

/** Whether these parts of two places are equal. @param {Partial<Place>} a @param {Partial<Place>} b */
const isSame = (a, b) => fragmentOf({ ...START, ...a }) === fragmentOf({ ...START, ...b });

customElements.define("replications-app", ReplicationsApp);
