import { Readable } from 'node:stream';
import {
  auditFilterSchema,
  auditPage,
  exportAudit,
  exportFormats,
  namesOfAccounts,
  recordAccess,
} from '../audit/audit.ts';
import type { AuditEntry, AuditFilter } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { OperatorRecordPage } from '../http/http.ts';
import { readNumber } from '../registrations/registrations.ts';
import { recordedActs } from './recorded-acts.ts';
import { listForm, listPage, mount } from './route.ts';
import type { Asked, Route } from './route.ts';
import type { Section } from './section.ts';

const fields = {
  objet: 'subject',
  acte: 'act',
  auteur: 'actor',
  du: 'from',
  au: 'to',
} as const satisfies Record<string, keyof AuditFilter>;
type Field = keyof typeof fields;
const names = Object.keys(fields).filter((name): name is Field => name in fields);

interface FilterRead {
  readonly typed: OperatorRecordPage['filter'];
  readonly filter: AuditFilter;
  readonly problems: readonly Field[];
}

/** Hostile, as all of an address: what is none is said, and nothing is shown for it. */
function filterOf(given: URLSearchParams): FilterRead {
  const value = (name: Field): string => (given.get(name) ?? '').trim().slice(0, 400);
  const typed = {
    objet: value('objet'),
    acte: value('acte'),
    auteur: value('auteur'),
    du: value('du'),
    au: value('au'),
  };
  const asked = Object.fromEntries(
    names.filter((name) => typed[name] !== '').map((name) => [fields[name], typed[name]]),
  );
  const read = auditFilterSchema.safeParse(asked);
  if (read.success) return { typed, filter: read.data, problems: [] };
  const wrong = new Set(read.error.issues.map(({ path }) => path[0]));
  return { typed, filter: {}, problems: names.filter((name) => wrong.has(fields[name])) };
}

const addressOf = (typed: OperatorRecordPage['filter'], more: Readonly<Record<string, string>>): string =>
  new URLSearchParams({
    ...Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== '')),
    ...more,
  }).toString();

/** `/operateur/journal`: every act, the newest first. Whoever reads it is recorded too. */
async function show({ ctx, me, needs }: Asked): Promise<void> {
  const given = new URLSearchParams(ctx.querystring);
  const { typed, filter, problems } = filterOf(given);
  const asked = Number(given.get('avant') ?? '');
  const before = Number.isSafeInteger(asked) && asked > 0 ? asked : undefined;
  const { db, clock, basePath } = needs;
  const here = `${basePath}/operateur/journal`;
  const { entries, next } =
    problems.length > 0 ? { entries: [], next: undefined } : await auditPage(db, { ...filter, before });
  await recordAccess(db, clock(), {
    act: 'audit.read',
    subject: 'audit',
    actor: me.actor,
    after: { filter, before },
  });
  // Whoever reads the record reads the names that it holds: here they stand beside the numbers that they belong to.
  const names = await namesOfAccounts(
    db,
    entries.flatMap(({ actor, subject }) => [actor, subject]),
  );
  const model: OperatorRecordPage = {
    console: needs.frame(me, 'record'),
    filter: typed,
    problems,
    action: here,
    exportAction: me.mayAnywhere('audit.export') ? `${here}/export` : undefined,
    nextHref: next === undefined ? undefined : `${here}?${addressOf(typed, { avant: String(next) })}`,
    firstHref: before === undefined ? undefined : `${here}?${addressOf(typed, {})}`,
    entries: entries.map((entry) => entryShown(entry, names, basePath)),
  };
  needs.http.renderPage(ctx, 'operator-record', model, {
    formsStayHere: true,
    status: problems.length > 0 ? 422 : 200,
  });
}

function entryShown(
  entry: AuditEntry,
  names: ReadonlyMap<string, string>,
  basePath: string,
): OperatorRecordPage['entries'][number] {
  const { seq, at, act, subject, actor, who, detail, reason, hash } = entry;
  const [kind, id = ''] = subject.split(':', 2);
  const number = kind === 'registration' ? readNumber(id) : undefined;
  const text = (value: unknown): string | undefined =>
    value === undefined ? undefined : JSON.stringify(value, null, 2);
  return {
    seq,
    at,
    act,
    words: recordedActs.includes(act) ? act : undefined,
    subject,
    subjectName: names.get(subject),
    subjectHref: number === undefined ? undefined : `${basePath}/operateur/dossiers/${number}`,
    actor,
    who: who !== undefined && 'givenName' in who ? `${who.givenName} ${who.usualName}` : names.get(actor),
    detail,
    reason,
    before: text(entry.before),
    after: text(entry.after),
    hash,
  };
}

/** The whole record, or what the filter lets pass, line by line: it may be longer than memory. */
async function download({ ctx, me, needs, form }: Asked): Promise<void> {
  const format = exportFormats.find((one) => one === form.get('format'));
  const { filter, problems } = filterOf(form);
  if (format === undefined || problems.length > 0)
    throw new BrokerError('M-FILE-017', { detail: `export ${form.get('format') ?? ''}` });
  const at = needs.clock();
  const { chunks, head } = await exportAudit(needs.db, { at, actor: me.actor, format, filter });
  ctx.body = Readable.from(chunks);
  ctx.set({
    'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
    'Content-Disposition': `attachment; filename="journal-${head.seq}.${format}"`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
}

export const recordRoutes: readonly Route[] = [
  listPage({ path: '/operateur/journal', action: 'audit.read', answer: show }),
  listForm({
    path: '/operateur/journal/export',
    action: 'audit.export',
    sensitive: true,
    formPage: () => '/operateur/journal',
    answer: download,
  }),
];

export const record: Section = {
  name: 'record',
  path: '/operateur/journal',
  action: 'audit.read',
  routes: (router, needs) => mount(router, needs, recordRoutes),
};
