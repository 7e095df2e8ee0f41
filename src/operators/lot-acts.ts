import type { ActOnBatch, ListProblem } from '../batches/batches.ts';
import { BrokerError } from '../errors/errors.ts';
import type { LotAction } from '../http/http.ts';
import { seenIn } from './lot-form.ts';
import { lotActionNames, lotActions, showLot } from './lot-page.ts';
import type { LotProblem } from './lot-page.ts';
import { lotForm, lotUpload, ofLot } from './lot-route.ts';
import type { AskedOfLot } from './lot-route.ts';
import type { TakeForm } from './gate.ts';
import type { Route } from './route.ts';

const longest = { motif: 2_000, regle: 1_500 } as const;

/** A text that has to be written: trimmed, or what is wrong with it. */
function written(
  { form }: AskedOfLot,
  field: keyof typeof longest,
): { readonly text: string } | { readonly problem: LotProblem } {
  const text = (form.get(field) ?? '').replaceAll('\r\n', '\n').trim();
  if (text !== '' && text.length <= longest[field]) return { text };
  return { problem: { words: text === '' ? 'missing' : 'long', field, status: 422 } };
}

/** @returns what is wrong with what was written: nothing was done */
async function doAct(asked: AskedOfLot, name: LotAction): Promise<LotProblem | undefined> {
  const { needs, form, opened, viewer } = asked;
  const { batches } = needs;
  const on: ActOnBatch = { id: opened.batch.id, seen: seenIn(form), viewer };
  const digest = form.get('empreinte') ?? '';
  const why = written(asked, 'motif');
  switch (name) {
    case 'proposer':
      await batches.propose(on, digest);
      return undefined;
    case 'executer':
      await batches.decide('carry_out', on, digest);
      return undefined;
    case 'confirmer':
      await batches.decide('confirm', on, digest);
      return undefined;
    case 'annuler':
      await batches.cancel(on);
      return undefined;
    case 'renvoyer':
      if ('problem' in why) return why.problem;
      await batches.sendBack(on, why.text);
      return undefined;
    case 'arreter':
      if ('problem' in why) return why.problem;
      await batches.stop(on, why.text);
      return undefined;
    case 'retirer': {
      const rule = written(asked, 'regle');
      if ('problem' in why) return why.problem;
      if ('problem' in rule) return rule.problem;
      await batches.proposeUndo(on, { text: why.text, rule: rule.text });
      return undefined;
    }
    case 'garder':
      await batches.endUndo('cancel_undo', on);
      return undefined;
    case 'refuser-retrait':
      if ('problem' in why) return why.problem;
      await batches.endUndo('decline_undo', on, why.text);
      return undefined;
    case 'accepter-retrait':
      await batches.confirmUndo(on);
      return undefined;
    case 'abandonner-retrait':
      if ('problem' in why) return why.problem;
      await batches.abandonUndo(on, why.text);
      return undefined;
    case 'terminer-retrait':
      await batches.finishUndo(on);
      return undefined;
  }
}

/** Does it, or shows the page as it is now, with what was typed. */
async function answer(asked: AskedOfLot, name: LotAction): Promise<void> {
  const { ctx, needs, opened, viewer } = asked;
  const { id } = opened.batch;
  try {
    const problem = await doAct(asked, name);
    if (problem !== undefined) {
      await showLot(asked, problem);
      return;
    }
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-BULK-002') throw error;
    await showLot(
      { ...asked, opened: await needs.batches.open(id, viewer) },
      { words: 'stale', status: 409 },
    );
    return;
  }
  ctx.status = 303;
  ctx.redirect(
    name === 'annuler'
      ? `${needs.basePath}/operateur/lots?fait=annuler`
      : `${needs.basePath}/operateur/lots/${id}?fait=${name}`,
  );
}

/** What is wrong with the file, and not with the request: told beside the field. */
const aboutTheFile: ReadonlySet<string> = new Set(['M-FILE-008', 'M-FILE-026', 'M-FILE-027', 'M-FILE-070']);

async function receiveList(asked: AskedOfLot, take: TakeForm): Promise<void> {
  const { ctx, needs, opened, viewer } = asked;
  const { id } = opened.batch;
  const back = (problem: string, status: number): Promise<void> =>
    showLot(asked, { words: `list.${problem}`, field: 'liste', status });
  let problem: ListProblem | 'missing' | undefined;
  try {
    problem = await take(async ({ fields, files }) => {
      const file = files.find(({ field }) => field === 'liste');
      if (file === undefined) return 'missing';
      return needs.batches.saveList({ id, seen: seenIn(fields), viewer }, file);
    });
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    if (error.code === 'M-BULK-002') {
      await showLot(
        { ...asked, opened: await needs.batches.open(id, viewer) },
        { words: 'stale', status: 409 },
      );
      return;
    }
    if (!aboutTheFile.has(error.code)) throw error;
    await back(error.code === 'M-FILE-008' ? 'too_large' : 'not_received', error.entry.status);
    return;
  }
  if (problem !== undefined) {
    await back(problem, 422);
    return;
  }
  ctx.status = 303;
  ctx.redirect(`${needs.basePath}/operateur/lots/${id}?fait=liste`);
}

export const lotActRoutes: readonly Route[] = [
  lotUpload({
    path: '/operateur/lots/:lot/liste',
    action: 'bulk.prepare',
    sensitive: true,
    formPage: ofLot,
    answer: receiveList,
  }),
  ...lotActionNames.map((name) =>
    lotForm({
      path: `/operateur/lots/:lot/${name}`,
      action: lotActions[name].action,
      sensitive: true,
      formPage: ofLot,
      answer: (asked) => answer(asked, name),
    }),
  ),
];
