import type { Block } from './document.ts';
import type { AdversarialFacts, CommonFacts, SignatoryFacts } from './facts.ts';
import { crpa, day, factList, heading, list, paragraph } from './words.ts';

/** Who is in charge and how to reach them: name, postal and electronic address, telephone (CRPA art. R112-5 2°). */
export const serviceInCharge = ({ authority }: CommonFacts): readonly Block[] => [
  heading('Service chargé du dossier'),
  factList([
    ['Service', authority.name],
    ['Adresse postale', authority.address],
    ['Adresse électronique', authority.email],
    ['Téléphone', authority.phone],
  ]),
];

/** Nobody can sign in for an association that no register gives a SIREN: what was granted waits for it. */
export const notOpenYet = ({ organization, authority }: CommonFacts): readonly Block[] =>
  organization.siren !== undefined
    ? []
    : [
        heading('L’accès ne s’ouvre pas encore'),
        paragraph(
          'La décision est prise, mais votre organisation n’a pas de numéro d’entreprise (SIREN) connu de ce service, et il en faut un pour qu’une personne se connecte pour elle. L’accès s’ouvrira de lui-même dès que les registres publics donneront ce numéro, et vous en serez prévenu. Son dernier jour ne change pas.',
        ),
        paragraph(
          `Ce numéro est gratuit : l’Institut national de la statistique et des études économiques (Insee) le donne à l’association qui le demande. La personne qui la dirige le demande sur le site public Le Compte Asso ; les autres cas sont expliqués sur service-public.fr, page « Immatriculation d’une association ». Si votre association a déjà ce numéro, écrivez-le à ${authority.email}.`,
        ),
      ];

interface Contested {
  /** What the two months run from: « du 21 janvier 2027 ». */
  readonly from?: string;
  readonly what?: string;
  /** Whether the page of the file takes the appeal: it does for what is unfavourable (rules.ts). */
  readonly online?: boolean;
}

/**
 * Ways and times of appeal: without them, time limits cannot be held against anyone (CJA art. R421-5; CRPA art. L112-6).
 */
export const waysOfAppeal = (
  { authority, applicant }: CommonFacts,
  { from = 'de sa notification', what = 'cette décision', online = true }: Contested = {},
): readonly Block[] => [
  heading('Voies et délais de recours'),
  paragraph(`Vous pouvez contester ${what} dans un délai de deux mois à compter ${from} :`),
  list([
    `par un recours gracieux : vous demandez au service chargé du dossier de revoir sa décision${online && applicant !== undefined ? ', depuis la page de votre dossier ou par courrier' : ', par courrier'} (${authority.name}, ${authority.address}) ;`,
    `par un recours hiérarchique : vous écrivez, par courrier, à l’autorité dont ce service dépend (article L. 411-2 du ${crpa}) ;`,
    `par un recours contentieux : vous saisissez le tribunal compétent (articles R. 421-1 et R. 421-5 du code de justice administrative). ${court(authority)}`,
  ]),
  paragraph(
    `Le recours gracieux ou hiérarchique formé dans ce délai l’interrompt. S’il reste deux mois sans réponse, il est rejeté (article L. 411-7 du ${crpa}). À compter de son rejet, par une réponse ou par ce silence, vous disposez d’un nouveau délai de deux mois pour saisir le tribunal. Si vous formez les deux recours, ce délai commence quand l’un et l’autre sont rejetés (article L. 411-2 du même code et article R. 421-2 du code de justice administrative).`,
  ),
];

export const court = ({ court: name }: CommonFacts['authority']): string =>
  `Tribunal compétent : ${name}. Il peut être saisi sur place, par courrier ou par l’application Télérecours citoyens, www.telerecours.fr.`;

/** After the rejection of an appeal only the court is left: a second one does not stop its time (CRPA art. L411-2). */
export const onlyTheCourt = ({ authority }: CommonFacts): readonly Block[] => [
  heading('Voies et délais de recours'),
  paragraph(
    `Vous pouvez saisir le tribunal dans un délai de deux mois à compter de la notification de ce rejet (article L. 411-2 du ${crpa}, articles R. 421-1, R. 421-2 et R. 421-5 du code de justice administrative). ${court(authority)}`,
  ),
  paragraph('Un nouveau recours auprès de l’administration n’interromprait pas ce délai.'),
];

/**
 * The mention of algorithmic processing: its purpose, the right to its rules, how to use that right, and the commission to
 * turn to (CRPA art. L311-3-1, R311-3-1-1). A person decided: the rules only told what they make of the organization.
 */
