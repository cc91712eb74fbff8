/** What the routes for programs take and answer, told as OpenAPI and on a page. */
@NullMarked
package org.attune.server.description;

import org.jspecify.annotations.NullMarked;
