import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { copyExecution, measureValidation } from "../../src/bench/cluster/validation.ts";
import { LocalCluster } from "../node/cluster.ts";

let cluster: LocalCluster;
afterEach(() => cluster.remove());

test("the traces of a cluster are checked, and copies of them as executions of their own", async () => {
  cluster = new LocalCluster(3);
  await cluster.startAll();
  for (const command of ["a", "b", "c"]) await cluster.execute(command);
  await cluster.stopAll();
  const one = await measureValidation(cluster.folder, { seconds: 2 });
  expect(one.actions.ClientRequest).toBe(3);
  expect(one.producedPerSecond).toBe(one.events / 2);
  expect(one.checkedPerSecond).toBeGreaterThan(0);
  expect(one.checkedPerCpuSecond).toBeGreaterThan(0);

  const copies = join(cluster.folder, "copies");
  await copyExecution(cluster.folder, copies, 3);
  const three = await measureValidation(copies, { seconds: 2, executions: 3, workers: 2 });
  expect(three.events).toBe(3 * one.events);
  expect(three.actions.ClientRequest).toBe(9);

  // Where not all that was to be checked holds, nothing was measured.
  await expect(measureValidation(copies, { seconds: 2, executions: 2 })).rejects.toThrow(
    "are not valid: lockstep check says why",
  );
});
