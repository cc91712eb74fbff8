package org.attune.model.template;

/** What a template can call. */
@FunctionalInterface
interface Callable {
  Object call(CallArguments arguments);
}
