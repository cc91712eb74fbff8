package org.attune.run;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a setting that a configuration file has to give, although Java code may leave it out
 * because it hands the thing itself to the trainer.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface RequiredInFile {
  /** What to write, a whole sentence. */
  String value();
}
