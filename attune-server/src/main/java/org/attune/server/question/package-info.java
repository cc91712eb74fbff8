/** Questions of a published dataset, changed by programs; every change keeps a version. */
@NullMarked
package org.attune.server.question;

import org.jspecify.annotations.NullMarked;
