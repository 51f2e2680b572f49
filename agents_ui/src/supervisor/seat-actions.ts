/** What may be asked of a seat in the place of its person. Pure. */
import type { Seat, SeatState } from "@/live/model";

export type SeatAction = "paused" | "ready" | "signed_out" | "free";

const IN_CALL: readonly SeatState[] = ["ringing", "talking", "holding", "wrap_up"];

export const isBusy = ({ state }: Seat): boolean => IN_CALL.includes(state);

/** A seat that is signed out can only be made ready by its own person, who is there. */
export function actionsFor(seat: Seat): SeatAction[] {
  if (seat.state === "signed_out") return [];
  if (isBusy(seat)) return ["paused", "signed_out", "free"];
  return seat.state === "paused" ? ["ready", "signed_out"] : ["paused", "signed_out"];
}

export function isDone(action: SeatAction, seat: Seat, reason: string): boolean {
  if (action === "free") return !isBusy(seat);
  return seat.state === action && (action !== "paused" || seat.reason === reason);
}
