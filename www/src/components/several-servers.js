// @ts-check
// What the page does when there is more than one server: it begins with their cards, and the place names the one that is shown.

import { html } from "lit";
import { recall, remember } from "../connection/remembered.js";
import { searchEverywhere } from "../connection/search-everywhere.js";
import { Servers } from "../connection/servers.js";
import { goTo, START } from "../model/location.js";
import "./start-page.js";

/**
 * @typedef {import("../connection/connection.js").Connection} Connection
 * @typedef {import("../connection/connection.js").Login} Login
 * @typedef {import("../model/location.js").Place} Place
 * @typedef {import("../model/servers.js").Server} Server
 *
 * @typedef {object} Page
 * @property {(login: Login) => Connection} connectionOf
 * @property {(connection: Connection, isRemembered: boolean) => void} open shows this server
 * @property {() => void} close shows no server
 * @property {(login: Omit<Login, "password">) => void} askFor shows the form
 * @property {() => void} update
 */

export class SeveralServers {
  /** Whether there are several, or are to be. */
  isOn = false;
  #page;
  #faults;
  #servers;
  #areCardsShown = false;

  /** @param {import("../connection/config.js").Configured} configured @param {Page} page */
  constructor({ servers, faults }, page) {
    this.#page = page;
    this.#faults = faults;
    for (const fault of faults) console.warn(fault);
    this.#servers = new Servers(servers, (server) => page.connectionOf({ ...server, password: "" }), page.update);
    this.isOn = this.#servers.list.length > 1;
  }

  /** @param {(server: Server) => boolean} is */
  #find(is) {
    return this.#servers.list.find(is);
  }

  /** Shows the server of the place; without one, all of them. @param {Place} place */
  go(place) {
    this.#page.close();
    const server = this.#find(({ name }) => name === place.server);
    if (server) this.#connect(server);
  }

  /** @param {Server} server */
  #connect(server) {
    const { connectionOf, open, askFor } = this.#page;
    const card = this.#servers.cards.find((card) => card.server === server);
    const connection = this.#servers.connectionTo(server.url);
    if (connection) open(connection, server.isRemembered);
    else if (server.how === "password" || card?.error) askFor(server);
    else open(connectionOf({ ...server, password: "" }), server.isRemembered);
  }

  /**
   * The server has responded. @param {Connection} connection @param {boolean} isRemembered @returns {string | null} its name
   */
  keep(connection, isRemembered) {
    const { url } = connection.client;
    if (this.#servers.connectionTo(url) !== connection) this.#servers.add(connection, isRemembered);
    return this.#find((server) => server.url === url)?.name ?? null;
  }

  /** Forgets the password. @param {Connection} connection */
  forget({ client }) {
    this.#servers.disconnect(client.url);
  }

  /** Cards are refreshed while they are shown. @param {boolean} areShown */
  show(areShown) {
    if (areShown === this.#areCardsShown) return;
    this.#areCardsShown = areShown;
    if (areShown) this.#servers.start();
    else this.#servers.stop();
  }

  /** @param {string} url @param {Partial<Place>} [place] */
  #goTo(url, place) {
    const server = this.#find((server) => server.url === url);
    if (server) goTo({ ...START, ...place, server: server.name });
  }

  /** @param {string} url */
  #remove(url) {
    if (recall()?.url === url) remember(null);
    this.#servers.remove(url);
  }

  /** @type {import("./search-everywhere.js").SearchEverywhere["search"]} */
  #search = (text, signal, onFound) => {
    const targets = this.#servers.list.flatMap((server) => {
      const connection = this.#servers.connectionTo(server.url);
      return connection ? [{ server, connection }] : [];
    });
    return searchEverywhere(targets, text, signal, onFound);
  };

  render() {
    return html`<start-page .cards=${this.#servers.cards} .faults=${this.#faults} .search=${this.#search}
      @open-server=${(/** @type {CustomEvent<string>} */ { detail }) => this.#goTo(detail)}
      @open-replication=${(/** @type {CustomEvent<{ url: string, database: string, key: string }>} */ { detail }) => {
        const { url, ...place } = detail;
        this.#goTo(url, place);
      }}
      @add-server=${() => this.#page.askFor({ url: "", how: "password", username: "" })}
      @remove-server=${(/** @type {CustomEvent<string>} */ { detail }) => this.#remove(detail)}></start-page>`;
  }
}
