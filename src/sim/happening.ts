import type { Message } from "../core/index.ts";

/** What is to happen at some tick of a seeded run. */
export type Happening =
  | {
      readonly type: "deliver";
      readonly message: Message;
      /** Counts up over all messages sent. */
      readonly order: number;
    }
  | { readonly type: "timer"; readonly place: number; readonly at: number }
  | { readonly type: "persist"; readonly place: number }
  | { readonly type: "propose"; readonly place: number }
  | { readonly type: "ask"; readonly client: number; readonly place: number }
  | { readonly type: "impatience"; readonly client: number; readonly attempt: number }
  | { readonly type: "answer"; readonly client: number }
  | { readonly type: "restart"; readonly place: number }
  | { readonly type: "crash" | "partition" | "healPartition" | "clockJump" };
