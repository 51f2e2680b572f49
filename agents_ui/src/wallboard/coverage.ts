import type { Line, Seat } from "@/live/model";

/**
 * Lines nobody can answer: no seat of that language is signed in, or none of them has a phone that rings.
 * A seat on a break still covers its line; a supervisor can call it back.
 */
export function uncovered(lines: Record<string, Line>, seats: Record<string, Seat>): Set<string> {
  const covered = new Set(
    Object.values(seats)
      .filter((seat) => seat.state !== "signed_out" && seat.state !== "unreachable")
      .flatMap((seat) => seat.languages),
  );
  return new Set(Object.keys(lines).filter((line) => !covered.has(line)));
}
