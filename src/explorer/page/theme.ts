/** Light or dark: what the system says, until somebody says otherwise on this page. */

export type Theme = "light" | "dark";

export function theme(): Theme {
  const { theme: chosen } = document.documentElement.dataset;
  if (chosen === "light" || chosen === "dark") return chosen;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function setTheme(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
}
