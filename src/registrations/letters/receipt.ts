import type { Template } from './template.ts';
import { followedSilence, motivesOnRequest, silenceRule } from './silence.ts';
import { serviceInCharge, waysOfAppeal } from './rights.ts';
import { crpa, day, factList, heading, list, named, paragraph, serviceNames } from './words.ts';

/** The receipt of a request and everything that CRPA art. R112-5 puts in it. */
export const receipt: Template<'receipt'> = {
  version: 1,
  title: () => 'Accusé de réception de votre demande',
  blocks: (facts) => [
    paragraph(
      `Votre demande d’accès à ${serviceNames(facts.services)}, présentée au nom de ${named(facts.organization)}, a été reçue le ${day(facts.receivedOn)}. Cet accusé de réception vous est délivré en application des articles L. 112-3, L. 112-11 et R. 112-5 du ${crpa}.`,
    ),
    factList([
      ['Numéro du dossier', facts.registration],
      ['Date de réception', day(facts.receivedOn)],
      ...facts.services.map(({ name, decidedBy }): [string, string] => [
        'Service demandé',
        decidedBy === undefined ? name : `${name} (décision confiée à : ${decidedBy.name})`,
      ]),
    ]),
    paragraph(
      facts.services.length > 1
        ? 'Gardez cet accusé de réception : il prouve la date de votre demande. Chaque service demandé fait l’objet d’une décision distincte.'
        : 'Gardez cet accusé de réception : il prouve la date de votre demande.',
    ),
    ...serviceInCharge(facts),
    heading('Pièces reçues'),
    facts.evidence.length === 0
      ? paragraph('Aucune pièce n’accompagnait la demande.')
      : list(facts.evidence.map(({ label, name }) => `${label} : ${name}`)),
    ...(facts.missing === undefined
      ? []
      : [
          heading('Pièces manquantes'),
          paragraph(
            `Merci de fournir les pièces suivantes au plus tard le ${day(facts.missing.until)} (article L. 114-5 du ${crpa}) :`,
          ),
          list(facts.missing.pieces),
        ]),
    heading('Ce que vaut l’absence de réponse'),
    paragraph(silenceRule(facts.silence, facts.silenceOn)),
    paragraph(followedSilence(facts.silence)),
    ...(facts.silence === 'refusal'
      ? [
          paragraph(`En cas de rejet implicite, ${motivesOnRequest}`),
          ...waysOfAppeal(facts, {
            from: `de la notification d’une décision de refus ou, sans réponse écrite, du ${day(facts.silenceOn)} (ou de la date à laquelle ce jour est reporté)`,
            what: 'un rejet',
          }),
        ]
      : [
          paragraph(
            `En cas d’acceptation implicite, vous pourrez demander l’attestation prévue à l’article L. 232-3 du ${crpa} : elle vous sera délivrée par le service chargé du dossier.`,
          ),
        ]),
    heading('Suivre votre demande'),
    paragraph(
      `Vous pouvez suivre votre demande, la compléter ou la retirer depuis la page du dossier ${facts.registration} : ${facts.fileHref}`,
    ),
  ],
};
