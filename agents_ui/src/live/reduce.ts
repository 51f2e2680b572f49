import type { LiveMessage, LiveState, Patch } from "./model";

export interface Board {
  /** Number of the last message folded in; -1 before the first snapshot. */
  seq: number;
  /** The server's clock at that message. */
  at: string;
  state: LiveState;
}

export const EMPTY: Board = {
  seq: -1,
  at: "",
  state: { calls: {}, seats: {}, lines: {}, figures: null, engine: null, alarms: {}, watch: null, today: null },
};

/** A message that does not follow the last one: start over with a new snapshot. Not an error. */
export const GAP = Symbol("gap");

/** Whole entities replace, null removes. */
function merge<T>(old: Record<string, T>, patch: Record<string, T | null> | undefined): Record<string, T> {
  if (!patch) return old;
  const next = { ...old };
  for (const [id, entity] of Object.entries(patch)) {
    if (entity === null) Reflect.deleteProperty(next, id);
    else next[id] = entity;
  }
  return next;
}

function patched(state: LiveState, patch: Patch): LiveState {
  return {
    calls: merge(state.calls, patch.calls),
    seats: merge(state.seats, patch.seats),
    lines: merge(state.lines, patch.lines),
    figures: patch.figures ?? state.figures,
    engine: patch.engine ?? state.engine,
    alarms: merge(state.alarms, patch.alarms),
    watch: patch.watch ?? state.watch,
    today: patch.today ?? state.today,
  };
}

/** The fold of the screen: `reduce(snapshot, deltas) == fresh snapshot`. A beat carries the number last sent. */
export function reduce(board: Board, message: LiveMessage): Board | typeof GAP {
  switch (message.type) {
    case "snapshot":
      return { seq: message.seq, at: message.at, state: message.state };
    case "delta":
      if (board.seq < 0 || message.seq !== board.seq + 1) return GAP;
      return { seq: message.seq, at: message.at, state: patched(board.state, message.patch) };
    case "beat":
      if (board.seq < 0 || message.seq !== board.seq) return GAP;
      return { ...board, at: message.at };
  }
}
