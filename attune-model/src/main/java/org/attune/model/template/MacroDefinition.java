package org.attune.model.template;

import java.util.List;
import java.util.Set;

/**
 * A macro as it is written.
 *
 * @param name as error messages say it
 * @param defaults of the last parameters
 * @param special which of {@code caller}, {@code kwargs} and {@code varargs} the body reads without
 *     declaring it
 */
record MacroDefinition(
    String name,
    List<String> parameters,
    List<Expression> defaults,
    Set<String> special,
    List<Statement> body,
    Scope scope) {}
