#!/bin/sh
# As the user of the web server, in the folder of Nextcloud.
php occ user_oidc:provider maillon \
  --clientid="nextcloud" \
  --clientsecret="$NEXTCLOUD_SECRET" \
  --discoveryuri="https://connexion.example.org/.well-known/openid-configuration" \
  --scope="openid profile email groups" \
  --mapping-display-name="name" \
  --mapping-email="email" \
  --mapping-groups="groups" \
  --group-provisioning=1 \
  --group-whitelist-regex='/^eligible$/' \
  --group-restrict-login-to-whitelist=1
