/** The identity provider of the bench, in a process of its own: it signs the same person in without a page. */
import { startMutatingIdp } from '../test/support/mutating-idp.ts';

const idp = await startMutatingIdp({
  port: Number(process.argv[2]),
  hostname: 'localhost',
  clientId: 'maillon',
  clientSecret: 'maillon-demo-secret-not-for-production-0123456789',
  person: {
    sub: 'agent-commune',
    claims: {
      given_name: 'Yann',
      usual_name: 'Bihan-Morel',
      email: 'agent@commune.example',
      uid: 'demo-0002',
      siret: '21440109300015',
    },
  },
});
process.send?.('ready');
process.on('message', (message) => {
  if (message === 'cpu') process.send?.(process.cpuUsage());
  if (message === 'stop') void idp.close().then(() => process.exit(0));
});
