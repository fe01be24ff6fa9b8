/** Made by src/setup/page.mjs from spec/ and src/core/ when the page is built: `Sources`. */
declare module "lockstep:sources" {
  const sources: unknown;
  export default sources;
}
