/** Short responses that all simulated services use: JSON, XML, HTML, a redirect. */
import type { Exchange } from './exchange'

export type Responder = (exchange: Exchange) => Promise<void>

export const json =
  (value: unknown, status = 200): Responder =>
  (exchange) =>
    exchange.answer(status, { 'Content-Type': 'application/json; charset=utf-8' }, JSON.stringify(value))

export const xml =
  (text: string, status = 200, type = 'application/xml'): Responder =>
  (exchange) =>
    exchange.answer(status, { 'Content-Type': `${type}; charset=utf-8` }, text)

export const html =
  (body: string | Uint8Array, status = 200, headers: Record<string, string> = {}): Responder =>
  (exchange) =>
    exchange.answer(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body)

export const text =
  (body: string, status = 200): Responder =>
  (exchange) =>
    exchange.answer(status, { 'Content-Type': 'text/plain; charset=utf-8' }, body)

export const redirect =
  (location: string, status = 302, headers: Record<string, string> = {}): Responder =>
  (exchange) =>
    exchange.answer(status, { Location: location, 'Content-Type': 'text/html', ...headers })

export function escapeXml(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
