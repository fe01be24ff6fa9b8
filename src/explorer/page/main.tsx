/** The page begins here. */
import { render } from "preact";
import { openAddress } from "./address.ts";
import { App } from "./app.tsx";
import { acceptDrops, openEmbedded } from "./files.ts";
import { listenToKeys } from "./keyboard.ts";
import "./style.css";

const root = document.getElementById("page");
if (root !== null) {
  if (!openEmbedded()) openAddress(window.location.hash);
  window.addEventListener("hashchange", () => openAddress(window.location.hash));
  acceptDrops();
  listenToKeys();
  render(<App />, root);
}
