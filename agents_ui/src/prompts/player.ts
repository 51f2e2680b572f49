/** One sound at a time. */
import { onScopeDispose, ref } from "vue";

export function usePlayer() {
  /** Address of what is playing; empty: nothing. */
  const playing = ref("");
  const failed = ref("");
  let audio: HTMLAudioElement | null = null;

  function stop(): void {
    audio?.pause();
    audio = null;
    playing.value = "";
  }

  async function play(address: string): Promise<void> {
    stop();
    failed.value = "";
    const own = (audio = new Audio(address));
    playing.value = address;
    own.onended = () => own === audio && stop();
    try {
      await own.play();
    } catch (cause) {
      if (own !== audio) return; // stopped before it began
      stop();
      failed.value = cause instanceof Error ? cause.message : String(cause);
    }
  }

  onScopeDispose(stop);
  return { playing, failed, play, stop };
}
