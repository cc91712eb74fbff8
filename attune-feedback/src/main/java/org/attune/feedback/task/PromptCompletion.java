package org.attune.feedback.task;

/** A beginning and how a model should go on. */
public record PromptCompletion(String prompt, String completion) {}
