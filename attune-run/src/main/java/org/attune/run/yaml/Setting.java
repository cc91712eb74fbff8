package org.attune.run.yaml;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.attune.run.RequiredInFile;
import org.jspecify.annotations.Nullable;

/**
 * One key of a configuration and the record component that holds its value.
 *
 * @param path kebab-case path, such as {@code training.batch-size}
 * @param section the run's component that is a record of its own, such as {@code training}; null
 *     where the value is a component of the run itself
 * @param component the component that holds the value
 */
record Setting(String path, @Nullable RecordComponent section, RecordComponent component) {

  Type type() {
    return component.getGenericType();
  }

  boolean isNullable() {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** What to do when a file lacks this key; null if it may. */
  @Nullable String fixIfMissingInFile() {
    RequiredInFile required = component.getAnnotation(RequiredInFile.class);
    return required == null ? null : required.value();
  }

  @Nullable Object valueIn(Object config) {
    try {
      Object owner = section == null ? config : section.getAccessor().invoke(config);
      return component.getAccessor().invoke(owner);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("Cannot read the setting " + path, e);
    }
  }

  /** Hands {@code value} to the run's {@code builder}. */
  void set(Object builder, @Nullable Object value) {
    try {
      if (section == null) {
        invokeSetter(builder, value);
      } else {
        UnaryOperator<Object> change =
            sectionBuilder -> {
              invokeSetter(sectionBuilder, value);
              return sectionBuilder;
            };
        builder
            .getClass()
            .getMethod(section.getName(), UnaryOperator.class)
            .invoke(builder, change);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot set " + path, e);
    }
  }

  private void invokeSetter(Object builder, @Nullable Object value) {
    try {
      builder.getClass().getMethod(component.getName(), component.getType()).invoke(builder, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The builder lacks a setter for " + path, e);
    }
  }

  /** {@code maxNewTokens} as {@code max-new-tokens}, {@code COSINE_WITH_MIN_LR} alike. */
  static String kebab(String name) {
    return name.equals(name.toUpperCase(Locale.ROOT))
        ? name.toLowerCase(Locale.ROOT).replace('_', '-')
        : name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
