import type { Context } from 'koa';
import { parisDate } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { FilePage, Language } from '../http/http.ts';
import type { Opened } from '../registrations/registrations.ts';
import { addresses } from './addresses.ts';
import { actionsOf } from './file-acts.ts';
import type { ApplicantNeeds } from './needs.ts';
import { stand } from './next-thing.ts';
import { says } from './says.ts';
import { pieceShown } from './shown.ts';
import { firstOpen } from './steps.ts';
import { timelineOf } from './timeline.ts';
import { transferredTo } from './transferred.ts';
import { seeOther, visit } from './visit.ts';
import type { Visit } from './visit.ts';

const done: Readonly<Record<string, FilePage['done']>> = {
  reponse: 'replied',
  retrait: 'withdrawn',
  motifs: 'motives',
  observations: 'observations',
  recours: 'appealed',
  renonciation: 'renounced',
};

/** Follows a file; a draft goes on where it stopped. */
export async function showFile(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const here = await visit(ctx, needs, id);
  if (here === undefined) return;
  const { file } = here.opened;
  if (file.version === 0) {
    const step = firstOpen(await needs.registrations.problems(here.opened));
    seeOther(ctx, addresses(needs.basePath).page(file.id, step));
    return;
  }
  needs.http.renderPage(ctx, 'applicants/file', modelOf(here, language(ctx), needs, ctx.query['fait']), {
    formsStayHere: true,
  });
}

/** The last question to the applicant, with the pieces that it asks for. */
export function askedOf({ file }: Pick<Opened, 'file'>): FilePage['asked'] {
  const { asked } = file;
  if (asked === undefined) return undefined;
  const question = file.events.findLast(({ act }) => act.act === 'ask_pieces')?.act;
  return {
    text: asked.text,
    endsOn: asked.answerBy,
    pieces: question?.act === 'ask_pieces' ? question.pieces.map((words) => ({ words })) : [],
  };
}

function modelOf(
  { opened, actor }: Visit,
  lang: Language,
  { snapshot, basePath, clock, authority }: ApplicantNeeds,
  just: unknown,
): FilePage {
  const { file, letters, evidence, held, circumstances } = opened;
  const at = addresses(basePath);
  const now = clock();
  const serviceName = (id: string) => snapshot().services.get(id)?.name[lang] ?? id;
  const actions = actionsOf(opened, actor, now, at);
  const letterHref = (letter: string) => at.letter(file.id, letter);
  return {
    number: file.id,
    organization: held.organizationName,
    submittedAt: file.events.at(0)?.at,
    opened: file.opened !== undefined,
    requests: file.requests.map((request) => ({
      ...stand(serviceName(request.service), request.state, transferredTo(file, [request]) !== undefined),
      says: [
        ...(opened.senderRevoked === true ? [{ words: 'sender_revoked' } as const] : []),
        ...says(file, request, circumstances, parisDate(now)).filter(
          // No page takes it, and no day runs against who has proven nothing: the page says where to write.
          ({ words }) => file.opened === undefined || !words.startsWith('appeal_'),
        ),
      ],
      actions: actions.filter(({ service }) => service === request.service),
    })),
    actions: actions.filter(({ service }) => service === undefined),
    asked: askedOf(opened),
    timeline: timelineOf(file.events, letters, { serviceName, letterHref }),
    letters: letters
      .map(({ id, document, createdAt, readAt }) => ({
        title: document.title,
        at: createdAt,
        href: letterHref(id),
        pdfHref: `${letterHref(id)}/pdf`,
        unread: readAt === undefined && file.opened === undefined,
      }))
      .toReversed(),
    pieces: evidence.map((piece) => pieceShown(piece, at.piece(file.id, piece.id))),
    done: typeof just === 'string' ? done[just] : undefined,
    listHref: at.list,
    contact:
      authority === undefined ? undefined : { name: authority.name, href: `mailto:${authority.email}` },
  };
}
