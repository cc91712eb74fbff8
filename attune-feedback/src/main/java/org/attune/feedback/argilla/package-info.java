/**
 * Feedback as Argilla's REST interface writes it in JSON, as plain maps, lists, texts and numbers,
 * so that any JSON library can read and write them. Both dialects are read, that of Argilla 1.x and
 * that of 2.x; what is written suits both.
 *
 * <p>Reading is strict where a slip would change what somebody meant: neither {@code "3"} nor
 * {@code 3.0} is a rating. It is lenient where clients differ: unknown keys are ignored.
 */
@NullMarked
package org.attune.feedback.argilla;

import org.jspecify.annotations.NullMarked;
