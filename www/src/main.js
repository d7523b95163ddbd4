// @ts-check
// The entry of the page.

import "./components/app.js";