export const algorithmicMention = (
  { authority }: CommonFacts,
  { automated }: { readonly automated: boolean },
): readonly Block[] =>
  automated
    ? [
        heading('Traitement algorithmique'),
        paragraph(
          'Un programme informatique a aidé à préparer cette décision (« traitement algorithmique »). Sa finalité : indiquer si l’organisation remplit les règles d’accès du service, d’après ce que les registres publics et le dossier disent d’elle. Ce programme ne décide rien : son résultat a été montré à la personne qui signe, et c’est elle qui a décidé.',
        ),
        paragraph(
          `Vous pouvez obtenir communication des règles de ce traitement et des principales caractéristiques de sa mise en œuvre (article L. 311-3-1 du ${crpa}), en écrivant à ${authority.email}. En cas de refus, ou après un mois sans réponse, vous avez deux mois pour saisir la Commission d’accès aux documents administratifs, www.cada.fr.`,
        ),
      ]
    : [];

/** Four eyes: who confirmed. The author signs. */
export const confirmedBy = ({
  second,
}: {
  readonly second?: SignatoryFacts | undefined;
}): readonly Block[] =>
  second === undefined
    ? []
    : [
        paragraph(
          `Décision confirmée par ${second.givenName} ${second.usualName}, ${second.capacity}, ${second.organization}.`,
        ),
      ];

/** What became of the adversarial phase (CRPA art. L121-1, L122-1), on the page of the file, by post or by word of mouth. */
export const heardBefore = (heard: AdversarialFacts | undefined): readonly Block[] =>
  heard === undefined
    ? []
    : [
        paragraph(
          `Le ${day(heard.notifiedOn)}, votre organisation a été informée de la mesure envisagée et de ses motifs, et invitée à présenter ses observations jusqu’au ${day(heard.answerBy)} (articles L. 121-1 et L. 122-1 du ${crpa}). ${heard.answered ? 'Ses observations ont été examinées.' : 'Aucune observation n’a été reçue.'}`,
        ),
      ];

/**
 * How to be heard: in writing, orally on request, assisted or represented (CRPA art. L122-1), and with the file in hand,
 * to which there is a right when the measure is a sanction (art. L122-2).
 *
 * @param answerBy undefined until a notice gives time to answer on the page of the file
 */
export const beHeard = (
  { authority, registration, fileHref, applicant }: CommonFacts,
  answerBy: string | undefined,
): readonly Block[] => [
  heading('Présenter vos observations'),
  paragraph(
    applicant === undefined
      ? `Vous pouvez présenter des observations écrites${answerBy === undefined ? '' : ` jusqu’au ${day(answerBy)} inclus`}, par courrier à ${authority.address} ou par message à ${authority.email}. Rappelez le numéro du dossier : ${registration}. Elles sont présentées par la personne qui représente l’organisation, ou qu’elle a mandatée.`
      : answerBy === undefined
        ? `Vous pouvez dès maintenant présenter des observations écrites, à l’adresse ${authority.email} ou par courrier à ${authority.address}. Un autre courrier vous dira jusqu’à quand vous pouvez le faire depuis la page du dossier ${registration} : ${fileHref}`
        : `Vous pouvez présenter des observations écrites jusqu’au ${day(answerBy)} inclus, par courrier à ${authority.address} ou depuis la page du dossier ${registration} : ${fileHref}`,
  ),
  paragraph(
    `Vous pouvez aussi demander à présenter des observations orales, et à lire les documents sur lesquels la mesure s’appuie : écrivez à ${authority.email} ou appelez le ${authority.phone}. Un avocat, ou une autre personne de votre choix, peut vous assister ou vous représenter (articles L. 121-1, L. 122-1 et L. 122-2 du ${crpa}).`,
  ),
];

/** What an operator recorded is not the last word: the organization's own takes its place. */
export const replaceable = (
  { authority, registration, fileHref, applicant }: CommonFacts,
  until: string,
): readonly Block[] => [
  heading('Si ce n’est pas ce que vous avez dit'),
  paragraph(
    applicant === undefined
      ? `Si ce texte ne vient pas de vous, ou s’il est incomplet, écrivez à ${authority.email} en rappelant le numéro du dossier : ${registration}. ${until}`
      : `Si ce texte ne vient pas de vous, ou s’il est incomplet, écrivez le vôtre sur la page du dossier ${registration} : il prendra sa place. ${until} ${fileHref}`,
  ),
];

/** Nobody has sent it: whoever signs in for the organization finds it. */
export const followTheFile = ({ fileHref, registration, applicant }: CommonFacts, what: string): Block =>
  paragraph(
    `${what} depuis la page du dossier ${registration}${applicant === undefined ? ', en vous connectant pour votre organisation' : ''} : ${fileHref}`,
  );
