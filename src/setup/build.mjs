// `npm run build`.
// @ts-check
import { build } from "./prepare.mjs";

build();
