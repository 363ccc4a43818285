/** The globals of the preload world's scripts. */
interface StandinWorld {
  __standinSend(text: string): void
  __standinReceive(text: string): void
  __standinRequire(name: string): unknown
  __standinProcess: unknown
}
declare const standinFacts: Readonly<Record<string, unknown>>
interface StandinCodec {
  encode(value: unknown): string
  decode(text: string): unknown
}
declare const standinCodec: StandinCodec
