import { beginsOn, limits, toEnter, toGrant } from '../batches/batches.ts';
import type { Batch, BatchAct, BatchState } from '../batches/batches.ts';
import { language } from '../http/http.ts';
import type { LotAction, OperatorLotPages } from '../http/http.ts';
import { queueHref } from './addresses.ts';
import { concernedShown } from './concerned.ts';
import { personName, serviceName } from './file-words.ts';
import { kindsOf, lineShown, linesOf } from './lot-lines.ts';
import type { Showing } from './lot-lines.ts';
import type { AskedOfLot } from './lot-route.ts';
import { queueDetails } from './queue-details.ts';
import type { Action } from './roles.ts';

type Model = OperatorLotPages['operator-lot'];
export type LotProblem = NonNullable<Model['problem']>;

const linesPerPage = 100;

export const lotTones: Readonly<Record<BatchState, Model['tone']>> = {
  draft: 'plain',
  proposed: 'wait',
  carrying_out: 'wait',
  done: 'yes',
  undo_proposed: 'wait',
  announcing: 'wait',
  announced: 'wait',
  undoing: 'wait',
  undone: 'no',
  cancelled: 'no',
};

/** Each act of the room, by the end of its address, and who may ask for it. */
export const lotActions: Readonly<Record<LotAction, { readonly act: BatchAct; readonly action: Action }>> = {
  proposer: { act: 'propose', action: 'bulk.prepare' },
  annuler: { act: 'cancel', action: 'bulk.prepare' },
  executer: { act: 'carry_out', action: 'bulk.confirm' },
  confirmer: { act: 'confirm', action: 'bulk.confirm' },
  renvoyer: { act: 'send_back', action: 'bulk.confirm' },
  arreter: { act: 'stop', action: 'bulk.confirm' },
  retirer: { act: 'propose_undo', action: 'bulk.confirm' },
  garder: { act: 'cancel_undo', action: 'bulk.confirm' },
  'accepter-retrait': { act: 'confirm_undo', action: 'bulk.confirm' },
  'refuser-retrait': { act: 'decline_undo', action: 'bulk.confirm' },
  'abandonner-retrait': { act: 'abandon', action: 'bulk.confirm' },
  'terminer-retrait': { act: 'finish_undo', action: 'bulk.confirm' },
};
const isAction = (name: string): name is LotAction => name in lotActions;
export const lotActionNames = Object.keys(lotActions).filter(isAction);

export const showingOf = ({ ctx, needs, opened }: AskedOfLot): Showing => ({
  basePath: needs.basePath,
  batch: opened.batch,
  lang: language(ctx),
  serviceName: (id) => serviceName(needs.snapshot(), id, language(ctx)),
});

/** `/operateur/lots/:lot?lignes=wrong&page=2`. @param problem of the form that was sent here: nothing was done */
export async function showLot(asked: AskedOfLot, problem?: LotProblem): Promise<void> {
  const { ctx, me, needs, opened, form: sent } = asked;
  const { batch, run } = opened;
  const showing = showingOf(asked);
  const here = `${needs.basePath}/operateur/lots/${batch.id}`;
  const given = new URLSearchParams(ctx.querystring);
  const lines = linesOf(opened);
  const kinds = kindsOf(lines);
  const chosen = kinds.find(({ kind }) => kind === given.get('lignes'))?.kind;
  const listed = chosen === undefined ? lines : lines.filter(({ kind }) => kind === chosen);
  const pages = Math.max(1, Math.ceil(listed.length / linesPerPage));
  const asks = Number(given.get('page') ?? '1');
  const page = Number.isInteger(asks) ? Math.min(Math.max(1, asks), pages) : 1;
  const href = (kind: string | undefined, to = 1): string => {
    const query = new URLSearchParams({
      ...(kind !== undefined && { lignes: kind }),
      ...(to > 1 && { page: String(to) }),
    }).toString();
    return `${here}${query === '' ? '' : `?${query}`}#liste`;
  };
  const granted = run === undefined ? 0 : toGrant(run).length;
  const isAuthorsDraft = opened.possible.includes('save');
  const actions = actionsOf(asked, granted, here);
  const model: Model = {
    console: needs.frame(me, 'lots'),
    id: batch.id,
    backHref: `${needs.basePath}/operateur/lots`,
    seen: batch.seen,
    state: batch.state,
    tone: lotTones[batch.state],
    told: problem === undefined ? toldIn(given) : undefined,
    problem,
    by: personName(batch.author),
    decider: batch.decider && personName(batch.decider),
    decidedAt: batch.decidedAt,
    returned: batch.returned,
    decision: decisionShown(batch, me.today, showing),
    editHref: isAuthorsDraft ? `${here}/decision` : undefined,
    uploadAction: isAuthorsDraft ? `${here}/liste` : undefined,
    fileName: batch.fileName,
    templateHref: `${needs.basePath}/operateur/lots/modele`,
    toGrant: granted,
    alone: limits.alone,
    toEnter: run === undefined ? 0 : toEnter(run).length,
    digest: run?.digest,
    progress: progressOf(asked),
    counts: [
      { words: 'all', count: lines.length, href: href(undefined), current: chosen === undefined },
      ...kinds.map(({ kind, count }) => ({
        words: kind,
        count,
        href: href(kind),
        current: kind === chosen,
      })),
    ],
    lines: listed.slice((page - 1) * linesPerPage, page * linesPerPage).map((one) => lineShown(one, showing)),
    page,
    pages,
    previousHref: page > 1 ? href(chosen, page - 1) : undefined,
    nextHref: page < pages ? href(chosen, page + 1) : undefined,
    toPost: await toPostOf(asked),
    rejectsHref: kinds.some(({ kind }) => kind === 'wrong' || kind === 'left_out' || kind === 'failed')
      ? `${here}/a-corriger`
      : undefined,
    actions,
    typed: { motif: sent.get('motif') ?? '', regle: sent.get('regle') ?? '' },
    undo: batch.undo && {
      by: personName(batch.undo.author),
      text: batch.undo.text,
      rule: batch.undo.rule,
      decider: batch.undo.decider && personName(batch.undo.decider),
      answerBy: batch.undo.answerBy,
      entered: opened.lines.filter(({ entry }) => entry === 'entered').length,
    },
    waitsForSecond:
      (batch.state === 'proposed' && actions.confirmer === undefined) ||
      (batch.state === 'undo_proposed' && actions['accepter-retrait'] === undefined),
    concerned:
      actions.retirer !== undefined || batch.state === 'undo_proposed' || batch.state === 'announced'
        ? concernedShown(await needs.registrations.impactOfFiles(filesInForce(opened)))
        : undefined,
  };
  needs.http.renderPage(ctx, 'operator-lot', model, {
    formsStayHere: true,
    ...(problem !== undefined && { status: problem.status, languageHref: '' }),
  });
}

