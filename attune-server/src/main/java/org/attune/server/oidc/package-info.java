/** Signing in by an OpenID provider: the authorization code flow with PKCE. */
@NullMarked
package org.attune.server.oidc;

import org.jspecify.annotations.NullMarked;
