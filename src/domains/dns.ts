import { z } from 'zod';

/** Of `node:dns/promises` Resolver. */
export interface DnsLookups {
  resolveTxt(name: string): Promise<string[][]>;
  resolveMx(name: string): Promise<{ readonly exchange: string; readonly priority: number }[]>;
}

export type TxtAnswer =
  | { readonly kind: 'found'; readonly values: readonly string[] }
  | { readonly kind: 'none' }
  /** Nobody answered, or with an error: that says nothing of the record. */
  | { readonly kind: 'unanswered'; readonly code: string };

export interface Dns {
  /** The TXT records of a name, those first answered. Never rejects. */
  txt(name: string): Promise<TxtAnswer>;
  /** Whether the domain is still there to take mail. Never rejects. */
  mail(domain: string): Promise<'there' | 'gone' | 'unanswered'>;
}

/** Of each answer no more is read: records and characters. */
const most = { records: 100, characters: 1000 } as const;

const failureSchema = z.object({ code: z.string() });
const codeOf = (error: unknown): string => failureSchema.safeParse(error).data?.code ?? 'UNKNOWN';

/** @param timeoutMs for a whole question, whatever the resolver tries */
export function createDns(lookups: DnsLookups, timeoutMs = 8_000): Dns {
  async function within<T>(asked: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(Object.assign(new Error('too late'), { code: 'ETIMEOUT' })),
      timeoutMs,
    );
    try {
      return await Promise.race([asked, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    async txt(name) {
      try {
        const records = await within(lookups.resolveTxt(name));
        // A record is written in pieces of 255 octets (RFC 1035 §3.3.14).
        const values = records
          .slice(0, most.records)
          .map((pieces) => pieces.join('').slice(0, most.characters));
        return values.length === 0 ? { kind: 'none' } : { kind: 'found', values };
      } catch (error) {
        const code = codeOf(error);
        return code === 'ENOTFOUND' || code === 'ENODATA' ? { kind: 'none' } : { kind: 'unanswered', code };
      }
    },
    async mail(domain) {
      try {
        const exchanges = (await within(lookups.resolveMx(domain))).slice(0, most.records);
        // A null MX (RFC 7505): nobody takes mail there.
        return exchanges.length > 0 && exchanges.every(({ exchange }) => exchange === '' || exchange === '.')
          ? 'gone'
          : 'there';
      } catch (error) {
        const code = codeOf(error);
        // No MX record: mail may go to the host itself (RFC 5321 §5.1). No such name: to nobody.
        return code === 'ENOTFOUND' ? 'gone' : code === 'ENODATA' ? 'there' : 'unanswered';
      }
    },
  };
}
