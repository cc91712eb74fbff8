/** What a person sees in a browser: the pages, what they are made of, and signing in. */
@NullMarked
package org.attune.server.page;

import org.jspecify.annotations.NullMarked;
