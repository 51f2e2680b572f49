import { Bell, CircleCheck, Coffee, Connection, EditPen, Phone, SwitchButton, VideoPause } from "@element-plus/icons-vue";
import type { Component } from "vue";

import type { SeatState } from "@/live/model";

/** Colour, word and icon of a state are decided here and in tokens.css, for every screen. */
export const STATE_ICON: Record<SeatState, Component> = {
  signed_out: SwitchButton,
  ready: CircleCheck,
  ringing: Bell,
  talking: Phone,
  holding: VideoPause,
  wrap_up: EditPen,
  paused: Coffee,
  unreachable: Connection,
};

export const stateColour = (state: SeatState): string => `var(--${state})`;
