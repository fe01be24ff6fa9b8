import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Many tests start Java or other processes: a loaded machine must not make them fail.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // TLC takes a core; more tests at once than cores only make each of them slower.
    maxWorkers: 2,
    reporters: ["default"],
  },
});
