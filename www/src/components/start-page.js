// @ts-check
// All servers: a card for each, and one search.

import { html, nothing } from "lit";
import { counted } from "../model/format.js";
import { fire } from "./fire.js";
import { LightElement } from "./light-element.js";
import "./search-everywhere.js";
import { serverCard } from "./server-card.js";

/** Fires `add-server`, `open-server` and `remove-server` with a URL, and the events of the search. */
class StartPage extends LightElement {
  /** @override */
  static properties = {
    cards: { attribute: false },
    faults: { attribute: false },
    search: { attribute: false },
  };

  constructor() {
    super();
    /** @type {readonly import("../connection/servers.js").Card[]} */
    this.cards = [];
    /** Of the configuration. @type {readonly string[]} */
    this.faults = [];
    /** @type {import("./search-everywhere.js").SearchEverywhere["search"]} */
    this.search = async () => {};
  }

  /** @override */
  render() {
    const { cards, faults } = this;
    const many = (/** @type {(card: import("../connection/servers.js").Card) => unknown} */ is) =>
      cards.filter(is).length;
    const failed = many(({ status }) => status === "failed");
    const locked = many(({ status }) => status === "locked");
    const incidents = cards.reduce((sum, { incidents }) => sum + incidents.length, 0);
    return html`<section class="start-page" aria-labelledby="start-page-title">
      <header class="flow">
        <h2 id="start-page-title" tabindex="-1">Servers</h2>
        <p class="hint">${[
          counted(cards.length, "server"),
          failed > 0 && `${failed} unreachable`,
          locked > 0 && `${locked} without password`,
          counted(incidents, "incident"),
        ]
          .filter(Boolean)
          .join(" · ")}</p>
        <button type="button" class="primary" @click=${() => fire(this, "add-server")}>Add a server</button>
      </header>
      ${faults.length > 0 ? html`<div class="trouble-box">${faults.map((fault) => html`<p>${fault}</p>`)}</div>` : nothing}
      <search-everywhere .search=${this.search} .skipped=${locked}></search-everywhere>
      <ul class="cards">
        ${cards.map((card) => html`<li>${serverCard(card, (type) => fire(this, type, card.server.url))}</li>`)}
      </ul>
    </section>`;
  }
}

customElements.define("start-page", StartPage);
