/** Something that is of the right form and looks as if the logger had misunderstood it. */
export interface Suspicion {
  readonly rule:
    | "serverWithoutEvents"
    | "variableNeverLogged"
    | "variableNotListed"
    | "stepsInOne"
    | "incompleteStep"
    | "restartAtFirst"
    | "restartWithoutLog"
    | "wholeLogs"
    | "nothingReceived"
    | "receivedBeforeSent"
    | "neverSent"
    | "wrongReceiver";
  readonly line: number;
  readonly problem: string;
  readonly remedy: string;
  readonly count: number;
}

/** A suspicion as it first shows, before its lines are counted. */
export type FirstSuspicion = Omit<Suspicion, "line" | "count">;
