package org.attune.model.template;

/** Text that the filters {@code safe} and {@code escape} made: it can be printed and joined. */
record SafeText(String text) {}
