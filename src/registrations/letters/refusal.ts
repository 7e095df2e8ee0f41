import { algorithmicMention, confirmedBy, followTheFile, notOpenYet, waysOfAppeal } from './rights.ts';
import { motivesOnRequest } from './silence.ts';
import type { Template } from './template.ts';
import {
  crpa,
  day,
  formerDecisions,
  grantedTerms,
  heading,
  list,
  named,
  paragraph,
  serviceNames,
  statedReasons,
} from './words.ts';

/** A refusal: in writing, with its reasons in law and in fact (CRPA art. L211-2, L211-5). */
export const refusal: Template<'refusal'> = {
  version: 1,
  title: ({ service }) => `Refus d’accès à ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `La demande d’accès à ${facts.service.name} que vous avez présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, est rejetée.`,
    ),
    ...(facts.replaces === undefined
      ? []
      : [
          paragraph(
            `Cette décision remplace ${formerDecisions[facts.replaces.as]} du ${day(facts.replaces.on)}.`,
          ),
        ]),
    ...statedReasons(facts.reason),
    paragraph('Si votre situation change, vous pouvez présenter une nouvelle demande.'),
    followTheFile(facts, 'Vous pouvez relire votre dossier'),
    ...confirmedBy(facts),
    ...algorithmicMention(facts, facts),
    ...waysOfAppeal(facts),
  ],
};

/** The motives of a silent refusal, asked for in time, given within a month; the court's time starts again (art. L232-4). */
export const motives: Template<'motives'> = {
  version: 1,
  title: ({ service }) => `Motifs du rejet implicite : accès à ${service.name}`,
  author: ({ author }) => author,
  blocks: (facts) => [
    paragraph(
      `La demande d’accès à ${facts.service.name} que vous avez présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, a été rejetée implicitement le ${day(facts.refusedOn)}. Le ${day(facts.askedOn)}, vous avez demandé les motifs de ce rejet. Ils vous sont communiqués en application de l’article L. 232-4 du ${crpa}.`,
    ),
    ...statedReasons(facts.reason, 'Motifs du rejet'),
    ...waysOfAppeal(facts, { from: 'du jour où ces motifs vous sont communiqués', what: 'ce rejet' }),
  ],
};

/** Information: nobody decided, so nobody signs. */
export const implicitRefusal: Template<'implicit_refusal'> = {
  version: 1,
  title: () => 'Sans réponse, votre demande est réputée rejetée',
  blocks: (facts) => [
    paragraph(
      `La demande d’accès à ${serviceNames(facts.services)} que vous avez présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, n’a pas reçu de réponse dans le délai prévu. Ce silence vaut décision de rejet, née à l’issue de la journée du ${day(facts.refusedOn)} (2° de l’article L. 231-4 du ${crpa}).`,
    ),
    heading('Ce que vous pouvez faire'),
    list([
      'demander les motifs de ce rejet ;',
      'le contester, comme indiqué ci-dessous ;',
      'présenter une nouvelle demande.',
    ]),
    paragraph(`Ce rejet n’est pas expliqué : ${motivesOnRequest}`),
    followTheFile(facts, 'Vous pouvez demander ces motifs ou former un recours gracieux'),
    paragraph(
      `Votre demande peut encore être acceptée par une décision écrite, qui vous serait envoyée. En l’attendant, le délai pour contester continue de courir. Pour toute question : ${facts.authority.email}, ${facts.authority.phone}.`,
    ),
    ...waysOfAppeal(facts, { from: `du ${day(facts.refusedOn)}`, what: 'ce rejet' }),
  ],
};

/** The certificate of a silent acceptance (CRPA art. L232-3). */
export const implicitAcceptance: Template<'implicit_acceptance'> = {
  version: 2,
  title: () => 'Attestation d’acceptation implicite',
  blocks: (facts) => [
    paragraph(
      `La demande d’accès à ${serviceNames(facts.services)} présentée au nom de ${named(facts.organization)}, reçue le ${day(facts.receivedOn)}, n’a pas reçu de réponse dans le délai prévu. Ce silence vaut décision d’acceptation, née à l’issue de la journée du ${day(facts.acceptedOn)} (article L. 231-1 du ${crpa}). La présente attestation est délivrée en application de l’article L. 232-3 du même code.`,
    ),
    ...facts.services.flatMap((service) =>
      facts.terms === undefined ? [] : grantedTerms(service, facts.terms),
    ),
    ...notOpenYet(facts),
    followTheFile(facts, 'Vous pouvez suivre cet accès'),
    ...waysOfAppeal(facts, { from: `du ${day(facts.acceptedOn)}`, online: false }),
  ],
};
