@NullMarked
package org.attune.server.question;

import org.jspecify.annotations.NullMarked;
