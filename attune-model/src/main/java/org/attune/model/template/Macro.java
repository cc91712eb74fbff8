package org.attune.model.template;

/** A macro that was defined, in the frame of its definition. */
record Macro(MacroDefinition definition, Frame frame, Renderer renderer) implements Callable {
  String name() {
    return definition.name();
  }

  @Override
  public Object call(CallArguments arguments) {
    return renderer.macro(this, arguments);
  }
}
