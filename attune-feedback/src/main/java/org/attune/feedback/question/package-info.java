/** What people are asked: the kinds of question, their options and their rules for answers. */
@NullMarked
package org.attune.feedback.question;

import org.jspecify.annotations.NullMarked;
