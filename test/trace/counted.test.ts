import { expect, test } from "vitest";
import { byNumber, counted, withArticle } from "../../src/trace/counted.ts";

test("numbers and names are said as people say them", () => {
  expect(counted(1, "trace")).toBe("1 trace");
  expect(counted(0, "trace")).toBe("0 traces");
  expect(counted(1_234, "entry", "entries")).toBe("1,234 entries");
  expect(byNumber(1, "holds", "hold")).toBe("holds");
  expect(byNumber(2, "holds", "hold")).toBe("hold");
  expect(withArticle("Timeout")).toBe("a Timeout");
  expect(withArticle("AppendEntriesRequest")).toBe("an AppendEntriesRequest");
});
