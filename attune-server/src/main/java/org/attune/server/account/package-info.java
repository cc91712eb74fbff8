/** Who works here: users, workspaces, and what proves who somebody is. */
@NullMarked
package org.attune.server.account;

import org.jspecify.annotations.NullMarked;
