/** Why a command or a read was not answered. */
export type ClientErrorCode =
  /** No server answered in time. */
  | "timeout"
  /** The servers refuse it, for the reason in the message. */
  | "refused"
  /** None of the servers that were named is the one that is meant, or they run another state machine. */
  | "misdirected"
  /** It was sent, and its outcome cannot be learnt. */
  | "unknown"
  /** The client was closed before the answer came. */
  | "closed";

/** A command or a read that was not answered, and whether it may have been executed all the same. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  /** false: it was not executed, and will not be. true: it may have been, or may yet be, once. */
  readonly mayHaveBeenExecuted: boolean;
  /** The message without what it says of the command: for whoever words that anew. */
  readonly reason: string;

  constructor(
    code: ClientErrorCode,
    message: string,
    mayHaveBeenExecuted: boolean,
    reason: string = message,
  ) {
    super(message);
    this.name = "ClientError";
    this.code = code;
    this.mayHaveBeenExecuted = mayHaveBeenExecuted;
    this.reason = reason;
  }
}
