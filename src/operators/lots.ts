import { Buffer } from 'node:buffer';
import { listTemplate, reasonWords, rejectsCsv } from '../batches/batches.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import { contentDisposition } from '../registrations/registrations.ts';
import { personName, serviceName } from './file-words.ts';
import { lotActRoutes } from './lot-acts.ts';
import { lotFormRoutes } from './lot-form.ts';
import { rejectsOf } from './lot-lines.ts';
import { lotTones, showingOf, showLot } from './lot-page.ts';
import { lotPage, viewerOf } from './lot-route.ts';
import type { AskedOfLot } from './lot-route.ts';
import { listPage, mount, parameter } from './route.ts';
import type { Asked, Route } from './route.ts';
import type { Section } from './section.ts';

const base = '/operateur/lots';
/** Nobody turns more: what is older is found from its files. */
const mostPages = 1_000;

/** `/operateur/lots`: the latest ones that this person may see, and their own drafts. */
async function list(asked: Asked): Promise<void> {
  const { ctx, me, needs } = asked;
  const lang = language(ctx);
  const { basePath } = needs;
  const asksFor = Number(new URLSearchParams(ctx.querystring).get('page') ?? '1');
  const page = Number.isInteger(asksFor) ? Math.min(Math.max(1, asksFor), mostPages) : 1;
  const isBounded = me.operator.perimeter !== undefined;
  const found = await needs.batches.list(viewerOf(asked), { isBounded, page });
  needs.http.renderPage(
    ctx,
    'operator-lots',
    {
      console: needs.frame(me, 'lots'),
      cancelled: new URLSearchParams(ctx.querystring).get('fait') === 'annuler',
      startHref: `${basePath}${base}/nouveau`,
      templateHref: `${basePath}${base}/modele`,
      previousHref: page > 1 ? `${basePath}${base}?page=${page - 1}` : undefined,
      nextHref: found.more && page < mostPages ? `${basePath}${base}?page=${page + 1}` : undefined,
      lots: found.batches.map(({ batch, lines, counts, waits }) => ({
        id: batch.id,
        href: `${basePath}${base}/${batch.id}`,
        state: batch.state,
        tone: lotTones[batch.state],
        by: personName(batch.author),
        services: batch.decision.services.map((id) => serviceName(needs.snapshot(), id, lang)),
        lines,
        granted: (counts.done ?? 0) + (counts.notified ?? 0) + (counts.kept ?? 0) + (counts.undone ?? 0),
        waits: waits && me.mayAnywhere('bulk.confirm'),
        updatedAt: batch.updatedAt,
      })),
    },
    { formsStayHere: true },
  );
}

function template({ ctx }: Asked): Promise<void> {
  ctx.body = listTemplate.text;
  ctx.set({
    'Content-Type': listTemplate.mediaType,
    'Content-Disposition': contentDisposition(listTemplate.name),
    'Cache-Control': 'no-store',
  });
  return Promise.resolve();
}

/** The lines that were left out, to mend and to send again. */
function rejects(asked: AskedOfLot): Promise<void> {
  const { ctx, opened } = asked;
  ctx.body = Buffer.from(rejectsCsv(rejectsOf(opened, showingOf(asked))));
  ctx.set({
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': contentDisposition(`${opened.batch.id}-a-corriger.csv`),
    'Cache-Control': 'no-store',
  });
  return Promise.resolve();
}

/** The letter that one line would send: its signature and its day will be those of whoever decides. */
async function letter({ ctx, me, needs, opened, viewer }: AskedOfLot): Promise<void> {
  const { id } = opened.batch;
  const written = parameter(ctx, 'ligne');
  if (!/^\d{1,6}$/u.test(written)) throw new BrokerError('M-BULK-001', { detail: `${id}: no line` });
  const found = await needs.batches.letterOf(opened, viewer, Number(written));
  needs.http.renderPage(
    ctx,
    'operator-lot-letter',
    {
      console: needs.frame(me, 'lots'),
      id,
      backHref: `${needs.basePath}${base}/${id}`,
      line: found.line,
      name: found.name,
      email: found.email,
      letter: found.letter,
      refused: reasonWords(found.refused, undefined, language(ctx)),
    },
    { formsStayHere: true },
  );
}

export const lotRoutes: readonly Route[] = [
  listPage({ path: base, action: 'bulk.prepare', answer: list }),
  listPage({ path: `${base}/modele`, action: 'bulk.prepare', answer: template }),
  ...lotFormRoutes,
  lotPage({ path: `${base}/:lot`, action: 'bulk.prepare', answer: (asked) => showLot(asked) }),
  lotPage({ path: `${base}/:lot/a-corriger`, action: 'bulk.prepare', answer: rejects }),
  lotPage({ path: `${base}/:lot/lignes/:ligne`, action: 'bulk.prepare', answer: letter }),
  ...lotActRoutes,
];

export const lots: Section = {
  name: 'lots',
  path: base,
  action: 'bulk.prepare',
  routes: (router, needs) => mount(router, needs, lotRoutes),
};
