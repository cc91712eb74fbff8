/** Building a dataset on pages: template or file, mapping, questions, people, publishing. */
@NullMarked
package org.attune.server.builder;

import org.jspecify.annotations.NullMarked;
