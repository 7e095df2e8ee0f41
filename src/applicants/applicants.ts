/**
 * applicants/: the pages of `/demandes`, where somebody asks for services for their organization and follows the file.
 *
 * What it does: says what a request is; leads through its steps, one page each, the draft kept at each of them; shows
 * everything before it is sent; then follows the file: letters, answers, withdrawal, motives, observations, appeal,
 * renewal, giving up. Works without JavaScript. What may be done, and when, is decided in `registrations/`; here it is asked and told.
 *
 * Flow: /demandes (start.ts) ──▶ draft: organisation → vous → services → motif → pieces → contacts (steps.ts, one file
 * each) → relire (review.ts) ──submit──▶ envoyee (letters.ts: the receipt) ──▶ /demandes/:id (file-page.ts: says.ts,
 * timeline.ts, file-acts.ts) ──▶ act-page.ts, reply.ts, renounce.ts, end-or-renew.ts. Each form posts to our own origin, is answered
 * by 303, and carries what its page showed: what changed meanwhile is told, and what was typed is kept.
 *
 * May import: visitor, registrations, declarations, register, eligibility, organizations, http, config, errors.
 */
import Router from '@koa/router';
import type { Context } from 'koa';
import { language } from '../http/http.ts';
import { memberTemplate } from '../registrations/registrations.ts';
import { doAct, showAct } from './act-page.ts';
import { addresses } from './addresses.ts';
import { contactsStep } from './draft-contacts.ts';
import { addEvidence, readList, removeEvidence, showEvidenceStep } from './draft-evidence.ts';
import { chooseOrganization, showOrganizationStep } from './draft-organization.ts';
import { keepStep, showStep } from './draft-page.ts';
import { purposeStep } from './draft-purpose.ts';
import { servicesStep } from './draft-services.ts';
import { youStep } from './draft-you.ts';
import { askToDelete, askToRenew, deleteDraft, renew } from './end-or-renew.ts';
import { renouncePage } from './file-acts.ts';
import { showFile } from './file-page.ts';
import { sendLetter, sendPiece, showLetter, showReceipt } from './letters.ts';
import type { ApplicantNeeds } from './needs.ts';
import { askToRenounce, renounce } from './renounce.ts';
import { addListToReply, addToReply, removeFromReply, sendReply, showReply } from './reply.ts';
import { send, showReview } from './review.ts';
import { showStart, start } from './start.ts';

export type { ApplicantNeeds };

type Answer = (ctx: Context, params: Readonly<Record<string, string>>) => Promise<void>;

/** Koa routes of the room; paths are relative to the issuer's. */
export function createApplicantRoutes(needs: ApplicantNeeds): Router {
  const router = new Router();
  const { http, basePath } = needs;

  /** Whatever goes wrong is told with the way back to one's files. */
  const told = async (ctx: Context, work: () => Promise<void>): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    try {
      await work();
    } catch (error) {
      http.errorPage(ctx, error, { backHref: addresses(basePath).list, backLabel: backLabel(ctx) });
    }
  };
  const get = (path: string, answer: Answer) => {
    router.get(`/demandes${path}`, (ctx) => told(ctx, () => answer(ctx, ctx.params)));
  };
  const post = (path: string, answer: Answer) => {
    router.post(`/demandes${path}`, (ctx) =>
      told(ctx, () => {
        // Before a form is read there is nothing to keep: whoever sends more than we take is not listened to.
        ctx.res.shouldKeepAlive = false;
        http.assertSameOrigin(ctx);
        return answer(ctx, ctx.params);
      }),
    );
  };

  get('', (ctx) => showStart(ctx, needs));
  post('', (ctx) => start(ctx, needs));
  get('/liste-des-membres.csv', async (ctx) => {
    await Promise.resolve();
    ctx.body = memberTemplate.text;
    ctx.set({
      'Content-Type': memberTemplate.mediaType,
      'Content-Disposition': `attachment; filename="${memberTemplate.name}"`,
    });
  });

  get('/:id/organisation', (ctx, { id }) => showOrganizationStep(ctx, id, needs));
  post('/:id/organisation', (ctx, { id }) => chooseOrganization(ctx, id, needs));
  for (const form of [youStep, servicesStep, purposeStep, contactsStep]) {
    get(`/:id/${form.step}`, (ctx, { id }) => showStep(ctx, id, form, needs));
    post(`/:id/${form.step}`, (ctx, { id }) => keepStep(ctx, id, form, needs));
  }
  get('/:id/pieces', (ctx, { id }) => showEvidenceStep(ctx, id, needs));
  post('/:id/pieces', (ctx, { id }) => addEvidence(ctx, id, needs));
  post('/:id/membres', (ctx, { id }) => readList(ctx, id, needs));
  get('/:id/pieces/:piece', (ctx, { id, piece = '' }) => sendPiece(ctx, { id, piece }, needs));
  post('/:id/pieces/:piece/retirer', (ctx, { id, piece = '' }) => removeEvidence(ctx, id, piece, needs));
  get('/:id/relire', (ctx, { id }) => showReview(ctx, id, needs));
  post('/:id/relire', (ctx, { id }) => send(ctx, id, needs));
  get('/:id/supprimer', (ctx, { id }) => askToDelete(ctx, id, needs));
  post('/:id/supprimer', (ctx, { id }) => deleteDraft(ctx, id, needs));

  get('/:id/envoyee', (ctx, { id }) => showReceipt(ctx, id, needs));
  get('/:id', (ctx, { id }) => showFile(ctx, id, needs));
  get('/:id/courriers/:letter', (ctx, { id, letter = '' }) => showLetter(ctx, { id, letter }, needs));
  get('/:id/courriers/:letter/pdf', (ctx, { id, letter = '' }) => sendLetter(ctx, { id, letter }, needs));
  get('/:id/repondre', (ctx, { id }) => showReply(ctx, id, needs));
  post('/:id/repondre', (ctx, { id }) => sendReply(ctx, id, needs));
  post('/:id/repondre/pieces', (ctx, { id }) => addToReply(ctx, id, needs));
  post('/:id/repondre/membres', (ctx, { id }) => addListToReply(ctx, id, needs));
  post('/:id/repondre/pieces/:piece/retirer', (ctx, { id, piece = '' }) =>
    removeFromReply(ctx, id, piece, needs),
  );
  get('/:id/renouveler', (ctx, { id }) => askToRenew(ctx, id, needs));
  post('/:id/renouveler', (ctx, { id }) => renew(ctx, id, needs));
  get(`/:id/${renouncePage}/:service`, (ctx, { id, service }) => askToRenounce(ctx, { id, service }, needs));
  post(`/:id/${renouncePage}/:service`, (ctx, { id, service }) => renounce(ctx, { id, service }, needs));
  for (const path of ['/:id/:page', '/:id/:page/:service']) {
    get(path, (ctx, { id, page = '', service }) => showAct(ctx, { id, page, service }, needs));
    post(path, (ctx, { id, page = '', service }) => doAct(ctx, { id, page, service }, needs));
  }
  return router;
}

const backLabel = (ctx: Context): string =>
  language(ctx) === 'fr' ? 'Revenir à mes demandes' : 'Back to my requests';
