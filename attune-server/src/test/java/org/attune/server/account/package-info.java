@NullMarked
package org.attune.server.account;

import org.jspecify.annotations.NullMarked;
