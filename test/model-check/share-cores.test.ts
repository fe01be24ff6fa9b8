import { expect, test } from "vitest";
import { shareCores, type Task } from "../../src/model-check/share-cores.ts";

/** Tasks that take some milliseconds each, and what the most of their cores at one time was. */
function plan(widths: readonly number[], milliseconds: readonly number[]) {
  let busy = 0;
  const seen = { most: 0 };
  const tasks = widths.map(
    (cores, index): Task<number> => ({
      cores,
      run: async () => {
        busy += cores;
        seen.most = Math.max(seen.most, busy);
        await new Promise((resolve) => setTimeout(resolve, milliseconds[index]));
        busy -= cores;
        return index;
      },
    }),
  );
  return { tasks, seen };
}

async function all<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const list: Result[] = [];
  for await (const result of results) list.push(result);
  return list;
}

test("results come in the order of the tasks, whichever ends first", async () => {
  const { tasks, seen } = plan([1, 1, 1, 1], [30, 1, 20, 1]);
  expect(await all(shareCores(tasks, 2))).toEqual([0, 1, 2, 3]);
  expect(seen.most).toBe(2);
});

test("a slow task does not keep the others from being begun", async () => {
  const { tasks } = plan([1, 1, 1, 1, 1], [300, 10, 10, 10, 10]);
  const order: number[] = [];
  const told = tasks.map(
    (task, index): Task<number> => ({
      cores: 1,
      run: async () => {
        const result = await task.run();
        order.push(index);
        return result;
      },
    }),
  );
  await all(shareCores(told, 2));
  expect(order.at(-1)).toBe(0);
});

test("a wide task waits for its cores, and one wider than the machine runs alone", async () => {
  const { tasks, seen } = plan([1, 2, 1, 8, 1], [10, 5, 5, 5, 1]);
  expect(await all(shareCores(tasks, 2))).toEqual([0, 1, 2, 3, 4]);
  expect(seen.most).toBe(8);
  const narrow = plan([1, 2, 1, 2, 1], [10, 5, 5, 5, 1]);
  await all(shareCores(narrow.tasks, 2));
  expect(narrow.seen.most).toBe(2);
});

test("an error is thrown in its turn, after what was running has ended", async () => {
  const { tasks } = plan([1, 1, 1], [1, 30, 1]);
  const broken: Task<number> = { cores: 1, run: () => Promise.reject(new Error("broken")) };
  let ended = false;
  const slow: Task<number> = {
    cores: 1,
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      ended = true;
      return 1;
    },
  };
  await expect(all(shareCores([broken, slow, ...tasks], 2))).rejects.toThrow("broken");
  expect(ended).toBe(true);
});

test("no tasks give no results", async () => {
  expect(await all(shareCores([], 2))).toEqual([]);
});
