import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { operatorRoles } from '../declarations/declarations.ts';
import { consoleRoutes } from './operators.ts';
import { table } from './roles.ts';

const rows = consoleRoutes.map(
  ({ method, path, action }) => `${method} ${path.replace('/operateur', '')} ${action}`,
);

describe('the routes of the console', () => {
  it('are written in one table only, which cannot hold one without a rule', () => {
    const elsewhere = readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) =>
        /router(?:\.\w+|\[[^\]]*\])\(/u.test(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')),
      );
    // The home page leads whoever has no queue elsewhere; what an operator is told of themselves needs no rule.
    expect(elsewhere.toSorted()).toEqual(['me.ts', 'route.ts', 'todo.ts']);
    const home = readFileSync(`${import.meta.dirname}/todo.ts`, 'utf8');
    expect(home.match(/router\.\w+\(/gu)).toHaveLength(1);
  });

  it('have one rule each', () => {
    expect(new Set(consoleRoutes.map(({ method, path }) => `${method} ${path}`)).size).toBe(
      consoleRoutes.length,
    );
    expect(rows).toEqual([
      'get /declares queue.read',
      'get /suivant queue.read',
      'post /vues queue.read',
      'post /vues/supprimer queue.read',
      'get /dossiers/:id file.read',
      'get /dossiers/:id/pieces/:piece evidence.read',
      'get /dossiers/:id/courriers/:courrier file.read',
      'get /dossiers/:id/courriers/:courrier/pdf file.read',
      'post /dossiers/:id/courriers/:courrier/poste file.examine',
      'post /dossiers/:id/actes/prendre file.examine',
      'post /dossiers/:id/actes/liberer file.examine',
      'post /dossiers/:id/actes/noter note.write',
      'post /dossiers/:id/actes/verifier file.examine',
      'post /dossiers/:id/actes/marquer-vu file.examine',
      ...['demander', 'transmettre'].flatMap((slug) => four(slug, 'file.examine')),
      'post /dossiers/:id/actes/observations file.examine',
      'post /dossiers/:id/apercu/observations file.examine',
      'post /dossiers/:id/en-direct/observations file.examine',
      'post /dossiers/:id/reprendre/observations file.examine',
      ...four('recours-recu', 'file.examine'),
      ...four('renonciation', 'file.decide'),
      ...['agreer', 'refuser', 'abroger', 'retirer'].flatMap((slug) => four(slug, 'file.decide')),
      ...four('confirmer', 'file.confirm'),
      'post /dossiers/:id/actes/decliner file.confirm',
      ...['motiver', 'prevenir', 'suspendre', 'suspendre-urgence', 'retablir'].flatMap((slug) =>
        four(slug, 'file.decide'),
      ),
      ...four('recours', 'appeal.decide'),
      'get /organisations organization.read',
      'get /organisations/:id organization.read',
      'get /organisations/:id/personnes people.read',
      'post /organisations/:id/membres/:membre/confirmer member.decide',
      ...['retirer', 'rendre'].flatMap((act) =>
        ['get', 'post'].map((method) => `${method} /organisations/:id/membres/:membre/${act} member.decide`),
      ),
      ...['corriger', 'lever'].flatMap((slug) =>
        ['get', 'post'].map((method) => `${method} /organisations/:id/${slug}/:fait fact.correct`),
      ),
      'get /exceptions fact.correct',
      'get /exceptions/:exception fact.correct',
      ...['confirmer', 'decliner', 'reprendre'].map(
        (slug) => `post /exceptions/:exception/${slug} fact.correct`,
      ),
      ...['', '/:passage'].map((end) => `get /domaines-verifies${end} domain.decide`),
      ...['confirmer', 'refuser'].map((act) => `post /domaines-verifies/:passage/${act} domain.decide`),
      ...['get /lots', 'get /lots/modele', 'get /lots/nouveau', 'post /lots'].map(
        (row) => `${row} bulk.prepare`,
      ),
      ...['get', 'post'].map((method) => `${method} /lots/:lot/decision bulk.prepare`),
      ...['', '/a-corriger', '/lignes/:ligne'].map((end) => `get /lots/:lot${end} bulk.prepare`),
      ...['liste', 'proposer', 'annuler'].map((act) => `post /lots/:lot/${act} bulk.prepare`),
      ...['executer', 'confirmer', 'renvoyer', 'arreter', 'retirer', 'garder'].map(
        (act) => `post /lots/:lot/${act} bulk.confirm`,
      ),
      ...['accepter-retrait', 'refuser-retrait', 'abandonner-retrait', 'terminer-retrait'].map(
        (act) => `post /lots/:lot/${act} bulk.confirm`,
      ),
      'get /services policy.read',
      'get /services/:service policy.read',
      'get /services/:service/comparer policy.read',
      'post /services/:service/brouillons policy.edit',
      'get /services/:service/brouillons/:brouillon policy.read',
      ...['enregistrer', 'proposer', 'abandonner'].map(
        (act) => `post /services/:service/brouillons/:brouillon/${act} policy.edit`,
      ),
      ...['renvoyer', 'publier'].map(
        (act) => `post /services/:service/brouillons/:brouillon/${act} policy.publish`,
      ),
      'post /services/:service/brouillons/:brouillon/regles policy.edit',
      ...['get', 'post'].map(
        (method) => `${method} /services/:service/brouillons/:brouillon/regles/:place policy.edit`,
      ),
      'get /services/:service/brouillons/:brouillon/apercu policy.edit',
      'get /simulation organization.read',
      'get /statistiques statistics.read',
      'get /fournisseurs provider.read',
      'get /journal audit.read',
      'post /journal/export audit.export',
      ...[
        'get /operateurs',
        'get /operateurs/nommer',
        'post /operateurs/nommer/chercher',
        'post /operateurs/nommer',
        'get /operateurs/fiches/:id/modifier',
        'post /operateurs/fiches/:id/modifier',
        'get /operateurs/fiches/:id',
        'post /operateurs/fiches/:id/retirer',
        'post /operateurs/fiches/:id/lever',
        'get /operateurs/propositions/:id',
        ...['confirmer', 'decliner', 'reprendre'].map((act) => `post /operateurs/propositions/:id/${act}`),
      ].map((row) => `${row} operator.manage`),
      'get /personnes person.read',
      'post /personnes person.read',
      'post /personnes/copie person.read',
      ...['', '/confirmer', '/abandonner'].map((step) => `post /personnes/effacer${step} person.erase`),
      'post /personnes/bloquer person.block',
      'get /rattachements member.decide',
      'post /rattachements/:id member.decide',
    ]);
  });

  it('ask for a recent sign-in wherever something is decided, taken away, or recorded as said by others', () => {
    for (const { method, path, action, sensitive } of consoleRoutes) {
      const records = /\/(?:observations|recours-recu|renonciation)$/u.test(path);
      const commits =
        (records || /decide|confirm|correct|export|publish|bulk|operator\.manage|person/u.test(action)) &&
        method === 'post' &&
        !/\/(?:en-direct|reprendre)\//u.test(path);
      expect([path, sensitive]).toEqual([path, commits]);
    }
  });

  it('look at the file, the organization or the service that their address names', () => {
    for (const { path, of } of consoleRoutes) {
      const named = path.includes('/dossiers/:id')
        ? 'file'
        : path.includes('/organisations/:id') || path.includes('/exceptions/:exception')
          ? 'organization'
          : path.includes('/:service')
            ? 'service'
            : path.includes('/lots/:lot')
              ? 'lot'
              : 'list';
      expect([path, of]).toEqual([path, named]);
    }
  });

  test.each(operatorRoles)('%s changes only what the table of roles says', (role) => {
    const changes = consoleRoutes.filter(
      ({ method, action }) => method === 'post' && table[role].includes(action),
    );
    const kinds = new Set(
      changes.map(({ path }) =>
        path.includes('/dossiers/')
          ? 'file'
          : path.includes('/membres/') || path.includes('/rattachements/')
            ? 'member'
            : path.includes('fait') || path.includes('/exceptions/')
              ? 'exception'
              : path.includes('/domaines-verifies')
                ? 'domain'
                : path.includes('/lots')
                  ? 'lot'
                  : path.includes('/vues')
                    ? 'view'
                    : path.includes('/services/')
                      ? 'rules'
                      : path.includes('/operateurs/')
                        ? 'operators'
                        : path.includes('/personnes')
                          ? 'persons'
                          : 'record',
      ),
    );
    expect([...kinds]).toEqual(
      {
        reader: ['view'],
        reviewer: ['view', 'file', 'lot'],
        decider: ['view', 'file', 'member', 'exception', 'domain', 'lot'],
        policy_editor: ['rules'],
        administrator: ['operators', 'persons'],
        auditor: ['view', 'record'],
      }[role],
    );
  });
});

function four(slug: string, action: string): readonly string[] {
  return ['actes', 'apercu', 'en-direct', 'reprendre'].map(
    (step) => `post /dossiers/:id/${step}/${slug} ${action}`,
  );
}
