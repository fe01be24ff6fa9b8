/** What a frame is, told by the first byte of its body. Numbers never get another meaning. */
export const FRAME = {
  hello: 1,
  helloAnswer: 2,
  /** A message between servers. */
  message: 3,
  /** A part of a message that is too long for one frame. */
  fragment: 4,
  /** A fragment has been taken: another may come. */
  fragmentTaken: 5,
  ping: 6,
  pong: 7,
  /** What a client asks, and what it is answered. */
  request: 8,
  response: 9,
} as const;
