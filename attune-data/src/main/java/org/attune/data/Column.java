package org.attune.data;

/**
 * A column of a {@link Dataset}.
 *
 * @param name the name as it stands in the file
 * @param type the type in SQL notation, for example {@code VARCHAR}, {@code BIGINT}, {@code
 *     DOUBLE}, {@code BOOLEAN}, {@code BIGINT[]} or {@code STRUCT("role" VARCHAR, "content"
 *     VARCHAR)[]}; {@code JSON} where rows hold values of several types, or none at all
 */
public record Column(String name, String type) {}
