// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting: the component of its section's record, whose name with dashes is the key. Its type
 * says what may stand there, this what else there is to know. Meaning, unit and default are in
 * {@code reference.conf}.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

  /** Whether a run's result depends on it. There is no default: the author of a key decides. */
  Identity identity();

  /** The least that a number, or each of a list, may be. A whole number without it may be any. */
  double min() default Double.NaN;

  /** The most. */
  double max() default Double.NaN;

  /** All that a whole number may be; empty: what {@link #min} and {@link #max} allow. */
  int[] oneOf() default {};

  /** Whether {@code auto} may stand there, for which Bellows takes a number that suits the run. */
  boolean mayBeAuto() default false;

  /** Whether text, or each of a list, is a Hadoop path. */
  boolean isPath() default false;
}
