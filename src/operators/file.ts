import { Buffer } from 'node:buffer';
import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { contentDisposition, letterPdf, sendEvidence } from '../registrations/registrations.ts';
import type { Act, LetterSent } from '../registrations/registrations.ts';
import { actForms } from './act-forms.ts';
import type { ActForm } from './act-forms.ts';
import { boundsOf, readAct } from './acts.ts';
import { fileHref, queryOf, queueHref } from './addresses.ts';
import { showFile } from './file-page.ts';
import type { SentBack } from './file-page.ts';
import { showLivePreview, showPreview } from './preview.ts';
import { fileForm, filePage, parameter } from './route.ts';
import type { AskedOfFile, Route } from './route.ts';
import { isStale } from './stale.ts';

/** The form of this act, on the page of its file. */
const formPageOf =
  ({ slug }: ActForm) =>
  (ctx: Context): string =>
    `/operateur/dossiers/${encodeURIComponent(parameter(ctx, 'id'))}?acte=${slug}`;

/** What happened between the page and the act takes nothing away of what was typed. */
const sentBack: Partial<Record<ErrorCode, Pick<SentBack, 'stale' | 'unread' | 'moved'>>> = {
  'M-FILE-002': { stale: true },
  // The day has changed, or who answers for the requests: the letter is another one.
  'M-FILE-010': { unread: true },
  'M-FILE-080': { moved: true },
};

/** Does it, in one transaction, or nothing: registrations/ refuses what is early, or not as it was previewed. */
async function doAct(asked: AskedOfFile, form: ActForm): Promise<void> {
  const { me, needs, form: sent, opened } = asked;
  const read = readAct(form, sent, boundsOf(opened, me.today));
  if (read.kind === 'problems') {
    await showFile(asked, { form, problems: read.problems });
    return;
  }
  assertLookedAt(asked, form, read.act);
  if (isStale(asked, form)) {
    await showFile(asked, { form, problems: [], stale: true });
    return;
  }
  const { id, version } = opened.file;
  try {
    await needs.registrations.act({
      id,
      seen: version,
      actor: me.actor,
      act: read.act,
      letterSha256: sent.get('lettre') ?? undefined,
    });
  } catch (error) {
    const kept = error instanceof BrokerError ? sentBack[error.code] : undefined;
    const now = kept && (await needs.registrations.forOperator(id, me.operator.perimeter));
    if (kept === undefined || now === undefined) throw error;
    await showFile({ ...asked, opened: now }, { form, problems: [], ...kept });
    return;
  }
  goOn(asked, form);
}

/**
 * A form names the services of what was looked at: each is within the perimeter, as the one that a decision names.
 *
 * @throws BrokerError M-FILE-001
 */
function assertLookedAt({ me, target }: AskedOfFile, { action }: ActForm, act: Act): void {
  if (act.act !== 'see_changes') return;
  for (const { service } of act.findings) me.assert(action, { ...target, services: [service] });
}

function goOn({ ctx, needs, form: sent, opened }: AskedOfFile, { slug }: ActForm): void {
  const { id } = opened.file;
  const query = queryOf(sent);
  ctx.status = 303;
  ctx.redirect(
    sent.get('retour') === 'liste'
      ? queueHref(needs.basePath, query, { ligne: id, fait: 'taken' })
      : fileHref(needs.basePath, id, query, { fait: slug }),
  );
}

async function piece({ ctx, me, needs, opened }: AskedOfFile): Promise<void> {
  sendEvidence(
    ctx,
    await needs.registrations.pieceForOperator(opened.file.id, me.actor, parameter(ctx, 'piece')),
  );
}

/** Whoever reads a letter leaves a trace of it, before they read it. */
async function letterOf({ ctx, me, needs, opened }: AskedOfFile): Promise<LetterSent> {
  const { id } = opened.file;
  const sent = await needs.registrations.letterForOperator(id, parameter(ctx, 'courrier'));
  await needs.recordRead(me.actor, {
    act: 'letter.read',
    subject: `registration:${id}`,
    after: { letter: sent.id, kind: sent.kind },
  });
  return sent;
}

async function letter(asked: AskedOfFile): Promise<void> {
  const { ctx, needs, opened } = asked;
  const sent = await letterOf(asked);
  const here = `${needs.basePath}/operateur/dossiers/${opened.file.id}`;
  needs.http.renderPage(ctx, 'letter', {
    letter: sent.document,
    pdfHref: `${here}/courriers/${sent.id}/pdf`,
    backHref: here,
  });
}

async function letterAsPdf(asked: AskedOfFile): Promise<void> {
  const { ctx, opened } = asked;
  const sent = await letterOf(asked);
  ctx.body = Buffer.from(await letterPdf(sent.document));
  ctx.set({
    'Content-Type': 'application/pdf',
    'Content-Disposition': contentDisposition(`${opened.file.id}-${sent.kind}.pdf`),
    'Cache-Control': 'no-store',
  });
}

/** Somebody has posted a letter for which no address is known. */
async function posted({ ctx, me, needs, opened, form: sent }: AskedOfFile): Promise<void> {
  const { id } = opened.file;
  await needs.registrations.postedLetter(id, me.actor, parameter(ctx, 'courrier'));
  ctx.status = 303;
  ctx.redirect(fileHref(needs.basePath, id, queryOf(sent), { fait: 'poste' }));
}

const file = '/operateur/dossiers/:id';

/** Every act has an address of its own, so that each stands in the table of routes with its rule. */
export const fileRoutes: readonly Route[] = [
  filePage({ path: file, action: 'file.read', answer: (asked) => showFile(asked) }),
  filePage({ path: `${file}/pieces/:piece`, action: 'evidence.read', answer: piece }),
  filePage({ path: `${file}/courriers/:courrier`, action: 'file.read', answer: letter }),
  filePage({ path: `${file}/courriers/:courrier/pdf`, action: 'file.read', answer: letterAsPdf }),
  fileForm({
    path: `${file}/courriers/:courrier/poste`,
    action: 'file.examine',
    formPage: (ctx) => `/operateur/dossiers/${encodeURIComponent(parameter(ctx, 'id'))}`,
    answer: posted,
  }),
  ...actForms.flatMap((form): readonly Route[] => {
    const { slug, action, sensitive, previewed } = form;
    const row = { action, formPage: formPageOf(form) };
    const act = fileForm({
      ...row,
      path: `${file}/actes/${slug}`,
      sensitive,
      answer: (asked) => doAct(asked, form),
    });
    if (!previewed) return [act];
    return [
      act,
      fileForm({
        ...row,
        path: `${file}/apercu/${slug}`,
        sensitive,
        answer: (asked) => showPreview(asked, form),
      }),
      // What the script of the page shows meanwhile: it asks for no recent sign-in, because it sends nothing.
      fileForm({
        ...row,
        path: `${file}/en-direct/${slug}`,
        answer: (asked) => showLivePreview(asked, form),
      }),
      // Back from the preview, with everything that was typed.
      fileForm({
        ...row,
        path: `${file}/reprendre/${slug}`,
        answer: (asked) => showFile(asked, { form, problems: [] }),
      }),
    ];
  }),
];
