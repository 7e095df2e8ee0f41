import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { decisionSentence, eligibilityOf } from './decision.ts';
import type { DemoToolDefinition } from './definitions.ts';
import { frenchMoment, untilWords } from './french-dates.ts';
import type { Claims, SignedIn } from './relying-party.ts';
import {
  assuranceWords,
  basisWords,
  levelWords,
  linkWords,
  reasonWords,
  rightWords,
  typeWords,
} from './words.ts';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

const listWords = (value: unknown): string | undefined =>
  Array.isArray(value)
    ? value.length === 0
      ? 'aucun'
      : value.map((one) => rightWords(one) ?? String(one)).join(', ')
    : undefined;

const facts = (claims: Claims): readonly (readonly [string, string | undefined])[] => {
  const eligibility = eligibilityOf(claims);
  const name = [textOf(claims['given_name']), textOf(claims['usual_name'])].filter(
    (part) => part !== undefined,
  );
  const decision = { allow: 'ouvert', deny: 'non ouvert', step_up: 'connexion plus sûre demandée' };
  return [
    ['Personne', name.length === 0 ? undefined : name.join(' ')],
    ['Adresse électronique', textOf(claims['email'])],
    ['Organisation', textOf(claims['organization_label'])],
    ['Nature', typeWords(claims['organization_type'])],
    ['Numéro SIRET', textOf(claims['siret'])],
    ['Appartenance', linkWords(member(claims['organization_link'], 'level'))],
    ['Accès', eligibility && decision[eligibility.decision]],
    ['Niveau', levelWords(eligibility?.level)],
    ['Fondement', basisWords(eligibility?.basis)],
    ['Motif', reasonWords(eligibility?.reason)],
    ['Durée', eligibility?.valid_until === undefined ? undefined : untilWords(eligibility.valid_until)],
    ['Droits', listWords(claims['entitlements'])],
    ['Sûreté de la connexion', assuranceWords(claims['acr'])],
  ];
};

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const origin = (name: string, signedIn: SignedIn): string => {
  const places = [
    ...(name in signedIn.idTokenClaims ? ['jeton d’identité'] : []),
    ...(name in signedIn.userinfo ? ['fiche de la personne'] : []),
  ];
  return places.join(' et ');
};

const claimsTable = (signedIn: SignedIn, claims: Claims): Html =>
  html`<table>
    <caption>
      Tout ce que l’outil a reçu
    </caption>
    <thead>
      <tr>
        <th scope="col">Donnée</th>
        <th scope="col">Valeur, et d’où elle vient</th>
      </tr>
    </thead>
    <tbody>
      ${Object.keys(claims)
        .sort()
        .map(
          (name) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              <td>
                <code>${shown(claims[name])}</code><br /><span class="soft">${origin(name, signedIn)}</span>
              </td>
            </tr>`,
        )}
    </tbody>
  </table>`;

const refreshedWords = { refresh_token: 'renouvelées', userinfo: 'relues' } as const;

/** @param claims userinfo over the ID token: userinfo is the fresher of the two after a refresh */
export const signedInPage = (tool: DemoToolDefinition, signedIn: SignedIn): Html => {
  const claims: Claims = { ...signedIn.idTokenClaims, ...signedIn.userinfo };
  const eligibility = eligibilityOf(claims);
  const tone = eligibility === undefined ? '' : eligibility.decision === 'allow' ? 'yes' : 'no';
  return html`<h1>Vous êtes connecté à ${tool.name}</h1>
    <div class="notice ${tone}"><p>${decisionSentence(tool.name, eligibility)}</p></div>
    ${
      signedIn.refreshedBy !== undefined &&
      html`<p>
        <span class="tag">Informations ${refreshedWords[signedIn.refreshedBy]} depuis la connexion</span>
      </p>`
    }
    <dl class="facts">
      ${facts(claims).map(
        ([term, words]) =>
          words !== undefined &&
          html`<dt>${term}</dt>
            <dd>${words}</dd>`,
      )}
    </dl>
    <div class="row">
      <form method="post" action="/${tool.id}/refresh">
        <button class="quiet">Demander les informations à jour</button>
      </form>
      <form method="post" action="/${tool.id}/logout"><button>Se déconnecter</button></form>
    </div>
    <h2>Pour les développeurs</h2>
    <p>
      ${signedIn.expiresAt !== undefined && `Le jeton d’accès vaut jusqu’au ${frenchMoment(signedIn.expiresAt)}. `}
      <a href="/${tool.id}/session.json">Les mêmes informations en JSON</a>
    </p>
    ${claimsTable(signedIn, claims)}`;
};