/** Letters of lines without an address, which somebody has to post. */
async function toPostOf({ me, needs, opened }: AskedOfLot): Promise<Model['toPost']> {
  if (opened.batch.state !== 'done') return undefined;
  const ids = opened.lines
    .filter(({ outcome, cells }) => outcome === 'done' && cells.email === '')
    .flatMap(({ registration }) => registration ?? []);
  const files = await queueDetails(needs.db, ids, me.operator.perimeter ?? {});
  const count = [...files.values()].filter(({ toPost }) => toPost).length;
  return count === 0 ? undefined : { count, href: queueHref(needs.basePath, 'poster:oui') };
}

/** Files that the taking back is about: those that were kept are not. */
const filesInForce = ({ lines }: AskedOfLot['opened']): readonly string[] =>
  lines
    .filter(({ outcome }) => outcome === 'done' || outcome === 'notified')
    .flatMap(({ registration }) => registration ?? []);

/** What the state of the lot allows, of what this person may do, as long as it does something. */
function actionsOf({ me, opened }: AskedOfLot, granted: number, here: string): Model['actions'] {
  const { batch, possible } = opened;
  const makesSense = (act: BatchAct): boolean => {
    if (act === 'propose' || act === 'confirm') return granted > 0;
    if (act === 'carry_out')
      return granted > 0 && granted <= opened.alone && toEnter(opened.run ?? { judged: [] }).length === 0;
    if (act === 'finish_undo') return batch.undo?.answerBy === undefined || me.today > batch.undo.answerBy;
    return true;
  };
  return Object.fromEntries(
    lotActionNames
      .filter((name) => {
        const { act, action } = lotActions[name];
        return possible.includes(act) && me.mayAnywhere(action) && makesSense(act);
      })
      .map((name) => [name, `${here}/${name}`]),
  );
}

const decisionShown = (
  { decision }: Batch,
  today: string,
  { serviceName: name }: Showing,
): Model['decision'] => ({
  services: decision.services.map(name),
  level: decision.level,
  ground: decision.ground,
  conditions: decision.conditions,
  startsOn: beginsOn(decision, today),
  endsOn: decision.endsOn,
  text: decision.text,
  rule: decision.rule,
});

function progressOf({ opened: { batch, lines } }: AskedOfLot): Model['progress'] {
  const waits = ({ carrying_out: 'asked', announcing: 'done', undoing: 'notified' } as const)[
    batch.state === 'carrying_out' || batch.state === 'announcing' ? batch.state : 'undoing'
  ];
  if (batch.state !== 'carrying_out' && batch.state !== 'announcing' && batch.state !== 'undoing')
    return undefined;
  const concerned = lines.filter(({ outcome }) => outcome !== 'left_out' && outcome !== 'failed');
  const all = batch.state === 'carrying_out' ? lines.filter((one) => one.outcome !== 'left_out') : concerned;
  return { done: all.filter(({ outcome }) => outcome !== waits).length, total: all.length };
}

const told = ['commencer', 'enregistrer', 'liste', ...lotActionNames] as const;
const toldIn = (given: URLSearchParams): string | undefined =>
  told.find((name) => name === given.get('fait'));
