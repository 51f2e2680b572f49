/** What getStats says about one talk's sound, shortened to what a person or a test asks for. */
export interface AudioStats {
  inbound: { packets: number; lost: number; bytes: number; level: number; energy: number; jitter_ms: number };
  outbound: { packets: number; bytes: number };
  microphone: { level: number; energy: number };
  /** Round trip to Asterisk, ms; null until it is known. */
  rtt_ms: number | null;
}

type Entry = Record<string, unknown> & { type: string };
const number = (entry: Entry | undefined, key: string): number => {
  const value = entry?.[key];
  return typeof value === "number" ? value : 0;
};

export function summarise(entries: Iterable<Entry>): AudioStats {
  let inbound: Entry | undefined;
  let outbound: Entry | undefined;
  let source: Entry | undefined;
  let pair: Entry | undefined;
  for (const entry of entries) {
    if (entry.type === "inbound-rtp" && entry["kind"] === "audio") inbound = entry;
    else if (entry.type === "outbound-rtp" && entry["kind"] === "audio") outbound = entry;
    else if (entry.type === "media-source" && entry["kind"] === "audio") source = entry;
    else if (entry.type === "candidate-pair" && entry["nominated"] === true) pair = entry;
  }
  const rtt = pair?.["currentRoundTripTime"];
  return {
    inbound: {
      packets: number(inbound, "packetsReceived"),
      lost: number(inbound, "packetsLost"),
      bytes: number(inbound, "bytesReceived"),
      level: number(inbound, "audioLevel"),
      energy: number(inbound, "totalAudioEnergy"),
      jitter_ms: number(inbound, "jitter") * 1000,
    },
    outbound: { packets: number(outbound, "packetsSent"), bytes: number(outbound, "bytesSent") },
    microphone: { level: number(source, "audioLevel"), energy: number(source, "totalAudioEnergy") },
    rtt_ms: typeof rtt === "number" ? rtt * 1000 : null,
  };
}

export async function audioStats(connection: RTCPeerConnection): Promise<AudioStats> {
  const entries: Entry[] = [];
  (await connection.getStats()).forEach((entry: Entry) => entries.push(entry));
  return summarise(entries);
}
