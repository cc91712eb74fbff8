@NullMarked
package org.attune.server.oidc;

import org.jspecify.annotations.NullMarked;
