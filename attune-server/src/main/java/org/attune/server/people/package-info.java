/** Pages on which people are given accounts, workspaces, keys and passwords. */
@NullMarked
package org.attune.server.people;

import org.jspecify.annotations.NullMarked;
