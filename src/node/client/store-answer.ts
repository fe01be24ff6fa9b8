import type { StoreAnswer } from "../../state-machine/index.ts";
import { isObject, told } from "../settings.ts";
import { ClientError } from "./client-error.ts";

/** What the store answers with, so that none can be forgotten. */
const STATUSES: Readonly<Record<StoreAnswer["status"], true>> = {
  registered: true,
  done: true,
  different: true,
  noSession: true,
  superseded: true,
  tooManyUnderWay: true,
  malformed: true,
};

/**
 * The store's answer, of its text.
 *
 * @param wasCommand whether the state machine has executed something of the caller's to give it
 * @throws ClientError where no key-value store answers so: the cluster runs another state machine
 */
export function storeAnswerOf(text: string, wasCommand: boolean): StoreAnswer {
  const answer = parsed(text);
  if (isStoreAnswer(answer)) return answer;
  throw new ClientError(
    "misdirected",
    `the cluster does not run the key-value store: its state machine answered ${told(text)}. Ask it by a ClusterClient, or another cluster`,
    wasCommand,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isStoreAnswer(answer: unknown): answer is StoreAnswer {
  return isObject(answer) && Object.hasOwn(STATUSES, String(answer.status));
}
